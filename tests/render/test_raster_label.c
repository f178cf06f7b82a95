// SPDX-License-Identifier: Apache-2.0
// Labels: boxes in their places, what each does with too much, and what a printer cannot print.
#include "plugin/render/bitmap.h"
#include "plugin/render/raster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { DPI = 254 }; // ten dots a millimetre

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

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

// A label of 60 x 30 mm with one box.
static atl_code draw_on(const struct atl_box *box, uint32_t width, uint32_t height,
                        struct atl_bitmap *out, struct atl_error *err)
{
    const struct atl_row row = {
        .kind = ATL_ROW_BOXES, .boxes = box, .box_count = 1, .height_um = 30000};
    const struct atl_page page = {
        .width_um = 60000, .height_um = 30000, .language = "en", .rows = &row, .row_count = 1};
    const struct atl_rasteriser rasteriser = atl_raster_rasteriser(raster);

    return rasteriser.draw_page(rasteriser.ctx, &page, width, height, DPI, out, err);
}

struct ink {
    uint32_t left, top, right, bottom, count;
};

static struct ink ink_of(const struct atl_bitmap *bitmap)
{
    struct ink ink = {UINT32_MAX, UINT32_MAX, 0, 0, 0};

    for (uint32_t y = 0; y < bitmap->height_dots; y++) {
        for (uint32_t x = 0; x < bitmap->width_dots; x++) {
            if (!atl_bitmap_get(bitmap, x, y))
                continue;
            ink.count++;
            ink.left = x < ink.left ? x : ink.left;
            ink.top = y < ink.top ? y : ink.top;
            ink.right = x + 1 > ink.right ? x + 1 : ink.right;
            ink.bottom = y + 1 > ink.bottom ? y + 1 : ink.bottom;
        }
    }
    return ink;
}

static struct ink draw(const struct atl_box *box, uint32_t width, uint32_t height)
{
    struct atl_bitmap bitmap = {0};
    struct atl_error err = {0};
    struct ink ink;

    if (draw_on(box, width, height, &bitmap, &err))
        fail_msg("%s", err.text);
    assert_int_equal(bitmap.width_dots, width);
    ink = ink_of(&bitmap);
    atl_bitmap_free(&bitmap);
    return ink;
}

static const struct atl_span short_span = {.text = "Hx", .scale_x = 1, .scale_y = 1};
static const struct atl_span long_span = {
    .text = "Bartholomew of Canterbury and his seven sisters went to the sea in summer",
    .scale_x = 2,
    .scale_y = 2};

static struct atl_row text_row(struct atl_cell *cell, const struct atl_span *span,
                               enum atl_align align)
{
    *cell = (struct atl_cell){.spans = span, .span_count = 1, .align = align};
    return (struct atl_row){.kind = ATL_ROW_TEXT, .cells = cell, .cell_count = 1};
}

static void a_box_stands_where_the_paper_has_it_and_its_text_where_it_says(void **state)
{
    struct atl_cell cell;
    struct atl_row row = text_row(&cell, &short_span, ATL_ALIGN_LEFT);
    struct atl_box box = {.x_um = 10000,
                          .y_um = 5000,
                          .width_um = 30000,
                          .height_um = 20000,
                          .rows = &row,
                          .row_count = 1};
    struct ink ink, right, bottom;

    (void)state;
    ink = draw(&box, 600, 300);
    assert_in_range(ink.left, 100, 110);
    assert_in_range(ink.top, 50, 70);
    cell.align = ATL_ALIGN_RIGHT;
    right = draw(&box, 600, 300);
    assert_in_range(right.right, 390, 400);
    box.valign = ATL_VALIGN_BOTTOM;
    bottom = draw(&box, 600, 300);
    assert_in_range(bottom.bottom, 235, 250);
    box.valign = ATL_VALIGN_MIDDLE;
    assert_in_range(draw(&box, 600, 300).top, (ink.top + bottom.top) / 2 - 1,
                    (ink.top + bottom.top) / 2 + 1);
}

static void a_printer_that_prints_less_loses_the_same_on_both_sides(void **state)
{
    struct atl_cell cell;
    struct atl_row row = text_row(&cell, &short_span, ATL_ALIGN_LEFT);
    struct atl_box box = {.x_um = 10000,
                          .y_um = 5000,
                          .width_um = 30000,
                          .height_um = 20000,
                          .rows = &row,
                          .row_count = 1};
    struct ink whole, less, more;

    (void)state;
    whole = draw(&box, 600, 300);
    less = draw(&box, 560, 240);
    assert_int_equal(less.left + 20, whole.left);
    assert_int_equal(less.top + 30, whole.top);
    assert_int_equal(less.count, whole.count);
    more = draw(&box, 720, 300); // a receipt printer: in the middle
    assert_int_equal(more.left, whole.left + 60);
}

static void a_dot_that_would_be_lost_refuses_the_label(void **state)
{
    struct atl_cell cell;
    struct atl_row row = text_row(&cell, &short_span, ATL_ALIGN_LEFT);
    struct atl_box box = {
        .x_um = 0, .y_um = 0, .width_um = 30000, .height_um = 20000, .rows = &row, .row_count = 1};
    struct atl_bitmap bitmap = {0};
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(draw_on(&box, 500, 300, &bitmap, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text, "the label is 60 mm wide, and this printer prints 50 mm"));
    assert_int_equal(draw_on(&box, 600, 200, &bitmap, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text, "reach above or below what can be printed"));
    assert_null(bitmap.bits);
}

