// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/bitmap.h"

#include <stdlib.h>
#include <string.h>

atl_code atl_bitmap_init(struct atl_bitmap *out, uint32_t width_dots, uint32_t height_dots,
                         struct atl_error *err)
{
    struct atl_bitmap made = {
        .width_dots = width_dots,
        .height_dots = height_dots,
        .row_bytes = (width_dots + 7) / 8,
    };

    if (!width_dots || width_dots > ATL_BITMAP_WIDTH_MAX || height_dots > ATL_BITMAP_HEIGHT_MAX)
        return atl_fail(err, ATL_E_INVALID, "a picture of %u x %u dots: at most %d x %d",
                        width_dots, height_dots, ATL_BITMAP_WIDTH_MAX, ATL_BITMAP_HEIGHT_MAX);
    made.bits = calloc(height_dots ? height_dots : 1, made.row_bytes);
    if (!made.bits)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for %u x %u dots", width_dots,
                        height_dots);
    *out = made;
    return ATL_OK;
}

void atl_bitmap_free(struct atl_bitmap *bitmap)
{
    if (!bitmap)
        return;
    free(bitmap->bits);
    *bitmap = (struct atl_bitmap){0};
}

static uint8_t *row_of(const struct atl_bitmap *bitmap, uint32_t y)
{
    return bitmap->bits + (size_t)y * bitmap->row_bytes;
}

bool atl_bitmap_get(const struct atl_bitmap *bitmap, uint32_t x, uint32_t y)
{
    if (x >= bitmap->width_dots || y >= bitmap->height_dots)
        return false;
    return row_of(bitmap, y)[x / 8] & (0x80u >> (x % 8));
}

void atl_bitmap_set(struct atl_bitmap *bitmap, uint32_t x, uint32_t y)
{
    if (x < bitmap->width_dots && y < bitmap->height_dots)
        row_of(bitmap, y)[x / 8] |= (uint8_t)(0x80u >> (x % 8));
}

// The dots of byte `at` of a row that lie in [from, until).
static uint8_t mask_of(uint32_t at, uint32_t from, uint32_t until)
{
    uint32_t first = at * 8;
    unsigned mask = 0xff;

    if (from > first)
        mask &= 0xffu >> (from - first);
    if (until < first + 8)
        mask &= 0xffu << (first + 8 - until);
    return (uint8_t)mask;
}

static uint32_t end_of(uint32_t from, uint32_t len, uint32_t limit)
{
    return from >= limit ? from : from + (len < limit - from ? len : limit - from);
}

void atl_bitmap_fill(struct atl_bitmap *bitmap, uint32_t x, uint32_t y, uint32_t width_dots,
                     uint32_t height_dots)
{
    uint32_t right = end_of(x, width_dots, bitmap->width_dots);
    uint32_t bottom = end_of(y, height_dots, bitmap->height_dots);

    for (uint32_t row = y; row < bottom; row++) {
        for (uint32_t at = x / 8; at * 8 < right; at++)
            row_of(bitmap, row)[at] |= mask_of(at, x, right);
    }
}

void atl_bitmap_invert(struct atl_bitmap *bitmap, uint32_t x, uint32_t y, uint32_t width_dots,
                       uint32_t height_dots)
{
    uint32_t right = end_of(x, width_dots, bitmap->width_dots);
    uint32_t bottom = end_of(y, height_dots, bitmap->height_dots);

    for (uint32_t row = y; row < bottom; row++) {
        for (uint32_t at = x / 8; at * 8 < right; at++)
            row_of(bitmap, row)[at] ^= mask_of(at, x, right);
    }
}

// One row; the dots right of its end in `from` are white.
static void blit_row(uint8_t *to, uint32_t to_bytes, uint32_t x, const uint8_t *from,
                     uint32_t from_bytes)
{
    uint32_t shift = x % 8;

    for (uint32_t i = 0, at = x / 8; i < from_bytes && at < to_bytes; i++, at++) {
        to[at] |= (uint8_t)(from[i] >> shift);
        if (shift && at + 1 < to_bytes)
            to[at + 1] |= (uint8_t)(from[i] << (8 - shift));
    }
}

