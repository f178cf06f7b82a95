// SPDX-License-Identifier: Apache-2.0
// The encoder: golden files of whole papers, and what each single rule promises. The golden files
// are written anew by `test_star --update`, to be read in the diff.
#include "tests/drivers/star_page.h"
#include "tests/support/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct star_printed print(const struct atl_page *page, const char *id, uint8_t *drawn)
{
    const struct atl_rasteriser rasteriser = {.ctx = drawn, .draw = escpos_draw_count};

    *drawn = 0;
    return star_print(page, id, &rasteriser);
}

// Golden files ---------------------------------------------------------------------------------

static void compare_with_golden(const char *id, const struct atl_buf *bytes)
{
    struct atl_buf text;
    char path[128];

    atl_buf_init(&text, 256 * 1024);
    golden_dump(bytes, "\x1b", &text);
    (void)snprintf(path, sizeof path, "drivers/star/ticket-%s", id);
    golden_compare(path, &text);
    atl_buf_free(&text);
}

static void a_ticket_on_a_model_of_each_language_and_width_is_the_golden_file(void **state)
{
    static const char *const ids[] = {"raster-80", "raster-58", "tsp650ii",
                                      "tsp800ii",  "mc-print2", "mc-print3"};

    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        uint8_t drawn;
        struct star_printed printed = print(&star_ticket, ids[i], &drawn);

        compare_with_golden(ids[i], &printed.bytes);
        star_printed_free(&printed);
    }
}

// Single rules ---------------------------------------------------------------------------------

static void every_model_is_known_to_the_reader_with_its_widths(void **state)
{
    const struct atl_driver *driver = atl_driver_find("star");
    size_t count = 0;

    (void)state;
    for (const struct star_facts *facts; (facts = star_facts_at(count)); count++) {
        const struct atl_model *model = star_model_of(facts->id);

        assert_int_equal(model->width_dots, facts->limits.width_dots);
        assert_int_equal(model->columns, facts->limits.columns);
    }
    assert_int_equal(count, driver->model_count);
    assert_string_equal(atl_model_find(driver, NULL)->id, "raster-80");
}

static void the_same_page_gives_the_same_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; star_facts_at(i); i++) {
        uint8_t drawn;
        struct star_printed a = print(&star_ticket, star_facts_at(i)->id, &drawn);
        struct star_printed b = print(&star_ticket, star_facts_at(i)->id, &drawn);

        assert_int_equal(a.bytes.len, b.bytes.len);
        assert_memory_equal(a.bytes.data, b.bytes.data, a.bytes.len);
        star_printed_free(&a);
        star_printed_free(&b);
    }
}

static void styles_and_sizes_are_the_printers_own_up_to_six_times(void **state)
{
    static const struct atl_span six[] = {
        {"K7F", 6, 6, true, true, true}
    };
    static const struct atl_span seven[] = {
        {"K7F", 7, 2, false, false, false}
    };
    const struct atl_row rows[] = {
        {.kind = ATL_ROW_TEXT, .cell_count = 1, .cells = CELLS({six, 1, ATL_ALIGN_CENTRE, 0})},
        {.kind = ATL_ROW_TEXT, .cell_count = 1, .cells = CELLS({seven, 1, ATL_ALIGN_LEFT, 0})},
    };
    const struct atl_page page = PAGE(rows);
    uint8_t drawn;
    struct star_printed printed = print(&page, "tsp650ii", &drawn);

    (void)state;
    assert_int_equal(drawn, 1);
    assert_string_equal(printed.paper.items[0].text, "               K7F"); // (48 - 18) / 2
    assert_string_equal(printed.paper.items[0].style, "buiWH");
    assert_int_equal(printed.paper.items[1].kind, ESCPOS_DOTS);
    star_printed_free(&printed);
}

static void code_pages_are_chosen_by_stars_own_numbers(void **state)
{
    static const struct {
        const char *text;
        uint8_t slot;
    } cases[] = {
        {"\u00e9t\u00e9 \u2500",                               1 }, // only PC437 has both
        {"l\u2019\u00e9t\u00e9 42 \u20ac",                     32},
        {"\u017dlu\u0165ou\u010dk\u00fd k\u016f\u0148",        5 },
        {"\u042d\u043b\u043e\u0434\u0438",                     10},
        {"\u0395\u03bb\u03ad\u03bd\u03b7",                     15},
        {"\u0404\u0432\u0430 \u2014 \u0407\u0436\u0430\u043a", 34},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct atl_row rows[] = {LINE(cases[i].text)};
        const struct atl_page page = PAGE(rows);
        uint8_t drawn;
        struct star_printed printed = print(&page, "mc-print3", &drawn);
        const uint8_t want[] = {0x1b, 0x1d, 't', cases[i].slot};

        assert_int_equal(drawn, 0);
        assert_non_null(memmem(printed.bytes.data, printed.bytes.len, want, sizeof want));
        assert_string_equal(printed.paper.items[0].text, cases[i].text);
        star_printed_free(&printed);
    }
}

static void printers_of_rows_have_every_row_drawn(void **state)
{
    const struct atl_row rows[] = {LINE("plain"), LINE("42 \u20ac")};
    const struct atl_page page = PAGE(rows);
    uint8_t drawn;
    struct star_printed printed = print(&page, "tsp100", &drawn);

    (void)state;
    assert_int_equal(drawn, 2);
    assert_int_equal(printed.paper.count, 1);
    assert_int_equal(printed.paper.items[0].dots.height_dots, 16);
    star_printed_free(&printed);
}

