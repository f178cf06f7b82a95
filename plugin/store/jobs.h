// SPDX-License-Identifier: Apache-2.0
// Jobs: the journal that the lanes work through. One row is one thing to do once for one device.
//
//   queued --> sending --> sent --> confirmed       queued --> held | expired | cancelled
//                 |          \----> unknown         held --> queued | cancelled
//                 |\-- the device proved that nothing was printed or moved --> failed
//                 \--- interrupted after the first byte --> unknown
//
// The line between "later" and "never by itself" is the commit of `sending`, which comes before
// the first byte. A claimed job is still queued: when its lease runs out, or its device is away,
// it is simply taken again. From `sending` on nothing leads back to queued, for paper and cloth
// alike: a person makes a copy, which is a job of its own and says that it is one.
#ifndef ATL_STORE_JOBS_H
#define ATL_STORE_JOBS_H

#include "plugin/store/store.h"

// --- the use-cases' side: [in a transaction] ---

// Queues a job. The caller sets document, device, order_id, piece_id, code, created_ms, due_ms
// (0: at once) and expires_ms; a tag with expires_ms is ATL_E_INVALID. Tags of the piece that still
// wait are cancelled: the new one takes their place. *id may be NULL.
ATL_MUST_USE atl_code atl_jobs_add(struct atl_store *store, const struct atl_job *job, int64_t *id,
                                   struct atl_error *err);

// A person asks for the thing once more, of a job that is not queued or held (ATL_E_CONFLICT): a
// new queued job with the next copy number of that document. Event COPIED. expires_ms as in add.
ATL_MUST_USE atl_code atl_jobs_copy(struct atl_store *store, int64_t job_id, int64_t expires_ms,
                                    const struct atl_by *by, int64_t *copy_id,
                                    struct atl_error *err);

// The same for another device (NULL: the same).
ATL_MUST_USE atl_code atl_jobs_copy_to(struct atl_store *store, int64_t job_id, const char *device,
                                       int64_t expires_ms, const struct atl_by *by,
                                       int64_t *copy_id, struct atl_error *err);

// A person looked: held -> queued, perhaps for another device (NULL: the same).
// ATL_E_CONFLICT when it is not held.
ATL_MUST_USE atl_code atl_jobs_queue_again(struct atl_store *store, int64_t job_id,
                                           const char *device, int64_t due_ms,
                                           struct atl_error *err);

// queued or held -> cancelled. ATL_E_CONFLICT from any other state.
ATL_MUST_USE atl_code atl_jobs_cancel(struct atl_store *store, int64_t job_id, const char *why,
                                      int64_t now_ms, struct atl_error *err);

// Work tags of the piece that still wait are not needed any more: another one is there.
ATL_MUST_USE atl_code atl_jobs_cancel_tags(struct atl_store *store, const char *piece_id,
                                           const char *why, int64_t now_ms, struct atl_error *err);

// All queued jobs of one device that nobody holds go to another ("one printer's trouble never
// touches another": a person decides), due at once and with a fresh patience. *count may be NULL.
// At most 50.
ATL_MUST_USE atl_code atl_jobs_move(struct atl_store *store, const char *device, const char *to,
                                    int64_t now_ms, int *count, struct atl_error *err);

// One queued job that nobody holds, to another device, as atl_jobs_move() does. ATL_E_CONFLICT when
// it is not queued, or on its way this moment.
ATL_MUST_USE atl_code atl_jobs_reroute(struct atl_store *store, int64_t job_id, const char *to,
                                       int64_t now_ms, struct atl_error *err);

// --- the lane's side: [own transaction] ---

// Leases the oldest queued job of the device that is due, for lease_ms; ATL_E_NOT_FOUND when
// there is none. In the same transaction jobs past their time become expired, and jobs of the
// device that are `sending` with a lease that ran out become unknown: their holder died. A call
// that finds nothing to change writes nothing.
ATL_MUST_USE atl_code atl_jobs_claim(struct atl_store *store, const char *device, int64_t now_ms,
                                     int64_t lease_ms, struct atl_job *job, struct atl_error *err);

// What claim() does with overdue jobs of its device, for all devices, at most 50: for those whose
// lane runs no more. Upkeep. *count, which may be NULL: how many ended. [own transaction]
ATL_MUST_USE atl_code atl_jobs_end_overdue(struct atl_store *store, int64_t now_ms, int *count,
                                           struct atl_error *err);

// A new lane of the device holds its name, so whoever held jobs before is dead: what was `sending`
// is unknown now, and what was only claimed is free again, or held after the sixth such death. Not
// while another process works for the device. *count, which may be NULL: how many became unknown.
// [own transaction]
ATL_MUST_USE atl_code atl_jobs_take_over(struct atl_store *store, const char *device,
                                         int64_t now_ms, int *count, struct atl_error *err);

