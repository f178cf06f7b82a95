// SPDX-License-Identifier: Apache-2.0
// How each step of a receipt is spelled in Star Line mode, in StarPRNT, and in Star Graphic mode.
#include "drivers/star/parts.h"
#include "drivers/text/receipt.h"

enum { FEED_MAX_DOTS = 255 };

// ESC ACK n is obeyed on arrival. Whether also inside a picture the maker does not say, so a dot is
// changed where dots would be taken for it.
static void disarm(struct atl_buf *out, size_t start)
{
    for (size_t i = start + 1; !out->failed && i < out->len; i++) {
        if (out->data[i - 1] == 0x1b && out->data[i] == 0x06)
            out->data[i] ^= 0x01;
    }
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static const uint8_t *row_of(const struct atl_bitmap *bitmap, uint32_t y)
{
    return bitmap->bits + (size_t)y * bitmap->row_bytes;
}

// ---- What Line mode and StarPRNT share ----

// Reset; letters of the USA, or twelve of ASCII's places differ; lines of 4 mm.
static void begin(struct atl_receipt *receipt)
{
    ATL_BUF_LIT(receipt->out, "\x1b@\x1bR\x00\x1bz\x01");
}

static void choose_page(struct atl_buf *out, uint8_t slot)
{
    const uint8_t bytes[] = {0x1b, 0x1d, 't', slot};

    atl_buf_add(out, bytes, sizeof bytes);
}

static void escape(struct atl_buf *out, char name)
{
    const uint8_t bytes[] = {0x1b, (uint8_t)name};

    atl_buf_add(out, bytes, sizeof bytes);
}

static void escape_n(struct atl_buf *out, char name, uint32_t n)
{
    const uint8_t bytes[] = {0x1b, (uint8_t)name, (uint8_t)n};

    atl_buf_add(out, bytes, sizeof bytes);
}

static void style(struct atl_buf *out, const struct atl_receipt_style *from,
                  const struct atl_receipt_style *to)
{
    if (to->scale_x != from->scale_x || to->scale_y != from->scale_y) {
        const uint8_t size[] = {0x1b, 'i', (uint8_t)(to->scale_y - 1), (uint8_t)(to->scale_x - 1)};

        atl_buf_add(out, size, sizeof size);
    }
    if (to->is_bold != from->is_bold)
        escape(out, to->is_bold ? 'E' : 'F');
    if (to->is_underlined != from->is_underlined)
        escape_n(out, '-', to->is_underlined);
    if (to->is_inverted != from->is_inverted)
        escape(out, to->is_inverted ? '4' : '5');
}

// ESC I counts in eighths of a millimetre, which are the dots of these printers.
static void feed(struct atl_receipt *receipt, uint32_t height_dots)
{
    for (uint32_t step; height_dots; height_dots -= step) {
        step = least(height_dots, FEED_MAX_DOTS);
        escape_n(receipt->out, 'I', step);
    }
}

static void cut(struct atl_receipt *receipt, enum atl_cut cut)
{
    escape_n(receipt->out, 'd', cut == ATL_CUT_FULL ? 2 : 3); // feeds to the cutter first
}

static void drawer(struct atl_receipt *receipt, bool is_second)
{
    if (is_second)
        ATL_BUF_LIT(receipt->out, "\x1a");
    else
        ATL_BUF_LIT(receipt->out, "\x07");
}

// ---- Pictures in Line mode: ESC k, 24 rows in the line's buffer, as a letter that is as high ----

static bool is_white(const struct atl_bitmap *bitmap, uint32_t from, uint32_t rows)
{
    uint8_t dots = 0;

    for (uint32_t y = from; y < from + rows; y++)
        dots |= row_of(bitmap, y)[0];
    return !dots && atl_receipt_used_bytes(bitmap, from, rows) == 1;
}

static void line_band(struct atl_buf *out, const struct atl_bitmap *bitmap, uint32_t from,
                      uint32_t rows)
{
    static const uint8_t white[256];
    const uint32_t used = atl_receipt_used_bytes(bitmap, from, rows);
    const uint8_t head[] = {0x1b, 'k', (uint8_t)used, 0};
    size_t start;

    atl_buf_add(out, head, sizeof head);
    start = out->len;
    for (uint32_t y = 0; y < STAR_BAND_ROWS; y++)
        atl_buf_add(out, y < rows ? row_of(bitmap, from + y) : white, used);
    disarm(out, start);
}

static void line_dots(struct atl_receipt *receipt, const struct atl_bitmap *bitmap)
{
    struct atl_buf *out = receipt->out;

    escape(out, '0'); // lines of 3 mm, which are the 24 rows
    for (uint32_t y = 0; y < bitmap->height_dots; y += STAR_BAND_ROWS) {
        const uint32_t rows = least(bitmap->height_dots - y, STAR_BAND_ROWS);

        const bool has_ink = !is_white(bitmap, y, rows);

        if (has_ink)
            line_band(out, bitmap, y, rows);
        if (has_ink && rows == STAR_BAND_ROWS)
            ATL_BUF_LIT(out, "\n");
        else
            escape_n(out, 'I', rows); // of a lower band the rest is white, and not printed
    }
    escape_n(out, 'z', 1);
}

// ---- Pictures in StarPRNT: ESC GS S ----

static void prnt_dots(struct atl_receipt *receipt, const struct atl_bitmap *bitmap)
{
    struct atl_buf *out = receipt->out;

    for (uint32_t y = 0; y < bitmap->height_dots; y += receipt->model->band_rows) {
        const uint32_t rows = least(bitmap->height_dots - y, receipt->model->band_rows);
        const uint32_t used = atl_receipt_used_bytes(bitmap, y, rows);
        const uint8_t head[] = {
            0x1b, 0x1d, 'S', 1, (uint8_t)used, 0, (uint8_t)rows, (uint8_t)(rows >> 8), 0};
        size_t start;

        atl_buf_add(out, head, sizeof head);
        start = out->len;
        for (uint32_t i = 0; i < rows; i++)
            atl_buf_add(out, row_of(bitmap, y + i), used);
        disarm(out, start);
    }
}

// ---- Graphic mode: nothing but rows ----

// What ESC FF NUL and ESC FF EOT do: they print what was sent, and then …
enum { MODE_NO_MORE = 1, MODE_FULL = 9, MODE_PARTIAL = 13 };

static void raster_set(struct atl_buf *out, char name, uint32_t value)
{
    atl_buf_addf(out, "\x1b*r%c%u", name, value);
    atl_buf_add(out, "", 1);
}

static void raster_begin(struct atl_receipt *receipt)
{
    ATL_BUF_LIT(receipt->out, "\x1b*rR\x1b*rA");
    raster_set(receipt->out, 'P', 0); // as long as it gets
    raster_set(receipt->out, 'E', MODE_NO_MORE);
}

// Modes are only taken while no row waits to be printed, so how the rows will end has to be said
// before the first of them.
static void raster_open(struct atl_receipt *receipt)
{
    uint32_t mode = MODE_NO_MORE;

    if (receipt->is_open)
        return;
    for (size_t i = receipt->row; i < receipt->page->row_count; i++) {
        const struct atl_row *row = &receipt->page->rows[i];

        if (row->kind == ATL_ROW_CUT && row->cut != ATL_CUT_NONE)
            mode = row->cut == ATL_CUT_FULL ? MODE_FULL : MODE_PARTIAL;
        if (row->kind == ATL_ROW_DRAWER || mode != MODE_NO_MORE)
            break;
    }
    raster_set(receipt->out, 'F', mode);
    receipt->is_open = true;
}

static void raster_close(struct atl_receipt *receipt)
{
    ATL_BUF_LIT(receipt->out, "\x1b\x0c\x00");
    receipt->is_open = false;
}

static void raster_feed(struct atl_receipt *receipt, uint32_t height_dots)
{
    if (!height_dots)
        return;
    raster_open(receipt);
    for (uint32_t step; height_dots; height_dots -= step) {
        step = least(height_dots, FEED_MAX_DOTS);
        raster_set(receipt->out, 'Y', step);
    }
}

static void raster_dots(struct atl_receipt *receipt, const struct atl_bitmap *bitmap)
{
    uint32_t white = 0;

    raster_open(receipt);
    for (uint32_t y = 0; y < bitmap->height_dots; y++) {
        const uint32_t used = atl_receipt_used_bytes(bitmap, y, 1);
        const uint8_t head[] = {'b', (uint8_t)used, 0};
        size_t start;

        if (is_white(bitmap, y, 1)) {
            white++;
            continue;
        }
        raster_feed(receipt, white);
        white = 0;
        atl_buf_add(receipt->out, head, sizeof head);
        start = receipt->out->len;
        atl_buf_add(receipt->out, row_of(bitmap, y), used);
        disarm(receipt->out, start);
    }
    raster_feed(receipt, white);
}

static void raster_cut(struct atl_receipt *receipt, enum atl_cut cut)
{
    (void)cut; // raster_open() has looked ahead to it
    raster_open(receipt);
    raster_close(receipt);
}

static void raster_drawer(struct atl_receipt *receipt, bool is_second)
{
    if (receipt->is_open)
        raster_close(receipt);
    raster_set(receipt->out, 'D', is_second ? 2 : 1);
}

static void raster_end(struct atl_receipt *receipt)
{
    ATL_BUF_LIT(receipt->out, "\x1b\x0c\x04\x1b*rB");
}

atl_code star_encode(const struct atl_page *page, const struct atl_model *model,
                     const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                     struct atl_error *err)
{
    static const struct atl_receipt_language line = {
        .scale_max = 6,
        .begin = begin,
        .choose_page = choose_page,
        .style = style,
        .dots = line_dots,
        .feed = feed,
        .cut = cut,
        .drawer = drawer,
    };
    static const struct atl_receipt_language prnt = {
        .scale_max = 6,
        .begin = begin,
        .choose_page = choose_page,
        .style = style,
        .dots = prnt_dots,
        .feed = feed,
        .cut = cut,
        .drawer = drawer,
    };
    static const struct atl_receipt_language raster = {
        .begin = raster_begin,
        .dots = raster_dots,
        .feed = raster_feed,
        .cut = raster_cut,
        .drawer = raster_drawer,
        .end = raster_end,
    };
    const struct atl_receipt_language *language = model->quirks & STAR_QUIRK_RASTER ? &raster
                                                  : model->quirks & STAR_QUIRK_PRNT ? &prnt
                                                                                    : &line;

    return atl_receipt_encode(language, page, model, rasteriser, out, err);
}
