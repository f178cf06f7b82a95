// SPDX-License-Identifier: Apache-2.0
// Which labels are loaded, as the configuration says, and how the page lies on them.
#include "drivers/dymo/parts.h"

#include <stdio.h>
#include <stdlib.h>

enum { UM_PER_INCH = 25400, UM_PER_MM = 1000, ROLL_MARGINS_UM = 10000, SIZE_BYTES = 48 };

// "62 x 29 mm"; a roll has no length.
static void write_size(uint32_t width_um, uint32_t length_um, char out[SIZE_BYTES])
{
    const uint32_t half = UM_PER_MM / 2;

    if (length_um)
        (void)snprintf(out, SIZE_BYTES, "%u x %u mm", (width_um + half) / UM_PER_MM,
                       (length_um + half) / UM_PER_MM);
    else
        (void)snprintf(out, SIZE_BYTES, "%u mm", (width_um + half) / UM_PER_MM);
}

// Nothing is measured from the edges of a roll, of which receipt printers print 10 mm less.
static bool takes_roll(const struct atl_model *model, const struct atl_media *media,
                       const struct atl_page *page)
{
    return page->width_um <=
           (uint32_t)media->width_dots * UM_PER_INCH / model->dpi + ROLL_MARGINS_UM;
}

static bool lies_along(const struct atl_media *media, const struct atl_page *page)
{
    return page->width_um <= media->width_um + ATL_MEDIA_SLACK_UM &&
           (!media->length_um || page->height_um <= media->length_um + ATL_MEDIA_SLACK_UM);
}

atl_code dymo_labels_for(const struct atl_model *model, const struct atl_page *page,
                         struct dymo_labels *out, struct atl_error *err)
{
    const struct atl_media *media = atl_media_find(model, NULL);
    const bool is_across = atl_media_lies_across(media, page);
    const bool fits =
        page->height_um ? is_across || lies_along(media, page) : takes_roll(model, media, page);
    char own[SIZE_BYTES], labels[SIZE_BYTES];

    if (fits) {
        *out = (struct dymo_labels){media, is_across};
        return ATL_OK;
    }
    write_size(page->width_um, page->height_um, own);
    write_size(media->width_um, media->length_um, labels);
    return atl_fail(err, ATL_E_INVALID,
                    "the paper is %s, and the %s is set to %s %s of %s: put in larger ones and "
                    "name them with media",
                    own, model->name, media->length_um ? "labels" : "the roll", media->id, labels);
}

atl_code dymo_fits(struct atl_link *link, const struct atl_model *model,
                   const struct atl_page *page, struct atl_error *err)
{
    struct dymo_labels labels;
    atl_code rc = dymo_labels_for(model, page, &labels, err);

    (void)link; // it cannot tell
    if (rc && err)
        err->code = ATL_E_DEVICE; // it may be put right, and the page is good
    return rc ? ATL_E_DEVICE : ATL_OK;
}

// A quarter to the right: what was at the left leaves the printer first.
static atl_code turn(const struct atl_bitmap *from, struct atl_bitmap *out, struct atl_error *err)
{
    const uint32_t row_bytes = (from->height_dots + 7) / 8;
    uint8_t *bits = calloc(from->width_dots, row_bytes);

    if (!bits)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    for (uint32_t y = 0; y < from->height_dots; y++) {
        const uint8_t *row = from->bits + (size_t)y * from->row_bytes;
        const uint32_t x = from->height_dots - 1 - y;

        for (uint32_t i = 0; i < from->row_bytes; i++) {
            for (uint32_t bit = 0; row[i] && bit < 8 && i * 8 + bit < from->width_dots; bit++) {
                if (row[i] & 0x80u >> bit)
                    bits[(size_t)(i * 8 + bit) * row_bytes + x / 8] |= (uint8_t)(0x80u >> x % 8);
            }
        }
    }
    *out = (struct atl_bitmap){from->height_dots, from->width_dots, row_bytes, bits};
    return ATL_OK;
}

atl_code dymo_draw(const struct dymo_labels *labels, const struct atl_model *model,
                   const struct atl_page *page, const struct atl_rasteriser *rasteriser,
                   struct atl_bitmap *out, struct atl_error *err)
{
    struct atl_bitmap drawn = {0};
    atl_code rc = atl_media_draw(labels->media, page, model->dpi, rasteriser, &drawn, err);

    if (!rc && !labels->is_across) {
        *out = drawn;
        return ATL_OK;
    }
    if (rc)
        return rc;
    rc = turn(&drawn, out, err);
    free(drawn.bits);
    return rc;
}
