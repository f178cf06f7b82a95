// SPDX-License-Identifier: Apache-2.0
// Facts of an installed font, written as the text that core/font.h reads: which letters it has and
// how wide each is. Made once when a font enters a catalogue, and compared with the installed font
// by the doctor. [one-thread]
#ifndef ATL_RENDER_FONT_FACTS_H
#define ATL_RENDER_FONT_FACTS_H

#include "plugin/core/buf.h"

#include <stdbool.h>

// `family` is a family and perhaps a style: "Comfortaa Bold". ATL_OK when exactly that is
// installed; ATL_E_NOT_FOUND with what fontconfig would have taken instead, and the cure.
ATL_MUST_USE atl_code atl_font_installed(const char *family, struct atl_error *err);

// Appends the facts of that font. ATL_E_NOT_FOUND as above.
ATL_MUST_USE atl_code atl_font_facts_write(const char *family, struct atl_buf *out,
                                           struct atl_error *err);

#endif
