// SPDX-License-Identifier: Apache-2.0
// What is captured before money was taken: one draft a unit, in the store from the first answer
// on, so that suspend, resume, another register and a crash change nothing.
#include "plugin/agent/shop_pos.h"
#include "plugin/core/list.h"
#include "plugin/core/signoff.h"
#include "plugin/store/drafts.h"
#include "plugin/store/orders.h"
#include "plugin/store/pieces.h"

#include <stdio.h>
#include <string.h>

enum { HOLD_MS = 20 * 60 * 1000 }; // what is scarce, while the guest decides

// ---- the sale ----

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

static void transaction_of(const struct atl_pos_transaction *from, struct atl_transaction *out)
{
    *out =
        (struct atl_transaction){.sequence = from->sequence, .is_training = from->is_training != 0};
    copy(out->uuid, sizeof out->uuid, from->uuid);
    copy(out->store, sizeof out->store, from->store);
    copy(out->workstation, sizeof out->workstation, from->workstation);
    copy(out->business_day, sizeof out->business_day, from->business_day);
    copy(out->currency, sizeof out->currency, from->currency);
}

atl_code atl_shop_sale(struct atl_shop *shop, const struct atl_shop_call *call,
                       struct atl_sale *out, struct atl_error *err)
{
    atl_code rc;

    if (!call->txn->uuid)
        return atl_fail(err, ATL_E_INVALID, "transaction.uuid is missing: make one for each sale");
    rc = atl_sales_find(shop->store, call->txn->uuid, out, err);
    if (rc == ATL_E_NOT_FOUND)
        *out = (struct atl_sale){0};
    else if (rc)
        return rc;
    transaction_of(call->txn, &out->transaction);
    out->changed_ms = shop->now_ms();
    return ATL_OK;
}

static atl_code keep_sale(struct atl_shop *shop, const struct atl_shop_call *call,
                          struct atl_error *err)
{
    struct atl_sale sale;
    const atl_code rc = atl_shop_sale(shop, call, &sale, err);

    return rc ? rc : atl_sales_put(shop->store, &sale, err);
}

// ---- capture ----

// Answers of the slip that the call does not give itself are added to its answers.
static atl_code take_slip(struct atl_shop *shop, const struct atl_shop_call *call,
                          const struct atl_pos_answers *from, struct atl_pos_answers *out,
                          struct atl_error *err)
{
    struct atl_answer list[ATL_ANSWERS_MAX];
    struct atl_pos_answer *all;
    struct atl_draft *draft;
    size_t count;
    atl_code rc;

    *out = *from;
    if (!from->slip_code)
        return ATL_OK;
    draft = atl_arena_get(call->arena, 1, sizeof *draft); // its texts are pointed to
    all = atl_arena_get(call->arena, from->answer_count + ATL_ANSWERS_MAX, sizeof *all);
    rc = atl_arena_check(call->arena, err);
    if (!rc)
        rc = atl_drafts_find_slip(shop->store, from->slip_code, draft, err);
    if (!rc)
        rc = atl_drafts_take_up(shop->store, from->slip_code, call->txn->uuid, call->line->line_ref,
                                call->line->unit_index ? call->line->unit_index : 1, shop->now_ms(),
                                err);
    if (rc)
        return rc;
    count = from->answer_count;
    if (count)
        memcpy(all, from->answers, count * sizeof *all);
    for (size_t i = 0, n = atl_answer_set_list(&draft->answers, list); i < n; i++) {
        bool is_given = false;

        for (uint32_t k = 0; k < from->answer_count; k++)
            is_given |= from->answers[k].name && strcmp(from->answers[k].name, list[i].name) == 0;
        if (!is_given)
            all[count++] = (struct atl_pos_answer){.name = list[i].name, .value = list[i].value};
    }
    out->answers = all;
    out->answer_count = (uint32_t)count;
    return ATL_OK;
}

