// SPDX-License-Identifier: Apache-2.0
// Salvage, first half: rows of one table, upwards until the damage, downwards until it, and one by
// one in between. A row is copied only when it is what was written.
#include "plugin/store/salvage_rows.h"

#include "plugin/store/columns.h"

#include <stdio.h>
#include <string.h>

enum { MAX_POINT_READS = 1000000 };

// One table on its way from the damaged store to the new one.
struct copy {
    const struct atl_table *table;
    sqlite3 *from;
    struct atl_store *to;
    sqlite3_stmt *insert;
    int first; // column of the first value to insert: 0, or 1 where the columns hold the key
    struct atl_salvage_count *count;
    struct atl_error *err;
};

static bool has_key_inside(const struct atl_table *table)
{
    const size_t len = strlen(table->key);

    return strncmp(table->columns, table->key, len) == 0 &&
           (table->columns[len] == ',' || table->columns[len] == 0);
}

static bool is_event(const struct atl_table *table)
{
    return strcmp(table->name, "event") == 0;
}

static bool event_is_whole(struct copy *copy, sqlite3_stmt *row)
{
    struct atl_sql sql = {.store = copy->to, .stmt = row, .at = 1, .is_reading = true};
    struct atl_event event = {0};
    uint8_t hash[ATL_HASH_BYTES];

    atl_hash_init(&sql.hash);
    atl_event_fields(&sql, &event);
    atl_event_hash(&event, hash);
    return !sql.is_bad && atl_hash_equal(hash, event.hash, sizeof hash);
}

static bool is_whole(struct copy *copy, sqlite3_stmt *row)
{
    if (is_event(copy->table))
        return event_is_whole(copy, row);
    return !copy->table->has_sum || atl_db_row_is_whole(row, 1, sqlite3_column_count(row) - 1);
}

// A row that does not fit into a STRICT table, or stands there already, is left out.
static atl_code take_row(struct copy *copy, sqlite3_stmt *row)
{
    const int columns = sqlite3_column_count(row);
    int rc = SQLITE_OK;

    if (!is_whole(copy, row)) {
        copy->count->damaged++;
        return ATL_OK;
    }
    for (int i = copy->first; i < columns && rc == SQLITE_OK; i++)
        rc = sqlite3_bind_value(copy->insert, i - copy->first + 1, sqlite3_column_value(row, i));
    if (rc == SQLITE_OK)
        rc = sqlite3_step(copy->insert);
    sqlite3_reset(copy->insert);
    if (rc == SQLITE_DONE && sqlite3_changes(copy->to->db))
        copy->count->saved++;
    else if ((rc & 0xff) == SQLITE_CONSTRAINT || (rc & 0xff) == SQLITE_MISMATCH)
        copy->count->damaged++;
    else if (rc != SQLITE_DONE)
        return atl_db_fail(copy->to, rc, copy->table->name, copy->err);
    return ATL_OK;
}

// Reads in one direction. *last is the last key that could be read, *is_whole that no damage was
// met on the way.
static atl_code scan(struct copy *copy, const char *direction, int64_t *last, bool *reached_end)
{
    char query[1024];
    sqlite3_stmt *rows = NULL;
    atl_code code = ATL_OK;
    int rc;

    snprintf(query, sizeof query, "SELECT %s,%s FROM %s NOT INDEXED ORDER BY %s %s",
             copy->table->key, copy->table->columns, copy->table->name, copy->table->key,
             direction);
    rc = sqlite3_prepare_v2(copy->from, query, -1, &rows, NULL);
    if (rc == SQLITE_OK) {
        while (!code && (rc = sqlite3_step(rows)) == SQLITE_ROW) {
            *last = sqlite3_column_int64(rows, 0);
            code = take_row(copy, rows);
        }
    }
    *reached_end = rc == SQLITE_DONE;
    sqlite3_finalize(rows);
    return code;
}

// Between the damage seen from below and the damage seen from above.
static atl_code read_points(struct copy *copy, int64_t low, int64_t high)
{
    char query[1024];
    sqlite3_stmt *row = NULL;
    atl_code code = ATL_OK;
    int rc;

    snprintf(query, sizeof query, "SELECT %s,%s FROM %s NOT INDEXED WHERE %s=?", copy->table->key,
             copy->table->columns, copy->table->name, copy->table->key);
    rc = sqlite3_prepare_v2(copy->from, query, -1, &row, NULL);
    if (rc != SQLITE_OK)
        return ATL_OK; // not even the table can be named: nothing to save
    if (high - low > MAX_POINT_READS)
        high = low + MAX_POINT_READS;
    for (int64_t n = low; n <= high && !code; n++) {
        sqlite3_bind_int64(row, 1, n);
        if (sqlite3_step(row) == SQLITE_ROW)
            code = take_row(copy, row);
        sqlite3_reset(row);
    }
    sqlite3_finalize(row);
    return code;
}

static atl_code prepare_insert(struct copy *copy)
{
    const bool is_inside = has_key_inside(copy->table);
    char query[2048];
    size_t columns = 1;
    size_t len;
    int rc;

    for (const char *at = copy->table->columns; *at; at++)
        columns += *at == ',';
    columns += !is_inside;
    // The key and the epoch of the new store give way to those that were saved.
    snprintf(query, sizeof query, "INSERT OR %s INTO %s(%s%s%s) VALUES(?",
             strcmp(copy->table->name, "meta") == 0 ? "REPLACE" : "IGNORE", copy->table->name,
             is_inside ? "" : copy->table->key, is_inside ? "" : ",", copy->table->columns);
    len = strlen(query);
    for (size_t i = 1; i < columns && len + 3 < sizeof query; i++, len += 2)
        memcpy(query + len, ",?", 3);
    memcpy(query + len, ")", 2);
    copy->first = is_inside;
    rc = sqlite3_prepare_v2(copy->to->db, query, -1, &copy->insert, NULL);
    if (rc != SQLITE_OK)
        return atl_db_fail(copy->to, rc, copy->table->name, copy->err);
    return ATL_OK;
}

atl_code atl_salvage_table(sqlite3 *from, struct atl_store *to, const struct atl_table *table,
                           struct atl_salvage_count *count, struct atl_error *err)
{
    struct copy copy = {.table = table, .from = from, .to = to, .count = count, .err = err};
    int64_t low = 0;
    int64_t high = INT64_MAX;
    bool reached_end = false;
    atl_code rc;

    snprintf(count->table, sizeof count->table, "%s", table->name);
    count->missing = -1;
    rc = prepare_insert(&copy);
    if (!rc)
        rc = scan(&copy, "ASC", &low, &reached_end);
    if (!rc && !reached_end) {
        rc = scan(&copy, "DESC", &high, &reached_end);
        if (!rc && !reached_end && high != INT64_MAX)
            rc = read_points(&copy, low + 1, high - 1);
        else if (!rc && high == INT64_MAX)
            rc = read_points(&copy, low + 1, low + 10000); // nothing from above: a while from below
    }
    sqlite3_finalize(copy.insert);
    return rc;
}
