// SPDX-License-Identifier: Apache-2.0
// The ledger in one SQLite file: WAL, synchronous=FULL, every writing transaction BEGIN IMMEDIATE.
#include "cloud/ledger_db.h"

#include "cloud/clock.h"
#include "cloud/ledger_schema.h"
#include "cloud/ledger_sql.h"

#include <errno.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    BUSY_MS = 1000, // then 503: the pages of this process wait as long
    WAL_RETRY_MS = 20,
    ASK_OTHERS_MS = 20, // how old the knowledge of other processes' commits may be
};

struct atl_ledger {
    sqlite3 *db;                         // owned
    sqlite3_stmt *statements[SQL_COUNT]; // owned; made when first needed
    int64_t change;                      // of the transaction that is open
    bool is_open;                        // a transaction is
    uint64_t commits;                    // of ours
    uint64_t others;                     // SQLite's data_version when asked last
    int64_t asked_ms;
    char epoch[16];
};

// Statements.

static atl_code fail(const struct atl_ledger *ledger, int rc, struct atl_error *err)
{
    atl_code code = rc == SQLITE_BUSY || rc == SQLITE_LOCKED      ? ATL_E_BUSY
                    : rc == SQLITE_FULL                           ? ATL_E_FULL
                    : rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB ? ATL_E_CORRUPT
                    : rc == SQLITE_NOMEM                          ? ATL_E_NOMEM
                                                                  : ATL_E_IO;
    return atl_fail(err, code, "ledger: %s", sqlite3_errmsg(ledger->db));
}

static void bind(sqlite3_stmt *statement, const struct atl_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int at = (int)i + 1;
        switch (values[i].type) {
        case ATL_VALUE_NUMBER:
            (void)sqlite3_bind_int64(statement, at, values[i].number);
            break;
        case ATL_VALUE_TEXT:
            (void)sqlite3_bind_text(statement, at, values[i].text ? values[i].text : "", -1,
                                    SQLITE_STATIC);
            break;
        case ATL_VALUE_HASH:
            (void)sqlite3_bind_blob(statement, at, values[i].hash, ATL_HASH_BYTES, SQLITE_STATIC);
            break;
        }
    }
}

// The statement, bound and ready for its first step.
static atl_code ready(struct atl_ledger *ledger, enum atl_sql id, const struct atl_value *values,
                      size_t count, sqlite3_stmt **out, struct atl_error *err)
{
    sqlite3_stmt **statement = &ledger->statements[id];
    if (!*statement) {
        int rc = sqlite3_prepare_v3(ledger->db, sql_text[id], -1, SQLITE_PREPARE_PERSISTENT,
                                    statement, NULL);
        if (rc)
            return fail(ledger, rc, err);
    }
    bind(*statement, values, count);
    *out = *statement;
    return ATL_OK;
}

atl_code atl_db_run(struct atl_ledger *ledger, enum atl_sql id, const struct atl_value *values,
                    size_t count, struct atl_error *err)
{
    sqlite3_stmt *statement;
    atl_code code = ready(ledger, id, values, count, &statement, err);
    if (code)
        return code;
    int rc;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW)
        ;
    if (rc != SQLITE_DONE)
        code = fail(ledger, rc, err);
    (void)sqlite3_reset(statement);
    return code;
}

// A row is the statement that stands on it.
static sqlite3_stmt *statement_of(struct atl_row *row)
{
    return (sqlite3_stmt *)(void *)row;
}

atl_code atl_db_find(struct atl_ledger *ledger, enum atl_sql id, const struct atl_value *values,
                     size_t count, struct atl_row **row, struct atl_error *err)
{
    sqlite3_stmt *statement;
    atl_code code = ready(ledger, id, values, count, &statement, err);
    if (code)
        return code;
    int rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW) {
        *row = (struct atl_row *)(void *)statement;
        return ATL_OK;
    }
    code = rc == SQLITE_DONE ? ATL_E_NOT_FOUND : fail(ledger, rc, err);
    (void)sqlite3_reset(statement);
    return code;
}

bool atl_db_next(struct atl_row *row)
{
    return sqlite3_step(statement_of(row)) == SQLITE_ROW;
}

int64_t atl_db_number(struct atl_row *row, int column)
{
    return sqlite3_column_int64(statement_of(row), column);
}

const char *atl_db_text(struct atl_row *row, int column)
{
    const unsigned char *text = sqlite3_column_text(statement_of(row), column);
    return text ? (const char *)text : "";
}

void atl_db_copy(struct atl_row *row, int column, char *out, size_t cap)
{
    (void)snprintf(out, cap, "%s", atl_db_text(row, column));
}

