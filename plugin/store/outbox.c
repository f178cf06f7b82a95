// SPDX-License-Identifier: Apache-2.0
#include "plugin/store/outbox.h"

#include "plugin/store/columns.h"
#include "plugin/store/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_A_TRANSACTION = 50 };

// A row as it is stored: its JSON and, in quarantine, why.
struct row {
    struct atl_outbox_row row;
    char why[ATL_NOTE_SIZE];
    char data[ATL_OUTBOX_DATA_BYTES + 1];
};

static void fields(struct atl_sql *sql, struct atl_outbox_row *row, char *data, size_t data_size,
                   char why[ATL_NOTE_SIZE])
{
    row->sequence = atl_sql_number(sql, row->sequence);
    ATL_SQL_TEXT(sql, row->id);
    ATL_SQL_TEXT(sql, row->type);
    ATL_SQL_TEXT(sql, row->subject);
    ATL_SQL_INT(sql, row->attempt);
    ATL_SQL_INT(sql, row->version);
    row->at_ms = atl_sql_number(sql, row->at_ms);
    atl_sql_text(sql, data, data_size);
    atl_sql_text(sql, why, ATL_NOTE_SIZE);
    atl_sql_sum(sql);
}

static atl_code insert(struct atl_store *store, struct atl_outbox_row *row, const char *data,
                       struct atl_error *err)
{
    static const char next[] =
        "SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name='outbox'),0)+1";
    static const char put[] =
        "INSERT INTO outbox(" ATL_OUTBOX_COLUMNS ",sum) VALUES(" ATL_MARKS_10 ")";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_one(store, next, NULL, 1, &row->sequence, err);
    if (!rc)
        rc = atl_sql_write(store, put, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, row->sequence);
    atl_sql_put_text(&sql, row->id);
    atl_sql_put_text(&sql, row->type);
    atl_sql_put_text(&sql, row->subject);
    atl_sql_number(&sql, row->attempt);
    atl_sql_number(&sql, row->version);
    atl_sql_number(&sql, row->at_ms);
    atl_sql_put_text(&sql, data);
    atl_sql_put_text(&sql, "");
    atl_sql_sum(&sql);
    return atl_sql_run(&sql, NULL, err);
}

atl_code atl_outbox_add(struct atl_store *store, const struct atl_outbox_row *row, const char *data,
                        int64_t *sequence, struct atl_error *err)
{
    struct atl_outbox_row fresh = *row;
    atl_code rc = ATL_OK;

    if (!row->type[0] || !row->subject[0])
        return atl_fail(err, ATL_E_INVALID, "event for the cloud has no type or subject");
    if (strlen(data) > ATL_OUTBOX_DATA_BYTES)
        return atl_fail(err, ATL_E_NOMEM, "event %s for the cloud is over %d bytes", row->type,
                        ATL_OUTBOX_DATA_BYTES);
    if (!fresh.id[0])
        rc = atl_store_new_id(fresh.at_ms, fresh.id, err);
    if (!rc)
        rc = insert(store, &fresh, data, err);
    if (!rc && sequence)
        *sequence = fresh.sequence;
    return rc;
}

static atl_code read_row(struct atl_sql *sql, struct row *row, struct atl_error *err)
{
    char name[24];

    fields(sql, &row->row, row->data, sizeof row->data, row->why);
    snprintf(name, sizeof name, "%" PRId64, row->row.sequence);
    return atl_sql_check(sql, "outbox", name, err);
}

// Takes rows until the bytes are used up, but always one.
static atl_code take(struct atl_sql *sql, struct row *row, size_t max_bytes,
                     struct atl_outbox_row *rows, size_t *count, struct atl_buf *data,
                     struct atl_error *err)
{
    const size_t begin = data->len;
    size_t found = 0;
    atl_code rc;

    while (!(rc = atl_sql_row(sql, err))) {
        rc = read_row(sql, row, err);
        if (rc)
            return rc;
        if (found && data->len - begin + strlen(row->data) > max_bytes)
            break;
        rows[found] = row->row;
        rows[found].data_at = data->len;
        atl_buf_add(data, row->data, strlen(row->data) + 1);
        found++;
    }
    if (rc && rc != ATL_E_NOT_FOUND)
        return rc;
    *count = found;
    return atl_buf_check(data, err);
}

atl_code atl_outbox_next(struct atl_store *store, int64_t after, size_t max_bytes,
                         struct atl_outbox_row *rows, size_t max, size_t *count,
                         struct atl_buf *data, struct atl_error *err)
{
    static const char query[] =
        "SELECT " ATL_OUTBOX_COLUMNS ",sum FROM outbox WHERE sequence>? AND quarantine=''"
        " ORDER BY sequence LIMIT ?";
    struct row *row = malloc(sizeof *row);
    struct atl_sql sql = {0};
    atl_code rc;

