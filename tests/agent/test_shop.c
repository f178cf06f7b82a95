// SPDX-License-Identifier: Apache-2.0
// From the first answer to the order: drafts, vetoes, and what a tender makes of them.
#include "tests/agent/shop_fixture.h"

#include <stdlib.h>
#include <string.h>

// ---- drafts ----

static size_t draft_count(void)
{
    struct atl_draft *drafts = calloc(ATL_SHOP_PIECES_MAX, sizeof *drafts);
    size_t count = 0;

    OK(atl_drafts_list(shop.store, txn.uuid, NULL, drafts, ATL_SHOP_PIECES_MAX, &count,
                       &fixture_error));
    free(drafts);
    return count;
}

static void answers_that_are_refused_leave_no_draft(void **state)
{
    struct atl_pos_judgement judgement = capture(1, 1, NULL);

    (void)state;
    assert_false(judgement.is_allowed);
    assert_string_equal(judgement.findings[0].code, "required");
    assert_string_equal(judgement.findings[0].field, "text");
    judgement = capture(1, 1,
                        "\xE2\x80\xAE"
                        "evil"); // a right-to-left override
    assert_int_equal(draft_count(), judgement.is_allowed);
    judgement = capture(1, 1, "\xF0\x9F\x8C\xB8"); // no font of the shop has a blossom
    assert_false(judgement.is_allowed);
}

static void a_list_is_one_draft_a_unit_with_one_sign_off(void **state)
{
    struct atl_pos_judgement judgement = capture(3, 0, "Jill");

    (void)state;
    assert_true(judgement.is_allowed);
    assert_int_equal(draft_count(), 3);
    assert_int_equal(judgement.price_minor, 3 * 1500);
    OK(try_sign(3, 0, 0));
    assert_true(before().is_allowed);
    assert_int_equal(tender(3).held_count, 0);
    assert_int_equal(papers(ATL_DOCUMENT_TAG, ATL_JOB_QUEUED), 3);
    assert_int_equal(papers(ATL_DOCUMENT_CLAIM, ATL_JOB_QUEUED), 1);
}

static const char *preset_of(unsigned unit, const char *name)
{
    const struct atl_pos_line line = line_of(1, unit);
    const struct atl_shop_call call = call_about(&line);
    struct atl_pos_form form;

    OK(atl_shop_offer(&shop, &call, &form, &fixture_error));
    for (uint32_t i = 0; i < form.field_count; i++) {
        if (strcmp(form.fields[i].name, name) == 0)
            return form.fields[i].preset;
    }
    return NULL;
}

static void a_form_begins_with_what_the_unit_was_asked_for_before(void **state)
{
    (void)state;
    assert_null(preset_of(1, "text"));
    assert_string_equal(preset_of(1, "font"), "round"); // the catalogue's
    capture(1, 1, "Jill");
    assert_string_equal(preset_of(1, "text"), "Jill");
    assert_string_equal(preset_of(1, "font"), "round");
    OK(try_sign(1, 1, 0));
    tender(1);
    assert_string_equal(preset_of(1, "text"), "Jill"); // of the piece, to be amended
}

static void another_letter_needs_another_sign_off_and_the_same_ones_do_not(void **state)
{
    (void)state;
    capture(1, 1, "Jill");
    OK(try_sign(1, 1, 0));
    assert_false(capture(1, 1, "Jill").needs_sign_off);
    assert_true(before().is_allowed);
    assert_true(capture(1, 1, "Gill").needs_sign_off);
    assert_string_equal(before().code, "unsigned");
}

static void what_is_signed_is_the_picture_that_was_shown(void **state)
{
    int64_t shown = capture(1, 1, "Jill").proof_number;

    (void)state;
    capture(1, 1, "Jil");
    assert_int_equal(try_sign(1, 1, shown), ATL_E_CONFLICT);
    assert_false(before().is_allowed);
    shown = capture(1, 1, "Jill").proof_number;
    if (shown)
        OK(try_sign(1, 1, shown));
}

static void a_sign_off_without_a_draft_is_not_found(void **state)
{
    (void)state;
    assert_int_equal(try_sign(1, 1, 0), ATL_E_NOT_FOUND);
}

static void another_quantity_drops_what_is_above_it_and_asks_for_what_is_new(void **state)
{
    const struct atl_pos_line fewer = line_of(2, 0);
    const struct atl_pos_line more = line_of(4, 0);
    struct atl_shop_call call = call_about(&fewer);
    struct atl_pos_verdict verdict;

    (void)state;
    capture(3, 0, "Jill");
    OK(try_sign(3, 0, 0));
    IN_TRANSACTION(atl_shop_line_changed(&shop, &call, &verdict, &fixture_error));
    assert_null(verdict.warning);
    call = call_about(&more);
    IN_TRANSACTION(atl_shop_line_changed(&shop, &call, &verdict, &fixture_error));
    assert_non_null(strstr(verdict.warning, "2 more"));
    assert_int_equal(tender(4).held_count, 0); // the third left the sale, the fourth is plain
    assert_int_equal(the_order().piece_count, 2);
}

