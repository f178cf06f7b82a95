// SPDX-License-Identifier: Apache-2.0
// After a salvage: the store is another source to the cloud, and may know less or more than the
// page does. What is true now is said once more: each order with its links, each piece with its
// stage. The cloud takes it, because a later source outranks an earlier one (docs/sync.md).
#include "plugin/agent/shop.h"
#include "plugin/agent/tell.h"
#include "plugin/agent/upkeep.h"
#include "plugin/store/orders.h"
#include "plugin/store/pieces.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECES_AT_ONCE = 40, CURSOR_BYTES = ATL_ORDER_ID_SIZE + 24 };

// "ORDER-ID COUNT": of that order so many pieces were told, and all of those before it.
struct cursor {
    char id[ATL_ORDER_ID_SIZE];
    size_t told;
};

static struct cursor cursor_of(const char *text)
{
    const size_t len = strcspn(text, " ");
    struct cursor cursor = {.id = "", .told = 0};

    if (len < sizeof cursor.id)
        memcpy(cursor.id, text, len);
    cursor.told = strtoul(text + len, NULL, 10);
    return cursor;
}

// The rest of the order at hand, unless it was erased meanwhile, or the next one.
static atl_code find_order(struct atl_store *store, struct cursor *cursor, struct atl_order *order,
                           struct atl_error *err)
{
    if (cursor->told) {
        const atl_code rc = atl_orders_find(store, cursor->id, order, err);

        if (!rc && !order->erased_ms && cursor->told < (size_t)order->piece_count)
            return ATL_OK;
        if (rc && rc != ATL_E_NOT_FOUND)
            return rc;
    }
    cursor->told = 0;
    return atl_orders_after(store, cursor->id, order, err);
}

static atl_code tell_some(struct atl_shop *shop, const struct atl_order *order, size_t told,
                          struct atl_error *err)
{
    struct atl_piece *pieces = calloc(ATL_SHOP_PIECES_MAX, sizeof *pieces);
    char text[CURSOR_BYTES];
    size_t count = 0;
    atl_code rc;

    if (!pieces)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    rc = atl_pieces_of_order(shop->store, order->id, pieces, ATL_SHOP_PIECES_MAX, &count, err);
    if (!rc && !told)
        rc = atl_shop_tell_opened(shop, order, pieces, count, err);
    for (size_t i = 0; !rc && told < count && i < PIECES_AT_ONCE; i++)
        rc = atl_tell_stage(shop->store, &pieces[told++], shop->now_ms(), err);
    free(pieces);
    (void)snprintf(text, sizeof text, "%s %zu", order->id, told);
    return rc ? rc : atl_store_setting_put(shop->store, ATL_STORE_TELL_ANEW, text, err);
}

// One order, or 40 pieces of a large one, in one transaction. *more: it was not the end.
static atl_code tell_next(struct atl_shop *shop, struct cursor cursor, bool *more,
                          struct atl_error *err)
{
    struct atl_order order;
    atl_code rc = atl_store_begin(shop->store, err);

    if (rc)
        return rc;
    rc = find_order(shop->store, &cursor, &order, err);
    *more = rc == ATL_OK;
    if (!rc)
        rc = tell_some(shop, &order, cursor.told, err);
    else if (rc == ATL_E_NOT_FOUND)
        rc = atl_store_setting_put(shop->store, ATL_STORE_TELL_ANEW, "", err);
    if (!rc)
        return atl_store_commit(shop->store, err);
    atl_store_rollback(shop->store);
    return rc;
}

atl_code atl_upkeep_tell_anew(const struct atl_config *config, struct atl_store *store,
                              int64_t now_ms, bool *more, struct atl_error *err)
{
    char text[CURSOR_BYTES] = "";
    struct atl_shop *shop;
    atl_code rc = atl_store_setting_get(store, ATL_STORE_TELL_ANEW, text, sizeof text, err);

    (void)now_ms;
    if (rc == ATL_E_NOT_FOUND || (!rc && (!text[0] || !config->cloud_url[0])))
        return ATL_OK;
    if (rc)
        return rc;
    shop = calloc(1, sizeof *shop);
    if (!shop)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    rc = atl_shop_load(config, shop, err);
    if (!rc) {
        shop->store = store;
        rc = tell_next(shop, cursor_of(text), more, err);
        shop->store = NULL; // the caller's
    }
    atl_shop_close(shop);
    free(shop);
    return rc;
}
