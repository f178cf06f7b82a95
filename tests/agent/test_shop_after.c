// SPDX-License-Identifier: Apache-2.0
// After payment: the workshop's acts, amending, hand-over, returns, and requests of other systems.
#include "plugin/agent/upkeep.h"
#include "plugin/wire/event_json.h"
#include "tests/agent/shop_fixture.h"

#include <stdio.h>
#include <string.h>

// ---- the workshop ----

static void the_same_act_within_three_seconds_counts_once(void **state)
{
    bool is_repeat = true;

    (void)state;
    sell("Jill");
    OK(try_act(ATL_ACT_START, &is_repeat));
    assert_false(is_repeat);
    now_ms += 2999;
    OK(try_act(ATL_ACT_START, &is_repeat));
    assert_true(is_repeat);
    assert_int_equal(piece_of(1).version, 2);
    now_ms += 2;
    assert_int_equal(try_act(ATL_ACT_START, &is_repeat), ATL_E_CONFLICT);
    OK(try_act(ATL_ACT_DONE, &is_repeat));
    assert_false(is_repeat);
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_QUALITY_CHECK);
}

static void amending_lifts_no_hold_of_the_workshop_and_nothing_that_was_begun(void **state)
{
    bool is_repeat;

    (void)state;
    sell("Jill");
    OK(try_act(ATL_ACT_HOLD, &is_repeat));
    capture(1, 1, "Gill");
    OK(try_sign(1, 1, 0));
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_ON_HOLD);
    assert_int_equal(piece_of(1).tag_revision, 2);
    OK(try_act(ATL_ACT_RESUME, &is_repeat));
    OK(try_act(ATL_ACT_START, &is_repeat));
    assert_string_equal(capture(1, 1, "Bill").findings[0].code, "started");
    assert_int_equal(piece_of(1).tag_revision, 2);
}

static void what_was_sold_unsigned_goes_on_when_it_is_signed(void **state)
{
    (void)state;
    capture(1, 1, "Jill");
    assert_int_equal(tender(1).held_count, 1);
    capture(1, 1, "Jill");
    OK(try_sign(1, 1, 0));
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_CONFIRMED);
}

// ---- the end ----

static void a_return_before_hand_over_cancels_or_asks_the_workshop(void **state)
{
    struct atl_pos_verdict verdict;
    bool is_repeat;

    (void)state;
    sell("Jill");
    OK(try_act(ATL_ACT_START, &is_repeat));
    verdict = bring_back(false);
    assert_true(verdict.is_allowed);
    assert_non_null(verdict.warning);
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_CANCEL_REQUESTED);
    OK(try_act(ATL_ACT_CANCEL_ACCEPT, &is_repeat));
    verdict = bring_back(false);
    assert_false(verdict.is_allowed);
    assert_string_equal(verdict.code, "not_handed_over");
}

static void what_was_made_to_order_comes_back_for_a_defect_only(void **state)
{
    (void)state;
    sell("Jill");
    make_ready();
    assert_true(collect(ATL_POS_COLLECT_IDENTITY_SEEN, NULL).is_allowed);
    assert_string_equal(bring_back(false).code, "made_to_order");
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_COLLECTED);
    assert_true(bring_back(true).is_allowed);
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_RETURNED);
}

static void a_piece_is_given_to_its_ticket_or_its_pin_when_it_is_ready(void **state)
{
    char wrong[ATL_ORDER_PIN_SIZE];

    (void)state;
    sell("Jill");
    assert_string_equal(collect(ATL_POS_COLLECT_TICKET, the_order().token).code, "not_ready");
    make_ready();
    assert_string_equal(collect(ATL_POS_COLLECT_TICKET, "K7F-2A1").code, "not_theirs");
    snprintf(wrong, sizeof wrong, "%s", the_order().pin);
    wrong[3] = wrong[3] == '0' ? '1' : '0';
    assert_string_equal(collect(ATL_POS_COLLECT_CODE_AND_PIN, wrong).code, "not_theirs");
    assert_string_equal(collect(ATL_POS_COLLECT_CODE_AND_PIN, "").code, "not_theirs");
    assert_true(collect(ATL_POS_COLLECT_CODE_AND_PIN, the_order().pin).is_allowed);
    assert_string_equal(collect(ATL_POS_COLLECT_IDENTITY_SEEN, NULL).code, "not_ready");
}

static void a_buyer_who_wants_to_collect_in_person_is_not_replaced_by_a_ticket(void **state)
{
    (void)state;
    capture(1, 1, "Jill");
    OK(try_sign(1, 1, 0));
    assert_true(wish("hand_over", "buyer").is_allowed);
    tender(1);
    make_ready();
    assert_string_equal(collect(ATL_POS_COLLECT_TICKET, the_order().token).code, "not_theirs");
    assert_true(collect(ATL_POS_COLLECT_CODE_AND_PIN, the_order().pin).is_allowed);
}

