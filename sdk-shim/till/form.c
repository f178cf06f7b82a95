// SPDX-License-Identifier: Apache-2.0
// The plugin's form at the keyboard. What has no preset is asked; the rest stands in a few lines
// that Enter accepts. A finding asks again for the field at fault, and nothing typed is lost.
#include "sdk-shim/till/form.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LABEL_COLUMNS = 24, GAP = 2 };

// ---- a copy of the form ----

static const char *keep(struct till_form *form, const char *text)
{
    const size_t len = text ? strlen(text) : 0;
    char *out = form->pool + form->pool_used;

    if (len >= sizeof form->pool - form->pool_used)
        return "";
    if (len)
        memcpy(out, text, len);
    out[len] = '\0';
    form->pool_used += len + 1;
    return out;
}

bool till_form_get(struct till *till, const struct till_about *about, struct till_form *form)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_form from = {.size = sizeof from};
    int32_t rc;

    memset(form, 0, sizeof *form);
    if (about->line) {
        const struct atl_pos_line line =
            till_pos_line(till, about->line, about->unit ? about->unit : 1);

        rc = till->plugin->offer(till->handle, &txn, &line, &from);
    } else {
        rc = till->plugin->order_offer(till->handle, &txn, &from);
    }
    if (!till_is_ok(till, "offer", rc))
        return false;
    for (uint32_t i = 0; i < from.field_count && form->count < TILL_FIELDS_MAX; i++) {
        const struct atl_pos_field *field =
            (const struct atl_pos_field *)(const void *)((const char *)from.fields +
                                                         (size_t)i * from.field_size);

        form->fields[form->count++] =
            (struct till_field){.name = keep(form, field->name),
                                .label = keep(form, field->label ? field->label : field->name),
                                .choices = keep(form, field->choices),
                                .preset = keep(form, field->preset),
                                .kind = field->kind,
                                .is_required = field->is_required != 0};
    }
    form->title = keep(form, from.title);
    form->consent = keep(form, from.consent);
    form->price_minor = from.price_minor;
    form->promise_from_ms = from.promise_from_ms;
    form->promise_until_ms = from.promise_until_ms;
    form->may_follow = from.may_follow != 0;
    return true;
}

// ---- choices: value TAB label NEWLINE, repeated ----

struct choice {
    const char *value;
    int value_len;
    const char *label;
    int label_len;
};

static bool next_choice(const char **at, struct choice *out)
{
    const size_t len = strcspn(*at, "\n");
    const size_t tab = strcspn(*at, "\t\n");

    if (!**at)
        return false;
    out->value = *at;
    out->value_len = (int)tab;
    out->label = tab < len ? *at + tab + 1 : *at;
    out->label_len = tab < len ? (int)(len - tab - 1) : (int)len;
    *at += len + ((*at)[len] == '\n');
    return true;
}

bool till_field_choice(const struct till_field *field, const char *text, char *out, size_t size)
{
    const int len = (int)strlen(text);
    const char *at = field->choices;
    struct choice choice;
    int found = 0;

    while (next_choice(&at, &choice)) {
        if (len == choice.value_len && strncasecmp(choice.value, text, (size_t)len) == 0) {
            snprintf(out, size, "%.*s", choice.value_len, choice.value);
            return true;
        }
        if ((len <= choice.value_len && strncasecmp(choice.value, text, (size_t)len) == 0) ||
            (len <= choice.label_len && strncasecmp(choice.label, text, (size_t)len) == 0)) {
            snprintf(out, size, "%.*s", choice.value_len, choice.value);
            found++;
        }
    }
    return found == 1;
}

// What a person reads for a value.
void till_field_say_value(struct till *till, const struct till_field *field, const char *value)
{
    const char *at = field->choices;
    struct choice choice;

    while (next_choice(&at, &choice)) {
        if (strlen(value) == (size_t)choice.value_len &&
            strncmp(choice.value, value, (size_t)choice.value_len) == 0) {
            till_say(till, "%.*s", choice.label_len, choice.label);
            return;
        }
    }
    till_say(till, "%s", value[0] ? value : "-");
}

// "(round upright plain)" in one line.
void till_field_say_choices(struct till *till, const struct till_field *field)
{
    const char *at = field->choices;
    struct choice choice;
    bool is_first = true;

    while (next_choice(&at, &choice)) {
        till_say(till, "%s%.*s", is_first ? "(" : " ", choice.value_len, choice.value);
        is_first = false;
    }
    if (!is_first)
        till_say(till, ")");
    else if (field->kind == ATL_POS_FIELD_CHECKBOX)
        till_say(till, "(yes no)");
}

