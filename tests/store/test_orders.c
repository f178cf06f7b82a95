// SPDX-License-Identifier: Apache-2.0
// Orders, links, PIN tries, erasing, exporting, finding.
#include "tests/store/fixture.h"

#include "plugin/core/code.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char name[] = "shop.db";

static void a_sale_comes_back_as_it_was_written(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_order found;
    struct atl_order by_code;
    struct atl_order by_sale;

    (void)state;
    fixture_sell(store, 7, &sale);
    OK(atl_orders_find(store, sale.order.id, &found, &fixture_error));
    OK(atl_orders_find_code(store, sale.order.code, &by_code, &fixture_error));
    OK(atl_orders_find_transaction(store, "sale-7", &by_sale, &fixture_error));
    assert_string_equal(found.wish.contact, "guest-7@example.org");
    assert_string_equal(found.pin, "0007");
    assert_int_equal(found.total_minor, 4500);
    assert_int_equal(found.issue, 1);
    assert_int_equal(found.created_offset_min, 60);
    assert_memory_equal(found.salt, sale.order.salt, 32);
    assert_string_equal(found.transaction.business_day, "2026-11-08");
    assert_memory_equal(&found, &by_code, sizeof found);
    assert_memory_equal(&found, &by_sale, sizeof found);
    assert_int_equal(atl_orders_find_code(store, "000-999", &found, NULL), ATL_E_NOT_FOUND);
    assert_string_equal(found.pin, "0007"); // unchanged on failure
    fixture_end(store, name);
}

