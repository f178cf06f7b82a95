// SPDX-License-Identifier: Apache-2.0
// Draws pages as dots: any script, any row. The drivers are handed one row at a time through
// struct atl_rasteriser; the preview is the same rows below each other, so what is shown is what
// is printed.
//
// Text is one bit a dot, fully hinted, never grey. A cell wraps inside its columns at words, and a
// word too long for them at letters, so that nothing is lost. Spans of one cell share the stretch
// (scale_x : scale_y) of its first one. [one-thread]
#ifndef ATL_RENDER_RASTER_H
#define ATL_RENDER_RASTER_H

#include "plugin/core/error.h"
#include "plugin/render/page.h"

// Fonts, symbols and rows that were drawn before; a few hundred kB. One a process is enough.
struct atl_raster;

ATL_MUST_USE atl_code atl_raster_open(struct atl_raster **out, struct atl_error *err);
void atl_raster_close(struct atl_raster *raster); // NULL is fine

// What drivers are handed. Valid until the raster is closed.
struct atl_rasteriser atl_raster_rasteriser(struct atl_raster *raster);

enum atl_raster_look {
    ATL_RASTER_DOTS,  // the printable width, nothing around it: what a raster printer gets
    ATL_RASTER_PAPER, // with the white margins that the paper has, for a preview
};

// All rows of the page in one bitmap. width_dots and dpi are the model's. A drawer draws nothing;
// a cut shows as a dashed line when paper follows it. *out is the caller's to free.
ATL_MUST_USE atl_code atl_raster_page(struct atl_raster *raster, const struct atl_page *page,
                                      uint32_t width_dots, uint32_t dpi, enum atl_raster_look look,
                                      struct atl_bitmap *out, struct atl_error *err);

// The rows that were drawn and that were found drawn already, since open.
struct atl_raster_count {
    uint64_t drawn;
    uint64_t reused;
};
struct atl_raster_count atl_raster_counted(const struct atl_raster *raster);

#endif
