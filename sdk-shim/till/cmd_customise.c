// SPDX-License-Identifier: Apache-2.0
// Customising: the plugin's form, its judgement while answers are typed, the proof, the sign-off.
#include "sdk-shim/till/till.h"

#include <stdlib.h>
#include <string.h>

enum { ANSWERS_MAX = 64, PROOF_WAIT_MS = 5000, PROOF_LOOK_MS = 50 };

struct asked {
    struct atl_pos_answer answers[ANSWERS_MAX];
    struct atl_pos_override overrides[4];
    struct atl_pos_answers all;
    char text[ANSWERS_MAX][TILL_TEXT * 4]; // what was typed at the keyboard
    int count;
};

static const struct atl_pos_field *field_at(const struct atl_pos_form *form, uint32_t i)
{
    return (const struct atl_pos_field *)(const void *)((const char *)form->fields +
                                                        (size_t)i * form->field_size);
}

static void close_answers(struct asked *asked)
{
    asked->all.size = sizeof asked->all;
    asked->all.answer_size = sizeof asked->answers[0];
    asked->all.answers = asked->answers;
    asked->all.answer_count = (uint32_t)asked->count;
    asked->all.override_size = sizeof asked->overrides[0];
    asked->all.overrides = asked->overrides;
}

// "text=Jill" for all units, "2.text=Kelly" for the second one, "allow=mark:M17" by a manager.
static bool read_answer(struct till *till, const char *word, struct asked *asked)
{
    const char *equals = strchr(word, '=');
    struct atl_pos_answer *answer = &asked->answers[asked->count];
    char *name = asked->text[asked->count];
    char *dot;

    if (!equals || asked->count == ANSWERS_MAX - 1 || equals - word >= TILL_TEXT) {
        till_say(till, "'%s': write NAME=VALUE, or UNIT.NAME=VALUE for one unit.\n", word);
        return false;
    }
    snprintf(name, TILL_TEXT, "%.*s", (int)(equals - word), word);
    if (strcmp(name, "allow") == 0) {
        struct atl_pos_override *override = &asked->overrides[asked->all.override_count];

        if (asked->all.override_count == 4)
            return false;
        snprintf(name, TILL_TEXT, "%s", equals + 1);
        dot = strchr(name, ':');
        if (dot)
            *dot = '\0';
        *override =
            (struct atl_pos_override){.code = name, .employee_ref = dot ? dot + 1 : "manager"};
        asked->all.override_count++;
        asked->count++; // its text is in use
        asked->answers[asked->count - 1] = (struct atl_pos_answer){0};
        return true;
    }
    dot = strchr(name, '.');
    *answer = (struct atl_pos_answer){.name = dot ? dot + 1 : name, .value = equals + 1};
    if (dot)
        answer->unit_index = (uint32_t)strtoul(name, NULL, 10);
    asked->count++;
    return true;
}

// Places that an override took are moved out.
static void pack(struct asked *asked)
{
    int kept = 0;

    for (int i = 0; i < asked->count; i++) {
        if (asked->answers[i].name)
            asked->answers[kept++] = asked->answers[i];
    }
    asked->count = kept;
}

static void say_findings(struct till *till, const struct atl_pos_judgement *judgement)
{
    for (uint32_t i = 0; i < judgement->finding_count; i++) {
        const struct atl_pos_finding *finding =
            (const struct atl_pos_finding *)(const void *)((const char *)judgement->findings +
                                                           (size_t)i * judgement->finding_size);

        till_say(till, "  %s %s%s%s%s\n", finding->was_overruled ? "(allowed)" : "!",
                 finding->unit_index ? "unit " : "", finding->field ? finding->field : "",
                 finding->field ? ": " : "", finding->staff_text);
        if (finding->unit_index)
            till_say(till, "    of unit %u\n", finding->unit_index);
        if (finding->guest_text && !finding->was_overruled)
            till_say(till, "    to the guest: %s\n", finding->guest_text);
        if (finding->proposal)
            till_say(till, "    would do: %s\n", finding->proposal);
        if (finding->may_be_overruled && !finding->was_overruled)
            till_say(till, "    a manager may allow it: allow=%s:REF\n", finding->code);
    }
}

// ---- the keyboard ----

static bool ask_text(struct till *till, const char *prompt, char *out, size_t size)
{
    till_say(till, "%s", prompt);
    if (!fgets(out, (int)size, stdin))
        return false;
    out[strcspn(out, "\r\n")] = '\0';
    return true;
}

