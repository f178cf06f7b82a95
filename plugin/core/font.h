// SPDX-License-Identifier: Apache-2.0
// Facts of a font, as data: which letters it has and how wide they are. With them the rules can
// refuse what cannot be made without a font library beside them.
//
//   # atelier font facts 1
//   family Comfortaa Bold
//   units 1000
//   cap_height 700
//   glyph 41 698
//   …                       one line a code point, hexadecimal, ascending; then the advance
//
// Other lines that begin with # are comments. The advance is in `units` an em.
#ifndef ATL_CORE_FONT_H
#define ATL_CORE_FONT_H

#include "plugin/core/arena.h"
#include "plugin/core/font_sewn.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct atl_glyph {
    uint32_t code_point;
    uint32_t advance;
};

// Everything it points to belongs to the arena that atl_font_parse() was given.
struct atl_font {
    const char *id;     // the catalogue's name for it, "comfortaa"; NULL when parsed alone
    const char *family; // as fontconfig knows it: "Comfortaa Bold"
    uint32_t units;     // an em, 16..65536
    uint32_t cap_height;
    const struct atl_glyph *glyphs; // ascending by code point
    size_t glyph_count;
    const struct atl_font_sewn *sewn; // which may be sewn at which height; NULL: nobody judged it
};

// name stands in errors ("fonts/comfortaa.font:12: …"). Text of at most 4 MiB.
ATL_MUST_USE atl_code atl_font_parse(const char *name, const char *text, size_t len,
                                     struct atl_arena *arena, struct atl_font *out,
                                     struct atl_error *err);

bool atl_font_has(const struct atl_font *font, uint32_t code_point);

// The first code point of the text that the font lacks; 0 when it has all of them. Spaces count;
// a font without U+2019 still has it when it has the plain apostrophe, because the layout folds it.
uint32_t atl_font_lacks(const struct atl_font *font, const char *text);

// How wide the text is when its capitals are cap_um high: the sum of advances, without kerning.
// Letters that the font lacks count as one em. Saturates at INT32_MAX.
int32_t atl_font_width_um(const struct atl_font *font, const char *text, int32_t cap_um);

#endif
