// SPDX-License-Identifier: Apache-2.0
// ESC/POS receipt printers. Language, devices and field notes: drivers/escpos/README.md.
#include "drivers/escpos/parts.h"

// Numbers of current Epson models; older ones and other brands differ.
static const struct atl_code_page epson_pages[] = {
    {0,  "PC437"     },
    {19, "PC858"     },
    {16, "WPC1252"   },
    {2,  "PC850"     },
    {18, "PC852"     },
    {3,  "PC860"     },
    {4,  "PC863"     },
    {5,  "PC865"     },
    {17, "PC866"     },
    {14, "PC737"     },
    {39, "ISO8859-2" },
    {40, "ISO8859-15"},
    {46, "WPC1251"   },
    {47, "WPC1253"   },
};

// The two whose numbers all brands share as far as is known. Any other line is drawn, which is
// always right.
static const struct atl_code_page common_pages[] = {
    {0, "PC437"},
    {2, "PC850"},
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

// clang-format off
static const struct atl_model models[] = {
    {.name = "Generic 80 mm", .id = "generic-80", .dpi = 203, .width_dots = 576, .columns = 48,
     .band_rows = 128, .code_pages = common_pages, .code_page_count = COUNT(common_pages),
     .quirks = ATL_QUIRK_NO_STATUS},
    {.name = "Generic 58 mm", .id = "generic-58", .dpi = 203, .width_dots = 384, .columns = 32,
     .band_rows = 128, .code_pages = common_pages, .code_page_count = COUNT(common_pages),
     .quirks = ATL_QUIRK_NO_STATUS | ATL_QUIRK_NO_CUTTER},
    {.name = "Epson TM-T20", .id = "tm-t20", .dpi = 203, .width_dots = 576, .columns = 48,
     .usb_vendor = 0x04b8, .usb_product = 0x0e03, .band_rows = 128,
     .code_pages = epson_pages, .code_page_count = COUNT(epson_pages)},
    {.name = "Epson TM-T88", .id = "tm-t88", .dpi = 180, .width_dots = 512, .columns = 42,
     .usb_vendor = 0x04b8, .usb_product = 0x0202, .band_rows = 128,
     .code_pages = epson_pages, .code_page_count = COUNT(epson_pages)},
    {.name = "Epson TM-T88V or later", .id = "tm-t88v", .dpi = 180, .width_dots = 512,
     .columns = 42, .usb_vendor = 0x04b8, .usb_product = 0x0202, .band_rows = 128,
     .code_pages = epson_pages, .code_page_count = COUNT(epson_pages),
     .quirks = ATL_QUIRK_NAMES_JOBS},
};
// clang-format on

const struct atl_driver atl_driver_escpos = {
    .name = "escpos",
    .duty = ATL_DUTY_TICKET,
    .proof = ATL_PROOF_FINISHED,
    .models = models,
    .model_count = COUNT(models),
    .encode = escpos_encode,
    .resync = escpos_resync,
    .status = escpos_status,
    .confirm = escpos_confirm,
};