void till_field_say_label(struct till *till, const struct till_field *field)
{
    int letters = 0;

    for (const char *at = field->label; *at; at++)
        letters += ((unsigned char)*at & 0xc0) != 0x80;
    till_say(till, "%s%*s", field->label,
             letters < LABEL_COLUMNS ? LABEL_COLUMNS - letters + GAP : GAP, "");
}

void till_form_say(struct till *till, const struct till_form *form)
{
    if (form->title[0]) {
        till_say(till, "  %s from ", form->title);
        till_say_money(till, form->price_minor);
        till_say(till, ", ");
        till_say_promise(till, form->promise_from_ms, form->promise_until_ms);
        till_say(till, "%s\n", form->may_follow ? "; the details may follow" : "");
    }
    for (int i = 0; i < form->count; i++) {
        const struct till_field *field = &form->fields[i];

        till_say(till, "   %d %s%s", i + 1, field->is_required ? "*" : " ", field->name);
        till_say(till, "%*s", (int)(strlen(field->name) < 12 ? 12 - strlen(field->name) : 1), "");
        till_field_say_label(till, field);
        till_field_say_choices(till, field);
        till_say(till, "\n");
    }
}

// ---- judged while it is typed ----

void till_say_findings(struct till *till, const struct atl_pos_judgement *judgement)
{
    for (uint32_t i = 0; i < judgement->finding_count; i++) {
        const struct atl_pos_finding *finding =
            (const struct atl_pos_finding *)(const void *)((const char *)judgement->findings +
                                                           (size_t)i * judgement->finding_size);

        till_say(till, "  %s ", finding->was_overruled ? "(allowed)" : "!");
        if (finding->unit_index)
            till_say(till, "unit %u: ", finding->unit_index);
        till_say(till, "%s%s%s\n", finding->field ? finding->field : "", finding->field ? ": " : "",
                 finding->staff_text ? finding->staff_text : "");
        if (finding->was_overruled)
            continue;
        if (finding->guest_text)
            till_say(till, "    to the guest: %s\n", finding->guest_text);
        if (finding->proposal)
            till_say(till, "    would do: %s\n", finding->proposal);
        if (finding->may_be_overruled)
            till_say(till, "    a manager may allow it: allow=%s:REF\n", finding->code);
    }
}

// The first finding about this field; what is merely not answered yet is not said while typing.
static const struct atl_pos_finding *finding_of(const struct atl_pos_judgement *judgement,
                                                const char *field, unsigned unit)
{
    for (uint32_t i = 0; i < judgement->finding_count; i++) {
        const struct atl_pos_finding *finding =
            (const struct atl_pos_finding *)(const void *)((const char *)judgement->findings +
                                                           (size_t)i * judgement->finding_size);

        if (finding->was_overruled || !finding->field || strcmp(finding->field, field) != 0 ||
            (unit && finding->unit_index && finding->unit_index != unit))
            continue;
        return finding;
    }
    return NULL;
}

static bool judge(struct till *till, const struct till_about *about,
                  const struct till_answers *answers, struct atl_pos_judgement *judgement)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_line line;

    *judgement = (struct atl_pos_judgement){.size = sizeof *judgement};
    if (!about->line)
        return false; // the order's answers are judged when they are given
    line = till_pos_line(till, about->line, about->unit);
    return till->plugin->check(till->handle, &txn, &line, &answers->all, judgement) == ATL_POS_OK;
}

void till_form_say_price(struct till *till, const struct till_about *about,
                         const struct till_answers *answers)
{
    struct atl_pos_judgement judgement;

    if (!judge(till, about, answers, &judgement))
        return;
    till_say_findings(till, &judgement);
    if (!judgement.is_allowed)
        return;
    till_say(till, "   personalisation ");
    till_say_money(till, judgement.price_minor);
    till_say(till, ", ");
    till_say_promise(till, judgement.promise_from_ms, judgement.promise_until_ms);
    till_say(till, "\n");
}

// ---- one field ----

bool till_field_put(struct till_question *q, const char *text)
{
    char value[TILL_VALUE_BYTES];

    if (strcmp(text, "-") == 0 && !q->field->is_required)
        return till_answers_set(q->till, q->answers, q->field->name, q->unit, "");
    snprintf(value, sizeof value, "%s", text);
    if (q->field->kind == ATL_POS_FIELD_CHECKBOX)
        snprintf(value, sizeof value, "%s", strchr("yYoO1", text[0]) && text[0] ? "yes" : "no");
    if (q->field->kind == ATL_POS_FIELD_CHOICE &&
        !till_field_choice(q->field, text, value, sizeof value)) {
        till_say(q->till, "   ! %s: none or several of these: ", text);
        till_field_say_choices(q->till, q->field);
        till_say(q->till, "\n");
        return false;
    }
    return till_answers_set(q->till, q->answers, q->field->name, q->unit, value);
}

