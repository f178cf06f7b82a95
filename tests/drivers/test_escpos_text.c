// SPDX-License-Identifier: Apache-2.0
// The sink: whatever a guest writes, only letters of a code page leave as text, and all of them do.
#include "drivers/driver.h"
#include "tests/drivers/escpos_page.h"
#include "tests/support/escpos_lexer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PAGES = 20000, ROWS_MAX = 3, LETTERS_MAX = 90, TEXT_BYTES = LETTERS_MAX * 4 + 1 };

static uint32_t seed = 0x2545f491;

static uint32_t chance(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

// Where letters are taken from, and how often; the dangerous ones among them.
static const struct range {
    uint32_t from, until;
    uint32_t weight;
} ranges[] = {
    {0x20,    0x7f,    60},
    {0x01,    0x20,    4 }, // controls: ESC, GS, DLE, LF
    {0x7f,    0xa0,    2 }, // DEL and C1
    {0xa0,    0x180,   20},
    {0x370,   0x460,   6 }, // Greek, Cyrillic
    {0x5d0,   0x6ff,   2 }, // Hebrew, Arabic
    {0x2000,  0x2070,  5 }, // spaces, dashes, bidi overrides
    {0x20a0,  0x20b0,  2 }, // Euro
    {0x2500,  0x25a0,  2 }, // boxes
    {0x4e00,  0x4f00,  2 },
    {0x1f600, 0x1f640, 1 },
};

static uint32_t any_letter(bool is_tame)
{
    uint32_t sum = 0;
    uint32_t at;

    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        sum += ranges[i].weight;
    at = chance(is_tame ? ranges[0].weight : sum);
    for (size_t i = 0;; i++) {
        if (at < ranges[i].weight)
            return ranges[i].from + chance(ranges[i].until - ranges[i].from);
        at -= ranges[i].weight;
    }
}

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

static void any_text(char *out)
{
    size_t count = chance(LETTERS_MAX);
    bool is_tame = chance(3) == 0;
    size_t len = 0;

    for (size_t i = 0; i < count; i++)
        len += put_utf8(out + len, any_letter(is_tame));
    out[len] = 0;
}

// The text without spaces of any width, the one hyphen folded as the driver's README says.
static void squeeze(const char *text, char *out)
{
    static const char *const spaces[] = {" ", "\u00a0", "\u2007", "\u2009", "\u202f"};

    while (*text) {
        size_t skip = 0;

        for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
            if (strncmp(text, spaces[i], strlen(spaces[i])) == 0)
                skip = strlen(spaces[i]);
        }
        if (!skip && strncmp(text, "\u2011", 3) == 0) {
            *out++ = '-';
            skip = 3;
        } else if (!skip) {
            *out++ = *text;
            skip = 1;
        }
        text += skip;
    }
    *out = 0;
}

static void add_squeezed(const struct escpos_item *item, char *out, size_t size)
{
    char line[ESCPOS_LINE_BYTES];
    size_t len = strlen(out);

    squeeze(item->text, line);
    assert_true(len + strlen(line) < size);
    memcpy(out + len, line, strlen(line) + 1);
}

struct one {
    char texts[ROWS_MAX][TEXT_BYTES];
    struct atl_span spans[ROWS_MAX];
    struct atl_cell cells[ROWS_MAX];
    struct atl_row rows[ROWS_MAX];
    struct atl_page page;
};

static void any_page(struct one *one)
{
    size_t count = 1 + chance(ROWS_MAX);

    for (size_t i = 0; i < count; i++) {
        any_text(one->texts[i]);
        one->spans[i] = (struct atl_span){
            .text = one->texts[i],
            .scale_x = (uint8_t)(1 + (chance(4) ? 0 : chance(8))),
            .scale_y = (uint8_t)(1 + (chance(4) ? 0 : chance(8))),
            .is_bold = chance(2),
            .is_underlined = chance(2),
            .is_inverted = chance(2),
        };
        one->cells[i] = (struct atl_cell){&one->spans[i], 1, (enum atl_align)chance(3), 0};
        one->rows[i] =
            (struct atl_row){.kind = ATL_ROW_TEXT, .cells = &one->cells[i], .cell_count = 1};
    }
    one->page = (struct atl_page){.width_um = 80000, .rows = one->rows, .row_count = count};
}

// Either the row was drawn, or its letters stand in the lines in their order.
static void check_row(const struct one *one, size_t row, const struct escpos_paper *paper,
                      size_t *at)
{
    char want[TEXT_BYTES];
    char got[2 * TEXT_BYTES] = "";

    if (*at < paper->count && paper->items[*at].kind == ESCPOS_DOTS) {
        struct escpos_item *dots = &paper->items[*at];

        // Rows drawn directly below each other are one picture: eight rows of dots each.
        dots->dots.height_dots -= 8;
        if (dots->dots.height_dots == 0)
            ++*at;
        return;
    }
    squeeze(one->texts[row], want);
    do {
        assert_true(*at < paper->count);
        assert_int_equal(paper->items[*at].kind, ESCPOS_LINE);
        add_squeezed(&paper->items[(*at)++], got, sizeof got);
    } while (strlen(got) < strlen(want));
    assert_string_equal(got, want);
}

static void whatever_is_written_only_letters_leave_and_all_of_them_do(void **state)
{
    const struct atl_driver *driver = atl_driver_find("escpos");
    static struct one one;
    unsigned native = 0;
    unsigned drawn = 0;

    (void)state;
    for (int n = 0; n < PAGES; n++) {
        const struct atl_model *model = &driver->models[chance((uint32_t)driver->model_count)];
        const struct escpos_limits limits = {model->columns, model->width_dots, model->band_rows,
                                             false};
        uint8_t count = 0;
        const struct atl_rasteriser rasteriser = {.ctx = &count, .draw = escpos_draw_count};
        struct escpos_paper paper = {0};
        struct atl_error err = {0};
        char why[ESCPOS_WHY_BYTES];
        struct atl_buf out;
        size_t at = 0;

        any_page(&one);
        atl_buf_init(&out, 256 * 1024);
        if (driver->encode(&one.page, model, &rasteriser, &out, &err))
            fail_msg("page %d: %s", n, err.text);
        if (!escpos_lex(out.data, out.len, &limits, &paper, why))
            fail_msg("page %d on %s: %s", n, model->id, why);
        for (size_t row = 0; row < one.page.row_count; row++)
            check_row(&one, row, &paper, &at);
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
