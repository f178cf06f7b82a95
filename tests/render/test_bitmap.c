// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/bitmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct atl_bitmap blank(uint32_t width, uint32_t height)
{
    struct atl_bitmap made = {0};

    assert_int_equal(atl_bitmap_init(&made, width, height, NULL), ATL_OK);
    return made;
}

static uint32_t black(const struct atl_bitmap *bitmap)
{
    uint32_t sum = 0;

    for (uint32_t y = 0; y < bitmap->height_dots; y++) {
        for (uint32_t x = 0; x < bitmap->row_bytes * 8; x++)
            sum += bitmap->bits[y * bitmap->row_bytes + x / 8] >> (7 - x % 8) & 1;
    }
    return sum;
}

static void a_rectangle_has_exactly_its_dots_wherever_it_begins(void **state)
{
    (void)state;
    for (uint32_t x = 0; x < 20; x++) {
        for (uint32_t width = 0; width < 24; width++) {
            struct atl_bitmap bitmap = blank(30, 3);
            uint32_t inside = x + width <= 30 ? width : 30 - x;

            atl_bitmap_fill(&bitmap, x, 1, width, 1);
            assert_int_equal(black(&bitmap), inside);
            for (uint32_t at = 0; at < 30; at++)
                assert_int_equal(atl_bitmap_get(&bitmap, at, 1), at >= x && at < x + width);
            atl_bitmap_invert(&bitmap, x, 1, width, 1);
            assert_int_equal(black(&bitmap), 0);
            atl_bitmap_free(&bitmap);
        }
    }
}

static void what_lies_outside_is_left_out_and_harms_nothing(void **state)
{
    struct atl_bitmap bitmap = blank(10, 4);

    (void)state;
    atl_bitmap_set(&bitmap, 10, 0);
    atl_bitmap_set(&bitmap, 0, 4);
    atl_bitmap_fill(&bitmap, 10, 0, 5, 5);
    atl_bitmap_fill(&bitmap, 0, 4, UINT32_MAX, UINT32_MAX);
    atl_bitmap_invert(&bitmap, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX);
    assert_int_equal(black(&bitmap), 0);
    assert_false(atl_bitmap_get(&bitmap, 10, 0));
    atl_bitmap_fill(&bitmap, 8, 2, UINT32_MAX, UINT32_MAX);
    assert_int_equal(black(&bitmap), 2 * 2);
    atl_bitmap_free(&bitmap);
}

static void a_picture_keeps_its_dots_at_every_place(void **state)
{
    struct atl_bitmap stamp = blank(11, 5);

    (void)state;
    for (uint32_t i = 0; i < 5; i++)
        atl_bitmap_set(&stamp, i * 2, i);
    atl_bitmap_set(&stamp, 10, 0);
    for (uint32_t x = 0; x < 40; x++) {
        struct atl_bitmap sheet = blank(37, 9);
        uint32_t want = 0;

        atl_bitmap_blit(&sheet, x, 3, &stamp);
        for (uint32_t y = 0; y < 5; y++) {
            for (uint32_t i = 0; i < 11; i++) {
                assert_int_equal(atl_bitmap_get(&sheet, x + i, 3 + y),
                                 x + i < 37 && atl_bitmap_get(&stamp, i, y));
                want += x + i < 37 && atl_bitmap_get(&stamp, i, y);
            }
        }
        assert_int_equal(black(&sheet), want); // none beyond the last dot of a row
        atl_bitmap_free(&sheet);
    }
    atl_bitmap_free(&stamp);
}

static void sizes_without_sense_are_refused_and_leave_the_result_alone(void **state)
{
    struct atl_bitmap bitmap = {.width_dots = 7};
    struct atl_picture picture = {.width_px = 7};
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(atl_bitmap_init(&bitmap, 0, 10, &err), ATL_E_INVALID);
    assert_int_equal(atl_bitmap_init(&bitmap, 100000, 10, &err), ATL_E_INVALID);
    assert_int_equal(atl_bitmap_init(&bitmap, 10, 1000000, &err), ATL_E_INVALID);
    assert_int_equal(bitmap.width_dots, 7);
    assert_int_equal(atl_picture_init(&picture, 5000, 1, &err), ATL_E_INVALID);
    assert_int_equal(picture.width_px, 7);
}

static void scaling_keeps_proportions_and_thin_lines(void **state)
{
    struct atl_bitmap from = blank(100, 50);
    struct atl_bitmap to = {0};

    (void)state;
    atl_bitmap_fill(&from, 0, 24, 100, 1);
    assert_int_equal(atl_bitmap_scale(&from, 200, &to, NULL), ATL_OK);
    assert_int_equal(to.height_dots, 100);
    assert_int_equal(black(&to), 400);
    atl_bitmap_free(&to);
    assert_int_equal(atl_bitmap_scale(&from, 50, &to, NULL), ATL_OK);
    assert_int_equal(to.height_dots, 25);
    assert_int_equal(black(&to), 50); // a line of one dot is still there at half the size
    atl_bitmap_free(&to);
    atl_bitmap_free(&from);
}

static void grey_becomes_as_many_dots_as_it_is_dark(void **state)
{
    struct atl_picture grey = {0};
    struct atl_bitmap dots = {0};

    (void)state;
    assert_int_equal(atl_picture_init(&grey, 64, 64, NULL), ATL_OK);
    for (int level = 0; level <= 255; level += 51) {
        uint32_t want = (uint32_t)(255 - level) * 4096 / 255;

        memset(grey.pixels, level, 64 * 64 * 3);
        assert_int_equal(atl_bitmap_from_picture(&grey, 64, ATL_TONE_DITHER, &dots, NULL), ATL_OK);
        assert_in_range(black(&dots), want * 95 / 100, want * 105 / 100 + 1);
        atl_bitmap_free(&dots);
        assert_int_equal(atl_bitmap_from_picture(&grey, 64, ATL_TONE_THRESHOLD, &dots, NULL),
                         ATL_OK);
        assert_int_equal(black(&dots), level < 128 ? 4096 : 0);
        atl_bitmap_free(&dots);
    }
    atl_picture_free(&grey);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rectangle_has_exactly_its_dots_wherever_it_begins),
        cmocka_unit_test(what_lies_outside_is_left_out_and_harms_nothing),
        cmocka_unit_test(a_picture_keeps_its_dots_at_every_place),
        cmocka_unit_test(sizes_without_sense_are_refused_and_leave_the_result_alone),
        cmocka_unit_test(scaling_keeps_proportions_and_thin_lines),
        cmocka_unit_test(grey_becomes_as_many_dots_as_it_is_dark),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
