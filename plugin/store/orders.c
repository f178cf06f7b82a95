// SPDX-License-Identifier: Apache-2.0
// Orders and links; erasing and exporting them is in erase.c and export.c.
#include "plugin/store/orders.h"

#include "plugin/core/code.h"
#include "plugin/store/columns.h"
#include "plugin/store/db.h"
#include "plugin/store/events.h"

#include <string.h>

enum { PIN_TRIES = 5, PIN_HOUR_MS = 3600 * 1000 };

void atl_sale_fields(struct atl_sql *sql, struct atl_transaction *txn, struct atl_order_wish *wish)
{
    ATL_SQL_TEXT(sql, txn->uuid);
    ATL_SQL_TEXT(sql, txn->store);
    ATL_SQL_TEXT(sql, txn->workstation);
    ATL_SQL_TEXT(sql, txn->business_day);
    ATL_SQL_TEXT(sql, txn->currency);
    txn->sequence = atl_sql_number(sql, txn->sequence);
    ATL_SQL_BOOL(sql, txn->is_training);
    ATL_SQL_TEXT(sql, wish->language);
    ATL_SQL_BOOL(sql, wish->is_gift);
    ATL_SQL_BOOL(sql, wish->is_buyer_only);
    wish->needed_by_ms = atl_sql_number(sql, wish->needed_by_ms);
    ATL_SQL_TEXT(sql, wish->hand_over);
    ATL_SQL_TEXT(sql, wish->contact);
}

void atl_order_fields(struct atl_sql *sql, struct atl_order *order)
{
    ATL_SQL_TEXT(sql, order->id);
    ATL_SQL_TEXT(sql, order->code);
    atl_sale_fields(sql, &order->transaction, &order->wish);
    ATL_SQL_TEXT(sql, order->token);
    ATL_SQL_TEXT(sql, order->gift_token);
    ATL_SQL_TEXT(sql, order->pin);
    atl_sql_bytes(sql, order->salt, sizeof order->salt);
    ATL_SQL_TEXT(sql, order->employee_ref);
    order->total_minor = atl_sql_number(sql, order->total_minor);
    ATL_SQL_INT(sql, order->piece_count);
    ATL_SQL_INT(sql, order->issue);
    order->created_ms = atl_sql_number(sql, order->created_ms);
    ATL_SQL_INT(sql, order->created_offset_min);
    order->consent_ms = atl_sql_number(sql, order->consent_ms);
    order->erased_ms = atl_sql_number(sql, order->erased_ms);
    atl_sql_sum(sql);
}

atl_code atl_orders_write(struct atl_store *store, struct atl_order *order, struct atl_error *err)
{
    static const char put[] =
        "UPDATE orders SET (" ATL_ORDER_COLUMNS ",sum)=(" ATL_ORDER_MARKS ",?) WHERE id=?1";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, put, &sql, err);
    if (rc)
        return rc;
    atl_order_fields(&sql, order);
    return atl_sql_run(&sql, NULL, err);
}

static atl_code find_by(struct atl_store *store, const char *query, const char *key,
                        struct atl_order *out, struct atl_error *err)
{
    struct atl_order order = {0};
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, key);
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        atl_order_fields(&sql, &order);
        rc = atl_sql_check(&sql, "orders", order.id, err);
    } else if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, rc, "there is no order %s", key);
    atl_sql_end(&sql);
    if (!rc)
        *out = order;
    return rc;
}

atl_code atl_orders_find(struct atl_store *store, const char *id, struct atl_order *out,
                         struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_ORDER_COLUMNS ",sum FROM orders WHERE id=?";

    return find_by(store, query, id, out, err);
}

atl_code atl_orders_after(struct atl_store *store, const char *id, struct atl_order *out,
                          struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_ORDER_COLUMNS
                                ",sum FROM orders WHERE id>? AND erased_ms=0 ORDER BY id LIMIT 1";

    return find_by(store, query, id ? id : "", out, err);
}

atl_code atl_orders_find_code(struct atl_store *store, const char *code, struct atl_order *out,
                              struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_ORDER_COLUMNS ",sum FROM orders WHERE code=?";

    return find_by(store, query, code, out, err);
}

atl_code atl_orders_find_transaction(struct atl_store *store, const char *uuid,
                                     struct atl_order *out, struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_ORDER_COLUMNS ",sum FROM orders WHERE uuid=?";

    return find_by(store, query, uuid, out, err);
}

atl_code atl_orders_has_code(struct atl_store *store, const char *code, bool *out,
                             struct atl_error *err)
{
    static const char query[] = "SELECT count(*) FROM orders WHERE code=?";
    int64_t count = 0;
    atl_code rc;

    rc = atl_sql_one(store, query, code, 0, &count, err);
    if (!rc)
        *out = count > 0;
    return rc;
}

// A link as it is stored.
struct link {
    char order_id[ATL_ORDER_ID_SIZE];
    struct atl_guest_link link;
};

