// SPDX-License-Identifier: Apache-2.0
#include "drivers/embroidery/text_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

bool text_line_next(struct text_lines *lines, const char *name, char *out, size_t size,
                    atl_code *rc, struct atl_error *err)
{
    while (lines->at < lines->len) {
        const char *from = lines->text + lines->at;
        const char *end = memchr(from, '\n', lines->len - lines->at);
        size_t len = end ? (size_t)(end - from) : lines->len - lines->at;

        lines->at += len + 1;
        lines->number++;
        for (; len && is_blank(*from); len--)
            from++;
        while (len && is_blank(from[len - 1]))
            len--;
        if (!len || *from == '#')
            continue;
        if (len >= size || memchr(from, 0, len)) {
            *rc = atl_fail(err, ATL_E_INVALID, "%s:%u: the line is too long or no text", name,
                           lines->number);
            return false;
        }
        memcpy(out, from, len);
        out[len] = 0;
        return true;
    }
    return false;
}

atl_code text_file_read(const char *path, size_t most, char **text, size_t *len,
                        struct atl_error *err)
{
    FILE *file = fopen(path, "re");
    char *bytes = malloc(most + 1);
    atl_code rc = ATL_OK;

    if (!file)
        rc = atl_fail(err, errno == ENOENT ? ATL_E_NOT_FOUND : ATL_E_IO, "open %s: %s", path,
                      strerror(errno));
    else if (!bytes)
        rc = atl_fail(err, ATL_E_NOMEM, "out of memory for %s", path);
    if (!rc) {
        *len = fread(bytes, 1, most + 1, file);
        if (ferror(file))
            rc = atl_fail(err, ATL_E_IO, "read %s: %s", path, strerror(errno));
        else if (*len > most)
            rc = atl_fail(err, ATL_E_INVALID, "%s has more than %zu bytes", path, most);
    }
    if (file)
        fclose(file);
    if (rc) {
        free(bytes);
        return rc;
    }
    *text = bytes; // now owned by the caller
    return ATL_OK;
}

const char *text_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

bool text_number(const char *text, long low, long high, long *out)
{
    char *end;
    long value;

    if (!*text || strspn(text, "0123456789") != strlen(text) || strlen(text) > 9)
        return false;
    value = strtol(text, &end, 10);
    if (value < low || value > high)
        return false;
    *out = value;
    return true;
}
