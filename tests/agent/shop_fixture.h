// SPDX-License-Identifier: Apache-2.0
// A shop on a real store and the sample catalogue, with the clock turned, and what a till does with
// it. There is one sale, of one line. A call that has to succeed fails the test when it does not.
#ifndef ATL_TESTS_AGENT_SHOP_FIXTURE_H
#define ATL_TESTS_AGENT_SHOP_FIXTURE_H

#include "plugin/agent/shop_pos.h"
#include "tests/store/fixture.h"

#define MINUTE_MS INT64_C(60000)

extern struct atl_config config;
extern struct atl_shop shop;
extern struct atl_arena arena;
extern int64_t now_ms; // begins at FIXTURE_NOW_MS, Wednesday 10:46 in Paris
extern const struct atl_pos_transaction txn;

#define IN_TRANSACTION(call)                                                                       \
    do {                                                                                           \
        OK(atl_store_begin(shop.store, &fixture_error));                                           \
        OK(call);                                                                                  \
        OK(atl_shop_commit(&shop, &fixture_error));                                                \
    } while (0)

// cmocka's setup and teardown: a shop for each test.
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

struct atl_pos_line line_of(int quantity, unsigned unit);
struct atl_shop_call call_about(const struct atl_pos_line *line);
int begin(void **state);
int end(void **state);
struct atl_pos_judgement capture(int quantity, unsigned unit, const char *text);
void follow(int quantity, unsigned unit);
atl_code try_sign(int quantity, unsigned unit, int64_t number);
struct atl_pos_verdict before(void);
struct atl_pos_receipt tender(int quantity);
struct atl_piece piece_of(unsigned unit);
struct atl_order the_order(void);
void sell(const char *text);
atl_code try_act(enum atl_act act, bool *is_repeat);
void make_ready(void);
struct atl_pos_verdict collect(int how, const char *proof);
struct atl_pos_verdict bring_back(bool is_defect);
struct atl_pos_verdict wish(const char *name, const char *value);
size_t papers(enum atl_document document, enum atl_job_state state);

#endif
