// SPDX-License-Identifier: Apache-2.0
// Sales that are going on; the rest of drafts.h is in drafts.c.
#include "plugin/store/columns.h"
#include "plugin/store/db.h"
#include "plugin/store/drafts.h"

static void fields(struct atl_sql *sql, struct atl_sale *sale)
{
    atl_sale_fields(sql, &sale->transaction, &sale->wish);
    ATL_SQL_BOOL(sql, sale->has_wish);
    ATL_SQL_BOOL(sql, sale->is_suspended);
    sale->changed_ms = atl_sql_number(sql, sale->changed_ms);
    atl_sql_sum(sql);
}

atl_code atl_sales_put(struct atl_store *store, const struct atl_sale *sale, struct atl_error *err)
{
    static const char put[] =
        "INSERT OR REPLACE INTO sale(" ATL_SALE_COLUMNS ",sum) VALUES(" ATL_SALE_MARKS ",?)";
    struct atl_sale row = *sale;
    struct atl_sql sql;
    atl_code rc;

    if (!sale->transaction.uuid[0])
        return atl_fail(err, ATL_E_INVALID, "transaction has no uuid");
    rc = atl_sql_write(store, put, &sql, err);
    if (rc)
        return rc;
    fields(&sql, &row);
    return atl_sql_run(&sql, NULL, err);
}

atl_code atl_sales_find(struct atl_store *store, const char *uuid, struct atl_sale *out,
                        struct atl_error *err)
{
    static const char find[] = "SELECT " ATL_SALE_COLUMNS ",sum FROM sale WHERE uuid=?";
    struct atl_sale row = {0};
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, find, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, uuid);
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        fields(&sql, &row);
        rc = atl_sql_check(&sql, "sale", uuid, err);
    } else if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, rc, "nothing is known of sale %s", uuid);
    atl_sql_end(&sql);
    if (!rc)
        *out = row;
    return rc;
}
