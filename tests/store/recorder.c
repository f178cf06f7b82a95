// SPDX-License-Identifier: Apache-2.0
#include "tests/store/recorder.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct recorder recorder = {.full_after = -1};

struct file {
    sqlite3_file base;
    enum recorder_file kind;
    sqlite3_file *real; // behind this struct
};

static struct file *of(sqlite3_file *file)
{
    return (struct file *)file;
}

static sqlite3_file *real(sqlite3_file *file)
{
    return of(file)->real;
}

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void note(enum recorder_what what, enum recorder_file file, int64_t at, const void *bytes,
                 size_t len)
{
    struct recorder_entry *entry;

    if (!recorder.is_recording || file == RECORDER_OTHER)
        return;
    if (recorder.count == recorder.cap) {
        recorder.cap = recorder.cap ? recorder.cap * 2 : 1024;
        recorder.entries = realloc(recorder.entries, recorder.cap * sizeof *recorder.entries);
        must(recorder.entries != NULL);
    }
    entry = &recorder.entries[recorder.count++];
    *entry = (struct recorder_entry){.what = what, .file = file, .at = at, .len = len};
    if (len) {
        entry->bytes = malloc(len);
        must(entry->bytes != NULL);
        memcpy(entry->bytes, bytes, len);
    }
}

static int do_close(sqlite3_file *file)
{
    return real(file)->pMethods->xClose(real(file));
}

static int do_read(sqlite3_file *file, void *bytes, int len, sqlite3_int64 at)
{
    return real(file)->pMethods->xRead(real(file), bytes, len, at);
}

static int do_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    if (recorder.full_after == 0)
        return SQLITE_FULL;
    if (recorder.full_after > 0)
        recorder.full_after--;
    note(RECORDER_WRITE, of(file)->kind, at, bytes, (size_t)len);
    return real(file)->pMethods->xWrite(real(file), bytes, len, at);
}

static int do_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    note(RECORDER_TRUNCATE, of(file)->kind, size, NULL, 0);
    return real(file)->pMethods->xTruncate(real(file), size);
}

static int do_sync(sqlite3_file *file, int flags)
{
    if (of(file)->kind != RECORDER_OTHER && ++recorder.syncs == recorder.sync_fails_at)
        return SQLITE_IOERR_FSYNC;
    note(RECORDER_SYNC, of(file)->kind, 0, NULL, 0);
    return real(file)->pMethods->xSync(real(file), flags);
}

static int do_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int do_lock(sqlite3_file *file, int level)
{
    return real(file)->pMethods->xLock(real(file), level);
}

static int do_unlock(sqlite3_file *file, int level)
{
    return real(file)->pMethods->xUnlock(real(file), level);
}

static int do_check_lock(sqlite3_file *file, int *out)
{
    return real(file)->pMethods->xCheckReservedLock(real(file), out);
}

static int do_control(sqlite3_file *file, int op, void *arg)
{
    return real(file)->pMethods->xFileControl(real(file), op, arg);
}

static int do_sector(sqlite3_file *file)
{
    return real(file)->pMethods->xSectorSize(real(file));
}

static int do_traits(sqlite3_file *file)
{
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int do_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}

static int do_shm_lock(sqlite3_file *file, int at, int count, int flags)
{
    return real(file)->pMethods->xShmLock(real(file), at, count, flags);
}

static void do_shm_barrier(sqlite3_file *file)
{
    real(file)->pMethods->xShmBarrier(real(file));
}

static int do_shm_unmap(sqlite3_file *file, int remove)
{
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = do_close,
    .xRead = do_read,
    .xWrite = do_write,
    .xTruncate = do_truncate,
    .xSync = do_sync,
    .xFileSize = do_size,
    .xLock = do_lock,
    .xUnlock = do_unlock,
    .xCheckReservedLock = do_check_lock,
    .xFileControl = do_control,
    .xSectorSize = do_sector,
    .xDeviceCharacteristics = do_traits,
    .xShmMap = do_shm_map,
    .xShmLock = do_shm_lock,
    .xShmBarrier = do_shm_barrier,
    .xShmUnmap = do_shm_unmap,
};

