// SPDX-License-Identifier: Apache-2.0
// Selling: lines, quantities, suspend and resume. Of the plugin only what a line's change means.
#include "sdk-shim/till/till.h"

#include <stdlib.h>
#include <string.h>

bool till_cmd_products(struct till *till, const char *const *words, int count)
{
    (void)words;
    (void)count;
    for (int i = 0; i < till->product_count; i++) {
        const struct till_product *product = &till->products[i];

        till_say(till, "  %-16s %-28s ", product->sku, product->name);
        till_say_money(till, product->price_minor);
        till_say(till, "%s%s\n", product->variants[0] ? "   " : "", product->variants);
    }
    return true;
}

static bool has_variant(const struct till_product *product, const char *word, char *out,
                        size_t size)
{
    const char *at = product->variants;

    while (*at) {
        const size_t len = strcspn(at, "|");

        if (!word || (strlen(word) == len && strncmp(at, word, len) == 0)) {
            snprintf(out, size, "%.*s", (int)len, at);
            return true;
        }
        at += len + (at[len] == '|');
    }
    return !word;
}

// sell SKU [VARIANT] [xN]
bool till_cmd_sell(struct till *till, const char *const *words, int count)
{
    const struct till_product *product = till_product_find(till, words[0]);
    const char *variant = NULL;
    struct till_line *line;
    long quantity = 1;

    if (!product) {
        till_say(till, "There is no product '%s'; `products` lists them.\n", words[0]);
        return false;
    }
    for (int i = 1; i < count; i++) {
        if (words[i][0] == 'x' && words[i][1] >= '0' && words[i][1] <= '9')
            quantity = strtol(words[i] + 1, NULL, 10);
        else
            variant = words[i];
    }
    if (quantity < 1 || quantity > TILL_UNITS_MAX || till->sale.line_count == TILL_LINES_MAX) {
        till_say(till, "A line has 1 to %d units, and a sale %d lines.\n", TILL_UNITS_MAX,
                 TILL_LINES_MAX);
        return false;
    }
    line = &till->sale.lines[till->sale.line_count];
    memset(line, 0, sizeof *line);
    if (!has_variant(product, variant, line->variant, sizeof line->variant)) {
        till_say(till, "%s has no variant '%s'; it has %s.\n", product->name, variant,
                 product->variants);
        return false;
    }
    snprintf(line->ref, sizeof line->ref, "L%d", ++till->sale.line_count);
    snprintf(line->sku, sizeof line->sku, "%s", product->sku);
    snprintf(line->name, sizeof line->name, "%s", product->name);
    line->quantity = (int)quantity;
    line->price_minor = product->price_minor;
    till_say_sale(till);
    return true;
}

static void say_verdict(struct till *till, const struct atl_pos_verdict *verdict)
{
    if (verdict->warning)
        till_say(till, "  ! %s\n", verdict->warning);
    if (!verdict->is_allowed)
        till_say(till, "  ! %s\n", verdict->reason ? verdict->reason : "no");
}

// quantity LINE N
bool till_cmd_quantity(struct till *till, const char *const *words, int count)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    struct atl_pos_line line;
    struct till_line *of;
    const long quantity = strtol(words[1], NULL, 10);
    unsigned unit;
    char key[64];

    (void)count;
    if (!till_place_read(till, words[0], &of, &unit))
        return false;
    if (quantity < 1 || quantity > TILL_UNITS_MAX) {
        till_say(till, "A line has 1 to %d units.\n", TILL_UNITS_MAX);
        return false;
    }
    for (long i = quantity + 1; i <= of->quantity; i++)
        of->units[i] = (struct till_unit){0};
    of->quantity = (int)quantity;
    line = till_pos_line(of, 0);
    if (till_is_ok(till, "line_changed",
                   till->plugin->line_changed(till->handle, till_key(till, "quantity", key), &txn,
                                              &line, &verdict)))
        say_verdict(till, &verdict);
    till_say_sale(till);
    return true;
}

