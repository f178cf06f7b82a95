// SPDX-License-Identifier: Apache-2.0
// Sales that are not at hand: put aside and taken up again, at this till or another one that
// shares the journal, and earlier ones.
#include "sdk-shim/till/till.h"

#include <stdlib.h>
#include <string.h>

// suspend
bool till_cmd_suspend(struct till *till, const char *const *words, int count)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_state state = {.size = sizeof state};
    char key[64];
    const struct atl_pos_event event = till_event(till, "suspend", key);
    int tries = 0;
    int32_t rc;

    (void)words;
    (void)count;
    if (!till_has_lines(&till->sale)) {
        till_say(till, "Nothing was sold yet.\n");
        return false;
    }
    do
        rc = till->plugin->suspended(till->handle, &txn, &event);
    while (till_again(rc, &tries));
    (void)till_is_ok(till, "suspended", rc);
    till->sale.kept_bytes = 0;
    if (till_is_ok(till, "state", till->plugin->state(till->handle, &txn, &state)) &&
        state.byte_count <= sizeof till->sale.kept) {
        till->sale.kept_bytes = state.byte_count;
        if (state.byte_count)
            memcpy(till->sale.kept, state.bytes, state.byte_count);
    }
    till->sale.state = TILL_SUSPENDED;
    if (!till_journal_put(till, &till->sale)) {
        till->sale.state = TILL_OPEN;
        return false;
    }
    till_say(till, "Sale %lld is put aside; `resume %lld` takes it up again, at any till.\n",
             till->sale.sequence, till->sale.sequence);
    till_sale_begin(till);
    return true;
}

// The newest that no other till has at hand, or the one that is said.
static const struct till_sale *find_aside(struct till *till, const char *word)
{
    for (int i = till->past_count - 1; i >= 0; i--) {
        const struct till_sale *sale = &till->past[i];

        if (sale->state != TILL_SUSPENDED || (word && sale->sequence != strtoll(word, NULL, 10)))
            continue;
        if (till_sale_claim(till, sale->sequence))
            return sale;
        if (word)
            till_say(till, "Another till has sale %lld at hand.\n", sale->sequence);
    }
    return NULL;
}

// resume [NUMBER]
bool till_cmd_resume(struct till *till, const char *const *words, int count)
{
    const struct till_sale *sale;
    struct atl_pos_state state = {.size = sizeof state};
    struct atl_pos_transaction txn;
    struct atl_pos_event event;
    int tries = 0;
    char key[64];
    int32_t rc;

    if (till->sale.state == TILL_OPEN && till_has_lines(&till->sale)) {
        till_say(till, "Sale %lld has lines: `tender`, `suspend` or `void sale` first.\n",
                 till->sale.sequence);
        return false;
    }
    till_journal_refresh(till);
    sale = find_aside(till, count ? words[0] : NULL);
    if (!sale) {
        till_say(till, "No such sale is put aside; `sales` lists them.\n");
        return false;
    }
    till_sale_release(till, till->sale.sequence);
    till->sale = *sale; // until it is paid or void, the journal says that it is put aside
    till->sale.state = TILL_OPEN;
    txn = till_transaction(till);
    event = till_event(till, "resume", key);
    state.bytes = till->sale.kept;
    state.byte_count = till->sale.kept_bytes;
    do
        rc = till->plugin->resumed(till->handle, &txn, &event, state.byte_count ? &state : NULL);
    while (till_again(rc, &tries));
    (void)till_is_ok(till, "resumed", rc);
    till_say_sale(till);
    return true;
}

bool till_cmd_sales(struct till *till, const char *const *words, int count)
{
    static const char *const states[] = {"open", "put aside", "paid, not told yet", "paid", "void"};

    (void)words;
    (void)count;
    till_journal_refresh(till);
    for (int i = 0; i < till->past_count; i++) {
        const struct till_sale *sale = &till->past[i];

        till_say(till, "  %lld  %s  %-18s  %-8s  ", sale->sequence, sale->business_day,
                 states[sale->state], sale->code[0] ? sale->code : "-");
        till_say_money(till, till_sale_total(sale));
        till_say(till, "%s\n", sale->is_training ? "  PRACTICE" : "");
    }
    if (!till->past_count)
        till_say(till, "  none yet\n");
    return true;
}

static bool is_named(const struct till_sale *sale, const char *word)
{
    if (sale->state == TILL_OPEN || sale->state == TILL_SUSPENDED)
        return false; // `resume` takes those
    if (strcmp(word, "last") == 0 || strcmp(word, sale->code) == 0)
        return true;
    return word[0] && strspn(word, "0123456789") == strlen(word) &&
           sale->sequence == strtoll(word, NULL, 10);
}

// recall NUMBER | CODE | last: an earlier sale becomes the one that commands are about
bool till_cmd_recall(struct till *till, const char *const *words, int count)
{
    const char *word = count ? words[0] : "last";

    if (till->sale.state == TILL_OPEN && till_has_lines(&till->sale)) {
        till_say(till, "Sale %lld has lines: `tender`, `suspend` or `void sale` first.\n",
                 till->sale.sequence);
        return false;
    }
    till_journal_refresh(till);
    for (int i = till->past_count - 1; i >= 0; i--) {
        if (!is_named(&till->past[i], word))
            continue;
        till_sale_release(till, till->sale.sequence);
        till->sale = till->past[i];
        till_say(till, "sale %lld, order %s\n", till->sale.sequence,
                 till->sale.code[0] ? till->sale.code : "-");
        return true;
    }
    till_say(till, "This till knows no paid sale '%s'; `sales` lists them.\n", word);
    return false;
}
