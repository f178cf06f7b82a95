// SPDX-License-Identifier: Apache-2.0
// Taking money. The journal says "paid" before the plugin is told, and "done" after it said OK: in
// between, only the till knows that money was taken, so it repeats until it is heard.
#include "sdk-shim/till/till.h"

#include <poll.h>
#include <string.h>

enum { RETRY_MS = 100 };

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
    till_say(till, "  VETO (%s) %s%s%s: %s\n", verdict.code ? verdict.code : "",
             verdict.line_ref ? verdict.line_ref : "", verdict.field ? ", " : "",
             verdict.field ? verdict.field : "", verdict.reason ? verdict.reason : "");
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

static void print_receipt(struct till *till, const struct till_sale *sale,
                          const struct atl_pos_receipt *receipt)
{
    till_say(till, "------------------------------------------\n");
    for (uint32_t i = 0; i < receipt->text_count; i++)
        till_say(till, "  %s\n", receipt->texts[i]);
    if (receipt->qr_modules && receipt->qr_width)
        till_say_qr(till, receipt->qr_modules, receipt->qr_width);
    if (receipt->url)
        till_say(till, "  %s\n", receipt->url);
    till_say(till, "  total ");
    till_say_money(till, till_sale_total(sale));
    till_say(till, " EUR\n------------------------------------------\n");
    if (receipt->warning)
        till_say(till, "  ! %s\n", receipt->warning);
}

static void keep_receipt(struct till *till, struct till_sale *sale,
                         const struct atl_pos_receipt *receipt)
{
    char text[48];

    if (!receipt->code)
        return;
    snprintf(sale->code, sizeof sale->code, "%s", receipt->code);
    till_set(till, "code", receipt->code);
    till_set(till, "url", receipt->url ? receipt->url : "");
    till_set(till, "uuid", sale->uuid);
    snprintf(text, sizeof text, "%lld", sale->sequence);
    till_set(till, "sale", text);
}

// The lines that have customizations, as the ABI wants them.
static uint32_t customised_lines(const struct till_sale *sale, struct atl_pos_line *out)
{
    uint32_t count = 0;

    for (int i = 0; i < sale->line_count; i++) {
        const struct till_line *line = &sale->lines[i];
        bool is_customised = false;

        for (int unit = 1; unit <= line->quantity; unit++)
            is_customised |= line->units[unit].is_customised && !line->units[unit].is_voided;
        if (is_customised && !line->is_voided)
            out[count++] = till_pos_line(line, 0);
    }
    return count;
}

bool till_tell_tendered(struct till *till, struct till_sale *sale, int tries)
{
    struct atl_pos_line lines[TILL_LINES_MAX];
    struct atl_pos_receipt receipt = {.size = sizeof receipt};
    struct atl_pos_transaction txn;
    char key[64];
    int32_t rc = ATL_POS_E_AWAY;
    const struct till_sale current = till->sale;
    struct atl_pos_tender tender = {
        .size = sizeof tender,
        .line_size = sizeof lines[0],
        .lines = lines,
        .line_count = customised_lines(sale, lines),
        .employee_ref = till->employee,
        .at_ms = till_now_ms(),
    };

    if (!tender.line_count) {
        sale->state = TILL_DONE;
        return till_journal_put(till, sale);
    }
    snprintf(key, sizeof key, "%.36s.tender", sale->uuid); // the same after every restart
    tender.key = key;
    till->sale = *sale;
    txn = till_transaction(till);
    for (int i = 0; i < tries && rc != ATL_POS_OK; i++) {
        if (i)
            (void)poll(NULL, 0, RETRY_MS);
        receipt = (struct atl_pos_receipt){.size = sizeof receipt};
        rc = till->plugin->tendered(till->handle, &txn, &tender, &receipt);
        if (rc != ATL_POS_OK && rc != ATL_POS_E_AWAY && rc != ATL_POS_E_TIMEOUT &&
            rc != ATL_POS_E_BUSY)
            break; // repeating at once cannot help
    }
    till->sale = current;
    if (rc != ATL_POS_OK) {
        (void)till_is_ok(till, "tendered", rc);
        till_say(till, "  The sale is paid and kept; the plugin will be told again.\n");
        return false;
    }
    keep_receipt(till, sale, &receipt);
    print_receipt(till, sale, &receipt);
    sale->state = TILL_DONE;
    return till_journal_put(till, sale);
}

// tender [cash|card] [anyway]
bool till_cmd_tender(struct till *till, const char *const *words, int count)
{
    struct till_sale *kept;
    bool anyway = false;
    bool told;

    for (int i = 0; i < count; i++)
        anyway |= strcmp(words[i], "anyway") == 0;
    if (!till->sale.line_count) {
        till_say(till, "Nothing was sold yet.\n");
        return false;
    }
    if (!ask_before(till) && !anyway)
        return false;
    till->sale.state = TILL_PAID;
    if (!till_journal_put(till, &till->sale))
        return false;
    till_say(till, "paid ");
    till_say_money(till, till_sale_total(&till->sale));
    till_say(till, " EUR by %s\n", count && strcmp(words[0], "card") == 0 ? "card" : "cash");
    told = till_tell_tendered(till, &till->sale, 5);
    if (till->past_count == TILL_SALES_MAX)
        memmove(till->past, till->past + 1, (size_t)--till->past_count * sizeof *till->past);
    kept = &till->past[till->past_count++];
    *kept = till->sale;
    till_sale_begin(till);
    return told;
}
