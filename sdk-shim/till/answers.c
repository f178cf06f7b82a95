// SPDX-License-Identifier: Apache-2.0
// What was typed, as the plugin wants it: names and values, of all units or of one.
#include "sdk-shim/till/till.h"

#include <stdlib.h>
#include <string.h>

static const char *keep(struct till *till, struct till_answers *answers, const char *text,
                        size_t len)
{
    char *out = answers->pool + answers->pool_used;

    if (len >= sizeof answers->pool - answers->pool_used) {
        till_say(till, "That is too much to type at a till.\n");
        return NULL;
    }
    memcpy(out, text, len);
    out[len] = '\0';
    answers->pool_used += len + 1;
    return out;
}

static void close_up(struct till_answers *answers)
{
    answers->all.size = sizeof answers->all;
    answers->all.answer_size = sizeof answers->items[0];
    answers->all.answers = answers->items;
    answers->all.override_size = sizeof answers->overrides[0];
    answers->all.overrides = answers->overrides;
}

bool till_answers_set(struct till *till, struct till_answers *answers, const char *name,
                      unsigned unit, const char *value)
{
    struct atl_pos_answer *at = NULL;
    const char *kept_value = keep(till, answers, value, strlen(value));
    const char *kept_name = keep(till, answers, name, strlen(name));

    for (uint32_t i = 0; i < answers->all.answer_count; i++) {
        if (strcmp(answers->items[i].name, name) == 0 && answers->items[i].unit_index == unit)
            at = &answers->items[i];
    }
    if (!kept_value || !kept_name)
        return false;
    if (!at && answers->all.answer_count == TILL_ANSWERS_MAX) {
        till_say(till, "More than %d answers: personalise some units by themselves.\n",
                 TILL_ANSWERS_MAX);
        return false;
    }
    if (!at)
        at = &answers->items[answers->all.answer_count++];
    *at = (struct atl_pos_answer){.name = kept_name, .value = kept_value, .unit_index = unit};
    close_up(answers);
    return true;
}

bool till_answers_allow(struct till *till, struct till_answers *answers, const char *code,
                        const char *manager)
{
    const size_t max = sizeof answers->overrides / sizeof answers->overrides[0];
    struct atl_pos_override *at = &answers->overrides[answers->all.override_count];

    if (answers->all.override_count == max) {
        till_say(till, "A manager allows at most %zu things at once.\n", max);
        return false;
    }
    if (!manager[0]) {
        till_say(till, "Say which manager allows it: allow=%s:REF\n", code);
        return false;
    }
    *at = (struct atl_pos_override){.code = keep(till, answers, code, strlen(code)),
                                    .employee_ref = keep(till, answers, manager, strlen(manager))};
    if (!at->code || !at->employee_ref)
        return false;
    answers->all.override_count++;
    close_up(answers);
    return true;
}

bool till_answers_word(struct till *till, struct till_answers *answers, const char *word)
{
    const char *equals = strchr(word, '=');
    char name[TILL_TEXT];
    char *end;
    unsigned long unit;

    if (!equals || equals == word || equals - word >= TILL_TEXT) {
        till_say(till, "'%s': write NAME=VALUE, or UNIT.NAME=VALUE for one unit.\n", word);
        return false;
    }
    snprintf(name, sizeof name, "%.*s", (int)(equals - word), word);
    if (strcmp(name, "allow") == 0) {
        const char *colon = strchr(equals + 1, ':');

        snprintf(name, sizeof name, "%.*s", (int)strcspn(equals + 1, ":"), equals + 1);
        return till_answers_allow(till, answers, name, colon ? colon + 1 : "");
    }
    unit = strtoul(name, &end, 10);
    if (*end != '.' || end == name)
        return till_answers_set(till, answers, name, 0, equals + 1);
    if (unit < 1 || unit > TILL_UNITS_MAX) {
        till_say(till, "'%s': units are counted from 1 to %d.\n", word, TILL_UNITS_MAX);
        return false;
    }
    return till_answers_set(till, answers, end + 1, (unsigned)unit, equals + 1);
}

const char *till_answers_find(const struct till_answers *answers, const char *name, unsigned unit)
{
    const char *common = NULL;

    for (uint32_t i = 0; i < answers->all.answer_count; i++) {
        const struct atl_pos_answer *answer = &answers->items[i];

        if (strcmp(answer->name, name) != 0)
            continue;
        if (unit && answer->unit_index == unit)
            return answer->value;
        if (!answer->unit_index)
            common = answer->value;
    }
    return common;
}

void till_answers_of_unit(const struct till_answers *from, unsigned unit, struct till_answers *out)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < from->all.answer_count; i++) {
        struct atl_pos_answer answer = from->items[i];

        if (answer.unit_index != 0 && answer.unit_index != unit)
            continue;
        if (till_answers_find(from, answer.name, unit) != answer.value)
            continue; // the unit has its own
        answer.unit_index = 0;
        out->items[count++] = answer;
    }
    memcpy(out->overrides, from->overrides, sizeof out->overrides);
    out->all = from->all;
    out->all.answer_count = count;
    close_up(out);
}
