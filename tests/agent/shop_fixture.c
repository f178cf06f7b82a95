// SPDX-License-Identifier: Apache-2.0
#include "tests/agent/shop_fixture.h"

#include "plugin/agent/config_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct atl_config config;
struct atl_shop shop;
struct atl_arena arena;
int64_t now_ms;

static int64_t turned_clock(void)
{
    return now_ms;
}

const struct atl_pos_transaction txn = {.size = sizeof txn,
                                        .store = "R17",
                                        .workstation = "1",
                                        .business_day = "2026-11-25",
                                        .uuid = "0b0f7a52-5d1c-4c55-9d55-000000000001",
                                        .currency = "EUR",
                                        .sequence = 1};

struct atl_pos_line line_of(int quantity, unsigned unit)
{
    return (struct atl_pos_line){.size = sizeof(struct atl_pos_line),
                                 .quantity = quantity,
                                 .unit_index = unit,
                                 .line_ref = "L1",
                                 .sku = "TOTE-01",
                                 .variant = "natural",
                                 .employee_ref = "E1",
                                 .price_minor = 3900};
}

struct atl_shop_call call_about(const struct atl_pos_line *line)
{
    return (struct atl_shop_call){&arena, "en", &txn, line};
}

// ---- a shop for each test ----

static void open_folder(void)
{
    char here[sizeof config.data - 8];
    char proofs[sizeof config.data + 8];

    assert_non_null(getcwd(here, sizeof here));
    atl_config_set_defaults(&config);
    snprintf(config.data, sizeof config.data, "%s/shop", here);
    snprintf(config.run, sizeof config.run, "/nonexistent"); // nobody is woken
    snprintf(config.catalogue, sizeof config.catalogue, "%s", ATL_SOURCE_DIR "/catalogue");
    snprintf(config.zone, sizeof config.zone, "Europe/Paris");
    snprintf(config.retailer, sizeof config.retailer, "maison");
    snprintf(config.store, sizeof config.store, "paris-1");
    snprintf(config.name, sizeof config.name, "Maison");
    snprintf(config.currency, sizeof config.currency, "EUR");
    snprintf(config.page_base, sizeof config.page_base, "HTTPS://STATUS.EXAMPLE");
    for (int day = 0; day < 7; day++)
        config.hours.week[day] = (struct atl_open_day){.count = 1, .open = {{600, 1200}}};
    snprintf(proofs, sizeof proofs, "%s/proofs", config.data);
    (void)mkdir(config.data, 0700);
    (void)mkdir(proofs, 0700);
}

int begin(void **state)
{
    (void)state;
    open_folder();
    now_ms = FIXTURE_NOW_MS;
    OK(atl_shop_load(&config, &shop, &fixture_error));
    OK(atl_proofs_open(&config, false, &shop.proofs, &fixture_error));
    shop.store = fixture_make("shop.db");
    shop.now_ms = turned_clock;
    atl_arena_init(&arena, ATL_SHOP_ARENA_BYTES);
    return 0;
}

int end(void **state)
{
    (void)state;
    atl_arena_free(&arena);
    atl_proofs_close(shop.proofs);
    fixture_end(shop.store, "shop.db");
    shop.store = NULL;
    atl_shop_close(&shop);
    return 0;
}

// ---- what a till does ----

struct atl_pos_judgement capture(int quantity, unsigned unit, const char *text)
{
    const struct atl_pos_line line = line_of(quantity, unit);
    const struct atl_shop_call call = call_about(&line);
    const struct atl_pos_answer list[] = {
        {.name = "font",   .value = "round"},
        {.name = "height", .value = "8"    },
        {.name = "thread", .value = "navy" },
        {.name = "place",  .value = "front"},
        {.name = "text",   .value = text   },
    };
    const struct atl_pos_answers answers = {.size = sizeof answers,
                                            .answer_size = sizeof list[0],
                                            .answers = list,
                                            .answer_count = text ? 5 : 4};
    struct atl_pos_judgement judgement = {0};

    OK(atl_store_begin(shop.store, &fixture_error));
    OK(atl_shop_capture(&shop, &call, &answers, &judgement, &fixture_error));
    if (judgement.is_allowed)
        OK(atl_shop_commit(&shop, &fixture_error));
    else
        atl_store_rollback(shop.store); // as serve does
    return judgement;
}

void follow(int quantity, unsigned unit)
{
    const struct atl_pos_line line = line_of(quantity, unit);
    const struct atl_shop_call call = call_about(&line);
    const struct atl_pos_answers answers = {.size = sizeof answers, .details_follow = 1};
    struct atl_pos_judgement judgement;

    IN_TRANSACTION(atl_shop_capture(&shop, &call, &answers, &judgement, &fixture_error));
    assert_true(judgement.is_allowed);
}

