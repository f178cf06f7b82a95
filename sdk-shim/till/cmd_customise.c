// SPDX-License-Identifier: Apache-2.0
// Customising: answers are taken as the unit's draft, with its price and promise; before payment,
// or after it as an amendment, which is signed off at once and whose difference is settled.
#include "sdk-shim/till/till.h"

#include <stdlib.h>
#include <string.h>

// What one customising needs, too large for a stack.
struct desk {
    struct till *till;
    struct till_about about;
    struct till_form form;
    struct till_answers answers;
    struct till_answers own; // of one unit
    struct till_unit before[TILL_UNITS_MAX + 1];
    char fault_field[64]; // the first finding's
    unsigned fault_unit;
    bool is_after; // payment
    bool asks;     // at the keyboard
};

// form [LINE]
bool till_cmd_form(struct till *till, const char *const *words, int count)
{
    struct till_form *form = calloc(1, sizeof *form);
    struct till_about about;
    bool ok = form && till_place_read(till, count ? words[0] : NULL, &about.line, &about.unit) &&
              till_form_get(till, &about, form);

    if (ok && form->count)
        till_form_say(till, form);
    else if (ok)
        till_say(till, "%s is not personalised.\n", about.line->name);
    free(form);
    return ok;
}

// ---- taken ----

static bool is_meant(const struct desk *desk, unsigned unit)
{
    return (!desk->about.unit || desk->about.unit == unit) &&
           till_unit_is_sold(desk->about.line, unit);
}

// The price of each unit, which a list may have different ones of. Equal shares when the plugin
// went away meanwhile.
static long long price_of(struct desk *desk, unsigned unit, long long share)
{
    const struct atl_pos_transaction txn = till_transaction(desk->till);
    const struct atl_pos_line line = till_pos_line(desk->till, desk->about.line, unit);
    struct atl_pos_judgement judgement = {.size = sizeof judgement};

    till_answers_of_unit(&desk->answers, unit, &desk->own);
    if (desk->till->plugin->check(desk->till->handle, &txn, &line, &desk->own.all, &judgement))
        return share;
    return judgement.price_minor;
}

static void note_captured(struct desk *desk, long long price)
{
    struct till_line *line = desk->about.line;
    int count = 0;

    for (int unit = 1; unit <= line->quantity; unit++)
        count += is_meant(desk, (unsigned)unit);
    for (int unit = 1; unit <= line->quantity; unit++) {
        struct till_unit *of = &line->units[unit];

        if (!is_meant(desk, (unsigned)unit))
            continue;
        of->is_customised = true;
        of->is_signed = false;
        of->service_minor = count == 1 || desk->answers.all.details_follow
                                ? price / count
                                : price_of(desk, (unsigned)unit, price / count);
    }
}

static void say_captured(struct till *till, const struct atl_pos_judgement *judgement)
{
    till_say(till, "  personalisation ");
    till_say_money(till, judgement->price_minor);
    till_say(till, ", ");
    till_say_promise(till, judgement->promise_from_ms, judgement->promise_until_ms);
    till_say(till, "\n");
    if (!judgement->spelling)
        return;
    till_say(till, "  spell it out:");
    for (const char *at = judgement->spelling; *at; at += strcspn(at, "\n"), at += *at == '\n')
        till_say(till, "  %.*s", (int)strcspn(at, "\n"), at);
    till_say(till, "\n");
}

static void note_fault(struct desk *desk, const struct atl_pos_judgement *judgement)
{
    desk->fault_field[0] = '\0';
    for (uint32_t i = 0; i < judgement->finding_count; i++) {
        const struct atl_pos_finding *finding =
            (const struct atl_pos_finding *)(const void *)((const char *)judgement->findings +
                                                           (size_t)i * judgement->finding_size);

        if (finding->was_overruled || !finding->field)
            continue;
        snprintf(desk->fault_field, sizeof desk->fault_field, "%s", finding->field);
        desk->fault_unit = finding->unit_index;
        return;
    }
}

// capture() once. False: it was not taken, which was said.
static bool capture(struct desk *desk)
{
    struct till *till = desk->till;
    const struct atl_pos_transaction txn = till_transaction(till);
    const struct atl_pos_line line = till_pos_line(till, desk->about.line, desk->about.unit);
    struct atl_pos_judgement judgement;
    long long price;
    int tries = 0;
    char key[64];
    int32_t rc;

    desk->fault_field[0] = '\0';
    till_key(till, "capture", key);
    do {
        judgement = (struct atl_pos_judgement){.size = sizeof judgement};
        rc = till->plugin->capture(till->handle, key, &txn, &line, &desk->answers.all, &judgement);
    } while (till_again(rc, &tries));
    if (!till_is_ok(till, "capture", rc))
        return false;
    if (!judgement.is_allowed)
        note_fault(desk, &judgement);
    if (desk->asks && desk->fault_field[0])
        return false; // it is said where it is asked again
    till_say_findings(till, &judgement);
    if (!judgement.is_allowed) {
        till_say(till, "  not taken: change it and try again\n");
        return false;
    }
    say_captured(till, &judgement);
    price = judgement.price_minor; // the judgement lives until the next call
    note_captured(desk, price);
    return true;
}

