// SPDX-License-Identifier: Apache-2.0
// Which letters of a font may be sewn at which height, as data: what tests/stitch/qualify.py
// measured. With it a till can refuse what would not come out well.
//
//   # atelier font qualification 1
//   family Comfortaa Bold          the same as in the facts
//   heights_um 6000 8000 15000     ascending, at most ATL_FONT_HEIGHTS_MAX
//   unjudged_um 15000              letters without a line: from this height on
//   glyph 41 -++ # A               code point; good or not at each height
//   …                              ascending; what follows # is for people
#ifndef ATL_CORE_FONT_SEWN_H
#define ATL_CORE_FONT_SEWN_H

#include "plugin/core/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ATL_FONT_HEIGHTS_MAX = 8 };

struct atl_sewn_glyph {
    uint32_t code_point;
    uint32_t good; // a bit for each height, the lowest first
};

// Everything it points to belongs to the arena that atl_font_sewn_parse() was given.
struct atl_font_sewn {
    const char *family;
    int32_t heights_um[ATL_FONT_HEIGHTS_MAX];
    size_t height_count;
    int32_t unjudged_um;
    const struct atl_sewn_glyph *glyphs; // ascending by code point
    size_t glyph_count;
};

// name stands in errors ("fonts/comfortaa.qualified:12: …"). Text of at most 4 MiB.
ATL_MUST_USE atl_code atl_font_sewn_parse(const char *name, const char *text, size_t len,
                                          struct atl_arena *arena, struct atl_font_sewn *out,
                                          struct atl_error *err);

// The first letter of the text that may not be sewn with capitals so high; 0: all may. Between two
// heights that were judged, what holds at the lower one; below the lowest, none. Spaces are always
// good. sewn NULL: nobody judged the font, and all are.
uint32_t atl_font_sewn_lacks(const struct atl_font_sewn *sewn, const char *text, int32_t cap_um);

#endif
