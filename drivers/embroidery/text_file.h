// SPDX-License-Identifier: Apache-2.0
// Small text files of lines: machine profiles and thread charts.
#ifndef ATL_DRIVERS_EMBROIDERY_TEXT_FILE_H
#define ATL_DRIVERS_EMBROIDERY_TEXT_FILE_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>

struct text_lines {
    const char *text;
    size_t len;
    size_t at;
    unsigned number; // of the line in hand
};

// The next line that says something (not empty, no '#' first), copied without spaces at its ends.
// False: there is none. A line that does not fit fails with ATL_E_INVALID in *rc.
bool text_line_next(struct text_lines *lines, const char *name, char *out, size_t size,
                    atl_code *rc, struct atl_error *err);

// Reads a whole file of at most `most` bytes; *text is the caller's to free.
ATL_MUST_USE atl_code text_file_read(const char *path, size_t most, char **text, size_t *len,
                                     struct atl_error *err);

// What stands behind the last '/'.
const char *text_file_name(const char *path);

// A whole number of digits only, low..high.
bool text_number(const char *text, long low, long high, long *out);

#endif