// "text:mark text:player": what a manager allowed, and who.
static void note_overrides(const struct atl_pos_answers *answers, const struct atl_shop_unit *unit,
                           struct atl_draft *draft)
{
    size_t used = 0;

    for (size_t i = 0; i < unit->result.finding_count; i++) {
        const struct atl_finding *finding = &unit->result.findings[i];
        int len;

        if (!finding->was_overruled)
            continue;
        len = snprintf(draft->overruled + used, sizeof draft->overruled - used, "%s%s:%s",
                       used ? " " : "", finding->field, finding->code);
        used += len < 0 ? 0 : (size_t)len;
        if (used >= sizeof draft->overruled)
            break;
    }
    if (used && answers->override_count)
        copy(draft->overruled_by, sizeof draft->overruled_by, answers->overrides[0].employee_ref);
}

// A seat is held while the guest decides; the last one is given once.
static atl_code hold_seat(struct atl_shop *shop, const struct atl_product *product,
                          const struct atl_shop_unit *unit, struct atl_draft *draft, bool *is_free,
                          struct atl_error *err)
{
    const struct atl_choice *choice = atl_product_chosen(
        product, ATL_ROLE_SESSION, unit->result.answers, unit->result.answer_count);
    char scarce[sizeof draft->scarce];
    int64_t taken;
    atl_code rc;

    *is_free = true;
    if (!choice || !choice->session)
        return ATL_OK;
    snprintf(scarce, sizeof scarce, "%s", choice->session->id);
    if (strcmp(scarce, draft->scarce) != 0 || draft->held_until_ms < shop->now_ms()) {
        rc = atl_scarce_taken(shop->store, scarce, shop->now_ms(), &taken, err);
        if (rc)
            return rc;
        *is_free = taken < choice->session->capacity;
    }
    copy(draft->scarce, sizeof draft->scarce, scarce);
    draft->held_until_ms = shop->now_ms() + HOLD_MS;
    return ATL_OK;
}

// The sign-off stands as long as nothing changed that was signed.
static void keep_signature(const struct atl_draft *before, struct atl_draft *draft)
{
    if (before->signature.how != ATL_SIGN_NONE && before->proof.number == draft->proof.number &&
        before->answers.len == draft->answers.len &&
        memcmp(before->answers.bytes, draft->answers.bytes, draft->answers.len) == 0 &&
        strcmp(before->variant, draft->variant) == 0) {
        draft->signature = before->signature;
        draft->proof = before->proof;
    }
}

static atl_code fill_draft(struct atl_shop *shop, const struct atl_shop_call *call,
                           const struct atl_shop_judged *judged, const struct atl_shop_unit *unit,
                           struct atl_draft *draft, struct atl_error *err)
{
    const int64_t now_ms = shop->now_ms();

    copy(draft->transaction_uuid, sizeof draft->transaction_uuid, call->txn->uuid);
    copy(draft->line_ref, sizeof draft->line_ref, call->line->line_ref);
    copy(draft->sku, sizeof draft->sku, call->line->sku);
    copy(draft->variant, sizeof draft->variant, call->line->variant);
    draft->unit_index = unit->unit_index;
    draft->kind = judged->product->kind;
    draft->price_minor = unit->price_minor;
    draft->work_s = unit->work_s;
    draft->promise = unit->promise;
    draft->proof = unit->proof.ref;
    draft->is_dropped = false;
    draft->follows = false;
    draft->changed_ms = now_ms;
    draft->expires_ms = now_ms + (int64_t)shop->config->draft_hours * 3600000;
    draft->signature = (struct atl_signature){0};
    return atl_answer_set_fill(&draft->answers, unit->result.answers, unit->result.answer_count,
                               err);
}

static atl_code capture_unit(struct atl_shop *shop, const struct atl_shop_call *call,
                             const struct atl_pos_answers *answers,
                             const struct atl_shop_judged *judged, const struct atl_shop_unit *unit,
                             struct atl_pos_judgement *judgement, struct atl_error *err)
{
    struct atl_draft before = {0};
    struct atl_draft draft;
    bool is_free;
    atl_code rc;