static sqlite3_vfs *below; // what was the default
static sqlite3_vfs ours;

static int do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    struct file *opened = of(file);
    int rc;

    (void)vfs;
    opened->real = (sqlite3_file *)(opened + 1);
    opened->kind = flags & SQLITE_OPEN_MAIN_DB ? RECORDER_DB
                   : flags & SQLITE_OPEN_WAL   ? RECORDER_WAL
                                               : RECORDER_OTHER;
    rc = below->xOpen(below, name, opened->real, flags, out);
    opened->base.pMethods = opened->real->pMethods ? &methods : NULL;
    return rc;
}

void recorder_install(void)
{
    if (below)
        return;
    below = sqlite3_vfs_find(NULL);
    must(below != NULL);
    ours = *below;
    ours.zName = "recorder";
    ours.szOsFile = (int)sizeof(struct file) + below->szOsFile;
    ours.xOpen = do_open;
    must(sqlite3_vfs_register(&ours, 1) == SQLITE_OK);
}

void recorder_clear(void)
{
    for (size_t i = 0; i < recorder.count; i++)
        free(recorder.entries[i].bytes);
    free(recorder.entries);
    recorder = (struct recorder){.full_after = -1};
}

void recorder_ack(int64_t number)
{
    note(RECORDER_ACK, RECORDER_DB, number, NULL, 0);
}

void recorder_load(struct recorder_image *image, const char *path)
{
    struct stat info;
    const int fd = open(path, O_RDONLY);

    *image = (struct recorder_image){0};
    if (fd < 0)
        return;
    must(fstat(fd, &info) == 0);
    image->len = (size_t)info.st_size;
    image->cap = image->len + 1;
    image->bytes = malloc(image->cap);
    must(image->bytes && read(fd, image->bytes, image->len) == (ssize_t)image->len);
    close(fd);
}

void recorder_save(const struct recorder_image *image, const char *path)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    must(fd >= 0 && write(fd, image->bytes, image->len) == (ssize_t)image->len);
    close(fd);
}

void recorder_free(struct recorder_image *image)
{
    free(image->bytes);
    *image = (struct recorder_image){0};
}

static void resize(struct recorder_image *image, size_t len)
{
    if (len > image->cap) {
        image->cap = len * 2;
        image->bytes = realloc(image->bytes, image->cap);
        must(image->bytes != NULL);
    }
    if (len > image->len)
        memset(image->bytes + image->len, 0, len - image->len);
    image->len = len;
}

// xorshift64*: the same seed, the same cut.
static uint32_t dice(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (uint32_t)(*seed * 2685821657736338717ull >> 32);
}

// Applies a write: whole when it was flushed, else by sectors of 512 bytes, each with one chance in
// two.
static void apply(const struct recorder_entry *entry, bool is_flushed, uint64_t *seed,
                  struct recorder_image *image)
{
    const size_t at = (size_t)entry->at;

    if (entry->what == RECORDER_TRUNCATE) {
        if (is_flushed || dice(seed) & 1)
            resize(image, at);
        return;
    }
    for (size_t done = 0; done < entry->len;) {
        const size_t step = entry->len - done < 512 ? entry->len - done : 512;
        if (is_flushed || dice(seed) & 1) {
            if (at + done + step > image->len)
                resize(image, at + done + step);
            memcpy(image->bytes + at + done, entry->bytes + done, step);
        }
        done += step;
    }
}

void recorder_cut(size_t cut, uint64_t seed, struct recorder_image images[2])
{
    size_t flushed[2] = {0, 0};
    uint64_t state = seed * 2654435761u + cut + 1;

    for (size_t i = 0; i < cut; i++) {
        if (recorder.entries[i].what == RECORDER_SYNC)
            flushed[recorder.entries[i].file] = i;
    }
    for (size_t i = 0; i < cut; i++) {
        const struct recorder_entry *entry = &recorder.entries[i];
        if (entry->what == RECORDER_WRITE || entry->what == RECORDER_TRUNCATE)
            apply(entry, i < flushed[entry->file], &state, &images[entry->file]);
    }
}
