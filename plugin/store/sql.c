// SPDX-License-Identifier: Apache-2.0
// Statements and rows; see db.h.
#include "plugin/store/db.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

// SQLite's primary result codes and ours. `is_over`: SQLite may have rolled back by itself.
static const struct {
    int rc;
    atl_code code;
    bool is_over;
} meanings[] = {
    {SQLITE_BUSY,       ATL_E_BUSY,        false},
    {SQLITE_LOCKED,     ATL_E_BUSY,        false},
    {SQLITE_CONSTRAINT, ATL_E_CONFLICT,    false},
    {SQLITE_FULL,       ATL_E_FULL,        true },
    {SQLITE_NOMEM,      ATL_E_NOMEM,       true },
    {SQLITE_CORRUPT,    ATL_E_CORRUPT,     true },
    {SQLITE_NOTADB,     ATL_E_CORRUPT,     true },
    {SQLITE_INTERRUPT,  ATL_E_TIMEOUT,     true },
    {SQLITE_TOOBIG,     ATL_E_NOMEM,       false},
    {SQLITE_READONLY,   ATL_E_UNSUPPORTED, true },
};

atl_code atl_db_fail(struct atl_store *store, int rc, const char *what, struct atl_error *err)
{
    atl_code code = ATL_E_IO;
    bool is_over = true;

    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (meanings[i].rc == (rc & 0xff)) {
            code = meanings[i].code;
            is_over = meanings[i].is_over;
        }
    }
    // The shared memory beside the file meets a full disk as an I/O error.
    if (code == ATL_E_IO && store->db && sqlite3_system_errno(store->db) == ENOSPC)
        code = ATL_E_FULL;
    if (code == ATL_E_FULL)
        atl_db_ballast_give_up(store->path);
    if (store->in_transaction && is_over)
        store->spent = code;
    return atl_fail(err, code, "%s: %s", what,
                    store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(rc));
}

atl_code atl_db_exec(struct atl_store *store, const char *sql, struct atl_error *err)
{
    const int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

    if (rc != SQLITE_OK)
        return atl_db_fail(store, rc, "store", err);
    return ATL_OK;
}

static atl_code prepare(struct atl_store *store, const char *text, sqlite3_stmt **out,
                        struct atl_error *err)
{
    struct atl_statement *next = &store->statements[store->statement_count];
    int rc;

    if (store->statement_count == ATL_DB_MAX_STATEMENTS)
        return atl_fail(err, ATL_E_NOMEM, "store: more than %d statements", ATL_DB_MAX_STATEMENTS);
    rc = sqlite3_prepare_v3(store->db, text, -1, SQLITE_PREPARE_PERSISTENT, &next->stmt, NULL);
    if (rc != SQLITE_OK)
        return atl_db_fail(store, rc, "store: statement", err);
    next->sql = text;
    store->statement_count++;
    *out = next->stmt;
    return ATL_OK;
}

atl_code atl_sql_read(struct atl_store *store, const char *sql, struct atl_sql *out,
                      struct atl_error *err)
{
    sqlite3_stmt *stmt = NULL;

    for (size_t i = 0; i < store->statement_count && !stmt; i++) {
        if (store->statements[i].sql == sql)
            stmt = store->statements[i].stmt;
    }
    if (!stmt) {
        const atl_code rc = prepare(store, sql, &stmt, err);
        if (rc)
            return rc;
    }
    *out = (struct atl_sql){.store = store, .stmt = stmt};
    atl_hash_init(&out->hash);
    return ATL_OK;
}

atl_code atl_sql_write(struct atl_store *store, const char *sql, struct atl_sql *out,
                       struct atl_error *err)
{
    if (!store->in_transaction)
        return atl_fail(err, ATL_E_INVALID, "store: nothing is written outside of a transaction");
    if (store->spent)
        return atl_fail(err, store->spent, "store: the transaction is spent, roll it back");
    return atl_sql_read(store, sql, out, err);
}

void atl_sql_end(struct atl_sql *sql)
{
    if (!sql->stmt)
        return;
    sqlite3_reset(sql->stmt);
    sqlite3_clear_bindings(sql->stmt);
    sql->stmt = NULL;
}

static void bound(struct atl_sql *sql, int rc)
{
    if (sql->rc == SQLITE_OK)
        sql->rc = rc;
}

// STRICT tables hold what was declared; another type here is damage.
static bool has_type(struct atl_sql *sql, int type)
{
    if (sqlite3_column_type(sql->stmt, sql->at) == type)
        return true;
    sql->is_bad = true;
    return false;
}

int64_t atl_sql_number(struct atl_sql *sql, int64_t value)
{
    if (!sql->is_reading) {
        bound(sql, sqlite3_bind_int64(sql->stmt, ++sql->at, value));
    } else {
        value = has_type(sql, SQLITE_INTEGER) ? sqlite3_column_int64(sql->stmt, sql->at) : 0;
        sql->at++;
    }
    atl_hash_add_number(&sql->hash, value);
    return value;
}

