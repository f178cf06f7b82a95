// SPDX-License-Identifier: Apache-2.0
// Outbox: what the cloud has not acknowledged yet. Written in the transaction of the change it
// tells of, deleted when acknowledged; sending is not a job. A sequence number is never used
// twice.
#ifndef ATL_STORE_OUTBOX_H
#define ATL_STORE_OUTBOX_H

#include "plugin/core/buf.h"
#include "plugin/store/store.h"

enum { ATL_OUTBOX_DATA_BYTES = 60 * 1024 };

struct atl_outbox_row {
    int64_t sequence;
    char id[ATL_ORDER_ID_SIZE]; // ULID of the event; "" in add: made here
    char type[48];              // "atelier.piece.stage.v1"
    char subject[80];           // "order/<id>/piece/<id>"
    int32_t attempt;            // 0: not of a piece
    int32_t version;
    int64_t at_ms;
    size_t data_at; // where its JSON begins in the batch's buffer; NUL-terminated
};

// Appends a row with its JSON object, at most ATL_OUTBOX_DATA_BYTES. *sequence may be NULL.
// [in a transaction]
ATL_MUST_USE atl_code atl_outbox_add(struct atl_store *store, const struct atl_outbox_row *row,
                                     const char *data, int64_t *sequence, struct atl_error *err);

// The oldest rows that are not in quarantine, after a sequence (0: from the first), at most max
// and at most max_bytes of data (but always one). Their JSON goes into `data`, each with a NUL;
// *count 0: nothing waits.
ATL_MUST_USE atl_code atl_outbox_next(struct atl_store *store, int64_t after, size_t max_bytes,
                                      struct atl_outbox_row *rows, size_t max, size_t *count,
                                      struct atl_buf *data, struct atl_error *err);

// Deletes acknowledged rows, 50 a transaction. [own transaction]
ATL_MUST_USE atl_code atl_outbox_acknowledge(struct atl_store *store, const int64_t *sequences,
                                             size_t count, struct atl_error *err);

// The cloud will never take it: kept aside with the reason, for a person. [own transaction]
ATL_MUST_USE atl_code atl_outbox_quarantine(struct atl_store *store, int64_t sequence,
                                            const char *why, struct atl_error *err);

// Puts all of the quarantine back in line; after a repair. *count may be NULL. [own transaction]
ATL_MUST_USE atl_code atl_outbox_release(struct atl_store *store, int *count,
                                         struct atl_error *err);

struct atl_outbox_stats {
    int64_t waiting;
    int64_t quarantined;
    int64_t oldest_ms;     // at_ms of the oldest that waits; 0: none
    int64_t last_sequence; // ever given; 0: none
};
ATL_MUST_USE atl_code atl_outbox_stats(struct atl_store *store, struct atl_outbox_stats *out,
                                       struct atl_error *err);

#endif