    if (!row)
        return atl_fail(err, ATL_E_NOMEM, "outbox: out of memory");
    rc = atl_sql_read(store, query, &sql, err);
    if (!rc) {
        atl_sql_number(&sql, after);
        atl_sql_number(&sql, (int64_t)max);
        rc = take(&sql, row, max_bytes, rows, count, data, err);
    }
    atl_sql_end(&sql);
    free(row);
    return rc;
}

static atl_code delete_rows(struct atl_store *store, const int64_t *sequences, size_t count,
                            struct atl_error *err)
{
    static const char remove[] = "DELETE FROM outbox WHERE sequence=?";
    bool is_mine;
    atl_code rc;

    rc = atl_own_begin(store, &is_mine, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < count && !rc; i++) {
        struct atl_sql sql;
        rc = atl_sql_write(store, remove, &sql, err);
        if (!rc) {
            atl_sql_number(&sql, sequences[i]);
            rc = atl_sql_run(&sql, NULL, err);
        }
    }
    return atl_own_end(store, is_mine, rc, err);
}

atl_code atl_outbox_acknowledge(struct atl_store *store, const int64_t *sequences, size_t count,
                                struct atl_error *err)
{
    for (size_t done = 0; done < count; done += ROWS_A_TRANSACTION) {
        const size_t left = count - done;
        const atl_code rc = delete_rows(store, sequences + done,
                                        left < ROWS_A_TRANSACTION ? left : ROWS_A_TRANSACTION, err);
        if (rc)
            return rc;
    }
    return ATL_OK;
}

static atl_code find(struct atl_store *store, const char *query, int64_t sequence, struct row *row,
                     struct atl_error *err)
{
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, sequence);
    rc = atl_sql_row(&sql, err);
    if (!rc)
        rc = read_row(&sql, row, err);
    else if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, rc, "outbox has no %" PRId64, sequence);
    atl_sql_end(&sql);
    return rc;
}

static atl_code rewrite(struct atl_store *store, struct row *row, struct atl_error *err)
{
    static const char put[] =
        "UPDATE outbox SET (" ATL_OUTBOX_COLUMNS ",sum)=(" ATL_MARKS_10 ") WHERE sequence=?1";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, put, &sql, err);
    if (rc)
        return rc;
    fields(&sql, &row->row, row->data, sizeof row->data, row->why);
    return atl_sql_run(&sql, NULL, err);
}

atl_code atl_outbox_quarantine(struct atl_store *store, int64_t sequence, const char *why,
                               struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_OUTBOX_COLUMNS ",sum FROM outbox WHERE sequence=?";
    struct row *row = malloc(sizeof *row);
    bool is_mine;
    atl_code rc;

    if (!row)
        return atl_fail(err, ATL_E_NOMEM, "outbox: out of memory");
    rc = atl_own_begin(store, &is_mine, err);
    if (!rc) {
        rc = find(store, query, sequence, row, err);
        atl_job_say(row->why, why && why[0] ? why : "refused");
        if (!rc)
            rc = rewrite(store, row, err);
        rc = atl_own_end(store, is_mine, rc, err);
    }
    free(row);
    return rc;
}

atl_code atl_outbox_release(struct atl_store *store, int *count, struct atl_error *err)
{
    static const char query[] =
        "SELECT " ATL_OUTBOX_COLUMNS ",sum FROM outbox WHERE quarantine<>'' AND sequence>? LIMIT 1";
    struct row *row = malloc(sizeof *row);
    bool is_mine;
    int released = 0;
    atl_code rc;

    if (!row)
        return atl_fail(err, ATL_E_NOMEM, "outbox: out of memory");
    rc = atl_own_begin(store, &is_mine, err);
    if (!rc) {
        while (!rc && !(rc = find(store, query, 0, row, err))) {
            row->why[0] = 0;
            rc = rewrite(store, row, err);
            released++;
        }
        rc = atl_own_end(store, is_mine, rc == ATL_E_NOT_FOUND ? ATL_OK : rc, err);
    }
    free(row);
    if (!rc && count)
        *count = released;
    return rc;
}

atl_code atl_outbox_stats(struct atl_store *store, struct atl_outbox_stats *out,
                          struct atl_error *err)
{
    static const char query[] =
        "SELECT (SELECT count(*) FROM outbox)-(SELECT count(*) FROM outbox WHERE quarantine<>''),"
        "(SELECT count(*) FROM outbox WHERE quarantine<>''),"
        "ifnull((SELECT at_ms FROM outbox WHERE quarantine='' ORDER BY sequence LIMIT 1),0),"
        "ifnull((SELECT seq FROM sqlite_sequence WHERE name='outbox'),0)";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        out->waiting = atl_sql_number(&sql, 0);
        out->quarantined = atl_sql_number(&sql, 0);
        out->oldest_ms = atl_sql_number(&sql, 0);
        out->last_sequence = atl_sql_number(&sql, 0);
    }
    atl_sql_end(&sql);
    return rc;
}
