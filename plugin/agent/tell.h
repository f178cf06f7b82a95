// SPDX-License-Identifier: Apache-2.0
// What the cloud is told: the shop's own records as events of docs/sync.md, put into the outbox in
// the transaction of the change itself. Never the guest's text, a name, a price, a token, the PIN.
//
// All are [in a transaction] of the caller; after its commit the doorbell of "sync" is rung.
#ifndef ATL_AGENT_TELL_H
#define ATL_AGENT_TELL_H

#include "plugin/agent/config.h"
#include "plugin/core/order.h"
#include "plugin/store/store.h"
#include "plugin/wire/event_json.h"

// "Embroidery", "Broderie": what a piece is, without saying what stands on it. Borrowed.
struct atl_tell_what {
    const struct atl_cloudevent_what *words;
    size_t count; // 1..ATL_CLOUDEVENT_LANGUAGES_MAX
};

// The order began: its code, the hashes of its links, its pieces with what[i] for pieces[i].
ATL_MUST_USE atl_code atl_tell_opened(struct atl_store *store, const struct atl_order *order,
                                      const struct atl_piece *pieces, size_t count,
                                      const struct atl_tell_what *what, int64_t now_ms,
                                      struct atl_error *err);

// A ticket was reissued: the order's present tokens replace all earlier links.
ATL_MUST_USE atl_code atl_tell_links(struct atl_store *store, const struct atl_order *order,
                                     int64_t now_ms, struct atl_error *err);

// Stage, promise or attempt of a piece changed; piece is as it is afterwards.
ATL_MUST_USE atl_code atl_tell_stage(struct atl_store *store, const struct atl_piece *piece,
                                     int64_t now_ms, struct atl_error *err);

ATL_MUST_USE atl_code atl_tell_erased(struct atl_store *store, const char *order_id, int64_t now_ms,
                                      struct atl_error *err);

// A request of the feed was decided; reason is a sentence, or NULL.
ATL_MUST_USE atl_code atl_tell_answered(struct atl_store *store, const char *order_id,
                                        const char *request, bool is_accepted, const char *reason,
                                        int64_t now_ms, struct atl_error *err);

// The shop's name, hours, languages, when they are not as last told. [own transaction]
ATL_MUST_USE atl_code atl_tell_profile(struct atl_store *store, const struct atl_config *config,
                                       int64_t now_ms, struct atl_error *err);

// "The shop is there." [own transaction]
ATL_MUST_USE atl_code atl_tell_alive(struct atl_store *store, int64_t now_ms,
                                     struct atl_error *err);

#endif
