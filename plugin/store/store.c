// SPDX-License-Identifier: Apache-2.0
// The connection, its transactions, and what the store keeps about itself.
#include "plugin/store/store.h"

#include "plugin/core/id.h"
#include "plugin/store/columns.h"
#include "plugin/store/db.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

enum {
    SERVE_WAIT_MS = 150,
    SERVE_LOOK_NS = 300 * 1000,
    WORKER_WAIT_MS = 5000,
    SETTING_NAME_SIZE = 80,
    SETTING_SIZE = 8192,
};

// Settings of a connection. The schema is trusted by nobody, a checkpoint is nobody's but sync's,
// and what is deleted is overwritten, so that an erased name is gone.
static const char connection_settings[] = "PRAGMA synchronous=FULL;"
                                          "PRAGMA foreign_keys=ON;"
                                          "PRAGMA trusted_schema=OFF;"
                                          "PRAGMA cell_size_check=ON;"
                                          "PRAGMA wal_autocheckpoint=0;"
                                          "PRAGMA journal_size_limit=16777216;"
                                          "PRAGMA temp_store=MEMORY;"
                                          "PRAGMA mmap_size=0;"
                                          "PRAGMA secure_delete=ON;"
                                          "PRAGMA cache_size=-8000;";

static int64_t clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// SQLite's own waits grow to 100 ms, and a till would sleep long after the lock is free. The others
// hold it for 2 ms at most, so serve looks often.
static int look_again(void *ctx, int looks)
{
    static const struct timespec pause = {0, SERVE_LOOK_NS};
    struct atl_store *store = ctx;
    const int64_t now_ms = clock_ms();

    if (looks == 0)
        store->busy_since_ms = now_ms;
    if (now_ms - store->busy_since_ms >= SERVE_WAIT_MS)
        return 0;
    (void)nanosleep(&pause, NULL);
    return 1;
}

static void limit(struct atl_store *store, enum atl_store_mode mode)
{
    sqlite3 *const db = store->db;

    if (mode == ATL_STORE_SERVE)
        sqlite3_busy_handler(db, look_again, store);
    else
        sqlite3_busy_timeout(db, WORKER_WAIT_MS);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1 << 20);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 1 << 16);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 1); // VACUUM INTO needs one
    sqlite3_limit(db, SQLITE_LIMIT_WORKER_THREADS, 0);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, mode == ATL_STORE_SERVE, NULL);
}

static atl_code remember_file(struct atl_store *store, struct atl_error *err)
{
    struct stat info;

    if (stat(store->path, &info) < 0)
        return atl_fail(err, ATL_E_IO, "%s: %s", store->path, strerror(errno));
    store->device = info.st_dev;
    store->inode = info.st_ino;
    return ATL_OK;
}

atl_code atl_db_open(const char *path, enum atl_store_mode mode, int flags, struct atl_store **out,
                     struct atl_error *err)
{
    struct atl_store *store = calloc(1, sizeof *store);
    atl_code code;
    int rc;

    if (!store)
        return atl_fail(err, ATL_E_NOMEM, "store: out of memory");
    store->mode = mode;
    code = atl_db_path(store->path, path, "", err);
    if (code)
        goto out;
    rc = sqlite3_open_v2(
        path, &store->db,
        flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE, NULL);
    if (rc != SQLITE_OK) {
        code = atl_db_fail(store, rc, path, err);
        goto out;
    }
    limit(store, mode);
    code = atl_db_exec(store, connection_settings, err);
    if (!code)
        code = remember_file(store, err);
    if (code)
        goto out;
    *out = store; // now owned by the caller
    store = NULL;

out:
    atl_store_close(store);
    return code;
}

atl_code atl_db_number(struct atl_store *store, const char *pragma, int64_t *out,
                       struct atl_error *err)
{
    sqlite3_stmt *stmt = NULL;
    atl_code code = ATL_OK;
    int rc;

