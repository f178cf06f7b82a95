// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/bitmap.h"
#include "plugin/render/qr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct atl_qr qr;

static void upper_case_and_digits_make_the_smaller_symbol(void **state)
{
    static const struct case_ {
        const char *text;
        char level;
        unsigned version;
    } cases[] = {
        {"K7F2A1K7F2A1K7",                                     'M', 1},
        {"HTTPS://SHOP.EXAMPLE/O/ABCDEFGHJKMNPQR",             'M', 2}, // 38 characters
        {"https://shop.example/o/abcdefghjkmnpqr",             'M', 3},
        {"HTTPS://A.EXAMPLE.COM/O/0123456789ABCDEFGHJKMNPQRS", 'M', 3}, // 50
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(atl_qr_make(cases[i].text, cases[i].level, &qr, NULL), ATL_OK);
        assert_int_equal(qr.version, cases[i].version);
        assert_int_equal(qr.side, 17 + 4 * cases[i].version);
    }
}

static void the_modules_are_a_plain_square_with_its_three_finders(void **state)
{
    (void)state;
    assert_int_equal(atl_qr_make("K7F2A1", 'M', &qr, NULL), ATL_OK);
    assert_int_equal(qr.side, 21);
    for (size_t i = 0; i < 21 * 21; i++)
        assert_in_range(qr.modules[i], 0, 1);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(qr.modules[i], 1);           // upper left
        assert_int_equal(qr.modules[14 + i], 1);      // upper right
        assert_int_equal(qr.modules[20 * 21 + i], 1); // lower left
    }
    assert_int_equal(qr.modules[7], 0);
}

static void modules_are_whole_dots_of_at_least_the_size_asked_for(void **state)
{
    static const struct case_ {
        uint32_t um, dpi, dots;
    } cases[] = {
        {500,  203, 4},
        {400,  203, 4},
        {375,  203, 3},
        {300,  203, 3},
        {0,    203, 4},
        {500,  300, 6},
        {500,  180, 4},
        {1000, 203, 8},
    };

    (void)state;
    assert_int_equal(atl_qr_make("K7F2A1", 'M', &qr, NULL), ATL_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t dots = 0;

        assert_int_equal(atl_qr_fit(&qr, 1000, cases[i].dpi, cases[i].um, &dots, NULL), ATL_OK);
        assert_int_equal(dots, cases[i].dots);
    }
}

static void a_symbol_that_does_not_fit_is_refused_and_never_shrinks(void **state)
{
    struct atl_error err = {0};
    uint32_t dots = 99;

    (void)state;
    assert_int_equal(atl_qr_make("K7F2A1", 'M', &qr, NULL), ATL_OK); // 29 with quiet zone
    assert_int_equal(atl_qr_fit(&qr, 116, 203, 500, &dots, NULL), ATL_OK);
    assert_int_equal(dots, 4);
    dots = 99;
    assert_int_equal(atl_qr_fit(&qr, 115, 203, 500, &dots, &err), ATL_E_INVALID);
    assert_int_equal(dots, 99);
    assert_string_equal(err.text,
                        "the QR symbol is 14.5 mm wide with modules of 0.50 mm, the paper "
                        "has 14.4 mm: smaller modules or a shorter text");
}

static void the_drawn_symbol_has_a_quiet_zone_of_four_modules_all_around(void **state)
{
    struct atl_bitmap bitmap = {0};

    (void)state;
    assert_int_equal(atl_qr_make("K7F2A1", 'M', &qr, NULL), ATL_OK);
    assert_int_equal(atl_qr_draw(&qr, 3, &bitmap, NULL), ATL_OK);
    assert_int_equal(bitmap.width_dots, 29 * 3);
    assert_int_equal(bitmap.height_dots, 29 * 3);
    for (uint32_t y = 0; y < 29 * 3; y++) {
        for (uint32_t x = 0; x < 29 * 3; x++) {
            uint32_t column = x / 3 - 4;
            uint32_t row = y / 3 - 4;
            bool is_dark = column < 21 && row < 21 && qr.modules[row * 21 + column];

            assert_int_equal(atl_bitmap_get(&bitmap, x, y), is_dark);
        }
    }
    atl_bitmap_free(&bitmap);
}

static void what_is_no_symbol_is_refused_and_leaves_the_last_one_alone(void **state)
{
    static char large[4000];
    struct atl_error err = {0};

    (void)state;
    memset(large, 'a', sizeof large - 1);
    assert_int_equal(atl_qr_make("K7F2A1", 'M', &qr, NULL), ATL_OK);
    assert_int_equal(atl_qr_make("", 'M', &qr, &err), ATL_E_INVALID);
    assert_int_equal(atl_qr_make(NULL, 'M', &qr, &err), ATL_E_INVALID);
    assert_int_equal(atl_qr_make("x", 'm', &qr, &err), ATL_E_INVALID);
    assert_int_equal(atl_qr_make(large, 'L', &qr, &err), ATL_E_INVALID);
    large[2400] = 0; // fits level L, not H
    assert_int_equal(atl_qr_make(large, 'H', &qr, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "2400 bytes are too many for a QR symbol of level H");
    assert_int_equal(qr.side, 21);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(upper_case_and_digits_make_the_smaller_symbol),
        cmocka_unit_test(the_modules_are_a_plain_square_with_its_three_finders),
        cmocka_unit_test(modules_are_whole_dots_of_at_least_the_size_asked_for),
        cmocka_unit_test(a_symbol_that_does_not_fit_is_refused_and_never_shrinks),
        cmocka_unit_test(the_drawn_symbol_has_a_quiet_zone_of_four_modules_all_around),
        cmocka_unit_test(what_is_no_symbol_is_refused_and_leaves_the_last_one_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
