// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/print_preview.h"

#include "plugin/agent/config.h"
#include "plugin/render/png.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BYTES_MAX = 8 * 1024 * 1024 };

// Written beside its place and moved there, so that nobody sees half of it. 0600: it shows words.
static atl_code write_file(const char *path, const struct atl_buf *bytes, struct atl_error *err)
{
    char fresh[ATL_CONFIG_PATH_BYTES + 80];
    int fd;

    (void)snprintf(fresh, sizeof fresh, "%s.new", path);
    fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return atl_fail(err, ATL_E_IO, "%s: %s", fresh, strerror(errno));
    if (write(fd, bytes->data, bytes->len) != (ssize_t)bytes->len) {
        (void)atl_fail(err, ATL_E_IO, "%s: %s", fresh, strerror(errno));
        close(fd);
        (void)unlink(fresh);
        return ATL_E_IO;
    }
    close(fd);
    if (rename(fresh, path) != 0)
        return atl_fail(err, ATL_E_IO, "%s: %s", path, strerror(errno));
    return ATL_OK;
}

// The name is made of numbers and codes of ours: 000017-K7F-2A1_2-tag.png.
static void preview_path(const char *folder, const struct atl_job *job, char *out, size_t size)
{
    char code[sizeof job->code];
    char *slash;

    (void)snprintf(code, sizeof code, "%s", job->code);
    while ((slash = strchr(code, '/')))
        *slash = '_';
    (void)snprintf(out, size, "%s/%06lld-%s-%s.png", folder, (long long)job->id, code,
                   atl_document_name(job->document));
}

atl_code atl_print_preview(const struct atl_bitmap *paper, uint32_t dpi, const struct atl_job *job,
                           const char *folder, struct atl_error *err)
{
    char path[ATL_CONFIG_PATH_BYTES + 64];
    struct atl_buf png;
    atl_code rc;

    atl_buf_init(&png, BYTES_MAX);
    rc = atl_png_write_bitmap(paper, dpi, &png, err);
    if (!rc)
        rc = atl_buf_check(&png, err);
    if (!rc) {
        (void)mkdir(folder, 0700); // once is enough; it may be gone
        preview_path(folder, job, path, sizeof path);
        rc = write_file(path, &png, err);
    }
    atl_buf_free(&png);
    return rc;
}
