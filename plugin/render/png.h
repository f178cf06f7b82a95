// SPDX-License-Identifier: Apache-2.0
// PNG files in memory. Written ones are the same bytes for the same picture: no date, no text.
// [one-thread]
#ifndef ATL_RENDER_PNG_H
#define ATL_RENDER_PNG_H

#include "plugin/core/buf.h"
#include "plugin/render/bitmap.h"

enum { ATL_PNG_BYTES_MAX = 16 * 1024 * 1024 }; // of a file that is read

// Appends a file of one bit a dot; dpi 0 leaves the physical size out.
ATL_MUST_USE atl_code atl_png_write_bitmap(const struct atl_bitmap *bitmap, uint32_t dpi,
                                           struct atl_buf *out, struct atl_error *err);

// Appends a file of 24 bits a pixel.
ATL_MUST_USE atl_code atl_png_write_picture(const struct atl_picture *picture, struct atl_buf *out,
                                            struct atl_error *err);

// Reads a shop's logo or a picture of a product, any kind of PNG; what is transparent becomes
// white. Sizes are refused before anything is allocated for them (ATL_PICTURE_SIDE_MAX). *out is
// the caller's to free and unchanged on failure. `name` stands in errors.
ATL_MUST_USE atl_code atl_png_read(const char *name, const void *bytes, size_t len,
                                   struct atl_picture *out, struct atl_error *err);

#endif
