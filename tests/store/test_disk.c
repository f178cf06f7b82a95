// SPDX-License-Identifier: Apache-2.0
// What the disk does to us: power cuts, no room, a flush that fails; and how often we flush.
#include "tests/store/fixture.h"

#include "plugin/store/db.h"
#include "tests/store/recorder.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char name[] = "shop.db";

enum { SALES = 24, STATES = 160 };

static void sell_and_record(struct atl_store *store)
{
    struct fixture_sale sale;

    recorder.is_recording = true;
    for (int n = 1; n <= SALES; n++) {
        fixture_sell(store, n, &sale);
        recorder_ack(n);
        if (n % 8 == 0) // sync does this beside it
            OK(atl_store_checkpoint(store, n % 16 == 0, NULL, &fixture_error));
    }
    recorder.is_recording = false;
}

// Orders that were acknowledged and are not there.
static int count_lost(struct atl_store *store, size_t cut)
{
    int lost = 0;

    for (size_t i = 0; i < cut; i++) {
        char uuid[ATL_REF_SIZE];
        struct atl_order order;
        if (recorder.entries[i].what != RECORDER_ACK)
            continue;
        snprintf(uuid, sizeof uuid, "sale-%d", (int)recorder.entries[i].at);
        lost += atl_orders_find_transaction(store, uuid, &order, NULL) != ATL_OK;
    }
    return lost;
}

// Orders of which only a part is there.
static int count_half(struct atl_store *store)
{
    int half = 0;

    for (int n = 1; n <= SALES; n++) {
        const uint8_t request[32] = {7};
        struct fixture_sale sale;
        struct atl_idem idem = {NULL, "tendered", request};
        struct atl_piece pieces[4];
        struct atl_job jobs[8];
        struct atl_buf answer;
        size_t count = 0;
        bool whole;

        fixture_fill(&sale, n);
        idem.key = sale.key;
        if (atl_orders_find(store, sale.order.id, &sale.order, NULL) != ATL_OK)
            continue;
        atl_buf_init(&answer, 1 << 16);
        whole = !atl_pieces_of_order(store, sale.order.id, pieces, 4, &count, NULL) && count == 3;
        whole &= !atl_jobs_of_order(store, sale.order.id, jobs, 8, &count, NULL) && count == 4;
        whole &= !atl_idem_find(store, &idem, &answer, NULL);
        half += !whole;
        atl_buf_free(&answer);
    }
    return half;
}

struct outcome {
    int lost, half, corrupt;
};

static void look_after_cut(size_t cut, struct outcome *out)
{
    struct atl_chain chain = {0};
    struct atl_store *store = NULL;

    if (atl_store_open("cut.db", ATL_STORE_WORKER, &store, NULL)) {
        out->corrupt++;
        return;
    }
    out->corrupt += atl_store_quick_check(store, 0, NULL) != ATL_OK ||
                    atl_store_verify_rows(store, NULL, NULL) != ATL_OK ||
                    atl_events_verify(store, 0, &chain, NULL) != ATL_OK;
    out->lost += count_lost(store, cut) > 0;
    out->half += count_half(store) > 0;
    atl_store_close(store);
}

static struct outcome cut_power(const char *extra_setting)
{
    struct atl_store *store = fixture_make(name);
    struct outcome out = {0};

    OK(atl_db_exec(store, extra_setting, &fixture_error));
    recorder_clear();
    sell_and_record(store);
    for (int i = 0; i < STATES; i++) {
        const size_t cut = (size_t)i * recorder.count / STATES;
        struct recorder_image images[2] = {{0}, {0}};
        recorder_load(&images[0], "template.db"); // what the store was a copy of
        recorder_cut(cut, (uint64_t)i + 1, images);
        fixture_remove("cut.db");
        recorder_save(&images[0], "cut.db");
        if (images[1].len)
            recorder_save(&images[1], "cut.db-wal");
        look_after_cut(cut, &out);
        recorder_free(&images[0]);
        recorder_free(&images[1]);
    }
    recorder_clear();
    fixture_remove("cut.db");
    fixture_end(store, name);
    return out;
}

static void
a_power_cut_at_any_write_takes_no_acknowledged_order_and_leaves_no_half_one(void **state)
{
    const struct outcome out = cut_power("PRAGMA synchronous=FULL");

    (void)state;
    assert_int_equal(out.lost, 0);
    assert_int_equal(out.half, 0);
    assert_int_equal(out.corrupt, 0);
}