static void another_fabric_needs_another_sign_off(void **state)
{
    struct atl_pos_line line = line_of(1, 0);
    const struct atl_shop_call call = call_about(&line);
    struct atl_pos_verdict verdict;

    (void)state;
    capture(1, 1, "Jill");
    OK(try_sign(1, 1, 0));
    line.variant = "navy";
    IN_TRANSACTION(atl_shop_line_changed(&shop, &call, &verdict, &fixture_error));
    assert_string_equal(before().code, "unsigned");
}

static void a_unit_that_left_the_sale_is_no_piece(void **state)
{
    const struct atl_shop_call call = call_about(NULL);
    struct atl_pos_event event = {.size = sizeof event, .line_ref = "L1", .unit_index = 2};

    (void)state;
    capture(3, 0, "Jill");
    OK(try_sign(3, 0, 0));
    IN_TRANSACTION(atl_shop_line_voided(&shop, &call, &event, &fixture_error));
    assert_true(before().is_allowed);
    assert_int_equal(tender(3).held_count, 0);
    assert_int_equal(the_order().piece_count, 2);
    assert_int_equal(piece_of(3).progress.stage, ATL_STAGE_CONFIRMED);
}

static void a_line_that_was_voided_and_sold_all_the_same_waits_for_a_person(void **state)
{
    const struct atl_shop_call call = call_about(NULL);
    struct atl_pos_event event = {.size = sizeof event, .line_ref = "L1"};

    (void)state;
    capture(1, 1, "Jill");
    IN_TRANSACTION(atl_shop_line_voided(&shop, &call, &event, &fixture_error));
    assert_int_equal(tender(1).held_count, 1);
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_ON_HOLD);
}

static void a_draft_that_ran_out_and_is_sold_all_the_same_waits_for_a_person(void **state)
{
    int count = 0;

    (void)state;
    capture(2, 0, "Jill");
    OK(try_sign(2, 0, 0));
    now_ms += 73 * 60 * MINUTE_MS;
    assert_true(capture(2, 2, "Jill").is_allowed); // the second unit is taken up again
    OK(try_sign(2, 2, 0));
    IN_TRANSACTION(atl_drafts_expire(shop.store, now_ms, 50, &count, &fixture_error));
    assert_int_equal(count, 1);
    assert_int_equal(tender(2).held_count, 1); // and the first one is not forgotten
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_ON_HOLD);
    assert_int_equal(piece_of(2).progress.stage, ATL_STAGE_CONFIRMED);
}

// ---- money is taken ----

static void an_unsigned_draft_is_vetoed_with_its_place_and_waits_when_sold_past_it(void **state)
{
    struct atl_pos_verdict verdict;
    struct atl_pos_receipt receipt;

    (void)state;
    capture(1, 1, "Jill");
    verdict = before();
    assert_false(verdict.is_allowed);
    assert_string_equal(verdict.code, "unsigned");
    assert_string_equal(verdict.line_ref, "L1");
    assert_string_equal(verdict.field, "text");
    assert_int_equal(verdict.unit_index, 1);
    assert_non_null(strstr(verdict.reason, "not signed off"));
    receipt = tender(1);
    assert_int_equal(receipt.held_count, 1);
    assert_non_null(receipt.warning);
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_ON_HOLD);
    assert_int_equal(papers(ATL_DOCUMENT_TAG, ATL_JOB_QUEUED), 0);
}

static void a_picture_that_is_not_drawn_yet_is_vetoed_and_cannot_be_signed(void **state)
{
    struct atl_proofs *drawer = shop.proofs;

    (void)state;
    shop.proofs = NULL; // nobody draws
    assert_int_equal(capture(1, 1, "Jill").proof_state, ATL_POS_PROOF_PENDING);
    assert_int_equal(try_sign(1, 1, 0), ATL_E_CONFLICT);
    assert_string_equal(before().code, "proof_pending");
    shop.proofs = drawer;
    OK(try_sign(1, 1, 0));
    assert_true(before().is_allowed);
}

static void a_tender_makes_one_order_however_often_it_is_told(void **state)
{
    struct atl_pos_receipt first;
    struct atl_pos_receipt again;

    (void)state;
    capture(1, 1, "Jill");
    OK(try_sign(1, 1, 0));
    first = tender(1);
    again = tender(1);
    assert_string_equal(again.code, first.code);
    assert_string_equal(again.url, first.url);
    assert_int_equal(again.qr_width, first.qr_width);
    assert_int_equal(papers(ATL_DOCUMENT_CLAIM, ATL_JOB_QUEUED), 1);
    assert_int_equal(draft_count(), 0);
}

static void a_line_nobody_told_us_of_waits_for_a_person(void **state)
{
    (void)state;
    assert_int_equal(tender(2).held_count, 2);
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_ON_HOLD);
    assert_int_equal(piece_of(2).progress.stage, ATL_STAGE_ON_HOLD);
}

