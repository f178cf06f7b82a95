// SPDX-License-Identifier: Apache-2.0
// The form as a whole at the keyboard: what is needed, the lines that Enter accepts and what
// changes them, a list of units, and the texts as the guest sees them.
#include "sdk-shim/till/form.h"

#include <stdlib.h>
#include <string.h>

// The unit that an answer is about when none is said, and how many there are.
static int units_of(const struct till_about *about)
{
    return about->line && !about->unit ? about->line->quantity : 1;
}

// ---- what is needed ----

// "1 of 3, …"; Enter after the first: the rest are the same.
static bool ask_units(struct till_question *q)
{
    const int count = units_of(q->about);
    char note[48];

    snprintf(note, sizeof note, "1 of %d, ", count);
    if (till_field_ask(q, note) == TILL_ASKED_GIVEN_UP)
        return false;
    till_say(q->till, "   Enter: the rest are the same\n");
    for (int unit = 2; unit <= count; unit++) {
        enum till_asked asked;

        if (!till_unit_is_sold(q->about->line, (unsigned)unit))
            continue;
        q->unit = (unsigned)unit;
        snprintf(note, sizeof note, "%d of %d, ", unit, count);
        asked = till_field_ask(q, note);
        if (asked != TILL_ASKED_TAKEN)
            return asked == TILL_ASKED_KEPT;
    }
    return true;
}

static bool ask_needed(struct till_question *q, const struct till_form *form)
{
    for (int i = 0; i < form->count; i++) {
        const struct till_field *field = &form->fields[i];
        bool ok;

        if (!field->is_required || till_answers_find(q->answers, field->name, q->about->unit))
            continue;
        q->field = field;
        q->unit = 0;
        ok = units_of(q->about) > 1 && field->kind == ATL_POS_FIELD_TEXT
                 ? ask_units(q)
                 : till_field_ask(q, "") != TILL_ASKED_GIVEN_UP;
        if (!ok)
            return false;
    }
    return true;
}

// ---- the lines that Enter accepts ----

static void say_answers(struct till *till, const struct till_about *about,
                        const struct till_form *form, const struct till_answers *answers)
{
    for (int i = 0; i < form->count; i++) {
        const struct till_field *field = &form->fields[i];
        const char *common = till_answers_find(answers, field->name, about->unit);

        till_say(till, "   %d ", i + 1);
        till_field_say_label(till, field);
        till_field_say_value(till, field, common ? common : "");
        for (int unit = 1; unit <= units_of(about) && units_of(about) > 1; unit++) {
            const char *own = till_answers_find(answers, field->name, (unsigned)unit);

            if (!own || own == common)
                continue;
            till_say(till, "  %d: ", unit);
            till_field_say_value(till, field, own);
        }
        till_say(till, "   ");
        till_field_say_choices(till, field);
        till_say(till, "\n");
    }
}

// "gold inside": each word is a choice of one field.
static bool change_by_words(struct till_question *q, const struct till_form *form, const char *text)
{
    char word[TILL_TEXT];
    char value[TILL_VALUE_BYTES];

    while (*(text += strspn(text, " "))) {
        const struct till_field *field = NULL;
        int found = 0;

        snprintf(word, sizeof word, "%.*s", (int)strcspn(text, " "), text);
        text += strcspn(text, " ");
        for (int i = 0; i < form->count; i++) {
            if (form->fields[i].kind != ATL_POS_FIELD_CHOICE ||
                !till_field_choice(&form->fields[i], word, value, sizeof value))
                continue;
            field = &form->fields[i];
            found++;
        }
        if (found != 1) {
            till_say(q->till, "   ! '%s': write the number of a field and what it becomes.\n",
                     word);
            return false;
        }
        q->field = field;
        q->unit = 0;
        if (!till_field_put(q, word))
            return false;
    }
    return true;
}

// "4 gold", "4" asks, "2.1 Inès" for the second unit.
static bool change_by_number(struct till_question *q, const struct till_form *form,
                             const char *text)
{
    char *end;
    long number = strtol(text, &end, 10);
    const long unit = *end == '.' ? number : 0;

    if (unit)
        number = strtol(end + 1, &end, 10);
    if (number < 1 || number > form->count || unit < 0 || unit > units_of(q->about)) {
        till_say(q->till, "   ! The fields have the numbers 1 to %d.\n", form->count);
        return true;
    }
    q->field = &form->fields[number - 1];
    q->unit = (unsigned)unit;
    end += strspn(end, " ");
    if (!*end)
        return till_field_ask(q, "") != TILL_ASKED_GIVEN_UP;
    (void)till_field_put(q, end);
    return true;
}

