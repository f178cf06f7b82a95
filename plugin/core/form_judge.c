// SPDX-License-Identifier: Apache-2.0
// What is found is put into words, per language.
#include "plugin/core/form_judge.h"

#include <stdio.h>
#include <string.h>

enum { CHOICES_SAID = 8, NUMBER_CAP = 24 };

static const char *label_of(const struct atl_judge *judge, const struct atl_field *field,
                            const char *language)
{
    const char *label = field ? atl_local_in(judge->ask->catalogue, &field->label, language) : NULL;

    return label ? label : field ? field->name : "";
}

// "Navy, red, gold …": the first few.
static const char *join_labels(const struct atl_judge *judge, const struct atl_field *field,
                               const char *language)
{
    char list[512];
    size_t len = 0;

    for (size_t i = 0; i < field->choice_count && len < sizeof(list); i++) {
        const char *label = i < CHOICES_SAID ? atl_form_say(judge->ask->catalogue, field,
                                                            field->choices[i].value, language)
                                             : "…";

        len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s", i ? ", " : "", label);
        if (i == CHOICES_SAID)
            break;
    }
    if (len >= sizeof(list)) // a cut may have halved a letter
        return "…";
    return atl_arena_bytes(judge->arena, list, len);
}

static const char *choice_label(const struct atl_judge *judge, const struct atl_choice *choice,
                                const char *language)
{
    return atl_local_in(judge->ask->catalogue, &choice->label, language);
}

// "12.5", in French "12,5"; whole ones without a point.
static const char *say_mm(const struct atl_judge *judge, const struct atl_length *length,
                          enum atl_lang lang)
{
    int64_t tenths = ((int64_t)length->um + (length->rounds_up ? 99 : 0)) / 100;

    if (tenths % 10 == 0)
        return atl_arena_textf(judge->arena, "%lld", (long long)(tenths / 10));
    return atl_arena_textf(judge->arena, "%lld%c%lld", (long long)(tenths / 10),
                           lang == ATL_LANG_FR ? ',' : '.', (long long)(tenths % 10));
}

static const char *say(const struct atl_judge *judge, const struct atl_fault *fault,
                       const char *sentence, const char *language)
{
    struct atl_words_value values[ATL_JUDGE_VALUES_MAX + ATL_JUDGE_LENGTHS_MAX + 6];
    size_t count = fault->value_count;

    if (count)
        memcpy(values, fault->values, count * sizeof(values[0]));
    values[count++] = (struct atl_words_value){"label", label_of(judge, fault->field, language)};
    for (size_t i = 0; i < ATL_JUDGE_LENGTHS_MAX && fault->lengths[i].name; i++)
        values[count++] = (struct atl_words_value){
            fault->lengths[i].name, say_mm(judge, &fault->lengths[i], atl_lang_of(language))};
    if (fault->allowed_of)
        values[count++] = (struct atl_words_value){
            "allowed",
            atl_form_words_allowed((int)fault->allowed_of->characters, atl_lang_of(language))};
    if (fault->choices_of)
        values[count++] =
            (struct atl_words_value){"choices", join_labels(judge, fault->choices_of, language)};
    if (fault->other_of)
        values[count++] = (struct atl_words_value){
            "other",
            atl_arena_textf(judge->arena, "%s: %s", label_of(judge, fault->other_of, language),
                            atl_form_say(judge->ask->catalogue, fault->other_of,
                                         fault->field->when_value, language))};
    if (fault->other_font)
        values[count++] =
            (struct atl_words_value){"other", choice_label(judge, fault->other_font, language)};
    if (fault->font)
        values[count++] =
            (struct atl_words_value){"font", choice_label(judge, fault->font, language)};
    return atl_form_words_fill(judge->arena, sentence, values, count);
}

static bool is_overruled(const struct atl_form_ask *ask, const char *field, const char *code)
{
    for (size_t i = 0; i < ask->override_count; i++) {
        const struct atl_override *override = &ask->overrides[i];

        if (override->code && strcmp(override->code, code) == 0 &&
            (!override->field || !override->field[0] || strcmp(override->field, field) == 0))
            return true;
    }
    return false;
}

static const char *guest_language(const struct atl_form_ask *ask)
{
    return ask->guest_language ? ask->guest_language : ask->staff_language;
}

// Marks and the shop's own list have their sentence in words.h, where the ticket's stand, too.
static const char *guest_sentence(const struct atl_form_words *words, enum atl_lang lang)
{
    if (words->guest[lang])
        return words->guest[lang];
    return atl_words_get(lang, strcmp(words->code, "mark") == 0 ? ATL_WORDS_REFUSED_TEXT
                                                                : ATL_WORDS_REFUSED_WORDS);
}

bool atl_judge_find(struct atl_judge *judge, const struct atl_fault *fault)
{
    const struct atl_form_words *words =
        atl_form_words_find(fault->words ? fault->words : fault->code);
    const struct atl_form_ask *ask = judge->ask;
    const char *guest = guest_language(ask);
    struct atl_finding *finding;

    if (judge->finding_count == ATL_FINDINGS_MAX)
        return true;
    finding = &judge->findings[judge->finding_count++];
    *finding = (struct atl_finding){
        .field = fault->field ? fault->field->name : "",
        .code = fault->code,
        .staff_text =
            say(judge, fault, words->staff[atl_lang_of(ask->staff_language)], ask->staff_language),
        .guest_text = say(judge, fault, guest_sentence(words, atl_lang_of(guest)), guest),
        .proposal = fault->proposal,
        .may_be_overruled = fault->may_be_overruled,
    };
    finding->was_overruled =
        finding->may_be_overruled && is_overruled(ask, finding->field, finding->code);
    return !finding->was_overruled;
}

void atl_judge_plain(struct atl_judge *judge, const struct atl_field *field, const char *code)
{
    atl_judge_find(judge, &(struct atl_fault){.field = field, .code = code});
}

void atl_judge_number(struct atl_judge *judge, const struct atl_field *field, const char *code,
                      const char *name, uint64_t number)
{
    char digits[NUMBER_CAP];
    struct atl_words_value value = {name, digits};

    snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
    atl_judge_find(judge, &(struct atl_fault){
                              .field = field, .code = code, .values = &value, .value_count = 1});
}

void atl_judge_keep(struct atl_judge *judge, const struct atl_field *field, const char *value)
{
    judge->answers[judge->answer_count++] = (struct atl_answer){field->name, value};
}
