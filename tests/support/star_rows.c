// SPDX-License-Identifier: Apache-2.0
// Star Graphic mode, of printers that take nothing but rows.
#include "tests/support/star_lexer_parts.h"

#include <stdlib.h>
#include <string.h>

static bool number(struct star_reader *reader, unsigned *value)
{
    const uint8_t *p;
    unsigned digits = 0;

    for (*value = 0; (p = star_take(reader, 1)) && *p; digits++) {
        if (*p < '0' || *p > '9' || digits == 5)
            return star_fault(reader, "a number with %02x in it", *p);
        *value = *value * 10 + *p - '0';
    }
    return (p && digits) || star_fault(reader, "a number without digits or end");
}

static bool is_mode(unsigned n)
{
    return n == 1 || n == 9 || n == 13;
}

static void wait_rows(struct star_reader *reader, const uint8_t *dots, uint32_t row_bytes,
                      uint32_t rows)
{
    const uint32_t wide = star_wide_bytes(reader);

    reader->rows = realloc(reader->rows, (size_t)(reader->row_count + rows) * wide);
    if (!reader->rows)
        abort();
    memset(reader->rows + (size_t)reader->row_count * wide, 0, (size_t)rows * wide);
    if (dots)
        memcpy(reader->rows + (size_t)reader->row_count * wide, dots, row_bytes);
    reader->row_count += rows;
}

// What FF mode and EOT mode do.
static void print_rows(struct star_reader *reader, unsigned mode)
{
    star_add_rows(reader, reader->rows, star_wide_bytes(reader), reader->row_count);
    reader->row_count = 0;
    if (mode == 9 || mode == 13)
        star_add(reader->paper, ESCPOS_CUT)->number = mode == 9 ? 65 : 66;
}

static bool may_have_rows(struct star_reader *reader)
{
    return (reader->is_raster && reader->is_continuous && reader->eot_mode && reader->ff_mode) ||
           star_fault(reader, "rows before the modes were said");
}

// ESC * r X n NUL
static bool raster_setting(struct star_reader *reader, uint8_t name)
{
    unsigned n = 0;

    if (!reader->is_raster)
        return star_fault(reader, "ESC * r %c outside of raster mode", name);
    if (!number(reader, &n))
        return false;
    if (name == 'Y') {
        if (!n || !may_have_rows(reader))
            return n ? false : star_fault(reader, "ESC * r Y 0");
        wait_rows(reader, NULL, 0, n);
        return true;
    }
    if (reader->row_count)
        return star_fault(reader, "ESC * r %c while rows wait is ignored", name);
    if (name == 'D' && n == 0 && reader->limits->is_mending)
        return true;
    if (name == 'D' && (n == 1 || n == 2)) {
        star_add(reader->paper, ESCPOS_DRAWER)->number = n == 1 ? 2 : 5;
        return true;
    }
    if (name == 'P' && !n)
        return reader->is_continuous = true;
    if (name == 'E' && n == 1) {
        reader->eot_mode = n;
        return true;
    }
    if (name == 'F' && is_mode(n)) {
        reader->ff_mode = n;
        return true;
    }
    return star_fault(reader, "ESC * r %c %u", name, n);
}

static bool raster_command(struct star_reader *reader)
{
    const uint8_t *p = star_take(reader, 2);

    switch (p && p[0] == 'r' ? p[1] : 0) {
    case 'R':
    case 'A':
        if (reader->row_count)
            return star_fault(reader, "raster mode begins while rows wait");
        reader->is_raster = p[1] == 'A';
        reader->is_continuous = false;
        reader->eot_mode = reader->ff_mode = 0;
        reader->is_fresh = true;
        return true;
    case 'B':
        if (reader->row_count)
            return star_fault(reader, "raster mode ends while rows wait");
        if (!reader->is_raster && !reader->limits->is_mending)
            return star_fault(reader, "raster mode ends twice");
        reader->is_raster = false;
        return true;
    case 'C':
        if (!reader->limits->is_mending)
            return star_fault(reader, "ESC * r C throws rows away");
        reader->row_count = 0;
        return true;
    case 'P':
    case 'E':
    case 'F':
    case 'Y':
    case 'D':
        return raster_setting(reader, p[1]);
    default:
        return star_fault(reader, "ESC * %02x %02x is not on the list", p ? p[0] : 0, p ? p[1] : 0);
    }
}

static bool execute(struct star_reader *reader)
{
    const uint8_t *p = star_take(reader, 1);

    if (!p || !reader->is_raster)
        return star_fault(reader, "ESC FF outside of raster mode");
    if (p[0] == 0x00 && reader->ff_mode) {
        print_rows(reader, reader->ff_mode);
        reader->ff_mode = 0; // has to be said again
        return true;
    }
    if (p[0] == 0x04 && reader->eot_mode) {
        print_rows(reader, reader->eot_mode);
        return true;
    }
    return star_fault(reader, "ESC FF %02x before its mode was said", p[0]);
}

static bool row(struct star_reader *reader)
{
    const uint8_t *p = star_take(reader, 2);
    const uint8_t *dots;

    if (p && !p[0] && !p[1] && reader->limits->is_mending)
        return true;
    if (!p || p[1] || !p[0] || p[0] > star_wide_bytes(reader))
        return star_fault(reader, "a row of %d bytes", p ? p[0] | p[1] << 8 : -1);
    if (!may_have_rows(reader))
        return false;
    dots = star_take_dots(reader, p[0]);
    if (!dots)
        return false;
    wait_rows(reader, dots, p[0], 1);
    return true;
}

bool star_graphic_step(struct star_reader *reader, uint8_t byte)
{
    const uint8_t *name;

    if (byte == 'b' && reader->is_raster)
        return row(reader);
    if ((byte == 0x00 || byte == 0x18) && reader->limits->is_mending)
        return true;
    if (byte != 0x1b)
        return star_fault(reader, "byte %02x is no command", byte);
    name = star_take(reader, 1);
    if (name && *name == '*')
        return raster_command(reader);
    if (name && *name == 0x0c)
        return execute(reader);
    return star_fault(reader, "ESC %02x is not on the list", name ? *name : 0);
}
