// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/cache_disk.h"

#include "plugin/core/hash.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".letter"
#define FRESH  ".fresh-"

enum {
    NAME_BYTES = 20, // of the key; the file holds all of it
    NAME_CAP = 2 * NAME_BYTES + sizeof SUFFIX,
    FRESH_CAP = 48,
    COUNT_EVERY = 64, // files: then others' files are counted as well
    TRIES = 16,
};

struct entry {
    char name[NAME_CAP > FRESH_CAP ? NAME_CAP : FRESH_CAP];
    size_t bytes;
    struct timespec when;
};

struct entries {
    struct entry *v; // owned
    size_t count;
    size_t cap;
    size_t bytes;
};

static void name_of(const uint8_t *key, char name[NAME_CAP])
{
    atl_hex_encode(key, NAME_BYTES, name);
    memcpy(name + 2 * NAME_BYTES, SUFFIX, sizeof SUFFIX);
}

// Files of ours: nothing else in the folder is ever touched.
static bool is_ours(const char *name)
{
    size_t len = strlen(name);

    if (!strncmp(name, FRESH, sizeof FRESH - 1))
        return len < FRESH_CAP;
    return len == NAME_CAP - 1 && strspn(name, "0123456789abcdef") == 2 * NAME_BYTES &&
           !strcmp(name + 2 * NAME_BYTES, SUFFIX);
}

static void add_entry(struct entries *all, const char *name, const struct stat *info)
{
    if (all->count == all->cap) {
        size_t cap = all->cap ? 2 * all->cap : 256;
        struct entry *grown = realloc(all->v, cap * sizeof *grown);

        if (!grown)
            return; // it is counted the next time
        all->v = grown;
        all->cap = cap;
    }
    all->v[all->count] = (struct entry){.bytes = (size_t)info->st_size, .when = info->st_mtim};
    snprintf(all->v[all->count++].name, sizeof all->v->name, "%s", name);
    all->bytes += (size_t)info->st_size;
}

static void list(int folder, struct entries *out)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *row;
    struct stat info;

    if (!dir) {
        if (fd >= 0)
            close(fd);
        return;
    }
    while ((row = readdir(dir))) {
        if (is_ours(row->d_name) && !fstatat(folder, row->d_name, &info, AT_SYMLINK_NOFOLLOW) &&
            S_ISREG(info.st_mode))
            add_entry(out, row->d_name, &info);
    }
    closedir(dir);
}

static int by_age(const void *a, const void *b)
{
    const struct timespec *x = &((const struct entry *)a)->when;
    const struct timespec *y = &((const struct entry *)b)->when;

    if (x->tv_sec != y->tv_sec)
        return x->tv_sec < y->tv_sec ? -1 : 1;
    return (x->tv_nsec > y->tv_nsec) - (x->tv_nsec < y->tv_nsec);
}

// Counts the folder; where `more` bytes have no room, the oldest go until a quarter is free.
static void tidy(struct atl_cache_disk *disk, size_t more)
{
    struct entries all = {0};
    size_t most = disk->limit - more;

    list(disk->folder, &all);
    if (all.bytes > most) {
        qsort(all.v, all.count, sizeof *all.v, by_age);
        most = disk->limit / 4 * 3 - more;
    }
    for (size_t i = 0; i < all.count && all.bytes > most; i++) {
        (void)unlinkat(disk->folder, all.v[i].name, 0); // somebody else may have been faster
        all.bytes -= all.v[i].bytes;
    }
    disk->used = all.bytes;
    disk->unknown = 0;
    free(all.v);
}

atl_code atl_cache_disk_open(const char *path, size_t limit, struct atl_cache_disk *out,
                             struct atl_error *err)
{
    int folder;

    if (mkdir(path, 0700) && errno != EEXIST)
        return atl_fail(err, ATL_E_IO, "folder %s for digitised letters cannot be made: %s", path,
                        strerror(errno));
    folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return atl_fail(err, ATL_E_IO, "folder %s for digitised letters cannot be opened: %s", path,
                        strerror(errno));
    *out = (struct atl_cache_disk){.folder = folder, .limit = limit, .unknown = COUNT_EVERY};
    return ATL_OK;
}

void atl_cache_disk_close(struct atl_cache_disk *disk)
{
    if (disk->folder >= 0)
        close(disk->folder);
    disk->folder = -1;
}

bool atl_cache_disk_read(const struct atl_cache_disk *disk, const uint8_t *key, struct atl_buf *out)
{
    char name[NAME_CAP];
    uint8_t bytes[16384];
    struct stat info;
    ssize_t got = -1;
    int fd;

    name_of(key, name);
    fd = openat(disk->folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    if (!fstat(fd, &info) && S_ISREG(info.st_mode) && info.st_uid == geteuid() &&
        info.st_size <= ATL_CACHE_FILE_MAX_BYTES) {
        while ((got = read(fd, bytes, sizeof bytes)) > 0 && !out->failed)
            atl_buf_add(out, bytes, (size_t)got);
        (void)futimens(fd, NULL); // the oldest are those that nobody asked for
    }
    close(fd);
    return got == 0 && !out->failed;
}

static int create_fresh(struct atl_cache_disk *disk, char fresh[FRESH_CAP])
{
    int fd = -1;

    for (int i = 0; i < TRIES && fd < 0; i++) {
        snprintf(fresh, FRESH_CAP, FRESH "%ld-%u", (long)getpid(), disk->made++);
        fd =
            openat(disk->folder, fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    return fd;
}

static bool write_all(int fd, const uint8_t *bytes, size_t len)
{
    while (len) {
        ssize_t put = write(fd, bytes, len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        bytes += put;
        len -= (size_t)put;
    }
    return true;
}

// Not flushed: a file that a power cut tore is known by its checksum.
bool atl_cache_disk_write(struct atl_cache_disk *disk, const uint8_t *key, const uint8_t *bytes,
                          size_t len)
{
    char name[NAME_CAP], fresh[FRESH_CAP];
    bool is_good;
    int fd;

    if (len > disk->limit / 4 || len > ATL_CACHE_FILE_MAX_BYTES)
        return false;
    if (disk->unknown >= COUNT_EVERY || disk->used + len > disk->limit)
        tidy(disk, len);
    fd = create_fresh(disk, fresh);
    if (fd < 0)
        return false;
    name_of(key, name);
    is_good = write_all(fd, bytes, len);
    is_good = !close(fd) && is_good;
    is_good = is_good && !renameat(disk->folder, fresh, disk->folder, name);
    if (!is_good) {
        (void)unlinkat(disk->folder, fresh, 0);
        return false;
    }
    disk->used += len;
    disk->unknown++;
    return true;
}