void atl_db_done(struct atl_row *row)
{
    (void)sqlite3_reset(statement_of(row));
}

atl_code atl_db_find_number(struct atl_ledger *ledger, enum atl_sql id,
                            const struct atl_value *values, size_t count, int64_t *out,
                            struct atl_error *err)
{
    struct atl_row *row;
    atl_code rc = atl_db_find(ledger, id, values, count, &row, err);
    if (rc)
        return rc;
    *out = atl_db_number(row, 0);
    atl_db_done(row);
    return ATL_OK;
}

int64_t atl_db_written(const struct atl_ledger *ledger)
{
    return sqlite3_changes(ledger->db);
}

int64_t atl_db_last_id(const struct atl_ledger *ledger)
{
    return sqlite3_last_insert_rowid(ledger->db);
}

int64_t atl_db_change(const struct atl_ledger *ledger)
{
    return ledger->change;
}

const char *atl_db_epoch(const struct atl_ledger *ledger)
{
    return ledger->epoch;
}

// Opening.

static atl_code exec(struct atl_ledger *ledger, const char *sql, struct atl_error *err)
{
    int rc = sqlite3_exec(ledger->db, sql, NULL, NULL, NULL);
    return rc ? fail(ledger, rc, err) : ATL_OK;
}

static atl_code pragma_number(struct atl_ledger *ledger, const char *sql, int64_t *out,
                              struct atl_error *err)
{
    sqlite3_stmt *statement;
    int rc = sqlite3_prepare_v2(ledger->db, sql, -1, &statement, NULL);
    if (!rc && (rc = sqlite3_step(statement)) == SQLITE_ROW) {
        *out = sqlite3_column_int64(statement, 0);
        rc = SQLITE_OK;
    }
    atl_code code = rc ? fail(ledger, rc, err) : ATL_OK;
    (void)sqlite3_finalize(statement);
    return code;
}

static atl_code create(struct atl_ledger *ledger, struct atl_error *err)
{
    char stamp[96];
    (void)snprintf(stamp, sizeof stamp, "PRAGMA application_id=%d; PRAGMA user_version=%d;",
                   ATL_LEDGER_APPLICATION_ID, ATL_LEDGER_VERSION);
    int64_t version = 0;
    atl_code rc = exec(ledger, "BEGIN IMMEDIATE", err);
    if (rc || (rc = pragma_number(ledger, "PRAGMA user_version", &version, err)))
        return rc;
    if (version == 0 &&
        ((rc = exec(ledger, atl_ledger_schema, err)) || (rc = exec(ledger, stamp, err)))) {
        (void)exec(ledger, "ROLLBACK", NULL);
        return rc;
    }
    return exec(ledger, "COMMIT", err);
}

static atl_code check_version(struct atl_ledger *ledger, struct atl_error *err)
{
    int64_t version = 0, application = 0;
    atl_code rc;
    if ((rc = pragma_number(ledger, "PRAGMA user_version", &version, err)) ||
        (rc = pragma_number(ledger, "PRAGMA application_id", &application, err)))
        return rc;
    if (version == 0)
        return create(ledger, err);
    if (application != ATL_LEDGER_APPLICATION_ID)
        return atl_fail(err, ATL_E_INVALID, "the file is of another program");
    if (version != ATL_LEDGER_VERSION)
        return atl_fail(err, ATL_E_UNSUPPORTED, "the file is of version %lld, this program of %d",
                        (long long)version, ATL_LEDGER_VERSION);
    return ATL_OK;
}

// The change to WAL does not wait for another process that makes it at the same moment, whatever
// the busy time-out says: so it is tried again for as long.
static atl_code enter_wal(struct atl_ledger *ledger, struct atl_error *err)
{
    atl_code rc = exec(ledger, "PRAGMA journal_mode=WAL", err);

    for (int waited_ms = 0; rc == ATL_E_BUSY && waited_ms < BUSY_MS; waited_ms += WAL_RETRY_MS) {
        (void)poll(NULL, 0, WAL_RETRY_MS);
        rc = exec(ledger, "PRAGMA journal_mode=WAL", err);
    }
    return rc;
}

