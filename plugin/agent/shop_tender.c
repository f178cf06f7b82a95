// SPDX-License-Identifier: Apache-2.0
// Money was taken: drafts become an order. Whatever is wrong with them by now is put on hold and
// is no error, because the POS cannot give the money back on our word.
#include "plugin/agent/shop_pos.h"
#include "plugin/agent/tell.h"
#include "plugin/core/code.h"
#include "plugin/core/list.h"
#include "plugin/core/text.h"
#include "plugin/core/words.h"
#include "plugin/render/qr.h"
#include "plugin/store/drafts.h"
#include "plugin/store/orders.h"
#include "plugin/store/pieces.h"

#include <stdio.h>
#include <string.h>

enum { CODE_TRIES = 50, RECEIPT_COLUMNS = 42, RECEIPT_TEXTS_MAX = 16 };

// ---- before ----

static void late_warning(struct atl_shop *shop, const struct atl_shop_call *call,
                         const struct atl_draft *drafts, size_t count,
                         struct atl_pos_verdict *verdict)
{
    struct atl_words_clock clock = {atl_lang_of(call->language), &shop->zone, shop->now_ms()};
    struct atl_buf promised;
    struct atl_buf needed;
    struct atl_sale sale;

    if (atl_sales_find(shop->store, call->txn->uuid, &sale, NULL) || !sale.wish.needed_by_ms)
        return;
    atl_buf_init(&promised, 256);
    atl_buf_init(&needed, 256);
    for (size_t i = 0; i < count && !verdict->warning; i++) {
        const struct atl_promise promise = {drafts[i].promise.from_ms, drafts[i].promise.until_ms};

        if (drafts[i].is_dropped || !promise.until_ms ||
            !atl_promise_misses(&promise, sale.wish.needed_by_ms))
            continue;
        atl_words_range(&promised, &clock, promise.from_ms, promise.until_ms);
        atl_words_when(&needed, &clock, sale.wish.needed_by_ms);
        verdict->code = "promise_late";
        verdict->line_ref = drafts[i].line_ref;
        verdict->unit_index = drafts[i].unit_index;
        verdict->warning = atl_say_with(call->arena, call->language, ATL_SAY_PROMISE_LATE,
                                        (const char *)promised.data, (const char *)needed.data);
    }
    atl_buf_free(&promised);
    atl_buf_free(&needed);
}

static atl_code all_drafts(struct atl_shop *shop, const struct atl_shop_call *call,
                           struct atl_draft **out, size_t *count, struct atl_error *err)
{
    atl_code rc;

    *out = atl_arena_get(call->arena, ATL_SHOP_PIECES_MAX, sizeof **out);
    if (!*out)
        return atl_arena_check(call->arena, err);
    if (!call->txn->uuid)
        return atl_fail(err, ATL_E_INVALID, "transaction.uuid is missing: make one for each sale");
    rc = atl_drafts_list(shop->store, call->txn->uuid, NULL, *out, ATL_SHOP_PIECES_MAX, count, err);
    if (!rc && *count > ATL_SHOP_PIECES_MAX)
        rc = atl_fail(err, ATL_E_INVALID, "a sale has at most %d customised units",
                      ATL_SHOP_PIECES_MAX);
    return rc;
}

static void veto(const struct atl_shop_call *call, const struct atl_shop *shop,
                 const struct atl_draft *draft, enum atl_say say, const char *code,
                 const char *guest_language, struct atl_pos_verdict *verdict)
{
    const struct atl_product *product = atl_catalogue_product(&shop->catalogue, draft->sku);
    const struct atl_field *text = product ? atl_product_role(product, ATL_ROLE_TEXT) : NULL;

    verdict->is_allowed = 0;
    verdict->code = code;
    verdict->reason = atl_say_number(call->arena, call->language, say, draft->unit_index);
    verdict->guest_text = atl_say_number(call->arena, guest_language, say, draft->unit_index);
    verdict->field = text ? text->name : NULL;
    verdict->line_ref = draft->line_ref;
    verdict->unit_index = draft->unit_index;
}

