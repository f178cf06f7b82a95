// SPDX-License-Identifier: Apache-2.0
#include "tests/support/brother_lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NULS_MIN = 100, ROWS_MAX = 40000, PINS_BYTES_MAX = 162 };

struct lexer {
    const uint8_t *at;
    size_t left;
    size_t total;
    const struct brother_limits *limits;
    struct brother_paper *paper;
    bool is_packed;
    uint32_t row;
    bool half; // black of this row came, red not yet
    char *why;
};

static bool complain(struct lexer *lexer, const char *fmt, ...) ATL_PRINTF(2, 3);

static bool complain(struct lexer *lexer, const char *fmt, ...)
{
    char what[BROTHER_WHY_BYTES - 24];
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    (void)snprintf(lexer->why, BROTHER_WHY_BYTES, "at %zu: %s", lexer->total - lexer->left, what);
    return false;
}

static bool take(struct lexer *lexer, uint8_t *out, size_t count)
{
    if (lexer->left < count)
        return complain(lexer, "it ends inside of a command");
    memcpy(out, lexer->at, count);
    lexer->at += count;
    lexer->left -= count;
    return true;
}

static bool expect(struct lexer *lexer, const char *name, const void *bytes, size_t len)
{
    if (lexer->left < len || memcmp(lexer->at, bytes, len) != 0)
        return complain(lexer, "%s was expected", name);
    lexer->at += len;
    lexer->left -= len;
    return true;
}

size_t brother_unpack(const uint8_t *packed, size_t len, uint8_t *out, size_t cap)
{
    size_t used = 0;

    for (size_t i = 0; i < len;) {
        const uint8_t count = packed[i++];
        const bool is_run = count > 128;
        const size_t bytes = is_run ? 257u - count : count + 1u; // they come out as
        const size_t own = is_run ? 1 : bytes;                   // and stand here as

        if (count == 128)
            continue;
        if (len - i < own || cap - used < bytes)
            return SIZE_MAX;
        if (is_run)
            memset(out + used, packed[i], bytes);
        else
            memcpy(out + used, packed + i, bytes);
        i += own;
        used += bytes;
    }
    return used;
}

// ---- The head ----

static bool read_media(struct lexer *lexer)
{
    uint8_t n[10] = {0};
    struct brother_paper *paper = lexer->paper;

    if (!expect(lexer, "ESC i z", "\x1biz", 3) || !take(lexer, n, sizeof n))
        return false;
    paper->kind = n[1];
    paper->width_mm = n[2];
    paper->length_mm = n[3];
    paper->rows = n[4] | (uint32_t)n[5] << 8 | (uint32_t)n[6] << 16 | (uint32_t)n[7] << 24;
    if (!(n[0] & 0x04) || !(n[0] & 0x80))
        return complain(lexer, "ESC i z: width and recovery do not count (%02x)", n[0]);
    if (!lexer->limits->is_tape && (!(n[0] & 0x02) || (n[1] != 0x0a && n[1] != 0x0b)))
        return complain(lexer, "ESC i z: neither roll nor labels (%02x %02x)", n[0], n[1]);
    if ((n[1] == 0x0b) != (n[3] != 0))
        return complain(lexer, "ESC i z: kind %02x is %u mm long", n[1], n[3]);
    if (!paper->rows || paper->rows > ROWS_MAX)
        return complain(lexer, "ESC i z: %u rows", paper->rows);
    if (n[8] || n[9])
        return complain(lexer, "ESC i z: not the first page (%02x %02x)", n[8], n[9]);
    return true;
}

static bool read_cut(struct lexer *lexer)
{
    uint8_t automatic = 0, expanded = 0;

    if (!lexer->limits->cuts)
        return true;
    if (!expect(lexer, "ESC i M", "\x1biM", 3) || !take(lexer, &automatic, 1))
        return false;
    if (automatic & ~0x40)
        return complain(lexer, "ESC i M %02x", automatic);
    if (automatic && !lexer->limits->is_tape && !expect(lexer, "ESC i A 1", "\x1biA\x01", 4))
        return false;
    if (!expect(lexer, "ESC i K", "\x1biK", 3) || !take(lexer, &expanded, 1))
        return false;
    if (expanded & ~(lexer->limits->two_inks ? 0x09 : 0x08))
        return complain(lexer, "ESC i K %02x", expanded);
    if (!automatic != !(expanded & 0x08))
        return complain(lexer, "it cuts in ESC i M or ESC i K, and not in the other");
    lexer->paper->is_cut = automatic;
    lexer->paper->is_two_inks = expanded & 0x01;
    return true;
}

static bool read_margin(struct lexer *lexer)
{
    uint8_t n[2] = {0};

    if (!expect(lexer, "ESC i d", "\x1bid", 3) || !take(lexer, n, sizeof n))
        return false;
    lexer->paper->margin_dots = n[0] | (uint32_t)n[1] << 8;
    return lexer->paper->kind != 0x0b || !lexer->paper->margin_dots ||
           complain(lexer, "labels have no margin of their own, this has %u",
                    lexer->paper->margin_dots);
}