static void a_feed_is_exactly_as_many_dots_as_the_length_says(void **state)
{
    static const char *const ids[] = {"tsp100", "tsp650ii", "mc-print3"};
    const struct atl_row rows[] = {
        {.kind = ATL_ROW_FEED, .height_um = 50000}
    };
    const struct atl_page page = PAGE(rows);

    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        uint8_t drawn;
        struct star_printed printed = print(&page, ids[i], &drawn);

        assert_int_equal(printed.paper.items[0].dots.height_dots, 400); // 50 mm at 203 dpi
        assert_true(printed.bytes.len < 64);
        star_printed_free(&printed);
    }
}

static void each_cut_is_of_the_kind_that_was_asked_for(void **state)
{
    const struct atl_row rows[] = {
        LINE("one"),   {.kind = ATL_ROW_CUT,    .cut = ATL_CUT_NONE   },
        LINE("two"),   {.kind = ATL_ROW_CUT,    .cut = ATL_CUT_FULL   },
        LINE("three"), {.kind = ATL_ROW_DRAWER, .drawer_pin = 5       },
        LINE("four"),  {.kind = ATL_ROW_CUT,    .cut = ATL_CUT_PARTIAL},
        LINE("five"),
    };
    const struct atl_page page = PAGE(rows);

    (void)state;
    for (size_t m = 0; star_facts_at(m); m++) {
        uint8_t drawn;
        struct star_printed printed = print(&page, star_facts_at(m)->id, &drawn);
        int acts[4] = {0};
        size_t count = 0;

        for (size_t i = 0; i < printed.paper.count; i++) {
            const struct escpos_item *item = &printed.paper.items[i];

            if (item->kind == ESCPOS_CUT || item->kind == ESCPOS_DRAWER) {
                assert_true(count < 3);
                acts[count++] = item->number;
            }
        }
        assert_int_equal(count, 3);
        assert_int_equal(acts[0], 65);
        assert_int_equal(acts[1], 5);
        assert_int_equal(acts[2], 66);
        star_printed_free(&printed);
    }
}

// A picture that is nothing but what printers obey on arrival, across the ends of rows, too.
static const uint8_t armed[] = {0x1b, 0x06, 0x01, 0x1b, 0x06, 0x18, 0x1b, 0x1b,
                                0x06, 0xff, 0x1b, 0x1b, 0x06, 0x00, 0x1b, 0x1b};

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

static void dots_never_form_a_command_that_is_obeyed_on_arrival(void **state)
{
    const struct atl_row rows[] = {{.kind = ATL_ROW_RULE}};
    const struct atl_page page = PAGE(rows);
    const struct atl_rasteriser rasteriser = {.ctx = NULL, .draw = draw_armed};

    (void)state;
    for (size_t m = 0; star_facts_at(m); m++) {
        // The reader fails on such dots.
        struct star_printed printed = star_print(&page, star_facts_at(m)->id, &rasteriser);
        const struct atl_bitmap *dots = &printed.paper.items[0].dots;
        unsigned changed = 0;

        assert_int_equal(dots->height_dots, 8);
        for (size_t i = 0; i < sizeof armed; i++)
            changed += (unsigned)__builtin_popcount(dots->bits[i / 2 * dots->row_bytes + i % 2] ^
                                                    armed[i]);
        // A dot for each; where a row is a command of its own there is no pair across its end.
        assert_int_equal(changed,
                         star_facts_at(m)->limits.language == STAR_LANGUAGE_GRAPHIC ? 1 : 4);
        star_printed_free(&printed);
    }
}

static void what_cannot_be_printed_is_refused_with_its_row(void **state)
{
    const struct atl_row pin[] = {
        LINE("x"), {.kind = ATL_ROW_DRAWER, .drawer_pin = 3}
    };
    const struct atl_page page = PAGE(pin);
    const struct atl_row drawn[] = {LINE("\u685c")};
    const struct atl_page undrawn = PAGE(drawn);
    const struct atl_driver *driver = atl_driver_find("star");
    struct atl_error err = {0};
    struct atl_buf out;

    (void)state;
    atl_buf_init(&out, 4096);
    assert_int_equal(driver->encode(&page, star_model_of("tsp650ii"), NULL, &out, &err),
                     ATL_E_INVALID);
    assert_string_equal(err.text, "row 2: a drawer hangs on pin 2 or 5, not on 3");
    assert_int_equal(driver->encode(&undrawn, star_model_of("tsp650ii"), NULL, &out, &err),
                     ATL_E_UNSUPPORTED);
    assert_string_equal(err.text, "row 1: this needs to be drawn, and nothing draws");
    atl_buf_free(&out);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_on_a_model_of_each_language_and_width_is_the_golden_file),
        cmocka_unit_test(every_model_is_known_to_the_reader_with_its_widths),
        cmocka_unit_test(the_same_page_gives_the_same_bytes),
        cmocka_unit_test(styles_and_sizes_are_the_printers_own_up_to_six_times),
        cmocka_unit_test(code_pages_are_chosen_by_stars_own_numbers),
        cmocka_unit_test(printers_of_rows_have_every_row_drawn),
        cmocka_unit_test(a_feed_is_exactly_as_many_dots_as_the_length_says),
        cmocka_unit_test(each_cut_is_of_the_kind_that_was_asked_for),
        cmocka_unit_test(dots_never_form_a_command_that_is_obeyed_on_arrival),
        cmocka_unit_test(what_cannot_be_printed_is_refused_with_its_row),
    };

    golden_begin(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
