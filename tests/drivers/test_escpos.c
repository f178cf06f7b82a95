// SPDX-License-Identifier: Apache-2.0
// The encoder: golden files of whole papers, and what each single rule promises. The golden files
// are written anew by `test_escpos --update`, to be read in the diff.
#include "drivers/driver.h"
#include "tests/drivers/escpos_page.h"
#include "tests/support/escpos_lexer.h"
#include "tests/support/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct printed {
    struct atl_buf bytes;
    struct escpos_paper paper;
    uint8_t drawn; // rows that went through the rasteriser
};

static const struct atl_model *model_of(const char *id)
{
    const struct atl_model *model = atl_model_find(atl_driver_find("escpos"), id);

    assert_non_null(model);
    return model;
}

static struct printed print(const struct atl_page *page, const char *id)
{
    const struct atl_model *model = model_of(id);
    const struct escpos_limits limits = {model->columns, model->width_dots, model->band_rows,
                                         false};
    struct printed made = {.drawn = 0};
    const struct atl_rasteriser rasteriser = {.ctx = &made.drawn, .draw = escpos_draw_count};
    struct atl_error err = {0};
    char why[ESCPOS_WHY_BYTES];

    atl_buf_init(&made.bytes, 1024 * 1024);
    if (atl_driver_find("escpos")->encode(page, model, &rasteriser, &made.bytes, &err))
        fail_msg("%s", err.text);
    if (!escpos_lex(made.bytes.data, made.bytes.len, &limits, &made.paper, why))
        fail_msg("%s", why);
    return made;
}

static void done(struct printed *printed)
{
    atl_buf_free(&printed->bytes);
    escpos_paper_free(&printed->paper);
}

static const char *line(const struct printed *printed, size_t i)
{
    assert_true(i < printed->paper.count);
    assert_int_equal(printed->paper.items[i].kind, ESCPOS_LINE);
    return printed->paper.items[i].text;
}

// Golden files ---------------------------------------------------------------------------------

static void compare_with_golden(const char *name, const struct atl_buf *bytes)
{
    struct atl_buf text;
    char path[128];

    atl_buf_init(&text, 256 * 1024);
    golden_dump(bytes, "\x1b\x1c\x1d", &text);
    (void)snprintf(path, sizeof path, "drivers/escpos/%s", name);
    golden_compare(path, &text);
    atl_buf_free(&text);
}

static const uint8_t logo_bits[] = {0x10, 0x04, 0xff, 0x00, 0x10, 0x05, 0x81, 0x00};
static const struct atl_bitmap logo = {
    .width_dots = 16, .height_dots = 4, .row_bytes = 2, .bits = (uint8_t *)(uintptr_t)logo_bits};

// A claim ticket as it comes out of a template, with one of everything.
static const struct atl_row ticket[] = {
    {.kind = ATL_ROW_DRAWER,                                                                        .drawer_pin = 2},
    {.kind = ATL_ROW_IMAGE,                                                                         .image = &logo,  .align = ATL_ALIGN_CENTRE},
    {.kind = ATL_ROW_TEXT,
     .cell_count = 1,
     .cells =
         CELLS({SPANS({"Maison Lumi\u00e8re", 2, 2, true, false, false}), 1, ATL_ALIGN_CENTRE, 0})},
    {.kind = ATL_ROW_RULE},
    {.kind = ATL_ROW_TEXT,
     .cell_count = 3,
     .cells =
         CELLS({SPANS(SPAN("Tote bag, broderie \u00ab L'\u00e9t\u00e9 \u00bb sur le devant, au "
                           "centre")),
                1, ATL_ALIGN_LEFT, 0},
     {SPANS(SPAN("1")), 1, ATL_ALIGN_RIGHT, 3},
     {SPANS(SPAN("42,00 \u20ac")), 1, ATL_ALIGN_RIGHT, 10})},
    LINE("\u523a\u7e4d \u685c"),
    {.kind = ATL_ROW_TEXT,
     .cell_count = 1,
     .cells = CELLS({SPANS({"DUPLICATE 2", 1, 1, true, false, true}, SPAN(" "),
                           {"see staff", 1, 1, false, true, false}),
                     3, ATL_ALIGN_RIGHT, 0})},
    {.kind = ATL_ROW_QR,                                                                                             .qr_text = "HTTPS://A.EXAMPLE/O/X",                                                                      .qr_level = 'M'},
    {.kind = ATL_ROW_FEED,                                                       .height_um = 20000                                                                                        },
    {.kind = ATL_ROW_CUT,.cut = ATL_CUT_PARTIAL                                                                     },
};
static const struct atl_page ticket_page = PAGE(ticket);

