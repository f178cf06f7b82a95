// SPDX-License-Identifier: Apache-2.0
#include "drivers/escpos/parts.h"

#include <string.h>

enum { DLE = 0x10, EOT = 0x04, ENQ = 0x05, DC4 = 0x14 };

size_t escpos_disarm(uint8_t *bytes, size_t len)
{
    size_t changed = 0;

    for (size_t i = 1; i < len; i++) {
        if (bytes[i - 1] == DLE && (bytes[i] == EOT || bytes[i] == ENQ || bytes[i] == DC4)) {
            bytes[i] ^= 0x02; // 06, 07, 16: no command
            changed++;
        }
    }
    return changed;
}

// Bytes of a row up to its last black dot; at least 1.
static uint32_t used_bytes(const struct atl_bitmap *bitmap, uint32_t from, uint32_t rows)
{
    uint32_t used = 1;

    for (uint32_t y = from; y < from + rows; y++) {
        const uint8_t *row = bitmap->bits + (size_t)y * bitmap->row_bytes;
        uint32_t last = bitmap->row_bytes;

        while (last > used && !row[last - 1])
            last--;
        used = last > used ? last : used;
    }
    return used;
}

static void head(struct atl_buf *out, uint32_t row_bytes, uint32_t rows)
{
    const uint8_t bytes[] = {0x1d,
                             'v',
                             '0',
                             0,
                             (uint8_t)row_bytes,
                             (uint8_t)(row_bytes >> 8),
                             (uint8_t)rows,
                             (uint8_t)(rows >> 8)};

    atl_buf_add(out, bytes, sizeof bytes);
}

static void band(struct atl_buf *out, const struct atl_bitmap *bitmap, uint32_t from, uint32_t rows)
{
    uint32_t used = used_bytes(bitmap, from, rows);
    size_t start;

    head(out, used, rows);
    start = out->len;
    for (uint32_t y = from; y < from + rows; y++)
        atl_buf_add(out, bitmap->bits + (size_t)y * bitmap->row_bytes, used);
    if (!out->failed)
        escpos_disarm(out->data + start, out->len - start);
}

void escpos_dots(struct escpos_encoder *encoder, const struct atl_bitmap *bitmap)
{
    uint32_t step = encoder->model->band_rows;

    for (uint32_t y = 0; y < bitmap->height_dots; y += step) {
        uint32_t left = bitmap->height_dots - y;

        band(encoder->out, bitmap, y, left < step ? left : step);
    }
}

// ESC J counts in units that differ between models; a picture one byte wide does not.
void escpos_feed(struct escpos_encoder *encoder, uint32_t height_dots)
{
    static const uint8_t white[256];
    uint32_t step = encoder->model->band_rows;

    while (height_dots) {
        uint32_t rows = height_dots < step ? height_dots : step;

        rows = rows < sizeof white ? rows : sizeof white;
        head(encoder->out, 1, rows);
        atl_buf_add(encoder->out, white, rows);
        height_dots -= rows;
    }
}
