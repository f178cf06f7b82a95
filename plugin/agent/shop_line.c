// SPDX-License-Identifier: Apache-2.0
// A line of the sale: what may be asked about it, and whether the answers will do. Nothing is
// written and nothing is waited for.
#include "plugin/agent/proof_wire.h"
#include "plugin/agent/shop_pos.h"
#include "plugin/core/hash.h"
#include "plugin/core/list.h"
#include "plugin/core/pricing.h"
#include "plugin/core/signoff.h"
#include "plugin/core/text.h"
#include "plugin/store/drafts.h"

#include <stdio.h>
#include <string.h>

const char *atl_shop_guest_language(struct atl_shop *shop, const struct atl_shop_call *call)
{
    struct atl_sale sale;

    if (call->txn && call->txn->uuid &&
        atl_sales_find(shop->store, call->txn->uuid, &sale, NULL) == ATL_OK &&
        sale.wish.language[0])
        return atl_arena_text(call->arena, sale.wish.language);
    return shop->config->guest_languages[0][0] ? shop->config->guest_languages[0]
                                               : shop->config->language;
}

// ---- the form ----

// What this unit was asked for before, in a draft or in its piece: the form begins with it.
static bool earlier_answers(struct atl_shop *shop, const struct atl_shop_call *call,
                            struct atl_answer_set *out)
{
    const struct atl_pos_line *line = call->line;
    struct atl_draft *draft = atl_arena_get(call->arena, 1, sizeof *draft);
    struct atl_piece piece;

    if (!draft || !call->txn || !call->txn->uuid || !line->line_ref || !line->unit_index)
        return false;
    if (atl_drafts_find(shop->store, call->txn->uuid, line->line_ref, line->unit_index, draft,
                        NULL) == ATL_OK) {
        *out = draft->answers;
        return !draft->is_dropped && strcmp(draft->sku, line->sku) == 0;
    }
    return atl_pieces_find_unit(shop->store, call->txn->uuid, line->line_ref, line->unit_index,
                                &piece, NULL) == ATL_OK &&
           strcmp(piece.sku, line->sku) == 0 &&
           atl_pieces_answers(shop->store, piece.id, out, NULL) == ATL_OK;
}

static atl_code put_fields(struct atl_shop *shop, const struct atl_shop_call *call,
                           const struct atl_form *from, const struct atl_product *product,
                           struct atl_pos_form *out, struct atl_error *err)
{
    struct atl_pos_field *fields =
        atl_arena_get(call->arena, from->count + !from->count, sizeof *fields);
    struct atl_answer_set *earlier = atl_arena_get(call->arena, 1, sizeof *earlier);
    bool was_asked;

    if (!fields || !earlier)
        return atl_arena_check(call->arena, err);
    was_asked = product && earlier_answers(shop, call, earlier);
    for (size_t i = 0; i < from->count; i++) {
        const struct atl_form_field *field = &from->fields[i];
        const struct atl_field *known = product ? atl_product_field(product, field->name) : NULL;
        const char *value = was_asked ? atl_answer_set_find(earlier, field->name) : NULL;

        fields[i] = (struct atl_pos_field){
            .name = field->name,
            .label = field->label,
            .help = known ? atl_local_in(&shop->catalogue, &known->help, call->language) : NULL,
            .choices = field->choices,
            .preset = value ? atl_arena_text(call->arena, value) : field->preset,
            .kind = (int32_t)field->kind,
            .is_required = field->is_required,
            .max_characters = field->max_count,
        };
    }
    out->fields = fields;
    out->field_size = sizeof *fields;
    out->field_count = (uint32_t)from->count;
    return ATL_OK;
}

static int32_t sign_off_of(const struct atl_product *product)
{
    switch (product->sign_off) {
    case ATL_SIGN_OFF_BEFORE_PAYMENT:
        return ATL_POS_SIGN_OFF_BEFORE_PAYMENT;
    case ATL_SIGN_OFF_BEFORE_MAKING:
        return ATL_POS_SIGN_OFF_BEFORE_MAKING;
    case ATL_SIGN_OFF_NONE:
    case ATL_SIGN_OFF_COUNT:
        break;
    }
    return ATL_POS_SIGN_OFF_NONE;
}

