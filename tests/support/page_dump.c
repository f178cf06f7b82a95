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
        atl_buf_addf(out, "image %c %ux%u %uum", align_sign(row->align), row->image->width_dots,
                     row->image->height_dots, row->image_width_um);
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
    }
    ATL_BUF_LIT(out, "\n");
}

void page_dump(const struct atl_page *page, struct atl_buf *out)
{
    for (size_t i = 0; i < page->row_count; i++)
        dump_row(&page->rows[i], true, out);
}

void page_dump_shape(const struct atl_page *page, struct atl_buf *out)
{
    for (size_t i = 0; i < page->row_count; i++)
        dump_row(&page->rows[i], false, out);
}
