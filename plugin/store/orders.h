// SPDX-License-Identifier: Apache-2.0
// Orders and their links. Pieces of an order are in pieces.h.
#ifndef ATL_STORE_ORDERS_H
#define ATL_STORE_ORDERS_H

#include "plugin/store/store.h"

// Writes the order, the links of its tokens and the event OPENED. id, code, token, pin and salt
// are the caller's to make; issue becomes 1. ATL_E_CONFLICT: the code, a token or the transaction
// is taken; for a code, the caller makes another one and tries again (a failed call of this
// function leaves the transaction usable). [in a transaction]
ATL_MUST_USE atl_code atl_orders_add(struct atl_store *store, const struct atl_order *order,
                                     const struct atl_by *by, struct atl_error *err);

// Whether an order of this code exists.
ATL_MUST_USE atl_code atl_orders_has_code(struct atl_store *store, const char *code, bool *out,
                                          struct atl_error *err);

// ATL_E_NOT_FOUND when there is none.
ATL_MUST_USE atl_code atl_orders_find(struct atl_store *store, const char *id,
                                      struct atl_order *out, struct atl_error *err);
ATL_MUST_USE atl_code atl_orders_find_code(struct atl_store *store, const char *code,
                                           struct atl_order *out, struct atl_error *err);
ATL_MUST_USE atl_code atl_orders_find_transaction(struct atl_store *store, const char *uuid,
                                                  struct atl_order *out, struct atl_error *err);

// The first order after that id (NULL: of all) which was not erased; ids ascend with time.
ATL_MUST_USE atl_code atl_orders_after(struct atl_store *store, const char *id,
                                       struct atl_order *out, struct atl_error *err);

// By the SHA-256 of a canonical token, revoked ones too: link says so, and its scope.
ATL_MUST_USE atl_code atl_orders_find_link(struct atl_store *store,
                                           const uint8_t sha256[ATL_DIGEST_BYTES],
                                           struct atl_guest_link *link, struct atl_order *out,
                                           struct atl_error *err);

// Answers of the whole order that came, or changed, after the sale: language, contact, needed by.
// A gift stays one: making it one later, or no longer, is ATL_E_CONFLICT. [in a transaction]
ATL_MUST_USE atl_code atl_orders_put_wish(struct atl_store *store, const char *id,
                                          const struct atl_order_wish *wish, struct atl_error *err);

// All links of the order, revoked ones too. *count: how many there are.
ATL_MUST_USE atl_code atl_orders_links(struct atl_store *store, const char *id,
                                       struct atl_guest_link *out, size_t max, size_t *count,
                                       struct atl_error *err);

// A reissued ticket replaces the old: new tokens (gift_token "" when it is no gift), the old links
// are revoked, issue + 1, event REISSUED. [in a transaction]
ATL_MUST_USE atl_code atl_orders_reissue(struct atl_store *store, const char *id, const char *token,
                                         const char *gift_token, const struct atl_by *by,
                                         struct atl_order *after, struct atl_error *err);

// Five tries an hour for the PIN at the counter. *allowed false: not now. [in a transaction]
ATL_MUST_USE atl_code atl_orders_pin_try(struct atl_store *store, const char *id, int64_t now_ms,
                                         bool *allowed, struct atl_error *err);

// The PIN was right: what was tried before is forgotten, or the sixth piece of an order could not
// be collected. [in a transaction]
ATL_MUST_USE atl_code atl_orders_pin_was_right(struct atl_store *store, const char *id,
                                               struct atl_error *err);

// Text, salt, contact, tokens, PIN and notes go; ids, hashes and amounts stay, and the chain still
// verifies. Queued papers are cancelled. ATL_E_CONFLICT while a piece is still to be made, unless
// is_forced. What is deleted is overwritten in the file; the log still has it until sync's next
// checkpoint empties that, and backups until they are replaced. Event ERASED. Twice is no error.
// [in a transaction]
ATL_MUST_USE atl_code atl_orders_erase(struct atl_store *store, const char *id, bool is_forced,
                                       const struct atl_by *by, struct atl_error *err);

// Orders that the retention clock has reached: every piece has been final, collected or left the
// shop since before_ms, and the order is not erased yet; the oldest first. *count <= max.
ATL_MUST_USE atl_code atl_orders_to_erase(struct atl_store *store, int64_t before_ms,
                                          char (*ids)[ATL_ORDER_ID_SIZE], size_t max, size_t *count,
                                          struct atl_error *err);

// Everything the store knows of an order, for a guest who asks. Each function is called in turn,
// and its struct is borrowed for the call; a code other than ATL_OK ends the export and comes
// back.
struct atl_export {
    atl_code (*order)(void *ctx, const struct atl_order *order, struct atl_error *err);
    atl_code (*piece)(void *ctx, const struct atl_piece *piece,
                      const struct atl_answer_set *answers, struct atl_error *err);
    atl_code (*event)(void *ctx, const struct atl_event *event, struct atl_error *err);
    atl_code (*job)(void *ctx, const struct atl_job *job, struct atl_error *err);
    void *ctx;
};

ATL_MUST_USE atl_code atl_orders_export(struct atl_store *store, const char *id,
                                        const struct atl_export *to, struct atl_error *err);

#endif
