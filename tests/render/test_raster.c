// SPDX-License-Identifier: Apache-2.0
// Rows as dots. The letters themselves are the font's; what is tested is where they stand, that
// none is lost, and that preview and printer get the same.
#include "plugin/render/bitmap.h"
#include "plugin/render/png.h"
#include "plugin/render/qr.h"
#include "plugin/render/raster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SPANS(...)                                                                                 \
    (const struct atl_span[])                                                                      \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define CELLS(...)                                                                                 \
    (const struct atl_cell[])                                                                      \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define PLAIN(words)                                                                               \
    {                                                                                              \
        .text = (words), .scale_x = 1, .scale_y = 1                                                \
    }
#define TEXT(cells_, count_)                                                                       \
    {                                                                                              \
        .kind = ATL_ROW_TEXT, .cells = (cells_), .cell_count = (count_)                            \
    }

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

static struct atl_bitmap draw_on(const struct atl_row *row, uint32_t width)
{
    static const struct atl_page page = {.width_um = 80000, .language = "en"};
    struct atl_rasteriser rasteriser = atl_raster_rasteriser(raster);
    struct atl_bitmap bitmap = {0};
    struct atl_error err = {0};

    if (rasteriser.draw(rasteriser.ctx, &page, row, width, 203, &bitmap, &err))
        fail_msg("%s", err.text);
    assert_int_equal(bitmap.width_dots, width);
    return bitmap;
}

static struct atl_bitmap draw(const struct atl_row *row)
{
    return draw_on(row, 576);
}

static struct atl_bitmap draw_text(const char *text, enum atl_align align, uint16_t columns,
                                   uint32_t width)
{
    const struct atl_cell cell = {SPANS(PLAIN(text)), 1, align, columns};
    const struct atl_row row = TEXT(&cell, 1);

    return draw_on(&row, width);
}

struct ink {
    uint32_t count, left, right; // right: behind the last black dot
};

static struct ink ink_of(const struct atl_bitmap *bitmap)
{
    struct ink ink = {0, UINT32_MAX, 0};

    for (uint32_t y = 0; y < bitmap->height_dots; y++) {
        for (uint32_t x = 0; x < bitmap->width_dots; x++) {
            if (!atl_bitmap_get(bitmap, x, y))
                continue;
            ink.count++;
            ink.left = x < ink.left ? x : ink.left;
            ink.right = x + 1 > ink.right ? x + 1 : ink.right;
        }
    }
    return ink;
}

static struct ink ink_of_text(const char *text, enum atl_align align, uint16_t columns,
                              uint32_t width, uint32_t *height)
{
    struct atl_bitmap bitmap = draw_text(text, align, columns, width);
    struct ink ink = ink_of(&bitmap);

    if (height)
        *height = bitmap.height_dots;
    atl_bitmap_free(&bitmap);
    return ink;
}

static void text_stands_left_in_the_middle_or_right(void **state)
{
    struct ink left = ink_of_text("MMMM", ATL_ALIGN_LEFT, 0, 576, NULL);
    struct ink centre = ink_of_text("MMMM", ATL_ALIGN_CENTRE, 0, 576, NULL);
    struct ink right = ink_of_text("MMMM", ATL_ALIGN_RIGHT, 0, 576, NULL);

    (void)state;
    assert_in_range(left.left, 0, 4);
    assert_in_range(576 - right.right, 0, 4);
    assert_in_range(centre.left + centre.right, 572, 580);
    assert_int_equal(left.count, centre.count);
    assert_int_equal(left.count, right.count);
}

// What stands before the range is on a line of its own where both have no room.
static void assert_stays_whole(const char *range_text, const char *text, uint16_t columns)
{
    const struct ink range = ink_of_text(range_text, ATL_ALIGN_LEFT, 0, 576, NULL);
    uint32_t one_line, two_lines;
    struct ink whole, wrapped;

    whole = ink_of_text(text, ATL_ALIGN_LEFT, 0, 576, &one_line);
    wrapped = ink_of_text(text, ATL_ALIGN_LEFT, columns, 576, &two_lines);
    assert_int_equal(whole.count, wrapped.count);
    assert_true(two_lines > one_line);
    assert_in_range(wrapped.right, range.right - 1, range.right + 1);
}

