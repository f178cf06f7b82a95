// SPDX-License-Identifier: Apache-2.0
#include "tests/support/page_dump.h"

static char align_sign(enum atl_align align)
{
    return align == ATL_ALIGN_LEFT ? '<' : align == ATL_ALIGN_RIGHT ? '>' : '=';
}

static void dump_span(const struct atl_span *span, struct atl_buf *out)
{
    if (span->scale_x != 1 || span->scale_y != 1)
        atl_buf_addf(out, " ^%ux%u", span->scale_x, span->scale_y);
    if (span->is_bold)
        ATL_BUF_LIT(out, " *");
    if (span->is_underlined)
        ATL_BUF_LIT(out, " _");
    if (span->is_inverted)
        ATL_BUF_LIT(out, " `");
    atl_buf_addf(out, " \"%s\"", span->text);
}

static void dump_cell(const struct atl_cell *cell, bool has_text, struct atl_buf *out)
{
    ATL_BUF_LIT(out, " [");
    if (cell->columns)
        atl_buf_addf(out, cell->span_count ? "%u " : "%u", cell->columns);
    if (cell->span_count)
        atl_buf_addf(out, "%c", align_sign(cell->align));
    for (size_t i = 0; has_text && i < cell->span_count; i++)
        dump_span(&cell->spans[i], out);
    ATL_BUF_LIT(out, "]");
}

static const char *cut_name(enum atl_cut cut)
{
    static const char *const NAMES[] = {"none", "partial", "full"};

    return NAMES[cut];
}

static void dump_bars(const struct atl_row *row, bool has_text, struct atl_buf *out)
{
    static const char *const NAMES[] = {"code128", "ean13"};

    atl_buf_addf(out, "bars %s %c %uum %uum%s", NAMES[row->bars], align_sign(row->align),
                 row->bars_module_um, row->height_um, row->has_bars_words ? " words" : "");
    if (has_text)
        atl_buf_addf(out, " \"%s\"", row->bars_text);
}

static void dump_boxes(const struct atl_row *row, struct atl_buf *out)
{
    static const char *const FITS[] = {"wrap", "shrink", "clip", "shrink clip"};
    static const char *const STANDS[] = {"top", "middle", "bottom"};

    atl_buf_addf(out, "boxes %uum", row->height_um);
    for (size_t i = 0; i < row->box_count; i++) {
        const struct atl_box *box = &row->boxes[i];

        atl_buf_addf(out, "\nbox %u,%u %ux%u %s %s, %zu rows", box->x_um, box->y_um, box->width_um,
                     box->height_um, FITS[box->fit], STANDS[box->valign], box->row_count);
    }
}

static void dump_row(const struct atl_row *row, bool has_text, struct atl_buf *out)
{
    switch (row->kind) {
    case ATL_ROW_TEXT:
        ATL_BUF_LIT(out, "text");
        for (size_t i = 0; i < row->cell_count; i++)
            dump_cell(&row->cells[i], has_text, out);
        break;
    case ATL_ROW_RULE:
        ATL_BUF_LIT(out, "rule");
        break;
    case ATL_ROW_IMAGE:
        atl_buf_addf(
            out, "%s %c %ux%u %uum", row->photo ? "photo" : "image", align_sign(row->align),
            row->photo ? row->photo->width_px : row->image->width_dots,
            row->photo ? row->photo->height_px : row->image->height_dots, row->image_width_um);
        break;
    case ATL_ROW_QR:
        atl_buf_addf(out, "qr %c %c %uum", align_sign(row->align), row->qr_level,
                     row->qr_module_um);
        if (has_text)
            atl_buf_addf(out, " \"%s\"", row->qr_text);
        break;
    case ATL_ROW_FEED:
        atl_buf_addf(out, "feed %uum", row->height_um);
        break;
    case ATL_ROW_CUT:
        atl_buf_addf(out, "cut %s", cut_name(row->cut));
        break;
    case ATL_ROW_DRAWER:
        atl_buf_addf(out, "drawer %d", row->drawer_pin);
        break;
    case ATL_ROW_BARS:
        dump_bars(row, has_text, out);
        break;
    case ATL_ROW_BOXES:
        dump_boxes(row, out);
        break;
    }
    ATL_BUF_LIT(out, "\n");
}

static void dump(const struct atl_page *page, bool has_text, struct atl_buf *out)
{
    for (size_t i = 0; i < page->row_count; i++) {
        const struct atl_row *row = &page->rows[i];

        dump_row(row, has_text, out);
        for (size_t b = 0; b < row->box_count; b++) {
            for (size_t k = 0; k < row->boxes[b].row_count; k++) {
                atl_buf_addf(out, "%zu: ", b + 1);
                dump_row(&row->boxes[b].rows[k], has_text, out);
            }
        }
    }
}

void page_dump(const struct atl_page *page, struct atl_buf *out)
{
    dump(page, true, out);
}

void page_dump_shape(const struct atl_page *page, struct atl_buf *out)
{
    dump(page, false, out);
}
