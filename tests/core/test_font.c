// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/font.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define HEAD        "# atelier font facts 1\nfamily Test Bold\nunits 1000\ncap_height 500\n"

static struct atl_arena arena;

static int setup(void **state)
{
    (void)state;
    atl_arena_init(&arena, 65536);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    atl_arena_free(&arena);
    return 0;
}

static struct atl_font parse(const char *text)
{
    struct atl_font font;
    struct atl_error err = {0};

    if (atl_font_parse("t.font", text, strlen(text), &arena, &font, &err))
        fail_msg("%s", err.text);
    return font;
}

static void facts_are_read(void **state)
{
    struct atl_font font =
        parse(HEAD "# a comment\r\n\nglyph 20 250\nglyph 41 600\r\nglyph 1F338 0");

    (void)state;
    assert_string_equal(font.family, "Test Bold");
    assert_int_equal(font.units, 1000);
    assert_int_equal(font.cap_height, 500);
    assert_int_equal(font.glyph_count, 3);
    assert_true(atl_font_has(&font, 'A'));
    assert_true(atl_font_has(&font, 0x1F338));
    assert_false(atl_font_has(&font, 'B'));
    assert_false(atl_font_has(&font, 0));
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
    // clang-format off
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"",                                                      "t.font: is empty"                      },
        {"family X\n",                                            "t.font:1: the first line must be"      },
        {HEAD,                                                    "t.font: has no glyph"                  },
        {"# atelier font facts 1\nglyph 41 1\n",                  "needs a family, units and cap_height"  },
        {HEAD "glyph 41\n",                                       "t.font:5: a glyph is a hexadecimal"    },
        {HEAD "glyph 41 x\n",                                     "t.font:5: a glyph"                     },
        {HEAD "glyph 41 -1\n",                                    "t.font:5: a glyph"                     },
        {HEAD "glyph 0x41 1\nglyph U+42 1\n",                     "t.font:6: a glyph"                     },
        {HEAD "glyph 110000 1\n",                                 "t.font:5: a glyph"                     },
        {HEAD "glyph 41 70000\n",                                 "t.font:5: a glyph"                     },
        {HEAD "glyph 42 1\nglyph 41 1\n",                         "t.font:6: code points must ascend"     },
        {HEAD "glyph 41 1\nglyph 41 1\n",                         "t.font:6: code points must ascend"     },
        {HEAD "gliph 41 1\n",                                     "t.font:5: not known"                   },
        {"# atelier font facts 1\nunits 8\n",                     "t.font:2: units must be"               },
        {"# atelier font facts 1\nunits 99999999999999999999\n",  "t.font:2: units must be"               },
        {"# atelier font facts 1\ncap_height 0\n",                "t.font:2: cap_height must be"          },
    };
    // clang-format on

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_font font = {.units = 7};
        struct atl_error err = {0};

        if (atl_font_parse("t.font", rows[i].text, strlen(rows[i].text), &arena, &font, &err) !=
            ATL_E_INVALID)
            fail_msg("row %zu was taken", i);
        if (!strstr(err.text, rows[i].says))
            fail_msg("row %zu: \"%s\" is not \"%s\"", i, err.text, rows[i].says);
        assert_int_equal(font.units, 7);
    }
}

static void a_nul_and_an_endless_line_are_refused(void **state)
{
    char text[400];
    struct atl_font font;
    struct atl_error err;

    (void)state;
    memset(text, 'x', sizeof(text));
    assert_int_equal(atl_font_parse("t", text, sizeof(text), &arena, &font, &err), ATL_E_INVALID);
    assert_int_equal(
        atl_font_parse("t", HEAD "glyph\0 41", sizeof(HEAD "glyph\0 41") - 1, &arena, &font, &err),
        ATL_E_INVALID);
}

static void the_first_letter_that_is_lacking_is_told(void **state)
{
    struct atl_font font = parse(HEAD "glyph 27 200\nglyph 41 600\nglyph 65 500\n");

    (void)state;
    assert_int_equal(atl_font_lacks(&font, "AeA"), 0);
    assert_int_equal(atl_font_lacks(&font, ""), 0);
    assert_int_equal(atl_font_lacks(&font, "A\xC3\xA9z"), 0xE9);
    assert_int_equal(atl_font_lacks(&font, "A A"), ' ');
    assert_int_equal(atl_font_lacks(&font, "A\xE2\x80\x99"
                                           "e"),
                     0); // the layout folds it
    assert_int_equal(atl_font_lacks(&font, "A\xFF"), 0xFFFD);
}

static void the_width_grows_with_the_height_of_the_capitals(void **state)
{
    struct atl_font font = parse(HEAD "glyph 41 600\nglyph 301 0\nglyph 2019 100\n");

    (void)state;
    assert_int_equal(atl_font_width_um(&font, "A", 10000), 12000);
    assert_int_equal(atl_font_width_um(&font, "AA", 25000), 60000);
    assert_int_equal(atl_font_width_um(&font, "A\xCC\x81", 10000), 12000); // a mark has no width
    assert_int_equal(atl_font_width_um(&font, "'", 10000), 2000);
    assert_int_equal(atl_font_width_um(&font, "B", 10000), 20000); // lacking: an em
    assert_int_equal(atl_font_width_um(&font, "", 10000), 0);
    assert_int_equal(atl_font_width_um(&font, "A", 0), 0);
    assert_int_equal(atl_font_width_um(&font, "A", -5), 0);
    assert_int_equal(atl_font_width_um(&font, "AAAA", INT32_MAX), INT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(facts_are_read, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_said_with_its_line, setup, teardown),
        cmocka_unit_test_setup_teardown(a_nul_and_an_endless_line_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(the_first_letter_that_is_lacking_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(the_width_grows_with_the_height_of_the_capitals, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