static void of_a_line_with_drafts_the_other_units_are_plain(void **state)
{
    (void)state;
    capture(3, 2, "Jill");
    OK(try_sign(3, 2, 0));
    assert_int_equal(tender(3).held_count, 0);
    assert_int_equal(the_order().piece_count, 1);
    assert_int_equal(piece_of(2).progress.stage, ATL_STAGE_CONFIRMED);
}

static void a_sale_with_nothing_of_ours_is_no_order(void **state)
{
    const struct atl_pos_tender paid = {.size = sizeof paid};
    const struct atl_shop_call call = call_about(NULL);
    char order_id[ATL_ORDER_ID_SIZE] = "";
    struct atl_pos_receipt receipt;

    (void)state;
    IN_TRANSACTION(atl_shop_tendered(&shop, &call, &paid, &receipt, order_id, &fixture_error));
    assert_string_equal(order_id, "");
    assert_null(receipt.code);
}

static void details_that_follow_confirm_the_piece_when_they_are_signed(void **state)
{
    (void)state;
    follow(1, 1);
    assert_true(before().is_allowed);
    assert_int_equal(tender(1).held_count, 0);
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_AWAITING_DETAILS);
    assert_true(capture(1, 1, "Jill").is_allowed);
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_AWAITING_DETAILS);
    OK(try_sign(1, 1, 0));
    assert_int_equal(piece_of(1).progress.stage, ATL_STAGE_CONFIRMED);
    assert_int_equal(papers(ATL_DOCUMENT_TAG, ATL_JOB_QUEUED), 1);
    assert_true(piece_of(1).promise.until_ms > now_ms);
}

static void who_needs_it_before_it_can_be_ready_is_told_before_payment(void **state)
{
    struct atl_pos_verdict verdict;

    (void)state;
    now_ms = FIXTURE_NOW_MS + 9 * 60 * MINUTE_MS; // 19:46, and the shop closes at 20:00
    capture(1, 1, "Jill");
    OK(try_sign(1, 1, 0));
    assert_null(before().warning);
    assert_true(wish("needed_by", "2026-11-25").is_allowed);
    verdict = before();
    assert_true(verdict.is_allowed); // a warning and no veto
    assert_string_equal(verdict.code, "promise_late");
    assert_non_null(strstr(verdict.warning, "tell the guest"));
    assert_true(wish("needed_by", "2026-11-27").is_allowed);
    assert_null(before().warning);
}

static void a_ticket_expires_and_a_tag_never_does(void **state)
{
    struct atl_job job;

    (void)state;
    sell("Jill");
    now_ms += (int64_t)(config.claim_minutes + 1) * MINUTE_MS;
    OK(atl_jobs_claim(shop.store, "none", now_ms, 30000, &job, &fixture_error));
    assert_int_equal(job.document, ATL_DOCUMENT_TAG);
    assert_int_equal(papers(ATL_DOCUMENT_CLAIM, ATL_JOB_EXPIRED), 1);
}

static void the_words_of_a_gift_are_not_on_the_receipt(void **state)
{
    struct atl_pos_receipt receipt;

    (void)state;
    capture(1, 1, "Jill");
    OK(try_sign(1, 1, 0));
    assert_true(wish("gift", "yes").is_allowed);
    receipt = tender(1);
    for (uint32_t i = 0; i < receipt.text_count; i++) {
        assert_null(strstr(receipt.texts[i], "Jill"));
        assert_null(strstr(receipt.texts[i], the_order().pin));
    }
    assert_int_equal(papers(ATL_DOCUMENT_GIFT, ATL_JOB_QUEUED), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answers_that_are_refused_leave_no_draft),
        TEST(a_list_is_one_draft_a_unit_with_one_sign_off),
        TEST(a_form_begins_with_what_the_unit_was_asked_for_before),
        TEST(another_letter_needs_another_sign_off_and_the_same_ones_do_not),
        TEST(what_is_signed_is_the_picture_that_was_shown),
        TEST(a_sign_off_without_a_draft_is_not_found),
        TEST(another_quantity_drops_what_is_above_it_and_asks_for_what_is_new),
        TEST(another_fabric_needs_another_sign_off),
        TEST(a_unit_that_left_the_sale_is_no_piece),
        TEST(a_line_that_was_voided_and_sold_all_the_same_waits_for_a_person),
        TEST(a_draft_that_ran_out_and_is_sold_all_the_same_waits_for_a_person),
        TEST(an_unsigned_draft_is_vetoed_with_its_place_and_waits_when_sold_past_it),
        TEST(a_picture_that_is_not_drawn_yet_is_vetoed_and_cannot_be_signed),
        TEST(a_tender_makes_one_order_however_often_it_is_told),
        TEST(a_line_nobody_told_us_of_waits_for_a_person),
        TEST(of_a_line_with_drafts_the_other_units_are_plain),
        TEST(a_sale_with_nothing_of_ours_is_no_order),
        TEST(details_that_follow_confirm_the_piece_when_they_are_signed),
        TEST(who_needs_it_before_it_can_be_ready_is_told_before_payment),
        TEST(a_ticket_expires_and_a_tag_never_does),
        TEST(the_words_of_a_gift_are_not_on_the_receipt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
