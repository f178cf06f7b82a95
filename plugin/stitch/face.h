// SPDX-License-Identifier: Apache-2.0
// A font face: which glyphs a text takes, where they stand, and their outlines as contours.
// HarfBuzz shapes (kerning, marks, ligatures), FreeType gives the curves. [one-thread]
#ifndef ATL_STITCH_FACE_H
#define ATL_STITCH_FACE_H

#include "plugin/stitch/shape.h"

struct atl_face;

// A font file and the index of a face in it (0, or one of a collection). *out is closed with
// atl_face_close(). ATL_E_IO: cannot be read; ATL_E_UNSUPPORTED: no outlines in it.
ATL_MUST_USE atl_code atl_face_open(const char *path, uint32_t index, struct atl_face **out,
                                    struct atl_error *err);
void atl_face_close(struct atl_face *face); // NULL is fine

// A glyph and where it stands, in the face's units, y up.
struct atl_placed {
    uint32_t glyph;
    uint32_t cluster; // byte of the text that it comes from
    int32_t x, y;
    int32_t pen, advance; // where the pen was before it, and how far it moved
};

struct atl_run {
    struct atl_placed *glyphs; // the arena's
    size_t count;
    int32_t width; // sum of the advances
};

// text: NFC, one line. ATL_E_INVALID names the letter that the face lacks: it is never dropped.
// A face without U+2019 takes the plain apostrophe.
ATL_MUST_USE atl_code atl_face_shape(struct atl_face *face, const char *text,
                                     struct atl_arena *arena, struct atl_run *out,
                                     struct atl_error *err);

// Height of the capitals in the face's units; > 0.
double atl_face_cap_height(const struct atl_face *face);

// Adds the contours of a glyph: scaled, moved to `at`, curves flattened to `tolerance` mm.
ATL_MUST_USE atl_code atl_face_outline(struct atl_face *face, uint32_t glyph, double scale,
                                       struct atl_vec at, struct atl_contours *out,
                                       struct atl_error *err);

#endif