// ---- after payment ----

// The money is the till's: what the new answers cost more or less is settled here and now.
static bool settle(struct desk *desk)
{
    struct till *till = desk->till;
    const long long difference = till_sale_total(&till->sale) - till->sale.paid_minor;

    till->sale.paid_minor += difference;
    if (difference) {
        till_say(till, "  difference %s", difference > 0 ? "+" : "");
        till_say_money(till, difference);
        till_say(till, difference > 0 ? ": take it from the guest\n" : ": give it back\n");
    }
    return till_journal_put(till, &till->sale);
}

// The earlier answers, and their price, stand until the new ones are signed off.
static void put_back(struct desk *desk)
{
    memcpy(desk->about.line->units, desk->before, sizeof desk->before);
    till_say(desk->till, "  What was signed off before stands.\n");
}

// ---- the whole of it ----

// Captures, shows and signs, as long as the guest wants changes.
static bool take(struct desk *desk)
{
    struct till *till = desk->till;
    enum till_signed is_signed;

    for (;;) {
        if (!capture(desk)) {
            if (!desk->asks || !desk->fault_field[0] ||
                !till_form_repair(till, &desk->about, &desk->form, desk->fault_field,
                                  desk->fault_unit, &desk->answers))
                return false;
            continue;
        }
        if (desk->answers.all.details_follow)
            return true;
        if (!till_show_proofs(till, &desk->about, &desk->answers))
            return false;
        if (!desk->asks)
            return !desk->is_after ||
                   till_sign(till, &desk->about, &desk->answers, ATL_POS_SIGN_READ_ALOUD);
        is_signed = till_sign_at_keyboard(till, &desk->about, &desk->form, &desk->answers);
        if (is_signed != TILL_SIGN_CHANGE)
            return is_signed == TILL_SIGNED || !desk->is_after;
        if (!till_form_ask(till, &desk->about, &desk->form, &desk->answers))
            return false;
    }
}

static bool ask(struct desk *desk)
{
    struct till *till = desk->till;

    if (till->is_script) {
        till_say(till, "A script says the answers: NAME=VALUE…; `form` lists the names.\n");
        return false;
    }
    if (!till_form_get(till, &desk->about, &desk->form))
        return false;
    if (!desk->form.count) {
        till_say(till, "%s is not personalised.\n", desk->about.line->name);
        return false;
    }
    desk->asks = true;
    till_say(till, "  %s from ", desk->form.title);
    till_say_money(till, desk->form.price_minor);
    till_say(till, ", ");
    till_say_promise(till, desk->form.promise_from_ms, desk->form.promise_until_ms);
    till_say(till, "\n");
    return till_form_ask(till, &desk->about, &desk->form, &desk->answers);
}

// Which line and unit. To the plugin "all units" are all of the quantity, so a line of which some
// left the sale is done unit by unit.
static bool read_place(struct desk *desk, const char *word)
{
    struct till *till = desk->till;
    struct till_about *about = &desk->about;
    int count = 0;
    int last = 0;

    if (!till_place_read(till, word, &about->line, &about->unit))
        return false;
    for (int unit = 1; unit <= about->line->quantity; unit++) {
        if (!till_unit_is_sold(about->line, (unsigned)unit))
            continue;
        count++;
        last = unit;
    }
    if (about->unit || count == about->line->quantity)
        return true;
    about->unit = (unsigned)last;
    if (count != 1)
        till_say(till,
                 "Some units of line %s left the sale: take the others one by one, as %s.%d.\n",
                 about->line->ref + 1, about->line->ref + 1, last);
    return count == 1;
}

static bool customise(struct till *till, const char *const *words, int count, bool is_after)
{
    struct desk *desk = calloc(1, sizeof *desk);
    bool ok = desk != NULL;
    bool is_captured;

    if (ok) {
        desk->till = till;
        desk->is_after = is_after;
        ok = read_place(desk, count ? words[0] : NULL);
    }
    for (int i = 1; ok && i < count; i++)
        ok = till_answers_word(till, &desk->answers, words[i]);
    if (ok && count < 2)
        ok = ask(desk);
    if (ok) {
        memcpy(desk->before, desk->about.line->units, sizeof desk->before);
        ok = take(desk);
        is_captured = memcmp(desk->before, desk->about.line->units, sizeof desk->before) != 0;
        if (is_after && ok)
            ok = settle(desk);
        else if (is_after && is_captured)
            put_back(desk);
    }
    free(desk);
    return ok;
}

