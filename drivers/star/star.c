// SPDX-License-Identifier: Apache-2.0
// Star receipt printers. Language, devices and field notes: drivers/star/README.md.
#include "drivers/star/parts.h"

// Numbers of ESC GS t, from the maker's table; other than Epson's.
static const struct atl_code_page star_pages[] = {
    {1,  "PC437"  },
    {32, "WPC1252"},
    {4,  "PC858"  },
    {5,  "PC852"  },
    {6,  "PC860"  },
    {8,  "PC863"  },
    {9,  "PC865"  },
    {10, "PC866"  },
    {15, "PC737"  },
    {34, "WPC1251"},
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define LETTERS      .code_pages = star_pages, .code_page_count = COUNT(star_pages)
#define RASTER       .dpi = 203, .band_rows = 1
#define LINE         .dpi = 203, .band_rows = STAR_BAND_ROWS, LETTERS
#define PRNT         .dpi = 203, .band_rows = 128, LETTERS

// clang-format off
static const struct atl_model models[] = {
    {.name = "Star, any, 80 mm", .id = "raster-80", RASTER, .width_dots = 576,
     .quirks = STAR_QUIRK_RASTER | ATL_QUIRK_NO_STATUS},
    {.name = "Star, any, 58 mm", .id = "raster-58", RASTER, .width_dots = 384,
     .quirks = STAR_QUIRK_RASTER | ATL_QUIRK_NO_STATUS},
    {.name = "Star TSP100", .id = "tsp100", .usb_vendor = 0x0519, .usb_product = 0x0003, RASTER,
     .width_dots = 576, .quirks = STAR_QUIRK_RASTER | ATL_QUIRK_NAMES_JOBS},
    {.name = "Star TSP650II", .id = "tsp650ii", .usb_vendor = 0x0519, .usb_product = 0x0001, LINE,
     .width_dots = 576, .columns = 48},
    {.name = "Star TSP700II", .id = "tsp700ii", .usb_vendor = 0x0519, .usb_product = 0x0001, LINE,
     .width_dots = 576, .columns = 48},
    {.name = "Star TSP800II", .id = "tsp800ii", .usb_vendor = 0x0519, .usb_product = 0x0001, LINE,
     .width_dots = 832, .columns = 69},
    {.name = "Star mC-Print2", .id = "mc-print2", PRNT, .width_dots = 384, .columns = 32,
     .quirks = STAR_QUIRK_PRNT | ATL_QUIRK_NAMES_JOBS},
    {.name = "Star mC-Print3", .id = "mc-print3", PRNT, .width_dots = 576, .columns = 48,
     .quirks = STAR_QUIRK_PRNT | ATL_QUIRK_NAMES_JOBS},
    {.name = "Star mPOP", .id = "mpop", PRNT, .width_dots = 384, .columns = 32,
     .quirks = STAR_QUIRK_PRNT | ATL_QUIRK_NAMES_JOBS},
};
// clang-format on

const struct atl_driver atl_driver_star = {
    .name = "star",
    .duty = ATL_DUTY_TICKET,
    .proof = ATL_PROOF_FINISHED,
    .models = models,
    .model_count = COUNT(models),
    .encode = star_encode,
    .resync = star_resync,
    .status = star_status,
    .confirm = star_confirm,
};
