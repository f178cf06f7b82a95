// SPDX-License-Identifier: Apache-2.0
// Requests of the feed. The cloud wishes; the shop decides by its own table of arrows, and says
// what it decided as an event, in the same transaction.
#include "plugin/agent/shop.h"
#include "plugin/agent/tell.h"
#include "plugin/agent/upkeep.h"
#include "plugin/store/feed.h"
#include "plugin/store/orders.h"
#include "plugin/store/pieces.h"
#include "plugin/wire/event_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What was decided; the reason goes back to whoever asked.
struct decision {
    char order_id[ATL_ORDER_ID_SIZE];
    bool is_accepted;
    char reason[ATL_NOTE_SIZE];
};

static void refuse(struct decision *out, const char *reason)
{
    out->is_accepted = false;
    snprintf(out->reason, sizeof out->reason, "%s", reason);
}

static atl_code act(struct atl_shop *shop, struct atl_piece *piece, enum atl_act what,
                    const struct atl_by *by, struct decision *out, struct atl_error *err)
{
    const struct atl_piece_act act = {.piece_id = piece->id, .act = what, .why = "request"};
    atl_code rc;

    memcpy(out->order_id, piece->order_id, sizeof out->order_id);
    if (atl_stage_next(piece->kind, piece->progress, what).stage == ATL_STAGE_NONE) {
        refuse(out, "this cannot be done at the stage the piece is in");
        return ATL_OK;
    }
    rc = atl_pieces_act(shop->store, &act, by, piece, err);
    if (!rc)
        rc = atl_tell_stage(shop->store, piece, shop->now_ms(), err);
    out->is_accepted = rc == ATL_OK;
    return rc;
}

static atl_code cancel(struct atl_shop *shop, const struct atl_request *request,
                       const struct atl_by *by, struct decision *out, struct atl_error *err)
{
    struct atl_piece *pieces = calloc(ATL_SHOP_PIECES_MAX, sizeof *pieces);
    struct decision one = {0};
    size_t count = 0;
    atl_code rc;

    if (!pieces)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    rc = atl_pieces_of_order(shop->store, request->order ? request->order : "", pieces,
                             ATL_SHOP_PIECES_MAX, &count, err);
    if (rc == ATL_E_NOT_FOUND || (!rc && !count)) {
        refuse(out, "there is no such order in this shop");
        rc = ATL_OK;
    }
    for (size_t i = 0; !rc && i < count; i++) {
        if (request->piece && strcmp(request->piece, pieces[i].id) != 0)
            continue;
        rc = act(shop, &pieces[i], ATL_ACT_CANCEL, by, &one, err);
        out->is_accepted |= one.is_accepted;
        memcpy(out->order_id, pieces[i].order_id, sizeof out->order_id);
        if (!out->is_accepted)
            snprintf(out->reason, sizeof out->reason, "%s", one.reason);
    }
    free(pieces);
    return rc;
}

static atl_code scan(struct atl_shop *shop, const struct atl_request *request,
                     const struct atl_by *by, struct decision *out, struct atl_error *err)
{
    const enum atl_act what = request->act ? atl_act_by_name(request->act) : ATL_ACT_COUNT;
    char warning[ATL_NOTE_SIZE];
    struct atl_error why = {0};
    struct atl_piece piece;

    if (what == ATL_ACT_COUNT) {
        refuse(out, "a scan opens and does not advance: say an act");
        return ATL_OK;
    }
    if (atl_shop_open_piece(shop, request->code ? request->code : "", &piece, warning,
                            sizeof warning, &why) != ATL_OK) {
        refuse(out, why.text);
        return ATL_OK;
    }
    if (warning[0]) {
        memcpy(out->order_id, piece.order_id, sizeof out->order_id);
        refuse(out, warning);
        return ATL_OK;
    }
    return act(shop, &piece, what, by, out, err);
}

static atl_code decide(struct atl_shop *shop, const struct atl_request *request,
                       struct decision *out, struct atl_error *err)
{
    struct atl_by by = atl_shop_by(shop, ATL_ORIGIN_SYSTEM, NULL, NULL);

    by.device = request->device;
    switch (request->type) {
    case ATL_REQUEST_CANCEL:
        return cancel(shop, request, &by, out, err);
    case ATL_REQUEST_SCAN:
        return scan(shop, request, &by, out, err);
    case ATL_REQUEST_MESSAGE:
    case ATL_REQUEST_UNKNOWN:
    case ATL_REQUEST_TYPE_COUNT:
        break;
    }
    refuse(out, "this shop's version does not know this kind of request");
    return ATL_OK;
}

static atl_code answer(struct atl_shop *shop, const struct atl_feed_request *waiting,
                       struct atl_error *err)
{
    struct atl_request request = {0};
    struct decision decision = {0};
    struct atl_arena arena;
    atl_code rc;

    atl_arena_init(&arena, ATL_SHOP_ARENA_BYTES);
    rc = atl_store_begin(shop->store, err);
    if (rc)
        goto out;
    if (atl_request_parse(waiting->data, strlen(waiting->data), &arena, &request, NULL) == ATL_OK)
        rc = decide(shop, &request, &decision, err);
    else
        refuse(&decision, "the request cannot be read");
    if (!rc && decision.order_id[0])
        rc = atl_shop_tell_answered(shop, decision.order_id, waiting->id, decision.is_accepted,
                                    decision.reason[0] ? decision.reason : NULL, err);
    if (!rc)
        rc = atl_feed_answer(shop->store, waiting->sequence,
                             decision.is_accepted ? ATL_FEED_ACCEPTED : ATL_FEED_REFUSED,
                             decision.reason, shop->now_ms(), err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
out:
    atl_arena_free(&arena);
    return rc;
}

atl_code atl_shop_answer_request(const struct atl_config *config, struct atl_store *store,
                                 int64_t now_ms, struct atl_error *err)
{
    struct atl_feed_request waiting;
    struct atl_shop *shop;
    struct atl_buf data;
    atl_code rc;

    (void)now_ms;
    atl_buf_init(&data, ATL_FEED_DATA_BYTES);
    rc = atl_feed_next(store, &waiting, &data, err);
    if (rc) {
        atl_buf_free(&data);
        return rc;
    }
    shop = calloc(1, sizeof *shop);
    rc = shop ? atl_shop_load(config, shop, err) : atl_fail(err, ATL_E_NOMEM, "out of memory");
    if (!rc) {
        shop->store = store;
        rc = answer(shop, &waiting, err);
        shop->store = NULL; // the caller's
    }
    if (shop)
        atl_shop_close(shop);
    free(shop);
    atl_buf_free(&data);
    return rc;
}
