// SPDX-License-Identifier: Apache-2.0
// Room on the disk: the ballast that is given up when it is full, and checkpoints. SQLite cannot
// delete its way out of a full disk, because deleting needs the log, which needs room.
#include "plugin/store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static bool has_ballast(const struct atl_store *store)
{
    char path[ATL_DB_PATH_SIZE];
    struct stat info;

    return atl_db_path(path, store->path, ".ballast", NULL) == ATL_OK && stat(path, &info) == 0 &&
           info.st_size >= ATL_STORE_BALLAST_BYTES;
}

void atl_db_ballast_give_up(const char *path)
{
    char full[ATL_DB_PATH_SIZE];

    if (atl_db_path(full, path, ".ballast", NULL) == ATL_OK)
        unlink(full);
}

static int64_t size_of(const struct atl_store *store, const char *suffix)
{
    char path[ATL_DB_PATH_SIZE];
    struct stat info;

    if (atl_db_path(path, store->path, suffix, NULL) || stat(path, &info) < 0)
        return 0;
    return info.st_size;
}

atl_code atl_store_space(struct atl_store *store, struct atl_store_space *out,
                         struct atl_error *err)
{
    struct statvfs disk;
    struct atl_store_space space = {0};

    if (statvfs(store->path, &disk) < 0)
        return atl_fail(err, ATL_E_IO, "%s: %s", store->path, strerror(errno));
    space.free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
    space.wal_bytes = size_of(store, "-wal");
    space.has_ballast = has_ballast(store);
    space.is_low = space.free_bytes < ATL_STORE_WARN_BYTES;
    space.is_stopped = space.free_bytes < ATL_STORE_STOP_BYTES;
    *out = space;
    return ATL_OK;
}

// Written whole under another name, so that a half-made one is never taken for it.
static atl_code make_ballast(const char *made, const char *path, struct atl_error *err)
{
    const int fd = open(made, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    atl_code rc = ATL_OK;
    int failure;

    if (fd < 0)
        return atl_fail(err, ATL_E_IO, "%s: %s", made, strerror(errno));
    failure = posix_fallocate(fd, 0, ATL_STORE_BALLAST_BYTES);
    close(fd);
    if (!failure && rename(made, path) < 0)
        failure = errno;
    if (failure) {
        unlink(made);
        rc = atl_fail(err, failure == ENOSPC ? ATL_E_FULL : ATL_E_IO, "%s: %s", path,
                      strerror(failure));
    }
    return rc;
}

atl_code atl_store_ballast_keep(struct atl_store *store, struct atl_error *err)
{
    char path[ATL_DB_PATH_SIZE];
    char made[ATL_DB_PATH_SIZE];
    struct atl_store_space space;
    atl_code rc;

    rc = atl_store_space(store, &space, err);
    if (rc || space.has_ballast || space.free_bytes < 2 * (int64_t)ATL_STORE_BALLAST_BYTES)
        return rc; // on a disk as full as that it would do harm
    rc = atl_db_path(path, store->path, ".ballast", err);
    if (!rc)
        rc = atl_db_path(made, store->path, ".ballast.new", err);
    if (!rc)
        rc = make_ballast(made, path, err);
    return rc;
}

static int checkpoint(struct atl_store *store, int mode)
{
    return sqlite3_wal_checkpoint_v2(store->db, NULL, mode, NULL, NULL);
}

atl_code atl_store_checkpoint(struct atl_store *store, bool truncate, int64_t *wal_bytes,
                              struct atl_error *err)
{
    int rc;

    if (store->in_transaction)
        return atl_fail(err, ATL_E_INVALID, "store: no checkpoint inside a transaction");
    // Most is done without a lock; the rest takes the writers' lock for the moment that is left,
    // and never waits for it.
    rc = checkpoint(store, SQLITE_CHECKPOINT_PASSIVE);
    if (truncate && rc == SQLITE_OK) {
        sqlite3_busy_timeout(store->db, 0);
        rc = checkpoint(store, SQLITE_CHECKPOINT_TRUNCATE);
        sqlite3_busy_timeout(store->db, 5000);
    }
    if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY)
        return atl_db_fail(store, rc, "store: checkpoint", err);
    if (wal_bytes)
        *wal_bytes = size_of(store, "-wal");
    return ATL_OK;
}
