// SPDX-License-Identifier: Apache-2.0
// Making a store and bringing it to another version.
//
// A new store is made beside its place and renamed to it when it is whole. PATH.epoch then says,
// in words, that there is one; it stays when the file is lost.
#include "plugin/store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

atl_code atl_db_path(char out[ATL_DB_PATH_SIZE], const char *path, const char *suffix,
                     struct atl_error *err)
{
    const int len = snprintf(out, ATL_DB_PATH_SIZE, "%s%s", path, suffix);

    if (len < 0 || len >= ATL_DB_PATH_SIZE)
        return atl_fail(err, ATL_E_INVALID, "path of the store is too long");
    return ATL_OK;
}

static bool exists(const char *path, const char *suffix)
{
    char full[ATL_DB_PATH_SIZE];
    struct stat info;

    return atl_db_path(full, path, suffix, NULL) == ATL_OK && lstat(full, &info) == 0;
}

static void remove_file(const char *path, const char *suffix)
{
    char full[ATL_DB_PATH_SIZE];

    if (atl_db_path(full, path, suffix, NULL) == ATL_OK)
        unlink(full);
}

// What is renamed is only there for certain when its folder was written out.
atl_code atl_db_sync_folder(const char *path, struct atl_error *err)
{
    char folder[ATL_DB_PATH_SIZE];
    char *slash;
    int fd;
    atl_code rc;

    rc = atl_db_path(folder, path, "", err);
    if (rc)
        return rc;
    slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = 0;
    fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0)
        rc = atl_fail(err, ATL_E_IO, "%s: %s", slash ? folder : ".", strerror(errno));
    if (fd >= 0)
        close(fd);
    return rc;
}

// An empty file with the right mode, which SQLite then takes over for its logs, too.
atl_code atl_db_make_empty(const char *path, struct atl_error *err)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return atl_fail(err, errno == EEXIST ? ATL_E_CONFLICT : ATL_E_IO, "%s: %s%s", path,
                        strerror(errno), errno == ENOENT ? "; make its folder first" : "");
    close(fd);
    return ATL_OK;
}

static atl_code migrate_step(struct atl_store *store, const struct atl_migration *step, int version,
                             struct atl_error *err)
{
    char mark[48];
    atl_code rc;

    rc = atl_store_begin(store, err);
    if (rc)
        return rc;
    for (const char *const *sql = step->statements; *sql && !rc; sql++)
        rc = atl_db_exec(store, *sql, err);
    snprintf(mark, sizeof mark, "PRAGMA user_version=%d", version);
    if (!rc)
        rc = atl_db_exec(store, mark, err);
    if (!rc)
        return atl_store_commit(store, err);
    atl_store_rollback(store);
    return rc;
}

atl_code atl_db_create_file(const char *path, struct atl_error *err)
{
    char mark[48];
    struct atl_store *store = NULL;
    atl_code rc;

    rc = atl_db_make_empty(path, err);
    if (rc)
        return rc;
    snprintf(mark, sizeof mark, "PRAGMA application_id=%d", ATL_DB_APPLICATION_ID);
    rc = atl_db_open(path, ATL_STORE_WORKER, SQLITE_OPEN_READWRITE, &store, err);
    if (!rc)
        rc = atl_db_exec(store, "PRAGMA page_size=4096; PRAGMA journal_mode=WAL;", err);
    if (!rc)
        rc = atl_db_exec(store, mark, err);
    for (int i = 0; i < atl_migration_count && !rc; i++)
        rc = migrate_step(store, &atl_migrations[i], i + 1, err);
    if (!rc)
        rc = atl_store_begin(store, err);
    if (!rc) {
        rc = atl_db_make_keys(store, false, err);
        rc = atl_own_end(store, true, rc, err);
    }
    atl_store_close(store); // the last one out writes the log back into the file
    return rc;
}

