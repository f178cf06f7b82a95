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

    out[0] = '\0';
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
    char text[sizeof((struct till_line *)0)->variant];
    struct till_line *line;
    long quantity = 1;

    if (!product) {
        till_say(till,
                 "There is no product '%s', or several begin like this; `products` lists them.\n",
                 words[0]);
        return false;
    }
    for (int i = 1; i < count; i++) {
        if (words[i][0] == 'x' && words[i][1] >= '0' && words[i][1] <= '9')
            quantity = strtol(words[i] + 1, NULL, 10);
        else
            variant = words[i];
    }
    if (quantity < 1 || quantity > TILL_UNITS_MAX) {
        till_say(till, "A line has 1 to %d units.\n", TILL_UNITS_MAX);
        return false;
    }
    if (!has_variant(product, variant, text, sizeof text)) {
        till_say(till, "%s has no variant '%s'; it has %s.\n", product->name, variant,
                 product->variants[0] ? product->variants : "none");
        return false;
    }
    line = till_line_add(till);
    if (!line) {
        till_say(till, "A sale has at most %d lines: tender this one and begin another.\n",
                 TILL_LINES_MAX);
        return false;
    }
    snprintf(line->variant, sizeof line->variant, "%s", text);
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
    const long quantity = strtol(words[1], NULL, 10);
    struct atl_pos_verdict verdict;
    struct atl_pos_line line;
    struct till_line *of;
    int tries = 0;
    unsigned unit;
    char key[64];
    int32_t rc;

    (void)count;
    if (!till_place_read(till, words[0], &of, &unit))
        return false;
    if (quantity < 1 || quantity > TILL_UNITS_MAX) {
        till_say(till, "A line has 1 to %d units.\n", TILL_UNITS_MAX);
        return false;
    }
    for (long i = of->quantity + 1; i <= quantity; i++)
        of->units[i] = (struct till_unit){0}; // what an earlier, longer line left there
    of->quantity = (int)quantity;
    line = till_pos_line(till, of, 0);
    till_key(till, "quantity", key);
    do {
        verdict = (struct atl_pos_verdict){.size = sizeof verdict};
        rc = till->plugin->line_changed(till->handle, key, &txn, &line, &verdict);
    } while (till_again(rc, &tries));
    if (till_is_ok(till, "line_changed", rc))
        say_verdict(till, &verdict);
    till_say_sale(till);
    return true;
}

// ---- void ----

static bool void_sale(struct till *till)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    const bool was_paid = till->sale.state == TILL_PAID || till->sale.state == TILL_DONE;
    struct atl_pos_verdict verdict;
    char key[64];
    const struct atl_pos_event event = till_event(till, "void", key);
    int tries = 0;
    int32_t rc;

    do {
        verdict = (struct atl_pos_verdict){.size = sizeof verdict};
        rc = till->plugin->voided(till->handle, &txn, &event, &verdict);
    } while (till_again(rc, &tries));
    if (till_is_ok(till, "voided", rc))
        say_verdict(till, &verdict);
    if (rc == ATL_POS_OK && !verdict.is_allowed)
        return false;
    if (was_paid && rc != ATL_POS_OK) {
        till_say(till, "  It stays as it is: the workshop must hear of it first.\n");
        return false;
    }
    if (was_paid) {
        till_say(till, "  give the money back: ");
        till_say_money(till, till_sale_total(&till->sale));
        till_say(till, "\n");
    }
    till->sale.state = TILL_VOID;
    till_say(till, "Sale %lld is void.\n", till->sale.sequence);
    (void)till_journal_put(till, &till->sale);
    till_sale_begin(till);
    return true;
}

// void LINE[.UNIT] | void sale
bool till_cmd_void(struct till *till, const char *const *words, int count)
{
    const struct atl_pos_transaction txn = till_transaction(till);
    struct atl_pos_event event;
    struct till_line *line;
    int tries = 0;
    unsigned unit;
    char key[64];
    int32_t rc;

    (void)count;
    if (strcmp(words[0], "sale") == 0)
        return void_sale(till);
    if (till->sale.state != TILL_OPEN) {
        till_say(till, "Sale %lld is paid: `return` takes units back, `void sale` all of it.\n",
                 till->sale.sequence);
        return false;
    }
    if (!till_place_read(till, words[0], &line, &unit))
        return false;
    event = till_event(till, "void", key);
    event.line_ref = line->ref;
    event.unit_index = unit;
    do
        rc = till->plugin->line_voided(till->handle, &txn, &event);
    while (till_again(rc, &tries));
    (void)till_is_ok(till, "line_voided", rc); // the line leaves the sale all the same
    for (int i = 1; i <= line->quantity; i++)
        line->units[i].is_voided |= unit == 0 || unit == (unsigned)i;
    line->is_voided = true;
    for (int i = 1; i <= line->quantity; i++)
        line->is_voided &= line->units[i].is_voided;
    till_say_sale(till);
    return true;
}

// ---- the sale as a whole ----

bool till_cmd_show(struct till *till, const char *const *words, int count)
{
    (void)words;
    (void)count;
    till_say_sale(till);
    return true;
}

static bool is_free(struct till *till)
{
    if (till->sale.state != TILL_OPEN || !till_has_lines(&till->sale))
        return true;
    till_say(till, "Sale %lld has lines: `tender`, `suspend` or `void sale` first.\n",
             till->sale.sequence);
    return false;
}

bool till_cmd_new(struct till *till, const char *const *words, int count)
{
    (void)words;
    (void)count;
    if (!is_free(till))
        return false;
    till_sale_begin(till);
    till_say(till, "sale %lld\n", till->sale.sequence);
    return true;
}

// training on|off
bool till_cmd_training(struct till *till, const char *const *words, int count)
{
    const bool is_on = strcmp(words[0], "on") == 0;

    (void)count;
    if (!is_on && strcmp(words[0], "off") != 0) {
        till_say(till, "'%s': training is on or off.\n", words[0]);
        return false;
    }
    if (!is_free(till))
        return false;
    till->is_training = is_on;
    till_sale_begin(till);
    till_say(till, "Training is %s.\n", is_on ? "on: nothing is a sale, nothing is made" : "off");
    return true;
}
