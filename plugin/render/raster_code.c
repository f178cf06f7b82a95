// SPDX-License-Identifier: Apache-2.0
// Codes as rows: always on whole dots, never smaller than the template says.
#include "plugin/render/bars.h"
#include "plugin/render/bitmap.h"
#include "plugin/render/qr.h"
#include "plugin/render/raster_parts.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_AIR_UM = 500 };

// Alone in a box, a symbol is as large as the box lets it be.
static atl_code qr_dots(const struct atl_qr *qr, const struct atl_row *row,
                        const struct raster_grid *grid, uint32_t *dots, struct atl_error *err)
{
    const uint32_t side = qr->side + 2u * ATL_QR_QUIET_MODULES;
    uint32_t room = grid->width_dots;
    atl_code rc;

    if (grid->height_dots && grid->height_dots < room)
        room = grid->height_dots;
    rc = atl_qr_fit(qr, room, grid->dpi, row->qr_module_um, dots, err);
    if (!rc && grid->is_alone)
        *dots = room / side;
    return rc;
}

atl_code raster_qr(const struct atl_row *row, const struct raster_grid *grid,
                   struct atl_bitmap *out, struct atl_error *err)
{
    struct atl_qr *qr = malloc(sizeof *qr);
    struct atl_bitmap symbol = {0};
    uint32_t dots = 0;
    atl_code rc;

    if (!qr)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a QR symbol");
    rc = atl_qr_make(row->qr_text, row->qr_level ? row->qr_level : 'M', qr, err);
    if (!rc)
        rc = qr_dots(qr, row, grid, &dots, err);
    if (!rc)
        rc = atl_qr_draw(qr, dots, &symbol, err);
    free(qr);
    return rc ? rc : raster_place(&symbol, row->align, grid->width_dots, out, err);
}

// "4006381333931" is read in three parts.
static void words_of(const struct atl_bars_code *code, char *out, size_t size)
{
    if (code->kind == ATL_BARS_EAN13)
        snprintf(out, size, "%.1s %.6s %.6s", code->text, code->text + 1, code->text + 7);
    else
        snprintf(out, size, "%s", code->text);
}

static atl_code draw_words(struct atl_raster *raster, const struct atl_page *page,
                           const struct atl_bars_code *code, const struct raster_grid *grid,
                           uint32_t width_dots, struct atl_bitmap *out, struct atl_error *err)
{
    char text[ATL_BARS_TEXT_MAX + 3];
    const struct atl_span span = {.text = text, .scale_x = 1, .scale_y = 1};
    const struct atl_cell cell = {.spans = &span, .span_count = 1, .align = ATL_ALIGN_CENTRE};
    const struct atl_row row = {.kind = ATL_ROW_TEXT, .cells = &cell, .cell_count = 1};
    struct raster_grid own = *grid;

    words_of(code, text, sizeof text);
    own.width_dots = width_dots;
    own.columns = width_dots / own.column_dots ? width_dots / own.column_dots : 1;
    own.height_dots = 0;
    return raster_text(raster, page, &row, &own, out, err);
}

static uint32_t bars_height(const struct atl_row *row, const struct raster_grid *grid,
                            uint32_t words_dots)
{
    const uint32_t asked =
        raster_dots(row->height_um ? row->height_um : ATL_BARS_HEIGHT_UM, grid->dpi);

    if (grid->height_dots <= words_dots) // no box, or one without room: the caller sees
        return asked;
    if ((grid->is_alone && !row->height_um) || grid->height_dots < asked + words_dots)
        return grid->height_dots - words_dots;
    return asked;
}

// Bars above, words below, both of one width.
static atl_code stack(const struct atl_bitmap *bars, const struct atl_bitmap *words, uint32_t air,
                      struct atl_bitmap *out, struct atl_error *err)
{
    const uint32_t below = words->height_dots ? words->height_dots + air : 0;
    atl_code rc = atl_bitmap_init(out, bars->width_dots, bars->height_dots + below, err);

    if (rc)
        return rc;
    atl_bitmap_blit(out, 0, 0, bars);
    if (below)
        atl_bitmap_blit(out, 0, bars->height_dots + air, words);
    return ATL_OK;
}

atl_code raster_bars(struct atl_raster *raster, const struct atl_page *page,
                     const struct atl_row *row, const struct raster_grid *grid,
                     struct atl_bitmap *out, struct atl_error *err)
{
    const uint32_t air = raster_dots(WORDS_AIR_UM, grid->dpi);
    struct atl_bars_code code;
    struct atl_bitmap bars = {0}, words = {0}, both = {0};
    uint32_t dots = 0, below;
    atl_code rc = atl_bars_make(row->bars, row->bars_text, &code, err);

    if (!rc)
        rc = atl_bars_fit(&code, grid->width_dots, grid->dpi, row->bars_module_um, &dots, err);
    if (rc)
        return rc;
    if (row->has_bars_words)
        rc = draw_words(raster, page, &code, grid,
                        dots * (uint32_t)(code.quiet_left + code.modules + code.quiet_right),
                        &words, err);
    below = words.height_dots ? words.height_dots + air : 0;
    if (!rc)
        rc = atl_bars_draw(&code, dots, bars_height(row, grid, below), &bars, err);
    if (!rc)
        rc = stack(&bars, &words, air, &both, err);
    atl_bitmap_free(&bars);
    atl_bitmap_free(&words);
    return rc ? rc : raster_place(&both, row->align, grid->width_dots, out, err);
}
