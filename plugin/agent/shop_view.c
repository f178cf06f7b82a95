// SPDX-License-Identifier: Apache-2.0
// What staff may see of an order, and how the shop's side is. Nothing is written here.
#include "plugin/agent/shop_pos.h"
#include "plugin/agent/shop_trouble.h"
#include "plugin/core/code.h"
#include "plugin/core/hash.h"
#include "plugin/core/text.h"
#include "plugin/store/drafts.h"
#include "plugin/store/find.h"
#include "plugin/store/jobs.h"
#include "plugin/store/orders.h"
#include "plugin/store/outbox.h"

#include <stdio.h>
#include <string.h>

enum { FIND_MAX = 20 };

// ---- one order ----

static void view_piece(struct atl_shop *shop, const struct atl_shop_call *call,
                       const struct atl_piece *piece, struct atl_pos_piece *out)
{
    const struct atl_product *product = atl_catalogue_product(&shop->catalogue, piece->sku);
    const char *name =
        product ? atl_local_in(&shop->catalogue, &product->name, call->language) : piece->sku;
    const char *what =
        product ? atl_local_in(&shop->catalogue, &product->what, call->language) : "";

    *out = (struct atl_pos_piece){
        .code = atl_arena_text(call->arena, piece->code),
        .line_ref = atl_arena_text(call->arena, piece->line_ref),
        .stage = atl_stage_name(piece->progress.stage),
        .sentence = atl_say_stage(call->language, (int)piece->progress.stage),
        .place = piece->place[0] ? atl_arena_text(call->arena, piece->place) : NULL,
        .unit_index = piece->unit_index,
        .attempt = piece->progress.attempt,
        .version = piece->version,
        .is_final = atl_stage_is_final(piece->kind, piece->progress.stage),
        .promise_from_ms = piece->promise.from_ms,
        .promise_until_ms = piece->promise.until_ms,
        .what = atl_arena_textf(call->arena, "%s%s%s", name, what[0] ? ", " : "", what),
        .tag_revision = piece->tag_revision,
    };
}

atl_code atl_shop_view(struct atl_shop *shop, const struct atl_shop_call *call,
                       const struct atl_order *order, struct atl_pos_order *out,
                       struct atl_error *err)
{
    struct atl_piece *pieces = atl_arena_get(call->arena, ATL_SHOP_PIECES_MAX, sizeof *pieces);
    struct atl_pos_piece *seen;
    struct atl_order_sum sum;
    size_t count = 0;
    atl_code rc;
    char ready[24];
    char all[24];

    if (!pieces)
        return atl_arena_check(call->arena, err);
    rc = atl_pieces_of_order(shop->store, order->id, pieces, ATL_SHOP_PIECES_MAX, &count, err);
    if (rc)
        return rc;
    seen = atl_arena_get(call->arena, count + !count, sizeof *seen);
    if (!seen)
        return atl_arena_check(call->arena, err);
    for (size_t i = 0; i < count; i++)
        view_piece(shop, call, &pieces[i], &seen[i]);
    sum = atl_order_sum(pieces, count);
    snprintf(ready, sizeof ready, "%zu", sum.ready_count);
    snprintf(all, sizeof all, "%zu", count);
    *out = (struct atl_pos_order){
        .size = sizeof *out,
        .piece_size = sizeof *seen,
        .pieces = seen,
        .piece_count = (uint32_t)count,
        .ready_count = (uint32_t)sum.ready_count,
        .code = atl_arena_text(call->arena, order->code),
        .transaction_uuid = atl_arena_text(call->arena, order->transaction.uuid),
        .sentence = atl_say_with(call->arena, call->language, ATL_SAY_READY_COUNT, ready, all),
        .promise_from_ms = sum.next.from_ms,
        .promise_until_ms = sum.next.until_ms,
        .is_gift = order->wish.is_gift,
        .is_training = order->transaction.is_training,
    };
    return atl_arena_check(call->arena, err);
}

atl_code atl_shop_status(struct atl_shop *shop, const struct atl_shop_call *call,
                         struct atl_pos_order *out, struct atl_error *err)
{
    struct atl_order order;
    atl_code rc;

    if (!call->txn->uuid)
        return atl_fail(err, ATL_E_INVALID, "transaction.uuid is missing: which sale is it?");
    rc = atl_orders_find_transaction(shop->store, call->txn->uuid, &order, err);
    if (rc == ATL_E_NOT_FOUND)
        return atl_fail(err, rc, "%s", atl_say(call->language, ATL_SAY_NO_ORDER));
    return rc ? rc : atl_shop_view(shop, call, &order, out, err);
}

// ---- what was scanned ----

static atl_code order_of_token(struct atl_shop *shop, const struct atl_scan *scan,
                               struct atl_order *out, struct atl_error *err)
{
    uint8_t sha256[ATL_HASH_BYTES];
    struct atl_guest_link link;
    atl_code rc;

    atl_token_hash(scan->token, sha256);
    rc = atl_orders_find_link(shop->store, sha256, &link, out, err);
    if (!rc && link.is_revoked)
        rc = atl_fail(
            err, ATL_E_NOT_FOUND,
            "this ticket was replaced by a new one: ask for that, or for an identity card");
    return rc;
}

atl_code atl_shop_scan(struct atl_shop *shop, const struct atl_shop_call *call, const char *text,
                       struct atl_pos_order *out, struct atl_error *err)
{
    char warning[ATL_NOTE_SIZE] = "";
    struct atl_piece piece;
    struct atl_order order;
    struct atl_scan scan;
    atl_code rc;