static atl_code set_up(struct atl_ledger *ledger, struct atl_error *err)
{
    (void)sqlite3_busy_timeout(ledger->db, BUSY_MS);
    (void)sqlite3_db_config(ledger->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    atl_code rc;
    struct atl_row *row = NULL;
    if ((rc = enter_wal(ledger, err)) ||
        (rc = exec(ledger,
                   "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                   "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
                   "PRAGMA journal_size_limit=16777216; PRAGMA temp_store=MEMORY;"
                   "PRAGMA cache_size=-16000;",
                   err)) ||
        (rc = check_version(ledger, err)) ||
        (rc = atl_db_find(ledger, SQL_CHANGE_GET, ATL_NO_VALUES, &row, err)))
        return rc;
    atl_db_copy(row, 1, ledger->epoch, sizeof ledger->epoch);
    atl_db_done(row);
    return ATL_OK;
}

atl_code atl_ledger_open(struct atl_ledger **out, const char *folder, struct atl_error *err)
{
    char path[4096];
    if (mkdir(folder, 0700) < 0 && errno != EEXIST)
        return atl_fail(err, ATL_E_IO, "make the folder %s: %s", folder, strerror(errno));
    if (snprintf(path, sizeof path, "%s/ledger.db", folder) >= (int)sizeof path)
        return atl_fail(err, ATL_E_INVALID, "the path of the data folder is too long");
    struct atl_ledger *ledger = calloc(1, sizeof *ledger);
    if (!ledger)
        return atl_fail(err, ATL_E_NOMEM, "no memory for the ledger");
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int rc = sqlite3_open_v2(path, &ledger->db, flags, NULL);
    atl_code code = rc ? fail(ledger, rc, err) : set_up(ledger, err);
    if (code) {
        atl_ledger_close(ledger);
        return atl_wrap(err, code, "open %s", path);
    }
    *out = ledger;
    return ATL_OK;
}

void atl_ledger_close(struct atl_ledger *ledger)
{
    if (!ledger)
        return;
    for (int i = 0; i < SQL_COUNT; i++)
        (void)sqlite3_finalize(ledger->statements[i]);
    (void)sqlite3_close(ledger->db);
    free(ledger);
}

// Transactions.

atl_code atl_ledger_begin(struct atl_ledger *ledger, struct atl_error *err)
{
    atl_code rc = atl_db_run(ledger, SQL_BEGIN, ATL_NO_VALUES, err);
    if (rc)
        return rc;
    ledger->is_open = true;
    return atl_db_find_number(ledger, SQL_CHANGE_NEXT, ATL_NO_VALUES, &ledger->change, err);
}

atl_code atl_ledger_commit(struct atl_ledger *ledger, struct atl_error *err)
{
    atl_code rc = atl_db_run(ledger, SQL_COMMIT, ATL_NO_VALUES, err);
    if (rc)
        return rc;
    ledger->is_open = false;
    ledger->commits++;
    return ATL_OK;
}

void atl_ledger_rollback(struct atl_ledger *ledger)
{
    // A full disk may have rolled it back already.
    if (ledger->is_open && !sqlite3_get_autocommit(ledger->db))
        (void)!atl_db_run(ledger, SQL_ROLLBACK, ATL_NO_VALUES, NULL);
    ledger->is_open = false;
}

atl_code atl_ledger_store(struct atl_ledger *ledger, const char *name, int64_t *id,
                          struct atl_error *err)
{
    atl_code rc = atl_db_find_number(ledger, SQL_STORE_FIND, ATL_VALUES(ATL_T(name)), id, err);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    if ((rc = atl_db_run(ledger, SQL_STORE_ADD, ATL_VALUES(ATL_T(name)), err)))
        return rc;
    *id = sqlite3_last_insert_rowid(ledger->db);
    return ATL_OK;
}

atl_code atl_ledger_heard(struct atl_ledger *ledger, int64_t store, int64_t now_ms,
                          struct atl_error *err)
{
    return atl_db_run(ledger, SQL_STORE_HEARD,
                      ATL_VALUES(ATL_N(store), ATL_N(now_ms), ATL_N(ledger->change)), err);
}

atl_code atl_db_begin_read(struct atl_ledger *ledger, struct atl_error *err)
{
    return atl_db_run(ledger, SQL_BEGIN_READ, ATL_NO_VALUES, err);
}

void atl_db_end_read(struct atl_ledger *ledger)
{
    (void)!atl_db_run(ledger, SQL_COMMIT, ATL_NO_VALUES, NULL);
}

uint64_t atl_ledger_generation(struct atl_ledger *ledger)
{
    int64_t now_ms = atl_clock_monotonic_ms(), version;
    if (now_ms - ledger->asked_ms >= ASK_OTHERS_MS &&
        !atl_db_find_number(ledger, SQL_DATA_VERSION, ATL_NO_VALUES, &version, NULL)) {
        ledger->others = (uint64_t)version;
        ledger->asked_ms = now_ms;
    }
    return ledger->commits + (ledger->others << 32);
}
