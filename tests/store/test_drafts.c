// SPDX-License-Identifier: Apache-2.0
// Drafts and sales that are going on; keys of repeated calls.
#include "tests/store/fixture.h"

#include <stdio.h>
#include <string.h>

static const char name[] = "shop.db";

static struct atl_draft draft_of(const char *uuid, uint32_t unit)
{
    struct atl_draft draft = {.unit_index = unit, .kind = ATL_KIND_EMBROIDERY};

    snprintf(draft.transaction_uuid, sizeof draft.transaction_uuid, "%s", uuid);
    snprintf(draft.line_ref, sizeof draft.line_ref, "line-1");
    snprintf(draft.sku, sizeof draft.sku, "TOTE");
    OK(atl_answer_set_add(&draft.answers, "text", "Élodie", &fixture_error));
    draft.price_minor = 1500;
    draft.promise.until_ms = FIXTURE_NOW_MS + 3600000;
    draft.signature.how = ATL_SIGN_TURNED_SCREEN;
    draft.changed_ms = FIXTURE_NOW_MS;
    return draft;
}

static void put(struct atl_store *store, const struct atl_draft *draft)
{
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_drafts_put(store, draft, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
}

static void a_draft_comes_back_and_a_later_one_takes_its_place(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_draft draft = draft_of("sale-1", 1);
    struct atl_draft found = {0};
    struct atl_draft list[4];
    size_t count = 0;

    (void)state;
    snprintf(draft.overruled, sizeof draft.overruled, "listed_word");
    snprintf(draft.overruled_by, sizeof draft.overruled_by, "manager-1");
    put(store, &draft);
    OK(atl_drafts_find(store, "sale-1", "line-1", 1, &found, &fixture_error));
    assert_memory_equal(&found, &draft, sizeof found);
    draft.price_minor = 1700;
    put(store, &draft);
    draft = draft_of("sale-1", 2);
    put(store, &draft);
    draft = draft_of("sale-2", 1);
    put(store, &draft);
    OK(atl_drafts_list(store, "sale-1", NULL, list, 4, &count, &fixture_error));
    assert_int_equal(count, 2);
    assert_int_equal(list[0].price_minor, 1700);
    assert_int_equal(list[1].unit_index, 2);
    OK(atl_drafts_list(store, "sale-1", "line-9", list, 4, &count, &fixture_error));
    assert_int_equal(count, 0);
    fixture_end(store, name);
}

static void a_draft_without_a_unit_is_refused(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_draft draft = draft_of("sale-1", 0);

    (void)state;
    OK(atl_store_begin(store, &fixture_error));
    assert_int_equal(atl_drafts_put(store, &draft, NULL), ATL_E_INVALID);
    atl_store_rollback(store);
    fixture_end(store, name);
}

static void a_slip_is_taken_up_once_on_any_screen(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_draft draft = draft_of("screen-1", 1);
    struct atl_draft other = draft_of("sale-2", 1);
    struct atl_draft found;

    (void)state;
    snprintf(draft.slip_code, sizeof draft.slip_code, "S77");
    put(store, &draft);
    put(store, &other);
    snprintf(other.slip_code, sizeof other.slip_code, "S77");
    OK(atl_store_begin(store, &fixture_error));
    assert_int_equal(atl_drafts_put(store, &other, NULL), ATL_E_CONFLICT);
    assert_int_equal(atl_drafts_take_up(store, "S78", "sale-1", "line-1", 1, FIXTURE_NOW_MS, NULL),
                     ATL_E_NOT_FOUND);
    assert_int_equal(atl_drafts_take_up(store, "S77", "sale-2", "line-1", 1, FIXTURE_NOW_MS, NULL),
                     ATL_E_CONFLICT);
    OK(atl_drafts_take_up(store, "S77", "sale-1", "line-1", 1, FIXTURE_NOW_MS, &fixture_error));
    OK(atl_drafts_take_up(store, "S77", "sale-1", "line-1", 1, FIXTURE_NOW_MS, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    OK(atl_drafts_find_slip(store, "S77", &found, &fixture_error));
    assert_string_equal(found.transaction_uuid, "sale-1");
    assert_int_equal(atl_drafts_find(store, "screen-1", "line-1", 1, &found, NULL),
                     ATL_E_NOT_FOUND);
    assert_int_equal(atl_drafts_find_slip(store, "", &found, NULL), ATL_E_NOT_FOUND);
    fixture_end(store, name);
}

static void put_sale(struct atl_store *store, const char *uuid, bool is_suspended,
                     int64_t changed_ms)
{
    struct atl_sale sale = {.is_suspended = is_suspended, .changed_ms = changed_ms};

    snprintf(sale.transaction.uuid, sizeof sale.transaction.uuid, "%s", uuid);
    snprintf(sale.wish.language, sizeof sale.wish.language, "ja");
    sale.wish.is_gift = true;
    sale.has_wish = true;
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_sales_put(store, &sale, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
}

static void a_suspended_sale_keeps_its_drafts_and_wishes(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_draft waits = draft_of("suspended", 1);
    struct atl_draft goes = draft_of("forgotten", 1);
    struct atl_draft found;
    struct atl_sale sale;
    int count = 0;

    (void)state;
    waits.expires_ms = FIXTURE_NOW_MS + 1000;
    goes.expires_ms = FIXTURE_NOW_MS + 1000;
    put(store, &waits);
    put(store, &goes);
    put_sale(store, "suspended", true, FIXTURE_NOW_MS);
    put_sale(store, "forgotten", false, FIXTURE_NOW_MS);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_drafts_expire(store, FIXTURE_NOW_MS + 999, 50, &count, &fixture_error));
    assert_int_equal(count, 0);
    OK(atl_drafts_expire(store, FIXTURE_NOW_MS + 1000, 50, &count, &fixture_error));
    assert_int_equal(count, 1);
    OK(atl_store_commit(store, &fixture_error));
    OK(atl_drafts_find(store, "forgotten", "line-1", 1, &found, &fixture_error));
    assert_true(found.is_dropped); // a tender past that still finds what was meant
    assert_string_equal(atl_answer_set_find(&found.answers, "text"), "Élodie");
    OK(atl_drafts_find(store, "suspended", "line-1", 1, &found, &fixture_error));
    assert_false(found.is_dropped);
    OK(atl_sales_find(store, "suspended", &sale, &fixture_error));
    assert_true(sale.is_suspended && sale.wish.is_gift && sale.has_wish);
    assert_string_equal(sale.wish.language, "ja");
    assert_int_equal(atl_sales_find(store, "nobody", &sale, NULL), ATL_E_NOT_FOUND);
    fixture_end(store, name);
}

static void old_sales_are_swept_and_removed_ones_leave_nothing(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_draft draft = draft_of("old", 1);
    struct atl_draft list[4];
    struct atl_sale sale;
    size_t count = 9;
    int swept = 0;

    (void)state;
    put(store, &draft);
    put_sale(store, "old", false, FIXTURE_NOW_MS);
    draft = draft_of("new", 1);
    draft.changed_ms = FIXTURE_NOW_MS + 5000;
    put(store, &draft);
    put_sale(store, "new", false, FIXTURE_NOW_MS);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_drafts_sweep(store, FIXTURE_NOW_MS + 1000, 50, &swept, &fixture_error));
    assert_int_equal(swept, 2); // draft and sale of the old one
    OK(atl_drafts_list(store, "new", NULL, list, 4, &count, &fixture_error));
    assert_int_equal(count, 1);
    OK(atl_drafts_remove(store, "new", &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    OK(atl_drafts_list(store, "new", NULL, list, 4, &count, &fixture_error));
    assert_int_equal(count, 0);
    assert_int_equal(atl_sales_find(store, "new", &sale, NULL), ATL_E_NOT_FOUND);
    assert_int_equal(atl_sales_find(store, "old", &sale, NULL), ATL_E_NOT_FOUND);
    fixture_end(store, name);
}

static void what_is_scarce_is_held_for_a_time_and_taken_for_good_by_a_sale(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_draft draft = draft_of("sale-a", 1);
    struct fixture_sale sale;
    int64_t taken = -1;

    (void)state;
    snprintf(draft.scarce, sizeof draft.scarce, "class-1");
    draft.held_until_ms = FIXTURE_NOW_MS + 1000;
    put(store, &draft);
    fixture_fill(&sale, 1);
    snprintf(sale.pieces[0].scarce, sizeof sale.pieces[0].scarce, "class-1");
    OK(fixture_tender(store, &sale, &fixture_error));
    OK(atl_scarce_taken(store, "class-1", FIXTURE_NOW_MS, &taken, &fixture_error));
    assert_int_equal(taken, 2);
    OK(atl_scarce_taken(store, "class-1", FIXTURE_NOW_MS + 1000, &taken, &fixture_error));
    assert_int_equal(taken, 1);
    OK(atl_scarce_taken(store, "", FIXTURE_NOW_MS, &taken, &fixture_error));
    assert_int_equal(taken, 0);
    fixture_act(store, &sale.pieces[0], ATL_ACT_CANCEL);
    OK(atl_scarce_taken(store, "class-1", FIXTURE_NOW_MS + 1000, &taken, &fixture_error));
    assert_int_equal(taken, 0);
    fixture_end(store, name);
}

static void a_repeated_key_brings_the_first_answer_and_another_content_is_a_conflict(void **state)
{
    struct atl_store *store = fixture_make(name);
    const uint8_t asked[32] = {1, 2, 3};
    const uint8_t other[32] = {1, 2, 4};
    struct atl_idem what = {"capture-1", "capture", asked};
    struct atl_error err = {0};
    struct atl_buf answer;
    int swept = 0;

    (void)state;
    atl_buf_init(&answer, 1 << 16);
    assert_int_equal(atl_idem_find(store, &what, &answer, NULL), ATL_E_NOT_FOUND);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_idem_put(store, &what, "", "bin\0ary", 7, FIXTURE_NOW_MS, &fixture_error));
    assert_int_equal(atl_idem_put(store, &what, "", "x", 1, FIXTURE_NOW_MS, NULL), ATL_E_CONFLICT);
    OK(atl_store_commit(store, &fixture_error));
    OK(atl_idem_find(store, &what, &answer, &fixture_error));
    assert_int_equal(answer.len, 7);
    assert_memory_equal(answer.data, "bin\0ary", 7);
    what.request_sha256 = other;
    assert_int_equal(atl_idem_find(store, &what, &answer, &err), ATL_E_CONFLICT);
    what.request_sha256 = asked;
    what.call = "tendered";
    assert_int_equal(atl_idem_find(store, &what, &answer, &err), ATL_E_CONFLICT);
    assert_int_equal(answer.len, 7); // unchanged on failure
    what.key = "";
    assert_int_equal(atl_idem_find(store, &what, &answer, NULL), ATL_E_INVALID);

    fixture_sell(store, 1, &(struct fixture_sale){0}); // its key lives as long as the order
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_idem_sweep(store, FIXTURE_NOW_MS + 1, 50, &swept, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    assert_int_equal(swept, 1);
    atl_buf_free(&answer);
    fixture_end(store, name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_draft_comes_back_and_a_later_one_takes_its_place),
        cmocka_unit_test(a_draft_without_a_unit_is_refused),
        cmocka_unit_test(a_slip_is_taken_up_once_on_any_screen),
        cmocka_unit_test(a_suspended_sale_keeps_its_drafts_and_wishes),
        cmocka_unit_test(old_sales_are_swept_and_removed_ones_leave_nothing),
        cmocka_unit_test(what_is_scarce_is_held_for_a_time_and_taken_for_good_by_a_sale),
        cmocka_unit_test(a_repeated_key_brings_the_first_answer_and_another_content_is_a_conflict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
