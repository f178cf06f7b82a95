// SPDX-License-Identifier: Apache-2.0
// What the cloud is told, as docs/sync.md says: written in the transaction of the change.
#include "plugin/agent/shop.h"
#include "plugin/core/hash.h"
#include "plugin/store/orders.h"
#include "plugin/store/outbox.h"
#include "plugin/wire/event_json.h"

#include <stdio.h>
#include <string.h>

static atl_code tell(struct atl_shop *shop, const struct atl_cloudevent_data *data,
                     const char *order_id, const struct atl_piece *piece, struct atl_error *err)
{
    struct atl_outbox_row row = {.at_ms = shop->now_ms()};
    struct atl_buf json;
    atl_code rc;

    atl_buf_init(&json, ATL_OUTBOX_DATA_BYTES);
    rc = atl_cloudevent_data_write(data, &json, err);
    if (!rc)
        rc = atl_buf_check(&json, err);
    if (rc)
        goto out;
    snprintf(row.type, sizeof row.type, "%s", atl_cloudevent_type_name(data->type));
    atl_cloudevent_subject(data->type, order_id, piece ? piece->id : NULL, row.subject,
                           sizeof row.subject);
    row.attempt = piece ? piece->progress.attempt : 0;
    row.version = piece ? piece->version : 0;
    rc = atl_outbox_add(shop->store, &row, (const char *)json.data, NULL, err);
out:
    atl_buf_free(&json);
    return rc;
}

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
    rc = tell(shop, &data, order->id, NULL, err);
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
    return rc ? rc : tell(shop, &data, order->id, NULL, err);
}

atl_code atl_shop_tell_stage(struct atl_shop *shop, const struct atl_piece *piece,
                             struct atl_error *err)
{
    const struct atl_cloudevent_data data = {
        .type = ATL_CLOUDEVENT_PIECE_STAGE,
        .stage =
            {
                    .stage = piece->progress.stage,
                    .back = piece->progress.back,
                    .promise = {piece->promise.from_ms, piece->promise.until_ms},
                    .said = {piece->said.from_ms, piece->said.until_ms},
                    .is_late = piece->is_late,
                    .is_remake = piece->progress.attempt > 1,
                    },
    };

    return tell(shop, &data, piece->order_id, piece, err);
}

atl_code atl_shop_tell_erased(struct atl_shop *shop, const char *order_id, struct atl_error *err)
{
    const struct atl_cloudevent_data data = {.type = ATL_CLOUDEVENT_ORDER_ERASED};

    return tell(shop, &data, order_id, NULL, err);
}

atl_code atl_shop_tell_answered(struct atl_shop *shop, const char *order_id, const char *request_id,
                                bool is_accepted, const char *reason, struct atl_error *err)
{
    const struct atl_cloudevent_data data = {
        .type = ATL_CLOUDEVENT_REQUEST_ANSWERED,
        .answered = {.request = request_id, .is_accepted = is_accepted, .reason = reason},
    };

    return tell(shop, &data, order_id, NULL, err);
}
