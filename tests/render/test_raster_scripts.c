// SPDX-License-Identifier: Apache-2.0
// Scripts that are more than one letter after the other: Arabic joins, Hebrew runs from right to
// left, a line may hold both and Latin; all of it is one row. The fonts are those of Debian that
// the program needs anyway.
#include "plugin/render/bitmap.h"
#include "plugin/render/raster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 576 };

static struct atl_raster *raster;

static int begin(void **state)
{
    (void)state;
    return atl_raster_open(&raster, NULL);
}

static int end(void **state)
{
    (void)state;
    atl_raster_close(raster);
    return 0;
}

static struct atl_bitmap draw(const char *text, uint8_t scale)
{
    static const struct atl_page page = {.width_um = 80000, .language = "en"};
    const struct atl_span span = {.text = text, .scale_x = scale, .scale_y = scale};
    const struct atl_cell cell = {.spans = &span, .span_count = 1, .align = ATL_ALIGN_CENTRE};
    const struct atl_row row = {.kind = ATL_ROW_TEXT, .cells = &cell, .cell_count = 1};
    const struct atl_rasteriser rasteriser = atl_raster_rasteriser(raster);
    struct atl_bitmap bitmap = {0};
    struct atl_error err = {0};

    if (rasteriser.draw(rasteriser.ctx, &page, &row, WIDTH, 203, &bitmap, &err))
        fail_msg("%s", err.text);
    return bitmap;
}

// Marks one stroke of ink that hangs together, corners too.
static void mark(const struct atl_bitmap *bitmap, uint8_t *seen, uint32_t *stack, uint32_t at)
{
    size_t depth = 0;

    stack[depth++] = at;
    seen[at] = 1;
    while (depth) {
        const uint32_t from = stack[--depth];
        const int x = (int)(from % bitmap->width_dots), y = (int)(from / bitmap->width_dots);

        for (int k = 0; k < 9; k++) {
            const int nx = x + k % 3 - 1, ny = y + k / 3 - 1;
            const uint32_t to = (uint32_t)ny * bitmap->width_dots + (uint32_t)nx;

            if (nx < 0 || ny < 0 || nx >= (int)bitmap->width_dots ||
                ny >= (int)bitmap->height_dots || seen[to] ||
                !atl_bitmap_get(bitmap, (uint32_t)nx, (uint32_t)ny))
                continue;
            seen[to] = 1;
            stack[depth++] = to;
        }
    }
}

// How many pieces of ink the text is.
static size_t pieces_of(const char *text)
{
    struct atl_bitmap bitmap = draw(text, 3);
    const size_t dots = (size_t)bitmap.width_dots * bitmap.height_dots;
    uint8_t *seen = calloc(dots, 1);
    uint32_t *stack = calloc(dots, sizeof *stack);
    size_t count = 0;

    assert_non_null(seen);
    assert_non_null(stack);
    for (uint32_t at = 0; at < dots; at++) {
        if (seen[at] || !atl_bitmap_get(&bitmap, at % WIDTH, at / WIDTH))
            continue;
        mark(&bitmap, seen, stack, at);
        count++;
    }
    free(seen);
    free(stack);
    atl_bitmap_free(&bitmap);
    return count;
}

static void arabic_letters_join_to_one_stroke(void **state)
{
    (void)state;
    assert_int_equal(pieces_of("ح"), 1);
    assert_int_equal(pieces_of("ححح"), 1);
    assert_int_equal(pieces_of("ح\u200Cح\u200Cح"), 3); // kept apart on purpose: the control
    assert_int_equal(pieces_of("سلم"), 1);
}

struct box {
    uint32_t left, right, top, bottom;
};

// What is black between two columns.
static struct box ink_between(const struct atl_bitmap *bitmap, uint32_t from, uint32_t until)
{
    struct box box = {UINT32_MAX, 0, UINT32_MAX, 0};

    for (uint32_t y = 0; y < bitmap->height_dots; y++) {
        for (uint32_t x = from; x < until; x++) {
            if (!atl_bitmap_get(bitmap, x, y))
                continue;
            box.left = x < box.left ? x : box.left;
            box.right = x + 1 > box.right ? x + 1 : box.right;
            box.top = y < box.top ? y : box.top;
            box.bottom = y + 1;
        }
    }
    return box;
}

// The full stop is low: it stands at the end at which the ink is lowest.
static bool stop_is_at_the_left(const char *text)
{
    struct atl_bitmap bitmap = draw(text, 3);
    const struct box all = ink_between(&bitmap, 0, WIDTH);
    const struct box left = ink_between(&bitmap, all.left, all.left + 3);
    const struct box right = ink_between(&bitmap, all.right - 3, all.right);
    const uint32_t low = all.top + (all.bottom - all.top) / 2;
    const bool is_left = left.top > low;
    const bool is_right = right.top > low;

    atl_bitmap_free(&bitmap);
    if (is_left == is_right)
        fail_msg("%s: left %u, right %u, all %u to %u", text, left.top, right.top, all.top,
                 all.bottom);
    return is_left;
}

static void a_line_runs_in_the_direction_of_its_first_letter(void **state)
{
    (void)state;
    assert_true(stop_is_at_the_left("שלום שלוםם."));
    assert_false(stop_is_at_the_left("Hannah Hannahl."));
    assert_true(stop_is_at_the_left("שלום Hal וםם."));
    assert_false(stop_is_at_the_left("Hal שלום Hal."));
}

static void scripts_that_run_both_ways_stay_on_one_row(void **state)
{
    static const char *const TEXTS[] = {"Élodie محمد 25 mm שלום end", "עברית עם English בתוך",
                                        "山田 花子 - محمد", "Ελένη Иван 김"};
    struct atl_bitmap plain = draw("Hx", 1);

    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        struct atl_bitmap bitmap = draw(TEXTS[i], 1);

        if (bitmap.height_dots >= 2 * plain.height_dots)
            fail_msg("%s takes %u dots, a plain line %u", TEXTS[i], bitmap.height_dots,
                     plain.height_dots);
        atl_bitmap_free(&bitmap);
    }
    atl_bitmap_free(&plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(arabic_letters_join_to_one_stroke, begin, end),
        cmocka_unit_test_setup_teardown(a_line_runs_in_the_direction_of_its_first_letter, begin,
                                        end),
        cmocka_unit_test_setup_teardown(scripts_that_run_both_ways_stay_on_one_row, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
