// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/form.h"
#include "tests/support/catalogue_open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

enum { ARENA_BYTES = 1024 * 1024 };

static struct atl_catalogue shop;
static struct atl_arena arena;

static int setup_group(void **state)
{
    (void)state;
    catalogue_open(&shop);
    return 0;
}

static int teardown_group(void **state)
{
    (void)state;
    atl_catalogue_free(&shop);
    return 0;
}

static int setup(void **state)
{
    (void)state;
    atl_arena_init(&arena, ARENA_BYTES);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    atl_arena_free(&arena);
    return 0;
}

static void an_order_is_asked_five_things_and_needs_none(void **state)
{
    const struct atl_form_ask ask = {.catalogue = &shop, .today = "2026-11-22"};
    struct atl_form_result result;
    struct atl_form form;
    struct atl_error err;

    (void)state;
    assert_int_equal(atl_form_make_order(&shop, "ja", &arena, &form, &err), ATL_OK);
    assert_int_equal(form.count, 5);
    assert_string_equal(form.fields[0].choices, "en\tEnglish\nfr\tFrançais\nja\t日本語\n");
    assert_string_equal(form.fields[1].label, "贈り物");
    for (size_t i = 0; i < form.count; i++)
        assert_false(form.fields[i].is_required);
    assert_int_equal(atl_form_check_order(&ask, &arena, &result, &err), ATL_OK);
    assert_true(result.is_allowed);
    assert_int_equal(result.answer_count, 0);
}

static void an_orders_answers_are_checked(void **state)
{
    static const struct {
        struct atl_answer answer;
        const char *code; // NULL: fine
    } rows[] = {
        {{"language", "fr"},                NULL            },
        {{"language", "tlh"},               "unknown_choice"},
        {{"gift", "yes"},                   NULL            },
        {{"needed_by", "2026-11-22"},       NULL            },
        {{"needed_by", "2026-12-24T16:30"}, NULL            },
        {{"needed_by", "2026-11-21"},       "date_past"     },
        {{"needed_by", "2026-02-30"},       "date"          },
        {{"needed_by", "tomorrow"},         "date"          },
        {{"needed_by", "2026-12-24T24:30"}, "date"          },
        {{"needed_by", "2026-12-24 16:30"}, "date"          },
        {{"hand_over", "buyer"},            NULL            },
        {{"hand_over", "anybody"},          "unknown_choice"},
        {{"contact", "a@b.example"},        NULL            },
        {{"contact", "a\nb"},               "control"       },
        {{"text", "Anna"},                  "unknown_field" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct atl_form_ask ask = {.catalogue = &shop,
                                         .answers = &rows[i].answer,
                                         .answer_count = 1,
                                         .today = "2026-11-22"};
        struct atl_form_result result;
        struct atl_error err;

        assert_int_equal(atl_form_check_order(&ask, &arena, &result, &err), ATL_OK);
        assert_int_equal(result.is_allowed, !rows[i].code);
        if (rows[i].code)
            assert_string_equal(result.findings[0].code, rows[i].code);
    }
}

static void a_day_alone_ends_at_midnight(void **state)
{
    struct atl_civil civil = {.year = 1};

    (void)state;
    assert_true(atl_form_needed_by("2026-12-24", &civil));
    assert_int_equal(civil.hour, 23);
    assert_int_equal(civil.minute, 59);
    assert_true(atl_form_needed_by("2026-12-24T08:05", &civil));
    assert_int_equal(civil.hour, 8);
    assert_int_equal(civil.minute, 5);
    civil.year = 1;
    assert_false(atl_form_needed_by("2026-13-24", &civil));
    assert_false(atl_form_needed_by("", &civil));
    assert_int_equal(civil.year, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_order_is_asked_five_things_and_needs_none, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_orders_answers_are_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(a_day_alone_ends_at_midnight, setup, teardown),
    };

    return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
