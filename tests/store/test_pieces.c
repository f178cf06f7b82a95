// SPDX-License-Identifier: Apache-2.0
// Pieces: every change is an arrow, an event and a version.
#include "tests/store/fixture.h"

#include "plugin/core/signoff.h"

#include <stdio.h>
#include <string.h>

static const char name[] = "shop.db";

static struct atl_by by_at(int64_t ms)
{
    struct atl_by by = fixture_by;

    by.at_ms += ms;
    return by;
}

static atl_code act(struct atl_store *store, const char *id, enum atl_act what, int32_t version,
                    const struct atl_by *by, struct atl_piece *after)
{
    const struct atl_piece_act act = {.piece_id = id, .act = what, .version = version};
    atl_code rc;

    OK(atl_store_begin(store, &fixture_error));
    rc = atl_pieces_act(store, &act, by, after, &fixture_error);
    if (rc)
        atl_store_rollback(store);
    else
        OK(atl_store_commit(store, &fixture_error));
    return rc;
}

static void a_tender_makes_confirmed_pieces_with_their_answers(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_answer_set answers = {0};
    struct atl_piece found[4];
    struct atl_piece piece;
    struct fixture_sale sale;
    size_t count = 0;

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(atl_pieces_of_order(store, sale.order.id, found, 4, &count, &fixture_error));
    assert_int_equal(count, 3);
    for (int i = 0; i < 3; i++)
        assert_memory_equal(&found[i], &sale.pieces[i], sizeof found[i]);
    assert_int_equal(found[0].progress.stage, ATL_STAGE_CONFIRMED);
    assert_int_equal(found[0].version, 1);
    assert_int_equal(found[0].tag_revision, 1);
    assert_int_equal(found[0].said.until_ms, found[0].promise.until_ms);
    OK(atl_pieces_answers(store, sale.pieces[1].id, &answers, &fixture_error));
    assert_string_equal(atl_answer_set_find(&answers, "text"), "L'été d'Élodie 1.2");
    OK(atl_pieces_find_number(store, sale.order.code, 2, &piece, &fixture_error));
    assert_string_equal(piece.id, sale.pieces[1].id);
    OK(atl_pieces_find_unit(store, "sale-1", "line-1", 3, &piece, &fixture_error));
    assert_string_equal(piece.id, sale.pieces[2].id);
    assert_int_equal(atl_pieces_find_number(store, sale.order.code, 4, &piece, NULL),
                     ATL_E_NOT_FOUND);
    fixture_end(store, name);
}

static void what_was_dropped_or_unsigned_begins_on_hold(void **state)
{
    static const struct {
        enum atl_act act;
        bool is_dropped;
        enum atl_kind kind;
        atl_code rc;
        enum atl_stage stage;
    } rows[] = {
        {ATL_ACT_TENDER,          false, ATL_KIND_EMBROIDERY, ATL_OK,         ATL_STAGE_CONFIRMED       },
        {ATL_ACT_TENDER_LATER,    false, ATL_KIND_EMBROIDERY, ATL_OK,         ATL_STAGE_AWAITING_DETAILS},
        {ATL_ACT_TENDER_UNSIGNED, false, ATL_KIND_EMBROIDERY, ATL_OK,         ATL_STAGE_ON_HOLD         },
        {ATL_ACT_TENDER,          true,  ATL_KIND_EMBROIDERY, ATL_OK,         ATL_STAGE_ON_HOLD         },
        {ATL_ACT_TENDER_LATER,    false, ATL_KIND_SEAT,       ATL_E_CONFLICT, ATL_STAGE_NONE            },
        {ATL_ACT_START,           false, ATL_KIND_EMBROIDERY, ATL_E_INVALID,  ATL_STAGE_NONE            },
    };
    struct atl_store *store = fixture_make(name);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct atl_piece_birth *birth;
        struct atl_piece_birth made = {.act = rows[i].act, .is_dropped = rows[i].is_dropped};
        struct fixture_sale sale;

        fixture_fill(&sale, (int)i);
        made.answers = &sale.answers[0];
        birth = &made;
        sale.pieces[0].kind = rows[i].kind;
        OK(atl_store_begin(store, &fixture_error));
        OK(atl_orders_add(store, &sale.order, &fixture_by, &fixture_error));
        assert_int_equal(atl_pieces_add(store, &sale.pieces[0], birth, &fixture_by, NULL),
                         rows[i].rc);
        assert_int_equal(sale.pieces[0].progress.stage, rows[i].stage);
        atl_store_rollback(store);
    }
    fixture_end(store, name);
}

