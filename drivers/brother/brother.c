// SPDX-License-Identifier: Apache-2.0
// Brother's printers of labels (QL) and tape (PT). Language, devices and field notes:
// drivers/brother/README.md.
#include "drivers/brother/parts.h"

// clang-format off
// Each label with its edges; what is printed of it, and where that begins on the head: a row goes
// out mirrored, so offset_dots counts from the paper's right edge.
#define ROLL(name, mm, dots, offset)                                                               \
    {.id = (name), .width_um = (mm) * 1000, .width_dots = (dots), .offset_dots = (offset)}
#define LABEL(name, mm, long_mm, dots, long_dots, offset)                                          \
    {.id = (name), .width_um = (mm) * 1000, .length_um = (long_mm) * 1000, .width_dots = (dots),   \
     .length_dots = (long_dots), .offset_dots = (offset)}

// The first one of 62 mm is the plain one: "62red" is taken only where it is asked for.
#define NARROW_MEDIA(shift)                                                                        \
    ROLL("62", 62, 696, 12 + (shift)),                                                             \
    ROLL("12", 12, 106, 29 + (shift)),                                                             \
    ROLL("29", 29, 306, 6 + (shift)),                                                              \
    ROLL("38", 38, 413, 12 + (shift)),                                                             \
    ROLL("50", 50, 554, 12 + (shift)),                                                             \
    ROLL("54", 54, 590, 0 + (shift)),                                                              \
    LABEL("62x29", 62, 29, 696, 271, 12 + (shift)),                                                \
    LABEL("62x100", 62, 100, 696, 1109, 12 + (shift)),                                             \
    LABEL("17x54", 17, 54, 165, 566, 0 + (shift)),                                                 \
    LABEL("17x87", 17, 87, 165, 956, 0 + (shift)),                                                 \
    LABEL("23x23", 23, 23, 202, 202, 42 + (shift)),                                                \
    LABEL("29x42", 29, 42, 306, 425, 6 + (shift)),                                                 \
    LABEL("29x90", 29, 90, 306, 991, 6 + (shift)),                                                 \
    LABEL("38x90", 38, 90, 413, 991, 12 + (shift)),                                                \
    LABEL("39x48", 39, 48, 425, 495, 6 + (shift)),                                                 \
    LABEL("52x29", 52, 29, 578, 271, 0 + (shift)),                                                 \
    LABEL("d12", 12, 12, 94, 94, 113 + (shift)),                                                   \
    LABEL("d24", 24, 24, 236, 236, 42 + (shift)),                                                  \
    LABEL("d58", 58, 58, 618, 618, 51 + (shift))

static const struct atl_media narrow_media[] = {
    NARROW_MEDIA(0),
};

static const struct atl_media red_media[] = {
    NARROW_MEDIA(0),
    ROLL("62red", 62, 696, 12),
};

// The head of 1296 pins begins 44 pins further to the right.
static const struct atl_media wide_media[] = {
    ROLL("102", 102, 1164, 12 + 44),
    LABEL("102x51", 102, 51, 1164, 526, 12 + 44),
    LABEL("102x152", 102, 152, 1164, 1660, 12 + 44),
    NARROW_MEDIA(44),
};