atl_code atl_db_mark_place(const char *path, struct atl_error *err)
{
    static const char text[] =
        "There is, or was, a store of Atelier's beside this file. If it is missing, do not begin\n"
        "with an empty one: restore a backup, or run `atelier-agent salvage` on what is left.\n"
        "Remove this file only when the shop's orders are meant to be forgotten.\n";
    char full[ATL_DB_PATH_SIZE];
    int fd;
    atl_code rc;

    if (exists(path, ".epoch"))
        return ATL_OK;
    rc = atl_db_path(full, path, ".epoch", err);
    if (rc)
        return rc;
    fd = open(full, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return atl_fail(err, ATL_E_IO, "%s: %s", full, strerror(errno));
    if (write(fd, text, sizeof text - 1) != (ssize_t)sizeof text - 1 || fsync(fd) < 0)
        rc = atl_fail(err, ATL_E_IO, "%s: %s", full, strerror(errno));
    close(fd);
    return rc;
}

atl_code atl_db_install(const char *made, const char *path, struct atl_error *err)
{
    struct atl_store *store = NULL;
    atl_code rc;

    if (renameat2(AT_FDCWD, made, AT_FDCWD, path, RENAME_NOREPLACE) < 0)
        return atl_fail(err, errno == EEXIST ? ATL_E_CONFLICT : ATL_E_IO, "%s: %s", path,
                        strerror(errno));
    rc = atl_db_mark_place(path, err);
    if (!rc)
        rc = atl_db_sync_folder(path, err);
    if (!rc)
        rc = atl_store_open(path, ATL_STORE_WORKER, &store, err);
    if (!rc)
        rc = atl_store_ballast_keep(store, err);
    atl_store_close(store);
    return rc;
}

atl_code atl_store_create(const char *path, struct atl_error *err)
{
    char fresh[ATL_DB_PATH_SIZE];
    atl_code rc;

    if (exists(path, "") || exists(path, "-wal"))
        return atl_fail(err, ATL_E_CONFLICT, "%s exists already", path);
    if (exists(path, ".epoch"))
        return atl_fail(err, ATL_E_CONFLICT,
                        "%s is gone, but there was one: restore a backup or run salvage", path);
    rc = atl_db_path(fresh, path, ".new", err);
    if (rc)
        return rc;
    remove_file(fresh, ""); // of one who was killed in the middle
    remove_file(fresh, "-wal");
    remove_file(fresh, "-shm");
    rc = atl_db_create_file(fresh, err);
    if (!rc)
        rc = atl_db_install(fresh, path, err);
    return rc;
}

static atl_code refuse_while_sending(struct atl_store *store, struct atl_error *err)
{
    static const char count[] = "SELECT count(*) FROM job WHERE state=2";
    int64_t sending = 0;
    atl_code rc;

    rc = atl_sql_one(store, count, NULL, 0, &sending, err);
    if (!rc && sending)
        rc = atl_fail(err, ATL_E_CONFLICT,
                      "%lld papers are being printed: stop the lanes and try again",
                      (long long)sending);
    return rc;
}

atl_code atl_db_version(struct atl_store *store, int newest, int64_t *version,
                        struct atl_error *err)
{
    int64_t application = 0;
    int64_t found = 0;
    atl_code rc = atl_db_number(store, "PRAGMA application_id", &application, err);

    if (!rc)
        rc = atl_db_number(store, "PRAGMA user_version", &found, err);
    if (rc)
        return rc;
    if (application != ATL_DB_APPLICATION_ID)
        return atl_fail(err, ATL_E_CORRUPT, "%s is no store of Atelier's", store->path);
    if (found > newest)
        return atl_fail(err, ATL_E_UNSUPPORTED,
                        "%s was written by a newer version (%lld, this one knows %d): install that",
                        store->path, (long long)found, newest);
    *version = found;
    return ATL_OK;
}

atl_code atl_db_migrate(struct atl_store *store, const struct atl_migration *steps, int count,
                        const char *backup_path, int *done, struct atl_error *err)
{
    int64_t version = 0;
    atl_code rc = atl_db_version(store, count, &version, err);

    *done = 0;
    if (rc)
        return rc;
    if (version < 1)
        return atl_fail(err, ATL_E_CORRUPT, "%s is no store of Atelier's", store->path);
    if (version == count)
        return ATL_OK;
    rc = refuse_while_sending(store, err);
    if (!rc)
        rc = atl_store_backup(store, backup_path, err);
    for (int i = (int)version; i < count && !rc; i++) {
        rc = migrate_step(store, &steps[i], i + 1, err);
        *done += !rc;
    }
    return rc;
}

atl_code atl_store_migrate(const char *path, const char *backup_path, int *steps,
                           struct atl_error *err)
{
    struct atl_store *store = NULL;
    int done = 0;
    atl_code rc;

    if (!exists(path, ""))
        return atl_fail(err, ATL_E_NOT_FOUND, "%s: there is no store", path);
    rc = atl_db_open(path, ATL_STORE_WORKER, SQLITE_OPEN_READWRITE, &store, err);
    if (!rc)
        rc = atl_db_migrate(store, atl_migrations, atl_migration_count, backup_path, &done, err);
    atl_store_close(store);
    if (!rc && steps)
        *steps = done;
    return rc;
}