static void a_ticket_on_each_model_is_the_golden_file(void **state)
{
    static const char *const ids[] = {"generic-80", "generic-58", "tm-t20", "tm-t88", "tm-t88v"};

    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        struct printed printed = print(&ticket_page, ids[i]);
        char name[64];

        snprintf(name, sizeof name, "ticket-%s", ids[i]);
        compare_with_golden(name, &printed.bytes);
        done(&printed);
    }
}

static void the_same_page_gives_the_same_bytes(void **state)
{
    struct printed a = print(&ticket_page, "tm-t20");
    struct printed b = print(&ticket_page, "tm-t20");

    (void)state;
    assert_int_equal(a.bytes.len, b.bytes.len);
    assert_memory_equal(a.bytes.data, b.bytes.data, a.bytes.len);
    done(&a);
    done(&b);
}

// Single rules ---------------------------------------------------------------------------------

static void cells_stand_side_by_side_and_wrap_at_words_inside_their_columns(void **state)
{
    const struct atl_row rows[] = {
        {.kind = ATL_ROW_TEXT,
         .cell_count = 2,
         .cells = CELLS({SPANS(SPAN("embroidered bag with a name")), 1, ATL_ALIGN_LEFT, 20},
         {SPANS(SPAN("12.00 EUR")), 1, ATL_ALIGN_RIGHT, 12})},
    };
    const struct atl_page page = PAGE(rows);
    struct printed printed = print(&page, "generic-58");

    (void)state;
    assert_int_equal(printed.paper.count, 2);
    assert_string_equal(line(&printed, 0), "embroidered bag with   12.00 EUR");
    assert_string_equal(line(&printed, 1), "a name");
    done(&printed);
}

static void a_word_too_long_for_its_column_goes_on_below(void **state)
{
    const struct atl_row rows[] = {LINE("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ")};
    const struct atl_page page = PAGE(rows);
    struct printed printed = print(&page, "generic-58");

    (void)state;
    assert_int_equal(printed.paper.count, 2);
    assert_string_equal(line(&printed, 0), "abcdefghijklmnopqrstuvwxyzABCDEF");
    assert_string_equal(line(&printed, 1), "GHIJ");
    done(&printed);
}

static void a_line_that_just_fits_is_one_line(void **state)
{
    const struct atl_row rows[] = {LINE("0123456789 0123456789 0123456789 0123456789 0123"),
                                   LINE("0123456789 0123456789 0123456789 0123456789 01 3x")};
    const struct atl_page page = PAGE(rows);
    struct printed printed = print(&page, "generic-80");

    (void)state;
    assert_int_equal(printed.paper.count, 3);
    assert_string_equal(line(&printed, 0), rows[0].cells[0].spans[0].text);
    assert_string_equal(line(&printed, 2), "3x");
    done(&printed);
}

static void centre_and_right_are_counted_in_letters_of_their_scale(void **state)
{
    const struct atl_row rows[] = {
        {.kind = ATL_ROW_TEXT,
         .cell_count = 1,
         .cells = CELLS({SPANS({"K7F", 4, 4, false, false, false}), 1, ATL_ALIGN_CENTRE, 0})},
        {.kind = ATL_ROW_TEXT,
         .cell_count = 1,
         .cells = CELLS({SPANS({"K7F", 2, 1, true, false, false}), 1, ATL_ALIGN_RIGHT, 0})  },
    };
    const struct atl_page page = PAGE(rows);
    struct printed printed = print(&page, "generic-58");

    (void)state;
    assert_string_equal(line(&printed, 0), "          K7F"); // (32 - 12) / 2
    assert_string_equal(printed.paper.items[0].style, "WH");
    assert_string_equal(line(&printed, 1), "                          K7F"); // 32 - 6
    assert_string_equal(printed.paper.items[1].style, "bW");
    done(&printed);
}

