// SPDX-License-Identifier: Apache-2.0
// The page as one picture, row by row. Text never leaves as text: there is nothing that a guest's
// words could be taken for.
#include "drivers/brother/parts.h"

#include <stdlib.h>
#include <string.h>

enum { UM_PER_INCH = 25400, INK_BLACK = 1, INK_RED = 2 };

// One job on its way out.
struct job {
    const struct atl_model *model;
    struct brother_head head;
    const struct atl_media *media;
    struct atl_bitmap bitmap; // as it comes out of the printer: rows across the roll
    struct atl_buf *out;
};

static uint32_t dots_of(uint32_t um, uint32_t dpi)
{
    return (uint32_t)(((uint64_t)um * dpi + UM_PER_INCH / 2) / UM_PER_INCH);
}

static bool is_black(const struct atl_bitmap *bitmap, uint32_t x, uint32_t y)
{
    return bitmap->bits[(size_t)y * bitmap->row_bytes + x / 8] >> (7 - x % 8) & 1;
}

// ---- The picture ----

// Rows of the printer lie across the tape, text along it: the left edge comes out first.
static atl_code turn(struct atl_bitmap *bitmap, struct atl_error *err)
{
    struct atl_bitmap turned = {.width_dots = bitmap->height_dots,
                                .height_dots = bitmap->width_dots,
                                .row_bytes = (bitmap->height_dots + 7) / 8};

    turned.bits = calloc(turned.height_dots ? turned.height_dots : 1, turned.row_bytes + 1u);
    if (!turned.bits)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    for (uint32_t y = 0; y < bitmap->height_dots; y++) {
        for (uint32_t x = 0; x < bitmap->width_dots; x++) {
            // The head's first pin is at the upper edge of the text, and rows go out mirrored.
            const uint32_t at = bitmap->height_dots - 1 - y;

            if (is_black(bitmap, x, y))
                turned.bits[(size_t)x * turned.row_bytes + at / 8] |= (uint8_t)(0x80 >> at % 8);
        }
    }
    free(bitmap->bits);
    *bitmap = turned;
    return ATL_OK;
}

// Of a continuous roll so much that with what the printer feeds itself the label has its length.
static uint32_t rows_of_label(const struct job *job, uint32_t length_um)
{
    const uint32_t rows = dots_of(length_um, job->model->dpi);
    const uint32_t fed = 2u * job->head.margin_dots;

    return rows > fed ? rows - fed : 1;
}

static atl_code draw(struct job *job, const struct atl_page *page,
                     const struct atl_rasteriser *rasteriser, struct atl_error *err)
{
    const bool is_tape = job->model->quirks & BROTHER_QUIRK_TAPE;
    uint32_t width = job->media->width_dots;
    uint32_t height = job->media->length_dots;
    atl_code rc;

    if (!rasteriser || !rasteriser->draw_page)
        return atl_fail(err, ATL_E_UNSUPPORTED, "this needs to be drawn, and nothing draws");
    if (is_tape) {
        height = width;
        width = rows_of_label(job, page->width_um);
    } else if (!height && page->height_um) {
        height = rows_of_label(job, page->height_um);
    }
    rc = rasteriser->draw_page(rasteriser->ctx, page, width, height, job->model->dpi, &job->bitmap,
                               err);
    if (!rc && (job->bitmap.width_dots != width || (height && job->bitmap.height_dots != height)))
        rc = atl_fail(err, ATL_E_INVALID, "drawn %u x %u dots, the %s has %u x %u",
                      job->bitmap.width_dots, job->bitmap.height_dots, job->media->id, width,
                      height);
    return rc || !is_tape ? rc : turn(&job->bitmap, err);
}

// A continuous roll has a least and a greatest length.
static atl_code count_rows(const struct job *job, uint32_t *rows, struct atl_error *err)
{
    *rows = job->bitmap.height_dots;
    if (job->media->length_dots)
        return ATL_OK;
    if (*rows < job->head.rows_min)
        *rows = job->head.rows_min;
    if (*rows <= job->head.rows_max)
        return ATL_OK;
    return atl_fail(err, ATL_E_INVALID, "the paper would be %u mm long, and the %s cuts at %u mm",
                    *rows * 254 / 10 / job->model->dpi, job->model->name,
                    job->head.rows_max * 254u / 10 / job->model->dpi);
}

// ---- The bytes ----

static void put(const struct job *job, const char *bytes, size_t len)
{
    atl_buf_add(job->out, bytes, len);
}

static void put_byte(const struct job *job, uint8_t byte)
{
    atl_buf_add(job->out, &byte, 1);
}

// ESC i z: what it is to be loaded with, so that it refuses by itself what fits() did not see, and
// how many rows follow.
static void put_media(const struct job *job, uint32_t rows)
{
    const bool is_tape = job->model->quirks & BROTHER_QUIRK_TAPE;
    const uint8_t kind = is_tape ? 0x00 : job->media->length_um ? 0x0b : 0x0a;
    const uint8_t bytes[] = {
        0x1b,
        'i',
        'z',
        is_tape ? 0x84 : 0xce, // which of these count; and its own recovery, quality before speed
        kind,
        (uint8_t)(job->media->width_um / 1000),
        (uint8_t)(job->media->length_um / 1000),
        (uint8_t)rows,
        (uint8_t)(rows >> 8),
        (uint8_t)(rows >> 16),
        (uint8_t)(rows >> 24),
        0, // the first page, which is also the last
        0,
    };

    atl_buf_add(job->out, bytes, sizeof bytes);
}