// "1) navy  Bleu nuit"; what is typed may be the number or the value.
static void say_choices(struct till *till, const char *choices)
{
    const char *at = choices;

    for (int i = 1; at && *at; i++) {
        const size_t len = strcspn(at, "\n");
        const size_t tab = strcspn(at, "\t");

        till_say(till, "     %2d) %.*s\n", i, tab < len ? (int)(len - tab - 1) : (int)len,
                 tab < len ? at + tab + 1 : at);
        at += len + (at[len] == '\n');
    }
}

static void pick_choice(const char *choices, char *text, size_t size)
{
    const long number = strtol(text, NULL, 10);
    const char *at = choices;

    for (long i = 1; at && *at; i++) {
        const size_t len = strcspn(at, "\n");

        if (i == number) {
            snprintf(text, size, "%.*s", (int)strcspn(at, "\t\n"), at);
            return;
        }
        at += len + (at[len] == '\n');
    }
}

static bool ask_field(struct till *till, const struct atl_pos_field *field, struct asked *asked)
{
    char *text = asked->text[asked->count];
    char prompt[TILL_TEXT * 2];

    say_choices(till, field->choices);
    snprintf(prompt, sizeof prompt, "   %s%s%s%s%s: ", field->label, field->is_required ? " *" : "",
             field->preset ? " [" : "", field->preset ? field->preset : "",
             field->preset ? "]" : "");
    if (!ask_text(till, prompt, text, sizeof asked->text[0]))
        return false;
    if (!text[0] && field->preset)
        snprintf(text, sizeof asked->text[0], "%s", field->preset);
    if (field->kind == ATL_POS_FIELD_CHOICE)
        pick_choice(field->choices, text, sizeof asked->text[0]);
    if (!text[0])
        return true;
    // The name lives until the next call on the till, so it is kept beside the value.
    {
        char *name = text + strlen(text) + 1;

        snprintf(name, sizeof asked->text[0] - strlen(text) - 1, "%s", field->name);
        asked->answers[asked->count++] = (struct atl_pos_answer){.name = name, .value = text};
    }
    return true;
}

// The form is asked for anew for each field, because what is handed out lives for one call.
static bool ask_form(struct till *till, const struct atl_pos_transaction *txn,
                     const struct atl_pos_line *line, bool is_order, struct asked *asked)
{
    struct atl_pos_judgement judgement = {.size = sizeof judgement};

    for (uint32_t i = 0;; i++) {
        struct atl_pos_form form = {.size = sizeof form};
        const int32_t rc = is_order ? till->plugin->order_offer(till->handle, txn, &form)
                                    : till->plugin->offer(till->handle, txn, line, &form);

        if (!till_is_ok(till, "offer", rc))
            return false;
        if (i >= form.field_count)
            return true;
        if (!ask_field(till, field_at(&form, i), asked))
            return false;
        close_answers(asked);
        if (!is_order && i + 1 < form.field_count &&
            till->plugin->check(till->handle, txn, line, &asked->all, &judgement) == ATL_POS_OK) {
            for (uint32_t k = 0; k < judgement.finding_count; k++) {
                const struct atl_pos_finding *finding = &judgement.findings[k];

                if (strcmp(finding->code, "required") != 0)
                    till_say(till, "     ! %s\n", finding->staff_text);
            }
        }
    }
}

// ---- commands ----

// form LINE
bool till_cmd_form(struct till *till, const char *const *words, int count)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_form form = {.size = sizeof form};
    struct atl_pos_line line;
    struct till_line *of;
    unsigned unit;

    (void)count;
    if (!till_place_read(till, words[0], &of, &unit))
        return false;
    line = till_pos_line(of, unit ? unit : 1);
    if (!till_is_ok(till, "offer", till->plugin->offer(till->handle, &txn, &line, &form)))
        return false;
    if (!form.field_count) {
        till_say(till, "%s is not personalised.\n", of->name);
        return true;
    }
    till_say(till, "%s, from ", form.title ? form.title : of->name);
    till_say_money(till, form.price_minor);
    till_say(till, ", ");
    till_say_promise(till, form.promise_from_ms, form.promise_until_ms);
    till_say(till, "\n");
    for (uint32_t i = 0; i < form.field_count; i++) {
        const struct atl_pos_field *field = field_at(&form, i);

        till_say(till, "  %s%s  (%s)\n", field->label, field->is_required ? " *" : "", field->name);
        say_choices(till, field->choices);
    }
    return true;
}