static void link_fields(struct atl_sql *sql, struct link *row)
{
    ATL_SQL_TEXT(sql, row->order_id);
    atl_sql_bytes(sql, row->link.sha256, sizeof row->link.sha256);
    row->link.scope = (enum atl_link_scope)atl_sql_number(sql, row->link.scope);
    ATL_SQL_BOOL(sql, row->link.is_revoked);
    atl_sql_sum(sql);
}

static atl_code put_link(struct atl_store *store, const char *put, struct link *row,
                         struct atl_error *err)
{
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, put, &sql, err);
    if (rc)
        return rc;
    link_fields(&sql, row);
    return atl_sql_run(&sql, NULL, err);
}

static atl_code add_link(struct atl_store *store, const char *order_id, const char *token,
                         enum atl_link_scope scope, struct atl_error *err)
{
    static const char put[] = "INSERT INTO link(" ATL_LINK_COLUMNS ",sum) VALUES(" ATL_MARKS_5 ")";
    struct link row = {.link.scope = scope};

    if (!token[0])
        return ATL_OK;
    memcpy(row.order_id, order_id, sizeof row.order_id);
    atl_token_hash(token, row.link.sha256);
    return put_link(store, put, &row, err);
}

static atl_code find_link(struct atl_store *store, const uint8_t sha256[ATL_DIGEST_BYTES],
                          struct link *out, struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_LINK_COLUMNS ",sum FROM link WHERE sha256=?";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_bytes(&sql, sha256, ATL_DIGEST_BYTES);
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        link_fields(&sql, out);
        rc = atl_sql_check(&sql, "link of order", out->order_id, err);
    } else if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, rc, "there is no order of this link");
    atl_sql_end(&sql);
    return rc;
}

atl_code atl_orders_find_link(struct atl_store *store, const uint8_t sha256[ATL_DIGEST_BYTES],
                              struct atl_guest_link *link, struct atl_order *out,
                              struct atl_error *err)
{
    struct link row = {0};
    atl_code rc;

    rc = find_link(store, sha256, &row, err);
    if (!rc)
        rc = atl_orders_find(store, row.order_id, out, err);
    if (!rc)
        *link = row.link;
    return rc;
}

// Whatever would be taken already, before anything is written.
static atl_code check_free(struct atl_store *store, const struct atl_order *order,
                           struct atl_error *err)
{
    struct atl_order other;
    struct link row = {0};
    uint8_t sha256[ATL_HASH_BYTES];
    bool is_taken = false;
    atl_code rc;

    rc = atl_orders_has_code(store, order->code, &is_taken, err);
    if (rc)
        return rc;
    if (is_taken)
        return atl_fail(err, ATL_E_CONFLICT, "order code %s is taken", order->code);
    rc = atl_orders_find_transaction(store, order->transaction.uuid, &other, NULL);
    if (!rc)
        return atl_fail(err, ATL_E_CONFLICT, "the sale is order %s already", other.code);
    if (rc != ATL_E_NOT_FOUND)
        return atl_fail(err, rc, "order of sale %s is damaged", order->transaction.uuid);
    atl_token_hash(order->token, sha256);
    rc = find_link(store, sha256, &row, NULL);
    return rc == ATL_E_NOT_FOUND ? ATL_OK : atl_fail(err, ATL_E_CONFLICT, "token is taken");
}

atl_code atl_orders_add(struct atl_store *store, const struct atl_order *order,
                        const struct atl_by *by, struct atl_error *err)
{
    static const char put[] =
        "INSERT INTO orders(" ATL_ORDER_COLUMNS ",sum) VALUES(" ATL_ORDER_MARKS ",?)";
    struct atl_event event = {.kind = ATL_EVENT_OPENED};
    struct atl_order row = *order;
    struct atl_sql sql;
    atl_code rc;

    row.issue = 1;
    row.erased_ms = 0;
    rc = check_free(store, &row, err);
    if (!rc)
        rc = atl_sql_write(store, put, &sql, err);
    if (rc)
        return rc;
    atl_order_fields(&sql, &row);
    rc = atl_sql_run(&sql, NULL, err);
    if (!rc)
        rc = add_link(store, row.id, row.token, ATL_LINK_BUYER, err);
    if (!rc)
        rc = add_link(store, row.id, row.gift_token, ATL_LINK_GIFT, err);
    memcpy(event.order_id, row.id, sizeof event.order_id);
    if (!rc)
        rc = atl_events_add(store, &event, by, NULL, err);
    return rc;
}

atl_code atl_orders_put_wish(struct atl_store *store, const char *id,
                             const struct atl_order_wish *wish, struct atl_error *err)
{
    struct atl_order order = {0};
    atl_code rc;

    rc = atl_orders_find(store, id, &order, err);
    if (rc)
        return rc;
    if (order.erased_ms)
        return atl_fail(err, ATL_E_CONFLICT, "order %s was erased", order.code);
    if (wish->is_gift != order.wish.is_gift)
        return atl_fail(err, ATL_E_CONFLICT,
                        "order %s: whether it is a gift is settled at the sale; reissue the ticket",
                        order.code);
    order.wish = *wish;
    return atl_orders_write(store, &order, err);
}