static void one_code_page_is_kept_as_long_as_it_serves(void **state)
{
    // Only WPC1252 has the first line's quote and dash; the others would do with PC437.
    const struct atl_row rows[] = {
        LINE("\u00e9t\u00e9"),
        LINE("plain"),
        LINE("l\u2019\u00e9t\u00e9 \u2014 42 \u20ac"),
        LINE("Gr\u00f6\u00dfe"),
        LINE("\u042d\u043b\u043e\u0434\u0438"),
        LINE("plain again"),
    };
    const struct atl_page page = PAGE(rows);
    struct printed printed = print(&page, "tm-t20");
    size_t switches = 0;

    (void)state;
    for (size_t i = 0; i + 1 < printed.bytes.len; i++)
        switches += printed.bytes.data[i] == 0x1b && printed.bytes.data[i + 1] == 't';
    assert_int_equal(switches, 2);
    assert_int_equal(printed.drawn, 0);
    for (size_t i = 0; i < page.row_count; i++)
        assert_string_equal(line(&printed, i), rows[i].cells[0].spans[0].text);
    done(&printed);
}

static void only_the_row_that_the_printer_cannot_write_is_drawn(void **state)
{
    const struct atl_row rows[] = {LINE("one"), LINE("42 \u20ac"), LINE("\u685c"), LINE("two")};
    const struct atl_page page = PAGE(rows);
    struct printed epson = print(&page, "tm-t20");
    struct printed generic = print(&page, "generic-80");

    (void)state;
    assert_int_equal(epson.drawn, 1);
    assert_int_equal(epson.paper.items[2].kind, ESCPOS_DOTS);
    assert_int_equal(generic.drawn, 2); // the Euro sign is on neither of the two common pages
    assert_string_equal(line(&generic, 0), "one");
    assert_int_equal(generic.paper.items[1].dots.height_dots, 16);
    done(&epson);
    done(&generic);
}

static void a_letter_wider_than_its_column_is_drawn_and_not_cut(void **state)
{
    const struct atl_row rows[] = {
        {.kind = ATL_ROW_TEXT,
         .cell_count = 2,
         .cells = CELLS({SPANS({"A", 8, 8, false, false, false}), 1, 0, 4},
         {SPANS(SPAN("b")), 1, 0, 0})}
    };
    const struct atl_page page = PAGE(rows);
    struct printed printed = print(&page, "generic-80");

    (void)state;
    assert_int_equal(printed.drawn, 1);
    assert_int_equal(printed.paper.count, 1);
    done(&printed);
}

static void spaces_of_other_widths_are_spaces_and_an_apostrophe_stays_what_it_is(void **state)
{
    const struct atl_row rows[] = {LINE("42\u00a0000\u202f\u20ac l\u2019\u00e9t\u00e9")};
    const struct atl_page page = PAGE(rows);
    struct printed printed = print(&page, "tm-t20");

    (void)state;
    assert_string_equal(line(&printed, 0), "42 000 \u20ac l\u2019\u00e9t\u00e9");
    done(&printed);
}

static void a_model_without_cutter_feeds_instead(void **state)
{
    const struct atl_row rows[] = {
        LINE("Ann"), {.kind = ATL_ROW_CUT, .cut = ATL_CUT_FULL}
    };
    const struct atl_page page = PAGE(rows);
    struct printed with = print(&page, "generic-80");
    struct printed without = print(&page, "generic-58");

    (void)state;
    assert_int_equal(with.paper.count, 2);
    assert_int_equal(with.paper.items[1].kind, ESCPOS_CUT);
    assert_int_equal(with.paper.items[1].number, 65);
    assert_int_equal(without.paper.count, 6);
    assert_string_equal(line(&without, 5), "");
    done(&with);
    done(&without);
}

