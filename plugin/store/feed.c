// SPDX-License-Identifier: Apache-2.0
#include "plugin/store/feed.h"

#include "plugin/store/columns.h"
#include "plugin/store/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char cursor_name[] = "feed.cursor";

// A request as it is stored.
struct row {
    struct atl_feed_request request;
    char reason[ATL_NOTE_SIZE];
    int64_t answered_ms;
    char data[ATL_FEED_DATA_BYTES + 1];
};

static void fields(struct atl_sql *sql, struct row *row)
{
    row->request.sequence = atl_sql_number(sql, row->request.sequence);
    ATL_SQL_TEXT(sql, row->request.id);
    ATL_SQL_TEXT(sql, row->request.type);
    ATL_SQL_TEXT(sql, row->data);
    row->request.received_ms = atl_sql_number(sql, row->request.received_ms);
    row->request.state = (enum atl_feed_state)atl_sql_number(sql, row->request.state);
    ATL_SQL_TEXT(sql, row->reason);
    row->answered_ms = atl_sql_number(sql, row->answered_ms);
    atl_sql_sum(sql);
}

static atl_code find(struct atl_store *store, const char *query, int64_t sequence, struct row *row,
                     struct atl_error *err)
{
    struct atl_sql sql;
    char name[24];
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, sequence);
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        fields(&sql, row);
        snprintf(name, sizeof name, "%" PRId64, row->request.sequence);
        rc = atl_sql_check(&sql, "request", name, err);
    }
    atl_sql_end(&sql);
    return rc;
}

static atl_code put(struct atl_store *store, const char *query, struct row *row,
                    struct atl_error *err)
{
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, query, &sql, err);
    if (rc)
        return rc;
    fields(&sql, row);
    return atl_sql_run(&sql, NULL, err);
}

static atl_code save_one(struct atl_store *store, const struct atl_feed_request *request,
                         struct row *row, int *fresh, struct atl_error *err)
{
    static const char next[] =
        "SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name='request'),0)+1";
    static const char known[] = "SELECT count(*) FROM request WHERE id=?";
    static const char insert[] =
        "INSERT INTO request(" ATL_REQUEST_COLUMNS ",sum) VALUES(" ATL_MARKS_5 ",?,?,?,?)";
    int64_t is_known = 0;
    atl_code rc;

    rc = atl_sql_one(store, known, request->id, 0, &is_known, err);
    if (rc || is_known)
        return rc;
    *row = (struct row){.request = *request};
    row->request.state = ATL_FEED_WAITING;
    rc = atl_db_copy(row->data, sizeof row->data, request->data, "request", err);
    if (!rc)
        rc = atl_sql_one(store, next, NULL, 1, &row->request.sequence, err);
    if (!rc)
        rc = put(store, insert, row, err);
    *fresh += !rc;
    return rc;
}

atl_code atl_feed_save(struct atl_store *store, const char *cursor,
                       const struct atl_feed_request *requests, size_t count, int *fresh,
                       struct atl_error *err)
{
    struct row *row = malloc(sizeof *row);
    bool is_mine;
    int saved = 0;
    atl_code rc;

    if (!row)
        return atl_fail(err, ATL_E_NOMEM, "feed: out of memory");
    rc = atl_own_begin(store, &is_mine, err);
    if (!rc) {
        if (strlen(cursor) >= ATL_FEED_CURSOR_SIZE)
            rc = atl_fail(err, ATL_E_INVALID, "cursor of the feed is too long");
        for (size_t i = 0; i < count && !rc; i++)
            rc = save_one(store, &requests[i], row, &saved, err);
        if (!rc)
            rc = atl_store_setting_put(store, cursor_name, cursor, err);
        rc = atl_own_end(store, is_mine, rc, err);
    }
    free(row);
    if (!rc && fresh)
        *fresh = saved;
    return rc;
}

atl_code atl_feed_cursor(struct atl_store *store, char cursor[ATL_FEED_CURSOR_SIZE],
                         struct atl_error *err)
{
    struct atl_error why = {0};
    atl_code rc;

    rc = atl_store_setting_get(store, cursor_name, cursor, ATL_FEED_CURSOR_SIZE, &why);
    if (rc == ATL_E_NOT_FOUND) {
        cursor[0] = 0;
        return ATL_OK;
    }
    return rc ? atl_fail(err, rc, "%s", why.text) : ATL_OK;
}

atl_code atl_feed_forget_cursor(struct atl_store *store, struct atl_error *err)
{
    return atl_feed_save(store, "", NULL, 0, NULL, err);
}

atl_code atl_feed_next(struct atl_store *store, struct atl_feed_request *request,
                       struct atl_buf *data, struct atl_error *err)
{
    static const char query[] =
        "SELECT " ATL_REQUEST_COLUMNS ",sum FROM request WHERE state=1 AND sequence>?"
        " ORDER BY sequence LIMIT 1";
    struct row *row = malloc(sizeof *row);
    const size_t at = data->len;
    atl_code rc;

    if (!row)
        return atl_fail(err, ATL_E_NOMEM, "feed: out of memory");
    rc = find(store, query, 0, row, err);
    if (!rc) {
        atl_buf_add(data, row->data, strlen(row->data) + 1);
        rc = atl_buf_check(data, err);
    } else if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, rc, "no request waits");
    if (!rc) {
        *request = row->request;
        request->data = (const char *)data->data + at;
    }
    free(row);
    return rc;
}

atl_code atl_feed_answer(struct atl_store *store, int64_t sequence, enum atl_feed_state state,
                         const char *reason, int64_t now_ms, struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_REQUEST_COLUMNS ",sum FROM request WHERE sequence=?";
    static const char update[] = "UPDATE request SET (" ATL_REQUEST_COLUMNS ",sum)=(" ATL_MARKS_5
                                 ",?,?,?,?) WHERE sequence=?1";
    struct row *row = malloc(sizeof *row);
    atl_code rc;

    if (!row)
        return atl_fail(err, ATL_E_NOMEM, "feed: out of memory");
    rc = find(store, query, sequence, row, err);
    if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, rc, "there is no request %" PRId64, sequence);
    if (!rc && (row->request.state != ATL_FEED_WAITING || state == ATL_FEED_WAITING))
        rc = atl_fail(err, ATL_E_CONFLICT, "request %s was answered already", row->request.id);
    if (!rc) {
        row->request.state = state;
        row->answered_ms = now_ms;
        row->data[0] = 0;
        atl_job_say(row->reason, reason);
        rc = put(store, update, row, err);
    }
    free(row);
    return rc;
}
