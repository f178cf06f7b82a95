// SPDX-License-Identifier: Apache-2.0
// Idempotency keys: the first answer to a key is kept for the order's life and comes back when the
// call is repeated, across restarts of the POS and of the agent.
#ifndef ATL_STORE_IDEM_H
#define ATL_STORE_IDEM_H

#include "plugin/core/buf.h"
#include "plugin/store/store.h"

// What a call was: its name and the SHA-256 of what it asked.
struct atl_idem {
    const char *key;  // 1..64 bytes
    const char *call; // "tendered"
    const uint8_t *request_sha256;
};

// Looks the key up first. ATL_OK: the stored answer was appended to `answer`. ATL_E_NOT_FOUND: the
// key is new. ATL_E_CONFLICT: the key stands for another call or other content.
ATL_MUST_USE atl_code atl_idem_find(struct atl_store *store, const struct atl_idem *what,
                                    struct atl_buf *answer, struct atl_error *err);

// Keeps the answer (at most 64 KiB). order_id may be "": then it is forgotten with the sweep.
// [in a transaction], the one that does what the call asks.
ATL_MUST_USE atl_code atl_idem_put(struct atl_store *store, const struct atl_idem *what,
                                   const char *order_id, const void *answer, size_t len,
                                   int64_t now_ms, struct atl_error *err);

// Forgets keys without an order that are older than before_ms, at most max of them. *count, which
// may be NULL, says how many. [in a transaction]
ATL_MUST_USE atl_code atl_idem_sweep(struct atl_store *store, int64_t before_ms, int max,
                                     int *count, struct atl_error *err);

#endif
