// SPDX-License-Identifier: Apache-2.0
// What a customization of one unit would cost, by the product's rules: a proposal. The POS owns
// the money.
#ifndef ATL_CORE_PRICING_H
#define ATL_CORE_PRICING_H

#include "plugin/core/catalogue.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ATL_PRICE_LINES_MAX = 48 };

enum atl_price_why {
    ATL_PRICE_BASE,
    ATL_PRICE_CHOICE,  // field and choice
    ATL_PRICE_LETTERS, // field and count
    ATL_PRICE_RUSH,
    ATL_PRICE_STAFF, // negative
};

struct atl_price_line {
    enum atl_price_why why;
    const struct atl_field *field;   // CHOICE, LETTERS; borrowed from the catalogue
    const struct atl_choice *choice; // CHOICE
    int32_t count;                   // LETTERS: how many are paid for
    int64_t price_minor;
};

// Copyable; borrows only from the catalogue.
struct atl_price {
    int64_t total_minor;                              // never below 0
    struct atl_price_line lines[ATL_PRICE_LINES_MAX]; // those that are not 0, and the base
    size_t line_count;
};

// The answers are normalised ones of atl_form_check(); what they do not say costs nothing.
// ATL_E_INVALID when the sum leaves int64_t, or a line finds no room.
ATL_MUST_USE atl_code atl_price_propose(const struct atl_product *product,
                                        const struct atl_answer *answers, size_t count,
                                        bool is_staff, struct atl_price *out,
                                        struct atl_error *err);

// "Letters × 7", "Metallic gold", … in the language; at most size bytes with the NUL.
void atl_price_line_say(const struct atl_catalogue *catalogue, const struct atl_price_line *line,
                        const char *language, char *out, size_t size);

#endif