    rc = atl_drafts_find(shop->store, call->txn->uuid, call->line->line_ref, unit->unit_index,
                         &before, err);
    if (rc && rc != ATL_E_NOT_FOUND)
        return rc;
    draft = before;
    rc = fill_draft(shop, call, judged, unit, &draft, err);
    if (!rc)
        rc = hold_seat(shop, judged->product, unit, &draft, &is_free, err);
    if (rc)
        return rc;
    if (!is_free)
        return atl_fail(err, ATL_E_CONFLICT, "%s", atl_say(call->language, ATL_SAY_SCARCE_GONE));
    keep_signature(&before, &draft);
    note_overrides(answers, unit, &draft);
    judgement->held_until_ms = draft.held_until_ms;
    if (draft.signature.how != ATL_SIGN_NONE && judged->count == 1)
        judgement->needs_sign_off = 0;
    return atl_drafts_put(shop->store, &draft, err);
}

// Sold now, said later: an empty draft that waits.
static atl_code capture_follow(struct atl_shop *shop, const struct atl_shop_call *call,
                               struct atl_pos_judgement *judgement, struct atl_error *err)
{
    const struct atl_product *product =
        call->line->sku ? atl_catalogue_product(&shop->catalogue, call->line->sku) : NULL;
    const uint32_t first = call->line->unit_index ? call->line->unit_index : 1;
    const uint32_t last = call->line->unit_index ? first : (uint32_t)call->line->quantity;
    atl_code rc = ATL_OK;

    if (!product || !product->is_sellable)
        return atl_fail(err, ATL_E_NOT_FOUND, "%s is not customised in this shop",
                        call->line->sku ? call->line->sku : "this item");
    if (!product->may_follow)
        return atl_fail(err, ATL_E_INVALID, "%s", atl_say(call->language, ATL_SAY_NO_FOLLOW));
    *judgement = (struct atl_pos_judgement){.size = sizeof *judgement,
                                            .is_allowed = 1,
                                            .price_minor = product->prices.base_minor,
                                            .tag_revision = 1};
    rc = keep_sale(shop, call, err);
    for (uint32_t unit = first; !rc && unit <= last && unit <= ATL_LIST_UNITS_MAX; unit++) {
        struct atl_draft draft = {.unit_index = unit,
                                  .kind = product->kind,
                                  .price_minor = product->prices.base_minor,
                                  .follows = true,
                                  .changed_ms = shop->now_ms()};

        copy(draft.transaction_uuid, sizeof draft.transaction_uuid, call->txn->uuid);
        copy(draft.line_ref, sizeof draft.line_ref, call->line->line_ref);
        copy(draft.sku, sizeof draft.sku, call->line->sku);
        copy(draft.variant, sizeof draft.variant, call->line->variant);
        rc = atl_drafts_put(shop->store, &draft, err);
    }
    return rc;
}

// After payment: what was begun is not changed any more. *piece is the first of the units.
static atl_code check_amendable(struct atl_shop *shop, const struct atl_shop_call *call,
                                struct atl_pos_judgement *judgement, bool *is_order,
                                struct atl_error *err)
{
    struct atl_pos_finding *finding;
    struct atl_piece piece;
    const uint32_t unit = call->line->unit_index ? call->line->unit_index : 1;
    const atl_code rc =
        atl_pieces_find_unit(shop->store, call->txn->uuid, call->line->line_ref, unit, &piece, err);

    *is_order = rc == ATL_OK;
    if (rc)
        return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
    judgement->tag_revision = piece.tag_revision + 1;
    if (atl_piece_may_be_amended(&piece))
        return ATL_OK;
    finding = atl_arena_get(call->arena, 1, sizeof *finding);
    if (!finding)
        return atl_arena_check(call->arena, err);
    finding->code = "started";
    finding->staff_text =
        atl_say_with(call->arena, call->language, ATL_SAY_STARTED, piece.code, NULL);
    finding->guest_text = atl_say_with(call->arena, atl_shop_guest_language(shop, call),
                                       ATL_SAY_STARTED, piece.code, NULL);
    judgement->findings = finding;
    judgement->finding_count = 1;
    judgement->is_allowed = 0;
    return ATL_OK;
}

