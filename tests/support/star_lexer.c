// SPDX-License-Identifier: Apache-2.0
#include "tests/support/star_lexer_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ESC GS t n, and what glibc calls the table.
static const struct slot {
    uint8_t number;
    const char *charset;
} slots[] = {
    {1,  "CP437" },
    {4,  "CP858" },
    {5,  "CP852" },
    {6,  "CP860" },
    {8,  "CP863" },
    {9,  "CP865" },
    {10, "CP866" },
    {15, "CP737" },
    {32, "CP1252"},
    {34, "CP1251"},
};

#define NO_TURN ((iconv_t)-1)

bool star_fault(struct star_reader *reader, const char *fmt, ...)
{
    va_list args;
    int len = snprintf(reader->why, ESCPOS_WHY_BYTES, "byte %zu: ", reader->at);

    va_start(args, fmt);
    vsnprintf(reader->why + len, ESCPOS_WHY_BYTES - (size_t)len, fmt, args);
    va_end(args);
    return false;
}

uint32_t star_wide_bytes(const struct star_reader *reader)
{
    return (reader->limits->width_dots + 7) / 8;
}

struct escpos_item *star_add(struct escpos_paper *paper, enum escpos_item_kind kind)
{
    struct escpos_item *item;

    if (paper->count == paper->cap) {
        paper->cap = paper->cap ? paper->cap * 2 : 32;
        paper->items = realloc(paper->items, paper->cap * sizeof *paper->items);
        if (!paper->items)
            abort();
    }
    item = &paper->items[paper->count++];
    *item = (struct escpos_item){.kind = kind};
    return item;
}

void star_add_rows(struct star_reader *reader, const uint8_t *dots, uint32_t row_bytes,
                   uint32_t rows)
{
    struct escpos_paper *paper = reader->paper;
    struct escpos_item *last = paper->count ? &paper->items[paper->count - 1] : NULL;
    const uint32_t wide = star_wide_bytes(reader);

    if (!rows)
        return;
    if (!last || last->kind != ESCPOS_DOTS || reader->is_fresh)
        last = star_add(paper, ESCPOS_DOTS);
    reader->is_fresh = false;
    last->dots.width_dots = wide * 8;
    last->dots.row_bytes = wide;
    last->dots.bits = realloc(last->dots.bits, (size_t)(last->dots.height_dots + rows) * wide);
    if (!last->dots.bits)
        abort();
    for (uint32_t y = 0; y < rows; y++) {
        uint8_t *row = last->dots.bits + (size_t)(last->dots.height_dots + y) * wide;

        memset(row, 0, wide);
        if (dots)
            memcpy(row, dots + (size_t)y * row_bytes, row_bytes);
    }
    last->dots.height_dots += rows;
}

const uint8_t *star_take(struct star_reader *reader, size_t n)
{
    const uint8_t *p = reader->bytes + reader->at;

    if (reader->len - reader->at < n)
        return NULL;
    reader->at += n;
    return p;
}

const uint8_t *star_take_dots(struct star_reader *reader, size_t n)
{
    const uint8_t *p = star_take(reader, n);

    for (size_t i = 1; p && i < n; i++) {
        if (p[i - 1] == 0x1b && p[i] == 0x06) {
            star_fault(reader, "dots that a printer may take for ESC ACK");
            return NULL;
        }
    }
    if (!p)
        star_fault(reader, "a picture without its end");
    return p;
}

// ---- Lines: what Line mode and StarPRNT share ----

static bool is_within_line(const struct star_reader *reader)
{
    return reader->line_columns || reader->has_band;
}

static void note(struct star_reader *reader, bool holds, char letter)
{
    size_t len = strlen(reader->line.style);

    if (holds && !strchr(reader->line.style, letter) && len + 1 < sizeof reader->line.style)
        reader->line.style[len] = letter;
}

// The letter as UTF-8 behind the line's text; false when the byte is none.
static bool spell(struct star_reader *reader, uint8_t byte)
{
    char in[1] = {(char)byte};
    char *from = in;
    char *to = reader->line.text + reader->line_len;
    size_t in_left = 1;
    size_t out_left = sizeof reader->line.text - 1 - reader->line_len;

    if (byte < 0x80 && out_left)
        *to++ = (char)byte;
    else if (iconv(reader->turn, &from, &in_left, &to, &out_left) == (size_t)-1)
        return false;
    reader->line_len = (size_t)(to - reader->line.text);
    return true;
}