static void note_captured(struct till *till, struct till_line *line, unsigned unit,
                          const struct atl_pos_judgement *judgement)
{
    const int first = unit ? (int)unit : 1;
    const int last = unit ? (int)unit : line->quantity;
    const long long each = judgement->price_minor / (last - first + 1);

    for (int i = first; i <= last; i++) {
        line->units[i].is_customised = true;
        line->units[i].is_signed = false;
        line->units[i].service_minor = each;
    }
    till_say(till, "  personalisation ");
    till_say_money(till, judgement->price_minor);
    till_say(till, ", ");
    till_say_promise(till, judgement->promise_from_ms, judgement->promise_until_ms);
    till_say(till, "\n");
    if (judgement->spelling)
        till_say(till, "  spell it out: %s\n", judgement->spelling);
}

// Asks until the picture is there. One picture a unit.
static bool wait_proof(struct till *till, const struct atl_pos_transaction *txn,
                       struct till_line *line, unsigned unit, const struct atl_pos_answers *answers)
{
    struct atl_pos_line about = till_pos_line(line, unit);
    char path[TILL_PATH];

    for (int waited = 0; waited < PROOF_WAIT_MS; waited += PROOF_LOOK_MS) {
        struct atl_pos_image image = {.size = sizeof image};
        FILE *file;

        if (!till_is_ok(till, "preview",
                        till->plugin->preview(till->handle, txn, &about, answers, &image)))
            return false;
        if (image.proof_state == ATL_POS_PROOF_NONE || image.proof_state == ATL_POS_PROOF_REFUSED)
            return image.proof_state == ATL_POS_PROOF_NONE;
        if (image.proof_state == ATL_POS_PROOF_READY && image.png) {
            snprintf(path, sizeof path, "%s/proof-%lld-%s-%u.png", till->folder,
                     till->sale.sequence, line->ref, unit);
            file = fopen(path, "wbe");
            if (file) {
                fwrite(image.png, 1, image.png_bytes, file);
                fclose(file);
                till_say(till, "  proof: %s\n", path);
                till_set(till, "proof", path);
            }
            return true;
        }
        till_wait_notice(till, PROOF_LOOK_MS);
    }
    till_say(till, "  the proof is still being drawn\n");
    return true;
}

static bool show_proofs(struct till *till, const struct atl_pos_transaction *txn,
                        struct till_line *line, unsigned unit,
                        const struct atl_pos_answers *answers)
{
    const unsigned first = unit ? unit : 1;
    const unsigned last = unit ? unit : (unsigned)line->quantity;

    for (unsigned i = first; i <= last; i++) {
        if (!wait_proof(till, txn, line, i, answers))
            return false;
    }
    return true;
}

// What is signed is what is shown now: its number is asked for once more.
static bool sign(struct till *till, const struct atl_pos_transaction *txn, struct till_line *line,
                 unsigned unit, const struct asked *asked, int how)
{
    struct atl_pos_judgement judgement = {.size = sizeof judgement};
    struct atl_pos_line about = till_pos_line(line, unit);
    struct atl_pos_signature signature = {
        .size = sizeof signature, .how = how, .employee_ref = till->employee};
    char key[64];

    if (asked &&
        !till_is_ok(till, "check",
                    till->plugin->check(till->handle, txn, &about, &asked->all, &judgement)))
        return false;
    signature.proof_number = asked ? judgement.proof_number : 0;
    signature.key = till_key(till, "sign", key);
    signature.at_ms = till_now_ms();
    if (!till_is_ok(till, "sign", till->plugin->sign(till->handle, txn, &about, &signature)))
        return false;
    for (int i = 1; i <= line->quantity; i++)
        line->units[i].is_signed |= unit == 0 || unit == (unsigned)i;
    till_say(till, "  signed off: exactly this\n");
    return true;
}

static bool confirm_at_keyboard(struct till *till, const struct asked *asked)
{
    char answer[32];

    for (int i = 0; i < asked->count; i++) {
        if (strcmp(asked->answers[i].name, "text") == 0 && asked->answers[i].value)
            till_say_large(till, asked->answers[i].value);
    }
    return ask_text(till, "   Show the guest. [e]xactly this, or [c]hange? ", answer,
                    sizeof answer) &&
           (answer[0] == 'e' || answer[0] == 'E');
}