static bool read_head(struct lexer *lexer)
{
    size_t nuls = 0;

    while (lexer->left && !*lexer->at) {
        lexer->at++;
        lexer->left--;
        nuls++;
    }
    if (nuls < NULS_MIN)
        return complain(lexer, "%zu NUL do not end a row that was broken off", nuls);
    if (!expect(lexer, "ESC @", "\x1b@", 2))
        return false;
    if (lexer->limits->has_modes && (!expect(lexer, "ESC i a 1", "\x1bia\x01", 4) ||
                                     !expect(lexer, "ESC i ! 0", "\x1bi!\x00", 4)))
        return false;
    if (!read_media(lexer) || !read_cut(lexer) || !read_margin(lexer))
        return false;
    lexer->is_packed = lexer->limits->packs;
    return !lexer->limits->packs || expect(lexer, "M 2", "M\x02", 2);
}

// ---- Rows ----

static bool put_row(struct lexer *lexer, const uint8_t *pins, bool is_red)
{
    struct atl_bitmap *black = &lexer->paper->black;
    const uint32_t count = lexer->limits->pins;

    if (lexer->row == lexer->paper->rows)
        return complain(lexer, "more than %u rows", lexer->paper->rows);
    for (uint32_t pin = 0; pins && pin < count; pin++) {
        const uint32_t x = count - 1 - pin;

        if (!pins[pin / 8]) {
            pin |= 7;
            continue;
        }
        if (!(pins[pin / 8] & 0x80 >> pin % 8))
            continue;
        if (is_red)
            lexer->paper->red_dots++;
        else
            black->bits[(size_t)lexer->row * black->row_bytes + x / 8] |= (uint8_t)(0x80 >> x % 8);
    }
    if (!lexer->paper->is_two_inks || is_red)
        lexer->row++;
    return true;
}

static bool read_pins(struct lexer *lexer, size_t len, uint8_t *pins)
{
    const size_t whole = lexer->limits->pins / 8;
    size_t got = len;

    if (lexer->left < len)
        return complain(lexer, "it ends inside of a row");
    if (lexer->is_packed) {
        got = brother_unpack(lexer->at, len, pins, whole);
        lexer->paper->packed_rows++;
    } else if (len == whole) {
        memcpy(pins, lexer->at, len);
    }
    if (got != whole)
        return complain(lexer, "a row of %zu bytes, and the head has %zu", got, whole);
    lexer->at += len;
    lexer->left -= len;
    return true;
}

static bool read_row(struct lexer *lexer, uint8_t name)
{
    uint8_t n[2] = {0}, pins[PINS_BYTES_MAX];
    size_t len;

    if (!take(lexer, n, sizeof n))
        return false;
    len = name == 'G' ? n[0] | (size_t)n[1] << 8 : n[1];
    if ((name == 'G') != lexer->limits->is_tape || (name == 'w') != lexer->paper->is_two_inks)
        return complain(lexer, "a row '%c' is not for this printer and roll", name);
    if (name == 'g' && n[0])
        return complain(lexer, "g %02x", n[0]);
    if (name == 'w' && n[0] != (lexer->half ? 2 : 1))
        return complain(lexer, "w %02x out of turn", n[0]);
    if (!read_pins(lexer, len, pins) || !put_row(lexer, pins, name == 'w' && n[0] == 2))
        return false;
    lexer->half = name == 'w' && n[0] == 1;
    return true;
}

static bool read_rows(struct lexer *lexer)
{
    uint8_t name = 0;

    while (take(lexer, &name, 1)) {
        if (name == 0x1a)
            break;
        if (name == 'Z' && lexer->limits->packs && !lexer->paper->is_two_inks) {
            if (!put_row(lexer, NULL, false))
                return false;
        } else if (name == 'g' || name == 'G' || name == 'w') {
            if (!read_row(lexer, name))
                return false;
        } else {
            return complain(lexer, "%02x is no command for rows", name);
        }
    }
    if (name != 0x1a)
        return false;
    if (lexer->half || lexer->row != lexer->paper->rows)
        return complain(lexer, "%u rows of %u", lexer->row, lexer->paper->rows);
    return !lexer->left || complain(lexer, "something follows the end of the job");
}

bool brother_lex(const void *bytes, size_t len, const struct brother_limits *limits,
                 struct brother_paper *paper, char why[BROTHER_WHY_BYTES])
{
    struct lexer lexer = {
        .at = bytes, .left = len, .total = len, .limits = limits, .paper = paper, .why = why};

    *paper = (struct brother_paper){
        .black = {.width_dots = limits->pins, .row_bytes = (limits->pins + 7) / 8}
    };
    why[0] = '\0';
    if (!read_head(&lexer))
        return false;
    paper->black.height_dots = paper->rows;
    paper->black.bits = calloc(paper->rows, paper->black.row_bytes);
    if (!paper->black.bits)
        return complain(&lexer, "out of memory");
    if (read_rows(&lexer))
        return true;
    brother_paper_free(paper);
    return false;
}

void brother_paper_free(struct brother_paper *paper)
{
    free(paper->black.bits);
    paper->black.bits = NULL;
}

bool brother_paper_dot(const struct brother_paper *paper, uint32_t x, uint32_t y)
{
    return paper->black.bits[(size_t)y * paper->black.row_bytes + x / 8] >> (7 - x % 8) & 1;
}
