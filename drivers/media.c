// SPDX-License-Identifier: Apache-2.0
// What printers of labels are loaded with, and how a page lies on it.
#include "drivers/driver.h"

#include <string.h>

enum { UM_PER_INCH = 25400 };

const struct atl_media *atl_media_find(const struct atl_model *model, const char *id)
{
    if (!id || !*id)
        return model->media_count ? &model->media[0] : NULL;
    for (size_t i = 0; i < model->media_count; i++) {
        if (strcmp(model->media[i].id, id) == 0)
            return &model->media[i];
    }
    return NULL;
}

bool atl_media_lies_across(const struct atl_media *media, const struct atl_page *page)
{
    const uint32_t width_um = media->width_um + ATL_MEDIA_SLACK_UM;
    const uint32_t length_um = media->length_um + ATL_MEDIA_SLACK_UM;

    return page->height_um && page->width_um > width_um && page->height_um <= width_um &&
           (!media->length_um || page->width_um <= length_um);
}

atl_code atl_media_draw(const struct atl_media *media, const struct atl_page *page, uint32_t dpi,
                        const struct atl_rasteriser *rasteriser, struct atl_bitmap *out,
                        struct atl_error *err)
{
    const uint32_t page_dots = (uint32_t)((uint64_t)page->width_um * dpi / UM_PER_INCH);

    if (!rasteriser || !rasteriser->draw_page)
        return atl_fail(err, ATL_E_UNSUPPORTED, "this needs to be drawn, and nothing draws");
    if (!atl_media_lies_across(media, page))
        return rasteriser->draw_page(rasteriser->ctx, page, media->width_dots, media->length_dots,
                                     dpi, out, err);
    return rasteriser->draw_page(rasteriser->ctx, page,
                                 media->length_dots ? media->length_dots : page_dots,
                                 media->width_dots, dpi, out, err);
}
