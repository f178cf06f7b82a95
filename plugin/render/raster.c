// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/raster.h"

#include "plugin/render/bitmap.h"
#include "plugin/render/raster_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    UM_PER_INCH = 25400,
    RULE_DOTS = 2,       // thick
    RULE_AIR_UM = 900,   // white above and below
    PAPER_AIR_UM = 4000, // white above and below in a preview
};

uint32_t raster_dots(uint32_t um, uint32_t dpi)
{
    return (uint32_t)(((uint64_t)um * dpi + UM_PER_INCH / 2) / UM_PER_INCH);
}

struct raster_grid raster_grid_of(const struct atl_page *page, uint32_t width_dots, uint32_t dpi)
{
    uint32_t column = dpi <= 203 ? RASTER_COLUMN_DOTS : (dpi * RASTER_COLUMN_DOTS + 101) / 203;

    return (struct raster_grid){
        .width_dots = width_dots,
        .dpi = dpi,
        .columns = width_dots / column ? width_dots / column : 1,
        .column_dots = column,
        .em_dots = (page->font_um ? page->font_um : RASTER_FONT_UM) * (double)dpi / UM_PER_INCH,
    };
}

atl_code atl_raster_open(struct atl_raster **out, struct atl_error *err)
{
    struct atl_raster *made = calloc(1, sizeof *made);
    cairo_font_options_t *options;

    if (!made)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a raster");
    made->fonts = pango_cairo_font_map_new();
    made->context = pango_font_map_create_context(made->fonts);
    options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_NONE);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_FULL);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_ON);
    pango_cairo_context_set_font_options(made->context, options);
    cairo_font_options_destroy(options);
    *out = made;
    return ATL_OK;
}

void atl_raster_close(struct atl_raster *raster)
{
    if (!raster)
        return;
    for (size_t i = 0; i < ATL_ROW_CELLS_MAX; i++)
        g_clear_object(&raster->layouts[i]);
    g_clear_object(&raster->context);
    g_clear_object(&raster->fonts);
    raster_rows_free(&raster->rows);
    free(raster);
}

struct atl_raster_count atl_raster_counted(const struct atl_raster *raster)
{
    return raster->count;
}

atl_code raster_place(struct atl_bitmap *picture, enum atl_align align, uint32_t width_dots,
                      struct atl_bitmap *out, struct atl_error *err)
{
    uint32_t free_dots = width_dots - picture->width_dots;
    uint32_t x = align == ATL_ALIGN_RIGHT    ? free_dots
                 : align == ATL_ALIGN_CENTRE ? free_dots / 2
                                             : 0;
    atl_code rc = atl_bitmap_init(out, width_dots, picture->height_dots, err);

    if (!rc)
        atl_bitmap_blit(out, x, 0, picture);
    atl_bitmap_free(picture);
    return rc;
}

static atl_code draw_rule(const struct raster_grid *grid, struct atl_bitmap *out,
                          struct atl_error *err)
{
    uint32_t air = raster_dots(RULE_AIR_UM, grid->dpi);
    atl_code rc = atl_bitmap_init(out, grid->width_dots, 2 * air + RULE_DOTS, err);

    if (!rc)
        atl_bitmap_fill(out, 0, air, grid->width_dots, RULE_DOTS);
    return rc;
}

// In a box a picture is no higher than what is left of it.
static uint32_t image_width(const struct atl_row *row, const struct raster_grid *grid)
{
    const uint32_t own = row->photo ? row->photo->width_px : row->image->width_dots;
    const uint32_t high = row->photo ? row->photo->height_px : row->image->height_dots;
    uint64_t width = row->image_width_um ? raster_dots(row->image_width_um, grid->dpi) : own;

    if (width > grid->width_dots)
        width = grid->width_dots;
    if (grid->height_dots && width * high > (uint64_t)grid->height_dots * own)
        width = (uint64_t)grid->height_dots * own / high;
    return width ? (uint32_t)width : 1;
}

static atl_code draw_photo(const struct atl_grey *photo, uint32_t width_dots,
                           struct atl_bitmap *out, struct atl_error *err)
{
    struct atl_picture picture = {0};
    atl_code rc = atl_picture_init(&picture, photo->width_px, photo->height_px, err);

    if (rc)
        return rc;
    for (size_t i = 0; i < (size_t)photo->width_px * photo->height_px; i++)
        memset(picture.pixels + 3 * i, photo->pixels[i], 3);
    rc = atl_bitmap_from_picture(&picture, width_dots, ATL_TONE_DITHER, out, err);
    atl_picture_free(&picture);
    return rc;
}

static atl_code draw_image(const struct atl_row *row, const struct raster_grid *grid,
                           struct atl_bitmap *out, struct atl_error *err)
{
    struct atl_bitmap scaled = {0};
    atl_code rc;

