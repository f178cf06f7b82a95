// SPDX-License-Identifier: Apache-2.0
// Salvage, second half: the new store around the rows, and what has to be mended so that the shop
// can go on: orders without their row, the chain's gaps, papers of which nobody knows.
#include "plugin/store/salvage.h"

#include "plugin/store/columns.h"
#include "plugin/store/events.h"
#include "plugin/store/jobs.h"
#include "plugin/store/orders.h"
#include "plugin/store/salvage_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char why_held[] = "the store was salvaged: look whether this was printed already";

// --- the damaged store ---

static atl_code open_damaged(const char *path, sqlite3 **out, struct atl_error *err)
{
    struct stat info;
    atl_code code = ATL_OK;
    int rc;

    if (stat(path, &info) < 0)
        return atl_fail(err, ATL_E_NOT_FOUND, "%s: there is no such file", path);
    rc = sqlite3_open_v2(path, out,
                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_db_config(*out, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        rc = sqlite3_exec(*out,
                          "PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF;"
                          "PRAGMA query_only=ON; SELECT count(*) FROM sqlite_schema;",
                          NULL, NULL, NULL);
    }
    if (rc != SQLITE_OK) {
        code = atl_fail(err, ATL_E_CORRUPT, "%s cannot be salvaged (%s): restore a backup", path,
                        sqlite3_errmsg(*out));
        sqlite3_close(*out);
        *out = NULL;
    }
    return code;
}

// The highest number ever given in a table, as the damaged store remembers it; 0: it does not.
static int64_t highest_given(sqlite3 *from, const char *table)
{
    sqlite3_stmt *stmt = NULL;
    int64_t highest = 0;

    if (sqlite3_prepare_v2(from, "SELECT seq FROM sqlite_sequence WHERE name=?", -1, &stmt, NULL) ==
        SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC);
        if (sqlite3_step(stmt) == SQLITE_ROW)
            highest = sqlite3_column_int64(stmt, 0);
    }
    sqlite3_finalize(stmt);
    return highest;
}

// --- what has to be mended ---

static atl_code run_number(struct atl_store *to, const char *query, int64_t number, int *changes,
                           struct atl_error *err)
{
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(to, query, &sql, err);
    if (rc)
        return rc;
    if (sqlite3_bind_parameter_count(sql.stmt))
        atl_sql_number(&sql, number);
    return atl_sql_run(&sql, changes, err);
}

// No number is given twice, whatever was lost at the end.
static atl_code keep_numbers(sqlite3 *from, struct atl_store *to, struct atl_error *err)
{
    static const char *const tables[] = {"event", "job", "outbox", "request", "run"};
    static const char add[] = "INSERT INTO sqlite_sequence(name,seq) SELECT ?1,0 WHERE NOT EXISTS"
                              " (SELECT 1 FROM sqlite_sequence WHERE name=?1)";
    static const char raise[] = "UPDATE sqlite_sequence SET seq=max(seq,?2) WHERE name=?1";

    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct atl_sql sql;
        atl_code rc;

        rc = atl_sql_write(to, add, &sql, err);
        if (rc)
            return rc;
        atl_sql_put_text(&sql, tables[i]);
        rc = atl_sql_run(&sql, NULL, err);
        if (!rc)
            rc = atl_sql_write(to, raise, &sql, err);
        if (rc)
            return rc;
        atl_sql_put_text(&sql, tables[i]);
        atl_sql_number(&sql, highest_given(from, tables[i]));
        rc = atl_sql_run(&sql, NULL, err);
        if (rc)
            return rc;
    }
    return ATL_OK;
}