atl_code atl_shop_offer(struct atl_shop *shop, const struct atl_shop_call *call,
                        struct atl_pos_form *form, struct atl_error *err)
{
    const struct atl_product *product =
        call->line->sku ? atl_catalogue_product(&shop->catalogue, call->line->sku) : NULL;
    const char *guest = atl_shop_guest_language(shop, call);
    struct atl_price price;
    struct atl_range promise;
    struct atl_form fields;
    atl_code rc;

    *form = (struct atl_pos_form){.size = sizeof *form};
    if (!product || !product->is_sellable)
        return ATL_OK; // no fields: it is not customized
    rc = atl_form_make(&shop->catalogue, product, call->language, call->arena, &fields, err);
    if (!rc)
        rc = put_fields(shop, call, &fields, product, form, err);
    if (!rc)
        rc = atl_price_propose(product, NULL, 0, false, &price, err);
    if (!rc)
        rc = atl_shop_promise(shop, product, NULL, 0, atl_shop_work_s(product, NULL, 0, NULL), 0,
                              &promise, err);
    if (rc)
        return rc;
    form->may_follow = product->may_follow;
    form->price_minor = price.total_minor;
    form->promise_from_ms = promise.from_ms;
    form->promise_until_ms = promise.until_ms;
    form->title = atl_local_in(&shop->catalogue, &product->what, call->language);
    form->sign_off = sign_off_of(product);
    form->non_returnable = !product->is_returnable;
    form->consent =
        product->sign_off == ATL_SIGN_OFF_NONE
            ? NULL
            : atl_say(guest, product->is_returnable ? ATL_SAY_CONSENT : ATL_SAY_CONSENT_KEPT);
    return ATL_OK;
}

atl_code atl_shop_order_offer(struct atl_shop *shop, const struct atl_shop_call *call,
                              struct atl_pos_form *form, struct atl_error *err)
{
    struct atl_form fields;
    atl_code rc;

    *form = (struct atl_pos_form){.size = sizeof *form};
    rc = atl_form_make_order(&shop->catalogue, call->language, call->arena, &fields, err);
    return rc ? rc : put_fields(shop, call, &fields, NULL, form, err);
}

// ---- the judgement ----

// The answers of one unit out of those that came: its own ones in place of the common ones.
static size_t answers_of(const struct atl_pos_answers *from, uint32_t unit, struct atl_answer *out)
{
    size_t count = 0;

    for (uint32_t i = 0; i < from->answer_count; i++) {
        const struct atl_pos_answer *answer = &from->answers[i];
        bool is_replaced = false;

        if (answer->unit_index != 0 && answer->unit_index != unit)
            continue;
        for (uint32_t k = 0; answer->unit_index == 0 && k < from->answer_count; k++)
            is_replaced |= from->answers[k].unit_index == unit && from->answers[k].name &&
                           answer->name && strcmp(from->answers[k].name, answer->name) == 0;
        if (!is_replaced)
            out[count++] = (struct atl_answer){answer->name ? answer->name : "", answer->value};
    }
    return count;
}

static const struct atl_override *overrides_of(const struct atl_shop_call *call,
                                               const struct atl_pos_answers *from)
{
    struct atl_override *out =
        atl_arena_get(call->arena, from->override_count + !from->override_count, sizeof *out);

    for (uint32_t i = 0; out && i < from->override_count; i++)
        out[i] = (struct atl_override){
            .field = from->overrides[i].field ? from->overrides[i].field : "",
            .code = from->overrides[i].code ? from->overrides[i].code : "",
            .employee_ref = from->overrides[i].employee_ref,
        };
    return out;
}

