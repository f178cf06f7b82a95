// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/pricing.h"
#include "tests/support/catalogue_open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static struct atl_catalogue shop;

static int setup(void **state)
{
    (void)state;
    catalogue_open(&shop);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    atl_catalogue_free(&shop);
    return 0;
}

static void prices_are_the_sum_of_the_rules(void **state)
{
    // clang-format off
    static const struct {
        const char *sku;
        struct atl_answer answers[5];
        bool is_staff;
        int64_t total_minor;
        size_t lines;
    } rows[] = {
        {"TOTE-01",      {{"text", "Anna"}},                                        false, 1500, 1},
        {"TOTE-01",      {{"text", "Anna"}, {"thread", "navy"}, {"place", "front"}}, false, 1500, 1},
        {"TOTE-01",      {{"text", "Anna"}, {"thread", "gold"}},                    false, 1800, 2},
        {"TOTE-01",      {{"text", "Anna"}, {"height", "25"}, {"thread", "gold"}},  false, 2300, 3},
        {"TOTE-01",      {{"text", "abcdefghij"}},                                  false, 1500, 1},
        {"TOTE-01",      {{"text", "abcdefghijk"}},                                 false, 1600, 2},
        {"TOTE-01",      {{"text", "abcde fghij kl"}},                              false, 1700, 2}, // spaces are free
        {"TOTE-01",      {{"text", "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"}}, false, 1500, 1},
        {"TOTE-01",      {{"text", "Anna"}, {"rush", "yes"}},                       false, 2250, 2},
        {"TOTE-01",      {{"text", "Anna"}, {"rush", "no"}},                        false, 1500, 1},
        {"TOTE-01",      {{"text", "Anna"}},                                        true,  1050, 2},
        {"TOTE-01",      {{"text", "Anna"}, {"thread", "gold"}, {"rush", "yes"}},   true,  1890, 4},
        {"TOTE-01",      {{"thread", "no such thread"}},                            false, 1500, 1},
        {"TOTE-01",      {{NULL, NULL}},                                            false, 1500, 1},
        {"CLASS-FLORAL", {{"session", "2026-12-05-1400"}},                          true,  0,    1},
        {"SNEAKER-01",   {{"design", "peony"}, {"accent", "gold"}},                 false, 8000, 3},
    };
    // clang-format on

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_price price;
        struct atl_error err;
        size_t count = 0;
        int64_t sum = 0;

        while (count < 5 && rows[i].answers[count].name)
            count++;
        assert_int_equal(atl_price_propose(atl_catalogue_product(&shop, rows[i].sku),
                                           rows[i].answers, count, rows[i].is_staff, &price, &err),
                         ATL_OK);
        if (price.total_minor != rows[i].total_minor || price.line_count != rows[i].lines)
            fail_msg("row %zu: %lld in %zu lines", i, (long long)price.total_minor,
                     price.line_count);
        for (size_t line = 0; line < price.line_count; line++)
            sum += price.lines[line].price_minor;
        assert_int_equal(sum, price.total_minor);
    }
}

static void each_line_says_what_it_is_for(void **state)
{
    const struct atl_answer answers[] = {
        {"text",   "abcdefghijklm"},
        {"thread", "gold"         },
        {"rush",   "yes"          }
    };
    static const char *const french[] = {"Façonnage", "Or chatoyant", "Lettres × 3", "En priorité",
                                         "Remise personnel"};
    struct atl_price price;
    struct atl_error err;
    char text[64];

    (void)state;
    assert_int_equal(
        atl_price_propose(atl_catalogue_product(&shop, "TOTE-01"), answers, 3, true, &price, &err),
        ATL_OK);
    assert_int_equal(price.line_count, COUNT(french));
    for (size_t i = 0; i < COUNT(french); i++) {
        atl_price_line_say(&shop, &price.lines[i], "fr", text, sizeof(text));
        assert_string_equal(text, french[i]);
    }
    atl_price_line_say(&shop, &price.lines[0], "de", text, sizeof(text));
    assert_string_equal(text, "Service");
}

static void a_price_is_never_below_nothing(void **state)
{
    const struct atl_choice choice = {.value = "less", .price_minor = -5000};
    const struct atl_field field = {
        .name = "f", .kind = ATL_FIELD_CHOICE, .choices = &choice, .choice_count = 1};
    const struct atl_product product = {
        .fields = &field, .field_count = 1, .prices.base_minor = 100};
    const struct atl_answer answer = {"f", "less"};
    struct atl_price price;
    struct atl_error err;

    (void)state;
    assert_int_equal(atl_price_propose(&product, &answer, 1, false, &price, &err), ATL_OK);
    assert_int_equal(price.total_minor, 0);
}

static void a_price_that_leaves_the_numbers_is_refused(void **state)
{
    const struct atl_choice choice = {.value = "more", .price_minor = INT64_MAX};
    const struct atl_field field = {
        .name = "f", .kind = ATL_FIELD_CHOICE, .choices = &choice, .choice_count = 1};
    const struct atl_product product = {
        .fields = &field, .field_count = 1, .prices.base_minor = 100};
    const struct atl_answer answer = {"f", "more"};
    struct atl_price price = {.total_minor = 7};
    struct atl_error err;

    (void)state;
    assert_int_equal(atl_price_propose(&product, &answer, 1, false, &price, &err), ATL_E_INVALID);
    assert_int_equal(price.total_minor, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prices_are_the_sum_of_the_rules),
        cmocka_unit_test(each_line_says_what_it_is_for),
        cmocka_unit_test(a_price_is_never_below_nothing),
        cmocka_unit_test(a_price_that_leaves_the_numbers_is_refused),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