// Marks every place where an event does not follow from the one before it.
static atl_code mark_gaps(struct atl_store *to, int64_t *gaps, struct atl_error *err)
{
    static const char mark[] = "INSERT OR IGNORE INTO event_gap(n) VALUES(?)";

    for (;;) {
        struct atl_chain chain = {0};
        struct atl_error why = {0};
        int64_t before = 0;
        int changes = 0;
        static const char last[] = "SELECT ifnull(max(sequence),0) FROM event WHERE sequence<?";
        struct atl_sql sql;
        atl_code rc;

        rc = atl_events_verify(to, 0, &chain, &why);
        *gaps = chain.gap_count;
        if (!rc || rc != ATL_E_CORRUPT)
            return rc ? atl_fail(err, rc, "%s", why.text) : ATL_OK;
        rc = atl_sql_read(to, last, &sql, err);
        if (rc)
            return rc;
        atl_sql_number(&sql, chain.first_bad);
        rc = atl_sql_row(&sql, err);
        if (!rc)
            before = atl_sql_number(&sql, 0);
        atl_sql_end(&sql);
        if (!rc)
            rc = run_number(to, mark, before, &changes, err);
        if (!rc && !changes) // it is no gap
            rc = atl_fail(err, ATL_E_CORRUPT, "%s", why.text);
        if (rc)
            return rc;
    }
}

// Notes are covered by the HMAC in their event; one that is another now is not kept.
static atl_code drop_bad_notes(struct atl_store *to, struct atl_error *err)
{
    static const char list[] =
        "SELECT event_note.n,note,text_mac,salt FROM event_note JOIN event ON "
        "event.sequence=event_note.n"
        " JOIN orders ON orders.id=event.order_id WHERE erased_ms=0 AND event_note.n>? ORDER BY "
        "event_note.n LIMIT 1";
    static const char drop[] = "DELETE FROM event_note WHERE n=?";
    static const char orphans[] = "DELETE FROM event_note WHERE n NOT IN"
                                  " (SELECT sequence FROM event WHERE has_text_mac=1)";
    int64_t n = 0;
    atl_code rc;

    rc = run_number(to, orphans, 0, NULL, err);
    while (!rc) {
        uint8_t mac[ATL_HASH_BYTES];
        uint8_t said[ATL_HASH_BYTES];
        uint8_t salt[ATL_DIGEST_BYTES];
        char note[ATL_NOTE_SIZE];
        bool is_bad;
        struct atl_sql sql;

        rc = atl_sql_read(to, list, &sql, err);
        if (rc)
            return rc;
        atl_sql_number(&sql, n);
        rc = atl_sql_row(&sql, err);
        if (!rc) {
            n = atl_sql_number(&sql, 0);
            ATL_SQL_TEXT(&sql, note);
            atl_sql_bytes(&sql, said, sizeof said);
            atl_sql_bytes(&sql, salt, sizeof salt);
        }
        is_bad = sql.is_bad;
        atl_sql_end(&sql);
        if (rc)
            break;
        atl_hash_hmac(salt, sizeof salt, note, strlen(note), mac);
        if (is_bad || !atl_hash_equal(mac, said, sizeof mac))
            rc = run_number(to, drop, n, NULL, err);
    }
    return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
}

// An order of which only pieces are left. It is treated as a gift, because nobody knows whether it
// was one.
static atl_code add_bare_order(struct atl_store *to, const char *id, const char *piece_code,
                               int64_t now_ms, struct atl_error *err)
{
    static const char put[] =
        "INSERT INTO orders(" ATL_ORDER_COLUMNS ",sum) VALUES(" ATL_ORDER_MARKS ",?)";
    struct atl_order order = {.wish.is_gift = true, .issue = 1, .created_ms = now_ms};
    struct atl_sql sql;
    atl_code rc;

    snprintf(order.id, sizeof order.id, "%s", id);
    snprintf(order.code, sizeof order.code, "%.*s", (int)strcspn(piece_code, "/"), piece_code);
    snprintf(order.transaction.uuid, sizeof order.transaction.uuid, "salvaged-%s", id);
    rc = atl_sql_write(to, put, &sql, err);
    if (rc)
        return rc;
    atl_order_fields(&sql, &order);
    return atl_sql_run(&sql, NULL, err);
}

static atl_code add_bare_orders(struct atl_store *to, int64_t now_ms, int64_t *count,
                                struct atl_error *err)
{
    static const char find[] = "SELECT order_id,code FROM piece WHERE order_id NOT IN"
                               " (SELECT id FROM orders) LIMIT 1";
    atl_code rc = ATL_OK;

