// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/random_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { LETTERS_MAX = 90 };

static uint32_t seed = 0x2545f491;

uint32_t random_page_chance(uint32_t below)
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
    at = random_page_chance(is_tame ? ranges[0].weight : sum);
    for (size_t i = 0;; i++) {
        if (at < ranges[i].weight)
            return ranges[i].from + random_page_chance(ranges[i].until - ranges[i].from);
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
    size_t count = random_page_chance(LETTERS_MAX);
    bool is_tame = random_page_chance(3) == 0;
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

void random_page_make(struct random_page *one)
{
    size_t count = 1 + random_page_chance(RANDOM_ROWS_MAX);

    for (size_t i = 0; i < count; i++) {
        any_text(one->texts[i]);
        one->spans[i] = (struct atl_span){
            .text = one->texts[i],
            .scale_x = (uint8_t)(1 + (random_page_chance(4) ? 0 : random_page_chance(8))),
            .scale_y = (uint8_t)(1 + (random_page_chance(4) ? 0 : random_page_chance(8))),
            .is_bold = random_page_chance(2),
            .is_underlined = random_page_chance(2),
            .is_inverted = random_page_chance(2),
        };
        one->cells[i] =
            (struct atl_cell){&one->spans[i], 1, (enum atl_align)random_page_chance(3), 0};
        one->rows[i] =
            (struct atl_row){.kind = ATL_ROW_TEXT, .cells = &one->cells[i], .cell_count = 1};
    }
    one->page = (struct atl_page){.width_um = 80000, .rows = one->rows, .row_count = count};
}

void random_page_check_row(const struct random_page *one, size_t row,
                           const struct escpos_paper *paper, size_t *at)
{
    char want[RANDOM_TEXT_BYTES];
    char got[2 * RANDOM_TEXT_BYTES] = "";

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