void atl_bitmap_blit(struct atl_bitmap *to, uint32_t x, uint32_t y, const struct atl_bitmap *from)
{
    uint32_t tail = to->width_dots % 8;

    if (x >= to->width_dots)
        return;
    for (uint32_t row = 0; row < from->height_dots && y + row < to->height_dots; row++) {
        uint8_t *line = row_of(to, y + row);

        blit_row(line, to->row_bytes, x, row_of(from, row), from->row_bytes);
        if (tail)
            line[to->row_bytes - 1] &= (uint8_t)(0xffu << (8 - tail));
    }
}

// The dots of one byte; false when one of them is outside.
static bool move_byte(uint8_t byte, int64_t x, int64_t y, struct atl_bitmap *out)
{
    bool is_all = true;

    for (int bit = 0; bit < 8; bit++) {
        const int64_t at = x + bit;

        if (!(byte & 0x80 >> bit))
            continue;
        if (at < 0 || y < 0 || at >= out->width_dots || y >= out->height_dots)
            is_all = false;
        else
            atl_bitmap_set(out, (uint32_t)at, (uint32_t)y);
    }
    return is_all;
}

bool atl_bitmap_window(const struct atl_bitmap *from, int32_t x, int32_t y, struct atl_bitmap *out)
{
    bool is_all = true;

    for (uint32_t row = 0; row < from->height_dots; row++) {
        const uint8_t *bytes = from->bits + (size_t)row * from->row_bytes;

        for (uint32_t i = 0; i < from->row_bytes; i++) {
            if (bytes[i])
                is_all &= move_byte(bytes[i], (int64_t)i * 8 - x, (int64_t)row - y, out);
        }
    }
    return is_all;
}

bool atl_bitmap_equal(const struct atl_bitmap *a, const struct atl_bitmap *b)
{
    return a->width_dots == b->width_dots && a->height_dots == b->height_dots &&
           memcmp(a->bits, b->bits, (size_t)a->row_bytes * a->height_dots) == 0;
}

// Where target dot i of n begins in a source of m.
static uint32_t edge(uint32_t i, uint32_t n, uint32_t m)
{
    return (uint32_t)((uint64_t)i * m / n);
}

struct box {
    uint32_t left, top, right, bottom;
};

// The dots or pixels of `from` under one target dot; at least one of each axis.
static struct box box_of(uint32_t x, uint32_t y, uint32_t to_width, uint32_t to_height,
                         uint32_t from_width, uint32_t from_height)
{
    struct box box = {
        .left = edge(x, to_width, from_width),
        .top = edge(y, to_height, from_height),
        .right = edge(x + 1, to_width, from_width),
        .bottom = edge(y + 1, to_height, from_height),
    };

    if (box.right == box.left)
        box.right++;
    if (box.bottom == box.top)
        box.bottom++;
    return box;
}

static bool is_dark_enough(const struct atl_bitmap *from, struct box box)
{
    uint32_t dark = 0;

    for (uint32_t y = box.top; y < box.bottom; y++) {
        for (uint32_t x = box.left; x < box.right; x++)
            dark += atl_bitmap_get(from, x, y);
    }
    return dark * 8u >= (box.right - box.left) * (box.bottom - box.top) * 3u;
}

// The height that keeps proportions; at least 1.
static uint32_t height_for(uint32_t width, uint32_t from_width, uint32_t from_height)
{
    uint64_t height = ((uint64_t)from_height * width + from_width / 2) / from_width;

    if (height > ATL_BITMAP_HEIGHT_MAX)
        return ATL_BITMAP_HEIGHT_MAX + 1; // refused by init
    return height ? (uint32_t)height : 1;
}

atl_code atl_bitmap_scale(const struct atl_bitmap *from, uint32_t width_dots,
                          struct atl_bitmap *out, struct atl_error *err)
{
    struct atl_bitmap made = {0};
    atl_code rc;