atl_code try_sign(int quantity, unsigned unit, int64_t number)
{
    const struct atl_pos_line line = line_of(quantity, unit);
    const struct atl_shop_call call = call_about(&line);
    const struct atl_pos_signature signature = {.size = sizeof signature,
                                                .how = ATL_POS_SIGN_TURNED_SCREEN,
                                                .employee_ref = "E1",
                                                .proof_number = number};
    atl_code rc;

    OK(atl_store_begin(shop.store, &fixture_error));
    rc = atl_shop_sign(&shop, &call, &signature, &fixture_error);
    if (rc)
        atl_store_rollback(shop.store);
    else
        OK(atl_shop_commit(&shop, &fixture_error));
    return rc;
}

struct atl_pos_verdict before(void)
{
    const struct atl_shop_call call = call_about(NULL);
    struct atl_pos_verdict verdict;

    OK(atl_shop_before_tender(&shop, &call, &verdict, &fixture_error));
    return verdict;
}

struct atl_pos_receipt tender(int quantity)
{
    const struct atl_pos_line line = line_of(quantity, 0);
    const struct atl_shop_call call = call_about(NULL);
    const struct atl_pos_tender paid = {.size = sizeof paid,
                                        .line_size = sizeof line,
                                        .lines = &line,
                                        .line_count = 1,
                                        .employee_ref = "E1"};
    struct atl_pos_receipt receipt;
    char order_id[ATL_ORDER_ID_SIZE] = "";

    IN_TRANSACTION(atl_shop_tendered(&shop, &call, &paid, &receipt, order_id, &fixture_error));
    return receipt;
}

struct atl_piece piece_of(unsigned unit)
{
    struct atl_piece piece;

    OK(atl_pieces_find_unit(shop.store, txn.uuid, "L1", unit, &piece, &fixture_error));
    return piece;
}

struct atl_order the_order(void)
{
    struct atl_order order;

    OK(atl_orders_find_transaction(shop.store, txn.uuid, &order, &fixture_error));
    return order;
}

// A signed bag, paid.
void sell(const char *text)
{
    assert_true(capture(1, 1, text).is_allowed);
    OK(try_sign(1, 1, 0));
    assert_true(before().is_allowed);
    assert_null(strstr(tender(1).warning ? tender(1).warning : "", "wait"));
}

atl_code try_act(enum atl_act act, bool *is_repeat)
{
    const struct atl_shop_act what = {.act = act};
    const struct atl_by by = atl_shop_by(&shop, ATL_ORIGIN_STAFF, "M1", "bench");
    const struct atl_piece piece = piece_of(1);
    struct atl_piece after;

    return atl_shop_act(&shop, piece.id, &what, &by, &after, is_repeat, &fixture_error);
}

void make_ready(void)
{
    static const enum atl_act acts[] = {ATL_ACT_START, ATL_ACT_DONE, ATL_ACT_PASS};
    bool is_repeat;

    for (size_t i = 0; i < 3; i++)
        OK(try_act(acts[i], &is_repeat));
}

struct atl_pos_verdict collect(int how, const char *proof)
{
    const struct atl_piece piece = piece_of(1);
    const struct atl_shop_call call = call_about(NULL);
    const struct atl_pos_collect wish = {
        .size = sizeof wish, .how = how, .piece_code = piece.code, .proof = proof};
    struct atl_pos_verdict verdict;
    struct atl_pos_order order;

    IN_TRANSACTION(atl_shop_collect(&shop, &call, &wish, &verdict, &order, &fixture_error));
    return verdict;
}

struct atl_pos_verdict bring_back(bool is_defect)
{
    const struct atl_pos_unit unit = {.line_ref = "L1", .unit_index = 1};
    const struct atl_shop_call call = call_about(NULL);
    const struct atl_pos_return back = {.size = sizeof back,
                                        .unit_size = sizeof unit,
                                        .units = &unit,
                                        .unit_count = 1,
                                        .is_defect = is_defect};
    struct atl_pos_verdict verdict;

    IN_TRANSACTION(atl_shop_returned(&shop, &call, &back, &verdict, &fixture_error));
    return verdict;
}

struct atl_pos_verdict wish(const char *name, const char *value)
{
    const struct atl_pos_answer answer = {.name = name, .value = value};
    const struct atl_pos_answers answers = {.size = sizeof answers,
                                            .answer_size = sizeof answer,
                                            .answers = &answer,
                                            .answer_count = 1};
    const struct atl_shop_call call = call_about(NULL);
    struct atl_pos_verdict verdict;

    IN_TRANSACTION(atl_shop_order_answers(&shop, &call, &answers, &verdict, &fixture_error));
    return verdict;
}

size_t papers(enum atl_document document, enum atl_job_state state)
{
    const struct atl_order order = the_order();
    struct atl_job jobs[32];
    size_t count = 0;
    size_t found = 0;

    OK(atl_jobs_of_order(shop.store, order.id, jobs, 32, &count, &fixture_error));
    for (size_t i = 0; i < count; i++)
        found += jobs[i].document == document && jobs[i].state == state;
    return found;
}
