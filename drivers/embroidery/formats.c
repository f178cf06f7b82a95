// SPDX-License-Identifier: Apache-2.0
// The list of formats, and the driver under which they stand in the registry.
#include "drivers/driver.h"
#include "drivers/embroidery/parts.h"

#include <string.h>
#include <strings.h>

static const struct atl_stitch_format *const formats[] = {
    &atl_stitch_dst, &atl_stitch_pes, &atl_stitch_exp, &atl_stitch_jef, &atl_stitch_vp3,
};
enum { FORMAT_COUNT = sizeof formats / sizeof formats[0] };

const struct atl_stitch_format *atl_stitch_format_find(const char *name)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        if (strcasecmp(formats[i]->name, name) == 0)
            return formats[i];
    }
    return NULL;
}

const struct atl_stitch_format *atl_stitch_format_at(size_t i)
{
    return i < FORMAT_COUNT ? formats[i] : NULL;
}

// A JEF file begins with where its stitches are, which follows from its number of colours.
static bool is_jef(const uint8_t *bytes, size_t len)
{
    struct stitch_in in = {.bytes = bytes, .len = len};
    uint32_t offset = stitch_get_le32(&in);
    uint32_t colours;

    if (len < 0x74)
        return false;
    in.at = 24;
    colours = stitch_get_le32(&in);
    return colours >= 1 && colours < 256 && offset == 0x74 + 8 * colours;
}

const struct atl_stitch_format *atl_stitch_format_of(const char *file_name, const uint8_t *bytes,
                                                     size_t len)
{
    const char *end = file_name ? strrchr(file_name, '.') : NULL;

    if (len >= 4 && memcmp(bytes, "#PES", 4) == 0)
        return &atl_stitch_pes;
    if (len >= 6 && memcmp(bytes, "%vsm%", 6) == 0)
        return &atl_stitch_vp3;
    if (len >= 512 && memcmp(bytes, "LA:", 3) == 0)
        return &atl_stitch_dst;
    if (is_jef(bytes, len))
        return &atl_stitch_jef;
    return end && strcasecmp(end, ".exp") == 0 ? &atl_stitch_exp : NULL;
}

static atl_code no_pages(const struct atl_page *page, const struct atl_model *model,
                         const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                         struct atl_error *err)
{
    (void)page;
    (void)model;
    (void)rasteriser;
    (void)out;
    return atl_fail(err, ATL_E_UNSUPPORTED,
                    "an embroidery machine prints no paper: it is given a stitch plan");
}

// It has no models: its machines are data files (drivers/machine.h).
extern const struct atl_driver atl_driver_embroidery;
const struct atl_driver atl_driver_embroidery = {
    .name = "embroidery",
    .duty = ATL_DUTY_STITCH,
    .proof = ATL_PROOF_TAKEN,
    .encode = no_pages,
};
