// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/serve_call.h"

#include "plugin/agent/log.h"
#include "plugin/agent/shop_refusals.h"
#include "plugin/core/hash.h"
#include "plugin/store/idem.h"

#include <string.h>

// What a row's function leaves behind.
struct outcome {
    bool is_no;                       // a "no" that nothing was stored for: it may be asked again
    char order_id[ATL_ORDER_ID_SIZE]; // the answer is kept as long as that order; "": for a while
};

struct row {
    uint16_t kind;
    bool changes;
    atl_code (*answer)(struct atl_shop *shop, const struct atl_shop_call *call,
                       const struct atl_pos_ask *ask, struct atl_pos_reply *reply,
                       struct outcome *outcome, struct atl_error *err);
};

#define ROW_FUNCTION(name)                                                                         \
    static atl_code name(struct atl_shop *shop, const struct atl_shop_call *call,                  \
                         const struct atl_pos_ask *ask, struct atl_pos_reply *reply,               \
                         struct outcome *outcome, struct atl_error *err)
#define UNUSED (void)ask, (void)reply, (void)outcome

ROW_FUNCTION(offer)
{
    UNUSED;
    return atl_shop_offer(shop, call, &reply->form, err);
}

ROW_FUNCTION(order_offer)
{
    UNUSED;
    return atl_shop_order_offer(shop, call, &reply->form, err);
}

ROW_FUNCTION(check)
{
    struct atl_shop_judged judged;
    const atl_code rc = atl_shop_judge(shop, call, &ask->answers, &judged, err);

    UNUSED;
    return rc ? rc : atl_shop_judgement(shop, call, &judged, &reply->judgement, err);
}

ROW_FUNCTION(preview)
{
    UNUSED;
    return atl_shop_preview(shop, call, &ask->answers, &reply->image, err);
}

ROW_FUNCTION(capture)
{
    const atl_code rc = atl_shop_capture(shop, call, &ask->answers, &reply->judgement, err);

    outcome->is_no = !reply->judgement.is_allowed;
    return rc;
}

ROW_FUNCTION(sign)
{
    UNUSED;
    return atl_shop_sign(shop, call, &ask->signature, err);
}

ROW_FUNCTION(order_answers)
{
    const atl_code rc = atl_shop_order_answers(shop, call, &ask->answers, &reply->verdict, err);

    outcome->is_no = !reply->verdict.is_allowed;
    return rc;
}

ROW_FUNCTION(line_changed)
{
    UNUSED;
    return atl_shop_line_changed(shop, call, &reply->verdict, err);
}

ROW_FUNCTION(line_voided)
{
    UNUSED;
    return atl_shop_line_voided(shop, call, &ask->event, err);
}

ROW_FUNCTION(before_tender)
{
    UNUSED;
    return atl_shop_before_tender(shop, call, &reply->verdict, err);
}

ROW_FUNCTION(tendered)
{
    return atl_shop_tendered(shop, call, &ask->tender, &reply->receipt, outcome->order_id, err);
}

ROW_FUNCTION(suspended)
{
    UNUSED;
    return atl_shop_suspend(shop, call, true, err);
}

ROW_FUNCTION(resumed)
{
    UNUSED;
    return atl_shop_suspend(shop, call, false, err);
}

ROW_FUNCTION(voided)
{
    UNUSED;
    return atl_shop_voided(shop, call, &ask->event, &reply->verdict, err);
}

ROW_FUNCTION(returned)
{
    const atl_code rc = atl_shop_returned(shop, call, &ask->units, &reply->verdict, err);

    outcome->is_no = !reply->verdict.is_allowed;
    return rc;
}

// A "no" is committed, too: a wrong PIN was a try.
ROW_FUNCTION(collect)
{
    UNUSED;
    return atl_shop_collect(shop, call, &ask->collect, &reply->verdict, &reply->order, err);
}

ROW_FUNCTION(scan)
{
    UNUSED;
    return atl_shop_scan(shop, call, ask->text, &reply->order, err);
}

ROW_FUNCTION(find)
{
    UNUSED;
    return atl_shop_find(shop, call, &ask->query, &reply->list, err);
}

ROW_FUNCTION(status)
{
    UNUSED;
    return atl_shop_status(shop, call, &reply->order, err);
}

ROW_FUNCTION(reprint)
{
    UNUSED;
    return atl_shop_reprint_pos(shop, call, &ask->reprint, err);
}

ROW_FUNCTION(state)
{
    UNUSED;
    return atl_shop_state(shop, call, &reply->state, err);
}