static bool letter(struct star_reader *reader, uint8_t byte)
{
    if (byte < 0x20 || byte == 0x7f)
        return star_fault(reader, "control %02x", byte);
    if (!reader->is_reset || !reader->is_usa || reader->spacing_mm != 4)
        return star_fault(reader, "a letter before ESC @, ESC R 0 and ESC z 1");
    if (reader->has_band)
        return star_fault(reader, "a letter beside a picture");
    if (byte >= 0x80 && reader->turn == NO_TURN)
        return star_fault(reader, "letter %02x before any code page", byte);
    if (!spell(reader, byte))
        return star_fault(reader, "byte %02x is no letter of this code page", byte);
    reader->line_columns += 1u + reader->wide;
    if (reader->line_columns > reader->limits->columns)
        return star_fault(reader, "a line over %u letters", reader->limits->columns);
    note(reader, reader->is_bold, 'b');
    note(reader, reader->is_underlined, 'u');
    note(reader, reader->is_inverted, 'i');
    note(reader, reader->wide, 'W');
    note(reader, reader->high, 'H');
    return true;
}

static void forget_line(struct star_reader *reader)
{
    reader->line = (struct escpos_item){.kind = ESCPOS_LINE};
    reader->line_len = 0;
    reader->line_columns = 0;
    reader->has_band = false;
}

static bool line_feed(struct star_reader *reader)
{
    if (reader->has_band) {
        if (reader->spacing_mm != 3)
            return star_fault(reader, "24 rows on lines of %u mm", reader->spacing_mm);
        star_add_rows(reader, reader->band, star_wide_bytes(reader), BAND_ROWS);
    } else {
        *star_add(reader->paper, ESCPOS_LINE) = reader->line;
    }
    forget_line(reader);
    return true;
}

// ESC I n: n eighths of a millimetre, each a dot; of a band, what is below them is not printed.
static bool feed(struct star_reader *reader, uint8_t n)
{
    if (!n && reader->limits->is_mending)
        return true;
    if (!n || reader->line_columns)
        return star_fault(reader, n ? "ESC I inside a line" : "ESC I 0");
    if (reader->has_band && n > BAND_ROWS)
        return star_fault(reader, "ESC I %u below a band", n);
    if (reader->has_band) {
        const size_t used = (size_t)n * star_wide_bytes(reader);

        for (size_t i = used; i < (size_t)BAND_ROWS * star_wide_bytes(reader); i++) {
            if (reader->band[i])
                return star_fault(reader, "ESC I %u leaves black rows out", n);
        }
    }
    star_add_rows(reader, reader->has_band ? reader->band : NULL, star_wide_bytes(reader), n);
    forget_line(reader);
    return true;
}

static void forget_page(struct star_reader *reader)
{
    if (reader->turn != NO_TURN)
        iconv_close(reader->turn);
    reader->turn = NO_TURN;
}

static bool code_page(struct star_reader *reader)
{
    const uint8_t *p = star_take(reader, 1);

    if (p && !p[0] && reader->limits->is_mending)
        return true;
    forget_page(reader);
    for (size_t i = 0; p && i < sizeof slots / sizeof slots[0]; i++) {
        if (slots[i].number == p[0])
            reader->turn = iconv_open("UTF-8", slots[i].charset);
    }
    return reader->turn != NO_TURN ||
           star_fault(reader, "ESC GS t %d: no such table", p ? p[0] : -1);
}

static void initialise(struct star_reader *reader)
{
    forget_page(reader);
    reader->is_usa = false;
    reader->spacing_mm = 0;
    reader->wide = reader->high = 0;
    reader->is_bold = reader->is_underlined = reader->is_inverted = false;
    reader->is_fresh = true;
}

static bool band(struct star_reader *reader)
{
    const uint8_t *p = star_take(reader, 2);
    const uint8_t *dots;

    if (p && !p[0] && !p[1] && reader->limits->is_mending)
        return true;
    if (reader->limits->language != STAR_LANGUAGE_LINE || !p || p[1] || !p[0] ||
        p[0] > star_wide_bytes(reader))
        return star_fault(reader, "ESC k of %d bytes", p ? p[0] | p[1] << 8 : -1);
    if (is_within_line(reader))
        return star_fault(reader, "a picture inside a line");
    dots = star_take_dots(reader, (size_t)p[0] * BAND_ROWS);
    if (!dots)
        return false;
    memset(reader->band, 0, sizeof reader->band);
    for (uint32_t y = 0; y < BAND_ROWS; y++)
        memcpy(reader->band + (size_t)y * star_wide_bytes(reader), dots + (size_t)y * p[0], p[0]);
    reader->has_band = true;
    return true;
}

// ESC GS S m xL xH yL yH n d…
static bool block(struct star_reader *reader)
{
    const uint8_t *p = star_take(reader, 6);
    const uint8_t *dots;
    uint32_t x, y;

    if (p && (!p[1] || !p[3]) && reader->limits->is_mending)
        return true;
    if (reader->limits->language != STAR_LANGUAGE_PRNT || !p || p[0] != 1 || p[5] != 0)
        return star_fault(reader, "ESC GS S");
    x = p[1] | (uint32_t)p[2] << 8;
    y = p[3] | (uint32_t)p[4] << 8;
    if (!x || !y || x > star_wide_bytes(reader) || y > 128)
        return star_fault(reader, "a picture of %u bytes by %u rows", x, y);
    if (is_within_line(reader))
        return star_fault(reader, "a picture inside a line");
    dots = star_take_dots(reader, (size_t)x * y);
    if (!dots)
        return false;
    star_add_rows(reader, dots, x, y);
    return true;
}

