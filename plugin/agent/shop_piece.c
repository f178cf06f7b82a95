// SPDX-License-Identifier: Apache-2.0
// The acts of the workshop. A scan opens a piece; what is here is the second, different act.
#include "plugin/agent/shop.h"
#include "plugin/core/code.h"
#include "plugin/store/events.h"
#include "plugin/store/jobs.h"
#include "plugin/store/orders.h"
#include "plugin/store/pieces.h"

#include <stdio.h>
#include <string.h>

enum {
    REPEAT_MS = 3000, // a scanner that reads twice, a hand that presses twice
    LAST_EVENTS = 64,
    JOBS_OF_ORDER_MAX = 512,
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
    case ATL_SCAN_FOREIGN:
        break;
    }
    if (scan.is_damaged)
        return atl_fail(err, ATL_E_INVALID,
                        "the code was not read well: its check symbol is wrong; scan it again");
    if (len > 0 && len < ATL_REF_SIZE &&
        atl_pieces_find_tag(shop->store, text, out, NULL) == ATL_OK)
        return ATL_OK;
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
        rc = atl_shop_tell_stage(shop, after, err);
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
        rc = atl_shop_tell_stage(shop, after, err);
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

atl_code atl_shop_bind_tag(struct atl_shop *shop, const char *piece_id, const char *tag,
                           const struct atl_by *by, struct atl_piece *after, struct atl_error *err)
{
    atl_code rc;

    rc = atl_store_begin(shop->store, err);
    if (!rc)
        rc = atl_pieces_bind_tag(shop->store, piece_id, tag, by, after, err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    return rc;
}

// ---- papers ----

static atl_code queue(struct atl_shop *shop, enum atl_document document, enum atl_paper paper,
                      const struct atl_order *order, const struct atl_piece *piece,
                      struct atl_error *err)
{
    const struct atl_config_printer *printer = atl_config_printer_for(shop->config, paper);
    const int64_t now_ms = shop->now_ms();
    struct atl_job job = {.document = document, .created_ms = now_ms};

    if (document != ATL_DOCUMENT_TAG)
        job.expires_ms = now_ms + (int64_t)shop->config->claim_minutes * 60000;
    snprintf(job.device, sizeof job.device, "%s", printer ? printer->name : "none");
    snprintf(job.order_id, sizeof job.order_id, "%s", piece ? piece->order_id : order->id);
    snprintf(job.piece_id, sizeof job.piece_id, "%s", piece ? piece->id : "");
    snprintf(job.code, sizeof job.code, "%s", piece ? piece->code : order->code);
    return atl_jobs_add(shop->store, &job, NULL, err);
}

atl_code atl_shop_print_order(struct atl_shop *shop, const struct atl_order *order,
                              struct atl_error *err)
{
    atl_code rc = queue(shop, ATL_DOCUMENT_CLAIM, ATL_PAPER_CLAIM, order, NULL, err);

    if (!rc && order->wish.is_gift)
        rc = queue(shop, ATL_DOCUMENT_GIFT, ATL_PAPER_GIFT, order, NULL, err);
    return rc;
}

atl_code atl_shop_print_tag(struct atl_shop *shop, const struct atl_piece *piece,
                            struct atl_error *err)
{
    if (piece->kind == ATL_KIND_SEAT)
        return ATL_OK; // nothing travels through a workshop
    return queue(shop, ATL_DOCUMENT_TAG, ATL_PAPER_TAG, NULL, piece, err);
}

// The newest job of that paper; NULL when there never was one.
static const struct atl_job *last_paper(const struct atl_job *jobs, size_t count,
                                        enum atl_document document, const char *piece_id)
{
    const struct atl_job *found = NULL;

    for (size_t i = 0; i < count; i++) {
        if (jobs[i].document == document && strcmp(jobs[i].piece_id, piece_id) == 0)
            found = &jobs[i];
    }
    return found;
}

// A copy of what was printed; the first one where none was, or where it still waits.
static atl_code print_again(struct atl_shop *shop, const struct atl_order *order,
                            const struct atl_piece *piece, enum atl_document document,
                            const struct atl_by *by, struct atl_error *err)
{
    static struct atl_job jobs[JOBS_OF_ORDER_MAX];
    const int64_t expires_ms = document == ATL_DOCUMENT_TAG
                                   ? 0
                                   : shop->now_ms() + (int64_t)shop->config->claim_minutes * 60000;
    const struct atl_job *last;
    size_t count = 0;
    atl_code rc;

    rc = atl_jobs_of_order(shop->store, order->id, jobs, JOBS_OF_ORDER_MAX, &count, err);
    if (rc)
        return rc;
    count = count < JOBS_OF_ORDER_MAX ? count : JOBS_OF_ORDER_MAX;
    last = last_paper(jobs, count, document, piece ? piece->id : "");
    if (!last)
        return piece ? atl_shop_print_tag(shop, piece, err)
                     : atl_shop_print_order(shop, order, err);
    if (last->state == ATL_JOB_QUEUED)
        return atl_fail(err, ATL_E_CONFLICT,
                        "%s: it is already waiting for printer %s; see that it is on and has paper",
                        last->code, last->device);
    return atl_jobs_copy(shop->store, last->id, expires_ms, by, NULL, err);
}

static atl_code new_token(char out[ATL_TOKEN_CAP], struct atl_error *err)
{
    uint8_t random[ATL_TOKEN_RANDOM_BYTES];
    const atl_code rc = atl_store_random(random, sizeof random, err);

    if (!rc)
        atl_token_make(random, out);
    return rc;
}

static atl_code reissue(struct atl_shop *shop, struct atl_order *order, const struct atl_by *by,
                        struct atl_error *err)
{
    char token[ATL_TOKEN_CAP];
    char gift_token[ATL_TOKEN_CAP] = "";
    atl_code rc;

    rc = new_token(token, err);
    if (!rc && order->wish.is_gift)
        rc = new_token(gift_token, err);
    if (!rc)
        rc = atl_orders_reissue(shop->store, order->id, token, gift_token, by, order, err);
    if (!rc)
        rc = atl_shop_tell_links(shop, order, err);
    return rc;
}

atl_code atl_shop_reprint(struct atl_shop *shop, const char *order_id, const char *piece_id,
                          bool is_lost, const struct atl_by *by, struct atl_error *err)
{
    struct atl_order order;
    struct atl_piece piece;
    atl_code rc;

    rc = atl_store_begin(shop->store, err);
    if (!rc)
        rc = atl_orders_find(shop->store, order_id, &order, err);
    if (!rc && piece_id)
        rc = atl_pieces_find(shop->store, piece_id, &piece, err);
    if (!rc && is_lost && !piece_id)
        rc = reissue(shop, &order, by, err);
    if (!rc)
        rc = print_again(shop, &order, piece_id ? &piece : NULL,
                         piece_id ? ATL_DOCUMENT_TAG : ATL_DOCUMENT_CLAIM, by, err);
    if (!rc && !piece_id && is_lost && order.wish.is_gift)
        rc = print_again(shop, &order, NULL, ATL_DOCUMENT_GIFT, by, err);
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
        rc = atl_shop_tell_erased(shop, order_id, err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    return rc;
}
