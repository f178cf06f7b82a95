// SPDX-License-Identifier: Apache-2.0
// One page is one format: ^XA … ^XZ with its dots. No word of a guest is ever text in it, so there
// is nothing to escape.
#include "drivers/zpl/parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    UM_PER_INCH = 25400,
    LENGTH_DOTS_MAX = 32000, // of ^LL
};

static uint32_t dots(uint32_t um, const struct atl_model *model)
{
    return (uint32_t)(((uint64_t)um * model->dpi + UM_PER_INCH / 2) / UM_PER_INCH);
}

// The head prints labels from edge to edge.
static uint32_t paper_dots(const struct atl_page *page, const struct atl_model *model)
{
    const uint32_t paper = dots(page->width_um, model);

    return paper < model->width_dots ? paper : model->width_dots;
}

// What is kept between two labels, and how the last one gets out. A generic printer is left as it
// has been set.
static void add_mode(const struct atl_page *page, const struct atl_model *model,
                     struct atl_buf *out)
{
    enum atl_cut cut = ATL_CUT_FULL; // labels do not say it

    for (size_t i = 0; i < page->row_count; i++)
        cut = page->rows[i].kind == ATL_ROW_CUT ? page->rows[i].cut : cut;
    if (model->quirks & ATL_QUIRK_NO_STATUS)
        return;
    if (model->quirks & ATL_QUIRK_PEELS)
        ATL_BUF_LIT(out, "^MMP");
    else if (model->quirks & ATL_QUIRK_NO_CUTTER || cut == ATL_CUT_NONE)
        ATL_BUF_LIT(out, "^MMT");
    else
        ATL_BUF_LIT(out, "^MMC");
}

static bool is_white(const uint8_t *bytes, size_t len)
{
    return !len || (!bytes[0] && memcmp(bytes, bytes + 1, len - 1) == 0);
}

// As many pictures below each other as one is allowed to be small.
static atl_code add_dots(const struct atl_bitmap *bitmap, uint32_t x, struct atl_buf *out,
                         struct atl_error *err)
{
    const uint32_t step = ZPL_PICTURE_BYTES_MAX / bitmap->row_bytes;
    atl_code rc = ATL_OK;

    for (uint32_t y = 0; !rc && y < bitmap->height_dots; y += step) {
        const uint32_t left = bitmap->height_dots - y;
        const size_t len = (size_t)(left < step ? left : step) * bitmap->row_bytes;
        const uint8_t *bytes = bitmap->bits + (size_t)y * bitmap->row_bytes;

        if (is_white(bytes, len))
            continue;
        atl_buf_addf(out, "^FO%u,%u^GFA,%zu,%zu,%u,", x, y, len, len, bitmap->row_bytes);
        rc = zpl_add_z64(bytes, len, out, err);
        ATL_BUF_LIT(out, "^FS\n");
    }
    return rc;
}

// Settings that another program may have left in the printer: home, turned, mirrored, reversed; and
// that a label which stopped in the middle is not printed anew, when nothing left would prove
// nothing.
static atl_code add_format(const struct atl_page *page, const struct atl_model *model,
                           const struct atl_bitmap *bitmap, struct atl_buf *out,
                           struct atl_error *err)
{
    const uint32_t paper = paper_dots(page, model);
    atl_code rc;

    if (bitmap->width_dots > paper || !bitmap->row_bytes)
        return atl_fail(err, ATL_E_INVALID, "drawn %u dots wide, the paper has %u",
                        bitmap->width_dots, paper);
    if (!bitmap->height_dots || bitmap->height_dots > LENGTH_DOTS_MAX)
        return atl_fail(err, ATL_E_INVALID,
                        "the paper would be %u rows of dots long, and this printer prints %d at "
                        "most: divide it",
                        bitmap->height_dots, LENGTH_DOTS_MAX);
    ATL_BUF_LIT(out, "^XA");
    add_mode(page, model, out);
    atl_buf_addf(out, "^PW%u^LL%u^LH0,0^PON^PMN^LRN^JZY\n", paper, bitmap->height_dots);
    rc = add_dots(bitmap, (paper - bitmap->width_dots) / 2, out, err);
    ATL_BUF_LIT(out, "^XZ\n");
    return rc ? rc : atl_buf_check(out, err);
}

atl_code zpl_encode(const struct atl_page *page, const struct atl_model *model,
                    const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                    struct atl_error *err)
{
    struct atl_bitmap bitmap = {0};
    atl_code rc;

    if (!rasteriser || !rasteriser->draw_page)
        return atl_fail(err, ATL_E_UNSUPPORTED, "this needs to be drawn, and nothing draws");
    rc = rasteriser->draw_page(rasteriser->ctx, page, atl_driver_dots(&atl_driver_zpl, model, page),
                               page->height_um ? dots(page->height_um, model) : 0, model->dpi,
                               &bitmap, err);
    if (!rc)
        rc = add_format(page, model, &bitmap, out, err);
    free(bitmap.bits);
    return rc;
}