static bool size(struct star_reader *reader)
{
    const uint8_t *p = star_take(reader, 2);

    if (!p || p[0] > 5 || p[1] > 5)
        return star_fault(reader, "ESC i");
    reader->high = p[0];
    reader->wide = p[1];
    return true;
}

static bool cut(struct star_reader *reader)
{
    const uint8_t *p = star_take(reader, 1);

    if (!p || (p[0] != 2 && p[0] != 3))
        return star_fault(reader, "ESC d");
    if (is_within_line(reader))
        return star_fault(reader, "a cut inside a line");
    star_add(reader->paper, ESCPOS_CUT)->number = p[0] == 2 ? 65 : 66;
    return true;
}

static bool group(struct star_reader *reader)
{
    const uint8_t *name = star_take(reader, 1);

    if (name && *name == 't')
        return code_page(reader);
    if (name && *name == 'S')
        return block(reader);
    return star_fault(reader, "ESC GS %02x is not on the list", name ? *name : 0);
}

static bool underline(struct star_reader *reader)
{
    const uint8_t *p = star_take(reader, 1);

    if (!p || p[0] > 1)
        return star_fault(reader, "ESC -");
    reader->is_underlined = p[0];
    return true;
}

static bool must_be(struct star_reader *reader, uint8_t want, const char *name)
{
    const uint8_t *p = star_take(reader, 1);

    return (p && p[0] == want) || star_fault(reader, "%s is not %u", name, want);
}

// Numbers that were missing when a command broke off are 0.
static bool zero_mends(struct star_reader *reader)
{
    const bool is_zero =
        reader->limits->is_mending && reader->at < reader->len && !reader->bytes[reader->at];

    reader->at += is_zero;
    return is_zero;
}

static bool reset(struct star_reader *reader)
{
    if (is_within_line(reader))
        return star_fault(reader, "ESC @ throws a line away");
    initialise(reader);
    reader->is_reset = true;
    return true;
}

static bool mended_raster(struct star_reader *reader)
{
    const uint8_t *p = star_take(reader, 2);

    return (reader->limits->is_mending && p && p[0] == 'r' && (p[1] == 'B' || p[1] == 'C')) ||
           star_fault(reader, "ESC * in a language of lines");
}

static bool line_escape(struct star_reader *reader)
{
    const uint8_t *name = star_take(reader, 1);
    const uint8_t *p;

    switch (name ? *name : 0) {
    case '@':
        return reset(reader);
    case 'R':
        return reader->is_usa = must_be(reader, 0, "ESC R");
    case 'z':
        reader->spacing_mm = 4;
        return zero_mends(reader) || must_be(reader, 1, "ESC z");
    case '0':
        reader->spacing_mm = 3;
        return true;
    case 'i':
        return size(reader);
    case 'E':
    case 'F':
        reader->is_bold = *name == 'E';
        return true;
    case '-':
        return underline(reader);
    case '4':
    case '5':
        reader->is_inverted = *name == '4';
        return true;
    case 'I':
        p = star_take(reader, 1);
        return feed(reader, p ? p[0] : 0);
    case 'd':
        return cut(reader);
    case 'k':
        return band(reader);
    case 0x1d:
        return group(reader);
    case '*':
        return mended_raster(reader);
    default:
        return star_fault(reader, "ESC %02x is not on the list", name ? *name : 0);
    }
}

static bool line_step(struct star_reader *reader, uint8_t byte)
{
    switch (byte) {
    case 0x1b:
        return line_escape(reader);
    case '\n':
        return line_feed(reader);
    case 0x07:
    case 0x1a:
        if (is_within_line(reader))
            return star_fault(reader, "a pulse inside a line");
        star_add(reader->paper, ESCPOS_DRAWER)->number = byte == 0x07 ? 2 : 5;
        return true;
    case 0x18:
        if (!reader->limits->is_mending)
            break;
        forget_line(reader);
        initialise(reader);
        return true;
    case 0x00:
        if (reader->limits->is_mending)
            return true;
        break;
    default:
        break;
    }
    return letter(reader, byte);
}

static bool read_all(struct star_reader *reader)
{
    const bool is_graphic = reader->limits->language == STAR_LANGUAGE_GRAPHIC;

    while (reader->at < reader->len) {
        const uint8_t byte = reader->bytes[reader->at++];

        if (is_graphic ? !star_graphic_step(reader, byte) : !line_step(reader, byte))
            return false;
    }
    if (reader->row_count || reader->is_raster)
        return star_fault(reader, "raster mode does not end");
    return !is_within_line(reader) || star_fault(reader, "the last line does not end");
}

bool star_lex(const void *bytes, size_t len, const struct star_limits *limits,
              struct escpos_paper *paper, char why[ESCPOS_WHY_BYTES])
{
    struct star_reader reader = {
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
    free(reader.rows);
    return is_right;
}