static void a_range_of_times_stays_on_one_line(void **state)
{
    (void)state;
    assert_stays_whole("10:15\u201310:30", "II 10:15\u201310:30", 11);
}

static void a_japanese_range_of_times_stays_on_one_line(void **state)
{
    (void)state;
    assert_stays_whole("18:30\uff5e18:45", "\u6c3418:30\uff5e18:45", 12);
}

static void no_word_is_left_alone_below_what_stands_in_the_middle(void **state)
{
    const char *text = "MMM MMM MMM MMM MMM MMM MMM M";
    uint32_t first, second;
    const struct ink left = ink_of_text(text, ATL_ALIGN_LEFT, 0, 330, &first);
    const struct ink centre = ink_of_text(text, ATL_ALIGN_CENTRE, 0, 330, &second);

    (void)state;
    assert_int_equal(left.count, centre.count);
    assert_int_equal(first, second); // as many lines
    assert_true((centre.right - centre.left) * 10 < (left.right - left.left) * 8);
}

static void a_word_too_long_wraps_by_letters_and_loses_none(void **state)
{
    char word[101] = "";
    uint32_t one_line, many;
    struct ink whole, wrapped;

    (void)state;
    memset(word, 'M', 100);
    whole = ink_of_text(word, ATL_ALIGN_LEFT, 0, 4000, &one_line);
    wrapped = ink_of_text(word, ATL_ALIGN_LEFT, 10, 576, &many);
    assert_int_equal(whole.count, wrapped.count);
    assert_true(many >= one_line * 10); // about seven letters fit into ten columns
    assert_true(wrapped.right <= 120);  // inside its ten columns of twelve dots
}

static void what_fits_its_columns_on_a_printer_does_not_break_here(void **state)
{
    uint32_t one, ten;

    (void)state;
    ink_of_text("1", ATL_ALIGN_RIGHT, 10, 576, &one);
    assert_true(ink_of_text("1 234,00 \u20ac", ATL_ALIGN_RIGHT, 10, 576, &ten).right <= 120);
    assert_int_equal(one, ten);
    assert_true(ink_of_text("MMMMMMMMMM", ATL_ALIGN_RIGHT, 10, 576, &ten).right <= 120);
    assert_in_range(ten, one / 2, one); // smaller letters, one line
}

static void a_letter_wider_than_its_columns_becomes_smaller(void **state)
{
    const struct atl_cell cells[] = {
        {SPANS({"WM", 8, 8, true, false, false}), 1, ATL_ALIGN_LEFT, 2},
        {SPANS(PLAIN("")),                        1, ATL_ALIGN_LEFT, 0},
    };
    const struct atl_row row = TEXT(cells, 2);
    struct atl_bitmap bitmap = draw(&row);
    struct ink ink = ink_of(&bitmap);

    (void)state;
    assert_true(ink.count > 40);
    assert_true(ink.right <= 26);
    atl_bitmap_free(&bitmap);
}

static void cells_of_a_row_keep_to_their_columns(void **state)
{
    const struct atl_cell cells[] = {
        {SPANS(PLAIN("a name long enough for two lines of it, and more")), 1, ATL_ALIGN_LEFT,  24},
        {SPANS(PLAIN("")),                                                 1, ATL_ALIGN_LEFT,  0 },
        {SPANS(PLAIN("x")),                                                1, ATL_ALIGN_RIGHT, 10},
    };
    const struct atl_row row = TEXT(cells, 3);
    struct atl_bitmap bitmap = draw(&row);
    uint32_t between = 0;

    (void)state;
    for (uint32_t y = 0; y < bitmap.height_dots; y++) {
        for (uint32_t x = 24 * 12 + 2; x < 38 * 12; x++)
            between += atl_bitmap_get(&bitmap, x, y);
    }
    assert_int_equal(between, 0);
    atl_bitmap_free(&bitmap);
}

