// SPDX-License-Identifier: Apache-2.0
#include "plugin/print/files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_CAP = 1024 };

atl_code print_file_read(const char *path, struct atl_buf *out, struct atl_error *err)
{
    const int is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "rbe");
    char bytes[4096];
    size_t got;
    int is_bad;

    if (!file)
        return atl_fail(err, errno == ENOENT ? ATL_E_NOT_FOUND : ATL_E_IO, "open %s: %s", path,
                        strerror(errno));
    while ((got = fread(bytes, 1, sizeof bytes, file)) > 0)
        atl_buf_add(out, bytes, got);
    is_bad = ferror(file);
    if (!is_stdin)
        fclose(file);
    if (is_bad)
        return atl_fail(err, ATL_E_IO, "read %s", path);
    if (out->failed)
        return atl_fail(err, ATL_E_INVALID, "%s is larger than %zu KiB", path, out->limit / 1024);
    return ATL_OK;
}

static atl_code write_all(FILE *file, const char *path, const struct atl_buf *bytes,
                          struct atl_error *err)
{
    const size_t put = bytes->len ? fwrite(bytes->data, 1, bytes->len, file) : 0;

    if (put != bytes->len || fflush(file))
        return atl_fail(err, errno == ENOSPC ? ATL_E_FULL : ATL_E_IO, "write %s: %s", path,
                        strerror(errno));
    return ATL_OK;
}

atl_code print_file_write(const char *path, const struct atl_buf *bytes, struct atl_error *err)
{
    char beside[PATH_CAP];
    FILE *file;
    atl_code rc;

    if (strcmp(path, "-") == 0)
        return write_all(stdout, "standard output", bytes, err);
    if ((size_t)snprintf(beside, sizeof beside, "%s.%ld", path, (long)getpid()) >= sizeof beside)
        return atl_fail(err, ATL_E_INVALID, "%.40s…: the path is too long", path);
    file = fopen(beside, "wbe");
    if (!file)
        return atl_fail(err, ATL_E_IO, "write %s: %s%s", path, strerror(errno),
                        errno == ENOENT   ? "; make its folder first"
                        : errno == EACCES ? "; choose a folder that is yours"
                                          : "");
    rc = write_all(file, path, bytes, err);
    if (fclose(file) && !rc)
        rc = atl_fail(err, ATL_E_IO, "write %s: %s", path, strerror(errno));
    if (!rc && rename(beside, path))
        rc = atl_fail(err, ATL_E_IO, "write %s: %s", path, strerror(errno));
    if (rc)
        (void)unlink(beside);
    return rc;
}