// Tape is in the middle of the head. Its width is a name: 3.5 mm is said as 4.
static const struct atl_media tape_media[] = {
    ROLL("12", 12, 70, 29),
    ROLL("24", 24, 128, 0),
    ROLL("18", 18, 112, 8),
    ROLL("9", 9, 50, 39),
    ROLL("6", 6, 32, 48),
    ROLL("3.5", 4, 24, 52),
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define QL(product, words, word)                                                                   \
    .usb_vendor = 0x04f9, .usb_product = (product), .name = "Brother " words, .id = (word),        \
    .dpi = 300, .columns = 39, .band_rows = 1
#define NARROW .width_dots = 696, .media = narrow_media, .media_count = COUNT(narrow_media)
#define RED    .width_dots = 696, .media = red_media, .media_count = COUNT(red_media)
#define WIDE   .width_dots = 1164, .media = wide_media, .media_count = COUNT(wide_media)
#define PT(product, words, word)                                                                   \
    .usb_vendor = 0x04f9, .usb_product = (product), .name = "Brother " words, .id = (word),        \
    .dpi = 180, .columns = 10, .band_rows = 1, .width_dots = 128, .media = tape_media,             \
    .media_count = COUNT(tape_media)

#define OLD      (BROTHER_QUIRK_LONG_ONLY)
#define MODERN   (BROTHER_QUIRK_MODES | BROTHER_QUIRK_PACKS)
#define TAPE     (BROTHER_QUIRK_TAPE | MODERN)
#define NO_WORD  (ATL_QUIRK_NO_STATUS)
#define BROAD    (BROTHER_QUIRK_WIDE | MODERN)
#define TWO_INKS (BROTHER_QUIRK_TWO_INKS)

static const struct atl_model models[] = {
    {QL(0x2042, "QL-700", "ql-700"), NARROW, .quirks = 0},
    {QL(0x2015, "QL-500", "ql-500"), NARROW, .quirks = OLD | ATL_QUIRK_NO_CUTTER},
    {QL(0x2016, "QL-550", "ql-550"), NARROW, .quirks = OLD},
    {QL(0x2027, "QL-560", "ql-560"), NARROW, .quirks = OLD},
    {QL(0x2028, "QL-570", "ql-570"), NARROW, .quirks = 0},
    {QL(0x2029, "QL-580N", "ql-580n"), NARROW, .quirks = MODERN},
    {QL(0x201b, "QL-650TD", "ql-650td"), NARROW, .quirks = OLD | MODERN},
    {QL(0x2043, "QL-710W", "ql-710w"), NARROW, .quirks = MODERN},
    {QL(0x2044, "QL-720NW", "ql-720nw"), NARROW, .quirks = MODERN},
    {QL(0x209b, "QL-800", "ql-800"), RED, .quirks = BROTHER_QUIRK_MODES | TWO_INKS},
    {QL(0x209c, "QL-810W", "ql-810w"), RED, .quirks = MODERN | TWO_INKS},
    {QL(0x209d, "QL-820NWB", "ql-820nwb"), RED, .quirks = MODERN | TWO_INKS},
    {QL(0x2020, "QL-1050", "ql-1050"), WIDE, .quirks = OLD | BROAD},
    {QL(0x202a, "QL-1060N", "ql-1060n"), WIDE, .quirks = OLD | BROAD},
    {QL(0x20a7, "QL-1100", "ql-1100"), WIDE, .quirks = BROAD},
    {QL(0x20a8, "QL-1110NWB", "ql-1110nwb"), WIDE, .quirks = BROAD},
    {QL(0x20ab, "QL-1115NWB", "ql-1115nwb"), WIDE, .quirks = BROAD},
    {PT(0x2061, "PT-P700", "pt-p700"), .quirks = TAPE},
    {PT(0x2062, "PT-P750W", "pt-p750w"), .quirks = TAPE},
    {PT(0x20af, "PT-P710BT", "pt-p710bt"), .quirks = TAPE},
    {PT(0x205e, "PT-H500", "pt-h500"), .quirks = TAPE},
    {PT(0x205f, "PT-E500", "pt-e500"), .quirks = TAPE},
    {PT(0x2060, "PT-E550W", "pt-e550w"), .quirks = TAPE},
    // On the network they take the same bytes, and never say a word about them.
    {QL(0, "QL-710W on the network", "ql-710w-net"), NARROW, .quirks = MODERN | NO_WORD},
    {QL(0, "QL-720NW on the network", "ql-720nw-net"), NARROW, .quirks = MODERN | NO_WORD},
    {QL(0, "QL-810W on the network", "ql-810w-net"), RED, .quirks = MODERN | TWO_INKS | NO_WORD},
    {QL(0, "QL-820NWB on the network", "ql-820nwb-net"), RED,
     .quirks = MODERN | TWO_INKS | NO_WORD},
    {QL(0, "QL-1110NWB on the network", "ql-1110nwb-net"), WIDE, .quirks = BROAD | NO_WORD},
    {PT(0, "PT-P750W on the network", "pt-p750w-net"), .quirks = TAPE | NO_WORD},
};
// clang-format on

struct brother_head brother_head_of(const struct atl_model *model)
{
    const bool is_wide = model->quirks & BROTHER_QUIRK_WIDE;

    if (model->quirks & BROTHER_QUIRK_TAPE)
        return (struct brother_head){.row_bytes = 16,
                                     .invalidate_bytes = 100,
                                     .margin_dots = 14,
                                     .rows_min = 31,
                                     .rows_max = 7086};
    return (struct brother_head){
        .row_bytes = is_wide ? BROTHER_ROW_BYTES_MAX : 90,
        .invalidate_bytes = model->quirks & BROTHER_QUIRK_MODES ? 400 : 200,
        .margin_dots = 35,
        .rows_min = model->quirks & BROTHER_QUIRK_LONG_ONLY ? 295 : 150,
        .rows_max = is_wide ? 35433 : 11811,
    };
}

const struct atl_driver atl_driver_brother = {
    .name = "brother",
    .duty = ATL_DUTY_LABEL,
    .proof = ATL_PROOF_IDLE,
    .models = models,
    .model_count = COUNT(models),
    .encode = brother_encode,
    .resync = brother_resync,
    .status = brother_status,
    .fits = brother_fits,
    .confirm = brother_confirm,
};