    while (!rc) {
        char id[ATL_ORDER_ID_SIZE];
        char code[ATL_PIECE_CODE_SIZE];
        struct atl_sql sql;

        rc = atl_sql_read(to, find, &sql, err);
        if (rc)
            return rc;
        rc = atl_sql_row(&sql, err);
        if (!rc) {
            ATL_SQL_TEXT(&sql, id);
            ATL_SQL_TEXT(&sql, code);
        }
        atl_sql_end(&sql);
        if (!rc)
            rc = add_bare_order(to, id, code, now_ms, err);
        *count += !rc;
    }
    return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
}

static atl_code drop_orphans(struct atl_store *to, struct atl_error *err)
{
    static const char answers[] =
        "DELETE FROM answers WHERE piece_id NOT IN (SELECT id FROM piece)";
    static const char links[] = "DELETE FROM link WHERE order_id NOT IN (SELECT id FROM orders)";
    atl_code rc;

    rc = run_number(to, answers, 0, NULL, err);
    if (!rc)
        rc = run_number(to, links, 0, NULL, err);
    return rc;
}

static atl_code tell(struct atl_store *to, const char *order_id, const char *why, int64_t now_ms,
                     struct atl_error *err)
{
    const struct atl_by by = {.origin = ATL_ORIGIN_CLOCK, .at_ms = now_ms};
    struct atl_event event = {.kind = ATL_EVENT_SALVAGED};

    snprintf(event.order_id, sizeof event.order_id, "%s", order_id);
    snprintf(event.why, sizeof event.why, "%s", why);
    return atl_events_add(to, &event, &by, NULL, err);
}

// Orders that lost pieces say so once and count what is left.
static atl_code count_pieces(struct atl_store *to, int64_t now_ms, int64_t *count,
                             struct atl_error *err)
{
    static const char find[] =
        "SELECT id,(SELECT count(*) FROM piece WHERE order_id=orders.id) AS found FROM orders"
        " WHERE piece_count<>found LIMIT 1";
    atl_code rc = ATL_OK;

    while (!rc) {
        char id[ATL_ORDER_ID_SIZE];
        char why[ATL_WHY_SIZE];
        struct atl_order order = {0};
        int64_t found = 0;
        struct atl_sql sql;

        rc = atl_sql_read(to, find, &sql, err);
        if (rc)
            return rc;
        rc = atl_sql_row(&sql, err);
        if (!rc) {
            ATL_SQL_TEXT(&sql, id);
            found = atl_sql_number(&sql, 0);
        }
        atl_sql_end(&sql);
        if (!rc)
            rc = atl_orders_find(to, id, &order, err);
        if (rc)
            break;
        snprintf(why, sizeof why, "%" PRId64 " pieces found, %d expected", found,
                 order.piece_count);
        order.piece_count = (int32_t)found;
        rc = atl_orders_write(to, &order, err);
        if (!rc)
            rc = tell(to, id, why, now_ms, err);
        ++*count;
    }
    return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
}

static atl_code settle_jobs(struct atl_store *to, int64_t now_ms, struct atl_salvage_report *report,
                            struct atl_error *err)
{
    static const char find[] = "SELECT n FROM job WHERE state IN (1,2) ORDER BY n LIMIT 1";
    atl_code rc;

    for (;;) {
        struct atl_job job = {0};
        int64_t id = 0;

        rc = atl_sql_one(to, find, NULL, 0, &id, err);
        if (rc || !id)
            return rc;
        rc = atl_jobs_find(to, id, &job, err);
        if (rc)
            return rc;
        report->jobs_unknown += job.state == ATL_JOB_SENDING;
        report->jobs_held += job.state == ATL_JOB_QUEUED;
        job.ended_ms = job.state == ATL_JOB_SENDING ? now_ms : 0;
        job.state = job.state == ATL_JOB_SENDING ? ATL_JOB_UNKNOWN : ATL_JOB_HELD;
        job.lease_ms = 0;
        atl_job_say(job.why, why_held);
        rc = atl_jobs_write(to, &job, err);
        if (rc)
            return rc;
    }
}

