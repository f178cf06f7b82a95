// SPDX-License-Identifier: Apache-2.0
// The installed font that was asked for, and no other. Of proof.c, font_facts.c and font_file.c
// only.
#ifndef ATL_RENDER_PROOF_FONT_H
#define ATL_RENDER_PROOF_FONT_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stdint.h>

#include <ft2build.h>
#include FT_FREETYPE_H

struct proof_font {
    FT_Library library;
    FT_Face face;
    char family[96];   // as asked for, tidied: "Comfortaa Bold"
    char file[64];     // its name without the folder
    char path[256];    // with it
    uint32_t index;    // of the face in its file
    int32_t units;     // an em
    int32_t cap_units; // height of a capital
    int64_t revision;  // of the font's file, 16.16
};

// ATL_E_NOT_FOUND: not installed; says what would have been taken instead. On success *out is
// ended with proof_font_close().
ATL_MUST_USE atl_code proof_font_open(const char *family, struct proof_font *out,
                                      struct atl_error *err);
void proof_font_close(struct proof_font *font); // zeroed is fine

bool proof_font_has(const struct proof_font *font, uint32_t code_point);

#endif
