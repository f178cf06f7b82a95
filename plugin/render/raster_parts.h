// SPDX-License-Identifier: Apache-2.0
// What the files of the raster share; nobody else includes it.
#ifndef ATL_RENDER_RASTER_PARTS_H
#define ATL_RENDER_RASTER_PARTS_H

#include "plugin/core/hash.h"
#include "plugin/render/page.h"
#include "plugin/render/raster.h"

#include <cairo.h>
#include <pango/pangocairo.h>

enum {
    RASTER_COLUMN_DOTS = 12, // an ordinary letter of a receipt printer, up to 203 dpi
    RASTER_FONT_UM = 2625,   // 21 dots there
    RASTER_ROWS_MAX = 96,    // rows that are kept
    RASTER_ROWS_BYTES_MAX = 1024 * 1024,
};

// A row that was drawn before, by the hash of all that makes it.
struct raster_row {
    uint8_t key[ATL_HASH_BYTES];
    uint64_t used; // 0: the place is free
    struct atl_bitmap bitmap;
};

struct raster_rows {
    struct raster_row rows[RASTER_ROWS_MAX];
    uint64_t clock;
    size_t bytes;
};

struct atl_raster {
    PangoFontMap *fonts;
    PangoContext *context;
    PangoLayout *layouts[ATL_ROW_CELLS_MAX]; // one a cell, made when first needed
    char family[64];                         // what the context is set to
    char language[24];
    struct raster_rows rows;
    struct atl_raster_count count;
};

// The size of things on one paper.
struct raster_grid {
    uint32_t width_dots;
    uint32_t dpi;
    uint32_t columns;
    uint32_t column_dots;
    double em_dots; // the ordinary letter

    // Inside a box. 0: as high as it gets, and words break where they must.
    uint32_t height_dots; // that are left
    enum atl_fit fit;
    bool is_alone; // nothing else stands in the box: a code may be as large as it
};

uint32_t raster_dots(uint32_t um, uint32_t dpi);
struct raster_grid raster_grid_of(const struct atl_page *page, uint32_t width_dots, uint32_t dpi);

// NULL when it was not drawn before. What it points to is valid until the next put.
const struct atl_bitmap *raster_rows_find(struct raster_rows *rows,
                                          const uint8_t key[ATL_HASH_BYTES]);
// Keeps a copy; what was not used longest makes room. A copy that cannot be had is not an error.
void raster_rows_put(struct raster_rows *rows, const uint8_t key[ATL_HASH_BYTES],
                     const struct atl_bitmap *bitmap);
void raster_rows_free(struct raster_rows *rows);
void raster_row_key(const struct atl_page *page, const struct atl_row *row,
                    const struct raster_grid *grid, uint8_t key[ATL_HASH_BYTES]);

// raster.c: a row on a grid, drawn or found.
ATL_MUST_USE atl_code raster_draw(struct atl_raster *raster, const struct atl_page *page,
                                  const struct atl_row *row, const struct raster_grid *grid,
                                  struct atl_bitmap *out, struct atl_error *err);

// raster_code.c
ATL_MUST_USE atl_code raster_qr(const struct atl_row *row, const struct raster_grid *grid,
                                struct atl_bitmap *out, struct atl_error *err);
ATL_MUST_USE atl_code raster_bars(struct atl_raster *raster, const struct atl_page *page,
                                  const struct atl_row *row, const struct raster_grid *grid,
                                  struct atl_bitmap *out, struct atl_error *err);

// raster_label.c
ATL_MUST_USE atl_code raster_boxes(struct atl_raster *raster, const struct atl_page *page,
                                   const struct atl_row *row, const struct raster_grid *grid,
                                   struct atl_bitmap *out, struct atl_error *err);

// Puts a picture into a row of the grid's width. It belongs to this function from here on.
ATL_MUST_USE atl_code raster_place(struct atl_bitmap *picture, enum atl_align align,
                                   uint32_t width_dots, struct atl_bitmap *out,
                                   struct atl_error *err);

// *out is as wide as the grid and the caller's to free.
ATL_MUST_USE atl_code raster_text(struct atl_raster *raster, const struct atl_page *page,
                                  const struct atl_row *row, const struct raster_grid *grid,
                                  struct atl_bitmap *out, struct atl_error *err);

// Dots of a cairo surface of format A1, turned into ours.
void raster_take(cairo_surface_t *surface, struct atl_bitmap *to);

#endif
