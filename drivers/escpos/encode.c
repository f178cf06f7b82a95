// SPDX-License-Identifier: Apache-2.0
// How each step of a receipt is spelled in ESC/POS.
#include "drivers/escpos/parts.h"
#include "drivers/text/receipt.h"

enum { DLE = 0x10, EOT = 0x04, ENQ = 0x05, DC4 = 0x14 };

// Changes a dot where dots would be taken for a command that printers obey even inside pictures
// (DLE EOT, DLE ENQ, DLE DC4).
static void disarm(uint8_t *bytes, size_t len)
{
    for (size_t i = 1; i < len; i++) {
        if (bytes[i - 1] == DLE && (bytes[i] == EOT || bytes[i] == ENQ || bytes[i] == DC4))
            bytes[i] ^= 0x02; // 06, 07, 16: no command
    }
}

// Reset; letters of the USA, or twelve of ASCII's places differ; no Chinese, or accents pair into
// it on Asian models.
static void begin(struct atl_receipt *receipt)
{
    ATL_BUF_LIT(receipt->out, "\x1b@\x1bR\x00\x1c.");
}

static void choose_page(struct atl_buf *out, uint8_t slot)
{
    const uint8_t bytes[] = {0x1b, 't', slot};

    atl_buf_add(out, bytes, sizeof bytes);
}

static void set_flag(struct atl_buf *out, uint8_t lead, char name, bool value)
{
    const uint8_t bytes[] = {lead, (uint8_t)name, value};

    atl_buf_add(out, bytes, sizeof bytes);
}

static void style(struct atl_buf *out, const struct atl_receipt_style *from,
                  const struct atl_receipt_style *to)
{
    if (to->scale_x != from->scale_x || to->scale_y != from->scale_y) {
        const uint8_t size[] = {0x1d, '!', (uint8_t)((to->scale_x - 1) << 4 | (to->scale_y - 1))};

        atl_buf_add(out, size, sizeof size);
    }
    if (to->is_bold != from->is_bold)
        set_flag(out, 0x1b, 'E', to->is_bold);
    if (to->is_underlined != from->is_underlined)
        set_flag(out, 0x1b, '-', to->is_underlined);
    if (to->is_inverted != from->is_inverted)
        set_flag(out, 0x1d, 'B', to->is_inverted);
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
    uint32_t used = atl_receipt_used_bytes(bitmap, from, rows);
    size_t start;

    head(out, used, rows);
    start = out->len;
    for (uint32_t y = from; y < from + rows; y++)
        atl_buf_add(out, bitmap->bits + (size_t)y * bitmap->row_bytes, used);
    if (!out->failed)
        disarm(out->data + start, out->len - start);
}

// GS v 0 in bands of the model, without the white at the right.
static void dots(struct atl_receipt *receipt, const struct atl_bitmap *bitmap)
{
    uint32_t step = receipt->model->band_rows;

    for (uint32_t y = 0; y < bitmap->height_dots; y += step) {
        uint32_t left = bitmap->height_dots - y;

        band(receipt->out, bitmap, y, left < step ? left : step);
    }
}

// ESC J counts in units that differ between models; a picture one byte wide does not.
static void feed(struct atl_receipt *receipt, uint32_t height_dots)
{
    static const uint8_t white[256];
    uint32_t step = receipt->model->band_rows;

    while (height_dots) {
        uint32_t rows = height_dots < step ? height_dots : step;

        rows = rows < sizeof white ? rows : sizeof white;
        head(receipt->out, 1, rows);
        atl_buf_add(receipt->out, white, rows);
        height_dots -= rows;
    }
}

static void cut(struct atl_receipt *receipt, enum atl_cut cut)
{
    if (cut == ATL_CUT_FULL)
        ATL_BUF_LIT(receipt->out, "\x1dV\x41\x00"); // feeds to the cutter first
    else
        ATL_BUF_LIT(receipt->out, "\x1dV\x42\x00");
}

static void drawer(struct atl_receipt *receipt, bool is_second)
{
    if (is_second)
        ATL_BUF_LIT(receipt->out, "\x1bp\x01\x19\x19"); // 50 ms on, 50 ms off
    else
        ATL_BUF_LIT(receipt->out, "\x1bp\x00\x19\x19");
}

atl_code escpos_encode(const struct atl_page *page, const struct atl_model *model,
                       const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                       struct atl_error *err)
{
    static const struct atl_receipt_language language = {
        .scale_max = 8,
        .begin = begin,
        .choose_page = choose_page,
        .style = style,
        .dots = dots,
        .feed = feed,
        .cut = cut,
        .drawer = drawer,
    };

    return atl_receipt_encode(&language, page, model, rasteriser, out, err);
}
