// SPDX-License-Identifier: Apache-2.0
// Pieces: one unit to be made, or one seat. Every change is one event and one new version, written
// together; what is no arrow of stage.h is refused here.
#ifndef ATL_STORE_PIECES_H
#define ATL_STORE_PIECES_H

#include "plugin/store/store.h"

// What staff may search an answer's text by; made by the caller with core/text: folded (case and
// accents away), the words separated by single spaces. Erased with the answers.
struct atl_find_text {
    const char *words;
    const char *initials;
};

// Writes a piece, its answers, and the event of the act that made it: ATL_ACT_TENDER,
// ATL_ACT_TENDER_LATER or ATL_ACT_TENDER_UNSIGNED, from draft, or from dropped when is_dropped.
// The caller sets id, order_id, code, number, line_ref, unit_index, kind, sku, variant, prices,
// promise, proof, signature, scarce; progress, version, tag_revision, said (:= promise) and times
// are set here and given back in *piece. `why` is a code ("vetoed"). [in a transaction]
struct atl_piece_birth {
    const struct atl_answer_set *answers;
    struct atl_find_text find;
    enum atl_act act;
    bool is_dropped;
    const char *why; // or NULL
};
ATL_MUST_USE atl_code atl_pieces_add(struct atl_store *store, struct atl_piece *piece,
                                     const struct atl_piece_birth *birth, const struct atl_by *by,
                                     struct atl_error *err);

ATL_MUST_USE atl_code atl_pieces_find(struct atl_store *store, const char *id,
                                      struct atl_piece *out, struct atl_error *err);

// "K7F-2A1" and 2.
ATL_MUST_USE atl_code atl_pieces_find_number(struct atl_store *store, const char *order_code,
                                             int number, struct atl_piece *out,
                                             struct atl_error *err);

// By the code of a pre-printed tag that was bound to it.
ATL_MUST_USE atl_code atl_pieces_find_tag(struct atl_store *store, const char *tag,
                                          struct atl_piece *out, struct atl_error *err);

ATL_MUST_USE atl_code atl_pieces_find_unit(struct atl_store *store, const char *transaction_uuid,
                                           const char *line_ref, uint32_t unit_index,
                                           struct atl_piece *out, struct atl_error *err);

// All pieces of an order by number. *count: how many; at most max are in out. ATL_E_CORRUPT when
// it is another number than the order says.
ATL_MUST_USE atl_code atl_pieces_of_order(struct atl_store *store, const char *order_id,
                                          struct atl_piece *out, size_t max, size_t *count,
                                          struct atl_error *err);

// The answers of a piece; ATL_E_NOT_FOUND when they were erased.
ATL_MUST_USE atl_code atl_pieces_answers(struct atl_store *store, const char *id,
                                         struct atl_answer_set *out, struct atl_error *err);

// One act upon a piece.
struct atl_piece_act {
    const char *piece_id;
    int32_t version; // the one the person looked at; 0: whatever it is now
    enum atl_act act;
    const char *why;  // a code: "defect", "unpick guest_pays"; NULL: none
    const char *note; // a person's words, erased with the order; NULL: none
};

// ATL_E_CONFLICT: no arrow leads from its stage by this act, or the version is another by now; the
// sentence says which, and nothing was written, so the transaction goes on. *after may be NULL.
// A remake forgets started and made times, cancels nothing and prints nothing. [in a transaction]
ATL_MUST_USE atl_code atl_pieces_act(struct atl_store *store, const struct atl_piece_act *what,
                                     const struct atl_by *by, struct atl_piece *after,
                                     struct atl_error *err);

// Takes back the last act of a person: the stage before, as a new event; the attempt never goes
// down. ATL_E_CONFLICT: money or another system acted, or nothing is left to take back.
// [in a transaction]
ATL_MUST_USE atl_code atl_pieces_undo(struct atl_store *store, const char *piece_id,
                                      int32_t version, const struct atl_by *by,
                                      struct atl_piece *after, struct atl_error *err);

