// SPDX-License-Identifier: Apache-2.0
#include "plugin/store/idem.h"

#include "plugin/store/columns.h"
#include "plugin/store/db.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ANSWER_BYTES = 64 * 1024, CALL_SIZE = 32 };

struct idem {
    char key[ATL_REF_SIZE];
    char call[CALL_SIZE];
    uint8_t request[ATL_HASH_BYTES];
    char order_id[ATL_ORDER_ID_SIZE];
    int64_t at_ms;
    size_t len;
    uint8_t answer[MAX_ANSWER_BYTES];
};

static void fields(struct atl_sql *sql, struct idem *row)
{
    ATL_SQL_TEXT(sql, row->key);
    ATL_SQL_TEXT(sql, row->call);
    atl_sql_bytes(sql, row->request, sizeof row->request);
    ATL_SQL_TEXT(sql, row->order_id);
    row->at_ms = atl_sql_number(sql, row->at_ms);
    atl_sql_block(sql, row->answer, sizeof row->answer, &row->len);
    atl_sql_sum(sql);
}

static atl_code check_key(const char *key, struct atl_error *err)
{
    if (!key || !key[0] || strlen(key) >= ATL_REF_SIZE)
        return atl_fail(err, ATL_E_INVALID, "idempotency key must have 1 to %d bytes",
                        ATL_REF_SIZE - 1);
    return ATL_OK;
}

static atl_code compare(const struct idem *row, const struct atl_idem *what, struct atl_error *err)
{
    if (strcmp(row->call, what->call) != 0)
        return atl_fail(err, ATL_E_CONFLICT, "key stands for a call of %s, not of %s", row->call,
                        what->call);
    if (memcmp(row->request, what->request_sha256, sizeof row->request) != 0)
        return atl_fail(err, ATL_E_CONFLICT, "key stands for a call of %s with other content",
                        row->call);
    return ATL_OK;
}

static atl_code find(struct atl_store *store, const struct atl_idem *what, struct idem *row,
                     struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_IDEM_COLUMNS ",sum FROM idem WHERE key=?";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, what->key);
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        fields(&sql, row);
        rc = atl_sql_check(&sql, "idem", what->key, err);
    }
    atl_sql_end(&sql);
    return rc;
}

atl_code atl_idem_find(struct atl_store *store, const struct atl_idem *what, struct atl_buf *answer,
                       struct atl_error *err)
{
    struct idem *row;
    atl_code rc;

    rc = check_key(what->key, err);
    if (rc)
        return rc;
    row = malloc(sizeof *row);
    if (!row)
        return atl_fail(err, ATL_E_NOMEM, "idempotency key: out of memory");
    rc = find(store, what, row, err);
    if (!rc)
        rc = compare(row, what, err);
    if (!rc) {
        atl_buf_add(answer, row->answer, row->len);
        rc = atl_buf_check(answer, err);
    } else if (rc == ATL_E_NOT_FOUND)
        atl_fail(err, rc, "key is new");
    free(row);
    return rc;
}

atl_code atl_idem_put(struct atl_store *store, const struct atl_idem *what, const char *order_id,
                      const void *answer, size_t len, int64_t now_ms, struct atl_error *err)
{
    static const char put[] = "INSERT INTO idem(" ATL_IDEM_COLUMNS ",sum) VALUES(?,?,?,?,?,?,?)";
    struct atl_sql sql;
    atl_code rc;

    rc = check_key(what->key, err);
    if (rc)
        return rc;
    if (len > MAX_ANSWER_BYTES || strlen(what->call) >= CALL_SIZE)
        return atl_fail(err, ATL_E_NOMEM, "answer to %s is too large to keep", what->call);
    rc = atl_sql_write(store, put, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, what->key);
    atl_sql_put_text(&sql, what->call);
    atl_sql_put_bytes(&sql, what->request_sha256, ATL_HASH_BYTES);
    atl_sql_put_text(&sql, order_id);
    atl_sql_number(&sql, now_ms);
    atl_sql_put_bytes(&sql, answer, len);
    atl_sql_sum(&sql);
    return atl_sql_run(&sql, NULL, err);
}

atl_code atl_idem_sweep(struct atl_store *store, int64_t before_ms, int max, int *count,
                        struct atl_error *err)
{
    static const char sweep[] = "DELETE FROM idem WHERE n IN (SELECT n FROM idem"
                                " WHERE order_id='' AND at_ms<? LIMIT ?)";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, sweep, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, before_ms);
    atl_sql_number(&sql, max);
    return atl_sql_run(&sql, count, err);
}
