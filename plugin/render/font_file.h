// SPDX-License-Identifier: Apache-2.0
// Which file an installed font is in, for those who sew its outlines: fontconfig stays in render.
#ifndef ATL_RENDER_FONT_FILE_H
#define ATL_RENDER_FONT_FILE_H

#include "plugin/core/error.h"

#include <stdint.h>

struct atl_font_file {
    char path[256];
    uint32_t index;   // of the face in a collection
    int64_t revision; // of the file, 16.16
};

// ATL_E_NOT_FOUND: "Comfortaa Bold" is not installed; says what would have been taken instead.
// [one-thread]
ATL_MUST_USE atl_code atl_font_file_find(const char *family, struct atl_font_file *out,
                                         struct atl_error *err);

#endif