static void a_taken_code_sale_or_token_is_a_conflict_and_the_transaction_goes_on(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale first;
    struct fixture_sale other;
    struct fixture_sale again;
    bool is_there = false;

    (void)state;
    fixture_sell(store, 1, &first);
    OK(atl_store_begin(store, &fixture_error));
    fixture_fill(&other, 2);
    again = other;
    memcpy(again.order.code, first.order.code, sizeof again.order.code);
    assert_int_equal(atl_orders_add(store, &again.order, &fixture_by, NULL), ATL_E_CONFLICT);
    again = other;
    memcpy(again.order.transaction.uuid, first.order.transaction.uuid, ATL_REF_SIZE);
    assert_int_equal(atl_orders_add(store, &again.order, &fixture_by, NULL), ATL_E_CONFLICT);
    again = other;
    memcpy(again.order.token, first.order.token, sizeof again.order.token);
    assert_int_equal(atl_orders_add(store, &again.order, &fixture_by, NULL), ATL_E_CONFLICT);
    OK(atl_orders_add(store, &other.order, &fixture_by, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    OK(atl_orders_has_code(store, other.order.code, &is_there, &fixture_error));
    assert_true(is_there);
    fixture_end(store, name);
}

static void a_reissued_ticket_revokes_the_links_before_it(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct fixture_sale fresh;
    struct atl_guest_link links[8];
    struct atl_guest_link link;
    struct atl_order after;
    uint8_t sha256[32];
    size_t count = 0;

    (void)state;
    fixture_fill(&sale, 3);
    fixture_fill(&fresh, 4); // only its token is used
    sale.order.wish.is_gift = true;
    memcpy(sale.order.gift_token, sale.pieces[0].id, sizeof sale.order.gift_token);
    OK(fixture_tender(store, &sale, &fixture_error));
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_orders_reissue(store, sale.order.id, fresh.order.token, fresh.pieces[0].id, &fixture_by,
                          &after, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    assert_int_equal(after.issue, 2);
    OK(atl_orders_links(store, sale.order.id, links, 8, &count, &fixture_error));
    assert_int_equal(count, 4);
    atl_token_hash(sale.order.token, sha256);
    OK(atl_orders_find_link(store, sha256, &link, &after, &fixture_error));
    assert_true(link.is_revoked);
    assert_int_equal(link.scope, ATL_LINK_BUYER);
    atl_token_hash(fresh.pieces[0].id, sha256);
    OK(atl_orders_find_link(store, sha256, &link, &after, &fixture_error));
    assert_false(link.is_revoked);
    assert_int_equal(link.scope, ATL_LINK_GIFT);
    assert_string_equal(after.id, sale.order.id);
    memset(sha256, 1, sizeof sha256);
    assert_int_equal(atl_orders_find_link(store, sha256, &link, &after, NULL), ATL_E_NOT_FOUND);
    fixture_end(store, name);
}

static void the_pin_has_five_tries_an_hour(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    bool allowed = false;

    (void)state;
    fixture_sell(store, 1, &sale);
    OK(atl_store_begin(store, &fixture_error));
    for (int i = 0; i < 7; i++) {
        OK(atl_orders_pin_try(store, sale.order.id, FIXTURE_NOW_MS + i * 1000, &allowed,
                              &fixture_error));
        assert_int_equal(allowed, i < 5);
    }
    OK(atl_orders_pin_try(store, sale.order.id, FIXTURE_NOW_MS + 3600000, &allowed,
                          &fixture_error)); // the first one is an hour old
    assert_true(allowed);
    OK(atl_orders_pin_try(store, sale.order.id, FIXTURE_NOW_MS + 3600001, &allowed,
                          &fixture_error));
    assert_false(allowed);
    OK(atl_orders_pin_was_right(store, sale.order.id, &fixture_error));
    OK(atl_orders_pin_try(store, sale.order.id, FIXTURE_NOW_MS + 3600002, &allowed,
                          &fixture_error));
    assert_true(allowed);
    atl_store_rollback(store);
    fixture_end(store, name);
}

static void wishes_may_change_but_not_whether_it_is_a_gift(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_order_wish wish;
    struct atl_order found;

    (void)state;
    fixture_sell(store, 1, &sale);
    wish = sale.order.wish;
    snprintf(wish.language, sizeof wish.language, "ja");
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_orders_put_wish(store, sale.order.id, &wish, &fixture_error));
    wish.is_gift = true;
    assert_int_equal(atl_orders_put_wish(store, sale.order.id, &wish, NULL), ATL_E_CONFLICT);
    OK(atl_store_commit(store, &fixture_error));
    OK(atl_orders_find(store, sale.order.id, &found, &fixture_error));
    assert_string_equal(found.wish.language, "ja");
    fixture_end(store, name);
}

static void hand_over_all(struct atl_store *store, struct fixture_sale *sale)
{
    static const enum atl_act way[] = {ATL_ACT_START, ATL_ACT_DONE, ATL_ACT_PASS,
                                       ATL_ACT_HAND_OVER};

    for (int i = 0; i < FIXTURE_UNITS; i++) {
        for (size_t k = 0; k < sizeof way / sizeof way[0]; k++)
            fixture_act(store, &sale->pieces[i], way[k]);
    }
}

// Whether the bytes occur anywhere in the file.
static bool file_has(const char *path, const char *bytes)
{
    const size_t len = strlen(bytes);
    struct stat info;
    bool found = false;
    char *data;
    int fd;

    fd = open(path, O_RDONLY);
    if (fd < 0)
        return false;
    assert_int_equal(fstat(fd, &info), 0);
    data = malloc((size_t)info.st_size + 1);
    assert_non_null(data);
    assert_int_equal(read(fd, data, (size_t)info.st_size), info.st_size);
    for (off_t i = 0; i + (off_t)len <= info.st_size && !found; i++)
        found = memcmp(data + i, bytes, len) == 0;
    free(data);
    close(fd);
    return found;
}

static void hold_with_note(struct atl_store *store, struct atl_piece *piece, const char *note)
{
    const struct atl_piece_act what = {
        .piece_id = piece->id, .act = ATL_ACT_HOLD, .why = "question", .note = note};

    OK(atl_store_begin(store, &fixture_error));
    OK(atl_pieces_act(store, &what, &fixture_by, piece, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    fixture_act(store, piece, ATL_ACT_RESUME);
}

static void an_erased_order_leaves_no_word_and_its_chain_still_verifies(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_answer_set answers = {0};
    struct atl_chain chain = {0};
    struct fixture_sale sale;
    struct fixture_sale kept;
    struct atl_order found;
    struct atl_piece piece;

    (void)state;
    fixture_sell(store, 5551, &sale);
    fixture_sell(store, 2, &kept);
    hold_with_note(store, &sale.pieces[0], "Madame Xylophone rings back");
    OK(atl_store_begin(store, &fixture_error));
    assert_int_equal(atl_orders_erase(store, sale.order.id, false, &fixture_by, NULL),
                     ATL_E_CONFLICT); // the workshop still needs the words
    atl_store_rollback(store);
    hand_over_all(store, &sale);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_orders_erase(store, sale.order.id, false, &fixture_by, &fixture_error));
    OK(atl_orders_erase(store, sale.order.id, false, &fixture_by, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));

    OK(atl_orders_find(store, sale.order.id, &found, &fixture_error));
    assert_int_equal(found.erased_ms, FIXTURE_NOW_MS);
    assert_string_equal(found.wish.contact, "");
    assert_string_equal(found.token, "");
    assert_int_equal(found.total_minor, 4500);
    assert_int_equal(atl_pieces_answers(store, sale.pieces[0].id, &answers, NULL), ATL_E_NOT_FOUND);
    OK(atl_pieces_find(store, sale.pieces[0].id, &piece, &fixture_error));
    assert_int_equal(piece.price_minor, 1500);
    OK(atl_pieces_answers(store, kept.pieces[0].id, &answers, &fixture_error));
    OK(atl_events_verify(store, 0, &chain, &fixture_error));
    assert_int_equal(chain.gap_count, 0);

    OK(atl_store_checkpoint(store, true, NULL, &fixture_error));
    assert_true(file_has(name, "guest-2@example.org")); // the search finds what is there
    assert_false(file_has(name, "guest-5551@example.org"));
    assert_false(file_has(name, "lodie 5551."));
    assert_false(file_has(name, "Xylophone"));
    assert_false(file_has(name, sale.order.token));
    fixture_end(store, name);
}

static void the_retention_clock_names_orders_that_left_the_shop_long_ago(void **state)
{
    struct atl_store *store = fixture_make(name);
    char ids[4][ATL_ORDER_ID_SIZE];
    struct fixture_sale gone;
    struct fixture_sale open;
    size_t count = 9;

    (void)state;
    fixture_sell(store, 1, &gone);
    fixture_sell(store, 2, &open);
    hand_over_all(store, &gone);
    OK(atl_orders_to_erase(store, FIXTURE_NOW_MS, ids, 4, &count, &fixture_error));
    assert_int_equal(count, 0);
    OK(atl_orders_to_erase(store, FIXTURE_NOW_MS + 1, ids, 4, &count, &fixture_error));
    assert_int_equal(count, 1);
    assert_string_equal(ids[0], gone.order.id);
    fixture_end(store, name);
}

struct seen {
    int orders, pieces, events, jobs;
    bool has_text;
};

static atl_code see_order(void *ctx, const struct atl_order *order, struct atl_error *err)
{
    (void)order;
    (void)err;
    ((struct seen *)ctx)->orders++;
    return ATL_OK;
}

static atl_code see_piece(void *ctx, const struct atl_piece *piece,
                          const struct atl_answer_set *answers, struct atl_error *err)
{
    struct seen *seen = ctx;

    (void)piece;
    (void)err;
    seen->pieces++;
    seen->has_text |= atl_answer_set_find(answers, "text") != NULL;
    return ATL_OK;
}

static atl_code see_event(void *ctx, const struct atl_event *event, struct atl_error *err)
{
    (void)event;
    (void)err;
    ((struct seen *)ctx)->events++;
    return ATL_OK;
}

static atl_code see_job(void *ctx, const struct atl_job *job, struct atl_error *err)
{
    (void)job;
    ((struct seen *)ctx)->jobs++;
    return ((struct seen *)ctx)->jobs == 99 ? atl_fail(err, ATL_E_IO, "enough") : ATL_OK;
}

static void an_export_hands_over_everything_of_one_order(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct seen seen = {0};
    const struct atl_export to = {see_order, see_piece, see_event, see_job, &seen};
    struct atl_error err = {0};

    (void)state;
    fixture_sell(store, 1, &sale);
    fixture_sell(store, 2, &(struct fixture_sale){0});
    hand_over_all(store, &sale);
    OK(atl_orders_export(store, sale.order.id, &to, &fixture_error));
    assert_int_equal(seen.orders, 1);
    assert_int_equal(seen.pieces, 3);
    assert_int_equal(seen.events, 1 + 3 + 12);
    assert_int_equal(seen.jobs, 4);
    assert_true(seen.has_text);
    seen.jobs = 98;
    assert_int_equal(atl_orders_export(store, sale.order.id, &to, &err), ATL_E_IO);
    assert_string_equal(err.text, "enough");
    fixture_end(store, name);
}

static void an_order_is_found_by_what_a_guest_remembers(void **state)
{
    static const struct {
        struct atl_find query;
        size_t found;
    } rows[] = {
        {{.business_day = "2026-11-02"},                         1}, // sale 1
        {{.business_day = "2026-11-02", .sku = "SCARF"},         0},
        {{.sku = "TOTE"},                                        3}, // 1, 3, 5
        {{.variant = "navy"},                                    6},
        {{.variant = "red"},                                     0},
        {{.initials = "lde", .sku = "SCARF"},                    3},
        {{.words = "elodie ete"},                                6},
        {{.words = "elod"},                                      6},
        {{.words = "elodie winter"},                             0},
        {{.business_day = "2026-11-03", .words = "  d'elodie "}, 1},
        {{.words = "'; DROP TABLE orders; --"},                  0},
        {{.words = "%"},                                         0},
    };
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_order out[8];
    size_t count = 0;
    bool cut = true;

    (void)state;
    for (int n = 0; n < 6; n++)
        fixture_sell(store, n, &sale);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        OK(atl_find_orders(store, &rows[i].query, out, 8, &count, &cut, &fixture_error));
        if (count != rows[i].found)
            fail_msg("row %zu: found %zu", i, count);
        assert_false(cut);
    }
    OK(atl_find_orders(store, &(struct atl_find){.words = "ete"}, out, 2, &count, &cut,
                       &fixture_error));
    assert_int_equal(count, 2);
    assert_true(cut);
    assert_string_equal(out[0].id, sale.order.id); // the newest first
    assert_int_equal(
        atl_find_orders(store, &(struct atl_find){.words = ""}, out, 2, &count, &cut, NULL),
        ATL_E_INVALID);
    fixture_end(store, name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sale_comes_back_as_it_was_written),
        cmocka_unit_test(a_taken_code_sale_or_token_is_a_conflict_and_the_transaction_goes_on),
        cmocka_unit_test(a_reissued_ticket_revokes_the_links_before_it),
        cmocka_unit_test(the_pin_has_five_tries_an_hour),
        cmocka_unit_test(wishes_may_change_but_not_whether_it_is_a_gift),
        cmocka_unit_test(an_erased_order_leaves_no_word_and_its_chain_still_verifies),
        cmocka_unit_test(the_retention_clock_names_orders_that_left_the_shop_long_ago),
        cmocka_unit_test(an_export_hands_over_everything_of_one_order),
        cmocka_unit_test(an_order_is_found_by_what_a_guest_remembers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
