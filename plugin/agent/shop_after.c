// SPDX-License-Identifier: Apache-2.0
// After money was taken: another text, a void, a return, and the hand-over at the end.
#include "plugin/agent/shop_pos.h"
#include "plugin/agent/tell.h"
#include "plugin/core/code.h"
#include "plugin/core/hash.h"
#include "plugin/store/drafts.h"
#include "plugin/store/events.h"
#include "plugin/store/orders.h"

#include <stdio.h>
#include <string.h>

enum { EVENTS_AT_ONCE = 64 };

// ---- amend ----

// What the workshop has stopped, another text does not start again: only what is held since the
// sale, because it was unsigned or nobody told us of it.
static atl_code is_held_by_staff(struct atl_shop *shop, const struct atl_piece *piece, bool *out,
                                 struct atl_error *err)
{
    struct atl_event events[EVENTS_AT_ONCE];
    int64_t after = 0;
    size_t count;

    *out = false;
    do {
        const atl_code rc = atl_events_list(shop->store, piece->order_id, piece->id, after, events,
                                            EVENTS_AT_ONCE, &count, err);

        if (rc)
            return rc;
        for (size_t i = 0; i < count; i++) {
            after = events[i].sequence;
            if (events[i].kind == ATL_EVENT_ACT)
                *out = events[i].act == ATL_ACT_HOLD;
        }
    } while (count == EVENTS_AT_ONCE);
    return ATL_OK;
}

// Tag revision + 1: the old tag, when scanned, says that it was replaced. What waited for its
// details, or was held because it was never signed, goes on by this.
atl_code atl_shop_amend(struct atl_shop *shop, const struct atl_shop_call *call,
                        const struct atl_draft *draft, struct atl_piece *piece,
                        struct atl_error *err)
{
    const struct atl_by by =
        atl_shop_by(shop, ATL_ORIGIN_POS, draft->signature.employee_ref, call->txn->workstation);
    const bool was_waiting = piece->progress.stage == ATL_STAGE_AWAITING_DETAILS;
    bool was_held = piece->progress.stage == ATL_STAGE_ON_HOLD;
    struct atl_amendment amendment = {
        .answers = &draft->answers,
        .proof = draft->proof,
        .signature = draft->signature,
        .price_minor = draft->price_minor,
        .work_s = draft->work_s,
    };
    struct atl_piece_act act = {.piece_id = piece->id};
    bool by_staff = false;
    atl_code rc = ATL_OK;

    if (was_held)
        rc = is_held_by_staff(shop, piece, &by_staff, err);
    was_held &= !by_staff;
    if (!rc)
        rc = atl_shop_find_text(shop, call, draft->sku, &draft->answers, &amendment.find, err);
    if (!rc)
        rc = atl_pieces_amend(shop->store, piece->id, 0, &amendment, &by, piece, err);
    if (!rc && (was_waiting || was_held)) {
        act.act = was_waiting ? ATL_ACT_SIGN : ATL_ACT_RESUME;
        rc = atl_pieces_promise(shop->store, piece->id, draft->promise, false, &by, piece, err);
        if (!rc)
            rc = atl_pieces_act(shop->store, &act, &by, piece, err);
    }
    if (!rc)
        rc = atl_tell_stage(shop->store, piece, shop->now_ms(), err);
    if (!rc && piece->progress.stage == ATL_STAGE_CONFIRMED)
        rc = atl_shop_print_tag(shop, piece, err);
    return rc;
}

// ---- void and return ----

static atl_code pieces_of(struct atl_shop *shop, const struct atl_shop_call *call,
                          const struct atl_order *order, struct atl_piece **out, size_t *count,
                          struct atl_error *err)
{
    *out = atl_arena_get(call->arena, ATL_SHOP_PIECES_MAX, sizeof **out);
    if (!*out)
        return atl_arena_check(call->arena, err);
    return atl_pieces_of_order(shop->store, order->id, *out, ATL_SHOP_PIECES_MAX, count, err);
}

static atl_code order_of(struct atl_shop *shop, const struct atl_shop_call *call,
                         struct atl_order **out, struct atl_error *err)
{
    *out = atl_arena_get(call->arena, 1, sizeof **out);
    if (!*out)
        return atl_arena_check(call->arena, err);
    if (!call->txn->uuid)
        return atl_fail(err, ATL_E_INVALID, "transaction.uuid is missing: which sale is it?");
    return atl_orders_find_transaction(shop->store, call->txn->uuid, *out, err);
}

// Acts where there is an arrow; where there is none nothing happens and *done stays.
static atl_code act_if_possible(struct atl_shop *shop, struct atl_piece *piece, enum atl_act act,
                                const char *why, const struct atl_by *by, bool *done,
                                struct atl_error *err)
{
    const struct atl_piece_act what = {.piece_id = piece->id, .act = act, .why = why};
    atl_code rc;

    if (atl_stage_next(piece->kind, piece->progress, act).stage == ATL_STAGE_NONE)
        return ATL_OK;
    rc = atl_pieces_act(shop->store, &what, by, piece, err);
    if (!rc)
        rc = atl_tell_stage(shop->store, piece, shop->now_ms(), err);
    *done = rc == ATL_OK;
    return rc;
}

