// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/font_sewn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define FIRST       "# atelier font qualification 1\n"
#define HEAD        FIRST "family Test Bold\nheights_um 6000 8000 15000\nunjudged_um 12000\n"

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

static struct atl_font_sewn parse(const char *text)
{
    struct atl_font_sewn sewn;
    struct atl_error err = {0};

    if (atl_font_sewn_parse("t.qualified", text, strlen(text), &arena, &sewn, &err))
        fail_msg("%s", err.text);
    return sewn;
}

static void a_letter_is_good_from_one_judged_height_to_the_next(void **state)
{
    struct atl_font_sewn sewn =
        parse(HEAD "# people\n\nglyph 40 -++ # @ 0.84 0.93\r\nglyph 41 +++\n"
                   "glyph 42 -+- # B\nglyph 43 ---\n");
    static const struct {
        const char *text;
        int32_t um;
        uint32_t lacks;
    } rows[] = {
        {"A",   6000,   0  },
        {"A",   5999,   'A'}, // nobody looked so far down
        {"A @", 6000,   '@'},
        {"A @", 7999,   '@'},
        {"A @", 8000,   0  },
        {"A @", 90000,  0  },
        {"B",   8000,   0  },
        {"B",   14999,  0  },
        {"B",   15000,  'B'},
        {"C",   150000, 'C'},
        {" ",   1000,   0  }, // nothing to sew
        {"",    1000,   0  },
        {"AZ",  11999,  'Z'}, // unjudged
        {"AZ",  12000,  0  },
    };

    (void)state;
    assert_string_equal(sewn.family, "Test Bold");
    assert_int_equal(sewn.height_count, 3);
    assert_int_equal(sewn.glyph_count, 4);
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (atl_font_sewn_lacks(&sewn, rows[i].text, rows[i].um) != rows[i].lacks)
            fail_msg("row %zu", i);
    }
    assert_int_equal(atl_font_sewn_lacks(NULL, "C", 1), 0); // nobody judged the font
}

static void either_apostrophe_stands_for_the_other(void **state)
{
    struct atl_font_sewn straight = parse(HEAD "glyph 27 -++\n");
    struct atl_font_sewn curly = parse(HEAD "glyph 2019 -++\n");

    (void)state;
    assert_int_equal(atl_font_sewn_lacks(&straight, "\xE2\x80\x99", 8000), 0);
    assert_int_equal(atl_font_sewn_lacks(&straight, "\xE2\x80\x99", 6000), 0x2019);
    assert_int_equal(atl_font_sewn_lacks(&curly, "'", 8000), 0);
    assert_int_equal(atl_font_sewn_lacks(&curly, "'", 6000), '\'');
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
    // clang-format off
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"",                                             "t.qualified: needs a family, heights_um"},
        {"# atelier font facts 1\n",                     "t.qualified:1: the first line must be"},
        {HEAD,                                           "t.qualified: needs a family"},
        {FIRST "heights_um 6000\nunjudged_um 1\nglyph 41 +\n", "t.qualified: needs a family"},
        {FIRST "family X\nheights_um 6000\nglyph 41 +\n", "t.qualified: needs a family"},
        {FIRST "glyph 41 +\n",                           "t.qualified:2: heights_um must stand before"},
        {FIRST "heights_um\n",                           "t.qualified:2: not known"},
        {FIRST "heights_um 8000 6000\n",                 "t.qualified:2: heights_um takes"},
        {FIRST "heights_um 8000 8000\n",                 "t.qualified:2: heights_um takes"},
        {FIRST "heights_um 0\n",                         "t.qualified:2: heights_um takes"},
        {FIRST "heights_um 8 mm\n",                      "t.qualified:2: heights_um takes"},
        {FIRST "heights_um 1 2 3 4 5 6 7 8 9\n",         "t.qualified:2: heights_um takes"},
        {FIRST "heights_um 99999999999999999999\n",      "t.qualified:2: heights_um takes"},
        {HEAD "heights_um 6000\n",                       "t.qualified:5: the heights stand there twice"},
        {HEAD "unjudged_um 12 13\n",                     "t.qualified:5: unjudged_um must be"},
        {HEAD "unjudged_um -1\n",                        "t.qualified:5: unjudged_um must be"},
        {HEAD "glyph 41\n",                              "t.qualified:5: a glyph is a hexadecimal"},
        {HEAD "glyph 41 ++\n",                           "t.qualified:5: a glyph is"},
        {HEAD "glyph 41 ++++\n",                         "t.qualified:5: a glyph is"},
        {HEAD "glyph 41 ++x\n",                          "t.qualified:5: a glyph is"},
        {HEAD "glyph 41 +++x\n",                         "t.qualified:5: a glyph is"},
        {HEAD "glyph -41 +++\n",                         "t.qualified:5: a glyph is"},
        {HEAD "glyph 110000 +++\n",                      "t.qualified:5: a glyph is"},
        {HEAD "glyph 42 +++\nglyph 41 +++\n",            "t.qualified:6: code points must ascend"},
        {HEAD "gliph 41 +++\n",                          "t.qualified:5: not known"},
    };
    // clang-format on
    char nul[] = FIRST "family x\0y\n";

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_font_sewn sewn = {.unjudged_um = 7};
        struct atl_error err = {0};

        if (atl_font_sewn_parse("t.qualified", rows[i].text, strlen(rows[i].text), &arena, &sewn,
                                &err) != ATL_E_INVALID)
            fail_msg("row %zu was taken", i);
        if (!strstr(err.text, rows[i].says))
            fail_msg("row %zu: \"%s\" is not \"%s\"", i, err.text, rows[i].says);
        assert_int_equal(sewn.unjudged_um, 7);
    }
    assert_int_equal(
        atl_font_sewn_parse("t", nul, sizeof nul - 1, &arena, &(struct atl_font_sewn){0}, NULL),
        ATL_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_letter_is_good_from_one_judged_height_to_the_next, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(either_apostrophe_stands_for_the_other, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_said_with_its_line, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