atl_code atl_orders_links(struct atl_store *store, const char *id, struct atl_guest_link *out,
                          size_t max, size_t *count, struct atl_error *err)
{
    static const char list[] =
        "SELECT " ATL_LINK_COLUMNS ",sum FROM link WHERE order_id=? ORDER BY n";
    struct atl_sql sql;
    struct link row = {0};
    size_t found = 0;
    atl_code rc;

    rc = atl_sql_read(store, list, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, id);
    while (!(rc = atl_sql_row(&sql, err))) {
        link_fields(&sql, &row);
        rc = atl_sql_check(&sql, "link of order", id, err);
        if (rc)
            break;
        if (found < max)
            out[found] = row.link;
        found++;
    }
    atl_sql_end(&sql);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    *count = found;
    return ATL_OK;
}

atl_code atl_orders_revoke_links(struct atl_store *store, const struct atl_order *order,
                                 struct atl_error *err)
{
    static const char put[] =
        "UPDATE link SET (" ATL_LINK_COLUMNS ",sum)=(" ATL_MARKS_5 ") WHERE sha256=?2";
    const char *const tokens[] = {order->token, order->gift_token};

    for (int i = 0; i < 2; i++) {
        struct link row = {0};
        uint8_t sha256[ATL_HASH_BYTES];
        atl_code rc;

        if (!tokens[i][0])
            continue;
        atl_token_hash(tokens[i], sha256);
        rc = find_link(store, sha256, &row, err);
        if (rc)
            return rc;
        row.link.is_revoked = true;
        rc = put_link(store, put, &row, err);
        if (rc)
            return rc;
    }
    return ATL_OK;
}

// The old links go, the new ones come.
static atl_code change_links(struct atl_store *store, struct atl_order *order, const char *token,
                             const char *gift_token, struct atl_error *err)
{
    atl_code rc;

    rc = atl_orders_revoke_links(store, order, err);
    if (!rc)
        rc = atl_db_copy(order->token, sizeof order->token, token, "token", err);
    if (!rc)
        rc = atl_db_copy(order->gift_token, sizeof order->gift_token, gift_token, "token", err);
    if (!rc)
        rc = add_link(store, order->id, order->token, ATL_LINK_BUYER, err);
    if (!rc)
        rc = add_link(store, order->id, order->gift_token, ATL_LINK_GIFT, err);
    return rc;
}

atl_code atl_orders_reissue(struct atl_store *store, const char *id, const char *token,
                            const char *gift_token, const struct atl_by *by,
                            struct atl_order *after, struct atl_error *err)
{
    struct atl_event event = {.kind = ATL_EVENT_REISSUED};
    struct atl_order order = {0};
    atl_code rc;

    rc = atl_orders_find(store, id, &order, err);
    if (rc)
        return rc;
    if (order.erased_ms)
        return atl_fail(err, ATL_E_CONFLICT, "order %s was erased", order.code);
    rc = change_links(store, &order, token, gift_token, err);
    if (rc)
        return rc;
    order.issue++;
    memcpy(event.order_id, order.id, sizeof event.order_id);
    rc = atl_orders_write(store, &order, err);
    if (!rc)
        rc = atl_events_add(store, &event, by, NULL, err);
    if (!rc && after)
        *after = order;
    return rc;
}

static atl_code record_try(struct atl_store *store, const char *id, int64_t now_ms,
                           struct atl_error *err)
{
    static const char put[] = "INSERT INTO pin_try(order_id,at_ms) VALUES(?,?)";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, put, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, id);
    atl_sql_number(&sql, now_ms);
    return atl_sql_run(&sql, NULL, err);
}

atl_code atl_orders_pin_try(struct atl_store *store, const char *id, int64_t now_ms, bool *allowed,
                            struct atl_error *err)
{
    static const char forget[] = "DELETE FROM pin_try WHERE order_id=? AND at_ms<=?";
    static const char tried[] = "SELECT count(*) FROM pin_try WHERE order_id=?";
    struct atl_sql sql;
    int64_t count = 0;
    atl_code rc;

    rc = atl_sql_write(store, forget, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, id);
    atl_sql_number(&sql, now_ms - PIN_HOUR_MS);
    rc = atl_sql_run(&sql, NULL, err);
    if (!rc)
        rc = atl_sql_one(store, tried, id, 0, &count, err);
    if (!rc && count < PIN_TRIES)
        rc = record_try(store, id, now_ms, err);
    if (!rc)
        *allowed = count < PIN_TRIES;
    return rc;
}

atl_code atl_orders_pin_was_right(struct atl_store *store, const char *id, struct atl_error *err)
{
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, "DELETE FROM pin_try WHERE order_id=?", &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, id);
    return atl_sql_run(&sql, NULL, err);
}