static void look_at_proof(struct atl_shop *shop, const struct atl_shop_call *call,
                          const struct atl_product *product, struct atl_shop_unit *unit)
{
    unit->proof = (struct atl_proof_view){0};
    if (!unit->result.is_allowed)
        return;
    atl_proofs_request(&shop->catalogue, product, call->line->variant, unit->result.answers,
                       unit->result.answer_count, atl_shop_guest_language(shop, call), call->arena,
                       &unit->wish, &unit->has_picture);
    if (unit->has_picture)
        atl_proofs_look(shop->proofs, &unit->wish, &unit->proof);
}

static atl_code judge_unit(struct atl_shop *shop, const struct atl_shop_call *call,
                           const struct atl_product *product, const struct atl_pos_answers *answers,
                           int64_t before_s, struct atl_shop_unit *unit, struct atl_error *err)
{
    struct atl_answer *own =
        atl_arena_get(call->arena, answers->answer_count + 1, sizeof(struct atl_answer));
    char today[ATL_DATE_CAP];
    struct atl_price price;
    atl_code rc;

    if (!own)
        return atl_arena_check(call->arena, err);
    atl_date_format(atl_zone_business_day(&shop->zone, shop->now_ms(), 0), today);
    const struct atl_form_ask ask = {
        .catalogue = &shop->catalogue,
        .product = product,
        .variant = call->line->variant,
        .answers = own,
        .answer_count = answers_of(answers, unit->unit_index, own),
        .overrides = overrides_of(call, answers),
        .override_count = answers->override_count,
        .staff_language = call->language,
        .guest_language = atl_shop_guest_language(shop, call),
        .now_ms = shop->now_ms(),
        .today = atl_arena_text(call->arena, today),
    };
    rc = atl_form_check(&ask, call->arena, &unit->result, err);
    if (!rc)
        rc = atl_price_propose(product, unit->result.answers, unit->result.answer_count, false,
                               &price, err);
    if (rc)
        return rc;
    unit->price_minor = price.total_minor;
    look_at_proof(shop, call, product, unit);
    unit->work_s = atl_shop_work_s(product, unit->result.answers, unit->result.answer_count,
                                   &unit->proof.sewn);
    return atl_shop_promise(shop, product, unit->result.answers, unit->result.answer_count,
                            unit->work_s, before_s, &unit->promise, err);
}

static atl_code check_line(const struct atl_pos_line *line, struct atl_error *err)
{
    if (line->quantity < 1 || line->quantity > ATL_LIST_UNITS_MAX)
        return atl_fail(err, ATL_E_INVALID,
                        "line.quantity is %d: at most %d units of a line can be customised",
                        (int)line->quantity, ATL_LIST_UNITS_MAX);
    if (line->unit_index > (uint32_t)line->quantity)
        return atl_fail(err, ATL_E_INVALID, "line.unit_index is %u, but the quantity is %d",
                        line->unit_index, (int)line->quantity);
    if (!line->line_ref)
        return atl_fail(err, ATL_E_INVALID, "line.line_ref is missing: say which line it is");
    return ATL_OK;
}

atl_code atl_shop_judge(struct atl_shop *shop, const struct atl_shop_call *call,
                        const struct atl_pos_answers *answers, struct atl_shop_judged *out,
                        struct atl_error *err)
{
    const struct atl_pos_line *line = call->line;
    int64_t before_s = 0;
    atl_code rc;

    *out = (struct atl_shop_judged){.is_allowed = true};
    rc = check_line(line, err);
    if (rc)
        return rc;
    out->product = line->sku ? atl_catalogue_product(&shop->catalogue, line->sku) : NULL;
    if (!out->product || !out->product->is_sellable)
        return atl_fail(err, ATL_E_NOT_FOUND, "%s is not customised in this shop",
                        line->sku ? line->sku : "this item");
    out->count = line->unit_index ? 1 : (size_t)line->quantity;
    out->units = atl_arena_get(call->arena, out->count, sizeof *out->units);
    if (!out->units)
        return atl_arena_check(call->arena, err);
    for (size_t i = 0; !rc && i < out->count; i++) {
        struct atl_shop_unit *unit = &out->units[i];

        unit->unit_index = line->unit_index ? line->unit_index : (uint32_t)i + 1;
        rc = judge_unit(shop, call, out->product, answers, before_s, unit, err);
        before_s += unit->work_s;
        out->is_allowed &=
            unit->result.is_allowed && unit->proof.ref.state != ATL_PROOF_STATE_REFUSED;
    }
    return rc;
}

