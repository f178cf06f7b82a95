// SPDX-License-Identifier: Apache-2.0
// What the files about fonts have in common (font.h, font_sewn.h): lines of text behind a first
// line that says which kind of file it is, and rows that are found by their code point.
#ifndef ATL_CORE_FONT_LINES_H
#define ATL_CORE_FONT_LINES_H

#include "plugin/core/error.h"

#include <stddef.h>
#include <stdint.h>

struct atl_font_lines {
    const char *name;       // of the file, for errors
    const char *first_line; // that it must begin with
    unsigned number;        // of the line in hand, from 1
    // Takes one line that says something, without its end: neither empty nor a comment.
    atl_code (*take)(void *ctx, const char *line, struct atl_error *err);
    void *ctx;
};

// "NAME:LINE: why", ATL_E_INVALID.
atl_code atl_font_fault(const struct atl_font_lines *lines, struct atl_error *err, const char *why);

// Hands all lines over, until one is refused. ATL_E_INVALID: too large, a line too long or with a
// NUL, another first line. [any-thread]
ATL_MUST_USE atl_code atl_font_lines_read(struct atl_font_lines *lines, const char *text,
                                          size_t len, struct atl_error *err);

// At most so many rows can be in it.
size_t atl_font_lines_count(const char *text, size_t len);

// Rows ascend by the code point that each of them begins with (a uint32_t). Apostrophe and right
// quote stand in for each other where a font has only one: nobody sees it. NULL: neither is there.
const void *atl_font_row(const void *rows, size_t count, size_t row_bytes, uint32_t code_point);

#endif