static void a_lost_ticket_ends_its_link_also_while_a_paper_of_it_still_waits(void **state)
{
    const struct atl_by by = atl_shop_by(&shop, ATL_ORIGIN_STAFF, "M4", NULL);
    char token[ATL_ORDER_TOKEN_SIZE];

    (void)state;
    sell("Anna");
    memcpy(token, the_order().token, sizeof token);
    assert_int_equal(papers(ATL_DOCUMENT_CLAIM, ATL_JOB_QUEUED), 1);
    OK(atl_shop_reprint(&shop, the_order().id, NULL, true, &by, &fixture_error));
    assert_string_not_equal(the_order().token, token);
    assert_int_equal(papers(ATL_DOCUMENT_CLAIM, ATL_JOB_QUEUED), 1); // it carries the new link
    // Asked for again without being lost, it would only be a second one of what is coming anyway.
    assert_int_equal(atl_shop_reprint(&shop, the_order().id, NULL, false, &by, &fixture_error),
                     ATL_E_CONFLICT);
}

static void five_wrong_pins_close_the_door_for_an_hour(void **state)
{
    (void)state;
    sell("Jill");
    make_ready();
    for (int i = 0; i < 5; i++)
        assert_false(collect(ATL_POS_COLLECT_CODE_AND_PIN, "xxxx").is_allowed);
    assert_false(collect(ATL_POS_COLLECT_CODE_AND_PIN, the_order().pin).is_allowed);
    now_ms += 60 * MINUTE_MS + 1;
    assert_true(collect(ATL_POS_COLLECT_CODE_AND_PIN, the_order().pin).is_allowed);
}

// ---- requests of other systems ----

static int request_number;

// Whether the shop did what the feed asked for; *reason when not.
static bool ask(const struct atl_request *request, char *reason, size_t size)
{
    struct atl_feed_request item = {.received_ms = now_ms};
    struct atl_outbox_row rows[64];
    struct atl_buf text;
    struct atl_buf data;
    size_t count = 0;
    bool yes;

    snprintf(item.id, sizeof item.id, "request-%d", ++request_number);
    snprintf(item.type, sizeof item.type, "%s", request->type_name);
    atl_buf_init(&text, 4096);
    OK(atl_request_write(request, &text, &fixture_error));
    item.data = (const char *)text.data;
    OK(atl_feed_save(shop.store, item.id, &item, 1, NULL, &fixture_error));
    OK(atl_shop_answer_request(&config, shop.store, now_ms, &fixture_error));
    atl_buf_free(&text);
    atl_buf_init(&data, 1 << 20);
    OK(atl_outbox_next(shop.store, 0, 1 << 20, rows, 64, &count, &data, &fixture_error));
    assert_true(count > 0);
    snprintf(reason, size, "%s", (const char *)data.data + rows[count - 1].data_at);
    yes = strstr(reason, "\"is_accepted\":true") != NULL;
    atl_buf_free(&data);
    return yes;
}

static void a_cancel_is_done_before_the_start_asked_after_it_and_refused_at_the_end(void **state)
{
    struct atl_request cancel = {.id = "01J00000000000000000000000",
                                 .type = ATL_REQUEST_CANCEL,
                                 .type_name = "atelier.request.cancel.v1"};
    char reason[512];
    bool is_repeat;
    struct atl_order order;

    (void)state;
    sell("Jill");
    order = the_order();
    cancel.order = order.id;
    OK(try_act(ATL_ACT_START, &is_repeat));
    assert_true(ask(&cancel, reason, sizeof reason));
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_CANCEL_REQUESTED);
    OK(try_act(ATL_ACT_CANCEL_REFUSE, &is_repeat));
    now_ms += 5000;
    OK(try_act(ATL_ACT_DONE, &is_repeat));
    OK(try_act(ATL_ACT_PASS, &is_repeat));
    assert_true(collect(ATL_POS_COLLECT_IDENTITY_SEEN, NULL).is_allowed);
    assert_false(ask(&cancel, reason, sizeof reason));
    assert_non_null(strstr(reason, "cannot be done"));
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_COLLECTED);
}

static void a_scan_from_afar_opens_nothing_and_advances_by_its_act_only(void **state)
{
    struct atl_request scan = {.id = "01J00000000000000000000001",
                               .type = ATL_REQUEST_SCAN,
                               .type_name = "atelier.request.scan.v1",
                               .device = "gate",
                               .scan = "01J00000000000000000000002"};
    char reason[512];
    struct atl_piece piece;

    (void)state;
    sell("Jill");
    piece = piece_of(1);
    scan.code = piece.code;
    scan.act = "done";
    assert_false(ask(&scan, reason, sizeof reason)); // it was not started
    scan.act = "start";
    assert_true(ask(&scan, reason, sizeof reason));
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_IN_PRODUCTION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_act_within_three_seconds_counts_once),
        TEST(amending_lifts_no_hold_of_the_workshop_and_nothing_that_was_begun),
        TEST(what_was_sold_unsigned_goes_on_when_it_is_signed),
        TEST(a_return_before_hand_over_cancels_or_asks_the_workshop),
        TEST(what_was_made_to_order_comes_back_for_a_defect_only),
        TEST(a_piece_is_given_to_its_ticket_or_its_pin_when_it_is_ready),
        TEST(a_buyer_who_wants_to_collect_in_person_is_not_replaced_by_a_ticket),
        TEST(a_lost_ticket_ends_its_link_also_while_a_paper_of_it_still_waits),
        TEST(five_wrong_pins_close_the_door_for_an_hour),
        TEST(a_cancel_is_done_before_the_start_asked_after_it_and_refused_at_the_end),
        TEST(a_scan_from_afar_opens_nothing_and_advances_by_its_act_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
