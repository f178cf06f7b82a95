// SPDX-License-Identifier: Apache-2.0
// DYMO LabelWriter up to the 450 family. Language, devices and field notes: drivers/dymo/README.md.
#include "drivers/dymo/parts.h"

// The maker's driver for CUPS gives labels in points; here they are hundredths of a point: paper,
// then the edges of what is printed, from the left and from the end that leaves the printer last.
#define UM(points) ((uint32_t)(points)*254 / 72)
#define HEAD(dpi)  ((dpi) == 203 ? 448 : 1248) // no label prints more than its head does
#define DOTS(points, dpi)                                                                          \
    ((uint16_t)((points) * (dpi) / 7200 < HEAD(dpi) ? (points) * (dpi) / 7200 : HEAD(dpi)))
#define LONG(points, dpi) ((uint16_t)((points) * (dpi) / 7200))
#define LABEL(name, wide, high, left, low, right, top, dpi)                                        \
    {                                                                                              \
        .id = (name), .width_um = UM(wide), .length_um = UM(high),                                 \
        .width_dots = DOTS((right) - (left), dpi), .length_dots = LONG((top) - (low), dpi)         \
    }
#define CONTINUOUS(name, wide, left, right, dpi)                                                   \
    {                                                                                              \
        .id = (name), .width_um = UM(wide), .width_dots = DOTS((right) - (left), dpi)              \
    }

// clang-format off
#define LABELS(dpi)                                                          \
    LABEL("30252", 7896,  25200, 432, 432,  7608, 23544, dpi),               \
    LABEL("99010", 7896,  25200, 432, 432,  7608, 23544, dpi),               \
    LABEL("30321", 10128, 25104, 432, 432,  9840, 23496, dpi),               \
    LABEL("99012", 10128, 25104, 432, 432,  9840, 23496, dpi),               \
    LABEL("30323", 15312, 28584, 432, 432, 15024, 27048, dpi),               \
    LABEL("99014", 15312, 28584, 432, 432, 15024, 27048, dpi),               \
    LABEL("30256", 16656, 28800, 408, 432, 16368, 27120, dpi),               \
    LABEL("30334", 16200,  9000, 288, 432, 15912,  8568, dpi),               \
    LABEL("11354", 16200,  9000, 288, 432, 15912,  8568, dpi),               \
    LABEL("11356", 11712, 25200, 408, 432, 11424, 23544, dpi),               \
    LABEL("30336",  7200, 15312, 408, 432,  6912, 14664, dpi),               \
    LABEL("11352",  7200, 15312, 408, 432,  6912, 14664, dpi),               \
    LABEL("30330",  5400, 14400, 408, 432,  5112, 12768, dpi),               \
    LABEL("11355",  5400, 14400, 408, 432,  5112, 12768, dpi),               \
    LABEL("30332",  7200,  7200, 408, 432,  6912,  6480, dpi),               \
    LABEL("11353",  7200,  7200, 408, 432,  6912,  6528, dpi),               \
    LABEL("99019", 16656, 53856, 408, 432, 16368, 52272, dpi),               \
    CONTINUOUS("continuous", 15312, 432, 15024, dpi)
// clang-format on

static const struct atl_media labels_300[] = {LABELS(300)};
static const struct atl_media labels_203[] = {LABELS(203)};

static const struct atl_media labels_wide[] = {
    LABEL("1744907", 29592, 45192, 408, 408, 29208, 43608, 300),
    LABEL("S0904980", 29592, 45192, 408, 408, 29208, 43608, 300),
    CONTINUOUS("continuous-4in", 30768, 408, 30360, 300),
    LABELS(300),
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define MEDIA(table) .media = (table), .media_count = COUNT(table)
#define HEAD_300     .dpi = 300, .width_dots = 672, .columns = 56, MEDIA(labels_300)
#define ASK_NOT      ATL_QUIRK_NO_STATUS | ATL_QUIRK_NO_CUTTER

// clang-format off
static const struct atl_model models[] = {
    {.name = "DYMO LabelWriter 450", .id = "lw-450", HEAD_300,
     .usb_vendor = 0x0922, .usb_product = 0x0020, .quirks = ASK_NOT},
    {.name = "DYMO LabelWriter 450 Turbo", .id = "lw-450-turbo", HEAD_300,
     .usb_vendor = 0x0922, .usb_product = 0x0021, .quirks = ASK_NOT},
    {.name = "DYMO LabelWriter 450 Twin Turbo, left roll", .id = "lw-450-twin-left", HEAD_300,
     .usb_vendor = 0x0922, .usb_product = 0x0022, .quirks = ASK_NOT | ATL_QUIRK_LEFT_ROLL},
    {.name = "DYMO LabelWriter 450 Twin Turbo, right roll", .id = "lw-450-twin-right", HEAD_300,
     .usb_vendor = 0x0922, .usb_product = 0x0022, .quirks = ASK_NOT | ATL_QUIRK_RIGHT_ROLL},
    {.name = "DYMO LabelWriter 400", .id = "lw-400", HEAD_300,
     .usb_vendor = 0x0922, .usb_product = 0x0019, .quirks = ASK_NOT},
    {.name = "DYMO LabelWriter 400 Turbo", .id = "lw-400-turbo", HEAD_300,
     .usb_vendor = 0x0922, .usb_product = 0x001a, .quirks = ASK_NOT},
    {.name = "DYMO LabelWriter 4XL", .id = "lw-4xl", .dpi = 300, .width_dots = 1248,
     .columns = 104, MEDIA(labels_wide),
     .usb_vendor = 0x0922, .usb_product = 0x0025, .quirks = ASK_NOT},
    {.name = "DYMO LabelWriter SE450", .id = "lw-se450", .dpi = 203, .width_dots = 448,
     .columns = 37, MEDIA(labels_203),
     .usb_vendor = 0x0922, .usb_product = 0x0400, .quirks = ASK_NOT},
};
// clang-format on

const struct atl_driver atl_driver_dymo = {
    .name = "dymo",
    .duty = ATL_DUTY_LABEL,
    .proof = ATL_PROOF_TAKEN,
    .models = models,
    .model_count = COUNT(models),
    .encode = dymo_encode,
    .resync = dymo_resync,
    .status = dymo_status,
    .fits = dymo_fits,
};
