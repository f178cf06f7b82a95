// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/font_lines.h"

#include <stdlib.h>
#include <string.h>

enum {
    FILE_MAX_BYTES = 4 * 1024 * 1024,
    LINE_MAX_BYTES = 400,
    APOSTROPHE = 0x27,
    RIGHT_QUOTE = 0x2019,
};

atl_code atl_font_fault(const struct atl_font_lines *lines, struct atl_error *err, const char *why)
{
    return atl_fail(err, ATL_E_INVALID, "%s:%u: %s", lines->name, lines->number, why);
}

static atl_code read_line(struct atl_font_lines *lines, const char *line, struct atl_error *err)
{
    if (lines->number == 1 && strcmp(line, lines->first_line) != 0)
        return atl_fail(err, ATL_E_INVALID, "%s:1: the first line must be \"%s\"", lines->name,
                        lines->first_line);
    if (line[0] == '\0' || line[0] == '#')
        return ATL_OK;
    return lines->take(lines->ctx, line, err);
}

atl_code atl_font_lines_read(struct atl_font_lines *lines, const char *text, size_t len,
                             struct atl_error *err)
{
    const char *end = text + len;
    char line[LINE_MAX_BYTES];
    atl_code rc = ATL_OK;

    if (len > FILE_MAX_BYTES)
        return atl_fail(err, ATL_E_INVALID, "%s: is over 4 MiB", lines->name);
    while (text < end && !rc) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        const size_t line_len = (size_t)((stop ? stop : end) - text);

        lines->number++;
        if (line_len >= sizeof line || memchr(text, 0, line_len))
            return atl_font_fault(lines, err, "the line is too long, or holds a NUL");
        memcpy(line, text, line_len);
        line[line_len] = '\0';
        if (line_len && line[line_len - 1] == '\r')
            line[line_len - 1] = '\0';
        rc = read_line(lines, line, err);
        text += line_len + 1;
    }
    return rc;
}

size_t atl_font_lines_count(const char *text, size_t len)
{
    size_t count = 1;

    for (size_t i = 0; i < len; i++)
        count += text[i] == '\n';
    return count;
}

static int by_code_point(const void *key, const void *row)
{
    const uint32_t *a = key;
    uint32_t b;

    memcpy(&b, row, sizeof b);
    return *a < b ? -1 : *a > b;
}

const void *atl_font_row(const void *rows, size_t count, size_t row_bytes, uint32_t code_point)
{
    const uint32_t other = RIGHT_QUOTE + APOSTROPHE - code_point;
    const void *row = count ? bsearch(&code_point, rows, count, row_bytes, by_code_point) : NULL;

    if (!row && count && (code_point == RIGHT_QUOTE || code_point == APOSTROPHE))
        row = bsearch(&other, rows, count, row_bytes, by_code_point);
    return row;
}
