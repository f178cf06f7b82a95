// SPDX-License-Identifier: Apache-2.0
// Drafts: what is asked for, before money was taken. One per (transaction, line, unit). A sale
// that the store knows has a row of its own, with the answers asked once for the whole order.
#ifndef ATL_STORE_DRAFTS_H
#define ATL_STORE_DRAFTS_H

#include "plugin/store/store.h"

// What the store knows of a sale that is going on.
struct atl_sale {
    struct atl_transaction transaction;
    struct atl_order_wish wish;
    bool has_wish;
    bool is_suspended;
    int64_t changed_ms;
};

// Puts the sale in place of an earlier state. [in a transaction]
ATL_MUST_USE atl_code atl_sales_put(struct atl_store *store, const struct atl_sale *sale,
                                    struct atl_error *err);

// ATL_E_NOT_FOUND: the store never heard of it.
ATL_MUST_USE atl_code atl_sales_find(struct atl_store *store, const char *uuid,
                                     struct atl_sale *out, struct atl_error *err);

// Puts one unit's draft in place of an earlier one. ATL_E_CONFLICT: the slip code is another
// draft's. [in a transaction]
ATL_MUST_USE atl_code atl_drafts_put(struct atl_store *store, const struct atl_draft *draft,
                                     struct atl_error *err);

ATL_MUST_USE atl_code atl_drafts_find(struct atl_store *store, const char *uuid,
                                      const char *line_ref, uint32_t unit_index,
                                      struct atl_draft *out, struct atl_error *err);

// By the code of its slip, upper case. ATL_E_NOT_FOUND when there is none.
ATL_MUST_USE atl_code atl_drafts_find_slip(struct atl_store *store, const char *slip_code,
                                           struct atl_draft *out, struct atl_error *err);

// All drafts of a sale, dropped ones too, by line and unit; line_ref NULL: of all lines. *count is
// how many there are, of which at most max are in out.
ATL_MUST_USE atl_code atl_drafts_list(struct atl_store *store, const char *uuid,
                                      const char *line_ref, struct atl_draft *out, size_t max,
                                      size_t *count, struct atl_error *err);

// Hands a draft that was begun on another screen to a unit of a sale. ATL_E_NOT_FOUND: no such
// slip; ATL_E_CONFLICT: that unit has a draft already. [in a transaction]
ATL_MUST_USE atl_code atl_drafts_take_up(struct atl_store *store, const char *slip_code,
                                         const char *uuid, const char *line_ref,
                                         uint32_t unit_index, int64_t now_ms,
                                         struct atl_error *err);

// Removes the drafts and the sale: they became an order, or the sale was erased. [in a transaction]
ATL_MUST_USE atl_code atl_drafts_remove(struct atl_store *store, const char *uuid,
                                        struct atl_error *err);

// Marks as dropped what expired: at most max drafts, those of suspended sales not. What they held
// is free again. [in a transaction]
ATL_MUST_USE atl_code atl_drafts_expire(struct atl_store *store, int64_t now_ms, int max,
                                        int *count, struct atl_error *err);

// Deletes sales and drafts that were last changed before before_ms, at most max sales.
// [in a transaction]
ATL_MUST_USE atl_code atl_drafts_sweep(struct atl_store *store, int64_t before_ms, int max,
                                       int *count, struct atl_error *err);

// How many units of something scarce are taken: held by drafts at now_ms, or sold.
ATL_MUST_USE atl_code atl_scarce_taken(struct atl_store *store, const char *scarce, int64_t now_ms,
                                       int64_t *count, struct atl_error *err);

#endif