atl_code atl_shop_before_tender(struct atl_shop *shop, const struct atl_shop_call *call,
                                struct atl_pos_verdict *verdict, struct atl_error *err)
{
    struct atl_draft *drafts;
    size_t count = 0;
    atl_code rc = all_drafts(shop, call, &drafts, &count, err);

    *verdict = (struct atl_pos_verdict){.size = sizeof *verdict, .is_allowed = 1};
    if (rc)
        return rc;
    for (size_t i = 0; i < count; i++) {
        const char *code;
        enum atl_say say;

        if (drafts[i].is_dropped)
            continue;
        if (drafts[i].proof.state == ATL_PROOF_STATE_PENDING)
            rc = atl_shop_look_again(shop, call, &drafts[i], err);
        if (rc)
            return rc;
        if (atl_shop_draft_is_complete(shop, &drafts[i], &say, &code))
            continue;
        veto(call, shop, &drafts[i], say, code, atl_shop_guest_language(shop, call), verdict);
        return ATL_OK;
    }
    late_warning(shop, call, drafts, count, verdict);
    return ATL_OK;
}

// ---- the order ----

static atl_code new_code(struct atl_shop *shop, char code[ATL_ORDER_CODE_CAP],
                         struct atl_error *err)
{
    uint8_t random[ATL_ORDER_CODE_RANDOM_BYTES];
    bool is_taken = true;
    atl_code rc;

    for (int tries = 0; tries < CODE_TRIES; tries++) {
        rc = atl_store_random(random, sizeof random, err);
        if (rc)
            return rc;
        if (!atl_order_code_make(random, code))
            continue;
        rc = atl_orders_has_code(shop->store, code, &is_taken, err);
        if (rc || !is_taken)
            return rc;
    }
    return atl_fail(err, ATL_E_FULL, "no free order code was found: too many orders are kept");
}

static atl_code new_pin(char pin[ATL_PIN_CAP], struct atl_error *err)
{
    uint8_t random[ATL_PIN_RANDOM_BYTES];
    atl_code rc;

    do {
        rc = atl_store_random(random, sizeof random, err);
    } while (!rc && !atl_pin_make(random, pin));
    return rc;
}

static atl_code make_order(struct atl_shop *shop, const struct atl_shop_call *call,
                           const struct atl_pos_tender *tender, const struct atl_by *by,
                           struct atl_order *out, struct atl_error *err)
{
    struct atl_sale sale = {0};
    atl_code rc;

    *out = (struct atl_order){.created_ms = by->at_ms, .created_offset_min = by->offset_min};
    rc = atl_sales_find(shop->store, call->txn->uuid, &sale, err);
    if (rc && rc != ATL_E_NOT_FOUND)
        return rc;
    out->wish = sale.wish;
    out->transaction.sequence = call->txn->sequence;
    out->transaction.is_training = call->txn->is_training != 0;
    snprintf(out->transaction.uuid, sizeof out->transaction.uuid, "%s", call->txn->uuid);
    snprintf(out->transaction.store, sizeof out->transaction.store, "%s",
             call->txn->store ? call->txn->store : "");
    snprintf(out->transaction.workstation, sizeof out->transaction.workstation, "%s",
             call->txn->workstation ? call->txn->workstation : "");
    snprintf(out->transaction.business_day, sizeof out->transaction.business_day, "%s",
             call->txn->business_day ? call->txn->business_day : "");
    snprintf(out->transaction.currency, sizeof out->transaction.currency, "%s",
             call->txn->currency ? call->txn->currency : shop->config->currency);
    snprintf(out->employee_ref, sizeof out->employee_ref, "%s",
             tender->employee_ref ? tender->employee_ref : "");
    if (!out->wish.language[0])
        snprintf(out->wish.language, sizeof out->wish.language, "%s",
                 atl_shop_guest_language(shop, call));
    rc = atl_store_new_id(by->at_ms, out->id, err);
    if (!rc)
        rc = new_code(shop, out->code, err);
    if (!rc)
        rc = atl_shop_new_token(out->token, err);
    if (!rc && out->wish.is_gift)
        rc = atl_shop_new_token(out->gift_token, err);
    if (!rc)
        rc = new_pin(out->pin, err);
    if (!rc)
        rc = atl_store_random(out->salt, sizeof out->salt, err);
    return rc;
}