    rc = sqlite3_prepare_v2(store->db, pragma, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int64(stmt, 0);
    else
        code = atl_db_fail(store, rc, pragma, err);
    sqlite3_finalize(stmt);
    return code;
}

// NFS and FUSE refuse write-ahead logging by answering with another mode.
static atl_code want_wal(struct atl_store *store, struct atl_error *err)
{
    sqlite3_stmt *stmt = NULL;
    atl_code code = ATL_OK;
    int rc;

    rc = sqlite3_prepare_v2(store->db, "PRAGMA journal_mode=WAL", -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc != SQLITE_ROW)
        code = atl_db_fail(store, rc, "store: journal mode", err);
    else if (strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") != 0)
        code =
            atl_fail(err, ATL_E_UNSUPPORTED,
                     "%s: this file system cannot hold the store: use a local disk", store->path);
    sqlite3_finalize(stmt);
    return code;
}

static atl_code check_version(struct atl_store *store, struct atl_error *err)
{
    int64_t version = 0;
    const atl_code rc = atl_db_version(store, atl_migration_count, &version, err);

    if (rc)
        return rc;
    if (version < atl_migration_count)
        return atl_fail(err, ATL_E_UNSUPPORTED,
                        "%s is of an older version (%lld): migrate it first", store->path,
                        (long long)version);
    return ATL_OK;
}

atl_code atl_store_open(const char *path, enum atl_store_mode mode, struct atl_store **out,
                        struct atl_error *err)
{
    struct atl_store *store = NULL;
    struct stat info;
    atl_code rc;

    if (stat(path, &info) < 0)
        return atl_fail(err, errno == ENOENT ? ATL_E_NOT_FOUND : ATL_E_IO, "%s: %s", path,
                        strerror(errno));
    rc = atl_db_open(path, mode, SQLITE_OPEN_READWRITE, &store, err);
    if (!rc)
        rc = check_version(store, err);
    if (!rc)
        rc = want_wal(store, err);
    if (!rc && mode == ATL_STORE_READER)
        rc = atl_db_exec(store, "PRAGMA query_only=ON", err);
    if (!rc)
        rc = atl_db_load_keys(store, err);
    if (!rc && mode != ATL_STORE_READER)
        rc = atl_db_mark_place(path, err);
    if (rc) {
        atl_store_close(store);
        return rc;
    }
    *out = store;
    return ATL_OK;
}

void atl_store_close(struct atl_store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < store->statement_count; i++)
        sqlite3_finalize(store->statements[i].stmt);
    sqlite3_close(store->db); // rolls back what is open
    atl_hash_wipe(store->tag_key, sizeof store->tag_key);
    free(store);
}

// Somebody moved the file away, or put a backup in its place: what we would write now is lost.
static atl_code check_file(const struct atl_store *store, struct atl_error *err)
{
    struct stat info;

    if (stat(store->path, &info) == 0 && info.st_ino == store->inode &&
        info.st_dev == store->device)
        return ATL_OK;
    return atl_fail(err, ATL_E_CORRUPT,
                    "%s was removed or replaced while in use: stop the agent, put the file back",
                    store->path);
}

atl_code atl_store_begin(struct atl_store *store, struct atl_error *err)
{
    static const char begin[] = "BEGIN IMMEDIATE";
    struct atl_sql sql = {0};
    atl_code rc;

    if (store->in_transaction)
        return atl_fail(err, ATL_E_INVALID, "store: a transaction is open already");
    if (store->mode == ATL_STORE_READER)
        return atl_fail(err, ATL_E_INVALID, "store: opened for reading only");
    rc = check_file(store, err);
    if (!rc)
        rc = atl_sql_read(store, begin, &sql, err);
    if (!rc)
        rc = atl_sql_run(&sql, NULL, err);
    if (rc)
        return rc;
    store->in_transaction = true;
    store->spent = ATL_OK;
    return ATL_OK;
}

atl_code atl_store_commit(struct atl_store *store, struct atl_error *err)
{
    static const char commit[] = "COMMIT";
    struct atl_sql sql = {0};
    atl_code rc;

    if (!store->in_transaction)
        return atl_fail(err, ATL_E_INVALID, "store: no transaction is open");
    if (store->spent)
        rc = atl_fail(err, store->spent, "store: the transaction had failed and was rolled back");
    else
        rc = atl_sql_read(store, commit, &sql, err);
    if (!rc)
        rc = atl_sql_run(&sql, NULL, err);
    if (rc)
        atl_store_rollback(store);
    else
        store->in_transaction = false;
    return rc;
}

void atl_store_rollback(struct atl_store *store)
{
    if (!store->in_transaction)
        return;
    if (!sqlite3_get_autocommit(store->db)) // SQLite may have done it already
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    store->in_transaction = false;
    store->spent = ATL_OK;
}

bool atl_store_in_transaction(const struct atl_store *store)
{
    return store->in_transaction;
}

atl_code atl_own_begin(struct atl_store *store, bool *is_mine, struct atl_error *err)
{
    *is_mine = false;
    if (store->in_transaction)
        return ATL_OK;
    *is_mine = true;
    return atl_store_begin(store, err);
}

atl_code atl_own_end(struct atl_store *store, bool is_mine, atl_code rc, struct atl_error *err)
{
    if (!is_mine)
        return rc;
    if (!rc)
        return atl_store_commit(store, err);
    atl_store_rollback(store);
    return rc;
}

const char *atl_store_epoch(const struct atl_store *store)
{
    return store->epoch;
}

const uint8_t *atl_store_tag_key(const struct atl_store *store)
{
    return store->tag_key;
}

static atl_code meta_put(struct atl_store *store, const char *name, const void *value, size_t len,
                         struct atl_error *err)
{
    static const char put[] = "INSERT INTO meta(" ATL_META_COLUMNS ",sum) VALUES(?,?,?)"
                              " ON CONFLICT(name) DO UPDATE SET value=excluded.value,"
                              " sum=excluded.sum";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, put, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, name);
    atl_sql_put_bytes(&sql, value, len);
    atl_sql_sum(&sql);
    return atl_sql_run(&sql, NULL, err);
}

