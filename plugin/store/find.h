// SPDX-License-Identifier: Apache-2.0
// Find: orders by what a guest without paper remembers. Everything is optional, and all that is
// given must fit the same piece.
#ifndef ATL_STORE_FIND_H
#define ATL_STORE_FIND_H

#include "plugin/store/store.h"

// NULL or "": any. words and initials must be folded as in struct atl_find_text; each word may be
// a part of a word of the text.
struct atl_find {
    const char *business_day;
    const char *sku;
    const char *variant; // a part of it: "navy" finds "Navy / 40 x 35"
    const char *initials;
    const char *words;
};

// Orders that fit, the newest first, each once; erased ones only by day, product and colour. *cut
// true: there are more than max. A query that asks nothing is ATL_E_INVALID.
ATL_MUST_USE atl_code atl_find_orders(struct atl_store *store, const struct atl_find *query,
                                      struct atl_order *out, size_t max, size_t *count, bool *cut,
                                      struct atl_error *err);

#endif