// Says what stands against the answer as it is. True: nothing does.
static bool is_good(struct till_question *q)
{
    const char *value = till_answers_find(q->answers, q->field->name, q->unit);
    const struct atl_pos_finding *finding;
    struct atl_pos_judgement judgement;

    if (!value && q->field->is_required) {
        till_say(q->till, "   ! %s is needed; - gives up.\n", q->field->label);
        return false;
    }
    if (!judge(q->till, q->about, q->answers, &judgement))
        return true; // it is judged once more when it is taken
    finding = finding_of(&judgement, q->field->name, q->unit);
    if (!finding)
        return true;
    till_say(q->till, "   ! %s\n", finding->staff_text ? finding->staff_text : finding->code);
    if (finding->guest_text)
        till_say(q->till, "     to the guest: %s\n", finding->guest_text);
    if (finding->proposal)
        till_say(q->till, "     = takes: %s\n", finding->proposal);
    if (finding->may_be_overruled)
        till_say(q->till, "     a manager may allow it: allow REF\n");
    snprintf(q->code, sizeof q->code, "%s", finding->may_be_overruled ? finding->code : "");
    snprintf(q->proposal, sizeof q->proposal, "%s", finding->proposal ? finding->proposal : "");
    return false;
}

static enum till_asked take_typed(struct till_question *q, const char *text)
{
    if (strcmp(text, "-") == 0)
        return TILL_ASKED_GIVEN_UP;
    if (q->code[0] && strncmp(text, "allow ", 6) == 0)
        return till_answers_allow(q->till, q->answers, q->code, text + 6) ? TILL_ASKED_TAKEN
                                                                          : TILL_ASKED_AGAIN;
    if (q->proposal[0] && strcmp(text, "=") == 0)
        return till_field_put(q, q->proposal) ? TILL_ASKED_TAKEN : TILL_ASKED_AGAIN;
    if (!text[0])
        return TILL_ASKED_KEPT;
    return till_field_put(q, text) ? TILL_ASKED_TAKEN : TILL_ASKED_AGAIN;
}

// "   2 of 3, Words to embroider [Maël]: "
static void make_prompt(const struct till_question *q, const char *note, char *out, size_t size)
{
    const char *value = till_answers_find(q->answers, q->field->name, q->unit);

    snprintf(out, size, "   %s%s%s%.200s%s%s: ", note, q->field->label,
             value && value[0] ? " [" : "", value ? value : "", value && value[0] ? "]" : "",
             q->field->is_required && !value ? " *" : "");
}

enum till_asked till_field_ask(struct till_question *q, const char *note)
{
    char prompt[TILL_TEXT * 4];
    char text[TILL_VALUE_BYTES];
    enum till_asked asked;

    do {
        if (q->field->choices[0]) {
            till_say(q->till, "   ");
            till_field_say_choices(q->till, q->field);
            till_say(q->till, "\n");
        }
        make_prompt(q, note, prompt, sizeof prompt);
        if (!till_input_line(q->till, prompt, text, sizeof text))
            return TILL_ASKED_GIVEN_UP;
        asked = take_typed(q, text);
        if (asked == TILL_ASKED_GIVEN_UP)
            return asked;
    } while (asked == TILL_ASKED_AGAIN || !is_good(q));
    return asked;
}

bool till_form_repair(struct till *till, const struct till_about *about,
                      const struct till_form *form, const char *field, unsigned unit,
                      struct till_answers *answers)
{
    char note[32] = "";

    if (unit)
        snprintf(note, sizeof note, "unit %u, ", unit);
    for (int i = 0; i < form->count; i++) {
        struct till_question *q;
        bool ok;

        if (strcmp(form->fields[i].name, field) != 0)
            continue;
        q = calloc(1, sizeof *q);
        if (!q)
            return false;
        *q = (struct till_question){till, about, answers, &form->fields[i], unit, "", ""};
        (void)is_good(q); // so that "allow" and "=" are known
        ok = till_field_ask(q, note) != TILL_ASKED_GIVEN_UP;
        free(q);
        return ok;
    }
    return false;
}
