// SPDX-License-Identifier: Apache-2.0
#include "drivers/escpos/code_pages.h"
#include "drivers/escpos/parts.h"

#include <stdlib.h>

enum {
    UM_PER_INCH = 25400,
    TEAR_LINES = 5, // from the head to the edge that paper is torn at
};

static void choose_page(struct escpos_encoder *encoder, int index)
{
    const struct atl_code_page *page = &encoder->model->code_pages[index];
    const uint8_t bytes[] = {0x1b, 't', page->slot};

    atl_buf_add(encoder->out, bytes, sizeof bytes);
    encoder->code_page = index;
    encoder->letters = escpos_page(page->name);
}

// The page that serves this row and most of those that follow: taken so, a ticket has the fewest
// switches that are possible.
static int best_page(const struct escpos_encoder *encoder, size_t row, uint32_t pages)
{
    int first = 0;

    for (size_t i = row + 1; i < encoder->page->row_count; i++) {
        const struct atl_row *next = &encoder->page->rows[i];
        uint32_t both;

        if (next->kind != ATL_ROW_TEXT)
            continue;
        both = pages & escpos_row_pages(encoder->model, next);
        if (both)
            pages = both;
        else if (escpos_row_pages(encoder->model, next))
            break;
    }
    while (!(pages & 1u << first))
        first++;
    return first;
}

static atl_code add_drawn(struct escpos_encoder *encoder, const struct atl_row *row,
                          struct atl_error *err)
{
    struct atl_bitmap bitmap = {0};
    atl_code rc;

    if (!encoder->rasteriser)
        return atl_fail(err, ATL_E_UNSUPPORTED, "this needs to be drawn, and nothing draws");
    rc = encoder->rasteriser->draw(encoder->rasteriser->ctx, encoder->page, row,
                                   encoder->model->width_dots, encoder->model->dpi, &bitmap, err);
    if (rc)
        return rc;
    if (bitmap.width_dots > (encoder->model->width_dots + 7u) / 8 * 8)
        rc = atl_fail(err, ATL_E_INVALID, "drawn %u dots wide, the paper has %u", bitmap.width_dots,
                      encoder->model->width_dots);
    else
        escpos_dots(encoder, &bitmap);
    free(bitmap.bits);
    return rc;
}

static atl_code add_text(struct escpos_encoder *encoder, size_t index, struct atl_error *err)
{
    const struct atl_row *row = &encoder->page->rows[index];
    uint32_t pages = escpos_row_pages(encoder->model, row);
    bool is_served;
    atl_code rc;

    if (!pages)
        return add_drawn(encoder, row, err);
    is_served =
        pages == UINT32_MAX || (encoder->code_page >= 0 && pages & 1u << encoder->code_page);
    if (!is_served)
        choose_page(encoder, best_page(encoder, index, pages));
    rc = escpos_text(encoder, row, err);
    return rc == ATL_E_UNSUPPORTED ? add_drawn(encoder, row, err) : rc;
}

static void add_cut(struct escpos_encoder *encoder, enum atl_cut cut)
{
    if (encoder->model->quirks & ATL_QUIRK_NO_CUTTER) {
        for (int i = 0; i < TEAR_LINES; i++)
            ATL_BUF_LIT(encoder->out, "\n");
    } else if (cut == ATL_CUT_FULL) {
        ATL_BUF_LIT(encoder->out, "\x1dV\x41\x00"); // feeds to the cutter first
    } else if (cut == ATL_CUT_PARTIAL) {
        ATL_BUF_LIT(encoder->out, "\x1dV\x42\x00");
    }
}

static atl_code add_drawer(struct escpos_encoder *encoder, int pin, struct atl_error *err)
{
    if (pin == 2)
        ATL_BUF_LIT(encoder->out, "\x1bp\x00\x19\x19"); // 50 ms on, 50 ms off
    else if (pin == 5)
        ATL_BUF_LIT(encoder->out, "\x1bp\x01\x19\x19");
    else
        return atl_fail(err, ATL_E_INVALID, "a drawer hangs on pin 2 or 5, not on %d", pin);
    return ATL_OK;
}

static atl_code add_row(struct escpos_encoder *encoder, size_t index, struct atl_error *err)
{
    const struct atl_row *row = &encoder->page->rows[index];

    switch (row->kind) {
    case ATL_ROW_TEXT:
        return add_text(encoder, index, err);
    case ATL_ROW_RULE:
    case ATL_ROW_IMAGE:
    case ATL_ROW_QR: // never the printer's own: clones print the command, and too large says
                     // nothing
    case ATL_ROW_BARS:
    case ATL_ROW_BOXES:
        return add_drawn(encoder, row, err);
    case ATL_ROW_FEED:
        escpos_feed(encoder,
                    (uint32_t)(((uint64_t)row->height_um * encoder->model->dpi + UM_PER_INCH / 2) /
                               UM_PER_INCH));
        return ATL_OK;
    case ATL_ROW_CUT:
        add_cut(encoder, row->cut);
        return ATL_OK;
    case ATL_ROW_DRAWER:
        return add_drawer(encoder, row->drawer_pin, err);
    }
    return atl_fail(err, ATL_E_INVALID, "no such kind of row: %d", (int)row->kind);
}

atl_code escpos_encode(const struct atl_page *page, const struct atl_model *model,
                       const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                       struct atl_error *err)
{
    struct escpos_encoder encoder = {
        .page = page,
        .model = model,
        .rasteriser = rasteriser,
        .out = out,
        .code_page = -1,
        .style = {.scale_x = 1, .scale_y = 1},
    };

    // Reset; letters of the USA, or twelve of ASCII's places differ; no Chinese, or accents pair
    // into it on Asian models.
    ATL_BUF_LIT(out, "\x1b@\x1bR\x00\x1c.");
    for (size_t i = 0; i < page->row_count; i++) {
        atl_code rc = add_row(&encoder, i, err);

        if (rc)
            return atl_wrap(err, rc, "row %zu", i + 1);
    }
    return atl_buf_check(out, err);
}