// ---- its pieces ----

// One unit that was sold, with its draft or without.
struct sold {
    const struct atl_pos_line *line;
    uint32_t unit_index;
    const struct atl_draft *draft; // NULL: nobody ever told us
};

static const struct atl_draft *draft_of(const struct atl_draft *drafts, size_t count,
                                        const char *line_ref, uint32_t unit_index)
{
    for (size_t i = 0; i < count; i++) {
        if (drafts[i].unit_index == unit_index && strcmp(drafts[i].line_ref, line_ref) == 0)
            return &drafts[i];
    }
    return NULL;
}

static bool has_left(const struct atl_draft *draft)
{
    return draft->is_dropped && !draft->expires_ms;
}

// Of a line with drafts those units are sold that have one: the others stay plain, and so does one
// that left the sale by itself. A line that the POS calls customised and of which we never heard,
// or heard that all of it had left, was sold past us: all of it waits.
static size_t sold_units(const struct atl_pos_tender *tender, const struct atl_draft *drafts,
                         size_t count, struct sold *out, size_t max)
{
    size_t found = 0;

    for (uint32_t i = 0; i < tender->line_count; i++) {
        const struct atl_pos_line *line = &tender->lines[i];
        bool has_drafts = false;
        bool some_stay = false;

        if (!line->line_ref || line->quantity < 1)
            continue;
        for (size_t k = 0; k < count; k++) {
            const bool is_ours = strcmp(drafts[k].line_ref, line->line_ref) == 0;

            has_drafts |= is_ours;
            some_stay |= is_ours && !has_left(&drafts[k]);
        }
        for (uint32_t unit = 1; unit <= (uint32_t)line->quantity && found < max; unit++) {
            const struct atl_draft *draft = draft_of(drafts, count, line->line_ref, unit);

            if (draft ? !some_stay || !has_left(draft) : !has_drafts)
                out[found++] = (struct sold){line, unit, draft};
        }
    }
    return found;
}

// By what act a unit comes into the world, and why when it is not the ordinary one.
static void birth_of(const struct atl_shop *shop, const struct atl_draft *draft,
                     struct atl_piece_birth *birth)
{
    const struct atl_product *product =
        draft ? atl_catalogue_product(&shop->catalogue, draft->sku) : NULL;
    const char *code;
    enum atl_say say;

    birth->act = ATL_ACT_TENDER;
    if (!draft) {
        birth->act = ATL_ACT_TENDER_UNSIGNED;
        birth->why = "no_details";
        return;
    }
    birth->is_dropped = draft->is_dropped;
    if (draft->is_dropped) {
        birth->why = "dropped";
    } else if (draft->follows) {
        birth->act = ATL_ACT_TENDER_LATER;
    } else if (!atl_shop_draft_is_complete(shop, draft, &say, &code)) {
        birth->act = ATL_ACT_TENDER_UNSIGNED;
        birth->why = code;
    } else if (product && product->sign_off == ATL_SIGN_OFF_BEFORE_MAKING &&
               draft->signature.how == ATL_SIGN_NONE) {
        birth->act = ATL_ACT_TENDER_LATER; // the machine is held, not the till
    }
    if (draft->kind == ATL_KIND_SEAT && birth->act == ATL_ACT_TENDER_LATER)
        birth->act = ATL_ACT_TENDER_UNSIGNED; // a seat has nothing that follows
}

static enum atl_kind kind_of(const struct atl_shop *shop, const struct sold *sold)
{
    const struct atl_product *product =
        sold->line->sku ? atl_catalogue_product(&shop->catalogue, sold->line->sku) : NULL;

    return sold->draft ? sold->draft->kind : product ? product->kind : ATL_KIND_EMBROIDERY;
}

static void fill_from_draft(const struct atl_draft *draft, struct atl_piece *piece)
{
    piece->price_minor = draft->price_minor;
    piece->work_s = draft->work_s;
    piece->proof = draft->proof;
    piece->signature = draft->signature;
    memcpy(piece->scarce, draft->scarce, sizeof piece->scarce);
}