static atl_code meta_get(struct atl_store *store, const char *name, void *value, size_t cap,
                         size_t *len, struct atl_error *err)
{
    static const char get[] = "SELECT " ATL_META_COLUMNS ",sum FROM meta WHERE name=?";
    char found[SETTING_NAME_SIZE];
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, get, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, name);
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        atl_sql_text(&sql, found, sizeof found);
        atl_sql_block(&sql, value, cap, len);
        atl_sql_sum(&sql);
        rc = atl_sql_check(&sql, "meta", name, err);
    }
    atl_sql_end(&sql);
    return rc;
}

atl_code atl_db_load_keys(struct atl_store *store, struct atl_error *err)
{
    size_t len = 0;
    atl_code rc;

    rc = meta_get(store, "epoch", store->epoch, ATL_STORE_EPOCH_SIZE - 1, &len, err);
    if (!rc)
        rc = meta_get(store, "tag_key", store->tag_key, ATL_HASH_BYTES, &len, err);
    if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, ATL_E_CORRUPT, "%s has lost its keys: run salvage", store->path);
    return rc;
}

atl_code atl_db_make_keys(struct atl_store *store, bool only_epoch, struct atl_error *err)
{
    uint8_t fresh[8];
    atl_code rc;

    rc = atl_store_random(fresh, sizeof fresh, err);
    if (!rc && !only_epoch)
        rc = atl_store_random(store->tag_key, sizeof store->tag_key, err);
    if (rc)
        return rc;
    atl_hex_encode(fresh, sizeof fresh, store->epoch);
    rc = meta_put(store, "epoch", store->epoch, ATL_STORE_EPOCH_SIZE - 1, err);
    if (!rc && !only_epoch)
        rc = meta_put(store, "tag_key", store->tag_key, sizeof store->tag_key, err);
    return rc;
}

atl_code atl_store_setting_put(struct atl_store *store, const char *name, const char *value,
                               struct atl_error *err)
{
    char full[SETTING_NAME_SIZE];

    if (strlen(name) > 64)
        return atl_fail(err, ATL_E_INVALID, "setting name is longer than 64 bytes");
    if (strlen(value) >= SETTING_SIZE)
        return atl_fail(err, ATL_E_INVALID, "setting %s is longer than %d bytes", name,
                        SETTING_SIZE - 1);
    snprintf(full, sizeof full, "setting.%s", name);
    return meta_put(store, full, value, strlen(value), err);
}

atl_code atl_store_setting_get(struct atl_store *store, const char *name, char *value, size_t size,
                               struct atl_error *err)
{
    char found[SETTING_SIZE];
    char full[SETTING_NAME_SIZE];
    size_t len = 0;
    atl_code rc;

    snprintf(full, sizeof full, "setting.%s", name);
    rc = meta_get(store, full, found, sizeof found, &len, err);
    if (rc == ATL_E_NOT_FOUND)
        return atl_fail(err, rc, "setting %s was never put", name);
    if (rc)
        return rc;
    if (len >= size)
        return atl_fail(err, ATL_E_NOMEM, "setting %s needs %zu bytes", name, len + 1);
    memcpy(value, found, len);
    value[len] = 0;
    return ATL_OK;
}

atl_code atl_store_next_number(struct atl_store *store, const char *name, int64_t *number,
                               struct atl_error *err)
{
    static const char next[] = "INSERT INTO number(name,last) VALUES(?,1)"
                               " ON CONFLICT(name) DO UPDATE SET last=last+1 RETURNING last";
    struct atl_sql sql;
    int64_t found = 0;
    atl_code rc;

    rc = atl_sql_write(store, next, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, name);
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        found = atl_sql_number(&sql, 0);
        rc = atl_sql_run(&sql, NULL, err);
    }
    atl_sql_end(&sql);
    if (!rc)
        *number = found;
    return rc;
}

atl_code atl_store_random(void *bytes, size_t len, struct atl_error *err)
{
    uint8_t *at = bytes;

    while (len) {
        const ssize_t got = getrandom(at, len, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return atl_fail(err, ATL_E_IO, "random bytes: %s", strerror(errno));
        at += got;
        len -= (size_t)got;
    }
    return ATL_OK;
}

atl_code atl_store_new_id(int64_t now_ms, char id[ATL_ORDER_ID_SIZE], struct atl_error *err)
{
    uint8_t fresh[ATL_ID_RANDOM_BYTES];
    atl_code rc;

    rc = atl_store_random(fresh, sizeof fresh, err);
    if (!rc)
        atl_id_make(now_ms, fresh, id);
    return rc;
}