atl_code atl_shop_capture(struct atl_shop *shop, const struct atl_shop_call *call,
                          const struct atl_pos_answers *answers,
                          struct atl_pos_judgement *judgement, struct atl_error *err)
{
    struct atl_shop_judged judged;
    struct atl_pos_answers all;
    bool is_order = false;
    atl_code rc;

    if (answers->details_follow)
        return capture_follow(shop, call, judgement, err);
    rc = keep_sale(shop, call, err);
    if (!rc)
        rc = take_slip(shop, call, answers, &all, err);
    if (!rc)
        rc = atl_shop_judge(shop, call, &all, &judged, err);
    if (!rc)
        rc = atl_shop_judgement(shop, call, &judged, judgement, err);
    if (!rc && judgement->is_allowed)
        rc = check_amendable(shop, call, judgement, &is_order, err);
    for (size_t i = 0; !rc && judgement->is_allowed && i < judged.count; i++)
        rc = capture_unit(shop, call, &all, &judged, &judged.units[i], judgement, err);
    if (!rc && judgement->is_allowed && is_order && judged.product->sign_off == ATL_SIGN_OFF_NONE) {
        const struct atl_pos_signature none = {.size = sizeof none};

        rc = atl_shop_sign(shop, call, &none, err);
    }
    return rc;
}

// ---- sign-off ----

atl_code atl_shop_look_again(struct atl_shop *shop, const struct atl_shop_call *call,
                             struct atl_draft *draft, struct atl_error *err)
{
    const struct atl_product *product = atl_catalogue_product(&shop->catalogue, draft->sku);
    struct atl_answer list[ATL_ANSWERS_MAX];
    struct atl_proof_wish wish;
    struct atl_proof_view view;
    const size_t count = atl_answer_set_list(&draft->answers, list);
    bool has_picture;

    if (!product)
        return atl_fail(err, ATL_E_NOT_FOUND, "%s is no longer in the catalogue", draft->sku);
    atl_proofs_request(&shop->catalogue, product, draft->variant, list, count,
                       atl_shop_guest_language(shop, call), call->arena, &wish, &has_picture);
    if (!has_picture) {
        draft->proof = (struct atl_proof_ref){0};
        return ATL_OK;
    }
    atl_proofs_look(shop->proofs, &wish, &view);
    draft->proof = view.ref;
    draft->work_s = atl_shop_work_s(product, list, count, &view.sewn);
    return ATL_OK;
}

static atl_code sign_unit(struct atl_shop *shop, const struct atl_shop_call *call,
                          const struct atl_pos_signature *signature, struct atl_draft *draft,
                          struct atl_error *err)
{
    const struct atl_product *product = atl_catalogue_product(&shop->catalogue, draft->sku);
    struct atl_piece piece;
    atl_code rc;

    if (draft->proof.state == ATL_PROOF_STATE_PENDING ||
        draft->proof.state == ATL_PROOF_STATE_REFUSED) {
        char unit[16];

        snprintf(unit, sizeof unit, "%u", draft->unit_index);
        return atl_fail(err, ATL_E_CONFLICT, "%s",
                        atl_say_with(call->arena, call->language,
                                     draft->proof.state == ATL_PROOF_STATE_PENDING
                                         ? ATL_SAY_PROOF_PENDING
                                         : ATL_SAY_PROOF_REFUSED,
                                     unit, NULL));
    }
    draft->signature.how = (enum atl_sign_how)signature->how;
    draft->signature.at_ms = shop->now_ms();
    copy(draft->signature.employee_ref, sizeof draft->signature.employee_ref,
         signature->employee_ref);
    rc = atl_shop_signed_hash(product, draft->variant, &draft->answers, &draft->proof,
                              draft->signature.hash, err);
    if (!rc)
        rc = atl_drafts_put(shop->store, draft, err);
    if (rc)
        return rc;
    rc = atl_pieces_find_unit(shop->store, call->txn->uuid, draft->line_ref, draft->unit_index,
                              &piece, err);
    if (rc == ATL_E_NOT_FOUND)
        return ATL_OK; // money was not taken yet
    return rc ? rc : atl_shop_amend(shop, call, draft, &piece, err);
}

