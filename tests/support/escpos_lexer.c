// SPDX-License-Identifier: Apache-2.0
#include "tests/support/escpos_lexer.h"

#include <iconv.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ESC t n of current Epson models, and what glibc calls the table.
static const struct slot {
    uint8_t number;
    const char *charset;
} slots[] = {
    {0,  "CP437"      },
    {2,  "CP850"      },
    {3,  "CP860"      },
    {4,  "CP863"      },
    {5,  "CP865"      },
    {14, "CP737"      },
    {16, "CP1252"     },
    {17, "CP866"      },
    {18, "CP852"      },
    {19, "CP858"      },
    {39, "ISO-8859-2" },
    {40, "ISO-8859-15"},
    {46, "CP1251"     },
    {47, "CP1253"     },
};

#define NO_TURN ((iconv_t)-1)

struct reader {
    const uint8_t *bytes;
    size_t len, at;
    const struct escpos_limits *limits;
    struct escpos_paper *paper;
    char *why;
    iconv_t turn; // of the code page; NO_TURN: not said since the reset
    bool is_reset;
    bool is_usa, is_single_byte; // ESC R 0 and FS . were seen
    uint8_t size;                // GS !
    bool is_bold, is_underlined, is_inverted;
    struct escpos_item line; // in the making
    size_t line_len;
    uint32_t line_columns;
};

