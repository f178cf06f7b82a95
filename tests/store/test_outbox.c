// SPDX-License-Identifier: Apache-2.0
// Towards the cloud and back: outbox and feed.
#include "tests/store/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char name[] = "shop.db";

static int64_t add(struct atl_store *store, const char *data)
{
    const struct atl_outbox_row row = {.type = "atelier.piece.stage.v1",
                                       .subject = "order/x/piece/y",
                                       .attempt = 1,
                                       .version = 4,
                                       .at_ms = FIXTURE_NOW_MS};
    int64_t sequence = 0;

    OK(atl_store_begin(store, &fixture_error));
    OK(atl_outbox_add(store, &row, data, &sequence, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    return sequence;
}

static size_t next(struct atl_store *store, int64_t after, size_t max_bytes,
                   struct atl_outbox_row rows[8], struct atl_buf *data)
{
    size_t count = 99;

    data->len = 0;
    OK(atl_outbox_next(store, after, max_bytes, rows, 8, &count, data, &fixture_error));
    return count;
}

static void rows_leave_in_order_and_no_number_is_used_twice(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_outbox_row rows[8];
    struct atl_outbox_stats stats;
    struct atl_buf data;
    int64_t sent[2];

    (void)state;
    atl_buf_init(&data, 1 << 20);
    assert_int_equal(next(store, 0, 9999, rows, &data), 0);
    sent[0] = add(store, "{\"n\":1}");
    sent[1] = add(store, "{\"n\":2}");
    assert_int_equal(next(store, 0, 9999, rows, &data), 2);
    assert_int_equal(rows[0].sequence, sent[0]);
    assert_int_equal(strlen(rows[0].id), 26);
    assert_int_equal(rows[1].version, 4);
    assert_string_equal((char *)data.data + rows[0].data_at, "{\"n\":1}");
    assert_string_equal((char *)data.data + rows[1].data_at, "{\"n\":2}");
    OK(atl_outbox_acknowledge(store, sent, 2, &fixture_error));
    OK(atl_outbox_acknowledge(store, sent, 2, &fixture_error)); // twice is no error
    assert_int_equal(next(store, 0, 9999, rows, &data), 0);
    atl_store_close(store);
    OK(atl_store_open(name, ATL_STORE_WORKER, &store, &fixture_error));
    assert_int_equal(add(store, "{}"), sent[1] + 1);
    OK(atl_outbox_stats(store, &stats, &fixture_error));
    assert_int_equal(stats.waiting, 1);
    assert_int_equal(stats.oldest_ms, FIXTURE_NOW_MS);
    assert_int_equal(stats.last_sequence, sent[1] + 1);
    atl_buf_free(&data);
    fixture_end(store, name);
}

static void a_batch_keeps_to_its_bytes_but_is_never_empty(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_outbox_row rows[8];
    struct atl_buf data;

    (void)state;
    atl_buf_init(&data, 1 << 20);
    for (int i = 0; i < 4; i++)
        add(store, "0123456789");
    assert_int_equal(next(store, 0, 25, rows, &data), 2);
    assert_int_equal(next(store, rows[1].sequence, 3, rows, &data), 1);
    assert_int_equal(rows[0].sequence, 3);
    atl_buf_free(&data);
    fixture_end(store, name);
}

static void what_the_cloud_refuses_is_kept_aside_for_a_person(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_outbox_row rows[8];
    struct atl_outbox_stats stats;
    struct atl_buf data;
    int released = 0;

    (void)state;
    atl_buf_init(&data, 1 << 20);
    for (int i = 0; i < 3; i++)
        add(store, "{}");
    OK(atl_outbox_quarantine(store, 2, "schema: stage is unknown", &fixture_error));
    assert_int_equal(next(store, 0, 9999, rows, &data), 2);
    assert_int_equal(rows[1].sequence, 3);
    OK(atl_outbox_stats(store, &stats, &fixture_error));
    assert_int_equal(stats.quarantined, 1);
    assert_int_equal(stats.waiting, 2);
    OK(atl_outbox_release(store, &released, &fixture_error));
    assert_int_equal(released, 1);
    assert_int_equal(next(store, 0, 9999, rows, &data), 3);
    assert_int_equal(atl_outbox_quarantine(store, 77, "", NULL), ATL_E_NOT_FOUND);
    atl_buf_free(&data);
    fixture_end(store, name);
}

static void an_event_that_is_too_large_is_refused_before_it_is_written(void **state)
{
    struct atl_store *store = fixture_make(name);
    const struct atl_outbox_row row = {.type = "t", .subject = "s"};
    char *data = calloc(1, ATL_OUTBOX_DATA_BYTES + 2);

    (void)state;
    assert_non_null(data);
    memset(data, 'x', ATL_OUTBOX_DATA_BYTES + 1);
    OK(atl_store_begin(store, &fixture_error));
    assert_int_equal(atl_outbox_add(store, &row, data, NULL, NULL), ATL_E_NOMEM);
    data[ATL_OUTBOX_DATA_BYTES] = 0;
    OK(atl_outbox_add(store, &row, data, NULL, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    free(data);
    fixture_end(store, name);
}

static void requests_and_their_cursor_are_saved_together_and_answered_once(void **state)
{
    const struct atl_feed_request requests[] = {
        {.id = "r1", .type = "atelier.request.cancel.v1", .data = "{\"order\":\"x\"}"},
        {.id = "r2", .type = "atelier.request.scan.v1",   .data = "{\"code\":\"y\"}" },
    };
    struct atl_store *store = fixture_make(name);
    struct atl_feed_request request;
    char cursor[ATL_FEED_CURSOR_SIZE];
    struct atl_buf data;
    int fresh = 0;

    (void)state;
    atl_buf_init(&data, 1 << 16);
    OK(atl_feed_cursor(store, cursor, &fixture_error));
    assert_string_equal(cursor, "");
    OK(atl_feed_save(store, "c1", requests, 2, &fresh, &fixture_error));
    assert_int_equal(fresh, 2);
    OK(atl_feed_save(store, "c2", requests, 1, &fresh, &fixture_error)); // r1 comes once more
    assert_int_equal(fresh, 0);
    OK(atl_feed_cursor(store, cursor, &fixture_error));
    assert_string_equal(cursor, "c2");
    OK(atl_feed_next(store, &request, &data, &fixture_error));
    assert_string_equal(request.id, "r1");
    assert_string_equal(request.data, "{\"order\":\"x\"}");
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_feed_answer(store, request.sequence, ATL_FEED_REFUSED, "already sewn", FIXTURE_NOW_MS,
                       &fixture_error));
    assert_int_equal(
        atl_feed_answer(store, request.sequence, ATL_FEED_ACCEPTED, "", FIXTURE_NOW_MS, NULL),
        ATL_E_CONFLICT);
    OK(atl_store_commit(store, &fixture_error));
    OK(atl_feed_next(store, &request, &data, &fixture_error));
    assert_string_equal(request.id, "r2");
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_feed_answer(store, request.sequence, ATL_FEED_ACCEPTED, "", FIXTURE_NOW_MS,
                       &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    assert_int_equal(atl_feed_next(store, &request, &data, NULL), ATL_E_NOT_FOUND);
    OK(atl_feed_forget_cursor(store, &fixture_error));
    OK(atl_feed_save(store, "c3", requests, 2, &fresh, &fixture_error));
    assert_int_equal(fresh, 0); // known by their ids, though the cursor was forgotten
    atl_buf_free(&data);
    fixture_end(store, name);
}

static void a_request_that_cannot_be_saved_does_not_move_the_cursor(void **state)
{
    struct atl_store *store = fixture_make(name);
    char *large = calloc(1, ATL_FEED_DATA_BYTES + 2);
    const struct atl_feed_request requests[] = {
        {.id = "r1", .type = "t", .data = "{}" },
        {.id = "r2", .type = "t", .data = large},
    };
    char cursor[ATL_FEED_CURSOR_SIZE];

    (void)state;
    assert_non_null(large);
    memset(large, 'x', ATL_FEED_DATA_BYTES + 1);
    assert_int_equal(atl_feed_save(store, "c1", requests, 2, NULL, NULL), ATL_E_INVALID);
    OK(atl_feed_cursor(store, cursor, &fixture_error));
    assert_string_equal(cursor, "");
    assert_int_equal(
        atl_feed_next(store, &(struct atl_feed_request){0}, &(struct atl_buf){.limit = 100}, NULL),
        ATL_E_NOT_FOUND);
    free(large);
    fixture_end(store, name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_leave_in_order_and_no_number_is_used_twice),
        cmocka_unit_test(a_batch_keeps_to_its_bytes_but_is_never_empty),
        cmocka_unit_test(what_the_cloud_refuses_is_kept_aside_for_a_person),
        cmocka_unit_test(an_event_that_is_too_large_is_refused_before_it_is_written),
        cmocka_unit_test(requests_and_their_cursor_are_saved_together_and_answered_once),
        cmocka_unit_test(a_request_that_cannot_be_saved_does_not_move_the_cursor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
