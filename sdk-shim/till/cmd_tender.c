// SPDX-License-Identifier: Apache-2.0
// Taking money. The journal says "paid" before the plugin is told, and "done" after it said OK: in
// between, only the till knows that money was taken, so it repeats until it is heard.
#include "sdk-shim/till/till.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { RETRY_MS = 100, TRIES = 5 };

// before_tender: a veto is shown; any other trouble is none of the guest's.
static bool ask_before(struct till *till)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_verdict verdict = {.size = sizeof verdict};

    if (!till_is_ok(till, "before_tender",
                    till->plugin->before_tender(till->handle, &txn, &verdict)))
        return true;
    if (verdict.warning)
        till_say(till, "  ! %s\n", verdict.warning);
    if (verdict.is_allowed)
        return true;
    till_say(till, "  VETO (%s) ", verdict.code ? verdict.code : "?");
    if (verdict.line_ref && verdict.unit_index)
        till_say(till, "%s.%u", verdict.line_ref, verdict.unit_index);
    else
        till_say(till, "%s", verdict.line_ref ? verdict.line_ref : "");
    till_say(till, "%s%s: %s\n", verdict.field ? ", " : "", verdict.field ? verdict.field : "",
             verdict.reason ? verdict.reason : "");
    if (verdict.guest_text)
        till_say(till, "    to the guest: %s\n", verdict.guest_text);
    return false;
}

bool till_cmd_before(struct till *till, const char *const *words, int count)
{
    (void)words;
    (void)count;
    if (!ask_before(till))
        return false;
    till_say(till, "  nothing stands against payment\n");
    return true;
}

// ---- the receipt ----

static void print_receipt(struct till *till, const struct till_sale *sale,
                          const struct atl_pos_receipt *receipt)
{
    till_say(till, "------------------------------------------\n");
    if (sale->is_training)
        till_say(till, "  PRACTICE - not a receipt\n");
    for (uint32_t i = 0; receipt && i < receipt->text_count; i++)
        till_say(till, "  %s\n", receipt->texts[i]);
    if (receipt && receipt->qr_modules && receipt->qr_width)
        till_say_qr(till, receipt->qr_modules, receipt->qr_width);
    if (receipt && receipt->url)
        till_say(till, "  %s\n", receipt->url);
    till_say(till, "  total ");
    till_say_money(till, till_sale_total(sale));
    till_say(till, " EUR\n------------------------------------------\n");
    if (receipt && receipt->held_count)
        till_say(till, "  ! %u piece%s wait%s for a person of the workshop\n", receipt->held_count,
                 receipt->held_count == 1 ? "" : "s", receipt->held_count == 1 ? "s" : "");
    if (receipt && receipt->warning)
        till_say(till, "  ! %s\n", receipt->warning);
}

static void keep_receipt(struct till *till, struct till_sale *sale,
                         const struct atl_pos_receipt *receipt)
{
    if (receipt->code) {
        snprintf(sale->code, sizeof sale->code, "%s", receipt->code);
        till_set(till, "code", receipt->code);
    }
    if (receipt->url)
        till_set(till, "url", receipt->url);
}

// ---- telling the plugin ----

// The lines that have customizations, as the ABI wants them.
static uint32_t customised_lines(const struct till *till, const struct till_sale *sale,
                                 struct atl_pos_line *out)
{
    uint32_t count = 0;

    for (int i = 0; i < sale->line_count; i++) {
        const struct till_line *line = &sale->lines[i];
        bool is_customised = false;

        for (int unit = 1; unit <= line->quantity; unit++)
            is_customised |=
                line->units[unit].is_customised && till_unit_is_sold(line, (unsigned)unit);
        if (is_customised)
            out[count++] = till_pos_line(till, line, 0);
    }
    return count;
}

// The same words under the same key, whenever and by whichever run of the till it is told.
static int32_t tell(struct till *till, const struct till_sale *sale, int tries,
                    struct atl_pos_tender *tender, struct atl_pos_receipt *receipt)
{
    const struct atl_pos_transaction txn = till_transaction_of(till, sale);
    int32_t rc = ATL_POS_E_AWAY;
    char key[64];

    snprintf(key, sizeof key, "%.36s.tender", sale->uuid);
    tender->key = key;
    tender->employee_ref = sale->employee;
    tender->at_ms = sale->paid_ms;
    for (int i = 0; i < tries; i++) {
        if (i)
            (void)poll(NULL, 0, RETRY_MS);
        *receipt = (struct atl_pos_receipt){.size = sizeof *receipt};
        rc = till->plugin->tendered(till->handle, &txn, tender, receipt);
        if (!till_may_help(rc))
            break;
    }
    return rc;
}