// ---- as the ABI wants it ----

// 0 is no limit.
static int32_t least(int32_t a_um, int32_t b_um)
{
    return a_um && (!b_um || a_um < b_um) ? a_um : b_um;
}

// What only the stitches showed: they are wider than the sum of the letters, stand on an arc or in
// a frame, or the font that is installed is another one than the catalogue knew.
static const char *refusal(const struct atl_shop_call *call, const char *language,
                           const struct atl_shop_unit *unit)
{
    const struct atl_proof_view *proof = &unit->proof;
    char first[24] = "";
    char second[24] = "";

    switch (proof->verdict) {
    case ATL_PROOF_VERDICT_NO_GLYPH:
        first[atl_text_encode(proof->letter, first)] = '\0';
        return atl_say_with(call->arena, language, ATL_SAY_NO_GLYPH, first, NULL);
    case ATL_PROOF_VERDICT_TOO_WIDE:
        snprintf(first, sizeof first, "%d", (int)(proof->width_um + 999) / 1000);
        snprintf(second, sizeof second, "%d",
                 (int)least(unit->wish.look.field_um, unit->wish.how.hoop_um) / 1000);
        return atl_say_with(call->arena, language, ATL_SAY_TOO_WIDE, first, second);
    case ATL_PROOF_VERDICT_TOO_HIGH:
        snprintf(first, sizeof first, "%d", (int)(proof->height_um + 999) / 1000);
        snprintf(second, sizeof second, "%d",
                 (int)least(unit->wish.look.field_high_um, unit->wish.how.hoop_high_um) / 1000);
        return atl_say_with(call->arena, language, ATL_SAY_TOO_HIGH, first, second);
    case ATL_PROOF_VERDICT_UNSEWN:
        return atl_say(language, ATL_SAY_UNSEWN);
    case ATL_PROOF_VERDICT_EMPTY:
    case ATL_PROOF_VERDICT_READY:
        break;
    }
    return atl_say(language, ATL_SAY_EMPTY);
}

static size_t put_findings(struct atl_shop *shop, const struct atl_shop_call *call,
                           const struct atl_shop_judged *judged, const struct atl_shop_unit *unit,
                           struct atl_pos_finding *out)
{
    const uint32_t index = judged->count > 1 ? unit->unit_index : 0;
    size_t count = 0;

    for (size_t i = 0; i < unit->result.finding_count; i++) {
        const struct atl_finding *finding = &unit->result.findings[i];

        out[count++] = (struct atl_pos_finding){
            .field = finding->field[0] ? finding->field : NULL,
            .code = finding->code,
            .staff_text = finding->staff_text,
            .guest_text = finding->guest_text,
            .proposal = finding->proposal,
            .may_be_overruled = finding->may_be_overruled,
            .was_overruled = finding->was_overruled,
            .unit_index = index,
        };
    }
    if (unit->proof.ref.state == ATL_PROOF_STATE_REFUSED) {
        const struct atl_field *text = atl_product_role(judged->product, ATL_ROLE_TEXT);

        out[count++] = (struct atl_pos_finding){
            .field = text ? text->name : NULL,
            .code = atl_proof_verdict_name(unit->proof.verdict),
            .staff_text = refusal(call, call->language, unit),
            .guest_text = refusal(call, atl_shop_guest_language(shop, call), unit),
            .unit_index = index,
        };
    }
    return count;
}

