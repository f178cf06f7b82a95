// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/qr.h"

#include "plugin/render/bitmap.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

enum { UM_PER_INCH = 25400 };

// Who asks for H wants a symbol that bears a hole. The two smallest ones do not: a hole of six
// modules is a fifth of the first, and readers lose the second with its only alignment pattern.
static const struct level {
    char name;
    QRecLevel level;
    int least_version;
} levels[] = {
    {'L', QR_ECLEVEL_L, 0},
    {'M', QR_ECLEVEL_M, 0},
    {'Q', QR_ECLEVEL_Q, 0},
    {'H', QR_ECLEVEL_H, 3},
};

static const struct level *level_find(char name)
{
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        if (levels[i].name == name)
            return &levels[i];
    }
    return NULL;
}

atl_code atl_qr_make(const char *text, char level, struct atl_qr *out, struct atl_error *err)
{
    const struct level *found = level_find(level);
    size_t len = text ? strlen(text) : 0;
    QRcode *code;

    if (!found)
        return atl_fail(err, ATL_E_INVALID, "a QR symbol has level L, M, Q or H");
    if (!len)
        return atl_fail(err, ATL_E_INVALID, "a QR symbol of nothing");
    // Splits the text into alphanumeric and byte parts so that the symbol is smallest.
    code = len <= ATL_QR_TEXT_MAX
               ? QRcode_encodeString(text, found->least_version, found->level, QR_MODE_8, 1)
               : NULL;
    if (!code && len <= ATL_QR_TEXT_MAX && errno == ENOMEM)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a QR symbol");
    if (!code)
        return atl_fail(err, ATL_E_INVALID, "%zu bytes are too many for a QR symbol of level %c",
                        len, level);
    out->side = (uint16_t)code->width;
    out->version = (uint8_t)code->version;
    for (size_t i = 0; i < (size_t)code->width * (size_t)code->width; i++)
        out->modules[i] = code->data[i] & 1;
    QRcode_free(code);
    return ATL_OK;
}

static uint32_t mm10(uint32_t dots, uint32_t dpi)
{
    return (dots * 254u + dpi / 2) / dpi;
}

atl_code atl_qr_fit(const struct atl_qr *qr, uint32_t width_dots, uint32_t dpi, uint32_t module_um,
                    uint32_t *module_dots, struct atl_error *err)
{
    uint64_t um = module_um ? module_um : ATL_QR_MODULE_UM;
    uint32_t side = qr->side + 2u * ATL_QR_QUIET_MODULES;
    uint64_t dots;

    if (!dpi || um > UM_PER_INCH)
        return atl_fail(err, ATL_E_INVALID, "a QR module of %u um at %u dpi", module_um, dpi);
    // "203 dpi" is 8 dots/mm, 203.2: a hundredth of tolerance, or 0.5 mm would become 5 dots.
    dots = (um * dpi - um * dpi / 100 + UM_PER_INCH - 1) / UM_PER_INCH;
    if (dots * side > width_dots)
        return atl_fail(err, ATL_E_INVALID,
                        "the QR symbol is %u.%u mm wide with modules of %u.%02u mm, the paper has "
                        "%u.%u mm: smaller modules or a shorter text",
                        mm10((uint32_t)dots * side, dpi) / 10,
                        mm10((uint32_t)dots * side, dpi) % 10, (unsigned)um / 1000,
                        (unsigned)um % 1000 / 10, mm10(width_dots, dpi) / 10,
                        mm10(width_dots, dpi) % 10);
    *module_dots = (uint32_t)dots;
    return ATL_OK;
}

atl_code atl_qr_draw(const struct atl_qr *qr, uint32_t module_dots, struct atl_bitmap *out,
                     struct atl_error *err)
{
    uint32_t side = (qr->side + 2u * ATL_QR_QUIET_MODULES) * module_dots;
    struct atl_bitmap made = {0};
    atl_code rc = atl_bitmap_init(&made, side, side, err);

    if (rc)
        return rc;
    for (uint32_t y = 0; y < qr->side; y++) {
        uint32_t top = (y + ATL_QR_QUIET_MODULES) * module_dots;

        for (uint32_t x = 0; x < qr->side; x++) {
            if (qr->modules[y * qr->side + x])
                atl_bitmap_fill(&made, (x + ATL_QR_QUIET_MODULES) * module_dots, top, module_dots,
                                1);
        }
        for (uint32_t i = 1; i < module_dots; i++)
            memcpy(made.bits + (size_t)(top + i) * made.row_bytes,
                   made.bits + (size_t)top * made.row_bytes, made.row_bytes);
    }
    *out = made;
    return ATL_OK;
}