// New answers and a new sign-off, before anything was begun: tag revision + 1. A piece that awaits
// details stays there until ATL_ACT_SIGN. ATL_E_CONFLICT: it was begun. [in a transaction]
struct atl_amendment {
    const struct atl_answer_set *answers;
    struct atl_find_text find;
    struct atl_proof_ref proof;
    struct atl_signature signature;
    int64_t price_minor;
    int32_t work_s;
};
ATL_MUST_USE atl_code atl_pieces_amend(struct atl_store *store, const char *piece_id,
                                       int32_t version, const struct atl_amendment *amendment,
                                       const struct atl_by *by, struct atl_piece *after,
                                       struct atl_error *err);

// Where it is now, independent of its stage. [in a transaction]
ATL_MUST_USE atl_code atl_pieces_place(struct atl_store *store, const char *piece_id,
                                       const char *place, const struct atl_by *by,
                                       struct atl_piece *after, struct atl_error *err);

// Another promise; what the ticket said stays. told_ms is forgotten. [in a transaction]
ATL_MUST_USE atl_code atl_pieces_promise(struct atl_store *store, const char *piece_id,
                                         struct atl_range promise, bool is_late,
                                         const struct atl_by *by, struct atl_piece *after,
                                         struct atl_error *err);

// Staff told the guest that it will be late; it leaves the list. [in a transaction]
ATL_MUST_USE atl_code atl_pieces_told(struct atl_store *store, const char *piece_id,
                                      const struct atl_by *by, struct atl_piece *after,
                                      struct atl_error *err);

// Binds a pre-printed tag. ATL_E_CONFLICT: it is another piece's. [in a transaction]
ATL_MUST_USE atl_code atl_pieces_bind_tag(struct atl_store *store, const char *piece_id,
                                          const char *tag, const struct atl_by *by,
                                          struct atl_piece *after, struct atl_error *err);

// The board: pieces in one stage, the nearest promise first, from the offset-th on.
ATL_MUST_USE atl_code atl_pieces_board(struct atl_store *store, enum atl_stage stage, size_t offset,
                                       struct atl_piece *out, size_t max, size_t *count,
                                       struct atl_error *err);

// How many pieces are in each stage; indexed by enum atl_stage.
ATL_MUST_USE atl_code atl_pieces_count(struct atl_store *store, int64_t counts[ATL_STAGE_COUNT],
                                       struct atl_error *err);

// "Tell these guests": still to be made, promise ends before before_ms, nobody told them.
ATL_MUST_USE atl_code atl_pieces_late(struct atl_store *store, int64_t before_ms,
                                      struct atl_piece *out, size_t max, size_t *count,
                                      struct atl_error *err);

// Ready, and nobody fetched it since before_ms.
ATL_MUST_USE atl_code atl_pieces_uncollected(struct atl_store *store, int64_t before_ms,
                                             struct atl_piece *out, size_t max, size_t *count,
                                             struct atl_error *err);

// Pieces that wait for making, or are made, and whose present tag revision never came out of a
// printer for certain, nor was a pre-printed tag bound.
ATL_MUST_USE atl_code atl_pieces_without_tag(struct atl_store *store, struct atl_piece *out,
                                             size_t max, size_t *count, struct atl_error *err);

// What waits before a piece that is sold now: uncorrected seconds of all pieces still to be made.
ATL_MUST_USE atl_code atl_pieces_queue_s(struct atl_store *store, int64_t *seconds,
                                         struct atl_error *err);

// How long pieces made since since_ms really took, in thousandths of work_s, the latest first; for
// atl_pace_of(). From start to done, nights included. *count <= max.
ATL_MUST_USE atl_code atl_pieces_pace(struct atl_store *store, int64_t since_ms, int32_t *permille,
                                      size_t max, size_t *count, struct atl_error *err);

#endif