atl_code atl_shop_voided(struct atl_shop *shop, const struct atl_shop_call *call,
                         const struct atl_pos_event *event, struct atl_pos_verdict *verdict,
                         struct atl_error *err)
{
    const struct atl_by by =
        atl_shop_by(shop, ATL_ORIGIN_POS, event->employee_ref, call->txn->workstation);
    struct atl_piece *pieces;
    struct atl_order *order;
    size_t count = 0;
    int64_t asked = 0;
    atl_code rc;

    *verdict = (struct atl_pos_verdict){.size = sizeof *verdict, .is_allowed = 1};
    rc = order_of(shop, call, &order, err);
    if (rc == ATL_E_NOT_FOUND) // before payment: the drafts are all there is
        return atl_drafts_remove(shop->store, call->txn->uuid, err);
    if (!rc)
        rc = pieces_of(shop, call, order, &pieces, &count, err);
    for (size_t i = 0; !rc && i < count; i++) {
        bool done = false;

        rc = act_if_possible(shop, &pieces[i], ATL_ACT_CANCEL, "voided", &by, &done, err);
        asked += done && pieces[i].progress.stage == ATL_STAGE_CANCEL_REQUESTED;
    }
    if (!rc && asked) {
        verdict->code = "cancel_requested";
        verdict->warning = atl_say_number(call->arena, call->language, ATL_SAY_VOID_ASKED, asked);
    }
    return rc;
}

static void refuse_return(const struct atl_shop_call *call, const struct atl_pos_unit *unit,
                          const char *code, const char *reason, struct atl_pos_verdict *verdict)
{
    verdict->is_allowed = 0;
    verdict->code = code;
    verdict->reason = reason;
    verdict->guest_text = reason;
    verdict->line_ref = unit->line_ref;
    verdict->unit_index = unit->unit_index;
    (void)call;
}

// What the return of one unit means. Only what was handed over comes back; what is still here is
// cancelled, or a person of the workshop is asked.
static atl_code return_unit(struct atl_shop *shop, const struct atl_shop_call *call,
                            const struct atl_pos_return *units, const struct atl_pos_unit *unit,
                            const struct atl_by *by, struct atl_pos_verdict *verdict,
                            struct atl_error *err)
{
    const struct atl_product *product;
    struct atl_piece piece;
    bool done = false;
    atl_code rc;

    rc = atl_pieces_find_unit(shop->store, call->txn->uuid, unit->line_ref ? unit->line_ref : "",
                              unit->unit_index, &piece, err);
    if (rc == ATL_E_NOT_FOUND)
        return ATL_OK; // it was sold plain
    if (rc)
        return rc;
    product = atl_catalogue_product(&shop->catalogue, piece.sku);
    if (piece.progress.stage == ATL_STAGE_COLLECTED && !units->is_defect && product &&
        !product->is_returnable) {
        refuse_return(
            call, unit, "made_to_order",
            atl_say_with(call->arena, call->language, ATL_SAY_RETURN_MADE, piece.code, NULL),
            verdict);
        return ATL_OK;
    }
    rc = act_if_possible(shop, &piece, ATL_ACT_RETURN, units->is_defect ? "defect" : "goodwill", by,
                         &done, err);
    if (!rc && !done)
        rc = act_if_possible(shop, &piece, ATL_ACT_CANCEL, "returned", by, &done, err);
    if (!rc && !done)
        refuse_return(call, unit, "not_handed_over",
                      atl_say_with(call->arena, call->language, ATL_SAY_RETURN_LATER, piece.code,
                                   atl_say_stage(call->language, (int)piece.progress.stage)),
                      verdict);
    else if (!rc && piece.progress.stage == ATL_STAGE_CANCEL_REQUESTED)
        verdict->warning = atl_say_number(call->arena, call->language, ATL_SAY_VOID_ASKED, 1);
    return rc;
}

atl_code atl_shop_returned(struct atl_shop *shop, const struct atl_shop_call *call,
                           const struct atl_pos_return *units, struct atl_pos_verdict *verdict,
                           struct atl_error *err)
{
    const struct atl_by by =
        atl_shop_by(shop, ATL_ORIGIN_POS, units->employee_ref, call->txn->workstation);
    atl_code rc = ATL_OK;

    if (!call->txn->uuid)
        return atl_fail(err, ATL_E_INVALID, "transaction.uuid is missing: of which sale is it?");
    *verdict = (struct atl_pos_verdict){.size = sizeof *verdict, .is_allowed = 1};
    for (uint32_t i = 0; !rc && verdict->is_allowed && i < units->unit_count; i++)
        rc = return_unit(shop, call, units, &units->units[i], &by, verdict, err);
    return rc;
}

// ---- hand-over ----

