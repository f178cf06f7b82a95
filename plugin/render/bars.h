// SPDX-License-Identifier: Apache-2.0
// Bar codes of one dimension, as widths of bars and gaps. Code 128 is written in the fewest symbols
// that its three sets allow; EAN-13 computes or verifies its check digit. [any-thread]
#ifndef ATL_RENDER_BARS_H
#define ATL_RENDER_BARS_H

#include "plugin/core/error.h"
#include "plugin/render/page.h"

enum {
    ATL_BARS_TEXT_MAX = 48, // Code 128; longer ones are wider than any paper
    ATL_BARS_WIDTHS_MAX = 6 * (2 * ATL_BARS_TEXT_MAX + 4) + 1,
    ATL_BARS_MODULE_UM = 330, // of a row that names no size: the nominal size of EAN-13
    ATL_BARS_HEIGHT_UM = 10000,
};

struct atl_bars_code {
    enum atl_bars kind;
    char text[ATL_BARS_TEXT_MAX + 1]; // as it is read: EAN-13 always has its 13 digits
    uint16_t modules;                 // of all bars and gaps, without the quiet zones
    uint16_t quiet_left;              // modules of white that have to stand beside it
    uint16_t quiet_right;
    uint16_t count;
    uint8_t widths[ATL_BARS_WIDTHS_MAX]; // bar, gap, bar … in modules
};

// ATL_E_INVALID, in words: empty, too long, letters that the code does not have, a check digit that
// is wrong and what it should be; *out is then unchanged.
ATL_MUST_USE atl_code atl_bars_make(enum atl_bars kind, const char *text, struct atl_bars_code *out,
                                    struct atl_error *err);

// How many whole dots a module must have to be at least module_um wide (0: ATL_BARS_MODULE_UM),
// when code and quiet zones fit into width_dots. ATL_E_INVALID, with both sizes, when they do not:
// a code is never made smaller in silence.
ATL_MUST_USE atl_code atl_bars_fit(const struct atl_bars_code *code, uint32_t width_dots,
                                   uint32_t dpi, uint32_t module_um, uint32_t *module_dots,
                                   struct atl_error *err);

// Draws bars and quiet zones, height_dots high; *out is the caller's to free.
ATL_MUST_USE atl_code atl_bars_draw(const struct atl_bars_code *code, uint32_t module_dots,
                                    uint32_t height_dots, struct atl_bitmap *out,
                                    struct atl_error *err);

#endif
