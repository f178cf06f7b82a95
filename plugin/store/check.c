// SPDX-License-Identifier: Apache-2.0
// Is the store whole? Structure (SQLite's), rows (their checksums), chain; and copies of it.
#include "plugin/store/db.h"
#include "plugin/store/events.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int64_t monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int is_over(void *deadline)
{
    return monotonic_ms() > *(const int64_t *)deadline;
}

atl_code atl_store_quick_check(struct atl_store *store, int64_t budget_ms, struct atl_error *err)
{
    int64_t deadline = monotonic_ms() + budget_ms;
    sqlite3_stmt *stmt = NULL;
    atl_code code = ATL_OK;
    int rc;

    if (budget_ms)
        sqlite3_progress_handler(store->db, 1000, is_over, &deadline);
    rc = sqlite3_prepare_v2(store->db, "PRAGMA quick_check(1)", -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) {
        const char *word = (const char *)sqlite3_column_text(stmt, 0);
        if (strcmp(word, "ok") != 0)
            code = atl_fail(err, ATL_E_CORRUPT, "%s is damaged: %s", store->path, word);
    } else
        code = atl_db_fail(store, rc, "store: quick check", err);
    sqlite3_finalize(stmt);
    sqlite3_progress_handler(store->db, 0, NULL, NULL);
    return code;
}

bool atl_db_row_is_whole(sqlite3_stmt *stmt, int first, int sum_column)
{
    struct atl_hash hash;

    atl_hash_init(&hash);
    for (int i = first; i < sum_column; i++) {
        const size_t len = (size_t)sqlite3_column_bytes(stmt, i);
        const void *bytes;
        switch (sqlite3_column_type(stmt, i)) {
        case SQLITE_INTEGER:
            atl_hash_add_number(&hash, sqlite3_column_int64(stmt, i));
            break;
        case SQLITE_TEXT:
            bytes = sqlite3_column_text(stmt, i);
            if (!bytes || memchr(bytes, 0, len))
                return false;
            atl_hash_add_text(&hash, bytes);
            break;
        case SQLITE_BLOB:
            bytes = sqlite3_column_blob(stmt, i);
            atl_hash_add_bytes(&hash, len ? bytes : "", len);
            break;
        default:
            return false;
        }
    }
    return sqlite3_column_type(stmt, sum_column) == SQLITE_INTEGER &&
           sqlite3_column_int64(stmt, sum_column) == atl_hash_end_row(&hash);
}

// The first damaged row gives the sentence; later ones are only counted.
static void note_bad(const struct atl_table *table, int64_t n, int64_t *bad, struct atl_error *err)
{
    if (!*bad)
        atl_fail(err, ATL_E_CORRUPT, "row %" PRId64 " of %s is damaged: stop and run salvage", n,
                 table->name);
    ++*bad;
}

static atl_code verify_table(struct atl_store *store, const struct atl_table *table, int64_t *bad,
                             struct atl_error *err)
{
    char query[1024];
    sqlite3_stmt *stmt = NULL;
    atl_code code = ATL_OK;
    int rc;

    snprintf(query, sizeof query, "SELECT %s,%s FROM %s NOT INDEXED", table->key, table->columns,
             table->name);
    rc = sqlite3_prepare_v2(store->db, query, -1, &stmt, NULL);
    if (rc != SQLITE_OK)
        return atl_db_fail(store, rc, table->name, err);
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        if (!atl_db_row_is_whole(stmt, 1, sqlite3_column_count(stmt) - 1))
            note_bad(table, sqlite3_column_int64(stmt, 0), bad, err);
    }
    if (rc != SQLITE_DONE)
        code = atl_db_fail(store, rc, table->name, err);
    sqlite3_finalize(stmt);
    return code;
}

atl_code atl_store_verify_rows(struct atl_store *store, int64_t *bad, struct atl_error *err)
{
    int64_t found = 0;

    for (size_t i = 0; i < atl_table_count; i++) {
        atl_code rc = ATL_OK;
        if (atl_tables[i].has_sum)
            rc = verify_table(store, &atl_tables[i], &found, err);
        if (rc)
            return rc;
    }
    if (bad)
        *bad = found;
    return found ? ATL_E_CORRUPT : ATL_OK;
}

atl_code atl_db_verify_all(const char *path, struct atl_error *err)
{
    struct atl_chain chain = {0};
    struct atl_store *store = NULL;
    atl_code rc;

    rc = atl_db_open(path, ATL_STORE_WORKER, SQLITE_OPEN_READWRITE, &store, err);
    if (!rc)
        rc = atl_store_quick_check(store, 0, err);
    if (!rc)
        rc = atl_store_verify_rows(store, NULL, err);
    if (!rc)
        rc = atl_events_verify(store, 0, &chain, err);
    atl_store_close(store);
    return rc;
}

static atl_code copy_into(struct atl_store *store, const char *path, struct atl_error *err)
{
    sqlite3_stmt *stmt = NULL;
    atl_code code = ATL_OK;
    int rc;

    rc = sqlite3_prepare_v2(store->db, "VACUUM INTO ?", -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_text(stmt, 1, path, -1, SQLITE_TRANSIENT);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc != SQLITE_DONE)
        code = atl_db_fail(store, rc, "store: copy", err);
    sqlite3_finalize(stmt);
    return code;
}

// The copy is nobody's database yet, so it may be opened by other means.
static atl_code flush(const char *path, struct atl_error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    atl_code rc = ATL_OK;

    if (fd < 0 || fsync(fd) < 0)
        rc = atl_fail(err, ATL_E_IO, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return rc;
}

static void remove_copy(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    char full[ATL_DB_PATH_SIZE];

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (atl_db_path(full, path, suffixes[i], NULL) == ATL_OK)
            unlink(full);
    }
}

atl_code atl_db_copy_verified(struct atl_store *store, const char *path, struct atl_error *err)
{
    char part[ATL_DB_PATH_SIZE];
    atl_code rc;

    rc = atl_db_path(part, path, ".part", err);
    if (rc)
        return rc;
    remove_copy(part);
    rc = atl_db_make_empty(part, err);
    if (!rc)
        rc = copy_into(store, part, err);
    if (!rc)
        rc = atl_db_verify_all(part, err);
    if (!rc)
        rc = flush(part, err);
    if (!rc && renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE) < 0)
        rc = atl_fail(err, errno == EEXIST ? ATL_E_CONFLICT : ATL_E_IO, "%s: %s", path,
                      strerror(errno));
    if (!rc)
        rc = atl_db_sync_folder(path, err);
    else
        remove_copy(part);
    return rc;
}

atl_code atl_store_backup(struct atl_store *store, const char *path, struct atl_error *err)
{
    struct stat info;

    if (store->in_transaction)
        return atl_fail(err, ATL_E_INVALID, "store: no backup inside a transaction");
    if (lstat(path, &info) == 0)
        return atl_fail(err, ATL_E_CONFLICT, "%s exists already: name another file", path);
    return atl_db_copy_verified(store, path, err);
}
