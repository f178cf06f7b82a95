// SPDX-License-Identifier: Apache-2.0
// Rows that were drawn before: a shop's name, a rule, a label are the same on every paper.
#include "plugin/render/bitmap.h"
#include "plugin/render/raster_parts.h"

#include <stdlib.h>
#include <string.h>

static size_t bytes_of(const struct atl_bitmap *bitmap)
{
    return (size_t)bitmap->row_bytes * bitmap->height_dots;
}

const struct atl_bitmap *raster_rows_find(struct raster_rows *rows,
                                          const uint8_t key[ATL_HASH_BYTES])
{
    for (size_t i = 0; i < RASTER_ROWS_MAX; i++) {
        struct raster_row *row = &rows->rows[i];

        if (row->used && memcmp(row->key, key, ATL_HASH_BYTES) == 0) {
            row->used = ++rows->clock;
            return &row->bitmap;
        }
    }
    return NULL;
}

static void drop(struct raster_rows *rows, struct raster_row *row)
{
    if (!row->used)
        return;
    rows->bytes -= bytes_of(&row->bitmap);
    atl_bitmap_free(&row->bitmap);
    row->used = 0;
}

static struct raster_row *oldest(struct raster_rows *rows, bool must_be_used)
{
    struct raster_row *found = NULL;

    for (size_t i = 0; i < RASTER_ROWS_MAX; i++) {
        struct raster_row *row = &rows->rows[i];

        if ((row->used || !must_be_used) && (!found || row->used < found->used))
            found = row;
    }
    return found;
}

void raster_rows_put(struct raster_rows *rows, const uint8_t key[ATL_HASH_BYTES],
                     const struct atl_bitmap *bitmap)
{
    struct raster_row *row;
    struct atl_bitmap copy = {0};
    size_t bytes = bytes_of(bitmap);

    if (bytes > RASTER_ROWS_BYTES_MAX / 4)
        return;
    if (atl_bitmap_init(&copy, bitmap->width_dots, bitmap->height_dots, NULL))
        return;
    memcpy(copy.bits, bitmap->bits, bytes);
    while (rows->bytes + bytes > RASTER_ROWS_BYTES_MAX)
        drop(rows, oldest(rows, true));
    row = oldest(rows, false);
    drop(rows, row);
    memcpy(row->key, key, ATL_HASH_BYTES);
    row->bitmap = copy;
    row->used = ++rows->clock;
    rows->bytes += bytes;
}

void raster_rows_free(struct raster_rows *rows)
{
    for (size_t i = 0; i < RASTER_ROWS_MAX; i++)
        drop(rows, &rows->rows[i]);
}

static void add_cell(struct atl_hash *hash, const struct atl_cell *cell)
{
    atl_hash_add_number(hash, cell->align);
    atl_hash_add_number(hash, cell->columns);
    atl_hash_add_number(hash, (int64_t)cell->span_count);
    for (size_t i = 0; i < cell->span_count; i++) {
        const struct atl_span *span = &cell->spans[i];

        atl_hash_add_text(hash, span->text);
        atl_hash_add_number(hash, span->scale_x | span->scale_y << 8 | span->is_bold << 16 |
                                      span->is_underlined << 17 | span->is_inverted << 18);
    }
}

static void add_page(struct atl_hash *hash, const struct atl_page *page,
                     const struct raster_grid *grid)
{
    atl_hash_add_number(hash, grid->width_dots);
    atl_hash_add_number(hash, grid->dpi);
    atl_hash_add_number(hash, (int64_t)(grid->em_dots * 256));
    atl_hash_add_number(hash, grid->column_dots);
    atl_hash_add_number(hash, grid->height_dots);
    atl_hash_add_number(hash, grid->fit);
    atl_hash_add_number(hash, grid->is_alone);
    atl_hash_add_text(hash, page->font);
    atl_hash_add_text(hash, page->language);
}

static void add_picture(struct atl_hash *hash, const struct atl_row *row)
{
    if (row->image) {
        atl_hash_add_number(hash, row->image->width_dots);
        atl_hash_add_bytes(hash, row->image->bits, bytes_of(row->image));
    }
    if (row->photo) {
        atl_hash_add_number(hash, row->photo->width_px);
        atl_hash_add_bytes(hash, row->photo->key, sizeof row->photo->key);
    }
    atl_hash_add_number(hash, row->image_width_um);
}

void raster_row_key(const struct atl_page *page, const struct atl_row *row,
                    const struct raster_grid *grid, uint8_t key[ATL_HASH_BYTES])
{
    struct atl_hash hash;

    atl_hash_init(&hash);
    add_page(&hash, page, grid);
    atl_hash_add_number(&hash, row->kind);
    atl_hash_add_number(&hash, row->align);
    atl_hash_add_number(&hash, (int64_t)row->cell_count);
    for (size_t i = 0; i < row->cell_count; i++)
        add_cell(&hash, &row->cells[i]);
    add_picture(&hash, row);
    atl_hash_add_text(&hash, row->qr_text);
    atl_hash_add_number(&hash, row->qr_level);
    atl_hash_add_number(&hash, row->qr_module_um);
    atl_hash_add_text(&hash, row->bars_text);
    atl_hash_add_number(&hash, row->bars);
    atl_hash_add_number(&hash, row->has_bars_words);
    atl_hash_add_number(&hash, row->bars_module_um);
    atl_hash_add_number(&hash, row->height_um);
    atl_hash_end(&hash, key);
}