static bool ticket_is_theirs(struct atl_shop *shop, const struct atl_order *order,
                             const char *proof)
{
    uint8_t sha256[ATL_HASH_BYTES];
    struct atl_guest_link link;
    struct atl_order found;
    struct atl_scan scan;

    atl_scan_read(proof, strlen(proof), &scan);
    if (scan.kind != ATL_SCAN_TOKEN)
        return false;
    atl_token_hash(scan.token, sha256);
    return atl_orders_find_link(shop->store, sha256, &link, &found, NULL) == ATL_OK &&
           !link.is_revoked && strcmp(found.id, order->id) == 0;
}

// Says yes, or why not. A wrong PIN counts even though nothing else is written.
static atl_code may_collect(struct atl_shop *shop, const struct atl_shop_call *call,
                            const struct atl_pos_collect *collect, const struct atl_order *order,
                            enum atl_say *say, bool *yes, struct atl_error *err)
{
    const char *proof = collect->proof ? collect->proof : "";
    bool allowed = true;
    atl_code rc = ATL_OK;

    (void)call;
    *yes = false;
    if (order->wish.is_buyer_only && collect->how == ATL_POS_COLLECT_TICKET) {
        *say = ATL_SAY_COLLECT_BUYER;
        return ATL_OK;
    }
    switch (collect->how) {
    case ATL_POS_COLLECT_TICKET:
        *say = ATL_SAY_COLLECT_TICKET;
        *yes = ticket_is_theirs(shop, order, proof);
        break;
    case ATL_POS_COLLECT_CODE_AND_PIN:
        rc = atl_orders_pin_try(shop->store, order->id, shop->now_ms(), &allowed, err);
        *say = allowed ? ATL_SAY_COLLECT_PIN : ATL_SAY_COLLECT_WAIT;
        *yes = !rc && allowed && strlen(proof) == ATL_PIN_LEN &&
               atl_hash_equal(proof, order->pin, ATL_PIN_LEN);
        if (*yes)
            rc = atl_orders_pin_was_right(shop->store, order->id, err);
        break;
    case ATL_POS_COLLECT_IDENTITY_SEEN:
        *yes = true;
        break;
    default:
        rc = atl_fail(err, ATL_E_INVALID, "collect.how is %d: 1 ticket, 2 code and PIN, 3 identity",
                      (int)collect->how);
        break;
    }
    return rc;
}

static void refuse_collect(const struct atl_shop_call *call, const struct atl_piece *piece,
                           enum atl_say say, struct atl_pos_verdict *verdict)
{
    const bool is_stage = say == ATL_SAY_COLLECT_NOT;

    verdict->is_allowed = 0;
    verdict->code = is_stage ? "not_ready" : "not_theirs";
    verdict->reason =
        atl_say_with(call->arena, call->language, say, is_stage ? piece->code : NULL,
                     is_stage ? atl_say_stage(call->language, (int)piece->progress.stage) : NULL);
    verdict->line_ref = atl_arena_text(call->arena, piece->line_ref);
    verdict->unit_index = piece->unit_index;
}

static atl_code hand_over(struct atl_shop *shop, const struct atl_pos_collect *collect,
                          const struct atl_by *by, struct atl_piece *piece, struct atl_error *err)
{
    static const char *const hows[] = {"", "ticket", "code_and_pin", "identity_seen"};
    const struct atl_piece_act act = {
        .piece_id = piece->id, .act = ATL_ACT_HAND_OVER, .why = hows[collect->how]};
    atl_code rc;

    rc = atl_pieces_act(shop->store, &act, by, piece, err);
    if (!rc && piece->place[0])
        rc = atl_pieces_place(shop->store, piece->id, "", by, piece, err);
    return rc ? rc : atl_tell_stage(shop->store, piece, shop->now_ms(), err);
}

atl_code atl_shop_collect(struct atl_shop *shop, const struct atl_shop_call *call,
                          const struct atl_pos_collect *collect, struct atl_pos_verdict *verdict,
                          struct atl_pos_order *out, struct atl_error *err)
{
    const struct atl_by by = atl_shop_by(shop, ATL_ORIGIN_POS, collect->employee_ref,
                                         call->txn ? call->txn->workstation : NULL);
    const char *code = collect->piece_code ? collect->piece_code : "";
    char warning[ATL_NOTE_SIZE];
    struct atl_piece piece;
    struct atl_order order;
    enum atl_say say = ATL_SAY_COLLECT_NOT;
    bool yes = false;
    atl_code rc;

    *verdict = (struct atl_pos_verdict){.size = sizeof *verdict, .is_allowed = 1};
    rc = atl_shop_open_piece(shop, code, &piece, warning, sizeof warning, err);
    if (!rc)
        rc = atl_orders_find(shop->store, piece.order_id, &order, err);
    if (!rc)
        rc = may_collect(shop, call, collect, &order, &say, &yes, err);
    if (rc)
        return rc;
    if (!yes) {
        refuse_collect(call, &piece, say, verdict);
    } else if (atl_stage_next(piece.kind, piece.progress, ATL_ACT_HAND_OVER).stage ==
               ATL_STAGE_NONE) {
        refuse_collect(call, &piece, ATL_SAY_COLLECT_NOT, verdict);
    } else {
        rc = hand_over(shop, collect, &by, &piece, err);
    }
    return rc ? rc : atl_shop_view(shop, call, &order, out, err);
}
