// SPDX-License-Identifier: Apache-2.0
#include "tests/support/dymo_lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ESC = 0x1b, SYN = 0x16, ETB = 0x17, LONGEST_ROWS = 9000, CONTINUOUS = 0xffff };

struct reader {
    const uint8_t *bytes;
    size_t len;
    size_t at;
    const struct dymo_head *head;
    struct dymo_label *label;
    char *why;
    uint32_t row_bytes;
    uint32_t rows;
    uint32_t room; // rows that there is memory for
    bool is_reset, has_tab, has_width, has_length, has_rows, is_out;
};

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static bool
fault(struct reader *reader, const char *fmt, ...)
{
    int used = snprintf(reader->why, DYMO_WHY_BYTES, "byte %zu: ", reader->at + 1);
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(reader->why + used, (size_t)(DYMO_WHY_BYTES - used), fmt, args);
    va_end(args);
    return false;
}

size_t dymo_unpack(const uint8_t *runs, size_t len, uint8_t *row, uint32_t row_bytes)
{
    uint32_t dots = 0;
    size_t used = 0;

    memset(row, 0, row_bytes);
    while (dots < row_bytes * 8) {
        uint32_t end;

        if (used == len)
            return 0;
        end = dots + (runs[used] & 0x7fu) + 1;
        if (end > row_bytes * 8)
            return 0;
        for (; dots < end; dots++) {
            if (runs[used] & 0x80)
                row[dots >> 3] = (uint8_t)(row[dots >> 3] | 1u << (7 - (dots & 7)));
        }
        used++;
    }
    return used;
}

// The place for so many more rows, white; NULL: the label has no end.
static uint8_t *more_rows(struct reader *reader, uint32_t count)
{
    struct atl_bitmap *dots = &reader->label->dots;
    const uint32_t first = reader->rows;

    if (reader->rows + count > LONGEST_ROWS)
        return NULL;
    if (reader->rows + count > reader->room) {
        reader->room = (reader->rows + count) * 2;
        dots->bits = realloc(dots->bits, (size_t)reader->room * reader->row_bytes);
    }
    reader->rows += count;
    memset(dots->bits + (size_t)first * reader->row_bytes, 0, (size_t)count * reader->row_bytes);
    dots->row_bytes = reader->row_bytes;
    dots->width_dots = reader->row_bytes * 8;
    dots->height_dots = reader->rows;
    reader->has_rows = true;
    return dots->bits + (size_t)first * reader->row_bytes;
}

static bool take_row(struct reader *reader)
{
    const bool is_packed = reader->bytes[reader->at] == ETB;
    const uint8_t *data = reader->bytes + reader->at + 1;
    const size_t left = reader->len - reader->at - 1;
    uint8_t *row;
    size_t used;

    if (!reader->has_tab || !reader->has_width || !reader->has_length)
        return fault(reader, "a row before ESC B, ESC D and ESC L");
    row = more_rows(reader, 1);
    if (!row)
        return fault(reader, "more rows than any label has");
    used = is_packed ? dymo_unpack(data, left, row, reader->row_bytes) : reader->row_bytes;
    if (!used || used > left)
        return fault(reader, "a row that is no row of %u bytes", reader->row_bytes);
    if (!is_packed)
        memcpy(row, data, used);
    reader->at += 1 + used;
    return true;
}

static bool set_width(struct reader *reader, uint8_t bytes)
{
    if (!bytes || bytes > reader->head->bytes)
        return fault(reader, "a row of %u bytes, the head has %u", bytes, reader->head->bytes);
    reader->row_bytes = bytes;
    reader->has_width = true;
    return true;
}

static bool set_length(struct reader *reader, uint32_t dots)
{
    if (!dots || (dots > LONGEST_ROWS && dots != CONTINUOUS))
        return fault(reader, "a label of %u dots", dots);
    reader->label->length_dots = dots;
    reader->has_length = true;
    return true;
}

static bool skip(struct reader *reader, const uint8_t *args)
{
    if (args[0] != 1 || !args[1])
        return fault(reader, "ESC f %u %u", args[0], args[1]);
    if (!reader->has_width || !more_rows(reader, args[1]))
        return fault(reader, "a skip before ESC D, or beyond any label");
    return true;
}

static bool select_roll(struct reader *reader, uint8_t roll)
{
    if (!reader->head->has_two_rolls || (roll != '1' && roll != '2'))
        return fault(reader, "ESC q %02x", roll);
    reader->label->roll = (char)roll;
    return true;
}

static bool obey(struct reader *reader, uint8_t name, const uint8_t *args)
{
    if (name != '@' && !reader->is_reset)
        return fault(reader, "ESC %02x before ESC @", name);
    if (reader->has_rows && name != 'f' && name != 'E')
        return fault(reader, "ESC %02x between rows", name);
    switch (name) {
    case '@':
        reader->is_reset = true;
        return true;
    case 'B':
        reader->has_tab = true;
        return args[0] == 0 || fault(reader, "a tab of %u bytes", args[0]);
    case 'Q':
        return (args[0] == 0 && args[1] == 0) || fault(reader, "a tab of rows");
    case 'D':
        return set_width(reader, args[0]);
    case 'L':
        return set_length(reader, (uint32_t)args[0] << 8 | args[1]);
    case 'f':
        return skip(reader, args);
    case 'q':
        return select_roll(reader, args[0]);
    case 'y':
        return reader->head->has_two_scales || fault(reader, "ESC y");
    case 'E':
        reader->is_out = true;
        return true;
    default:
        return true; // h, e: how dark, how slow
    }
}

static bool take_command(struct reader *reader)
{
    static const char names[] = "@BQDLfqyhgedicE";
    static const uint8_t arguments[] = {0, 1, 2, 1, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0};
    const uint8_t *at = reader->bytes + reader->at;
    const size_t left = reader->len - reader->at;
    const char *name;

    if (left < 2)
        return fault(reader, "ESC at the end");
    if (at[1] == ESC) { // ends what is open, begins nothing
        reader->at++;
        return true;
    }
    name = at[1] ? strchr(names, at[1]) : NULL;
    if (!name)
        return fault(reader, "ESC %02x is not on the list", at[1]);
    if (left < 2u + arguments[name - names])
        return fault(reader, "ESC %02x without its end", at[1]);
    if (!obey(reader, at[1], at + 2))
        return false;
    reader->at += 2u + arguments[name - names];
    return true;
}

static bool take(struct reader *reader)
{
    const uint8_t byte = reader->bytes[reader->at];

    if (reader->is_out)
        return fault(reader, "%02x after the label", byte);
    if (byte == ESC)
        return take_command(reader);
    if (byte == SYN || byte == ETB)
        return take_row(reader);
    return fault(reader, "%02x outside of a row", byte);
}

bool dymo_lex(const void *bytes, size_t len, const struct dymo_head *head, struct dymo_label *label,
              char why[DYMO_WHY_BYTES])
{
    struct reader reader = {.bytes = bytes, .len = len, .head = head, .label = label, .why = why};
    bool is_good = true;

    *label = (struct dymo_label){.roll = 0};
    why[0] = 0;
    while (is_good && reader.at < len)
        is_good = take(&reader);
    if (is_good && !reader.is_out)
        is_good = fault(&reader, "the label does not come out");
    if (!is_good) {
        free(label->dots.bits);
        *label = (struct dymo_label){.roll = 0};
    }
    return is_good;
}