ROW_FUNCTION(health)
{
    UNUSED;
    return atl_shop_health(shop, call, &reply->health, err);
}

static const struct row rows[] = {
    {ATL_FRAME_OFFER,         false, offer        },
    {ATL_FRAME_CHECK,         false, check        },
    {ATL_FRAME_PREVIEW,       false, preview      },
    {ATL_FRAME_SIGN,          true,  sign         },
    {ATL_FRAME_CAPTURE,       true,  capture      },
    {ATL_FRAME_ORDER_OFFER,   false, order_offer  },
    {ATL_FRAME_ORDER_ANSWERS, true,  order_answers},
    {ATL_FRAME_LINE_CHANGED,  true,  line_changed },
    {ATL_FRAME_LINE_VOIDED,   true,  line_voided  },
    {ATL_FRAME_BEFORE_TENDER, false, before_tender},
    {ATL_FRAME_TENDERED,      true,  tendered     },
    {ATL_FRAME_SUSPENDED,     true,  suspended    },
    {ATL_FRAME_RESUMED,       true,  resumed      },
    {ATL_FRAME_VOIDED,        true,  voided       },
    {ATL_FRAME_RETURNED,      true,  returned     },
    {ATL_FRAME_COLLECT,       true,  collect      },
    {ATL_FRAME_SCAN,          false, scan         },
    {ATL_FRAME_FIND,          false, find         },
    {ATL_FRAME_STATUS,        false, status       },
    {ATL_FRAME_REPRINT,       true,  reprint      },
    {ATL_FRAME_STATE,         false, state        },
    {ATL_FRAME_HEALTH,        false, health       },
};

static const struct row *row_of(uint16_t kind)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].kind == kind)
            return &rows[i];
    }
    return NULL;
}

// What the call asks for, without what may differ when the POS repeats it: its clock, who stands
// at the till, a number of the receipt that it has only now.
static void hash_ask(const struct atl_pos_ask *ask, uint8_t out[ATL_HASH_BYTES])
{
    struct atl_hash hash;

    atl_hash_init(&hash);
    atl_hash_add_number(&hash, ask->kind);
    atl_hash_add_text(&hash, ask->txn.uuid);
    atl_hash_add_number(&hash, ask->txn.is_training);
    atl_hash_add_text(&hash, ask->line.line_ref);
    atl_hash_add_text(&hash, ask->line.sku);
    atl_hash_add_text(&hash, ask->line.variant);
    atl_hash_add_number(&hash, ask->line.quantity);
    atl_hash_add_number(&hash, ask->line.unit_index);
    for (uint32_t i = 0; i < ask->answers.answer_count; i++) {
        atl_hash_add_text(&hash, ask->answers.answers[i].name);
        atl_hash_add_text(&hash, ask->answers.answers[i].value);
        atl_hash_add_number(&hash, ask->answers.answers[i].unit_index);
    }
    atl_hash_add_number(&hash, ask->answers.details_follow);
    atl_hash_add_number(&hash, ask->answers.override_count);
    atl_hash_add_number(&hash, ask->signature.how);
    atl_hash_add_number(&hash, ask->signature.proof_number);
    atl_hash_add_text(&hash, ask->event.line_ref);
    atl_hash_add_number(&hash, ask->event.unit_index);
    for (uint32_t i = 0; i < ask->tender.line_count; i++) {
        atl_hash_add_text(&hash, ask->tender.lines[i].line_ref);
        atl_hash_add_text(&hash, ask->tender.lines[i].sku);
        atl_hash_add_number(&hash, ask->tender.lines[i].quantity);
    }
    for (uint32_t i = 0; i < ask->units.unit_count; i++) {
        atl_hash_add_text(&hash, ask->units.units[i].line_ref);
        atl_hash_add_number(&hash, ask->units.units[i].unit_index);
    }
    atl_hash_add_number(&hash, ask->units.is_defect);
    atl_hash_add_text(&hash, ask->collect.piece_code);
    atl_hash_add_number(&hash, ask->collect.how);
    atl_hash_add_text(&hash, ask->reprint.code);
    atl_hash_add_number(&hash, ask->reprint.paper);
    atl_hash_add_number(&hash, ask->reprint.replaces_link);
    atl_hash_end(&hash, out);
}

// The first answer to this key, behind a new head.
static void answer_again(struct atl_frame *frame, const struct atl_pos_ask *ask,
                         const struct atl_buf *answer)
{
    const struct atl_frame_head head = {
        .version = ask->version, .kind = ask->kind, .number = ask->number};

    atl_frame_begin(frame, &head);
    if (answer->len > sizeof frame->bytes - frame->len) {
        frame->is_bad = 1;
        return;
    }
    memcpy(frame->bytes + frame->len, answer->data, answer->len);
    frame->len += answer->len;
}