static void a_feed_is_exactly_as_many_dots_as_the_length_says(void **state)
{
    const struct atl_row rows[] = {
        {.kind = ATL_ROW_FEED, .height_um = 50000}
    };
    const struct atl_page page = PAGE(rows);
    struct printed printed = print(&page, "generic-80");

    (void)state;
    assert_int_equal(printed.paper.items[0].dots.height_dots, 400); // 50 mm at 203 dpi
    assert_true(printed.bytes.len < 400 + 8 * 4 + 16);
    done(&printed);
}

// A picture that is nothing but the three sequences, across the ends of rows, too.
static const uint8_t armed[] = {0x10, 0x04, 0x10, 0x05, 0x10, 0x14, 0x10, 0x10,
                                0x04, 0xff, 0x10, 0x10, 0x05, 0x10, 0x14, 0x10};

static atl_code draw_armed(void *ctx, const struct atl_page *page, const struct atl_row *row,
                           uint32_t width_dots, uint32_t dpi, struct atl_bitmap *out,
                           struct atl_error *err)
{
    uint8_t *bits = malloc(sizeof armed);

    (void)ctx;
    (void)page;
    (void)row;
    (void)width_dots;
    (void)dpi;
    (void)err;
    assert_non_null(bits);
    memcpy(bits, armed, sizeof armed);
    *out = (struct atl_bitmap){16, 8, 2, bits};
    return ATL_OK;
}

static void dots_never_form_a_command_that_printers_obey_in_pictures(void **state)
{
    static const struct escpos_limits limits = {48, 576, 128, false};
    const struct atl_row rows[] = {{.kind = ATL_ROW_RULE}};
    const struct atl_page page = PAGE(rows);
    const struct atl_rasteriser rasteriser = {.ctx = NULL, .draw = draw_armed};
    struct printed printed = {.drawn = 0};
    char why[ESCPOS_WHY_BYTES];
    unsigned changed = 0;

    (void)state;
    atl_buf_init(&printed.bytes, 4096);
    assert_int_equal(atl_driver_find("escpos")->encode(&page, model_of("generic-80"), &rasteriser,
                                                       &printed.bytes, NULL),
                     ATL_OK);
    if (!escpos_lex(printed.bytes.data, printed.bytes.len, &limits, &printed.paper, why))
        fail_msg("%s", why);
    for (size_t i = 0; i < sizeof armed; i++)
        changed += (unsigned)__builtin_popcount(
            printed.bytes.data[printed.bytes.len - sizeof armed + i] ^ armed[i]);
    assert_int_equal(changed, 6); // one dot each
    done(&printed);
}

static void what_cannot_be_printed_is_refused_with_its_row(void **state)
{
    const struct atl_row pin[] = {
        LINE("x"), {.kind = ATL_ROW_DRAWER, .drawer_pin = 3}
    };
    const struct atl_page page = PAGE(pin);
    const struct atl_row drawn[] = {LINE("\u685c")};
    const struct atl_page undrawn = PAGE(drawn);
    struct atl_error err = {0};
    struct atl_buf out;

    (void)state;
    atl_buf_init(&out, 4096);
    assert_int_equal(atl_driver_find("escpos")->encode(&page, model_of("tm-t20"), NULL, &out, &err),
                     ATL_E_INVALID);
    assert_string_equal(err.text, "row 2: a drawer hangs on pin 2 or 5, not on 3");
    assert_int_equal(
        atl_driver_find("escpos")->encode(&undrawn, model_of("tm-t20"), NULL, &out, &err),
        ATL_E_UNSUPPORTED);
    atl_buf_free(&out);
}