static bool capture(struct till *till, struct till_line *line, unsigned unit, struct asked *asked,
                    bool is_after)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_judgement judgement = {.size = sizeof judgement};
    struct atl_pos_line about = till_pos_line(line, unit);
    char key[64];

    pack(asked);
    close_answers(asked);
    if (!till_is_ok(till, "capture",
                    till->plugin->capture(till->handle, till_key(till, "capture", key), &txn,
                                          &about, &asked->all, &judgement)))
        return false;
    say_findings(till, &judgement);
    if (!judgement.is_allowed) {
        till_say(till, "  not taken: change it and try again\n");
        return false;
    }
    note_captured(till, line, unit, &judgement);
    if (asked->all.details_follow)
        return true;
    if (!show_proofs(till, &txn, line, unit, &asked->all))
        return false;
    if (is_after)
        return sign(till, &txn, line, unit, asked, ATL_POS_SIGN_READ_ALOUD);
    return till->is_script || !confirm_at_keyboard(till, asked) ||
           sign(till, &txn, line, unit, asked, ATL_POS_SIGN_TURNED_SCREEN);
}

static bool customise(struct till *till, const char *const *words, int count, bool is_after)
{
    struct asked *asked = calloc(1, sizeof *asked);
    struct till_line *line;
    unsigned unit;
    bool ok = asked && till_place_read(till, words[0], &line, &unit);

    for (int i = 1; ok && i < count; i++)
        ok = read_answer(till, words[i], asked);
    if (ok && count == 1) {
        const struct atl_pos_transaction txn = till_transaction(till);
        const struct atl_pos_line about = till_pos_line(line, unit ? unit : 1);

        if (line->quantity > 1 && !unit)
            till_say(till, "  the same for all %d units; `customise %s.2 …` for one of them\n",
                     line->quantity, words[0]);
        ok = ask_form(till, &txn, &about, false, asked);
    }
    ok = ok && capture(till, line, unit, asked, is_after);
    free(asked);
    return ok;
}

// customise LINE[.UNIT] [NAME=VALUE…]
bool till_cmd_customise(struct till *till, const char *const *words, int count)
{
    return customise(till, words, count, false);
}

// amend LINE.UNIT NAME=VALUE…: after payment, and signed off at once
bool till_cmd_amend(struct till *till, const char *const *words, int count)
{
    return customise(till, words, count, true);
}

// follow LINE: sold now, said later
bool till_cmd_follow(struct till *till, const char *const *words, int count)
{
    struct asked *asked = calloc(1, sizeof *asked);
    struct till_line *line;
    unsigned unit;
    bool ok = asked && till_place_read(till, words[0], &line, &unit);

    (void)count;
    if (ok) {
        asked->all.details_follow = 1;
        ok = capture(till, line, unit, asked, false);
    }
    free(asked);
    return ok;
}

// sign LINE[.UNIT] [screen|turned|slip|aloud]
bool till_cmd_sign(struct till *till, const char *const *words, int count)
{
    static const char *const hows[] = {"", "screen", "turned", "slip", "aloud"};
    const struct atl_pos_transaction txn = till_transaction(till);
    struct till_line *line;
    unsigned unit;
    int how = ATL_POS_SIGN_TURNED_SCREEN;

    if (!till_place_read(till, words[0], &line, &unit))
        return false;
    for (int i = 1; count > 1 && i <= 4; i++) {
        if (strcmp(words[1], hows[i]) == 0)
            how = i;
    }
    return sign(till, &txn, line, unit, NULL, how);
}

// order NAME=VALUE…: language, gift, needed_by, hand_over, contact
bool till_cmd_order(struct till *till, const char *const *words, int count)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    struct asked *asked = calloc(1, sizeof *asked);
    bool ok = asked != NULL;
    char key[64];

    for (int i = 0; ok && i < count; i++)
        ok = read_answer(till, words[i], asked);
    if (ok && !count)
        ok = ask_form(till, &txn, NULL, true, asked);
    if (ok) {
        close_answers(asked);
        ok = till_is_ok(till, "order_answers",
                        till->plugin->order_answers(till->handle, till_key(till, "order", key),
                                                    &txn, &asked->all, &verdict));
    }
    if (ok && !verdict.is_allowed) {
        till_say(till, "  ! %s%s%s\n", verdict.field ? verdict.field : "",
                 verdict.field ? ": " : "", verdict.reason);
        ok = false;
    } else if (ok) {
        till_say(till, "  noted for the whole order\n");
    }
    free(asked);
    return ok;
}

// preview LINE.UNIT NAME=VALUE…
bool till_cmd_preview(struct till *till, const char *const *words, int count)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct asked *asked = calloc(1, sizeof *asked);
    struct till_line *line;
    unsigned unit;
    bool ok = asked && till_place_read(till, words[0], &line, &unit);

    for (int i = 1; ok && i < count; i++)
        ok = read_answer(till, words[i], asked);
    if (ok) {
        close_answers(asked);
        ok = wait_proof(till, &txn, line, unit ? unit : 1, &asked->all);
    }
    free(asked);
    return ok;
}