// void LINE[.UNIT] | void sale
bool till_cmd_void(struct till *till, const char *const *words, int count)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_verdict verdict = {.size = sizeof verdict};
    struct atl_pos_event event = {.size = sizeof event, .employee_ref = till->employee};
    struct till_line *line;
    unsigned unit;
    char key[64];

    (void)count;
    event.key = till_key(till, "void", key);
    event.at_ms = till_now_ms();
    if (strcmp(words[0], "sale") == 0) {
        if (till_is_ok(till, "voided", till->plugin->voided(till->handle, &txn, &event, &verdict)))
            say_verdict(till, &verdict);
        till->sale.state = TILL_VOID;
        till_say(till, "Sale %lld is void.\n", till->sale.sequence);
        (void)till_journal_put(till, &till->sale);
        till_sale_begin(till);
        return true;
    }
    if (!till_place_read(till, words[0], &line, &unit))
        return false;
    event.line_ref = line->ref;
    event.unit_index = unit;
    (void)till_is_ok(till, "line_voided", till->plugin->line_voided(till->handle, &txn, &event));
    line->is_voided |= unit == 0;
    for (int i = 1; i <= line->quantity; i++)
        line->units[i].is_voided |= unit == 0 || unit == (unsigned)i;
    till_say_sale(till);
    return true;
}

bool till_cmd_show(struct till *till, const char *const *words, int count)
{
    (void)words;
    (void)count;
    till_say_sale(till);
    return true;
}

bool till_cmd_new(struct till *till, const char *const *words, int count)
{
    (void)words;
    (void)count;
    till_sale_begin(till);
    till_say(till, "sale %lld\n", till->sale.sequence);
    return true;
}

bool till_cmd_training(struct till *till, const char *const *words, int count)
{
    (void)count;
    till->is_training = strcmp(words[0], "on") == 0;
    till->sale.is_training = till->is_training;
    till_say(till, "Training is %s.\n", till->is_training ? "on: nothing is a sale" : "off");
    return true;
}

// ---- suspend and resume ----

bool till_cmd_suspend(struct till *till, const char *const *words, int count)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_event event = {.size = sizeof event, .employee_ref = till->employee};
    char key[64];

    (void)words;
    (void)count;
    event.key = till_key(till, "suspend", key);
    event.at_ms = till_now_ms();
    (void)till_is_ok(till, "suspended", till->plugin->suspended(till->handle, &txn, &event));
    till->sale.state = TILL_SUSPENDED;
    if (!till_journal_put(till, &till->sale))
        return false;
    till_say(till, "Sale %lld is put aside; `resume %lld` takes it up again.\n",
             till->sale.sequence, till->sale.sequence);
    till->past[till->past_count < TILL_SALES_MAX ? till->past_count++ : TILL_SALES_MAX - 1] =
        till->sale;
    till_sale_begin(till);
    return true;
}

static struct till_sale *suspended(struct till *till, const char *word)
{
    for (int i = till->past_count - 1; i >= 0; i--) {
        if (till->past[i].state == TILL_SUSPENDED &&
            (!word || till->past[i].sequence == strtoll(word, NULL, 10)))
            return &till->past[i];
    }
    return NULL;
}

// resume [NUMBER]
bool till_cmd_resume(struct till *till, const char *const *words, int count)
{
    struct till_sale *sale = suspended(till, count ? words[0] : NULL);
    struct atl_pos_event event = {.size = sizeof event, .employee_ref = till->employee};
    struct atl_pos_transaction txn;
    char key[64];

    if (!sale) {
        till_say(till, "No such sale is put aside; `sales` lists them.\n");
        return false;
    }
    till->sale = *sale;
    till->sale.state = TILL_OPEN;
    sale->state = TILL_OPEN;
    txn = till_transaction(till);
    event.key = till_key(till, "resume", key);
    event.at_ms = till_now_ms();
    (void)till_is_ok(till, "resumed", till->plugin->resumed(till->handle, &txn, &event, NULL));
    till_say_sale(till);
    return true;
}