static bool fault(struct reader *reader, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static bool fault(struct reader *reader, const char *fmt, ...)
{
    va_list args;
    int len = snprintf(reader->why, ESCPOS_WHY_BYTES, "byte %zu: ", reader->at);

    va_start(args, fmt);
    vsnprintf(reader->why + len, ESCPOS_WHY_BYTES - (size_t)len, fmt, args);
    va_end(args);
    return false;
}

static struct escpos_item *add(struct escpos_paper *paper, enum escpos_item_kind kind)
{
    struct escpos_item *item;

    if (paper->count == paper->cap) {
        size_t cap = paper->cap ? paper->cap * 2 : 32;
        struct escpos_item *items = realloc(paper->items, cap * sizeof *items);

        if (!items)
            abort();
        paper->items = items;
        paper->cap = cap;
    }
    item = &paper->items[paper->count++];
    *item = (struct escpos_item){.kind = kind};
    return item;
}

static void note(struct reader *reader, bool holds, char letter)
{
    size_t len = strlen(reader->line.style);

    if (holds && !strchr(reader->line.style, letter) && len + 1 < sizeof reader->line.style)
        reader->line.style[len] = letter;
}

// The letter as UTF-8 behind the line's text; false when the byte is none.
static bool spell(struct reader *reader, uint8_t byte)
{
    char in[1] = {(char)byte};
    char *from = in;
    char *to = reader->line.text + reader->line_len;
    size_t in_left = 1;
    size_t out_left = sizeof reader->line.text - 1 - reader->line_len;

    if (byte < 0x80 && out_left) {
        *to++ = (char)byte;
    } else if (iconv(reader->turn, &from, &in_left, &to, &out_left) == (size_t)-1) {
        return false;
    }
    reader->line_len = (size_t)(to - reader->line.text);
    return true;
}

static bool letter(struct reader *reader, uint8_t byte)
{
    if (byte >= 0x80 && reader->turn == NO_TURN)
        return fault(reader, "letter %02x before any code page", byte);
    if (!spell(reader, byte))
        return fault(reader, "byte %02x is no letter of this code page", byte);
    reader->line_columns += 1u + (reader->size >> 4);
    if (reader->line_columns > reader->limits->columns)
        return fault(reader, "a line over %u letters", reader->limits->columns);
    note(reader, reader->is_bold, 'b');
    note(reader, reader->is_underlined, 'u');
    note(reader, reader->is_inverted, 'i');
    note(reader, reader->size >> 4, 'W');
    note(reader, reader->size & 7, 'H');
    return true;
}

static bool text(struct reader *reader, uint8_t byte)
{
    if (byte == '\n') {
        struct escpos_item *item = add(reader->paper, ESCPOS_LINE);

        *item = reader->line;
        reader->line = (struct escpos_item){.kind = ESCPOS_LINE};
        reader->line_len = 0;
        reader->line_columns = 0;
        return true;
    }
    if (!byte && reader->limits->may_be_mended)
        return true;
    if (byte < 0x20 || byte == 0x7f)
        return fault(reader, "control %02x", byte);
    if (!reader->is_reset || !reader->is_usa || !reader->is_single_byte)
        return fault(reader, "a letter before ESC @, ESC R 0 and FS .");
    return letter(reader, byte);
}

static bool at_line_start(const struct reader *reader)
{
    return reader->line_columns == 0;
}

// Adds a band below the picture that is the last item, or begins one.
static void add_band(struct reader *reader, const uint8_t *dots, uint32_t row_bytes, uint32_t rows)
{
    struct escpos_paper *paper = reader->paper;
    struct escpos_item *last = paper->count ? &paper->items[paper->count - 1] : NULL;
    uint32_t wide = (reader->limits->width_dots + 7) / 8;
    struct atl_bitmap *to;

    if (!last || last->kind != ESCPOS_DOTS)
        last = add(paper, ESCPOS_DOTS);
    to = &last->dots;
    to->width_dots = wide * 8;
    to->row_bytes = wide;
    to->bits = realloc(to->bits, (size_t)(to->height_dots + rows) * wide);
    if (!to->bits)
        abort();
    for (uint32_t y = 0; y < rows; y++) {
        uint8_t *row = to->bits + (size_t)(to->height_dots + y) * wide;

        memset(row, 0, wide);
        memcpy(row, dots + (size_t)y * row_bytes, row_bytes);
    }
    to->height_dots += rows;
}

// GS v 0 m xL xH yL yH d1…dk; `at` is on the 0.
static bool raster(struct reader *reader)
{
    const uint8_t *p = reader->bytes + reader->at;
    uint32_t row_bytes, rows;
    size_t dots;

    if (reader->len - reader->at >= 6 && reader->limits->may_be_mended && !p[1] &&
        !((p[2] | p[3]) && (p[4] | p[5]))) { // a picture of no dots
        reader->at += 6;
        return true;
    }
    if (reader->len - reader->at < 6 || p[0] != '0' || p[1] != 0)
        return fault(reader, "GS v is not GS v 0 0 …");
    if (!at_line_start(reader))
        return fault(reader, "GS v 0 inside a line");
    row_bytes = p[2] | (uint32_t)p[3] << 8;
    rows = p[4] | (uint32_t)p[5] << 8;
    dots = (size_t)row_bytes * rows;
    if (!dots || row_bytes > (reader->limits->width_dots + 7) / 8 ||
        rows > reader->limits->band_rows)
        return fault(reader, "a band of %u bytes by %u rows", row_bytes, rows);
    if (reader->len - reader->at - 6 < dots)
        return fault(reader, "a band without its end");
    for (size_t i = 1; i < dots; i++) {
        if (p[5 + i] == 0x10 && (p[6 + i] == 4 || p[6 + i] == 5 || p[6 + i] == 0x14))
            return fault(reader, "dots that a printer takes for DLE %02x", p[6 + i]);
    }
    add_band(reader, p + 6, row_bytes, rows);
    reader->at += 6 + dots;
    return true;
}

// Takes n more bytes of a command; NULL at the end of the stream.
static const uint8_t *take(struct reader *reader, size_t n)
{
    const uint8_t *p = reader->bytes + reader->at;

    if (reader->len - reader->at < n)
        return NULL;
    reader->at += n;
    return p;
}

static bool flag(struct reader *reader, bool *to)
{
    const uint8_t *p = take(reader, 1);

    if (!p || p[0] > 1)
        return fault(reader, "a style that is neither on nor off");
    *to = p[0];
    return true;
}

static void forget_page(struct reader *reader)
{
    if (reader->turn != NO_TURN)
        iconv_close(reader->turn);
    reader->turn = NO_TURN;
}

static bool code_page(struct reader *reader)
{
    const uint8_t *p = take(reader, 1);

    forget_page(reader);
    for (size_t i = 0; p && i < sizeof slots / sizeof slots[0]; i++) {
        if (slots[i].number == p[0])
            reader->turn = iconv_open("UTF-8", slots[i].charset);
    }
    return reader->turn != NO_TURN || fault(reader, "ESC t %d: no such table", p ? p[0] : -1);
}

static bool drawer(struct reader *reader)
{
    const uint8_t *p = take(reader, 3);

    if (!p || p[0] > 1)
        return fault(reader, "ESC p");
    if (p[1]) // without a pulse it stays shut
        add(reader->paper, ESCPOS_DRAWER)->number = p[0] ? 5 : 2;
    return true;
}

static bool reset(struct reader *reader)
{
    if (!at_line_start(reader))
        return fault(reader, "ESC @ throws a line away");
    reader->is_reset = true;
    reader->is_usa = reader->is_single_byte = false;
    forget_page(reader);
    reader->size = 0;
    reader->is_bold = reader->is_underlined = reader->is_inverted = false;
    return true;
}

static bool escape(struct reader *reader)
{
    const uint8_t *name = take(reader, 1);
    const uint8_t *p;

    switch (name ? *name : 0) {
    case '@':
        return reset(reader);
    case 'R':
        p = take(reader, 1);
        reader->is_usa = p && p[0] == 0;
        return reader->is_usa || fault(reader, "ESC R is not 0");
    case 't':
        return code_page(reader);
    case 'E':
        return flag(reader, &reader->is_bold);
    case '-':
        return flag(reader, &reader->is_underlined);
    case 'p':
        return drawer(reader);
    case 0:
        return (name && reader->limits->may_be_mended) || fault(reader, "ESC without its name");
    default:
        return fault(reader, "ESC %02x is not on the list", *name);
    }
}

static bool cut(struct reader *reader)
{
    const uint8_t *p = take(reader, 2);

    if (!p || (p[0] != 65 && p[0] != 66 && !(reader->limits->may_be_mended && !p[0])))
        return fault(reader, "GS V");
    if (!at_line_start(reader))
        return fault(reader, "a cut inside a line");
    add(reader->paper, ESCPOS_CUT)->number = p[0];
    return true;
}

static bool group(struct reader *reader)
{
    const uint8_t *name = take(reader, 1);
    const uint8_t *p;

    switch (name ? *name : 0) {
    case 'v':
        return raster(reader);
    case 'V':
        return cut(reader);
    case 'B':
        return flag(reader, &reader->is_inverted);
    case '!':
        p = take(reader, 1);
        if (!p || p[0] & 0x88)
            return fault(reader, "GS !");
        reader->size = p[0];
        return true;
    case 0:
        return (name && reader->limits->may_be_mended) || fault(reader, "GS without its name");
    default:
        return fault(reader, "GS %02x is not on the list", *name);
    }
}

static bool step(struct reader *reader)
{
    uint8_t byte = reader->bytes[reader->at++];

    switch (byte) {
    case 0x1b:
        return escape(reader);
    case 0x1d:
        return group(reader);
    case 0x1c: {
        const uint8_t *p = take(reader, 1);

        if (p && !*p && reader->limits->may_be_mended)
            return true;
        reader->is_single_byte = p && *p == '.';
        return reader->is_single_byte || fault(reader, "FS is not FS .");
    }
    default:
        return text(reader, byte);
    }
}

static bool read_all(struct reader *reader)
{
    while (reader->at < reader->len) {
        if (!step(reader))
            return false;
    }
    return at_line_start(reader) || fault(reader, "the last line does not end");
}

bool escpos_lex(const void *bytes, size_t len, const struct escpos_limits *limits,
                struct escpos_paper *paper, char why[ESCPOS_WHY_BYTES])
{
    struct reader reader = {
        .bytes = bytes,
        .len = len,
        .limits = limits,
        .paper = paper,
        .why = why,
        .turn = NO_TURN,
        .line = {.kind = ESCPOS_LINE},
    };
    bool is_right;

    *paper = (struct escpos_paper){0};
    why[0] = 0;
    is_right = read_all(&reader);
    forget_page(&reader);
    return is_right;
}

void escpos_paper_free(struct escpos_paper *paper)
{
    for (size_t i = 0; i < paper->count; i++)
        free(paper->items[i].dots.bits);
    free(paper->items);
    *paper = (struct escpos_paper){0};
}

const struct escpos_item *escpos_paper_find(const struct escpos_paper *paper, const char *text_in)
{
    for (size_t i = 0; i < paper->count; i++) {
        if (paper->items[i].kind == ESCPOS_LINE && strstr(paper->items[i].text, text_in))
            return &paper->items[i];
    }
    return NULL;
}
