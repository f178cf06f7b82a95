// SPDX-License-Identifier: Apache-2.0
// A text that was answered: the policy of text.h, the field's letters and limits, the word lists.
#include "plugin/core/form_judge.h"

#include "plugin/core/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_CAP = 16 };

static bool is_capital(uint32_t c)
{
    if (c <= 0x7F)
        return c >= 'A' && c <= 'Z';
    if (c <= 0xFF)
        return c >= 0xC0 && c <= 0xDE && c != 0xD7;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return c % 2 == 1;
    return (c >= 0x100 && c <= 0x137 && c % 2 == 0) || (c >= 0x14A && c <= 0x177 && c % 2 == 0) ||
           c == 0x178;
}

// The capital of a letter of Latin-1 and Latin Extended-A; others stay.
static uint32_t capital_of(uint32_t c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 0xE0 && c <= 0xFE && c != 0xF7))
        return c - 0x20;
    if (c == 0xFF)
        return 0x178;
    return c >= 0x101 && c <= 0x17E && is_capital(c - 1) ? c - 1 : c;
}

static bool is_joint(uint32_t c)
{
    return c == ' ' || c == '\'' || c == 0x2019 || c == '-' || c == '.' || c == 0xB7;
}

static bool is_allowed(enum atl_characters characters, uint32_t c)
{
    switch (characters) {
    case ATL_CHARACTERS_NAME:
        return atl_text_is_letter(c) || atl_text_is_mark(c) || is_joint(c);
    case ATL_CHARACTERS_CAPITALS:
        return is_capital(c) || (is_joint(c) && c != 0xB7);
    case ATL_CHARACTERS_DIGITS:
        return c >= '0' && c <= '9';
    case ATL_CHARACTERS_INITIALS:
        return atl_text_is_letter(c) || atl_text_is_mark(c) || c == '.';
    case ATL_CHARACTERS_ANY:
    case ATL_CHARACTERS_COUNT:
        break;
    }
    return true;
}

// The same text in capitals, when that would do; else NULL. Only proposed, never put in.
static const char *propose_capitals(const struct atl_judge *judge, const struct atl_field *field,
                                    const char *text)
{
    char out[ATL_TEXT_CAP];
    size_t len = strlen(text);
    size_t used = 0;
    uint32_t c;
    size_t step;

    if (field->characters != ATL_CHARACTERS_CAPITALS)
        return NULL;
    for (; (step = atl_text_next(text, len, &c)) > 0; text += step, len -= step) {
        if (used + 4 > sizeof(out) || !is_allowed(field->characters, capital_of(c)))
            return NULL;
        used += atl_text_encode(capital_of(c), out + used);
    }
    return atl_arena_bytes(judge->arena, out, used);
}

static bool check_characters(struct atl_judge *judge, const struct atl_field *field,
                             const char *text)
{
    const char *at = text;
    size_t len = strlen(text);
    char letter[5] = {0};
    struct atl_words_value value = {"letter", letter};
    uint32_t c;
    size_t step;

    for (; (step = atl_text_next(at, len, &c)) > 0; at += step, len -= step) {
        if (!is_allowed(field->characters, c))
            break;
    }
    if (!step)
        return true;
    memcpy(letter, at, step);
    atl_judge_find(judge, &(struct atl_fault){.field = field,
                                              .code = "character",
                                              .proposal = propose_capitals(judge, field, text),
                                              .values = &value,
                                              .value_count = 1,
                                              .allowed_of = field});
    return false;
}

static bool check_number(struct atl_judge *judge, const struct atl_field *field, const char *text)
{
    char min[NUMBER_CAP];
    char max[NUMBER_CAP];
    struct atl_words_value values[2] = {
        {"min", min},
        {"max", max}
    };
    unsigned long number;

    if (field->characters != ATL_CHARACTERS_DIGITS || !field->max_value)
        return true;
    number = strtoul(text, NULL, 10); // digits only, and few: it was checked
    if (number >= (unsigned long)field->min_value && number <= (unsigned long)field->max_value)
        return true;
    snprintf(min, sizeof(min), "%d", (int)field->min_value);
    snprintf(max, sizeof(max), "%d", (int)field->max_value);
    atl_judge_find(judge,
                   &(struct atl_fault){
                       .field = field, .code = "number_range", .values = values, .value_count = 2});
    return false;
}

// All lists are asked, so that a manager sees at once all that is to be allowed.
static bool check_lists(struct atl_judge *judge, const struct atl_field *field, const char *text)
{
    bool passes = true;

    for (size_t i = 0; i < field->list_count && !judge->rc; i++) {
        const struct atl_word_list *list = field->lists[i];
        struct atl_screen_hit hit;
        bool is_hit = false;

        judge->rc = atl_screen_check(&list->screen, text, strlen(text), &is_hit, &hit, judge->err);
        if (is_hit &&
            atl_judge_find(judge, &(struct atl_fault){.field = field,
                                                      .code = hit.reason,
                                                      .may_be_overruled = list->may_be_overruled}))
            passes = false;
    }
    return passes;
}

static void find_unclean(struct atl_judge *judge, const struct atl_field *field, const char *raw,
                         const struct atl_text_fault *fault)
{
    if (strcmp(fault->code, "empty") == 0)
        atl_judge_plain(judge, field, "required");
    else if (strcmp(fault->code, "too_long") == 0)
        atl_judge_number(judge, field, fault->code, "max", (uint64_t)field->max_count);
    else
        atl_judge_number(judge, field, fault->code, "place",
                         atl_text_code_points(raw, fault->offset_bytes) + 1);
}

void atl_judge_text(struct atl_judge *judge, const struct atl_field *field, const char *raw)
{
    struct atl_text_policy policy = {.graphemes_max = (uint16_t)field->max_count,
                                     .may_be_empty = !field->is_required};
    struct atl_text_fault fault = {0};
    char text[ATL_TEXT_CAP];
    size_t len;

    if (atl_text_clean(raw, strlen(raw), text, sizeof(text), &policy, &fault)) {
        find_unclean(judge, field, raw, &fault);
        return;
    }
    len = strlen(text);
    if (!len)
        return;
    if (atl_text_graphemes(text, len) < (size_t)field->min_count) {
        atl_judge_number(judge, field, "too_short", "min", (uint64_t)field->min_count);
        return;
    }
    if (!check_characters(judge, field, text) || !check_number(judge, field, text) ||
        !check_lists(judge, field, text))
        return;
    if (field->role == ATL_ROLE_TEXT && atl_text_has_lookalikes(text, len))
        judge->has_look_alikes = true;
    atl_judge_keep(judge, field, atl_arena_text(judge->arena, text));
}