// Rows of these tables are never deleted: what is not there was lost.
static void count_missing(sqlite3 *from, struct atl_store *to, struct atl_salvage_report *report)
{
    static const char *const kept[] = {"orders", "link", "piece", "event"};

    for (size_t i = 0; i < report->table_count; i++) {
        struct atl_salvage_count *count = &report->tables[i];
        for (size_t k = 0; k < sizeof kept / sizeof kept[0]; k++) {
            char query[96];
            int64_t highest = 0;
            if (strcmp(kept[k], count->table) != 0)
                continue;
            snprintf(query, sizeof query, "SELECT ifnull(max(rowid),0) FROM %s", kept[k]);
            if (atl_db_number(to, query, &highest, NULL))
                continue;
            if (highest_given(from, kept[k]) > highest)
                highest = highest_given(from, kept[k]);
            count->missing = highest - count->saved;
        }
    }
}

static atl_code mend(sqlite3 *from, struct atl_store *to, int64_t now_ms,
                     struct atl_salvage_report *report, struct atl_error *err)
{
    atl_code rc;

    count_missing(from, to, report);
    rc = keep_numbers(from, to, err);
    if (!rc)
        rc = drop_bad_notes(to, err);
    if (!rc)
        rc = add_bare_orders(to, now_ms, &report->orders_bare, err);
    if (!rc)
        rc = drop_orphans(to, err);
    if (!rc)
        rc = mark_gaps(to, &report->chain_gaps, err);
    if (!rc)
        rc = count_pieces(to, now_ms, &report->orders_short, err);
    if (!rc)
        rc = settle_jobs(to, now_ms, report, err);
    if (!rc)
        rc = tell(to, "", "this store was salvaged from a damaged one", now_ms, err);
    if (!rc)
        rc = atl_store_setting_put(to, ATL_STORE_TELL_ANEW, "0", err);
    return rc;
}

static atl_code copy_all(sqlite3 *from, struct atl_store *to, int64_t now_ms,
                         struct atl_salvage_report *report, struct atl_error *err)
{
    uint8_t fresh_key[ATL_HASH_BYTES];
    atl_code rc = ATL_OK;

    memcpy(fresh_key, to->tag_key, sizeof fresh_key);
    for (size_t i = 0; i < atl_table_count && !rc; i++)
        rc = atl_salvage_table(from, to, &atl_tables[i], &report->tables[report->table_count++],
                               err);
    if (!rc)
        rc = atl_db_make_keys(to, true, err);
    if (!rc)
        rc = atl_db_load_keys(to, err);
    report->has_keys = !atl_hash_equal(fresh_key, to->tag_key, sizeof fresh_key);
    if (!rc)
        rc = mend(from, to, now_ms, report, err);
    return rc;
}

static atl_code fill(sqlite3 *from, const char *made, int64_t now_ms,
                     struct atl_salvage_report *report, struct atl_error *err)
{
    struct atl_store *to = NULL;
    atl_code rc;

    rc = atl_store_open(made, ATL_STORE_WORKER, &to, err);
    if (!rc)
        rc = atl_db_exec(to, "PRAGMA foreign_keys=OFF", err); // mended before the commit
    if (!rc)
        rc = atl_store_begin(to, err);
    if (!rc) {
        rc = copy_all(from, to, now_ms, report, err);
        rc = atl_own_end(to, true, rc, err);
    }
    atl_store_close(to);
    if (!rc)
        rc = atl_db_verify_all(made, err);
    return rc;
}

static void remove_made(const char *made)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".epoch"};
    char full[ATL_DB_PATH_SIZE];

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (atl_db_path(full, made, suffixes[i], NULL) == ATL_OK)
            unlink(full);
    }
}

atl_code atl_store_salvage(const char *damaged_path, const char *new_path, int64_t now_ms,
                           struct atl_salvage_report *report, struct atl_error *err)
{
    char made[ATL_DB_PATH_SIZE];
    struct atl_salvage_report found = {0};
    struct stat info;
    sqlite3 *from = NULL;
    atl_code rc;

    if (lstat(new_path, &info) == 0)
        return atl_fail(err, ATL_E_CONFLICT, "%s exists already", new_path);
    rc = atl_db_path(made, new_path, ".new", err);
    if (!rc)
        rc = open_damaged(damaged_path, &from, err);
    if (rc)
        return rc;
    remove_made(made);
    rc = atl_db_create_file(made, err);
    if (!rc)
        rc = fill(from, made, now_ms, &found, err);
    sqlite3_close(from);
    if (!rc)
        rc = atl_db_install(made, new_path, err);
    remove_made(made);
    if (!rc)
        *report = found;
    return rc;
}
