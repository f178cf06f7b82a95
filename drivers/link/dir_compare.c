// SPDX-License-Identifier: Apache-2.0
// Reads a file back from the medium. Written and read through the page cache, a file is always
// right; so the cache is dropped and, where the file system can, gone around.
#include "drivers/link/volume_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE_BYTES = 64 * 1024, ALIGNMENT_BYTES = 4096 };

static int open_past_cache(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int direct;

    if (fd < 0)
        return fd;
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    direct = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_DIRECT);
    if (direct < 0)
        return fd;
    close(fd);
    return direct;
}

// 0 at the file's end. A file system may take O_DIRECT at the opening and refuse it here.
static ssize_t read_piece(int fd, void *piece)
{
    ssize_t got;

    do
        got = read(fd, piece, PIECE_BYTES);
    while (got < 0 && errno == EINTR);
    if (got < 0 && errno == EINVAL && fcntl(fd, F_SETFL, 0) == 0)
        got = read(fd, piece, PIECE_BYTES);
    return got;
}

static atl_code fail_different(const char *name, struct atl_error *err)
{
    return atl_fail(err, ATL_E_IO,
                    "%s reads back as something else than was written: remove it at the machine, "
                    "and take another stick",
                    name);
}

static atl_code compare(int fd, void *piece, const char *name, const uint8_t *bytes, size_t len,
                        struct atl_error *err)
{
    size_t seen = 0;

    for (;;) {
        ssize_t got = read_piece(fd, piece);

        if (got < 0)
            return atl_fail(err, ATL_E_IO,
                            "%s cannot be read back, %s: plug the stick in again, else take "
                            "another one",
                            name, strerror(errno));
        if (got == 0)
            return seen == len ? ATL_OK : fail_different(name, err);
        if ((size_t)got > len - seen || memcmp(bytes + seen, piece, (size_t)got) != 0)
            return fail_different(name, err);
        seen += (size_t)got;
    }
}

atl_code dir_compare(int folder, const char *name, const void *bytes, size_t len,
                     struct atl_error *err)
{
    void *piece = aligned_alloc(ALIGNMENT_BYTES, PIECE_BYTES);
    atl_code rc;
    int fd;

    if (!piece)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for reading %s back", name);
    fd = open_past_cache(folder, name);
    if (fd < 0) {
        rc = atl_fail(err, ATL_E_IO,
                      "%s is not there after it was written, %s: plug the stick in again", name,
                      strerror(errno));
    } else {
        rc = compare(fd, piece, name, bytes, len, err);
        close(fd);
    }
    free(piece);
    return rc;
}