static void a_job_broken_anywhere_is_brought_to_where_the_next_can_begin(void **state)
{
    static const struct escpos_limits limits = {48, 576, 128, true};
    struct printed printed = print(&ticket_page, "generic-80");
    const struct atl_row rows[] = {LINE("the next one")};
    const struct atl_page page = PAGE(rows);
    struct printed next = print(&page, "generic-80");

    (void)state;
    for (size_t cut = 0; cut <= printed.bytes.len; cut++) {
        struct atl_buf mended;
        struct escpos_paper paper = {0};
        char why[ESCPOS_WHY_BYTES];
        bool is_right;

        atl_buf_init(&mended, 64 * 1024);
        atl_buf_add(&mended, printed.bytes.data, cut);
        assert_int_equal(atl_driver_find("escpos")->resync(printed.bytes.data, printed.bytes.len,
                                                           cut, &mended, NULL),
                         ATL_OK);
        atl_buf_add(&mended, next.bytes.data, next.bytes.len);
        is_right = escpos_lex(mended.data, mended.len, &limits, &paper, why);
        if (!is_right)
            fail_msg("cut at %zu: %s", cut, why);
        assert_true(paper.count >= 2); // what is left of the first was cut off
        assert_int_equal(paper.items[paper.count - 2].kind, ESCPOS_CUT);
        assert_string_equal(paper.items[paper.count - 1].text, "the next one");
        assert_string_equal(paper.items[paper.count - 1].style, "");
        escpos_paper_free(&paper);
        atl_buf_free(&mended);
    }
    done(&printed);
    done(&next);
}

// The lane died with what it knew: white for whatever the printer may still be waiting for.
static void when_nobody_knows_how_far_a_job_got_the_largest_picture_is_ended(void **state)
{
    const struct atl_driver *driver = atl_driver_find("escpos");
    struct atl_buf out;

    (void)state;
    atl_buf_init(&out, 64 * 1024);
    assert_int_equal(driver->resync(NULL, 0, 0, &out, NULL), ATL_OK);
    for (size_t i = 0; i < driver->model_count; i++) {
        const struct atl_model *model = &driver->models[i];

        assert_true(out.len - 3 >= 8 + (size_t)model->band_rows * ((model->width_dots + 7u) / 8));
    }
    for (size_t i = 0; i < out.len - 3; i++)
        assert_int_equal(out.data[i], 0);
    assert_memory_equal(out.data + out.len - 3, "\n\x1b@", 3);
    atl_buf_free(&out);
}

static void resync_refuses_what_is_no_job_of_ours(void **state)
{
    static const uint8_t half[] = {0x1d, 'v', '0', 0, 72};
    struct atl_buf out;

    (void)state;
    atl_buf_init(&out, 100);
    assert_int_equal(atl_driver_find("escpos")->resync(half, sizeof half, 3, &out, NULL),
                     ATL_E_INVALID);
    assert_int_equal(atl_driver_find("escpos")->resync(half, sizeof half, 6, &out, NULL),
                     ATL_E_INVALID);
    assert_int_equal(out.len, 0);
    atl_buf_free(&out);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_on_each_model_is_the_golden_file),
        cmocka_unit_test(the_same_page_gives_the_same_bytes),
        cmocka_unit_test(cells_stand_side_by_side_and_wrap_at_words_inside_their_columns),
        cmocka_unit_test(a_word_too_long_for_its_column_goes_on_below),
        cmocka_unit_test(a_line_that_just_fits_is_one_line),
        cmocka_unit_test(centre_and_right_are_counted_in_letters_of_their_scale),
        cmocka_unit_test(one_code_page_is_kept_as_long_as_it_serves),
        cmocka_unit_test(only_the_row_that_the_printer_cannot_write_is_drawn),
        cmocka_unit_test(a_letter_wider_than_its_column_is_drawn_and_not_cut),
        cmocka_unit_test(spaces_of_other_widths_are_spaces_and_an_apostrophe_stays_what_it_is),
        cmocka_unit_test(a_model_without_cutter_feeds_instead),
        cmocka_unit_test(a_feed_is_exactly_as_many_dots_as_the_length_says),
        cmocka_unit_test(dots_never_form_a_command_that_printers_obey_in_pictures),
        cmocka_unit_test(what_cannot_be_printed_is_refused_with_its_row),
        cmocka_unit_test(a_job_broken_anywhere_is_brought_to_where_the_next_can_begin),
        cmocka_unit_test(when_nobody_knows_how_far_a_job_got_the_largest_picture_is_ended),
        cmocka_unit_test(resync_refuses_what_is_no_job_of_ours),
    };

    golden_begin(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
