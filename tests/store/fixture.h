// SPDX-License-Identifier: Apache-2.0
// A shop's store in the test's own folder, and sales as the till makes them.
#ifndef ATL_TESTS_STORE_FIXTURE_H
#define ATL_TESTS_STORE_FIXTURE_H

#include "plugin/store/drafts.h"
#include "plugin/store/events.h"
#include "plugin/store/feed.h"
#include "plugin/store/find.h"
#include "plugin/store/idem.h"
#include "plugin/store/jobs.h"
#include "plugin/store/orders.h"
#include "plugin/store/outbox.h"
#include "plugin/store/pieces.h"
#include "plugin/store/store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { FIXTURE_UNITS = 3, FIXTURE_NOW = 1795600000 };
#define FIXTURE_NOW_MS (FIXTURE_NOW * 1000LL) // 2026-11-25

// Fails the test with the sentence of the error.
#define OK(call) fixture_ok((call), &fixture_error, #call, __FILE__, __LINE__)
extern struct atl_error fixture_error;
void fixture_ok(atl_code rc, const struct atl_error *err, const char *what, const char *file,
                int line);

// Removes NAME and everything beside it that a store makes.
void fixture_remove(const char *name);

// A store of that name in the current folder, made with all that belongs to it, open for a worker.
struct atl_store *fixture_create(const char *name);
void fixture_copy(const char *from, const char *to);

// The same quickly: a copy of one that was made; its epoch and keys are those of all others.
struct atl_store *fixture_make(const char *name);
void fixture_end(struct atl_store *store, const char *name);

extern const struct atl_by fixture_by; // staff, at FIXTURE_NOW_MS

// What the n-th sale of a test looks like. Everything in it follows from n.
struct fixture_sale {
    struct atl_order order;
    struct atl_piece pieces[FIXTURE_UNITS];
    struct atl_answer_set answers[FIXTURE_UNITS];
    char key[ATL_REF_SIZE];
};
void fixture_fill(struct fixture_sale *sale, int n);

// Everything a tender of three units writes, in one transaction; fails with the store's code.
ATL_MUST_USE atl_code fixture_tender(struct atl_store *store, struct fixture_sale *sale,
                                     struct atl_error *err);

// Fills and tenders; the test fails when that does.
void fixture_sell(struct atl_store *store, int n, struct fixture_sale *sale);

// Begins, acts once, commits.
void fixture_act(struct atl_store *store, struct atl_piece *piece, enum atl_act act);

// Queues a work tag of the sale's second piece for a device; returns the job.
int64_t fixture_add_tag(struct atl_store *store, const struct fixture_sale *sale,
                        const char *device, const char *code);

struct atl_job fixture_job(struct atl_store *store, int64_t id);

// Runs any SQL on the file, as damage or another program would.
void fixture_sql(const char *name, const char *sql);

#endif
