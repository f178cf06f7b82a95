// SPDX-License-Identifier: Apache-2.0
// ZPL II label printers. Language, devices and field notes: drivers/zpl/README.md.
#include "drivers/zpl/parts.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define ZEBRA        .usb_vendor = 0x0a5f
#define HEAD_203     .dpi = 203, .width_dots = 832, .columns = 69
#define HEAD_300     .dpi = 300, .width_dots = 1248, .columns = 104
#define HEAD_300_ZD  .dpi = 300, .width_dots = 1280, .columns = 106

// A person says what is built onto the printer: it does not say so itself.
#define TEARS .quirks = ATL_QUIRK_NO_CUTTER
#define PEELS .quirks = ATL_QUIRK_NO_CUTTER | ATL_QUIRK_PEELS
#define MUTE  .quirks = ATL_QUIRK_NO_CUTTER | ATL_QUIRK_NO_STATUS

// clang-format off
static const struct atl_model models[] = {
    {.name = "Generic ZPL 203 dpi", .id = "generic-203", HEAD_203, MUTE},
    {.name = "Generic ZPL 300 dpi", .id = "generic-300", HEAD_300, MUTE},
    {.name = "Zebra GK420", .id = "gk420", HEAD_203, ZEBRA, .usb_product = 0x0080, TEARS},
    {.name = "Zebra GK420 with peeler", .id = "gk420-peel", HEAD_203, ZEBRA,
     .usb_product = 0x0080, PEELS},
    {.name = "Zebra ZD220", .id = "zd220", HEAD_203, ZEBRA, .usb_product = 0x0164, TEARS},
    {.name = "Zebra ZD220 with peeler", .id = "zd220-peel", HEAD_203, ZEBRA,
     .usb_product = 0x0164, PEELS},
    {.name = "Zebra ZD420 family 203 dpi", .id = "zd420", HEAD_203, ZEBRA, TEARS},
    {.name = "Zebra ZD420 family 203 dpi with peeler", .id = "zd420-peel", HEAD_203, ZEBRA, PEELS},
    {.name = "Zebra ZD420 family 203 dpi with cutter", .id = "zd420-cut", HEAD_203, ZEBRA},
    {.name = "Zebra ZD420 family 300 dpi", .id = "zd420-300", HEAD_300_ZD, ZEBRA, TEARS},
    {.name = "Zebra ZD420 family 300 dpi with peeler", .id = "zd420-300-peel", HEAD_300_ZD, ZEBRA,
     PEELS},
    {.name = "Zebra ZD420 family 300 dpi with cutter", .id = "zd420-300-cut", HEAD_300_ZD, ZEBRA},
    {.name = "Zebra ZT200, ZT400 203 dpi", .id = "zt", HEAD_203, ZEBRA, TEARS},
    {.name = "Zebra ZT200, ZT400 203 dpi with peeler", .id = "zt-peel", HEAD_203, ZEBRA, PEELS},
    {.name = "Zebra ZT200, ZT400 203 dpi with cutter", .id = "zt-cut", HEAD_203, ZEBRA},
    {.name = "Zebra ZT200, ZT400 300 dpi", .id = "zt-300", HEAD_300, ZEBRA, TEARS},
    {.name = "Zebra ZT200, ZT400 300 dpi with peeler", .id = "zt-300-peel", HEAD_300, ZEBRA, PEELS},
    {.name = "Zebra ZT200, ZT400 300 dpi with cutter", .id = "zt-300-cut", HEAD_300, ZEBRA},
};
// clang-format on

const struct atl_driver atl_driver_zpl = {
    .name = "zpl",
    .duty = ATL_DUTY_LABEL,
    .proof = ATL_PROOF_IDLE,
    .models = models,
    .model_count = COUNT(models),
    .encode = zpl_encode,
    .resync = zpl_resync,
    .status = zpl_status,
    .fits = zpl_fits,
    .confirm = zpl_confirm,
};