// The control: a test that cannot fail proves nothing.
static void without_flushing_the_same_cuts_lose_orders(void **state)
{
    const struct outcome out = cut_power("PRAGMA synchronous=OFF");

    (void)state;
    assert_true(out.lost > 0);
}

static void a_tender_of_three_units_costs_one_flush(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;

    (void)state;
    recorder_clear();
    for (int n = 0; n < 100; n++)
        fixture_sell(store, n, &sale);
    assert_true(recorder.syncs >= 100); // it is the real one that counts
    assert_true(recorder.syncs <= 105);
    recorder_clear();
    fixture_end(store, name);
}

static void a_look_of_an_idle_lane_writes_nothing(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job job;

    (void)state;
    recorder_clear();
    recorder.is_recording = true;
    assert_int_equal(atl_jobs_claim(store, "front", FIXTURE_NOW_MS, 1000, &job, NULL),
                     ATL_E_NOT_FOUND);
    assert_int_equal(recorder.count, 0);
    recorder_clear();
    fixture_end(store, name);
}

static void expect_orders(struct atl_store *store, int count)
{
    int64_t found = -1;

    OK(atl_db_number(store, "SELECT count(*) FROM orders", &found, &fixture_error));
    assert_int_equal(found, count);
}

static void a_full_disk_is_told_gives_up_the_ballast_and_loses_nothing(void **state)
{
    struct atl_store *store = fixture_create(name);
    struct atl_error err = {0};
    struct fixture_sale sale;

    (void)state;
    recorder_clear();
    fixture_sell(store, 1, &sale);
    for (int writes = 0; writes < 12; writes++) {
        OK(atl_store_ballast_keep(store, &fixture_error));
        assert_int_equal(access("shop.db.ballast", F_OK), 0);
        fixture_fill(&sale, 2);
        recorder.full_after = writes;
        assert_int_equal(fixture_tender(store, &sale, &err), ATL_E_FULL);
        assert_int_equal(access("shop.db.ballast", F_OK), -1);
        recorder.full_after = -1;
        assert_false(atl_store_in_transaction(store));
        expect_orders(store, 1);
    }
    OK(fixture_tender(store, &sale, &fixture_error)); // there is room again
    expect_orders(store, 2);
    OK(atl_store_quick_check(store, 0, &fixture_error));
    fixture_end(store, name);
}

static void a_transaction_that_met_a_full_disk_cannot_be_committed(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_error err = {0};
    atl_code rc = ATL_OK;

    (void)state;
    OK(atl_db_exec(store, "PRAGMA max_page_count=90", &fixture_error));
    for (int n = 0; n < 200 && !rc; n++) {
        fixture_fill(&sale, n);
        rc = fixture_tender(store, &sale, &err);
    }
    assert_int_equal(rc, ATL_E_FULL);
    OK(atl_store_begin(store, &fixture_error));
    rc = ATL_OK;
    for (int n = 200; n < 400 && !rc; n++) {
        fixture_fill(&sale, n);
        rc = atl_orders_add(store, &sale.order, &fixture_by, &err);
    }
    assert_int_equal(rc, ATL_E_FULL);
    assert_int_equal(atl_orders_add(store, &sale.order, &fixture_by, &err), ATL_E_FULL);
    assert_int_equal(atl_store_commit(store, &err), ATL_E_FULL); // never OK for a part of it
    assert_false(atl_store_in_transaction(store));
    fixture_end(store, name);
}

static void a_commit_whose_flush_failed_is_not_acknowledged(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;

    (void)state;
    recorder_clear();
    fixture_sell(store, 1, &sale);
    recorder.sync_fails_at = recorder.syncs + 1;
    fixture_fill(&sale, 2);
    assert_int_equal(fixture_tender(store, &sale, NULL), ATL_E_IO);
    recorder.sync_fails_at = 0;
    expect_orders(store, 1);
    OK(fixture_tender(store, &sale, &fixture_error)); // the POS repeats it
    expect_orders(store, 2);
    recorder_clear();
    fixture_end(store, name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_power_cut_at_any_write_takes_no_acknowledged_order_and_leaves_no_half_one),
        cmocka_unit_test(without_flushing_the_same_cuts_lose_orders),
        cmocka_unit_test(a_tender_of_three_units_costs_one_flush),
        cmocka_unit_test(a_look_of_an_idle_lane_writes_nothing),
        cmocka_unit_test(a_full_disk_is_told_gives_up_the_ballast_and_loses_nothing),
        cmocka_unit_test(a_transaction_that_met_a_full_disk_cannot_be_committed),
        cmocka_unit_test(a_commit_whose_flush_failed_is_not_acknowledged),
    };
    recorder_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