// As above, or "thread=gold", or "gold". False: given up.
static bool change(struct till_question *q, const struct till_form *form, const char *text)
{
    const size_t digits = strspn(text, "0123456789.");

    if (digits && (text[digits] == ' ' || !text[digits]))
        return change_by_number(q, form, text);
    if (strchr(text, '='))
        (void)till_answers_word(q->till, q->answers, text);
    else
        (void)change_by_words(q, form, text);
    return true;
}

static bool review(struct till_question *q, const struct till_form *form)
{
    const char *prompt = units_of(q->about) > 1
                             ? "   Enter takes it, `4 …` changes a line, `2.1 …` of unit 2, - "
                               "gives up: "
                             : "   Enter takes it, `4 …` changes a line, - gives up: ";
    char text[TILL_VALUE_BYTES];

    for (;;) {
        say_answers(q->till, q->about, form, q->answers);
        till_form_say_price(q->till, q->about, q->answers);
        if (!till_input_line(q->till, prompt, text, sizeof text) || strcmp(text, "-") == 0)
            return false;
        if (!text[0])
            return true;
        if (!change(q, form, text))
            return false;
    }
}

// Of a list that was asked before: what the other units have that the first one has not.
static bool begin_with_units(struct till_question *q, const struct till_form *form)
{
    struct till_form *other = calloc(1, sizeof *other);
    bool ok = other != NULL;

    for (int unit = 2; ok && unit <= units_of(q->about); unit++) {
        const struct till_about about = {q->about->line, (unsigned)unit};

        if (!till_unit_is_sold(about.line, about.unit) || !about.line->units[unit].is_customised)
            continue;
        ok = till_form_get(q->till, &about, other);
        for (int i = 0; ok && i < form->count && i < other->count; i++) {
            if (strcmp(form->fields[i].preset, other->fields[i].preset) != 0)
                ok = till_answers_set(q->till, q->answers, other->fields[i].name, about.unit,
                                      other->fields[i].preset);
        }
    }
    free(other);
    return ok;
}

bool till_form_ask(struct till *till, const struct till_about *about, const struct till_form *form,
                   struct till_answers *answers)
{
    struct till_question *q = calloc(1, sizeof *q);
    const bool is_new = !answers->all.answer_count;
    bool ok = q != NULL;

    if (q)
        *q = (struct till_question){.till = till, .about = about, .answers = answers};
    for (int i = 0; ok && i < form->count; i++) {
        const struct till_field *field = &form->fields[i];

        if (field->preset[0] && !till_answers_find(answers, field->name, about->unit))
            ok = till_answers_set(till, answers, field->name, 0, field->preset);
    }
    ok = ok && (!is_new || begin_with_units(q, form));
    ok = ok && ask_needed(q, form) && review(q, form);
    if (q && !ok)
        till_say(till, "  given up; nothing was taken\n");
    free(q);
    return ok;
}

// ---- the texts as the guest sees them ----

// The needed ones are what is made; where none is needed, all of them.
static bool is_shown(const struct till_form *form, const struct till_field *field)
{
    bool has_needed = false;

    for (int i = 0; i < form->count; i++)
        has_needed |= form->fields[i].kind == ATL_POS_FIELD_TEXT && form->fields[i].is_required;
    return field->kind == ATL_POS_FIELD_TEXT && (field->is_required || !has_needed);
}

static void say_spaced(struct till *till, const char *text)
{
    for (; *text; text++)
        till_say(till, "%c%s", *text, ((unsigned char)text[1] & 0xc0) == 0x80 ? "" : " ");
}

static void say_unit(struct till *till, const struct till_form *form,
                     const struct till_answers *answers, unsigned unit)
{
    till_say(till, "   %3u  ", unit);
    for (int i = 0; i < form->count; i++) {
        const struct till_field *field = &form->fields[i];
        const char *value = till_answers_find(answers, field->name, unit);

        if (is_shown(form, field) && value)
            say_spaced(till, value);
        else if (value && value != till_answers_find(answers, field->name, 0)) {
            till_say(till, "  %s: ", field->label);
            till_field_say_value(till, field, value);
        }
    }
    till_say(till, "\n");
}

void till_form_show_texts(struct till *till, const struct till_about *about,
                          const struct till_form *form, const struct till_answers *answers)
{
    const int count = units_of(about);

    for (int unit = 1; count > 1 && unit <= count; unit++) {
        if (till_unit_is_sold(about->line, (unsigned)unit))
            say_unit(till, form, answers, (unsigned)unit);
    }
    for (int i = 0; count == 1 && i < form->count; i++) {
        const char *value = till_answers_find(answers, form->fields[i].name, about->unit);

        if (value && value[0] && is_shown(form, &form->fields[i]))
            till_say_large(till, value);
    }
}