// The letters to read back, of all units that have any that are easily taken for others.
static const char *spelling_of(const struct atl_shop_call *call,
                               const struct atl_shop_judged *judged)
{
    struct atl_buf text;
    const char *out = NULL;

    atl_buf_init(&text, 16 * 1024);
    for (size_t i = 0; i < judged->count; i++) {
        const struct atl_form_result *result = &judged->units[i].result;
        const char *words = atl_product_value(judged->product, ATL_ROLE_TEXT, result->answers,
                                              result->answer_count);

        if (!result->is_allowed || !result->has_look_alikes || !words)
            continue;
        if (text.len)
            ATL_BUF_LIT(&text, "\n");
        atl_text_spell(&text, words, strlen(words));
    }
    if (text.len && !text.failed)
        out = atl_arena_text(call->arena, (const char *)text.data);
    atl_buf_free(&text);
    return out;
}

int64_t atl_shop_list_number(const int64_t *numbers, size_t count)
{
    struct atl_hash hash;
    uint8_t sum[ATL_HASH_BYTES];
    uint64_t number = 0;

    if (count == 1)
        return numbers[0];
    atl_hash_init(&hash);
    for (size_t i = 0; i < count; i++)
        atl_hash_add_number(&hash, numbers[i]);
    atl_hash_end(&hash, sum);
    for (size_t i = 0; i < 7; i++)
        number = number << 8 | sum[i];
    return (int64_t)(number & ((UINT64_C(1) << 53) - 1)) | 1;
}

// Refused before pending before ready: the state of the list is that of its worst unit.
static enum atl_proof_state worst_state(const struct atl_shop_judged *judged)
{
    enum atl_proof_state state = ATL_PROOF_STATE_NONE;

    for (size_t i = 0; i < judged->count; i++) {
        const enum atl_proof_state own = judged->units[i].proof.ref.state;

        if (state == ATL_PROOF_STATE_NONE || own == ATL_PROOF_STATE_REFUSED ||
            (own == ATL_PROOF_STATE_PENDING && state == ATL_PROOF_STATE_READY))
            state = own;
    }
    return state;
}

static atl_code put_proof(const struct atl_shop_call *call, const struct atl_shop_judged *judged,
                          struct atl_pos_judgement *out, struct atl_error *err)
{
    int64_t *numbers = atl_arena_get(call->arena, judged->count, sizeof *numbers);

    if (!numbers)
        return atl_arena_check(call->arena, err);
    for (size_t i = 0; i < judged->count; i++)
        numbers[i] = judged->units[i].proof.ref.number;
    out->proof_state = (int32_t)worst_state(judged);
    out->proof_number =
        out->proof_state == ATL_POS_PROOF_NONE ? 0 : atl_shop_list_number(numbers, judged->count);
    return ATL_OK;
}

atl_code atl_shop_judgement(struct atl_shop *shop, const struct atl_shop_call *call,
                            const struct atl_shop_judged *judged, struct atl_pos_judgement *out,
                            struct atl_error *err)
{
    struct atl_pos_finding *findings;
    size_t most = 0;
    size_t count = 0;

    for (size_t i = 0; i < judged->count; i++)
        most += judged->units[i].result.finding_count + 1;
    findings = atl_arena_get(call->arena, most, sizeof *findings);
    if (!findings)
        return atl_arena_check(call->arena, err);
    *out = (struct atl_pos_judgement){
        .size = sizeof *out,
        .is_allowed = judged->is_allowed,
        .finding_size = sizeof *findings,
        .findings = findings,
        .needs_sign_off = judged->product->sign_off == ATL_SIGN_OFF_BEFORE_PAYMENT,
        .promise_from_ms = judged->units[0].promise.from_ms,
        .spelling = spelling_of(call, judged),
        .tag_revision = 1,
    };
    for (size_t i = 0; i < judged->count; i++) {
        count += put_findings(shop, call, judged, &judged->units[i], findings + count);
        out->price_minor += judged->units[i].price_minor;
        out->promise_until_ms = judged->units[i].promise.until_ms;
    }
    out->finding_count = (uint32_t)count;
    return put_proof(call, judged, out, err);
}

