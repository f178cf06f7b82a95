// SPDX-License-Identifier: Apache-2.0
// The sink: whatever a guest writes, only letters of a code page leave as text, and all of them do.
#include "drivers/driver.h"
#include "tests/drivers/escpos_page.h"
#include "tests/drivers/random_page.h"
#include "tests/support/escpos_lexer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PAGES = 20000 };

static void whatever_is_written_only_letters_leave_and_all_of_them_do(void **state)
{
    const struct atl_driver *driver = atl_driver_find("escpos");
    static struct random_page one;
    unsigned native = 0;
    unsigned drawn = 0;

    (void)state;
    for (int n = 0; n < PAGES; n++) {
        const struct atl_model *model =
            &driver->models[random_page_chance((uint32_t)driver->model_count)];
        const struct escpos_limits limits = {model->columns, model->width_dots, model->band_rows,
                                             false};
        uint8_t count = 0;
        const struct atl_rasteriser rasteriser = {.ctx = &count, .draw = escpos_draw_count};
        struct escpos_paper paper = {0};
        struct atl_error err = {0};
        char why[ESCPOS_WHY_BYTES];
        struct atl_buf out;
        size_t at = 0;

        random_page_make(&one);
        atl_buf_init(&out, 256 * 1024);
        if (driver->encode(&one.page, model, &rasteriser, &out, &err))
            fail_msg("page %d: %s", n, err.text);
        if (!escpos_lex(out.data, out.len, &limits, &paper, why))
            fail_msg("page %d on %s: %s", n, model->id, why);
        for (size_t row = 0; row < one.page.row_count; row++)
            random_page_check_row(&one, row, &paper, &at);
        assert_int_equal(at, paper.count);
        native += (unsigned)one.page.row_count - count;
        drawn += count;
        escpos_paper_free(&paper);
        atl_buf_free(&out);
    }
    // Both ways were taken, or this test says nothing.
    assert_true(native > PAGES / 5);
    assert_true(drawn > PAGES / 5);
}

// Inputs of attackers and of accidents: what leaves is the letters or dots, and no command.
static void commands_in_a_name_are_drawn_as_what_they_are(void **state)
{
    static const char *const texts[] = {
        "\x1b@",
        "\x1bp\x01\x19\x19",
        "\x1dV",
        "\x10\x04\x01",
        "\x10\x14\x01",
        "a\nb",
        "a\tb",
        "a\x7f",
        "\xc2\x9b"
        "31m",
        "\xe2\x80\xae"
        "evil",
        "\xff\xfe",
        "\xc0\xaf",
        "\xed\xa0\x80",
    };
    const struct atl_driver *driver = atl_driver_find("escpos");

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct atl_row rows[] = {LINE(texts[i])};
        const struct atl_page page = PAGE(rows);
        uint8_t count = 0;
        const struct atl_rasteriser rasteriser = {.ctx = &count, .draw = escpos_draw_count};
        struct atl_buf out;

        atl_buf_init(&out, 4096);
        assert_int_equal(driver->encode(&page, &driver->models[0], &rasteriser, &out, NULL),
                         ATL_OK);
        assert_int_equal(count, 1);
        atl_buf_free(&out);
    }
}

static void what_only_looks_like_another_language_is_plain_text(void **state)
{
    static const char *const texts[] = {
        "^XA~JR",
        "<script>alert(1)</script>",
        "'; DROP TABLE orders;--",
        "=cmd()",
        "../../x",
        "{command:\\x1bp}",
        "%s%n",
    };
    const struct atl_driver *driver = atl_driver_find("escpos");
    static const struct escpos_limits limits = {48, 576, 128, false};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct atl_row rows[] = {LINE(texts[i])};
        const struct atl_page page = PAGE(rows);
        struct escpos_paper paper = {0};
        char why[ESCPOS_WHY_BYTES];
        struct atl_buf out;

        atl_buf_init(&out, 4096);
        assert_int_equal(driver->encode(&page, &driver->models[0], NULL, &out, NULL), ATL_OK);
        assert_true(escpos_lex(out.data, out.len, &limits, &paper, why));
        assert_int_equal(paper.count, 1);
        assert_string_equal(paper.items[0].text, texts[i]);
        escpos_paper_free(&paper);
        atl_buf_free(&out);
    }
}

// The lexer must be able to say no, or the tests above mean nothing.
static void the_reader_refuses_what_a_printer_would_obey(void **state)
{
    static const struct bad {
        const char *bytes;
        size_t len;
        const char *why;
    } bads[] = {
        {"\x1b@\x1bR\x00\x1c.\x1bp\x00",                          10, "byte 9: ESC p"                                  },
        {"\x1b@\x1bR\x00\x1c.ab",                                 9,  "byte 9: the last line does not end"             },
        {"\x1b@\x1bR\x00\x1c.a\x07\n",                            10, "byte 9: control 07"                             },
        {"\x1b@\x1bR\x00\x1c.\x10\x04\x01",                       10, "byte 8: control 10"                             },
        {"\x1b@\x1bR\x01\x1c.",                                   7,  "byte 5: ESC R is not 0"                         },
        {"\x1b@\x1bR\x00\x1c.\x82\n",                             9,  "byte 8: letter 82 before any code page"         },
        {"\x1b@\x1bR\x00\x1c.\x1bt\x10\x81\n",                    12,
         "byte 11: byte 81 is no letter of this code page"                                                             },
        {"\x1b@\x1bR\x00\x1c.\x1d(k",                             10, "byte 9: GS 28 is not on the list"               },
        {"\x1b@\x1bR\x00\x1c.a\x1dV\x42\x00",                     12, "byte 12: a cut inside a line"                   },
        {"\x1b@\x1bR\x00\x1c.\x1dv0\x00\x01\x00\x02\x00\x10",     16, "byte 9: a band without its end"                 },
        {"\x1b@\x1bR\x00\x1c.\x1dv0\x00\x01\x00\x02\x00\x10\x04", 17,
         "byte 9: dots that a printer takes for DLE 04"                                                                },
        {"abc\n",                                                 4,  "byte 1: a letter before ESC @, ESC R 0 and FS ."},
    };
    static const struct escpos_limits limits = {48, 576, 128, false};

    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof bads[0]; i++) {
        struct escpos_paper paper;
        char why[ESCPOS_WHY_BYTES];

        assert_false(escpos_lex(bads[i].bytes, bads[i].len, &limits, &paper, why));
        assert_string_equal(why, bads[i].why);
        escpos_paper_free(&paper);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_written_only_letters_leave_and_all_of_them_do),
        cmocka_unit_test(commands_in_a_name_are_drawn_as_what_they_are),
        cmocka_unit_test(what_only_looks_like_another_language_is_plain_text),
        cmocka_unit_test(the_reader_refuses_what_a_printer_would_obey),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