    if (!row->photo && (!row->image || !row->image->width_dots || !row->image->height_dots))
        return atl_fail(err, ATL_E_INVALID, "a row of a picture without a picture");
    if (row->photo)
        rc = draw_photo(row->photo, image_width(row, grid), &scaled, err);
    else
        rc = atl_bitmap_scale(row->image, image_width(row, grid), &scaled, err);
    return rc ? rc : raster_place(&scaled, row->align, grid->width_dots, out, err);
}

static atl_code draw_new(struct atl_raster *raster, const struct atl_page *page,
                         const struct atl_row *row, const struct raster_grid *grid,
                         struct atl_bitmap *out, struct atl_error *err)
{
    switch (row->kind) {
    case ATL_ROW_TEXT:
        return raster_text(raster, page, row, grid, out, err);
    case ATL_ROW_RULE:
        return draw_rule(grid, out, err);
    case ATL_ROW_IMAGE:
        return draw_image(row, grid, out, err);
    case ATL_ROW_QR:
        return raster_qr(row, grid, out, err);
    case ATL_ROW_BARS:
        return raster_bars(raster, page, row, grid, out, err);
    case ATL_ROW_BOXES:
        return raster_boxes(raster, page, row, grid, out, err);
    case ATL_ROW_FEED:
        return atl_bitmap_init(out, grid->width_dots, raster_dots(row->height_um, grid->dpi), err);
    case ATL_ROW_CUT:
    case ATL_ROW_DRAWER:
        return atl_bitmap_init(out, grid->width_dots, 0, err);
    }
    return atl_fail(err, ATL_E_INVALID, "no such kind of row: %d", (int)row->kind);
}

static atl_code copy_of(const struct atl_bitmap *from, struct atl_bitmap *out,
                        struct atl_error *err)
{
    atl_code rc = atl_bitmap_init(out, from->width_dots, from->height_dots, err);

    if (!rc)
        memcpy(out->bits, from->bits, (size_t)from->row_bytes * from->height_dots);
    return rc;
}

// A label is not kept: its boxes are made of rows that are.
static bool is_worth_keeping(const struct atl_row *row)
{
    return row->kind == ATL_ROW_TEXT || row->kind == ATL_ROW_IMAGE || row->kind == ATL_ROW_QR ||
           row->kind == ATL_ROW_BARS;
}

atl_code raster_draw(struct atl_raster *raster, const struct atl_page *page,
                     const struct atl_row *row, const struct raster_grid *grid,
                     struct atl_bitmap *out, struct atl_error *err)
{
    uint8_t key[ATL_HASH_BYTES];
    const struct atl_bitmap *kept;
    atl_code rc;

    if (!is_worth_keeping(row))
        return draw_new(raster, page, row, grid, out, err);
    raster_row_key(page, row, grid, key);
    kept = raster_rows_find(&raster->rows, key);
    if (kept) {
        raster->count.reused++;
        return copy_of(kept, out, err);
    }
    rc = draw_new(raster, page, row, grid, out, err);
    if (rc)
        return rc;
    raster->count.drawn++;
    raster_rows_put(&raster->rows, key, out);
    return ATL_OK;
}

static atl_code draw_row(void *ctx, const struct atl_page *page, const struct atl_row *row,
                         uint32_t width_dots, uint32_t dpi, struct atl_bitmap *out,
                         struct atl_error *err)
{
    const struct raster_grid grid = raster_grid_of(page, width_dots, dpi);

    if (!width_dots || width_dots > ATL_BITMAP_WIDTH_MAX || dpi < 60 || dpi > 1200)
        return atl_fail(err, ATL_E_INVALID, "a paper of %u dots at %u dpi", width_dots, dpi);
    return raster_draw(ctx, page, row, &grid, out, err);
}

// A page that grows downwards, so that each row is drawn once.
struct sheet {
    struct atl_bitmap bitmap; // as high as is allocated
    uint32_t x;               // of the printable part
    uint32_t used_dots;
};

static atl_code sheet_room(struct sheet *sheet, uint32_t height_dots, struct atl_error *err)
{
    struct atl_bitmap larger = {0};
    uint32_t need = sheet->used_dots + height_dots;
    atl_code rc;

    if (need <= sheet->bitmap.height_dots)
        return ATL_OK;
    rc = atl_bitmap_init(&larger, sheet->bitmap.width_dots,
                         need * 2 <= ATL_BITMAP_HEIGHT_MAX ? need * 2 : need, err);
    if (rc)
        return rc;
    memcpy(larger.bits, sheet->bitmap.bits, (size_t)sheet->bitmap.row_bytes * sheet->used_dots);
    atl_bitmap_free(&sheet->bitmap);
    sheet->bitmap = larger;
    return ATL_OK;
}

static atl_code sheet_add(struct sheet *sheet, const struct atl_bitmap *row, struct atl_error *err)
{
    atl_code rc = sheet_room(sheet, row->height_dots, err);

    if (rc)
        return rc;
    atl_bitmap_blit(&sheet->bitmap, sheet->x, sheet->used_dots, row);
    sheet->used_dots += row->height_dots;
    return ATL_OK;
}