atl_code atl_shop_signed_hash(const struct atl_product *product, const char *variant,
                              const struct atl_answer_set *answers,
                              const struct atl_proof_ref *proof, uint8_t hash[ATL_DIGEST_BYTES],
                              struct atl_error *err)
{
    struct atl_answer list[ATL_ANSWERS_MAX];
    const struct atl_signoff signoff = {
        .product = product,
        .variant = variant,
        .answers = list,
        .answer_count = atl_answer_set_list(answers, list),
        .proof_kind = (enum atl_proof_kind)proof->kind,
        .proof_digest = proof->kind == ATL_PROOF_KIND_NONE ? NULL : proof->digest,
    };

    return atl_signoff_hash(&signoff, hash, err);
}

atl_code atl_shop_find_text(const struct atl_shop *shop, const struct atl_shop_call *call,
                            const char *sku, const struct atl_answer_set *answers,
                            struct atl_find_text *out, struct atl_error *err)
{
    const struct atl_product *product = atl_catalogue_product(&shop->catalogue, sku);
    struct atl_answer list[ATL_ANSWERS_MAX];
    const char *text = product ? atl_product_value(product, ATL_ROLE_TEXT, list,
                                                   atl_answer_set_list(answers, list))
                               : NULL;
    struct atl_buf words;
    struct atl_buf initials;

    *out = (struct atl_find_text){"", ""};
    if (!text)
        return ATL_OK;
    atl_buf_init(&words, 8192);
    atl_buf_init(&initials, 1024);
    atl_text_fold(&words, text, strlen(text));
    atl_text_initials(&initials, text, strlen(text));
    if (words.len)
        out->words = atl_arena_text(call->arena, (const char *)words.data);
    if (initials.len) {
        atl_buf_free(&words);
        atl_text_fold(&words, (const char *)initials.data, initials.len);
        out->initials = words.len ? atl_arena_text(call->arena, (const char *)words.data) : "";
    }
    atl_buf_free(&words);
    atl_buf_free(&initials);
    return atl_arena_check(call->arena, err);
}

// ---- the picture ----

static atl_code read_picture(const struct atl_shop_call *call, const char *path,
                             struct atl_pos_image *image, struct atl_error *err)
{
    FILE *file = fopen(path, "rbe");
    struct atl_buf png;
    char part[16384];
    size_t len;
    char *bytes;

    if (!file)
        return atl_fail(err, ATL_E_IO, "the picture %s cannot be read", path);
    atl_buf_init(&png, ATL_SHOP_ARENA_BYTES / 2);
    while ((len = fread(part, 1, sizeof part, file)) > 0)
        atl_buf_add(&png, part, len);
    fclose(file);
    bytes = png.failed ? NULL : atl_arena_bytes(call->arena, png.data, png.len);
    image->png = (const uint8_t *)bytes;
    image->png_bytes = bytes ? (uint32_t)png.len : 0;
    atl_buf_free(&png);
    return bytes ? ATL_OK : atl_fail(err, ATL_E_NOMEM, "the picture is too large");
}

atl_code atl_shop_preview(struct atl_shop *shop, const struct atl_shop_call *call,
                          const struct atl_pos_answers *answers, struct atl_pos_image *image,
                          struct atl_error *err)
{
    struct atl_shop_judged judged;
    const atl_code rc = atl_shop_judge(shop, call, answers, &judged, err);

    *image = (struct atl_pos_image){.size = sizeof *image};
    if (rc)
        return rc;
    if (judged.count > 1)
        return atl_fail(err, ATL_E_UNSUPPORTED,
                        "a list is shown unit by unit: ask for the picture of each");
    image->proof_state = (int32_t)judged.units[0].proof.ref.state;
    image->proof_number = judged.units[0].proof.ref.number;
    if (!judged.units[0].result.is_allowed)
        image->proof_state = ATL_POS_PROOF_REFUSED;
    return judged.units[0].proof.picture[0]
               ? read_picture(call, judged.units[0].proof.picture, image, err)
               : ATL_OK;
}
