// SPDX-License-Identifier: Apache-2.0
// A file, a FIFO or a device node that takes bytes. It proves nothing: nobody answers.
#include "drivers/link.h"
#include "drivers/link/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct file_link {
    struct atl_link base;
    int fd;
    char path[200]; // for sentences
};

static atl_code fail_to_open(const char *path, int why, struct atl_error *err)
{
    switch (why) {
    case ENOENT:
        return atl_fail(err, ATL_E_NOT_FOUND, "%s: its folder is not there: make it", path);
    case ENXIO:
        return atl_fail(err, ATL_E_IO, "%s: nobody reads from it: start what does", path);
    case EACCES:
    case EPERM:
    case EROFS:
        return atl_fail(err, ATL_E_IO, "%s: no right to write there: see its owner and mode", path);
    case EISDIR:
        return atl_fail(err, ATL_E_INVALID, "%s: is a folder: name a file", path);
    case EBUSY:
        return atl_fail(err, ATL_E_BUSY, "%s: another program holds it: end that one", path);
    default:
        return atl_fail(err, ATL_E_IO, "open %s: %s", path, strerror(why));
    }
}

static atl_code fail_to_write(const struct file_link *self, int why, struct atl_error *err)
{
    switch (why) {
    case ENOSPC:
    case EDQUOT:
        return atl_fail(err, ATL_E_FULL, "%s: the disk is full: make room", self->path);
    case EPIPE:
        return atl_fail(err, ATL_E_IO, "%s: its reader has gone: start it again", self->path);
    default:
        return atl_fail(err, ATL_E_IO, "write %s: %s", self->path, strerror(why));
    }
}

static atl_code file_write(struct atl_link *link, const void *bytes, size_t len,
                           unsigned timeout_ms, struct atl_error *err)
{
    struct file_link *self = (struct file_link *)link;
    const char *at = bytes;

    while (len) {
        ssize_t n = write(self->fd, at, len);

        if (n >= 0) {
            at += n;
            len -= (size_t)n;
            link->accepted_bytes += (uint64_t)n;
        } else if (errno == EAGAIN) {
            if (!link_wait(self->fd, POLLOUT, link_now_ms() + timeout_ms))
                return atl_fail(err, ATL_E_TIMEOUT, "%s: took nothing for %u ms, %zu bytes left",
                                self->path, timeout_ms, len);
        } else if (errno != EINTR) {
            return fail_to_write(self, errno, err);
        }
    }
    return ATL_OK;
}

static void file_close(struct atl_link *link)
{
    struct file_link *self = (struct file_link *)link;

    close(self->fd);
    free(self);
}

static const struct atl_link_ops file_ops = {
    .scheme = "file",
    .write = file_write,
    .close = file_close,
};

atl_code atl_link_open_file(const char *path, struct atl_link **out, struct atl_error *err)
{
    struct file_link *self;
    int fd;

    if (!*path)
        return atl_fail(err, ATL_E_INVALID, "file: without a path");
    // Non-blocking: a FIFO without a reader must not stop a lane for ever.
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0640);
    if (fd < 0)
        return fail_to_open(path, errno, err);
    self = calloc(1, sizeof *self);
    if (!self) {
        close(fd);
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a link");
    }
    self->base = (struct atl_link){.ops = &file_ops, .carries = ATL_LINK_CARRIES_NOTHING};
    self->fd = fd;
    strncpy(self->path, path, sizeof self->path - 1);
    *out = &self->base;
    return ATL_OK;
}