    if (!from->width_dots || !from->height_dots)
        return atl_fail(err, ATL_E_INVALID, "an empty picture cannot be scaled");
    rc = atl_bitmap_init(&made, width_dots,
                         height_for(width_dots, from->width_dots, from->height_dots), err);
    if (rc)
        return rc;
    for (uint32_t y = 0; y < made.height_dots; y++) {
        for (uint32_t x = 0; x < made.width_dots; x++) {
            if (is_dark_enough(from, box_of(x, y, made.width_dots, made.height_dots,
                                            from->width_dots, from->height_dots)))
                atl_bitmap_set(&made, x, y);
        }
    }
    *out = made;
    return ATL_OK;
}

atl_code atl_picture_init(struct atl_picture *out, uint32_t width_px, uint32_t height_px,
                          struct atl_error *err)
{
    size_t bytes = (size_t)width_px * height_px * 3;
    uint8_t *pixels;

    if (!width_px || !height_px || width_px > ATL_PICTURE_SIDE_MAX ||
        height_px > ATL_PICTURE_SIDE_MAX)
        return atl_fail(err, ATL_E_INVALID, "a picture of %u x %u pixels: 1 to %d on each side",
                        width_px, height_px, ATL_PICTURE_SIDE_MAX);
    pixels = malloc(bytes);
    if (!pixels)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for %u x %u pixels", width_px, height_px);
    memset(pixels, 0xff, bytes);
    *out = (struct atl_picture){width_px, height_px, pixels};
    return ATL_OK;
}

void atl_picture_free(struct atl_picture *picture)
{
    if (!picture)
        return;
    free(picture->pixels);
    *picture = (struct atl_picture){0};
}

// Mean brightness under a box, 0 is black: Rec. 601 weights, sum 256.
static int brightness_of(const struct atl_picture *from, struct box box)
{
    uint64_t sum = 0;

    for (uint32_t y = box.top; y < box.bottom; y++) {
        for (uint32_t x = box.left; x < box.right; x++) {
            const uint8_t *at = from->pixels + ((size_t)y * from->width_px + x) * 3;

            sum += at[0] * 77u + at[1] * 150u + at[2] * 29u;
        }
    }
    return (int)(sum / 256 / ((uint64_t)(box.right - box.left) * (box.bottom - box.top)));
}

// One row of target dots. `carried` are the errors for this row, `below` for the next, both with
// one element of margin on each side; errors are in sixteenths.
static void tone_row(const struct atl_picture *from, uint32_t y, enum atl_tone tone,
                     struct atl_bitmap *to, int *carried, int *below)
{
    for (uint32_t x = 0; x < to->width_dots; x++) {
        int grey = brightness_of(
            from, box_of(x, y, to->width_dots, to->height_dots, from->width_px, from->height_px));
        int rest;

        if (tone == ATL_TONE_DITHER)
            grey += carried[x + 1] / 16;
        if (grey < 128)
            atl_bitmap_set(to, x, y);
        rest = grey < 128 ? grey : grey - 255;
        carried[x + 2] += rest * 7;
        below[x] += rest * 3;
        below[x + 1] += rest * 5;
        below[x + 2] += rest;
    }
}

atl_code atl_bitmap_from_picture(const struct atl_picture *from, uint32_t width_dots,
                                 enum atl_tone tone, struct atl_bitmap *out, struct atl_error *err)
{
    struct atl_bitmap made = {0};
    size_t stride = (size_t)width_dots + 2;
    int *errors;
    atl_code rc;

    if (!from->width_px || !from->height_px)
        return atl_fail(err, ATL_E_INVALID, "an empty picture cannot be printed");
    rc = atl_bitmap_init(&made, width_dots, height_for(width_dots, from->width_px, from->height_px),
                         err);
    if (rc)
        return rc;
    errors = calloc(2 * stride, sizeof *errors);
    if (!errors) {
        atl_bitmap_free(&made);
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a picture's tones");
    }
    for (uint32_t y = 0; y < made.height_dots; y++) {
        int *carried = errors + (y % 2) * stride;
        int *below = errors + ((y + 1) % 2) * stride;

        memset(below, 0, stride * sizeof *below);
        tone_row(from, y, tone, &made, carried, below);
    }
    free(errors);
    *out = made;
    return ATL_OK;
}