static void too_much_text_wraps_shrinks_or_is_left_out_as_its_box_says(void **state)
{
    struct atl_cell cell;
    struct atl_row row = text_row(&cell, &long_span, ATL_ALIGN_LEFT);
    struct atl_box box = {.x_um = 10000,
                          .y_um = 10000,
                          .width_um = 40000,
                          .height_um = 9000,
                          .rows = &row,
                          .row_count = 1};
    struct atl_bitmap bitmap = {0};
    struct atl_error err = {0};
    struct ink shrunk, clipped;

    (void)state;
    assert_int_equal(draw_on(&box, 600, 300, &bitmap, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text,
                           "box 1 at 10.0, 10.0 mm: its text does not fit into 40.0 x 9.0 "
                           "mm"));
    box.fit = ATL_FIT_SHRINK;
    shrunk = draw(&box, 600, 300);
    box.fit = ATL_FIT_CLIP;
    clipped = draw(&box, 600, 300);
    assert_in_range(shrunk.bottom, 150, 190);
    assert_in_range(clipped.bottom, 120, 190);
    assert_true(shrunk.right <= 500 && clipped.right <= 500);
    assert_true(shrunk.left >= 100 && clipped.left >= 100);
    box.fit = ATL_FIT_SHRINK_CLIP; // fits when shrunk: nothing is left out
    clipped = draw(&box, 600, 300);
    assert_int_equal(clipped.count, shrunk.count);
    box.height_um = 3500; // less than all, in the smallest letters
    clipped = draw(&box, 600, 300);
    assert_true(clipped.count > 0 && clipped.count < shrunk.count && clipped.bottom <= 135);
    box.height_um = 2500; // the smallest letters that can be read are too large
    box.fit = ATL_FIT_SHRINK;
    assert_int_equal(draw_on(&box, 600, 300, &bitmap, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text, "even in the smallest letters"));
    box.fit = ATL_FIT_CLIP;
    assert_int_equal(draw_on(&box, 600, 300, &bitmap, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text, "it is lower than one line of its text"));
}

static void
a_code_alone_in_its_box_is_as_large_as_it_and_one_that_does_not_fit_is_refused(void **state)
{
    const struct atl_row row = {
        .kind = ATL_ROW_QR, .qr_text = "K7F-2A1/2", .qr_level = 'M', .qr_module_um = 400};
    struct atl_box box = {.x_um = 10000,
                          .y_um = 5000,
                          .width_um = 20000,
                          .height_um = 20000,
                          .fit = ATL_FIT_CLIP,
                          .rows = &row,
                          .row_count = 1};
    struct atl_bitmap bitmap = {0};
    struct atl_error err = {0};
    struct ink ink;

    (void)state;
    ink = draw(&box, 600, 300);
    assert_int_equal(ink.right - ink.left, 21 * 6); // 200 dots are 29 modules of 6
    box.width_um = 11000;
    assert_int_equal(draw_on(&box, 600, 300, &bitmap, &err), ATL_E_INVALID);
    assert_non_null(strstr(err.text, "the QR symbol is 11.6 mm wide"));
}

static void a_photograph_is_dithered_at_its_printed_width_and_kept(void **state)
{
    static uint8_t pixels[64 * 64];
    const struct atl_grey grey = {.width_px = 64, .height_px = 64, .pixels = pixels, .key = {1}};
    const struct atl_row row = {.kind = ATL_ROW_IMAGE, .photo = &grey, .image_width_um = 40000};
    const struct atl_page page = {.width_um = 80000, .rows = &row, .row_count = 1};
    struct atl_raster_count before, after;
    struct atl_bitmap first = {0}, again = {0};
    struct ink ink;

    (void)state;
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)(i % 64 * 4); // black at the left, white at the right
    assert_int_equal(atl_raster_page(raster, &page, 600, DPI, ATL_RASTER_DOTS, &first, NULL),
                     ATL_OK);
    before = atl_raster_counted(raster);
    assert_int_equal(atl_raster_page(raster, &page, 600, DPI, ATL_RASTER_DOTS, &again, NULL),
                     ATL_OK);
    after = atl_raster_counted(raster);
    assert_int_equal(after.drawn, before.drawn);
    assert_int_equal(after.reused, before.reused + 1);
    assert_true(atl_bitmap_equal(&first, &again));
    assert_int_equal(first.height_dots, 400);
    ink = ink_of(&first);
    assert_in_range(ink.count, 400 * 400 / 2 * 9 / 10, 400 * 400 / 2 * 11 / 10);
    atl_bitmap_free(&first);
    atl_bitmap_free(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_box_stands_where_the_paper_has_it_and_its_text_where_it_says),
        TEST(a_printer_that_prints_less_loses_the_same_on_both_sides),
        TEST(a_dot_that_would_be_lost_refuses_the_label),
        TEST(too_much_text_wraps_shrinks_or_is_left_out_as_its_box_says),
        TEST(a_code_alone_in_its_box_is_as_large_as_it_and_one_that_does_not_fit_is_refused),
        TEST(a_photograph_is_dithered_at_its_printed_width_and_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
