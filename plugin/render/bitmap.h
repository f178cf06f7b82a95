// SPDX-License-Identifier: Apache-2.0
// Black and white dots (struct atl_bitmap of page.h), colour pictures, and the way from one to the
// other. Nothing here knows a font or a file format. [any-thread]
#ifndef ATL_RENDER_BITMAP_H
#define ATL_RENDER_BITMAP_H

#include "plugin/core/error.h"
#include "plugin/render/page.h"

enum {
    ATL_BITMAP_WIDTH_MAX = 8192,
    ATL_BITMAP_HEIGHT_MAX = 65536, // 8 m of paper at 203 dpi
    ATL_PICTURE_SIDE_MAX = 4096,
};

// A picture in colour: three bytes a pixel, red first, no gaps between rows.
struct atl_picture {
    uint32_t width_px;
    uint32_t height_px;
    uint8_t *pixels; // owned by whoever holds the struct; atl_picture_free()
};

enum atl_tone {
    ATL_TONE_THRESHOLD, // text, line drawings
    ATL_TONE_DITHER,    // photographs (Floyd-Steinberg)
};

// All white. *out must not own dots yet; on failure it is unchanged. A height of 0 is allowed.
ATL_MUST_USE atl_code atl_bitmap_init(struct atl_bitmap *out, uint32_t width_dots,
                                      uint32_t height_dots, struct atl_error *err);
void atl_bitmap_free(struct atl_bitmap *bitmap); // NULL, zeroed and freed are fine

bool atl_bitmap_get(const struct atl_bitmap *bitmap, uint32_t x, uint32_t y); // outside: white
void atl_bitmap_set(struct atl_bitmap *bitmap, uint32_t x, uint32_t y);       // outside: nothing

// Black; what lies outside is left out.
void atl_bitmap_fill(struct atl_bitmap *bitmap, uint32_t x, uint32_t y, uint32_t width_dots,
                     uint32_t height_dots);
// Turns black into white and white into black.
void atl_bitmap_invert(struct atl_bitmap *bitmap, uint32_t x, uint32_t y, uint32_t width_dots,
                       uint32_t height_dots);
// Adds the black dots of `from`; what lies outside is left out.
void atl_bitmap_blit(struct atl_bitmap *to, uint32_t x, uint32_t y, const struct atl_bitmap *from);

// The part of `from` that begins at (x, y), which may lie outside: white is added there. False when
// black dots of `from` are not in it. `out` is initialised and all white.
bool atl_bitmap_window(const struct atl_bitmap *from, int32_t x, int32_t y, struct atl_bitmap *out);

bool atl_bitmap_equal(const struct atl_bitmap *a, const struct atl_bitmap *b);

// The same picture at another width, proportions kept: a dot is black when at least three eighths
// of what it covers are, so that thin lines survive. *out is the caller's to free.
ATL_MUST_USE atl_code atl_bitmap_scale(const struct atl_bitmap *from, uint32_t width_dots,
                                       struct atl_bitmap *out, struct atl_error *err);

// All white. *out is the caller's to free; on failure it is unchanged.
ATL_MUST_USE atl_code atl_picture_init(struct atl_picture *out, uint32_t width_px,
                                       uint32_t height_px, struct atl_error *err);
void atl_picture_free(struct atl_picture *picture);

// A colour picture as dots, width_dots wide, proportions kept. *out is the caller's to free.
ATL_MUST_USE atl_code atl_bitmap_from_picture(const struct atl_picture *from, uint32_t width_dots,
                                              enum atl_tone tone, struct atl_bitmap *out,
                                              struct atl_error *err);

#endif
