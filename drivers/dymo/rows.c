// SPDX-License-Identifier: Apache-2.0
#include "drivers/dymo/parts.h"

#include <string.h>

enum {
    ROW = 0x16,        // a row of dots as it is
    PACKED_ROW = 0x17, // a row as runs: bit 7 is the dot, the others its length less one
    RUN_MAX = 128,
    SKIP_MAX = 255,
};

static bool is_black(const uint8_t *row, uint32_t x)
{
    return row[x / 8] & 0x80u >> x % 8;
}

// Runs of one whole row, or 0 when they are no shorter than the row itself.
static size_t pack(const uint8_t *row, uint32_t row_bytes, uint8_t out[DYMO_ROW_BYTES_MAX])
{
    const uint32_t width = row_bytes * 8;
    size_t len = 0;

    for (uint32_t x = 0; x < width;) {
        const bool black = is_black(row, x);
        uint32_t run = 1;

        while (x + run < width && run < RUN_MAX && is_black(row, x + run) == black)
            run++;
        if (len + 1 >= row_bytes)
            return 0;
        out[len++] = (uint8_t)((black ? 0x80 : 0) | (run - 1));
        x += run;
    }
    return len;
}

static void add_row(const uint8_t *row, uint32_t row_bytes, struct atl_buf *out)
{
    uint8_t packed[DYMO_ROW_BYTES_MAX];
    const size_t len = pack(row, row_bytes, packed);
    const uint8_t lead = len ? PACKED_ROW : ROW;

    atl_buf_add(out, &lead, 1);
    atl_buf_add(out, len ? packed : row, len ? len : row_bytes);
}

static void add_skip(uint32_t rows, struct atl_buf *out)
{
    while (rows) {
        const uint8_t step = (uint8_t)(rows < SKIP_MAX ? rows : SKIP_MAX);
        const uint8_t bytes[] = {0x1b, 'f', 1, step};

        atl_buf_add(out, bytes, sizeof bytes);
        rows -= step;
    }
}

// The bitmap's row, as long as the printer wants it; what hangs over its width is white.
static void take_row(const struct atl_bitmap *bitmap, uint32_t y, uint32_t row_bytes,
                     uint8_t out[DYMO_ROW_BYTES_MAX])
{
    const uint32_t own = bitmap->row_bytes < row_bytes ? bitmap->row_bytes : row_bytes;

    memset(out, 0, DYMO_ROW_BYTES_MAX);
    memcpy(out, bitmap->bits + (size_t)y * bitmap->row_bytes, own);
    if (bitmap->width_dots / 8 < own)
        out[bitmap->width_dots / 8] &= (uint8_t)(0xff00u >> bitmap->width_dots % 8);
    for (uint32_t i = bitmap->width_dots / 8 + 1; i < own; i++)
        out[i] = 0;
}

void dymo_add_rows(const struct atl_bitmap *bitmap, uint32_t row_bytes, struct atl_buf *out)
{
    static const uint8_t white[DYMO_ROW_BYTES_MAX];
    uint8_t row[DYMO_ROW_BYTES_MAX];
    uint32_t skipped = 0;

    for (uint32_t y = 0; y < bitmap->height_dots; y++) {
        take_row(bitmap, y, row_bytes, row);
        if (memcmp(row, white, row_bytes) == 0) {
            skipped++;
            continue;
        }
        add_skip(skipped, out);
        skipped = 0;
        add_row(row, row_bytes, out);
    }
}

void dymo_add_wake(struct atl_buf *out)
{
    uint8_t escapes[DYMO_WAKE_ESCAPES];

    memset(escapes, 0x1b, sizeof escapes);
    atl_buf_add(out, escapes, sizeof escapes);
    ATL_BUF_LIT(out, "\x1b@");
}