static atl_code add_piece(struct atl_shop *shop, const struct atl_shop_call *call,
                          const struct atl_order *order, const struct sold *sold,
                          const struct atl_by *by, struct atl_piece *piece, struct atl_error *err)
{
    static const struct atl_answer_set nothing;
    struct atl_piece_birth birth = {.answers = sold->draft ? &sold->draft->answers : &nothing};
    const char *sku = sold->draft ? sold->draft->sku : sold->line->sku ? sold->line->sku : "";
    const char *variant = sold->draft           ? sold->draft->variant
                          : sold->line->variant ? sold->line->variant
                                                : "";
    atl_code rc;

    birth_of(shop, sold->draft, &birth);
    memcpy(piece->order_id, order->id, sizeof piece->order_id);
    snprintf(piece->line_ref, sizeof piece->line_ref, "%s", sold->line->line_ref);
    snprintf(piece->sku, sizeof piece->sku, "%s", sku);
    snprintf(piece->variant, sizeof piece->variant, "%s", variant);
    piece->unit_index = sold->unit_index;
    piece->kind = kind_of(shop, sold);
    if (sold->draft)
        fill_from_draft(sold->draft, piece);
    rc = atl_store_new_id(by->at_ms, piece->id, err);
    if (!rc)
        rc = atl_piece_code_make(order->code, (uint32_t)piece->number, piece->code, err);
    if (!rc)
        rc = atl_shop_find_text(shop, call, piece->sku, birth.answers, &birth.find, err);
    if (!rc)
        rc = atl_pieces_add(shop->store, piece, &birth, by, err);
    return rc;
}

static atl_code promise_piece(struct atl_shop *shop, const struct sold *sold, int64_t before_s,
                              struct atl_piece *piece, struct atl_error *err)
{
    const struct atl_product *product =
        sold->draft ? atl_catalogue_product(&shop->catalogue, sold->draft->sku) : NULL;
    struct atl_answer list[ATL_ANSWERS_MAX];

    if (!product || sold->draft->follows || sold->draft->is_dropped)
        return ATL_OK; // nobody can say yet
    return atl_shop_promise(shop, product, list, atl_answer_set_list(&sold->draft->answers, list),
                            sold->draft->work_s, before_s, &piece->promise, err);
}

static atl_code add_pieces(struct atl_shop *shop, const struct atl_shop_call *call,
                           const struct atl_order *order, const struct sold *sold, size_t count,
                           const struct atl_by *by, struct atl_piece *pieces, struct atl_error *err)
{
    int64_t before_s = 0;
    atl_code rc = ATL_OK;

    // All promises first: what is added to the store is in its queue from then on.
    for (size_t i = 0; !rc && i < count; i++) {
        pieces[i].number = (int32_t)i + 1;
        rc = promise_piece(shop, &sold[i], before_s, &pieces[i], err);
        before_s += sold[i].draft ? sold[i].draft->work_s : 0;
    }
    for (size_t i = 0; !rc && i < count; i++)
        rc = add_piece(shop, call, order, &sold[i], by, &pieces[i], err);
    if (!rc)
        rc = atl_shop_tell_opened(shop, order, pieces, count, err);
    if (!rc)
        rc = atl_shop_print_order(shop, order, err);
    for (size_t i = 0; !rc && i < count; i++) {
        rc = atl_tell_stage(shop->store, &pieces[i], shop->now_ms(), err);
        if (!rc && pieces[i].progress.stage == ATL_STAGE_CONFIRMED)
            rc = atl_shop_print_tag(shop, &pieces[i], err);
    }
    return rc;
}

// ---- the receipt ----

static void put_text(struct atl_pos_receipt *receipt, const char **texts, const char *text)
{
    if (text && receipt->text_count < RECEIPT_TEXTS_MAX)
        texts[receipt->text_count++] = text;
}