static void styles_change_what_is_drawn(void **state)
{
    const struct atl_span plain = PLAIN("Atelier");
    const struct atl_span bold = {"Atelier", 1, 1, true, false, false};
    const struct atl_span under = {"Atelier", 1, 1, false, true, false};
    const struct atl_span inverted = {"Atelier", 1, 1, false, false, true};
    const struct atl_span large = {"Atelier", 3, 3, false, false, false};
    const struct atl_span wide = {"Atelier", 2, 1, false, false, false};
    const struct atl_span *spans[] = {&plain, &bold, &under, &inverted, &large, &wide};
    struct ink inks[6];
    uint32_t heights[6];

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        const struct atl_cell cell = {spans[i], 1, ATL_ALIGN_LEFT, 0};
        const struct atl_row row = TEXT(&cell, 1);
        struct atl_bitmap bitmap = draw(&row);

        inks[i] = ink_of(&bitmap);
        heights[i] = bitmap.height_dots;
        atl_bitmap_free(&bitmap);
    }
    assert_true(inks[1].count > inks[0].count * 11 / 10);
    assert_true(inks[2].count > inks[0].count + inks[0].right / 2);
    assert_true(inks[3].count > inks[0].count * 2); // black ground, white letters
    assert_in_range(inks[4].right, inks[0].right * 28 / 10, inks[0].right * 32 / 10);
    assert_true(heights[4] > heights[0] * 5 / 2);
    assert_in_range(inks[5].right, inks[0].right * 18 / 10, inks[0].right * 22 / 10);
    assert_int_equal(heights[5], heights[0]);
}

static void every_script_is_drawn_and_left_stays_left(void **state)
{
    static const char *const texts[] = {
        "L\u2019\u00e9t\u00e9 d\u2019\u00c9lodie",
        "\u523a\u7e4d \u685c",
        "\u05e9\u05dc\u05d5\u05dd",
        "\u0645\u0631\u062d\u0628\u0627",
        "\u042d\u043b\u043e\u0434\u0438",
        "Vi\u1ec7t Nam",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct ink left = ink_of_text(texts[i], ATL_ALIGN_LEFT, 0, 576, NULL);
        struct ink right = ink_of_text(texts[i], ATL_ALIGN_RIGHT, 0, 576, NULL);

        assert_true(left.count > 50);
        assert_in_range(left.left, 0, 6);
        assert_in_range(576 - right.right, 0, 6);
    }
}

static void text_that_is_not_utf_8_is_refused(void **state)
{
    static const struct atl_page page = {.width_um = 80000};
    const struct atl_cell cell = {SPANS(PLAIN("a\xff")), 1, ATL_ALIGN_LEFT, 0};
    const struct atl_cell cut = {SPANS(PLAIN("a\xe2\x82")), 1, ATL_ALIGN_LEFT, 0};
    const struct atl_row rows[] = {TEXT(&cell, 1), TEXT(&cut, 1)};
    struct atl_rasteriser rasteriser = atl_raster_rasteriser(raster);
    struct atl_bitmap bitmap = {.width_dots = 7};

    (void)state;
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(rasteriser.draw(rasteriser.ctx, &page, &rows[i], 576, 203, &bitmap, NULL),
                         ATL_E_INVALID);
    assert_int_equal(bitmap.width_dots, 7);
}

static void a_symbol_stands_in_the_row_dot_by_dot(void **state)
{
    const struct atl_row row = {.kind = ATL_ROW_QR,
                                .qr_text = "HTTPS://A.EXAMPLE/O/X",
                                .qr_level = 'M',
                                .qr_module_um = 400,
                                .align = ATL_ALIGN_CENTRE};
    struct atl_bitmap bitmap = draw(&row);
    struct atl_bitmap symbol = {0};
    struct atl_bitmap want = {0};
    struct atl_qr *qr = malloc(sizeof *qr);

    (void)state;
    assert_non_null(qr);
    assert_int_equal(atl_qr_make(row.qr_text, 'M', qr, NULL), ATL_OK);
    assert_int_equal(atl_qr_draw(qr, 4, &symbol, NULL), ATL_OK);
    assert_int_equal(atl_bitmap_init(&want, 576, symbol.height_dots, NULL), ATL_OK);
    atl_bitmap_blit(&want, (576 - symbol.width_dots) / 2, 0, &symbol);
    assert_true(atl_bitmap_equal(&bitmap, &want));
    atl_bitmap_free(&bitmap);
    atl_bitmap_free(&symbol);
    atl_bitmap_free(&want);
    free(qr);
}

