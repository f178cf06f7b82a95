// SPDX-License-Identifier: Apache-2.0
// What a person looks at: the paper as a picture.
#include "plugin/print/device.h"
#include "plugin/print/files.h"
#include "plugin/render/bitmap.h"
#include "plugin/render/png.h"
#include "plugin/render/raster.h"

enum { DPI = 203, UM_PER_INCH = 25400, PNG_BYTES_MAX = 16 * 1024 * 1024 };

// Dots that are printed of a paper, when no model says so: rolls as receipt printers do, labels
// whole.
static uint32_t printable(const struct atl_page *page)
{
    static const struct {
        uint32_t paper_um;
        uint32_t dots;
    } ROLLS[] = {
        {80000, 576},
        {58000, 384},
        {62000, 471}
    };

    for (size_t i = 0; i < sizeof ROLLS / sizeof *ROLLS; i++) {
        if (!page->height_um && page->width_um == ROLLS[i].paper_um)
            return ROLLS[i].dots;
    }
    return (uint32_t)(((uint64_t)page->width_um * DPI + UM_PER_INCH / 2) / UM_PER_INCH);
}

static atl_code draw(const struct print_device *device, const struct atl_page *page,
                     struct atl_bitmap *out, uint32_t *dpi, struct atl_error *err)
{
    const struct atl_media *media = device->model.media_count == 1 ? device->model.media : NULL;
    struct atl_raster *raster = NULL;
    struct atl_rasteriser rasteriser;
    atl_code rc = atl_raster_open(&raster, err);

    if (rc)
        return rc;
    rasteriser = atl_raster_rasteriser(raster);
    *dpi = device->is_drawn ? device->model.dpi : DPI;
    if (device->is_drawn && media)
        rc = atl_media_draw(media, page, *dpi, &rasteriser, out, err);
    else
        rc =
            atl_raster_page(raster, page,
                            device->is_drawn ? atl_driver_dots(device->driver, &device->model, page)
                                             : printable(page),
                            *dpi, ATL_RASTER_PAPER, out, err);
    atl_raster_close(raster);
    return rc;
}

atl_code print_preview(const struct print_options *options, const struct print_device *device,
                       const struct atl_page *page, struct atl_error *err)
{
    struct atl_bitmap bitmap = {0};
    struct atl_buf png;
    uint32_t dpi = DPI;
    atl_code rc = draw(device, page, &bitmap, &dpi, err);

    if (rc)
        return rc;
    atl_buf_init(&png, PNG_BYTES_MAX);
    rc = atl_png_write_bitmap(&bitmap, dpi, &png, err);
    if (!rc)
        rc = print_file_write(options->preview, &png, err);
    atl_buf_free(&png);
    atl_bitmap_free(&bitmap);
    return rc;
}
