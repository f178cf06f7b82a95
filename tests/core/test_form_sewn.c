// SPDX-License-Identifier: Apache-2.0
// A letter that thread cannot make so small is refused at the till, with the nearest height.
#include "plugin/core/form.h"
#include "tests/support/catalogue_open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows)  (sizeof(rows) / sizeof(rows)[0])
#define NB           "\xC2\xA0"
#define PRODUCT      "TOTE-01"
#define LINE_CAP     32
#define RESULT_BYTES (1 << 20)

static struct atl_arena arena;

// The shipped catalogue, in which A of the round lettering does what `good` says at 6, 8, 15 and
// 25 mm.
static void open_with(const char *good, struct atl_catalogue *out)
{
    char now[LINE_CAP];
    struct catalogue_change change = {"fonts/comfortaa-bold.qualified", "glyph 41 ++++", now};
    struct atl_error err = {0};
    struct atl_buf report;

    snprintf(now, sizeof now, "glyph 41 %s", good);
    atl_buf_init(&report, 65536);
    if (catalogue_open_changed(&change, out, &report, &err))
        fail_msg("%s", err.text);
    atl_buf_free(&report);
    atl_arena_init(&arena, RESULT_BYTES);
}

static struct atl_form_result check(const struct atl_catalogue *shop, const char *language,
                                    const struct atl_answer *answers, size_t count)
{
    const struct atl_form_ask ask = {
        .catalogue = shop,
        .product = atl_catalogue_product(shop, PRODUCT),
        .answers = answers,
        .answer_count = count,
        .staff_language = language,
        .guest_language = language,
        .now_ms = INT64_C(1796475600000),
    };
    struct atl_form_result result;
    struct atl_error err = {0};

    assert_int_equal(atl_form_check(&ask, &arena, &result, &err), ATL_OK);
    return result;
}

static void close_shop(struct atl_catalogue *shop)
{
    atl_arena_free(&arena);
    atl_catalogue_free(shop);
}

static void the_nearest_height_that_works_is_proposed(void **state)
{
    // clang-format off
    static const struct {
        const char *good, *text, *height, *proposal; // NULL: it is taken
    } rows[] = {
        {"++++", "ANNA",      "8",  NULL}, // the control
        {"--++", "ANNA",      "8",  "15"},
        {"---+", "ANNA",      "8",  "25"},
        {"---+", "ANNA",      "15", "25"},
        {"++--", "ANNA",      "15", "8" },
        {"++-+", "ANNA",      "15", "8" }, // 7 mm away, 25 mm is 10
        {"++-+", "NINO",      "15", NULL}, // other letters are as they were
        {"++-+", "ALEXANDRA", "15", "8" },
        {"-+-+", "ALEXANDRAS","15", "8" },
    };
    // clang-format on

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct atl_answer answers[] = {
            {"text",   rows[i].text  },
            {"height", rows[i].height}
        };
        struct atl_catalogue shop;
        struct atl_form_result result;

        open_with(rows[i].good, &shop);
        result = check(&shop, "en", answers, COUNT(answers));
        assert_int_equal(result.is_allowed, !rows[i].proposal);
        if (rows[i].proposal) {
            assert_int_equal(result.finding_count, 1);
            assert_string_equal(result.findings[0].code, "unsewable");
            assert_string_equal(result.findings[0].field, "height");
            assert_string_equal(result.findings[0].proposal, rows[i].proposal);
            assert_false(result.findings[0].may_be_overruled);
        }
        close_shop(&shop);
    }
}

static void it_is_said_in_every_language(void **state)
{
    static const struct atl_answer answers[] = {
        {"text",   "ANNA"},
        {"height", "8"   }
    };
    // clang-format off
    static const struct {
        const char *language, *staff, *guest;
    } rows[] = {
        {"en", "“A” cannot be sewn 8 mm high in Round; 15 mm high it can.",
               "At this size “A” would not come out well. In letters of 15 mm it does."},
        {"fr", "«" NB "A" NB "» ne peut pas être brodé à 8 mm en Ronde" NB "; à 15 mm, c'est possible.",
               "À cette taille, «" NB "A" NB "» ne serait pas net. En lettres de 15 mm, il l'est."},
        {"ja", "書体丸ゴシックの8 mmでは「A」を刺繍できません。15 mmなら刺繍できます。",
               "この大きさでは「A」が美しく仕上がりません。15 mmでしたら美しく仕上がります。"},
    };
    // clang-format on
    struct atl_catalogue shop;

    (void)state;
    open_with("--++", &shop);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_form_result result = check(&shop, rows[i].language, answers, COUNT(answers));

        assert_string_equal(result.findings[0].staff_text, rows[i].staff);
        assert_string_equal(result.findings[0].guest_text, rows[i].guest);
    }
    close_shop(&shop);
}

static void another_lettering_is_proposed_where_no_height_helps(void **state)
{
    static const struct atl_answer answers[] = {
        {"text",   "ANNA"},
        {"height", "15"  }
    };
    struct atl_catalogue shop;
    struct atl_form_result result;

    (void)state;
    open_with("----", &shop);
    result = check(&shop, "en", answers, COUNT(answers));
    assert_int_equal(result.finding_count, 1);
    assert_string_equal(result.findings[0].code, "unsewable");
    assert_string_equal(result.findings[0].field, "font");
    assert_string_equal(result.findings[0].proposal, "upright");
    assert_string_equal(result.findings[0].staff_text,
                        "“A” cannot be sewn 15 mm high in Round; in Upright it can.");
    close_shop(&shop);
}

// In a medallion the outer letters are two thirds of 8 mm: below all that was judged.
static void the_outer_letters_of_a_monogram_are_smaller(void **state)
{
    static const struct atl_answer answers[] = {
        {"text",   "LEB"      },
        {"layout", "medallion"},
        {"height", "8"        }
    };
    struct atl_catalogue shop;
    struct atl_form_result result;

    (void)state;
    open_with("++++", &shop);
    result = check(&shop, "en", answers, COUNT(answers));
    assert_int_equal(result.finding_count, 1);
    assert_string_equal(result.findings[0].code, "unsewable");
    assert_string_equal(result.findings[0].proposal, "15");
    assert_string_equal(result.findings[0].staff_text,
                        "“L” cannot be sewn 5.3 mm high in Round; 10 mm high it can.");
    close_shop(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_height_that_works_is_proposed),
        cmocka_unit_test(it_is_said_in_every_language),
        cmocka_unit_test(another_lettering_is_proposed_where_no_height_helps),
        cmocka_unit_test(the_outer_letters_of_a_monogram_are_smaller),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
