// SPDX-License-Identifier: Apache-2.0
// QR symbols. Upper case and digits take the alphanumeric mode by themselves, which makes the
// symbol of a guest's link one version smaller. The one door to libqrencode. [one-thread]
#ifndef ATL_RENDER_QR_H
#define ATL_RENDER_QR_H

#include "plugin/core/error.h"
#include "plugin/render/page.h"

enum {
    ATL_QR_SIDE_MAX = 177,
    ATL_QR_QUIET_MODULES = 4,
    ATL_QR_TEXT_MAX = 2953,
    ATL_QR_MODULE_UM = 500, // of a row that names no size: read by phones and cheap imagers
};

struct atl_qr {
    uint16_t side;   // modules, without the quiet zone
    uint8_t version; // 1..40
    // side rows of side bytes, 1 is dark: as the ABI's receipt has it
    uint8_t modules[ATL_QR_SIDE_MAX * ATL_QR_SIDE_MAX];
};

// level: 'L' 'M' 'Q' 'H'; H is at least version 3. ATL_E_INVALID: empty, too long for a symbol, or
// no such level; *out is then unchanged.
ATL_MUST_USE atl_code atl_qr_make(const char *text, char level, struct atl_qr *out,
                                  struct atl_error *err);

// How many whole dots a module must have to be at least module_um wide (0: ATL_QR_MODULE_UM), when
// symbol and quiet zone fit into width_dots. ATL_E_INVALID, with both sizes in the sentence, when
// they do not: a symbol is never made smaller in silence.
ATL_MUST_USE atl_code atl_qr_fit(const struct atl_qr *qr, uint32_t width_dots, uint32_t dpi,
                                 uint32_t module_um, uint32_t *module_dots, struct atl_error *err);

// Draws the symbol and its quiet zone of white; *out is (side + 8) * module_dots square and the
// caller's to free.
ATL_MUST_USE atl_code atl_qr_draw(const struct atl_qr *qr, uint32_t module_dots,
                                  struct atl_bitmap *out, struct atl_error *err);

#endif
