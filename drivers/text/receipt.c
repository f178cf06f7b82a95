// SPDX-License-Identifier: Apache-2.0
#include "drivers/text/receipt.h"

#include "drivers/text/letters.h"

#include <stdlib.h>

enum {
    UM_PER_INCH = 25400,
    TEAR_LINES = 5, // from the head to the edge that paper is torn at
};

uint32_t atl_receipt_used_bytes(const struct atl_bitmap *bitmap, uint32_t from, uint32_t rows)
{
    uint32_t used = 1;

    for (uint32_t y = from; y < from + rows; y++) {
        const uint8_t *row = bitmap->bits + (size_t)y * bitmap->row_bytes;
        uint32_t last = bitmap->row_bytes;

        while (last > used && !row[last - 1])
            last--;
        used = last > used ? last : used;
    }
    return used;
}

static void choose_page(struct atl_receipt *receipt, int index)
{
    const struct atl_code_page *page = &receipt->model->code_pages[index];

    receipt->language->choose_page(receipt->out, page->slot);
    receipt->code_page = index;
    receipt->letters = atl_letters_find(page->name);
}

// The page that serves this row and most of those that follow: taken so, a ticket has the fewest
// switches that are possible.
static int best_page(const struct atl_receipt *receipt, size_t row, uint32_t pages)
{
    int first = 0;

    for (size_t i = row + 1; i < receipt->page->row_count; i++) {
        const struct atl_row *next = &receipt->page->rows[i];
        uint32_t both;

        if (next->kind != ATL_ROW_TEXT)
            continue;
        both = pages & atl_receipt_row_pages(receipt->model, next);
        if (both)
            pages = both;
        else if (atl_receipt_row_pages(receipt->model, next))
            break;
    }
    while (!(pages & 1u << first))
        first++;
    return first;
}

static atl_code add_drawn(struct atl_receipt *receipt, const struct atl_row *row,
                          struct atl_error *err)
{
    struct atl_bitmap bitmap = {0};
    atl_code rc;

    if (!receipt->rasteriser)
        return atl_fail(err, ATL_E_UNSUPPORTED, "this needs to be drawn, and nothing draws");
    rc = receipt->rasteriser->draw(receipt->rasteriser->ctx, receipt->page, row,
                                   receipt->model->width_dots, receipt->model->dpi, &bitmap, err);
    if (rc)
        return rc;
    if (bitmap.width_dots > (receipt->model->width_dots + 7u) / 8 * 8)
        rc = atl_fail(err, ATL_E_INVALID, "drawn %u dots wide, the paper has %u", bitmap.width_dots,
                      receipt->model->width_dots);
    else
        receipt->language->dots(receipt, &bitmap);
    free(bitmap.bits);
    return rc;
}

static atl_code add_text(struct atl_receipt *receipt, size_t index, struct atl_error *err)
{
    const struct atl_row *row = &receipt->page->rows[index];
    uint32_t pages = atl_receipt_row_pages(receipt->model, row);
    bool is_served;
    atl_code rc;

    if (!pages)
        return add_drawn(receipt, row, err);
    is_served =
        pages == UINT32_MAX || (receipt->code_page >= 0 && pages & 1u << receipt->code_page);
    if (!is_served)
        choose_page(receipt, best_page(receipt, index, pages));
    rc = atl_receipt_text(receipt, row, err);
    return rc == ATL_E_UNSUPPORTED ? add_drawn(receipt, row, err) : rc;
}

static uint32_t dots_of(const struct atl_receipt *receipt, uint32_t length_um)
{
    return (uint32_t)(((uint64_t)length_um * receipt->model->dpi + UM_PER_INCH / 2) / UM_PER_INCH);
}

static void add_cut(struct atl_receipt *receipt, enum atl_cut cut)
{
    if (receipt->model->quirks & ATL_QUIRK_NO_CUTTER) {
        for (int i = 0; i < TEAR_LINES; i++)
            ATL_BUF_LIT(receipt->out, "\n");
    } else if (cut != ATL_CUT_NONE) {
        receipt->language->cut(receipt, cut);
    }
}

static atl_code add_row(struct atl_receipt *receipt, const struct atl_row *row,
                        struct atl_error *err)
{
    switch (row->kind) {
    case ATL_ROW_TEXT:
        return add_text(receipt, receipt->row, err);
    case ATL_ROW_RULE:
    case ATL_ROW_IMAGE:
    case ATL_ROW_QR: // never the printer's own: clones print the command, and too large says
                     // nothing
    case ATL_ROW_BARS:
    case ATL_ROW_BOXES:
        return add_drawn(receipt, row, err);
    case ATL_ROW_FEED:
        receipt->language->feed(receipt, dots_of(receipt, row->height_um));
        return ATL_OK;
    case ATL_ROW_CUT:
        add_cut(receipt, row->cut);
        return ATL_OK;
    case ATL_ROW_DRAWER:
        if (row->drawer_pin != 2 && row->drawer_pin != 5)
            return atl_fail(err, ATL_E_INVALID, "a drawer hangs on pin 2 or 5, not on %d",
                            row->drawer_pin);
        receipt->language->drawer(receipt, row->drawer_pin == 5);
        return ATL_OK;
    }
    return atl_fail(err, ATL_E_INVALID, "no such kind of row: %d", (int)row->kind);
}

atl_code atl_receipt_encode(const struct atl_receipt_language *language,
                            const struct atl_page *page, const struct atl_model *model,
                            const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                            struct atl_error *err)
{
    struct atl_receipt receipt = {
        .language = language,
        .page = page,
        .model = model,
        .rasteriser = rasteriser,
        .out = out,
        .code_page = -1,
        .style = {.scale_x = 1, .scale_y = 1},
    };

    language->begin(&receipt);
    for (; receipt.row < page->row_count; receipt.row++) {
        atl_code rc = add_row(&receipt, &page->rows[receipt.row], err);

        if (rc)
            return atl_wrap(err, rc, "row %zu", receipt.row + 1);
    }
    if (language->end)
        language->end(&receipt);
    return atl_buf_check(out, err);
}
