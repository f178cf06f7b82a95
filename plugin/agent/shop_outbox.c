// SPDX-License-Identifier: Apache-2.0
// What the cloud is told of an order as a whole, and in answer to its requests; see tell.h.
#include "plugin/agent/shop.h"
#include "plugin/agent/tell.h"
#include "plugin/core/hash.h"
#include "plugin/store/orders.h"
#include "plugin/wire/event_json.h"

// Links that still open a page.
static atl_code links_of(struct atl_shop *shop, const char *order_id,
                         struct atl_cloudevent_link out[ATL_CLOUDEVENT_LINKS_MAX], size_t *count,
                         struct atl_error *err)
{
    struct atl_guest_link links[ATL_CLOUDEVENT_LINKS_MAX];
    size_t all = 0;
    const atl_code rc =
        atl_orders_links(shop->store, order_id, links, ATL_CLOUDEVENT_LINKS_MAX, &all, err);

    *count = 0;
    if (rc)
        return rc;
    for (size_t i = 0; i < all && i < ATL_CLOUDEVENT_LINKS_MAX; i++) {
        if (links[i].is_revoked)
            continue;
        atl_hex_encode(links[i].sha256, sizeof links[i].sha256, out[*count].sha256);
        out[*count].scope = links[i].scope;
        ++*count;
    }
    return ATL_OK;
}

static void describe(const struct atl_shop *shop, const struct atl_piece *piece,
                     struct atl_cloudevent_piece *out)
{
    const struct atl_product *product = atl_catalogue_product(&shop->catalogue, piece->sku);

    *out =
        (struct atl_cloudevent_piece){.id = piece->id, .index = piece->number, .kind = piece->kind};
    for (size_t i = 0; product && i < shop->catalogue.language_count; i++) {
        if (!product->what.in[i])
            continue;
        out->what[out->what_count].language = shop->catalogue.languages[i];
        out->what[out->what_count++].text = product->what.in[i];
    }
}

atl_code atl_shop_tell_opened(struct atl_shop *shop, const struct atl_order *order,
                              const struct atl_piece *pieces, size_t count, struct atl_error *err)
{
    struct atl_cloudevent_link links[ATL_CLOUDEVENT_LINKS_MAX];
    struct atl_cloudevent_data data = {.type = ATL_CLOUDEVENT_ORDER_OPENED};
    struct atl_cloudevent_piece *told;
    struct atl_arena arena;
    atl_code rc;

    atl_arena_init(&arena, ATL_SHOP_ARENA_BYTES);
    told = atl_arena_get(&arena, count + !count, sizeof *told);
    rc = atl_arena_check(&arena, err);
    if (!rc)
        rc = links_of(shop, order->id, links, &data.opened.link_count, err);
    if (rc)
        goto out;
    for (size_t i = 0; i < count; i++)
        describe(shop, &pieces[i], &told[i]);
    data.opened.code = order->code;
    data.opened.language = order->wish.language[0] ? order->wish.language : NULL;
    data.opened.is_training = order->transaction.is_training;
    data.opened.created_ms = order->created_ms;
    data.opened.links = links;
    data.opened.pieces = told;
    data.opened.piece_count = count;
    rc = atl_tell(shop->store, &data, order->id, NULL, shop->now_ms(), err);
out:
    atl_arena_free(&arena);
    return rc;
}

atl_code atl_shop_tell_links(struct atl_shop *shop, const struct atl_order *order,
                             struct atl_error *err)
{
    struct atl_cloudevent_link links[ATL_CLOUDEVENT_LINKS_MAX];
    struct atl_cloudevent_data data = {.type = ATL_CLOUDEVENT_ORDER_LINKS};
    atl_code rc;

    rc = links_of(shop, order->id, links, &data.links.count, err);
    data.links.links = links;
    return rc ? rc : atl_tell(shop->store, &data, order->id, NULL, shop->now_ms(), err);
}

atl_code atl_shop_tell_answered(struct atl_shop *shop, const char *order_id, const char *request_id,
                                bool is_accepted, const char *reason, struct atl_error *err)
{
    const struct atl_cloudevent_data data = {
        .type = ATL_CLOUDEVENT_REQUEST_ANSWERED,
        .answered = {.request = request_id, .is_accepted = is_accepted, .reason = reason},
    };

    return atl_tell(shop->store, &data, order_id, NULL, shop->now_ms(), err);
}
