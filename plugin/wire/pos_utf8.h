// SPDX-License-Identifier: Apache-2.0
// Whether bytes are well-formed UTF-8. core/text.c knows more of text, and needs a library for it
// that may not go into the POS.
#ifndef ATL_WIRE_POS_UTF8_H
#define ATL_WIRE_POS_UTF8_H

#include <stdbool.h>
#include <stddef.h>

// Shortest forms only, no surrogates, nothing past U+10FFFF, no NUL. NULL with len 0 is.
bool atl_pos_is_utf8(const char *text, size_t len);

#endif
