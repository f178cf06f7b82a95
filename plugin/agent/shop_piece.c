// SPDX-License-Identifier: Apache-2.0
// The acts of the workshop. A scan opens a piece; what is here is the second, different act.
#include "plugin/agent/shop.h"
#include "plugin/agent/tell.h"
#include "plugin/core/code.h"
#include "plugin/store/events.h"
#include "plugin/store/orders.h"
#include "plugin/store/pieces.h"

#include <stdio.h>
#include <string.h>

enum {
    REPEAT_MS = 3000, // a scanner that reads twice, a hand that presses twice
    LAST_EVENTS = 64,
};

// ---- opening ----

static atl_code open_tag(struct atl_shop *shop, const struct atl_scan *scan, struct atl_piece *out,
                         char *warning, size_t size, struct atl_error *err)
{
    const atl_code rc =
        atl_pieces_find_number(shop->store, scan->order_code, (int)scan->unit, out, err);

    if (rc)
        return rc;
    if ((int32_t)scan->revision < out->tag_revision)
        snprintf(warning, size, "This tag was replaced by tag %d: use that one.",
                 (int)out->tag_revision);
    else if (!atl_tag_code_is_ours(atl_store_tag_key(shop->store), scan->tag_code,
                                   out->signature.hash))
        snprintf(warning, size,
                 "This tag does not fit what was signed: do not make it; print a new tag.");
    return ATL_OK;
}

static atl_code open_only_piece(struct atl_shop *shop, const char *order_code,
                                struct atl_piece *out, struct atl_error *err)
{
    struct atl_order order;
    atl_code rc = atl_orders_find_code(shop->store, order_code, &order, err);

    if (rc)
        return rc;
    if (order.piece_count != 1)
        return atl_fail(err, ATL_E_INVALID,
                        "order %s has %d pieces: say which one, for example %s/1", order_code,
                        (int)order.piece_count, order_code);
    return atl_pieces_find_number(shop->store, order_code, 1, out, err);
}

atl_code atl_shop_open_piece(struct atl_shop *shop, const char *text, struct atl_piece *out,
                             char *warning, size_t warning_size, struct atl_error *err)
{
    const size_t len = strlen(text);
    struct atl_scan scan;

    warning[0] = '\0';
    atl_scan_read(text, len, &scan);
    switch (scan.kind) {
    case ATL_SCAN_TAG:
        return open_tag(shop, &scan, out, warning, warning_size, err);
    case ATL_SCAN_PIECE:
        return atl_pieces_find_number(shop->store, scan.order_code, (int)scan.unit, out, err);
    case ATL_SCAN_ORDER:
        return open_only_piece(shop, scan.order_code, out, err);
    case ATL_SCAN_TOKEN:
        return atl_fail(err, ATL_E_INVALID,
                        "this is the guest's ticket, which opens the order at the counter; scan "
                        "the work tag");
    case ATL_SCAN_ACTION:
    case ATL_SCAN_PLACE:
        return atl_fail(err, ATL_E_INVALID, "this is a code of the wall: scan the work tag first");
    case ATL_SCAN_SPARE:
        return atl_shop_open_spare(shop, &scan, out, err);
    case ATL_SCAN_FOREIGN:
        break;
    }
    if (scan.is_damaged)
        return atl_fail(err, ATL_E_INVALID,
                        "the code was not read well: its check symbol is wrong; scan it again");
    return atl_fail(err, ATL_E_NOT_FOUND, "this code is not one of ours: scan the work tag");
}

// ---- acting ----

enum atl_act atl_shop_next_act(const struct atl_piece *piece)
{
    static const enum atl_act along[] = {ATL_ACT_START, ATL_ACT_DONE, ATL_ACT_PASS,
                                         ATL_ACT_CHECK_IN, ATL_ACT_ATTEND};

    for (size_t i = 0; i < sizeof along / sizeof along[0]; i++) {
        if (atl_stage_next(piece->kind, piece->progress, along[i]).stage != ATL_STAGE_NONE)
            return along[i];
    }
    return ATL_ACT_COUNT;
}