bool till_tell_tendered(struct till *till, struct till_sale *sale, int tries)
{
    struct atl_pos_line lines[TILL_LINES_MAX];
    struct atl_pos_receipt receipt;
    struct atl_pos_tender tender = {
        .size = sizeof tender,
        .line_size = sizeof lines[0],
        .lines = lines,
        .line_count = customised_lines(till, sale, lines),
    };
    int32_t rc;

    if (!tender.line_count) {
        sale->state = TILL_DONE;
        print_receipt(till, sale, NULL);
        return till_journal_put(till, sale);
    }
    rc = tell(till, sale, tries, &tender, &receipt);
    if (rc != ATL_POS_OK) {
        (void)till_is_ok(till, "tendered", rc);
        till_say(till,
                 till_may_help(rc)
                     ? "  Sale %lld is paid and kept; the plugin is told again by and by.\n"
                     : "  Sale %lld is paid and kept, but the plugin refuses it: call "
                       "support. It is told again when a till starts.\n",
                 sale->sequence);
        return false;
    }
    keep_receipt(till, sale, &receipt);
    print_receipt(till, sale, &receipt);
    sale->state = TILL_DONE;
    return till_journal_put(till, sale);
}

void till_tell_waiting(struct till *till, int tries)
{
    struct till_sale *sale = malloc(sizeof *sale);
    const long long at_hand = till->sale.sequence;

    till->told_ms = till_now_ms();
    for (int i = 0; sale && i < till->past_count; i++) {
        if (till->past[i].state != TILL_PAID || till->past[i].sequence == at_hand ||
            !till_sale_claim(till, till->past[i].sequence))
            continue;
        *sale = till->past[i];
        till_say(till, "Sale %lld was paid and not confirmed: telling the plugin again.\n",
                 sale->sequence);
        (void)till_tell_tendered(till, sale, tries);
        till_sale_release(till, sale->sequence);
    }
    free(sale);
}

// tell: sales that are paid and that the plugin has not confirmed
bool till_cmd_tell(struct till *till, const char *const *words, int count)
{
    bool is_all = true;

    (void)words;
    (void)count;
    till_journal_refresh(till);
    till_tell_waiting(till, 1);
    for (int i = 0; i < till->past_count; i++)
        is_all &= till->past[i].state != TILL_PAID;
    till_say(till, is_all ? "  no sale waits\n" : "  some sales wait still; `sales` lists them\n");
    return is_all;
}

// ---- taking money ----

static void set_variables(struct till *till)
{
    char text[48];

    till_unset(till, "code"); // those of an earlier sale
    till_unset(till, "url");
    till_set(till, "uuid", till->sale.uuid);
    snprintf(text, sizeof text, "%lld", till->sale.sequence);
    till_set(till, "sale", text);
}

static bool read_words(struct till *till, const char *const *words, int count, const char **by,
                       bool *anyway)
{
    *by = "cash";
    *anyway = false;
    for (int i = 0; i < count; i++) {
        if (strcmp(words[i], "anyway") == 0) {
            *anyway = true;
        } else if (strcmp(words[i], "cash") == 0 || strcmp(words[i], "card") == 0) {
            *by = words[i];
        } else {
            till_say(till, "'%s': cash, card or anyway.\n", words[i]);
            return false;
        }
    }
    return true;
}

// tender [cash|card] [anyway]
bool till_cmd_tender(struct till *till, const char *const *words, int count)
{
    const char *by;
    bool anyway;
    bool is_told;

    if (!read_words(till, words, count, &by, &anyway))
        return false;
    if (!till_has_lines(&till->sale)) {
        till_say(till, "Nothing was sold yet.\n");
        return false;
    }
    if (!ask_before(till) && !anyway) {
        till_say(till, "  `tender anyway` takes the money all the same; the workshop then holds "
                       "the piece.\n");
        return false;
    }
    till->sale.state = TILL_PAID;
    till->sale.paid_ms = till_now_ms();
    till->sale.paid_minor = till_sale_total(&till->sale);
    snprintf(till->sale.employee, sizeof till->sale.employee, "%s", till->employee);
    if (!till_journal_put(till, &till->sale)) {
        till->sale.state = TILL_OPEN;
        return false;
    }
    set_variables(till);
    till_say(till, "%s ", till->sale.is_training ? "PRACTICE: no money, but as if paid" : "paid");
    till_say_money(till, till->sale.paid_minor);
    till_say(till, " EUR by %s\n", by);
    is_told = till_tell_tendered(till, &till->sale, TRIES);
    till_sale_begin(till);
    return is_told;
}