static void what_is_no_arrow_is_refused_with_a_sentence_and_changes_nothing(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_piece after;
    struct atl_event events[4];
    size_t count = 0;

    (void)state;
    fixture_sell(store, 1, &sale);
    assert_int_equal(act(store, sale.pieces[0].id, ATL_ACT_PASS, 0, &fixture_by, &after),
                     ATL_E_CONFLICT);
    assert_string_equal(fixture_error.text,
                        "piece 000-001/1 is confirmed: pass is not possible now");
    OK(atl_pieces_find(store, sale.pieces[0].id, &after, &fixture_error));
    assert_memory_equal(&after, &sale.pieces[0], sizeof after);
    OK(atl_events_list(store, sale.order.id, sale.pieces[0].id, 0, events, 4, &count,
                       &fixture_error));
    assert_int_equal(count, 1);
    fixture_end(store, name);
}

static void each_change_adds_a_version_and_an_event_that_says_who_and_why(void **state)
{
    struct atl_store *store = fixture_make(name);
    const struct atl_piece_act remake = {
        .act = ATL_ACT_REMAKE, .why = "thread_broke unpick shop_pays", .note = "see the hem"};
    struct atl_piece_act what = remake;
    struct atl_event events[4];
    struct fixture_sale sale;
    struct atl_piece piece;
    size_t count = 0;

    (void)state;
    fixture_sell(store, 1, &sale);
    piece = sale.pieces[0];
    what.piece_id = piece.id;
    fixture_act(store, &piece, ATL_ACT_START);
    assert_int_equal(piece.version, 2);
    assert_int_equal(piece.started_ms, FIXTURE_NOW_MS);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_pieces_act(store, &what, &fixture_by, &piece, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    assert_int_equal(piece.progress.attempt, 2);
    assert_int_equal(piece.version, 3);
    OK(atl_events_list(store, sale.order.id, piece.id, 0, events, 4, &count, &fixture_error));
    assert_int_equal(count, 3);
    assert_int_equal(events[2].act, ATL_ACT_REMAKE);
    assert_int_equal(events[2].from, ATL_STAGE_IN_PRODUCTION);
    assert_int_equal(events[2].to, ATL_STAGE_IN_PRODUCTION);
    assert_int_equal(events[2].attempt, 2);
    assert_int_equal(events[2].version, 3);
    assert_int_equal(events[2].origin, ATL_ORIGIN_STAFF);
    assert_int_equal(events[2].offset_min, 60);
    assert_string_equal(events[2].employee_ref, "anna");
    assert_string_equal(events[2].station, "bench 1");
    assert_string_equal(events[2].why, "thread_broke unpick shop_pays");
    assert_string_equal(events[2].note, "see the hem");
    fixture_end(store, name);
}

static void a_stale_version_is_a_conflict(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_piece after;

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(act(store, sale.pieces[0].id, ATL_ACT_START, 1, &fixture_by, &after));
    assert_int_equal(act(store, sale.pieces[0].id, ATL_ACT_DONE, 1, &fixture_by, &after),
                     ATL_E_CONFLICT);
    assert_non_null(strstr(fixture_error.text, "changed meanwhile"));
    fixture_end(store, name);
}

static void hold_and_resume_lead_back_to_where_it_was(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_piece *piece = &sale.pieces[0];

    (void)state;
    fixture_sell(store, 1, &sale);
    fixture_act(store, piece, ATL_ACT_START);
    fixture_act(store, piece, ATL_ACT_HOLD);
    assert_int_equal(piece->progress.back, ATL_STAGE_IN_PRODUCTION);
    fixture_act(store, piece, ATL_ACT_RESUME);
    assert_int_equal(piece->progress.stage, ATL_STAGE_IN_PRODUCTION);
    assert_int_equal(piece->progress.back, ATL_STAGE_NONE);
    fixture_end(store, name);
}

static atl_code undo(struct atl_store *store, struct atl_piece *piece)
{
    atl_code rc;

    OK(atl_store_begin(store, &fixture_error));
    rc = atl_pieces_undo(store, piece->id, 0, &fixture_by, piece, &fixture_error);
    if (rc)
        atl_store_rollback(store);
    else
        OK(atl_store_commit(store, &fixture_error));
    return rc;
}

static void undo_is_a_new_event_back_to_the_stage_before_and_never_past_the_money(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_event events[12];
    struct fixture_sale sale;
    struct atl_piece *piece = &sale.pieces[0];
    size_t count = 0;

    (void)state;
    fixture_sell(store, 1, &sale);
    assert_int_equal(undo(store, piece), ATL_E_CONFLICT); // the tender
    fixture_act(store, piece, ATL_ACT_START);
    fixture_act(store, piece, ATL_ACT_DONE);
    assert_int_equal(undo(store, piece), ATL_OK);
    assert_int_equal(piece->progress.stage, ATL_STAGE_IN_PRODUCTION);
    assert_int_equal(piece->version, 4);
    assert_int_equal(piece->made_ms, 0);
    assert_int_equal(undo(store, piece), ATL_OK); // the start, not the undo
    assert_int_equal(piece->progress.stage, ATL_STAGE_CONFIRMED);
    assert_int_equal(piece->started_ms, 0);
    assert_int_equal(undo(store, piece), ATL_E_CONFLICT);
    fixture_act(store, piece, ATL_ACT_HOLD);
    fixture_act(store, piece, ATL_ACT_RESUME);
    assert_int_equal(undo(store, piece), ATL_OK); // the resume: on hold again, and knows the way
    assert_int_equal(piece->progress.stage, ATL_STAGE_ON_HOLD);
    fixture_act(store, piece, ATL_ACT_RESUME);
    assert_int_equal(piece->progress.stage, ATL_STAGE_CONFIRMED);
    OK(atl_events_list(store, sale.order.id, piece->id, 0, events, 12, &count, &fixture_error));
    assert_int_equal(count, 9);
    assert_int_equal(events[3].kind, ATL_EVENT_UNDO);
    assert_int_equal(events[3].undoes, events[2].sequence);
    fixture_end(store, name);
}

static void what_another_system_did_is_not_undone_and_a_return_neither(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_by system = by_at(0);
    struct fixture_sale sale;
    struct atl_piece *piece = &sale.pieces[0];
    static const enum atl_act way[] = {ATL_ACT_START, ATL_ACT_DONE, ATL_ACT_PASS, ATL_ACT_HAND_OVER,
                                       ATL_ACT_RETURN};

    (void)state;
    fixture_sell(store, 1, &sale);
    system.origin = ATL_ORIGIN_SYSTEM;
    OK(act(store, piece->id, ATL_ACT_HOLD, 0, &system, piece));
    assert_int_equal(undo(store, piece), ATL_E_CONFLICT);
    piece = &sale.pieces[1];
    for (size_t i = 0; i < sizeof way / sizeof way[0]; i++)
        fixture_act(store, piece, way[i]);
    assert_int_equal(undo(store, piece), ATL_E_CONFLICT);
    assert_non_null(strstr(fixture_error.text, "return cannot be taken back"));
    fixture_end(store, name);
}

static struct atl_amendment amendment_of(const struct atl_answer_set *answers)
{
    struct atl_amendment amendment = {
        .answers = answers,
        .find = {.words = "autumn", .initials = "a"               },
        .proof = {.number = 77,      .state = ATL_PROOF_STATE_READY, .kind = 1},
        .signature = {.how = ATL_SIGN_READ_ALOUD,                 .employee_ref = "bob"                     },
        .price_minor = 1600,
        .work_s = 700,
    };

    memset(amendment.signature.hash, 9, sizeof amendment.signature.hash);
    return amendment;
}

static void an_amendment_gives_a_new_tag_revision_until_the_piece_is_begun(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_answer_set answers = {0};
    struct atl_answer_set found = {0};
    struct atl_amendment amendment;
    struct atl_event events[4];
    struct atl_answer list[ATL_ANSWERS_MAX];
    struct atl_order order[2];
    struct fixture_sale sale;
    uint8_t mac[32];
    struct atl_piece piece;
    size_t count = 0;
    bool cut;

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(atl_answer_set_add(&answers, "text", "Autumn", &fixture_error));
    amendment = amendment_of(&answers);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_pieces_amend(store, sale.pieces[0].id, 1, &amendment, &fixture_by, &piece,
                        &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    assert_int_equal(piece.tag_revision, 2);
    assert_int_equal(piece.version, 2);
    assert_int_equal(piece.price_minor, 1600);
    assert_int_equal(piece.signature.how, ATL_SIGN_READ_ALOUD);
    OK(atl_pieces_answers(store, piece.id, &found, &fixture_error));
    assert_string_equal(atl_answer_set_find(&found, "text"), "Autumn");
    assert_null(atl_answer_set_find(&found, "thread"));
    OK(atl_find_orders(store, &(struct atl_find){.words = "autumn"}, order, 2, &count, &cut,
                       &fixture_error));
    assert_int_equal(count, 1);

    OK(atl_events_list(store, sale.order.id, piece.id, 0, events, 4, &count, &fixture_error));
    assert_int_equal(events[1].kind, ATL_EVENT_AMENDED);
    OK(atl_signoff_text_mac(sale.order.salt, 32, list, atl_answer_set_list(&answers, list), mac,
                            &fixture_error));
    assert_memory_equal(events[1].text_mac, mac, sizeof mac); // the chain covers the words

    fixture_act(store, &piece, ATL_ACT_START);
    OK(atl_store_begin(store, &fixture_error));
    assert_int_equal(atl_pieces_amend(store, piece.id, 0, &amendment, &fixture_by, NULL, NULL),
                     ATL_E_CONFLICT);
    atl_store_rollback(store);
    fixture_end(store, name);
}

static void a_place_is_independent_of_the_stage(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_piece piece;

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_pieces_place(store, sale.pieces[0].id, "shelf B4", &fixture_by, &piece, &fixture_error));
    assert_int_equal(atl_pieces_place(store, sale.pieces[0].id,
                                      "a place with a name that is far too long to be written",
                                      &fixture_by, &piece, NULL),
                     ATL_E_INVALID);
    OK(atl_store_commit(store, &fixture_error));
    assert_string_equal(piece.place, "shelf B4");
    assert_int_equal(piece.progress.stage, ATL_STAGE_CONFIRMED);
    assert_int_equal(piece.version, 2);
    fixture_end(store, name);
}

static void a_preprinted_tag_hangs_on_one_piece_only(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_piece piece;
    struct atl_error err = {0};

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_pieces_bind_tag(store, sale.pieces[0].id, "PRE0001", &fixture_by, &piece,
                           &fixture_error));
    assert_int_equal(
        atl_pieces_bind_tag(store, sale.pieces[1].id, "PRE0001", &fixture_by, NULL, &err),
        ATL_E_CONFLICT);
    assert_string_equal(err.text, "the tag hangs on piece 000-001/1 already");
    OK(atl_store_commit(store, &fixture_error));
    OK(atl_pieces_find_tag(store, "PRE0001", &piece, &fixture_error));
    assert_string_equal(piece.id, sale.pieces[0].id);
    assert_int_equal(atl_pieces_find_tag(store, "", &piece, NULL), ATL_E_NOT_FOUND);
    fixture_end(store, name);
}

