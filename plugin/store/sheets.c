// SPDX-License-Identifier: Apache-2.0
#include "plugin/store/sheets.h"

#include "plugin/store/columns.h"
#include "plugin/store/db.h"
#include "plugin/store/jobs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static atl_code insert(struct atl_store *store, int64_t job_id, const void *json, size_t len,
                       struct atl_error *err)
{
    static const char query[] = "INSERT INTO sheet(" ATL_SHEET_COLUMNS ",sum) VALUES(?,?,?)";
    struct atl_sql sql;
    const atl_code rc = atl_sql_write(store, query, &sql, err);

    if (rc)
        return rc;
    atl_sql_number(&sql, job_id);
    atl_sql_put_bytes(&sql, json, len);
    atl_sql_sum(&sql);
    return atl_sql_run(&sql, NULL, err);
}

atl_code atl_sheets_add(struct atl_store *store, const struct atl_job *job, const void *json,
                        size_t len, int64_t *id, struct atl_error *err)
{
    int64_t fresh = 0;
    atl_code rc;

    if (!atl_document_is_sheet(job->document))
        return atl_fail(err, ATL_E_INVALID, "a %s is no sheet", atl_document_name(job->document));
    if (len > ATL_SHEET_BYTES_MAX)
        return atl_fail(err, ATL_E_INVALID, "this sheet is too long: print it in parts");
    rc = atl_jobs_add(store, job, &fresh, err);
    if (!rc)
        rc = insert(store, fresh, json, len, err);
    if (!rc && id)
        *id = fresh;
    return rc;
}

static atl_code read_sheet(struct atl_sql *sql, uint8_t *bytes, size_t *len, struct atl_error *err)
{
    char name[24];
    atl_code rc = atl_sql_row(sql, err);

    if (rc)
        return rc;
    (void)snprintf(name, sizeof name, "%" PRId64, atl_sql_number(sql, 0));
    atl_sql_block(sql, bytes, ATL_SHEET_BYTES_MAX, len);
    atl_sql_sum(sql);
    return atl_sql_check(sql, "sheet", name, err);
}

atl_code atl_sheets_find(struct atl_store *store, int64_t job_id, struct atl_buf *out,
                         struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_SHEET_COLUMNS ",sum FROM sheet WHERE n=?";
    uint8_t *bytes = malloc(ATL_SHEET_BYTES_MAX);
    struct atl_sql sql = {0};
    size_t len = 0;
    atl_code rc;

    if (!bytes)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    rc = atl_sql_read(store, query, &sql, err);
    if (!rc) {
        atl_sql_number(&sql, job_id);
        rc = read_sheet(&sql, bytes, &len, err);
        atl_sql_end(&sql);
    }
    if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, rc, "what this sheet says is gone: ask for it again");
    if (!rc) {
        atl_buf_add(out, bytes, len);
        rc = atl_buf_check(out, err);
    }
    free(bytes);
    return rc;
}

atl_code atl_sheets_drop(struct atl_store *store, int64_t job_id, struct atl_error *err)
{
    struct atl_sql sql;
    const atl_code rc = atl_sql_write(store, "DELETE FROM sheet WHERE n=?", &sql, err);

    if (rc)
        return rc;
    atl_sql_number(&sql, job_id);
    return atl_sql_run(&sql, NULL, err);
}
