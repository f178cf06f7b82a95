// SPDX-License-Identifier: Apache-2.0
// Forgetting an order: everything that is about a person goes, what the books need stays.
#include "plugin/core/stage.h"
#include "plugin/store/columns.h"
#include "plugin/store/db.h"
#include "plugin/store/events.h"
#include "plugin/store/jobs.h"
#include "plugin/store/orders.h"

#include <string.h>

// Each takes the order's id, but the last two its transaction.
static const char answers[] =
    "DELETE FROM answers WHERE piece_id IN (SELECT id FROM piece WHERE order_id=?)";
static const char notes[] = "DELETE FROM event_note WHERE order_id=?";
static const char keys[] = "DELETE FROM idem WHERE order_id=?"; // stored answers repeat the words
static const char tries[] = "DELETE FROM pin_try WHERE order_id=?";
static const char drafts[] = "DELETE FROM draft WHERE uuid=?";
static const char sale[] = "DELETE FROM sale WHERE uuid=?";

static atl_code remove_rows(struct atl_store *store, const char *query, const char *key,
                            struct atl_error *err)
{
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, key);
    return atl_sql_run(&sql, NULL, err);
}

static atl_code check_open(struct atl_store *store, const struct atl_order *order,
                           struct atl_error *err)
{
    static const char query[] = // every stage in which the workshop still needs the words
        "SELECT count(*) FROM piece WHERE order_id=? AND stage IN (1,2,3,4,5,6,8,9,10,15)";
    int64_t open = 0;
    atl_code rc;

    rc = atl_sql_one(store, query, order->id, 0, &open, err);
    if (!rc && open)
        rc = atl_fail(err, ATL_E_CONFLICT,
                      "order %s has %lld pieces that are not in the guest's hands yet", order->code,
                      (long long)open);
    return rc;
}

static atl_code cancel_papers(struct atl_store *store, const struct atl_order *order,
                              int64_t now_ms, struct atl_error *err)
{
    static const char query[] =
        "SELECT n FROM job WHERE order_id=? AND state IN (1,7) ORDER BY n LIMIT 1";
    int64_t job_id = 0;
    atl_code rc;

    for (;;) {
        rc = atl_sql_one(store, query, order->id, 0, &job_id, err);
        if (rc || !job_id)
            return rc;
        rc = atl_jobs_cancel(store, job_id, "the order was erased", now_ms, err);
        if (rc)
            return rc;
    }
}

static atl_code forget_rows(struct atl_store *store, const struct atl_order *order,
                            struct atl_error *err)
{
    atl_code rc;

    rc = remove_rows(store, answers, order->id, err);
    if (!rc)
        rc = remove_rows(store, notes, order->id, err);
    if (!rc)
        rc = remove_rows(store, keys, order->id, err);
    if (!rc)
        rc = remove_rows(store, tries, order->id, err);
    if (!rc)
        rc = remove_rows(store, drafts, order->transaction.uuid, err);
    if (!rc)
        rc = remove_rows(store, sale, order->transaction.uuid, err);
    return rc;
}

static void forget_person(struct atl_order *order, int64_t now_ms)
{
    memset(order->wish.contact, 0, sizeof order->wish.contact);
    memset(order->token, 0, sizeof order->token);
    memset(order->gift_token, 0, sizeof order->gift_token);
    memset(order->pin, 0, sizeof order->pin);
    memset(order->salt, 0, sizeof order->salt);
    order->erased_ms = now_ms;
}

atl_code atl_orders_erase(struct atl_store *store, const char *id, bool is_forced,
                          const struct atl_by *by, struct atl_error *err)
{
    struct atl_event event = {.kind = ATL_EVENT_ERASED};
    struct atl_order order = {0};
    atl_code rc;

    rc = atl_orders_find(store, id, &order, err);
    if (rc || order.erased_ms)
        return rc;
    if (!is_forced)
        rc = check_open(store, &order, err);
    if (!rc)
        rc = atl_orders_revoke_links(store, &order, err);
    if (!rc)
        rc = cancel_papers(store, &order, by->at_ms, err);
    if (!rc)
        rc = forget_rows(store, &order, err);
    if (rc)
        return rc;
    forget_person(&order, by->at_ms);
    memcpy(event.order_id, order.id, sizeof event.order_id);
    rc = atl_orders_write(store, &order, err);
    if (!rc)
        rc = atl_events_add(store, &event, by, NULL, err);
    return rc;
}

atl_code atl_orders_to_erase(struct atl_store *store, int64_t before_ms,
                             char (*ids)[ATL_ORDER_ID_SIZE], size_t max, size_t *count,
                             struct atl_error *err)
{
    // Collected, cancelled, dropped, disposed, returned, attended, no_show, moved.
    static const char query[] =
        "SELECT id FROM orders WHERE erased_ms=0 AND created_ms<?1 AND NOT EXISTS"
        " (SELECT 1 FROM piece WHERE order_id=orders.id AND (stage_ms>=?1"
        " OR stage NOT IN (7,11,12,13,14,16,17,18))) ORDER BY created_ms LIMIT ?2";
    struct atl_sql sql;
    size_t found = 0;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, before_ms);
    atl_sql_number(&sql, (int64_t)max);
    while (!(rc = atl_sql_row(&sql, err)))
        atl_sql_text(&sql, ids[found++], ATL_ORDER_ID_SIZE);
    atl_sql_end(&sql);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    *count = found;
    return ATL_OK;
}