static void a_tag_is_missing_until_its_revision_was_printed_or_one_was_bound(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_amendment amendment;
    struct fixture_sale sale;
    struct atl_piece found[4];
    struct atl_job job;
    size_t count = 0;

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(atl_pieces_without_tag(store, found, 4, &count, &fixture_error));
    assert_int_equal(count, 3);
    for (int i = 0; i < 4; i++) { // the claim ticket and three tags; one stays in doubt
        OK(atl_jobs_claim(store, "front", FIXTURE_NOW_MS, 1000, &job, &fixture_error));
        OK(atl_jobs_begin_sending(store, &job, FIXTURE_NOW_MS, 1000, &fixture_error));
        OK(atl_jobs_finish(store, job.id, i == 2 ? ATL_JOB_UNKNOWN : ATL_JOB_SENT, "",
                           FIXTURE_NOW_MS, &fixture_error));
    }
    OK(atl_pieces_without_tag(store, found, 4, &count, &fixture_error));
    assert_int_equal(count, 1);
    assert_string_equal(found[0].id, sale.pieces[1].id);
    amendment = amendment_of(&sale.answers[0]);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_pieces_bind_tag(store, sale.pieces[1].id, "PRE1", &fixture_by, NULL, &fixture_error));
    OK(atl_pieces_amend(store, sale.pieces[0].id, 0, &amendment, &fixture_by, NULL,
                        &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    OK(atl_pieces_without_tag(store, found, 4, &count, &fixture_error));
    assert_int_equal(count, 1); // the amended one: its tag is an old one now
    assert_string_equal(found[0].id, sale.pieces[0].id);
    fixture_end(store, name);
}

static void a_promise_that_is_likely_to_break_is_on_the_list_until_the_guest_was_told(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_range later = {FIXTURE_NOW_MS + 9000000, FIXTURE_NOW_MS + 9900000};
    struct fixture_sale sale;
    struct atl_piece found[4];
    struct atl_piece piece;
    size_t count = 9;

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(atl_pieces_late(store, FIXTURE_NOW_MS, found, 4, &count, &fixture_error));
    assert_int_equal(count, 0);
    OK(atl_pieces_late(store, FIXTURE_NOW_MS + 7200000 + 130000, found, 4, &count, &fixture_error));
    assert_int_equal(count, 2); // promised a minute apart; the third is not due yet
    assert_string_equal(found[0].id, sale.pieces[0].id);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_pieces_told(store, sale.pieces[0].id, &fixture_by, &piece, &fixture_error));
    OK(atl_pieces_promise(store, sale.pieces[1].id, later, true, &fixture_by, &piece,
                          &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    assert_int_equal(piece.promise.until_ms, later.until_ms);
    assert_int_equal(piece.said.until_ms, FIXTURE_NOW_MS + 7200000 + 120000);
    assert_true(piece.is_late);
    OK(atl_pieces_late(store, FIXTURE_NOW_MS + 7200000 + 130000, found, 4, &count, &fixture_error));
    assert_int_equal(count, 0);
    fixture_end(store, name);
}

static void the_workshop_sees_its_queue_and_its_pace(void **state)
{
    static const enum atl_act way[] = {ATL_ACT_START, ATL_ACT_DONE, ATL_ACT_PASS};
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    int64_t counts[ATL_STAGE_COUNT];
    int32_t permille[8];
    struct atl_piece found[4];
    int64_t seconds = 0;
    size_t count = 0;

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(atl_pieces_queue_s(store, &seconds, &fixture_error));
    assert_int_equal(seconds, 1800);
    for (int i = 0; i < 3; i++) {
        const struct atl_by by = by_at(i * 900000); // 15 minutes a step, 10 were planned
        OK(act(store, sale.pieces[0].id, way[i], 0, &by, NULL));
    }
    OK(atl_pieces_queue_s(store, &seconds, &fixture_error));
    assert_int_equal(seconds, 1200);
    OK(atl_pieces_pace(store, FIXTURE_NOW_MS, permille, 8, &count, &fixture_error));
    assert_int_equal(count, 1);
    assert_int_equal(permille[0], 1500);
    OK(atl_pieces_count(store, counts, &fixture_error));
    assert_int_equal(counts[ATL_STAGE_CONFIRMED], 2);
    assert_int_equal(counts[ATL_STAGE_READY], 1);
    OK(atl_pieces_board(store, ATL_STAGE_CONFIRMED, 1, found, 4, &count, &fixture_error));
    assert_int_equal(count, 1);
    assert_string_equal(found[0].id, sale.pieces[2].id);
    OK(atl_pieces_uncollected(store, FIXTURE_NOW_MS + 1800001, found, 4, &count, &fixture_error));
    assert_int_equal(count, 1);
    OK(atl_pieces_uncollected(store, FIXTURE_NOW_MS + 1800000, found, 4, &count, &fixture_error));
    assert_int_equal(count, 0);
    fixture_end(store, name);
}

static void an_employee_whose_name_is_too_long_is_refused_and_nothing_is_written(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_by by = fixture_by;
    struct fixture_sale sale;
    struct atl_piece piece;

    (void)state;
    by.employee_ref = "an employee reference that is longer than any till would ever give one";
    fixture_sell(store, 1, &sale);
    assert_int_equal(act(store, sale.pieces[0].id, ATL_ACT_START, 0, &by, NULL), ATL_E_INVALID);
    OK(atl_pieces_find(store, sale.pieces[0].id, &piece, &fixture_error));
    assert_int_equal(piece.progress.stage, ATL_STAGE_CONFIRMED);
    fixture_end(store, name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tender_makes_confirmed_pieces_with_their_answers),
        cmocka_unit_test(what_was_dropped_or_unsigned_begins_on_hold),
        cmocka_unit_test(what_is_no_arrow_is_refused_with_a_sentence_and_changes_nothing),
        cmocka_unit_test(each_change_adds_a_version_and_an_event_that_says_who_and_why),
        cmocka_unit_test(a_stale_version_is_a_conflict),
        cmocka_unit_test(hold_and_resume_lead_back_to_where_it_was),
        cmocka_unit_test(undo_is_a_new_event_back_to_the_stage_before_and_never_past_the_money),
        cmocka_unit_test(what_another_system_did_is_not_undone_and_a_return_neither),
        cmocka_unit_test(an_amendment_gives_a_new_tag_revision_until_the_piece_is_begun),
        cmocka_unit_test(a_place_is_independent_of_the_stage),
        cmocka_unit_test(a_preprinted_tag_hangs_on_one_piece_only),
        cmocka_unit_test(a_tag_is_missing_until_its_revision_was_printed_or_one_was_bound),
        cmocka_unit_test(a_promise_that_is_likely_to_break_is_on_the_list_until_the_guest_was_told),
        cmocka_unit_test(the_workshop_sees_its_queue_and_its_pace),
        cmocka_unit_test(an_employee_whose_name_is_too_long_is_refused_and_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