// "1 Tote bag · L'été d'Élodie", never wider than the paper; a gift's words stay out.
static const char *piece_line(struct atl_shop *shop, const struct atl_shop_call *call,
                              const struct atl_order *order, const struct atl_piece *piece)
{
    const struct atl_product *product = atl_catalogue_product(&shop->catalogue, piece->sku);
    struct atl_answer_set answers;
    struct atl_answer list[ATL_ANSWERS_MAX];
    const char *text = NULL;
    char *line;
    size_t at = 0;
    size_t columns = 0;

    if (!product)
        return piece->sku;
    if (!order->wish.is_gift && !product->is_child &&
        atl_pieces_answers(shop->store, piece->id, &answers, NULL) == ATL_OK)
        text = atl_product_value(product, ATL_ROLE_TEXT, list, atl_answer_set_list(&answers, list));
    line = atl_arena_textf(call->arena, "%d %s%s%s", (int)piece->number,
                           atl_local_in(&shop->catalogue, &product->name, order->wish.language),
                           text ? ": " : "", text ? text : "");
    while (line && line[at] && columns < RECEIPT_COLUMNS) {
        at += atl_text_grapheme_len(line + at, strlen(line + at));
        columns++;
    }
    if (line)
        line[at] = '\0';
    return line;
}

static atl_code put_link(struct atl_shop *shop, const struct atl_shop_call *call,
                         const struct atl_order *order, struct atl_pos_receipt *receipt,
                         struct atl_error *err)
{
    struct atl_qr *qr = atl_arena_get(call->arena, 1, sizeof *qr);
    char url[ATL_LINK_CAP];
    atl_code rc;

    if (!qr)
        return atl_arena_check(call->arena, err);
    rc = atl_link_make(shop->config->page_base, order->token, url, err);
    if (!rc)
        rc = atl_qr_make(url, 'M', qr, err);
    if (rc)
        return rc;
    receipt->url = atl_arena_text(call->arena, url);
    receipt->qr_modules = qr->modules;
    receipt->qr_width = qr->side;
    return atl_arena_check(call->arena, err);
}

static const char *ready_line(struct atl_shop *shop, const struct atl_shop_call *call,
                              const struct atl_order *order, const struct atl_pos_receipt *receipt)
{
    const struct atl_words_clock clock = {atl_lang_of(order->wish.language), &shop->zone,
                                          shop->now_ms()};
    struct atl_buf range;
    const char *line = NULL;

    if (!receipt->promise_until_ms)
        return NULL;
    atl_buf_init(&range, 256);
    atl_words_range(&range, &clock, receipt->promise_from_ms, receipt->promise_until_ms);
    if (range.len)
        line = atl_say_with(call->arena, order->wish.language, ATL_SAY_RECEIPT_READY,
                            (const char *)range.data, NULL);
    atl_buf_free(&range);
    return line;
}

static void sum_up(const struct atl_piece *pieces, size_t count, struct atl_pos_receipt *receipt)
{
    for (size_t i = 0; i < count; i++) {
        receipt->held_count += pieces[i].progress.stage == ATL_STAGE_ON_HOLD;
        if (!pieces[i].said.until_ms)
            continue;
        if (!receipt->promise_from_ms || pieces[i].said.from_ms < receipt->promise_from_ms)
            receipt->promise_from_ms = pieces[i].said.from_ms;
        if (pieces[i].said.until_ms > receipt->promise_until_ms)
            receipt->promise_until_ms = pieces[i].said.until_ms;
    }
}