static atl_code sheet_feed(struct sheet *sheet, uint32_t height_dots, struct atl_error *err)
{
    atl_code rc = sheet_room(sheet, height_dots, err);

    if (!rc)
        sheet->used_dots += height_dots;
    return rc;
}

// Where the cutter cuts between two papers of one page.
static atl_code sheet_cut(struct sheet *sheet, uint32_t dpi, struct atl_error *err)
{
    uint32_t air = raster_dots(PAPER_AIR_UM, dpi);
    atl_code rc = sheet_feed(sheet, 2 * air, err);

    if (rc)
        return rc;
    for (uint32_t x = 0; x < sheet->bitmap.width_dots; x += 16)
        atl_bitmap_fill(&sheet->bitmap, x, sheet->used_dots - air, 8, 1);
    return ATL_OK;
}

static atl_code sheet_rows(struct atl_raster *raster, const struct atl_page *page,
                           uint32_t width_dots, uint32_t dpi, struct sheet *sheet,
                           struct atl_error *err)
{
    for (size_t i = 0; i < page->row_count; i++) {
        const struct atl_row *row = &page->rows[i];
        struct atl_bitmap drawn = {0};
        atl_code rc;

        if (row->kind == ATL_ROW_CUT && row->cut != ATL_CUT_NONE && i + 1 < page->row_count) {
            rc = sheet_cut(sheet, dpi, err);
        } else {
            rc = draw_row(raster, page, row, width_dots, dpi, &drawn, err);
            if (!rc)
                rc = sheet_add(sheet, &drawn, err);
        }
        atl_bitmap_free(&drawn);
        if (rc)
            return atl_wrap(err, rc, "row %zu", i + 1);
    }
    return ATL_OK;
}

atl_code atl_raster_page(struct atl_raster *raster, const struct atl_page *page,
                         uint32_t width_dots, uint32_t dpi, enum atl_raster_look look,
                         struct atl_bitmap *out, struct atl_error *err)
{
    struct sheet sheet = {0};
    uint32_t paper = width_dots;
    uint32_t air =
        look == ATL_RASTER_PAPER && !page->height_um ? raster_dots(PAPER_AIR_UM, dpi) : 0;
    atl_code rc;

    if (look == ATL_RASTER_PAPER && raster_dots(page->width_um, dpi) > width_dots)
        paper = raster_dots(page->width_um, dpi);
    sheet.x = (paper - width_dots) / 2;
    rc = atl_bitmap_init(&sheet.bitmap, paper, 1024, err);
    if (!rc)
        rc = sheet_feed(&sheet, air, err);
    if (!rc)
        rc = sheet_rows(raster, page, width_dots, dpi, &sheet, err);
    if (!rc)
        rc = sheet_feed(&sheet, air, err);
    if (rc) {
        atl_bitmap_free(&sheet.bitmap);
        return rc;
    }
    sheet.bitmap.height_dots = sheet.used_dots;
    *out = sheet.bitmap;
    return ATL_OK;
}

// A paper has the height that it has: what is shorter is filled up with white, below; a label is
// printed less high than it is, and what is missing is missing at both ends alike.
static atl_code fill_up(const struct atl_page *page, const struct atl_bitmap *drawn,
                        uint32_t height_dots, struct atl_bitmap *out, struct atl_error *err)
{
    struct atl_bitmap label = {0};
    int32_t top = page->height_um ? ((int32_t)drawn->height_dots - (int32_t)height_dots) / 2 : 0;
    atl_code rc;

    if (!page->height_um && drawn->height_dots > height_dots)
        return atl_fail(err, ATL_E_INVALID, "the page is %u dots high, and the label has %u",
                        drawn->height_dots, height_dots);
    rc = atl_bitmap_init(&label, drawn->width_dots, height_dots, err);
    if (rc)
        return rc;
    if (!atl_bitmap_window(drawn, 0, top, &label)) {
        atl_bitmap_free(&label);
        return atl_fail(err, ATL_E_INVALID,
                        "the label's boxes reach above or below what can be printed: %u of its %u "
                        "dots in height",
                        height_dots, drawn->height_dots);
    }
    *out = label;
    return ATL_OK;
}

static atl_code draw_page(void *ctx, const struct atl_page *page, uint32_t width_dots,
                          uint32_t height_dots, uint32_t dpi, struct atl_bitmap *out,
                          struct atl_error *err)
{
    struct atl_bitmap drawn = {0};
    atl_code rc = atl_raster_page(ctx, page, width_dots, dpi, ATL_RASTER_DOTS, &drawn, err);

    if (rc)
        return rc;
    if (!height_dots || drawn.height_dots == height_dots) {
        *out = drawn;
        return ATL_OK;
    }
    rc = fill_up(page, &drawn, height_dots, out, err);
    atl_bitmap_free(&drawn);
    return rc;
}

struct atl_rasteriser atl_raster_rasteriser(struct atl_raster *raster)
{
    return (struct atl_rasteriser){.ctx = raster, .draw = draw_row, .draw_page = draw_page};
}