// customise [LINE[.UNIT] [NAME=VALUE…]]
bool till_cmd_customise(struct till *till, const char *const *words, int count)
{
    return customise(till, words, count, false);
}

// amend LINE[.UNIT] [NAME=VALUE…]: after payment, and signed off at once
bool till_cmd_amend(struct till *till, const char *const *words, int count)
{
    return customise(till, words, count, true);
}

// Sold while the plugin was away: our own note of it makes tendered() tell of the line, and the
// workshop holds it until the guest was asked.
static bool follow_away(struct desk *desk)
{
    for (int unit = 1; unit <= desk->about.line->quantity; unit++)
        desk->about.line->units[unit].is_customised |= is_meant(desk, (unsigned)unit);
    till_say(desk->till, "  Noted at this till only: the workshop will hold it and ask the guest.\n"
                         "  No price was proposed; take what your list says.\n");
    return true;
}

// follow [LINE[.UNIT]]: sold now, said later
bool till_cmd_follow(struct till *till, const char *const *words, int count)
{
    struct desk *desk = calloc(1, sizeof *desk);
    struct atl_pos_health health = {.size = sizeof health};
    bool ok = desk != NULL;

    if (ok) {
        desk->till = till;
        desk->answers.all =
            (struct atl_pos_answers){.size = sizeof desk->answers.all, .details_follow = 1};
        ok = read_place(desk, count ? words[0] : NULL);
    }
    if (ok && !capture(desk))
        ok = till->plugin->health(till->handle, &health) == ATL_POS_OK && !health.is_agent_up &&
             follow_away(desk);
    free(desk);
    return ok;
}

// ---- the order as a whole ----

// False: given up, or not taken; *field is the one at fault.
static bool give_order_answers(struct till *till, const struct till_answers *answers, char *field,
                               size_t size)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_verdict verdict;
    int tries = 0;
    char key[64];
    int32_t rc;

    field[0] = '\0';
    till_key(till, "order", key);
    do {
        verdict = (struct atl_pos_verdict){.size = sizeof verdict};
        rc = till->plugin->order_answers(till->handle, key, &txn, &answers->all, &verdict);
    } while (till_again(rc, &tries));
    if (!till_is_ok(till, "order_answers", rc))
        return false;
    if (verdict.warning)
        till_say(till, "  ! %s\n", verdict.warning);
    if (verdict.is_allowed)
        return true;
    till_say(till, "  ! %s%s%s\n", verdict.field ? verdict.field : "", verdict.field ? ": " : "",
             verdict.reason ? verdict.reason : "this cannot be noted");
    snprintf(field, size, "%s", verdict.field ? verdict.field : "");
    return false;
}

// order [NAME=VALUE…]: language, gift, needed_by, hand_over, contact
bool till_cmd_order(struct till *till, const char *const *words, int count)
{
    struct desk *desk = calloc(1, sizeof *desk);
    char field[64] = "";
    bool ok = desk != NULL;

    for (int i = 0; ok && i < count; i++)
        ok = till_answers_word(till, &desk->answers, words[i]);
    if (ok && !count && till->is_script) {
        till_say(till, "A script says the answers: order NAME=VALUE…\n");
        ok = false;
    }
    if (ok && !count)
        ok = till_form_get(till, &desk->about, &desk->form) &&
             till_form_ask(till, &desk->about, &desk->form, &desk->answers);
    if (ok) {
        while (!(ok = give_order_answers(till, &desk->answers, field, sizeof field)) && !count &&
               field[0] &&
               till_form_repair(till, &desk->about, &desk->form, field, 0, &desk->answers))
            continue;
    }
    if (ok)
        till_say(till, "  noted for the whole order\n");
    free(desk);
    return ok;
}

// preview LINE.UNIT NAME=VALUE…
bool till_cmd_preview(struct till *till, const char *const *words, int count)
{
    struct desk *desk = calloc(1, sizeof *desk);
    bool ok = desk && till_place_read(till, words[0], &desk->about.line, &desk->about.unit);

    for (int i = 1; ok && i < count; i++)
        ok = till_answers_word(till, &desk->answers, words[i]);
    ok = ok && till_show_proofs(till, &desk->about, &desk->answers);
    free(desk);
    return ok;
}
