// SPDX-License-Identifier: Apache-2.0
#include "drivers/dymo/parts.h"

#include <stdlib.h>

enum { UM_PER_INCH = 25400, CONTINUOUS = 0xffff, LENGTH_MAX = 0x7fff };

static void add_roll(const struct atl_model *model, struct atl_buf *out)
{
    if (model->quirks & ATL_QUIRK_LEFT_ROLL)
        ATL_BUF_LIT(out, "\x1bq1");
    else if (model->quirks & ATL_QUIRK_RIGHT_ROLL)
        ATL_BUF_LIT(out, "\x1bq2");
}

// How far it looks for the next label's beginning.
static uint16_t label_length(const struct atl_media *media, const struct atl_model *model)
{
    const uint64_t dots = (uint64_t)media->length_um * model->dpi / UM_PER_INCH;

    if (!media->length_um)
        return CONTINUOUS;
    return (uint16_t)(dots < LENGTH_MAX ? dots : LENGTH_MAX);
}

static void add_head(const struct atl_model *model, const struct atl_media *media,
                     uint32_t row_bytes, struct atl_buf *out)
{
    const uint16_t length = label_length(media, model);
    const uint8_t sizes[] = {
        0x1b, 'D', (uint8_t)row_bytes, 0x1b, 'L', (uint8_t)(length >> 8), (uint8_t)length};

    dymo_add_wake(out);
    add_roll(model, out);
    if (model->dpi == 203)
        ATL_BUF_LIT(out, "\x1by"); // 203 rows an inch; the 300 of others are not a choice
    ATL_BUF_LIT(out, "\x1bQ\x00\x00\x1b\x42\x00"); // no tab from above, none from the left
    atl_buf_add(out, sizes, sizeof sizes);
    ATL_BUF_LIT(out, "\x1bh\x1b"
                     "e"); // every row once; ordinary density
}

atl_code dymo_encode(const struct atl_page *page, const struct atl_model *model,
                     const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                     struct atl_error *err)
{
    struct atl_bitmap bitmap = {0};
    struct dymo_labels labels;
    uint32_t row_bytes;
    atl_code rc = dymo_labels_for(model, page, &labels, err);

    if (!rc)
        rc = dymo_draw(&labels, model, page, rasteriser, &bitmap, err);
    if (rc)
        return rc;
    row_bytes = (labels.media->width_dots + 7u) / 8;
    if ((bitmap.width_dots + 7u) / 8 > row_bytes) {
        rc = atl_fail(err, ATL_E_INVALID, "drawn %u dots wide, the labels have %u",
                      bitmap.width_dots, labels.media->width_dots);
    } else {
        add_head(model, labels.media, row_bytes, out);
        dymo_add_rows(&bitmap, row_bytes, out);
        ATL_BUF_LIT(out, "\x1b"
                         "E"); // to where the label is torn off
        rc = atl_buf_check(out, err);
    }
    free(bitmap.bits);
    return rc;
}