// The drafts that the signature is about: one unit, or all of the line that are not dropped.
static atl_code drafts_of(struct atl_shop *shop, const struct atl_shop_call *call,
                          struct atl_draft **out, size_t *count, struct atl_error *err)
{
    struct atl_draft *all = atl_arena_get(call->arena, ATL_LIST_UNITS_MAX, sizeof *all);
    size_t found = 0;
    atl_code rc;

    if (!all)
        return atl_arena_check(call->arena, err);
    if (!call->txn->uuid || !call->line->line_ref)
        return atl_fail(err, ATL_E_INVALID, "transaction.uuid and line.line_ref are needed");
    rc = atl_drafts_list(shop->store, call->txn->uuid, call->line->line_ref, all,
                         ATL_LIST_UNITS_MAX, &found, err);
    if (rc)
        return rc;
    *count = 0;
    for (size_t i = 0; i < found && i < ATL_LIST_UNITS_MAX; i++) {
        if (!all[i].is_dropped &&
            (!call->line->unit_index || call->line->unit_index == all[i].unit_index))
            all[(*count)++] = all[i];
    }
    *out = all;
    return *count ? ATL_OK
                  : atl_fail(err, ATL_E_NOT_FOUND,
                             "nothing was captured for line %s: customise it first",
                             call->line->line_ref);
}

atl_code atl_shop_sign(struct atl_shop *shop, const struct atl_shop_call *call,
                       const struct atl_pos_signature *signature, struct atl_error *err)
{
    int64_t numbers[ATL_LIST_UNITS_MAX];
    struct atl_draft *drafts;
    size_t count = 0;
    atl_code rc;

    if (signature->how < 0 || signature->how > ATL_POS_SIGN_READ_ALOUD)
        return atl_fail(err, ATL_E_INVALID, "signature.how is %d: 1 to 4 say how it was confirmed",
                        (int)signature->how);
    rc = drafts_of(shop, call, &drafts, &count, err);
    for (size_t i = 0; !rc && i < count; i++) {
        rc = atl_shop_look_again(shop, call, &drafts[i], err);
        numbers[i] = drafts[i].proof.number;
    }
    if (!rc && signature->proof_number && count &&
        signature->proof_number != atl_shop_list_number(numbers, count))
        rc = atl_fail(err, ATL_E_CONFLICT,
                      "the proof was changed since it was shown: show the new one, then sign");
    for (size_t i = 0; !rc && i < count; i++)
        rc = sign_unit(shop, call, signature, &drafts[i], err);
    return rc;
}

bool atl_shop_draft_is_complete(const struct atl_shop *shop, const struct atl_draft *draft,
                                enum atl_say *say, const char **code)
{
    const struct atl_product *product = atl_catalogue_product(&shop->catalogue, draft->sku);

    if (draft->follows || !product || product->sign_off != ATL_SIGN_OFF_BEFORE_PAYMENT ||
        draft->signature.how != ATL_SIGN_NONE)
        return true;
    switch (draft->proof.state) {
    case ATL_PROOF_STATE_PENDING:
        *say = ATL_SAY_PROOF_PENDING;
        *code = "proof_pending";
        return false;
    case ATL_PROOF_STATE_REFUSED:
        *say = ATL_SAY_PROOF_REFUSED;
        *code = "proof_refused";
        return false;
    case ATL_PROOF_STATE_NONE:
    case ATL_PROOF_STATE_READY:
        break;
    }
    *say = ATL_SAY_UNSIGNED;
    *code = "unsigned";
    return false;
}