// The last event of the piece is this very act, a moment ago: the same hand, not a second wish.
static atl_code was_just_done(struct atl_shop *shop, const struct atl_piece *piece,
                              enum atl_act act, bool *out, struct atl_error *err)
{
    struct atl_event events[LAST_EVENTS];
    int64_t after = 0;
    size_t count;

    *out = false;
    do {
        const atl_code rc = atl_events_list(shop->store, piece->order_id, piece->id, after, events,
                                            LAST_EVENTS, &count, err);

        if (rc)
            return rc;
        if (count) {
            const struct atl_event *last = &events[count - 1];

            after = last->sequence;
            *out = last->kind == ATL_EVENT_ACT && last->act == act &&
                   shop->now_ms() - last->at_ms < REPEAT_MS;
        }
    } while (count == LAST_EVENTS);
    return ATL_OK;
}

// What an act does to papers and place beside the stage.
static atl_code follow_up(struct atl_shop *shop, const struct atl_shop_act *what,
                          const struct atl_by *by, struct atl_piece *piece, struct atl_error *err)
{
    atl_code rc = ATL_OK;

    if (what->place && what->place[0])
        rc = atl_pieces_place(shop->store, piece->id, what->place, by, piece, err);
    if (!rc && piece->progress.stage == ATL_STAGE_READY)
        rc = atl_shop_print_bag(shop, piece, err);
    if (!rc && what->act == ATL_ACT_REMAKE)
        rc = atl_shop_print_tag(shop, piece, err);
    if (!rc && what->act == ATL_ACT_HAND_OVER)
        rc = atl_pieces_place(shop->store, piece->id, "", by, piece, err);
    return rc;
}

atl_code atl_shop_act(struct atl_shop *shop, const char *piece_id, const struct atl_shop_act *what,
                      const struct atl_by *by, struct atl_piece *after, bool *is_repeat,
                      struct atl_error *err)
{
    const struct atl_piece_act act = {
        .piece_id = piece_id, .act = what->act, .why = what->why, .note = what->note};
    atl_code rc;

    *is_repeat = false;
    rc = atl_store_begin(shop->store, err);
    if (!rc)
        rc = atl_pieces_find(shop->store, piece_id, after, err);
    if (!rc)
        rc = was_just_done(shop, after, what->act, is_repeat, err);
    if (rc || *is_repeat)
        goto out;
    rc = atl_pieces_act(shop->store, &act, by, after, err);
    if (!rc)
        rc = follow_up(shop, what, by, after, err);
    if (!rc)
        rc = atl_tell_stage(shop->store, after, shop->now_ms(), err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
out:
    atl_store_rollback(shop->store);
    return rc;
}

atl_code atl_shop_undo(struct atl_shop *shop, const char *piece_id, const struct atl_by *by,
                       struct atl_piece *after, struct atl_error *err)
{
    atl_code rc;

    rc = atl_store_begin(shop->store, err);
    if (!rc)
        rc = atl_pieces_undo(shop->store, piece_id, 0, by, after, err);
    if (!rc)
        rc = atl_tell_stage(shop->store, after, shop->now_ms(), err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    return rc;
}

atl_code atl_shop_place(struct atl_shop *shop, const char *piece_id, const char *place,
                        const struct atl_by *by, struct atl_piece *after, struct atl_error *err)
{
    atl_code rc;

    rc = atl_store_begin(shop->store, err);
    if (!rc)
        rc = atl_pieces_place(shop->store, piece_id, place, by, after, err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    return rc;
}

atl_code atl_shop_erase(struct atl_shop *shop, const char *order_id, bool is_forced,
                        const struct atl_by *by, struct atl_error *err)
{
    atl_code rc;

    rc = atl_store_begin(shop->store, err);
    if (!rc)
        rc = atl_orders_erase(shop->store, order_id, is_forced, by, err);
    if (!rc)
        rc = atl_tell_erased(shop->store, order_id, shop->now_ms(), err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    return rc ? rc : atl_store_checkpoint(shop->store, true, NULL, err);
}