static void a_symbol_too_large_for_the_paper_names_its_row(void **state)
{
    const struct atl_row rows[] = {
        {.kind = ATL_ROW_RULE },
        { .kind = ATL_ROW_QR, .qr_text = "X", .qr_level = 'M', .qr_module_um = 4000}
    };
    const struct atl_page page = {.width_um = 80000, .rows = rows, .row_count = 2};
    struct atl_bitmap bitmap = {.width_dots = 7};
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(atl_raster_page(raster, &page, 576, 203, ATL_RASTER_DOTS, &bitmap, &err),
                     ATL_E_INVALID);
    assert_ptr_equal(strstr(err.text, "row 2: the QR symbol is 116.1 mm wide"), err.text);
    assert_int_equal(bitmap.width_dots, 7);
}

static void a_page_is_its_rows_below_each_other(void **state)
{
    const struct atl_cell cell = {SPANS(PLAIN("Maison Lumi\u00e8re")), 1, ATL_ALIGN_CENTRE, 0};
    const struct atl_row rows[] = {
        TEXT(&cell, 1),
        {.kind = ATL_ROW_RULE  },
        {                .kind = ATL_ROW_FEED,    .height_um = 10000},
        {                .kind = ATL_ROW_QR,        .qr_text = "X", .qr_level = 'M'},
        { .kind = ATL_ROW_DRAWER, .drawer_pin = 2},
        {.kind = ATL_ROW_CUT,    .cut = ATL_CUT_FULL}
    };
    const struct atl_page page = {
        .width_um = 80000, .language = "en", .rows = rows, .row_count = 6};
    struct atl_bitmap bitmap = {0};
    struct atl_bitmap paper = {0};
    struct atl_bitmap want = {0};
    uint32_t y = 0;

    (void)state;
    assert_int_equal(atl_raster_page(raster, &page, 576, 203, ATL_RASTER_DOTS, &bitmap, NULL),
                     ATL_OK);
    assert_int_equal(atl_bitmap_init(&want, 576, bitmap.height_dots, NULL), ATL_OK);
    for (size_t i = 0; i < page.row_count; i++) {
        struct atl_bitmap row = draw(&rows[i]);

        atl_bitmap_blit(&want, 0, y, &row);
        y += row.height_dots;
        atl_bitmap_free(&row);
    }
    assert_int_equal(y, bitmap.height_dots);
    assert_true(atl_bitmap_equal(&bitmap, &want));

    // The preview is the same with the paper's margins.
    assert_int_equal(atl_raster_page(raster, &page, 576, 203, ATL_RASTER_PAPER, &paper, NULL),
                     ATL_OK);
    assert_int_equal(paper.width_dots, 639); // 80 mm
    assert_int_equal(ink_of(&paper).count, ink_of(&bitmap).count);
    atl_bitmap_free(&bitmap);
    atl_bitmap_free(&paper);
    atl_bitmap_free(&want);
}

static void a_row_drawn_before_is_reused_and_looks_the_same(void **state)
{
    struct atl_bitmap first = draw_text("Maison", ATL_ALIGN_LEFT, 0, 576);
    struct atl_raster_count before = atl_raster_counted(raster);
    struct atl_bitmap second = draw_text("Maison", ATL_ALIGN_LEFT, 0, 576);
    struct atl_bitmap other = draw_text("Maisons", ATL_ALIGN_LEFT, 0, 576);
    struct atl_raster_count after = atl_raster_counted(raster);

    (void)state;
    assert_true(atl_bitmap_equal(&first, &second));
    assert_false(atl_bitmap_equal(&first, &other));
    assert_int_equal(after.reused - before.reused, 1);
    assert_int_equal(after.drawn - before.drawn, 1);
    atl_bitmap_free(&first);
    atl_bitmap_free(&second);
    atl_bitmap_free(&other);
}

