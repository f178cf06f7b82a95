// SPDX-License-Identifier: Apache-2.0
// Events: append-only and hash-chained; the database itself refuses to change or delete one. The
// functions of orders.h and pieces.h write theirs; this is for the rest, and for reading.
#ifndef ATL_STORE_EVENTS_H
#define ATL_STORE_EVENTS_H

#include "plugin/store/store.h"

// Appends one. The caller sets order_id, piece_id, kind, act, from, from_back, to, attempt,
// version, undoes, why, note; id, sequence, hashes and the fields of *by are set here. A note is
// covered by HMAC(note, salt of the order) and kept where it can be erased. *out, which may be
// NULL, is the event as it stands. [in a transaction]
ATL_MUST_USE atl_code atl_events_add(struct atl_store *store, const struct atl_event *event,
                                     const struct atl_by *by, struct atl_event *out,
                                     struct atl_error *err);

// Events of an order (piece_id NULL) or of one piece, the oldest first, after a sequence (0: from
// the first). *count <= max.
ATL_MUST_USE atl_code atl_events_list(struct atl_store *store, const char *order_id,
                                      const char *piece_id, int64_t after, struct atl_event *out,
                                      size_t max, size_t *count, struct atl_error *err);

// Events of all orders after a sequence, the oldest first. *count <= max.
ATL_MUST_USE atl_code atl_events_since(struct atl_store *store, int64_t after,
                                       struct atl_event *out, size_t max, size_t *count,
                                       struct atl_error *err);

// The sequence of the newest event; 0: there is none.
ATL_MUST_USE atl_code atl_events_last(struct atl_store *store, int64_t *sequence,
                                      struct atl_error *err);

struct atl_chain {
    int64_t count;
    int64_t first_bad; // sequence; 0: none
    int64_t gap_count; // places that salvage has marked
    int64_t next;      // where the next look begins; see below
};

// Walks the chain from chain->next (zeroed struct: from the beginning), at most max events (0: to
// the end). ATL_E_CORRUPT names the first event that does not follow from the one before, whose
// note is another than was signed, or that is missing at the end.
ATL_MUST_USE atl_code atl_events_verify(struct atl_store *store, int64_t max,
                                        struct atl_chain *chain, struct atl_error *err);

#endif