static atl_code make_receipt(struct atl_shop *shop, const struct atl_shop_call *call,
                             const struct atl_order *order, const struct atl_piece *pieces,
                             size_t count, struct atl_pos_receipt *receipt, struct atl_error *err)
{
    const char **texts = atl_arena_get(call->arena, RECEIPT_TEXTS_MAX, sizeof *texts);

    if (!texts)
        return atl_arena_check(call->arena, err);
    *receipt = (struct atl_pos_receipt){.size = sizeof *receipt, .texts = texts};
    sum_up(pieces, count, receipt);
    receipt->code = atl_arena_text(call->arena, order->code);
    if (order->transaction.is_training)
        put_text(receipt, texts, atl_say(order->wish.language, ATL_SAY_RECEIPT_MARK));
    put_text(
        receipt, texts,
        atl_say_with(call->arena, order->wish.language, ATL_SAY_RECEIPT_ORDER, order->code, NULL));
    for (size_t i = 0; i < count; i++)
        put_text(receipt, texts, piece_line(shop, call, order, &pieces[i]));
    put_text(receipt, texts, ready_line(shop, call, order, receipt));
    put_text(receipt, texts, atl_say(order->wish.language, ATL_SAY_RECEIPT_FOLLOW));
    receipt->warning = atl_shop_paper_trouble(shop, call, ATL_PAPER_CLAIM);
    if (!receipt->warning && receipt->held_count)
        receipt->warning =
            atl_say_number(call->arena, call->language, ATL_SAY_HELD, (int64_t)receipt->held_count);
    return put_link(shop, call, order, receipt, err);
}

// The POS repeats until it is told OK, also with another key after its own crash: the transaction
// is what tells two sales apart.
static atl_code known_receipt(struct atl_shop *shop, const struct atl_shop_call *call,
                              const struct atl_order *order, struct atl_pos_receipt *receipt,
                              struct atl_error *err)
{
    struct atl_piece *pieces = atl_arena_get(call->arena, ATL_SHOP_PIECES_MAX, sizeof *pieces);
    size_t count = 0;
    atl_code rc;

    if (!pieces)
        return atl_arena_check(call->arena, err);
    rc = atl_pieces_of_order(shop->store, order->id, pieces, ATL_SHOP_PIECES_MAX, &count, err);
    return rc ? rc : make_receipt(shop, call, order, pieces, count, receipt, err);
}

atl_code atl_shop_tendered(struct atl_shop *shop, const struct atl_shop_call *call,
                           const struct atl_pos_tender *tender, struct atl_pos_receipt *receipt,
                           char order_id[ATL_ORDER_ID_SIZE], struct atl_error *err)
{
    const struct atl_by by =
        atl_shop_by(shop, ATL_ORIGIN_POS, tender->employee_ref, call->txn->workstation);
    struct atl_order *order = atl_arena_get(call->arena, 1, sizeof *order);
    struct sold *sold = atl_arena_get(call->arena, ATL_SHOP_PIECES_MAX, sizeof *sold);
    struct atl_piece *pieces = atl_arena_get(call->arena, ATL_SHOP_PIECES_MAX, sizeof *pieces);
    struct atl_draft *drafts;
    size_t draft_count = 0;
    size_t count;
    atl_code rc;

    rc = atl_arena_check(call->arena, err);
    if (!rc)
        rc = all_drafts(shop, call, &drafts, &draft_count, err);
    if (rc)
        return rc;
    rc = atl_orders_find_transaction(shop->store, call->txn->uuid, order, err);
    if (rc == ATL_OK) {
        memcpy(order_id, order->id, ATL_ORDER_ID_SIZE);
        return known_receipt(shop, call, order, receipt, err);
    }
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    *receipt = (struct atl_pos_receipt){.size = sizeof *receipt};
    count = sold_units(tender, drafts, draft_count, sold, ATL_SHOP_PIECES_MAX);
    if (!count)
        return ATL_OK; // nothing in it is ours
    rc = make_order(shop, call, tender, &by, order, err);
    if (rc)
        return rc;
    order->piece_count = (int32_t)count;
    for (size_t i = 0; i < count; i++) {
        order->total_minor += sold[i].draft ? sold[i].draft->price_minor : 0;
        if (sold[i].draft && sold[i].draft->signature.how != ATL_SIGN_NONE)
            order->consent_ms = sold[i].draft->signature.at_ms;
    }
    rc = atl_orders_add(shop->store, order, &by, err);
    if (!rc)
        rc = add_pieces(shop, call, order, sold, count, &by, pieces, err);
    if (!rc)
        rc = atl_drafts_remove(shop->store, call->txn->uuid, err);
    if (!rc)
        rc = make_receipt(shop, call, order, pieces, count, receipt, err);
    memcpy(order_id, order->id, ATL_ORDER_ID_SIZE);
    return rc;
}
