// SPDX-License-Identifier: Apache-2.0
// The chain of events: whatever is changed, taken out or put in is found.
#include "tests/store/fixture.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static const char name[] = "shop.db";

// Three sales and some work upon them; a note on one event.
static void work(struct atl_store *store)
{
    struct fixture_sale sale;
    struct atl_piece_act hold = {.act = ATL_ACT_HOLD, .why = "question", .note = "blue or navy?"};

    for (int n = 0; n < 3; n++) {
        fixture_sell(store, n, &sale);
        fixture_act(store, &sale.pieces[0], ATL_ACT_START);
    }
    hold.piece_id = sale.pieces[1].id;
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_pieces_act(store, &hold, &fixture_by, NULL, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
}

static void a_chain_verifies_at_once_and_in_steps(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_chain whole = {0};
    struct atl_chain steps = {0};

    (void)state;
    OK(atl_events_verify(store, 0, &whole, &fixture_error)); // an empty one
    assert_int_equal(whole.count, 0);
    work(store);
    whole = (struct atl_chain){0};
    OK(atl_events_verify(store, 0, &whole, &fixture_error));
    assert_int_equal(whole.count, 3 * 5 + 1);
    assert_int_equal(whole.first_bad, 0);
    for (int i = 0; i < 4; i++)
        OK(atl_events_verify(store, 5, &steps, &fixture_error));
    assert_int_equal(steps.count, whole.count);
    assert_int_equal(steps.next, whole.next);
    fixture_end(store, name);
}

static void what_is_new_is_found_from_the_last_one_on(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_event events[4];
    int64_t last = -1;
    size_t count = 9;

    (void)state;
    OK(atl_events_last(store, &last, &fixture_error));
    assert_int_equal(last, 0);
    work(store);
    OK(atl_events_last(store, &last, &fixture_error));
    OK(atl_events_since(store, last - 2, events, 4, &count, &fixture_error));
    assert_int_equal(count, 2);
    assert_int_equal(events[1].sequence, last);
    assert_int_equal(events[1].act, ATL_ACT_HOLD);
    assert_string_equal(events[1].note, "blue or navy?");
    OK(atl_events_since(store, 0, events, 4, &count, &fixture_error));
    assert_int_equal(count, 4); // as many as there is room for, the oldest first
    assert_int_equal(events[0].kind, ATL_EVENT_OPENED);
    OK(atl_events_since(store, last, events, 4, &count, &fixture_error));
    assert_int_equal(count, 0);
    fixture_end(store, name);
}

static void the_database_itself_refuses_to_change_or_delete_an_event(void **state)
{
    static const char *const attempts[] = {"UPDATE event SET why='x'", "DELETE FROM event",
                                           "DELETE FROM event WHERE sequence=3"};
    struct atl_store *store = fixture_make(name);
    sqlite3 *db = NULL;

    (void)state;
    work(store);
    assert_int_equal(sqlite3_open(name, &db), SQLITE_OK);
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++)
        assert_int_equal(sqlite3_exec(db, attempts[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
    sqlite3_close(db);
    fixture_end(store, name);
}

static void every_forgery_is_found_and_named(void **state)
{
    static const struct {
        const char *sql;
        int64_t first_bad;
        const char *words;
    } rows[] = {
        {"UPDATE event SET employee='bob' WHERE sequence=4",        4,  "was changed"       },
        {"UPDATE event SET at_ms=at_ms+1 WHERE sequence=5",         5,  "was changed"       },
        {"UPDATE event SET to_stage=6 WHERE sequence=7",            7,  "was changed"       },
        {"UPDATE event SET why='' WHERE sequence=16",               16, "was changed"       },
        {"UPDATE event SET text_mac=zeroblob(32) WHERE sequence=2", 2,  "was changed"       },
        {"UPDATE event SET hash=zeroblob(32) WHERE sequence=9",     9,  "was changed"       },
        {"DELETE FROM event WHERE sequence=6",                      7,  "does not follow"   },
        {"DELETE FROM event WHERE sequence=1",                      2,  "does not follow"   },
        {"DELETE FROM event WHERE sequence=16",                     16, "missing at the end"},
        {"DELETE FROM event WHERE sequence>12",                     13, "missing at the end"},
        {"DELETE FROM event",                                       1,  "missing at the end"},
        {"UPDATE event_note SET note='red or navy?'",               16, "has another note"  },
        {"UPDATE event SET sequence=99 WHERE sequence=16",          99, "was changed"       },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct atl_store *store = fixture_make(name);
        struct atl_chain chain = {0};
        struct atl_error err = {0};
        char sql[512];

        work(store);
        snprintf(sql, sizeof sql,
                 "DROP TRIGGER event_stays;"
                 "DROP TRIGGER event_is_kept; %s",
                 rows[i].sql);
        fixture_sql(name, sql);
        assert_int_equal(atl_events_verify(store, 0, &chain, &err), ATL_E_CORRUPT);
        if (chain.first_bad != rows[i].first_bad || !strstr(err.text, rows[i].words))
            fail_msg("%s: event %d: %s", rows[i].sql, (int)chain.first_bad, err.text);
        fixture_end(store, name);
    }
}

static void a_forged_chain_cannot_be_gone_on_with_unseen(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_chain chain = {0};
    struct fixture_sale sale;

    (void)state;
    work(store);
    fixture_sql(name, "DROP TRIGGER event_is_kept; DELETE FROM event WHERE sequence=16");
    fixture_sell(store, 9, &sale); // the shop goes on selling
    assert_int_equal(atl_events_verify(store, 0, &chain, NULL), ATL_E_CORRUPT);
    assert_int_equal(chain.first_bad, 17);
    fixture_end(store, name);
}

static void a_changed_event_is_not_shown_as_true(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_event events[8];
    size_t count = 77;

    (void)state;
    fixture_sell(store, 1, &sale);
    fixture_sql(name, "DROP TRIGGER event_stays; UPDATE event SET employee='bob'");
    assert_int_equal(atl_events_list(store, sale.order.id, NULL, 0, events, 8, &count, NULL),
                     ATL_E_CORRUPT);
    assert_int_equal(count, 77);
    fixture_end(store, name);
}

static void a_note_needs_an_order_and_leaves_no_words_in_the_event_itself(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_event event = {.kind = ATL_EVENT_REQUEST, .note = "the guest rang"};
    struct fixture_sale sale;
    struct atl_event out;

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(atl_store_begin(store, &fixture_error));
    assert_int_equal(atl_events_add(store, &event, &fixture_by, &out, NULL), ATL_E_NOT_FOUND);
    memcpy(event.order_id, sale.order.id, sizeof event.order_id);
    OK(atl_events_add(store, &event, &fixture_by, &out, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    assert_true(out.has_text_mac);
    assert_int_equal(out.sequence, 5);
    fixture_sql(name, "CREATE TEMP TABLE t(n CHECK(n=0)); INSERT INTO t SELECT count(*) FROM event"
                      " WHERE why LIKE '%rang%' OR station LIKE '%rang%'");
    fixture_end(store, name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_verifies_at_once_and_in_steps),
        cmocka_unit_test(what_is_new_is_found_from_the_last_one_on),
        cmocka_unit_test(the_database_itself_refuses_to_change_or_delete_an_event),
        cmocka_unit_test(every_forgery_is_found_and_named),
        cmocka_unit_test(a_forged_chain_cannot_be_gone_on_with_unseen),
        cmocka_unit_test(a_changed_event_is_not_shown_as_true),
        cmocka_unit_test(a_note_needs_an_order_and_leaves_no_words_in_the_event_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