    atl_scan_read(text ? text : "", text ? strlen(text) : 0, &scan);
    if (scan.kind == ATL_SCAN_TOKEN) {
        rc = order_of_token(shop, &scan, &order, err);
    } else if (scan.kind == ATL_SCAN_ORDER) {
        rc = atl_orders_find_code(shop->store, scan.order_code, &order, err);
    } else {
        rc = atl_shop_open_piece(shop, text ? text : "", &piece, warning, sizeof warning, err);
        if (!rc)
            rc = atl_orders_find(shop->store, piece.order_id, &order, err);
    }
    if (!rc)
        rc = atl_shop_view(shop, call, &order, out, err);
    if (!rc && warning[0]) {
        out->warning = atl_say_again(call->arena, call->language, warning);
        if (!out->warning) // in English is better than not at all
            out->warning = atl_arena_text(call->arena, warning);
    }
    return rc == ATL_E_INVALID ? ATL_E_NOT_FOUND : rc;
}

// ---- find ----

static const char *folded(const struct atl_shop_call *call, const char *text)
{
    struct atl_buf buf;
    const char *out = NULL;

    if (!text)
        return NULL;
    atl_buf_init(&buf, 8192);
    atl_text_fold(&buf, text, strlen(text));
    if (buf.len)
        out = atl_arena_text(call->arena, (const char *)buf.data);
    atl_buf_free(&buf);
    return out;
}

atl_code atl_shop_find(struct atl_shop *shop, const struct atl_shop_call *call,
                       const struct atl_pos_query *query, struct atl_pos_list *out,
                       struct atl_error *err)
{
    const struct atl_find what = {
        .business_day = query->business_day,
        .sku = query->sku,
        .variant = query->variant,
        .initials = folded(call, query->initials),
        .words = folded(call, query->words),
    };
    struct atl_order *orders = atl_arena_get(call->arena, FIND_MAX, sizeof *orders);
    struct atl_pos_order *seen = atl_arena_get(call->arena, FIND_MAX, sizeof *seen);
    size_t count = 0;
    bool cut = false;
    atl_code rc = atl_arena_check(call->arena, err);

    if (!rc)
        rc = atl_find_orders(shop->store, &what, orders, FIND_MAX, &count, &cut, err);
    for (size_t i = 0; !rc && i < count; i++)
        rc = atl_shop_view(shop, call, &orders[i], &seen[i], err);
    if (rc)
        return rc;
    *out = (struct atl_pos_list){.size = sizeof *out,
                                 .order_size = sizeof *seen,
                                 .orders = seen,
                                 .order_count = (uint32_t)count,
                                 .is_cut = cut};
    return ATL_OK;
}

// ---- health ----

const char *atl_shop_paper_trouble(struct atl_shop *shop, const struct atl_shop_call *call,
                                   enum atl_paper paper)
{
    const struct atl_config_printer *printer = atl_config_printer_for(shop->config, paper);
    struct atl_shop_device device = {.kind = "print"};
    struct atl_shop_health health;

    if (!printer)
        return atl_say(call->language, ATL_SAY_NO_PRINTER);
    device.name = printer->name;
    health = atl_shop_device_health(shop, &device);
    if (!atl_shop_health_stops(&health))
        return NULL;
    return atl_say_with(call->arena, call->language, ATL_SAY_TICKETS_DOWN,
                        atl_shop_health_say(&health, &device, call->language, call->arena), NULL);
}

// What stops comes before what only runs low.
static const char *worst_device(struct atl_shop *shop, const struct atl_shop_call *call)
{
    struct atl_shop_device devices[ATL_SHOP_DEVICES_MAX];
    const size_t count = atl_shop_devices(shop->config, devices);
    const char *worst = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct atl_shop_health health = atl_shop_device_health(shop, &devices[i]);
        const char *said = atl_shop_health_say(&health, &devices[i], call->language, call->arena);

        if (said && atl_shop_health_stops(&health))
            return said;
        worst = worst ? worst : said;
    }
    return worst;
}

atl_code atl_shop_health(struct atl_shop *shop, const struct atl_shop_call *call,
                         struct atl_pos_health *out, struct atl_error *err)
{
    struct atl_outbox_stats outbox;
    struct atl_job_counts jobs;
    struct atl_store_space space;
    atl_code rc;

    *out = (struct atl_pos_health){.size = sizeof *out, .is_agent_up = 1};
    rc = atl_jobs_count(shop->store, NULL, &jobs, err);
    if (!rc)
        rc = atl_outbox_stats(shop->store, &outbox, err);
    if (!rc)
        rc = atl_store_space(shop->store, &space, err);
    if (rc)
        return rc;
    out->waiting_count = (int32_t)jobs.waiting;
    out->held_count = (int32_t)jobs.held;
    out->unknown_count = (int32_t)jobs.unknown;
    out->unsent_ms = outbox.oldest_ms ? shop->now_ms() - outbox.oldest_ms : 0;
    if (space.is_stopped)
        out->sentence = atl_say(call->language, ATL_SAY_DISK_FULL);
    if (!out->sentence)
        out->sentence = worst_device(shop, call);
    if (!out->sentence && space.is_low)
        out->sentence = atl_say(call->language, ATL_SAY_DISK_LOW);
    if (!out->sentence) // sales go on without it
        out->sentence = atl_shop_cloud_say(shop, call->language, call->arena);
    return ATL_OK;
}