// Nothing was submitted. Back into the queue until due_ms; ATL_E_CONFLICT once it is `sending`.
ATL_MUST_USE atl_code atl_jobs_put_back(struct atl_store *store, int64_t job_id, int64_t due_ms,
                                        const char *why, struct atl_error *err);

// The device is well again: what was put back waits no longer, at most 50. What nobody has claimed
// yet keeps its time. [own transaction]
ATL_MUST_USE atl_code atl_jobs_hurry(struct atl_store *store, const char *device, int64_t now_ms,
                                     struct atl_error *err);

// Nothing was submitted, and waiting cannot help. ATL_E_CONFLICT once it is `sending`.
ATL_MUST_USE atl_code atl_jobs_hold(struct atl_store *store, int64_t job_id, const char *why,
                                    struct atl_error *err);

// queued -> sending. Must have returned ATL_OK before the first byte is submitted; lease_ms as in
// claim, from now_ms on. ATL_E_CONFLICT: the lease was lost meanwhile, it was cancelled, or piece
// or ticket were changed since the claim (then it is due again at once): nothing may be sent. The
// lane goes on with its next claim.
ATL_MUST_USE atl_code atl_jobs_begin_sending(struct atl_store *store, const struct atl_job *job,
                                             int64_t now_ms, int64_t lease_ms,
                                             struct atl_error *err);

// Still `sending`, and whoever does it is alive: its lease is lease_ms from now_ms on.
// ATL_E_CONFLICT: it ran out before, and the job is unknown. [own transaction]
ATL_MUST_USE atl_code atl_jobs_keep(struct atl_store *store, int64_t job_id, int64_t now_ms,
                                    int64_t lease_ms, struct atl_error *err);

// sending -> sent, confirmed, unknown or failed; `evidence` is kept with the job. ATL_E_CONFLICT:
// it is not sending any more, because the lease ran out: it is unknown, and stays so.
ATL_MUST_USE atl_code atl_jobs_finish(struct atl_store *store, int64_t job_id,
                                      enum atl_job_state state, const char *evidence,
                                      int64_t now_ms, struct atl_error *err);

// --- reading ---

// When the next queued job of the device is due, or a lease of it runs out; INT64_MAX when none
// waits.
ATL_MUST_USE atl_code atl_jobs_next_due(struct atl_store *store, const char *device,
                                        int64_t *due_ms, struct atl_error *err);

ATL_MUST_USE atl_code atl_jobs_find(struct atl_store *store, int64_t id, struct atl_job *out,
                                    struct atl_error *err);

// Jobs of an order, the oldest first. *count: how many there are.
ATL_MUST_USE atl_code atl_jobs_of_order(struct atl_store *store, const char *order_id,
                                        struct atl_job *out, size_t max, size_t *count,
                                        struct atl_error *err);

// Jobs of one document of a piece, the oldest first. *count: how many there are.
ATL_MUST_USE atl_code atl_jobs_of_piece(struct atl_store *store, const char *piece_id,
                                        enum atl_document document, struct atl_job *out, size_t max,
                                        size_t *count, struct atl_error *err);

// Designs that a machine was given for pieces that are past it now, the newest first, at most 200:
// their files may go. *count: how many there are.
ATL_MUST_USE atl_code atl_jobs_sewn(struct atl_store *store, const char *device,
                                    struct atl_job *out, size_t max, size_t *count,
                                    struct atl_error *err);

// Jobs in a state, of one device or of all (NULL), the oldest first. *count: how many there are.
ATL_MUST_USE atl_code atl_jobs_list(struct atl_store *store, const char *device,
                                    enum atl_job_state state, struct atl_job *out, size_t max,
                                    size_t *count, struct atl_error *err);

// Papers in trouble, the oldest first: those that are being sent, those that were put back or are
// held with a reason, and those that became unknown, failed or expired after since_ms. Designs are
// not papers. *count: how many there are.
ATL_MUST_USE atl_code atl_jobs_troubled(struct atl_store *store, int64_t since_ms,
                                        struct atl_job *out, size_t max, size_t *count,
                                        struct atl_error *err);

struct atl_job_counts {
    int64_t waiting; // queued
    int64_t sending;
    int64_t held;
    int64_t unknown;          // of which no copy was made
    int64_t oldest_queued_ms; // created; 0: none
};
ATL_MUST_USE atl_code atl_jobs_count(struct atl_store *store, const char *device,
                                     struct atl_job_counts *out, struct atl_error *err);

#endif