// ---- the line and the sale change ----

// It was taken out by a person, and did not run out: nobody waits for it at the tender.
static void leave_sale(struct atl_draft *draft)
{
    draft->is_dropped = true;
    draft->held_until_ms = 0;
    draft->expires_ms = 0;
}

atl_code atl_shop_line_changed(struct atl_shop *shop, const struct atl_shop_call *call,
                               struct atl_pos_verdict *verdict, struct atl_error *err)
{
    struct atl_draft *drafts;
    size_t count = 0;
    size_t kept = 0;
    atl_code rc;

    *verdict = (struct atl_pos_verdict){.size = sizeof *verdict, .is_allowed = 1};
    rc = drafts_of(shop, call, &drafts, &count, err);
    if (rc == ATL_E_NOT_FOUND)
        return ATL_OK; // not customised: nothing of ours changes
    for (size_t i = 0; !rc && i < count; i++) {
        struct atl_draft *draft = &drafts[i];

        if (draft->unit_index > (uint32_t)call->line->quantity)
            leave_sale(draft);
        kept += !draft->is_dropped;
        if (call->line->variant && strcmp(call->line->variant, draft->variant) != 0) {
            copy(draft->variant, sizeof draft->variant, call->line->variant);
            draft->signature = (struct atl_signature){0}; // another fabric: show it again
            rc = draft->follows ? ATL_OK : atl_shop_look_again(shop, call, draft, err);
        }
        draft->changed_ms = shop->now_ms();
        if (!rc)
            rc = atl_drafts_put(shop->store, draft, err);
    }
    if (!rc && kept < (size_t)call->line->quantity)
        verdict->warning = atl_say_number(call->arena, call->language, ATL_SAY_LINE_GREW,
                                          call->line->quantity - (int64_t)kept);
    return rc;
}

atl_code atl_shop_line_voided(struct atl_shop *shop, const struct atl_shop_call *call,
                              const struct atl_pos_event *event, struct atl_error *err)
{
    const struct atl_pos_line line = {.line_ref = event->line_ref, .unit_index = event->unit_index};
    const struct atl_shop_call about = {call->arena, call->language, call->txn, &line};
    struct atl_draft *drafts;
    size_t count = 0;
    atl_code rc;

    if (!event->line_ref)
        return atl_fail(err, ATL_E_INVALID, "event.line_ref is missing: which line was voided?");
    rc = drafts_of(shop, &about, &drafts, &count, err);
    if (rc == ATL_E_NOT_FOUND)
        return ATL_OK;
    for (size_t i = 0; !rc && i < count; i++) {
        leave_sale(&drafts[i]);
        drafts[i].changed_ms = shop->now_ms();
        rc = atl_drafts_put(shop->store, &drafts[i], err);
    }
    return rc;
}

atl_code atl_shop_suspend(struct atl_shop *shop, const struct atl_shop_call *call,
                          bool is_suspended, struct atl_error *err)
{
    struct atl_sale sale;
    atl_code rc = atl_shop_sale(shop, call, &sale, err);

    if (rc)
        return rc;
    sale.is_suspended = is_suspended;
    return atl_sales_put(shop->store, &sale, err);
}

atl_code atl_shop_state(struct atl_shop *shop, const struct atl_shop_call *call,
                        struct atl_pos_state *state, struct atl_error *err)
{
    const char *text = atl_arena_textf(call->arena, "atelier1 %s %s", atl_store_epoch(shop->store),
                                       call->txn->uuid ? call->txn->uuid : "");

    if (!text)
        return atl_arena_check(call->arena, err);
    *state = (struct atl_pos_state){.size = sizeof *state,
                                    .byte_count = (uint32_t)strlen(text),
                                    .bytes = (const uint8_t *)text};
    return ATL_OK;
}