static bool cuts(const struct atl_page *page)
{
    for (size_t i = page->row_count; i > 0; i--) {
        if (page->rows[i - 1].kind == ATL_ROW_CUT)
            return page->rows[i - 1].cut != ATL_CUT_NONE;
    }
    return true;
}

static void put_head(const struct job *job, const struct atl_page *page, uint32_t rows)
{
    const uint32_t quirks = job->model->quirks;
    const bool is_red = brother_media_is_red(job->media);
    const uint16_t margin = job->media->length_um ? 0 : job->head.margin_dots;

    for (unsigned i = 0; i < job->head.invalidate_bytes; i++)
        put_byte(job, 0);
    put(job, "\x1b@", 2);
    if (quirks & BROTHER_QUIRK_MODES)
        put(job, "\x1bia\x01\x1bi!\x00", 8);
    put_media(job, rows);
    if (!(quirks & ATL_QUIRK_NO_CUTTER)) {
        put(job, "\x1biM", 3);
        put_byte(job, cuts(page) ? 0x40 : 0);
        if (cuts(page) && !(quirks & BROTHER_QUIRK_TAPE))
            put(job, "\x1biA\x01", 4);
        put(job, "\x1biK", 3);
        put_byte(job, (uint8_t)((cuts(page) ? 0x08 : 0) | (is_red ? 0x01 : 0)));
    }
    put(job, "\x1bid", 3);
    put_byte(job, (uint8_t)margin);
    put_byte(job, (uint8_t)(margin >> 8));
    if (quirks & BROTHER_QUIRK_PACKS)
        put(job, "M\x02", 2);
}

// One row of pins: mirrored, the paper's right edge first.
static void pins_of(const struct job *job, uint32_t y, uint8_t pins[BROTHER_ROW_BYTES_MAX])
{
    const uint32_t width = job->bitmap.width_dots;

    memset(pins, 0, BROTHER_ROW_BYTES_MAX);
    if (y >= job->bitmap.height_dots)
        return;
    for (uint32_t x = 0; x < width; x++) {
        const uint32_t pin = job->media->offset_dots + width - 1 - x;

        if (is_black(&job->bitmap, x, y))
            pins[pin / 8] |= (uint8_t)(0x80 >> pin % 8);
    }
}

static bool is_white(const uint8_t *pins, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (pins[i])
            return false;
    }
    return true;
}

// lead: "g\0", "w\1", or "G" without a second byte, whose count has two.
static void put_pins(const struct job *job, const uint8_t *pins, const char *lead, uint8_t ink)
{
    uint8_t packed[BROTHER_PACKED_BYTES_MAX];
    const uint8_t *bytes = pins;
    size_t len = job->head.row_bytes;

    if (job->model->quirks & BROTHER_QUIRK_PACKS) {
        len = brother_pack(pins, len, packed);
        bytes = packed;
    }
    put(job, lead, 1);
    if (job->model->quirks & BROTHER_QUIRK_TAPE) {
        put_byte(job, (uint8_t)len);
        put_byte(job, (uint8_t)(len >> 8));
    } else {
        put_byte(job, ink);
        put_byte(job, (uint8_t)len);
    }
    atl_buf_add(job->out, bytes, len);
}

static void put_row(const struct job *job, uint32_t y)
{
    static const uint8_t white[BROTHER_ROW_BYTES_MAX];
    uint8_t pins[BROTHER_ROW_BYTES_MAX];

    pins_of(job, y, pins);
    if (brother_media_is_red(
            job->media)) { // both inks of each row, or the printer refuses the roll
        put_pins(job, pins, "w", INK_BLACK);
        put_pins(job, white, "w", INK_RED);
    } else if (job->model->quirks & BROTHER_QUIRK_PACKS && is_white(pins, job->head.row_bytes)) {
        put(job, "Z", 1);
    } else {
        put_pins(job, pins, job->model->quirks & BROTHER_QUIRK_TAPE ? "G" : "g", 0);
    }
}

atl_code brother_encode(const struct atl_page *page, const struct atl_model *model,
                        const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                        struct atl_error *err)
{
    struct job job = {.model = model, .head = brother_head_of(model), .out = out};
    uint32_t rows = 0;
    atl_code rc = brother_media_for(model, page, &job.media, err);

    if (!rc)
        rc = draw(&job, page, rasteriser, err);
    if (!rc)
        rc = count_rows(&job, &rows, err);
    if (!rc) {
        put_head(&job, page, rows);
        for (uint32_t y = 0; y < rows; y++)
            put_row(&job, y);
        put(&job, "\x1a", 1);
        rc = atl_buf_check(out, err);
    }
    free(job.bitmap.bits);
    return rc;
}
