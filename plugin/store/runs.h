// SPDX-License-Identifier: Apache-2.0
// Runs: pieces of one product, thread and hoop that are sewn one after the other on one machine,
// without another thread or another hoop between them.
//
//   open --undo--> undone: its pieces are free for another run
//
// A run says in which order; what became of each piece is said by the piece and by its jobs.
#ifndef ATL_STORE_RUNS_H
#define ATL_STORE_RUNS_H

#include "plugin/store/store.h"

enum { ATL_RUN_CODE_SIZE = 16, ATL_RUN_PIECES_MAX = 100 };

enum atl_run_state {
    ATL_RUN_OPEN = 1,
    ATL_RUN_UNDONE = 2,
};

struct atl_run {
    int64_t id;                   // and the number in its code
    char code[ATL_RUN_CODE_SIZE]; // "R7"
    enum atl_run_state state;
    char machine[ATL_DEVICE_SIZE];
    char sku[ATL_REF_SIZE];
    char thread[ATL_REF_SIZE]; // the answer: "navy"
    char hoop[ATL_REF_SIZE];   // as the product calls it
    char employee_ref[ATL_REF_SIZE];
    int64_t created_ms;
};

// Adds an open run of these pieces, in this order, and says id and code in *run. ATL_E_CONFLICT: a
// piece is in an open run already; ATL_E_INVALID: none, or too many. [in a transaction]
ATL_MUST_USE atl_code atl_runs_add(struct atl_store *store, struct atl_run *run,
                                   const char *const *piece_ids, size_t count,
                                   struct atl_error *err);

// ATL_E_CONFLICT: it is undone already. [in a transaction]
ATL_MUST_USE atl_code atl_runs_undo(struct atl_store *store, int64_t id, struct atl_error *err);

// Takes a piece out of its open run, whose others keep their order; nothing when it is in none.
// [in a transaction]
ATL_MUST_USE atl_code atl_runs_leave(struct atl_store *store, const char *piece_id,
                                     struct atl_error *err);

// By code; the case of its letter does not matter.
ATL_MUST_USE atl_code atl_runs_find(struct atl_store *store, const char *code, struct atl_run *out,
                                    struct atl_error *err);

// The open run of a piece; ATL_E_NOT_FOUND: it is in none.
ATL_MUST_USE atl_code atl_runs_of_piece(struct atl_store *store, const char *piece_id,
                                        struct atl_run *out, struct atl_error *err);

// The newest first. *count: how many there are.
ATL_MUST_USE atl_code atl_runs_list(struct atl_store *store, enum atl_run_state state,
                                    struct atl_run *out, size_t max, size_t *count,
                                    struct atl_error *err);

// Ids of its pieces, in order; at most ATL_RUN_PIECES_MAX.
ATL_MUST_USE atl_code atl_runs_pieces(struct atl_store *store, int64_t id,
                                      char out[ATL_RUN_PIECES_MAX][ATL_ORDER_ID_SIZE],
                                      size_t *count, struct atl_error *err);

#endif