struct change {
    const struct row *row;
    const struct atl_pos_ask *ask;
    const struct atl_shop_call *call;
    struct atl_frame *frame;
    int *file_fd;
};

static atl_code do_once(struct atl_shop *shop, const struct change *change,
                        const struct atl_idem *idem, struct atl_error *err)
{
    struct atl_pos_reply *reply = atl_arena_get(change->call->arena, 1, sizeof *reply);
    struct outcome outcome = {0};
    atl_code rc;

    if (!reply)
        return atl_arena_check(change->call->arena, err);
    rc = change->row->answer(shop, change->call, change->ask, reply, &outcome, err);
    if (!rc)
        rc = atl_pos_put_reply(change->frame, change->ask, reply, change->file_fd, err);
    if (rc || outcome.is_no)
        return rc; // rolled back by the caller
    if (idem->key)
        rc = atl_idem_put(shop->store, idem, outcome.order_id,
                          change->frame->bytes + ATL_FRAME_HEAD_BYTES,
                          change->frame->len - ATL_FRAME_HEAD_BYTES, shop->now_ms(), err);
    return rc ? rc : atl_shop_commit(shop, err);
}

static atl_code do_change(struct atl_shop *shop, const struct change *change, struct atl_error *err)
{
    uint8_t sha256[ATL_HASH_BYTES];
    const struct atl_idem idem = {.key = change->ask->key,
                                  .call = atl_pos_call_name(change->ask->kind),
                                  .request_sha256 = sha256};
    struct atl_buf answer;
    atl_code rc;

    atl_buf_init(&answer, ATL_FRAME_MAX_BYTES);
    hash_ask(change->ask, sha256);
    rc = atl_store_begin(shop->store, err);
    if (rc)
        goto out;
    rc = idem.key ? atl_idem_find(shop->store, &idem, &answer, err) : ATL_E_NOT_FOUND;
    if (rc == ATL_OK)
        answer_again(change->frame, change->ask, &answer);
    else if (rc == ATL_E_NOT_FOUND)
        rc = do_once(shop, change, &idem, err);
    atl_store_rollback(shop->store);
out:
    atl_buf_free(&answer);
    return rc;
}

static atl_code look(struct atl_shop *shop, const struct change *change, struct atl_error *err)
{
    struct atl_pos_reply *reply = atl_arena_get(change->call->arena, 1, sizeof *reply);
    struct outcome outcome = {0};
    atl_code rc;

    if (!reply)
        return atl_arena_check(change->call->arena, err);
    rc = change->row->answer(shop, change->call, change->ask, reply, &outcome, err);
    return rc ? rc : atl_pos_put_reply(change->frame, change->ask, reply, change->file_fd, err);
}

// The disk was full and the ballast was given up for this one order.
static atl_code answer(struct atl_shop *shop, const struct change *change, struct atl_error *err)
{
    atl_code rc;

    if (!change->row->changes)
        return look(shop, change, err);
    rc = do_change(shop, change, err);
    return rc == ATL_E_FULL ? do_change(shop, change, err) : rc;
}

void atl_serve_answer(struct atl_shop *shop, const struct atl_pos_ask *ask, const char *language,
                      struct atl_frame *frame, int *file_fd)
{
    const struct row *row = row_of(ask->kind);
    struct atl_arena arena;
    const struct atl_shop_call call = {
        .arena = &arena, .language = language, .txn = &ask->txn, .line = &ask->line};
    const struct change change = {row, ask, &call, frame, file_fd};
    char words[sizeof((struct atl_error *)0)->text];
    struct atl_error err = {0};
    atl_code rc;

    *file_fd = -1;
    atl_arena_init(&arena, ATL_SHOP_ARENA_BYTES);
    rc = row ? answer(shop, &change, &err)
             : atl_fail(&err, ATL_E_UNSUPPORTED, "the agent does not know this call: update it");
    if (rc) {
        atl_log(rc == ATL_E_INVALID || rc == ATL_E_NOT_FOUND ? ATL_LOG_INFO : ATL_LOG_WARN, "serve",
                "call refused", "call=%s code=%s why=%s", atl_pos_call_name(ask->kind),
                atl_code_name(rc), atl_log_value(err.text).text);
        atl_refusal_say(rc, err.text, atl_lang_of(language), words, sizeof words);
        atl_pos_put_refusal(frame, ask, rc, words);
    }
    atl_arena_free(&arena);
}