static void what_is_kept_is_bounded(void **state)
{
    char text[32];
    uint32_t first = ink_of_text("row 0", ATL_ALIGN_LEFT, 0, 576, NULL).count;

    (void)state;
    for (int i = 0; i < 300; i++) {
        snprintf(text, sizeof text, "row %d", i);
        ink_of_text(text, ATL_ALIGN_LEFT, 0, 576, NULL);
    }
    // The first is long gone, and is drawn again as it was.
    assert_int_equal(ink_of_text("row 0", ATL_ALIGN_LEFT, 0, 576, NULL).count, first);
    assert_int_equal(atl_raster_counted(raster).reused, 1);
}

static void a_picture_is_as_wide_as_the_template_says_and_never_wider_than_the_paper(void **state)
{
    static uint8_t black[100 * 13];
    struct atl_bitmap image = {100, 100, 13, black};
    struct atl_row row = {.kind = ATL_ROW_IMAGE, .image = &image};
    struct atl_bitmap bitmap;
    static const struct case_ {
        uint32_t um, dots;
    } cases[] = {
        {0,      100},
        {25000,  200},
        {500000, 576}
    };

    (void)state;
    memset(black, 0xff, sizeof black);
    for (size_t i = 0; i < 3; i++) {
        row.image_width_um = cases[i].um;
        bitmap = draw(&row);
        assert_int_equal(ink_of(&bitmap).right, cases[i].dots);
        assert_int_equal(bitmap.height_dots, cases[i].dots);
        atl_bitmap_free(&bitmap);
    }
}

static void columns_give_way_in_proportion_and_none_disappears(void **state)
{
    const struct atl_cell cells[] = {{.columns = 40}, {.columns = 0}, {.columns = 10}};
    const struct atl_row row = TEXT(cells, 3);
    uint32_t widths[3];

    (void)state;
    assert_int_equal(atl_row_columns(&row, 60, widths, NULL), ATL_OK);
    assert_int_equal(widths[0], 40);
    assert_int_equal(widths[1], 10);
    assert_int_equal(atl_row_columns(&row, 32, widths, NULL), ATL_OK);
    assert_int_equal(widths[0] + widths[1] + widths[2], 32);
    assert_int_equal(widths[1], 1);
    assert_int_equal(atl_row_columns(&row, 3, widths, NULL), ATL_OK);
    assert_int_equal(widths[0], 1);
    assert_int_equal(atl_row_columns(&row, 2, widths, NULL), ATL_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_stands_left_in_the_middle_or_right, begin, end),
        cmocka_unit_test_setup_teardown(a_range_of_times_stays_on_one_line, begin, end),
        cmocka_unit_test_setup_teardown(a_japanese_range_of_times_stays_on_one_line, begin, end),
        cmocka_unit_test_setup_teardown(no_word_is_left_alone_below_what_stands_in_the_middle,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_word_too_long_wraps_by_letters_and_loses_none, begin,
                                        end),
        cmocka_unit_test_setup_teardown(what_fits_its_columns_on_a_printer_does_not_break_here,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_letter_wider_than_its_columns_becomes_smaller, begin,
                                        end),
        cmocka_unit_test_setup_teardown(cells_of_a_row_keep_to_their_columns, begin, end),
        cmocka_unit_test_setup_teardown(styles_change_what_is_drawn, begin, end),
        cmocka_unit_test_setup_teardown(every_script_is_drawn_and_left_stays_left, begin, end),
        cmocka_unit_test_setup_teardown(text_that_is_not_utf_8_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_symbol_stands_in_the_row_dot_by_dot, begin, end),
        cmocka_unit_test_setup_teardown(a_symbol_too_large_for_the_paper_names_its_row, begin, end),
        cmocka_unit_test_setup_teardown(a_page_is_its_rows_below_each_other, begin, end),
        cmocka_unit_test_setup_teardown(a_row_drawn_before_is_reused_and_looks_the_same, begin,
                                        end),
        cmocka_unit_test_setup_teardown(what_is_kept_is_bounded, begin, end),
        cmocka_unit_test_setup_teardown(
            a_picture_is_as_wide_as_the_template_says_and_never_wider_than_the_paper, begin, end),
        cmocka_unit_test(columns_give_way_in_proportion_and_none_disappears),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
