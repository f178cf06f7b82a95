// SPDX-License-Identifier: Apache-2.0
// Answers, judged field by field. What passes is kept normalised; what does not becomes a finding.
#include "plugin/core/form_judge.h"

#include <stdio.h>
#include <string.h>

// ---- Choices and ticks ----

static void check_choice(struct atl_judge *judge, const struct atl_field *field, const char *raw)
{
    const struct atl_choice *choice = atl_field_choice(field, raw);

    if (!*raw) {
        if (field->is_required)
            atl_judge_plain(judge, field, "required");
        return;
    }
    if (!choice) {
        atl_judge_find(judge, &(struct atl_fault){
                                  .field = field, .code = "unknown_choice", .choices_of = field});
        return;
    }
    if (choice->session && judge->ask->now_ms && choice->session->start_ms <= judge->ask->now_ms) {
        atl_judge_plain(judge, field, "session_begun");
        return;
    }
    atl_judge_keep(judge, field, choice->value);
}

static void check_checkbox(struct atl_judge *judge, const struct atl_field *field, const char *raw)
{
    static const char *const yes[] = {"yes", "true", "1", "on"};
    static const char *const no[] = {"no", "false", "0", ""};

    for (size_t i = 0; i < sizeof(yes) / sizeof(yes)[0]; i++) {
        if (strcmp(raw, yes[i]) == 0) {
            atl_judge_keep(judge, field, "yes");
            return;
        }
        if (strcmp(raw, no[i]) == 0) {
            if (field->is_required)
                atl_judge_plain(judge, field, "required");
            else if (*raw)
                atl_judge_keep(judge, field, "no");
            return;
        }
    }
    atl_judge_plain(judge, field, "unknown_choice");
}

// ---- All fields ----

// What was not answered at all is what the form began with.
static const char *raw_answer(const struct atl_judge *judge, const struct atl_field *field)
{
    const char *raw = atl_answers_find(judge->ask->answers, judge->ask->answer_count, field->name);

    if (!raw)
        raw = field->preset;
    return raw ? raw : "";
}

static void check_field(struct atl_judge *judge, const struct atl_field *field)
{
    const char *raw = raw_answer(judge, field);

    if (strnlen(raw, ATL_ANSWER_VALUE_MAX_BYTES + 1) > ATL_ANSWER_VALUE_MAX_BYTES) {
        atl_judge_plain(judge, field, "too_large");
        return;
    }
    switch (field->kind) {
    case ATL_FIELD_TEXT:
        atl_judge_text(judge, field, raw);
        return;
    case ATL_FIELD_CHOICE:
        check_choice(judge, field, raw);
        return;
    case ATL_FIELD_CHECKBOX:
        check_checkbox(judge, field, raw);
        return;
    }
}

static void check_fields(struct atl_judge *judge)
{
    const struct atl_form_ask *ask = judge->ask;

    for (size_t i = 0; i < judge->product->field_count && !judge->rc; i++) {
        const struct atl_field *field = &judge->product->fields[i];
        const char *given = atl_answers_find(ask->answers, ask->answer_count, field->name);

        if (atl_field_applies(field, judge->answers, judge->answer_count))
            check_field(judge, field);
        else if (given && *given && strcmp(given, "no") != 0)
            atl_judge_find(judge, &(struct atl_fault){.field = field,
                                                      .code = "does_not_apply",
                                                      .other_of = field->when_field});
    }
}

// Names that are no question of this form, or answered twice.
static void check_names(struct atl_judge *judge)
{
    const struct atl_form_ask *ask = judge->ask;

    for (size_t i = 0; i < ask->answer_count; i++) {
        const char *name = ask->answers[i].name;
        const struct atl_field *field = atl_product_field(judge->product, name);

        if (!field) {
            atl_judge_plain(judge, NULL, "unknown_field");
            continue;
        }
        for (size_t j = 0; j < i; j++) {
            if (atl_product_field(judge->product, ask->answers[j].name) == field) {
                atl_judge_plain(judge, field, "twice");
                break;
            }
        }
    }
}

static void check_variant(struct atl_judge *judge)
{
    const char *variant = judge->ask->variant;
    const struct atl_product *product = judge->product;
    char list[256];
    struct atl_words_value value = {"choices", list};
    size_t len = 0;

    if (!variant || !*variant || !product->variant_count || atl_product_variant(product, variant))
        return;
    list[0] = 0;
    for (size_t i = 0; i < product->variant_count; i++) {
        const char *name = product->variants[i].name;

        if (len + strlen(name) + 8 > sizeof(list)) // always whole names
            break;
        len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s", i ? ", " : "", name);
    }
    atl_judge_find(
        judge, &(struct atl_fault){.code = "unknown_variant", .values = &value, .value_count = 1});
}

static bool begin(struct atl_judge *judge)
{
    judge->findings = atl_arena_get(judge->arena, ATL_FINDINGS_MAX, sizeof(*judge->findings));
    judge->answers = atl_arena_get(judge->arena, judge->product ? judge->product->field_count : 0,
                                   sizeof(*judge->answers));
    judge->rc = atl_arena_check(judge->arena, judge->err);
    if (judge->rc)
        return false;
    if (!judge->product || !judge->product->is_sellable) {
        atl_judge_plain(judge, NULL, "not_sold");
        return false;
    }
    if (judge->ask->answer_count > ATL_ANSWERS_MAX) {
        atl_judge_number(judge, NULL, "too_many_answers", "max", ATL_ANSWERS_MAX);
        return false;
    }
    return true;
}

static atl_code finish(struct atl_judge *judge, struct atl_form_result *out)
{
    struct atl_form_result result = {
        .is_allowed = true,
        .findings = judge->findings,
        .finding_count = judge->finding_count,
        .answers = judge->answers,
        .answer_count = judge->answer_count,
        .has_look_alikes = judge->has_look_alikes,
    };

    if (!judge->rc)
        judge->rc = atl_arena_check(judge->arena, judge->err);
    if (judge->rc)
        return judge->rc;
    for (size_t i = 0; i < result.finding_count; i++)
        result.is_allowed = result.is_allowed && result.findings[i].was_overruled;
    *out = result;
    return ATL_OK;
}

atl_code atl_form_check(const struct atl_form_ask *ask, struct atl_arena *arena,
                        struct atl_form_result *out, struct atl_error *err)
{
    struct atl_judge judge = {.ask = ask, .product = ask->product, .arena = arena, .err = err};

    if (begin(&judge)) {
        check_names(&judge);
        check_variant(&judge);
        check_fields(&judge);
        atl_judge_fit(&judge);
    }
    return finish(&judge, out);
}

// The day that was wished for must be one, and must not have passed.
static void check_needed_by(struct atl_judge *judge)
{
    const struct atl_field *field = atl_product_field(judge->product, "needed_by");
    const char *value = atl_answers_find(judge->answers, judge->answer_count, "needed_by");
    struct atl_civil civil;

    if (!value)
        return;
    if (!atl_form_needed_by(value, &civil))
        atl_judge_plain(judge, field, "date");
    else if (judge->ask->today && strncmp(value, judge->ask->today, 10) < 0)
        atl_judge_plain(judge, field, "date_past");
}

atl_code atl_form_check_order(const struct atl_form_ask *ask, struct atl_arena *arena,
                              struct atl_form_result *out, struct atl_error *err)
{
    struct atl_judge judge = {.ask = ask, .arena = arena, .err = err};

    judge.product = atl_form_order_product(ask->catalogue, arena);
    if (begin(&judge)) {
        check_names(&judge);
        check_fields(&judge);
        check_needed_by(&judge);
    }
    return finish(&judge, out);
}