void atl_sql_put_text(struct atl_sql *sql, const char *text)
{
    const char *const value = text ? text : "";

    bound(sql, sqlite3_bind_text(sql->stmt, ++sql->at, value, -1, SQLITE_TRANSIENT));
    atl_hash_add_text(&sql->hash, value);
}

void atl_sql_text(struct atl_sql *sql, char *text, size_t size)
{
    size_t len;

    if (!sql->is_reading) {
        atl_sql_put_text(sql, text);
        return;
    }
    text[0] = 0;
    if (has_type(sql, SQLITE_TEXT)) {
        const unsigned char *value = sqlite3_column_text(sql->stmt, sql->at);
        len = (size_t)sqlite3_column_bytes(sql->stmt, sql->at);
        if (value && len < size && !memchr(value, 0, len))
            memcpy(text, value, len + 1);
        else
            sql->is_bad = true;
    }
    sql->at++;
    atl_hash_add_text(&sql->hash, text);
}

void atl_sql_put_bytes(struct atl_sql *sql, const void *bytes, size_t len)
{
    // An empty block must not become NULL.
    bound(sql, sqlite3_bind_blob64(sql->stmt, ++sql->at, len ? bytes : "", len, SQLITE_TRANSIENT));
    atl_hash_add_bytes(&sql->hash, len ? bytes : "", len);
}

void atl_sql_block(struct atl_sql *sql, void *bytes, size_t cap, size_t *len)
{
    if (!sql->is_reading) {
        atl_sql_put_bytes(sql, bytes, *len);
        return;
    }
    *len = 0;
    if (has_type(sql, SQLITE_BLOB)) {
        const void *value = sqlite3_column_blob(sql->stmt, sql->at);
        const size_t size = (size_t)sqlite3_column_bytes(sql->stmt, sql->at);
        if (size > cap)
            sql->is_bad = true;
        else if (size)
            memcpy(bytes, value, size);
        *len = size > cap ? 0 : size;
    }
    sql->at++;
    atl_hash_add_bytes(&sql->hash, *len ? bytes : "", *len);
}

void atl_sql_bytes(struct atl_sql *sql, void *bytes, size_t len)
{
    size_t got = len;

    if (sql->is_reading)
        memset(bytes, 0, len);
    atl_sql_block(sql, bytes, len, &got);
    if (got != len)
        sql->is_bad = true;
}

void atl_sql_sum(struct atl_sql *sql)
{
    const int64_t sum = atl_hash_end_row(&sql->hash);

    if (!sql->is_reading)
        bound(sql, sqlite3_bind_int64(sql->stmt, ++sql->at, sum));
    else if (!has_type(sql, SQLITE_INTEGER) || sqlite3_column_int64(sql->stmt, sql->at++) != sum)
        sql->is_bad = true;
}

atl_code atl_sql_row(struct atl_sql *sql, struct atl_error *err)
{
    int rc = sql->rc;

    if (rc == SQLITE_OK)
        rc = sqlite3_step(sql->stmt);
    if (rc == SQLITE_DONE)
        return ATL_E_NOT_FOUND;
    if (rc != SQLITE_ROW)
        return atl_db_fail(sql->store, rc, "store", err);
    sql->is_reading = true;
    sql->is_bad = false;
    sql->at = 0;
    atl_hash_init(&sql->hash);
    return ATL_OK;
}

atl_code atl_sql_check(struct atl_sql *sql, const char *table, const char *id,
                       struct atl_error *err)
{
    if (sql->is_bad)
        return atl_fail(err, ATL_E_CORRUPT, "row of %s \"%s\" is damaged: stop and run salvage",
                        table, id);
    return ATL_OK;
}

atl_code atl_sql_run(struct atl_sql *sql, int *changes, struct atl_error *err)
{
    int rc = sql->rc;
    atl_code code = ATL_OK;

    while (rc == SQLITE_OK || rc == SQLITE_ROW)
        rc = sqlite3_step(sql->stmt);
    if (rc != SQLITE_DONE)
        code = atl_db_fail(sql->store, rc, "store", err);
    else if (changes)
        *changes = sqlite3_changes(sql->store->db);
    atl_sql_end(sql);
    return code;
}

atl_code atl_sql_one(struct atl_store *store, const char *query, const char *text, int64_t none,
                     int64_t *out, struct atl_error *err)
{
    struct atl_sql sql = {0};
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    if (text)
        atl_sql_put_text(&sql, text);
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        const int64_t found = atl_sql_number(&sql, 0);
        rc = atl_sql_check(&sql, "number", text ? text : "", err);
        if (!rc)
            *out = found;
    } else if (rc == ATL_E_NOT_FOUND) {
        *out = none;
        rc = ATL_OK;
    }
    atl_sql_end(&sql);
    return rc;
}

atl_code atl_db_copy(char *out, size_t size, const char *text, const char *name,
                     struct atl_error *err)
{
    const size_t len = text ? strlen(text) : 0;

    if (len >= size)
        return atl_fail(err, ATL_E_INVALID, "%s is longer than %zu bytes", name, size - 1);
    if (len)
        memcpy(out, text, len);
    out[len] = 0;
    return ATL_OK;
}
