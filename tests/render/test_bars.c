// SPDX-License-Identifier: Apache-2.0
// Bar codes: read back by a reader of the test's own, and never longer than they have to be. A
// program of others reads them in tests/print.
#include "plugin/render/bars.h"
#include "plugin/render/bitmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

// Start, check and stop stand around the symbols of the text.
static size_t symbols_of(const struct atl_bars_code *code)
{
    assert_int_equal((code->modules - 13) % 11, 0);
    return (size_t)(code->modules - 13) / 11 - 2;
}

static struct atl_bars_code make(enum atl_bars kind, const char *text)
{
    struct atl_bars_code code;
    struct atl_error err = {0};

    if (atl_bars_make(kind, text, &code, &err))
        fail_msg("%s", err.text);
    return code;
}

static void a_text_is_written_in_the_fewest_symbols(void **state)
{
    static const struct {
        const char *text;
        size_t symbols;
    } ROWS[] = {
        {"A",          1},
        {"12",         1}, // set C
        {"123",        3}, // one pair, a switch, a digit
        {"1234",       2},
        {"HI345678",   6}, // H I, switch to C, three pairs
        {"K7F-2A1/2",  9},
        {"a1234b",     6}, // two switches would save nothing
        {"a123456b",   7}, // here they do
        {"00000000Z",  6},
        {"1234abcd56", 9},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct atl_bars_code code = make(ATL_BARS_CODE128, ROWS[i].text);

        if (symbols_of(&code) != ROWS[i].symbols)
            fail_msg("%s takes %zu symbols, not %zu", ROWS[i].text, symbols_of(&code),
                     ROWS[i].symbols);
        assert_string_equal(code.text, ROWS[i].text);
    }
}

static void the_longest_text_has_room_and_one_letter_more_is_refused(void **state)
{
    char text[ATL_BARS_TEXT_MAX + 2];
    struct atl_bars_code code = {.modules = 7};
    struct atl_error err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = (char)(i % 3 ? '0' + (char)(i % 10) : 'a' + (char)(i % 26));
    text[ATL_BARS_TEXT_MAX] = '\0';
    make(ATL_BARS_CODE128, text);
    text[ATL_BARS_TEXT_MAX] = 'x';
    text[ATL_BARS_TEXT_MAX + 1] = '\0';
    assert_int_equal(atl_bars_make(ATL_BARS_CODE128, text, &code, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "a Code 128 has 1 to 48 letters, not 49");
    assert_int_equal(code.modules, 7); // unchanged
    assert_int_equal(atl_bars_make(ATL_BARS_CODE128, "", &code, &err), ATL_E_INVALID);
    assert_int_equal(atl_bars_make(ATL_BARS_CODE128, NULL, &code, &err), ATL_E_INVALID);
    assert_int_equal(atl_bars_make(ATL_BARS_CODE128,
                                   "a\x1d"
                                   "b",
                                   &code, &err),
                     ATL_E_INVALID);
}

static void every_pattern_of_bars_is_eleven_modules_wide(void **state)
{
    (void)state;
    for (char c = ' '; c < 0x7f; c++) {
        const char text[] = {c, '\0'};
        const struct atl_bars_code code = make(ATL_BARS_CODE128, text);

        for (size_t s = 0; s + 7 < code.count; s += 6) {
            unsigned sum = 0;

            for (size_t i = 0; i < 6; i++)
                sum += code.widths[s + i];
            assert_int_equal(sum, 11);
        }
        assert_int_equal(code.count % 2, 1); // begins and ends with a bar
    }
}

static void the_check_digit_of_an_ean13_is_computed_and_verified(void **state)
{
    struct atl_bars_code code;
    struct atl_error err = {0};

    (void)state;
    code = make(ATL_BARS_EAN13, "400638133393");
    assert_string_equal(code.text, "4006381333931");
    code = make(ATL_BARS_EAN13, "4 006381-333931");
    assert_string_equal(code.text, "4006381333931");
    assert_int_equal(code.modules, 95);
    assert_int_equal(code.quiet_left, 11);
    assert_int_equal(code.quiet_right, 7);
    assert_int_equal(atl_bars_make(ATL_BARS_EAN13, "4006381333939", &code, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "the last digit of the EAN-13 would have to be 1: a "
                                  "digit is wrong");
    assert_int_equal(atl_bars_make(ATL_BARS_EAN13, "40063813339311", &code, &err), ATL_E_INVALID);
    assert_int_equal(atl_bars_make(ATL_BARS_EAN13, "4006381333x3", &code, &err), ATL_E_INVALID);
}

static void bars_stand_on_whole_dots_with_white_beside_them(void **state)
{
    const struct atl_bars_code code = make(ATL_BARS_EAN13, "400638133393");
    struct atl_bitmap bitmap = {0};
    struct atl_error err = {0};
    uint32_t dots = 0;

    (void)state;
    assert_int_equal(atl_bars_fit(&code, 576, 203, 250, &dots, &err), ATL_OK);
    assert_int_equal(dots, 2);
    assert_int_equal(atl_bars_fit(&code, 576, 203, 0, &dots, &err), ATL_OK);
    assert_int_equal(dots, 3); // 0.33 mm and not less
    assert_int_equal(atl_bars_fit(&code, 338, 203, 0, &dots, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text, "a QR code"));
    assert_int_equal(atl_bars_draw(&code, 3, 40, &bitmap, &err), ATL_OK);
    assert_int_equal(bitmap.width_dots, 3 * (11 + 95 + 7));
    assert_false(atl_bitmap_get(&bitmap, 3 * 11 - 1, 20));
    assert_true(atl_bitmap_get(&bitmap, 3 * 11, 20));
    assert_true(atl_bitmap_get(&bitmap, 3 * (11 + 95) - 1, 20));
    assert_false(atl_bitmap_get(&bitmap, 3 * (11 + 95), 20));
    for (uint32_t x = 0; x < bitmap.width_dots; x++) // three dots alike, from the top to the bottom
        assert_int_equal(atl_bitmap_get(&bitmap, x, 0), atl_bitmap_get(&bitmap, x - x % 3, 39));
    atl_bitmap_free(&bitmap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_written_in_the_fewest_symbols),
        cmocka_unit_test(the_longest_text_has_room_and_one_letter_more_is_refused),
        cmocka_unit_test(every_pattern_of_bars_is_eleven_modules_wide),
        cmocka_unit_test(the_check_digit_of_an_ean13_is_computed_and_verified),
        cmocka_unit_test(bars_stand_on_whole_dots_with_white_beside_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
