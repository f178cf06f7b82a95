// SPDX-License-Identifier: Apache-2.0
// What the cloud remembers: events as they came, the state they add up to, requests for shops.
// One engine behind it (ledger_sqlite.c); several processes may use one ledger.
//
// Writing happens between begin and commit; nothing may be acknowledged before commit is OK.
// ATL_E_BUSY, ATL_E_IO and ATL_E_FULL mean "later": roll back and answer 503.
#ifndef ATL_CLOUD_LEDGER_H
#define ATL_CLOUD_LEDGER_H

#include "cloud/view.h"
#include "plugin/core/hash.h"
#include "plugin/wire/event_json.h"

struct atl_ledger;

// `folder` is made when it does not exist.
ATL_MUST_USE atl_code atl_ledger_open(struct atl_ledger **out, const char *folder,
                                      struct atl_error *err);
void atl_ledger_close(struct atl_ledger *ledger); // accepts NULL

ATL_MUST_USE atl_code atl_ledger_begin(struct atl_ledger *ledger, struct atl_error *err);
ATL_MUST_USE atl_code atl_ledger_commit(struct atl_ledger *ledger, struct atl_error *err);
void atl_ledger_rollback(struct atl_ledger *ledger); // harmless after commit

// The shop's row, made when it is new. Inside a transaction.
ATL_MUST_USE atl_code atl_ledger_store(struct atl_ledger *ledger, const char *name, int64_t *id,
                                       struct atl_error *err);
// The shop is alive: its last news is of now. Inside a transaction.
ATL_MUST_USE atl_code atl_ledger_heard(struct atl_ledger *ledger, int64_t store, int64_t now_ms,
                                       struct atl_error *err);
// Takes one valid event: ACCEPTED, DUPLICATE (its sequence was taken before; nothing is written)
// or STALE (kept in the timeline, moves no state). Inside a transaction.
ATL_MUST_USE atl_code atl_ledger_take(struct atl_ledger *ledger, int64_t store,
                                      const struct atl_cloudevent *event, int64_t now_ms,
                                      enum atl_cloudevent_status *out, struct atl_error *err);

// Reading.

// Changes whenever anybody has committed; asks other processes' commits at most every 20 ms.
uint64_t atl_ledger_generation(struct atl_ledger *ledger);
// ATL_E_NOT_FOUND: nobody has this link.
ATL_MUST_USE atl_code atl_ledger_view(struct atl_ledger *ledger,
                                      const uint8_t sha256[ATL_HASH_BYTES], struct atl_view *out,
                                      struct atl_error *err);
// As much as tells whether a view is still true.
ATL_MUST_USE atl_code atl_ledger_view_version(struct atl_ledger *ledger,
                                              const uint8_t sha256[ATL_HASH_BYTES],
                                              struct atl_view_version *out, struct atl_error *err);

// Calls fn for each order that changed after *since, and sets *since. Begin with -1: no call.
// Requests for shops are told as is_feed with the store's id.
typedef void (*atl_ledger_changed_fn)(void *self, bool is_feed, int64_t id);
ATL_MUST_USE atl_code atl_ledger_changes(struct atl_ledger *ledger, int64_t *since,
                                         atl_ledger_changed_fn fn, void *self,
                                         struct atl_error *err);

// The feed of one shop. Cursors are opaque to the shop: epoch of the ledger and a number without
// gaps. A transaction of its own each.

enum { ATL_CURSOR_CAP = 40, ATL_FEED_KEPT_DAYS = 30 };

// ATL_OK also when the request's id is known already. `item` is what the feed will carry.
ATL_MUST_USE atl_code atl_ledger_ask(struct atl_ledger *ledger, const char *store,
                                     const struct atl_request *request, const char *item,
                                     int64_t now_ms, struct atl_error *err);

struct atl_feed_page {
    const char **items; // JSON texts, in the arena
    size_t count;
    char next[ATL_CURSOR_CAP];
    bool has_more;
    int64_t store; // its id, for waking
};
// Acknowledges all up to `after` and reads what follows. ATL_E_CONFLICT: the cursor is not of
// this ledger, or what follows it is not kept any more; begin again with "".
ATL_MUST_USE atl_code atl_ledger_feed(struct atl_ledger *ledger, const char *store,
                                      const char *after, size_t limit, int64_t now_ms,
                                      struct atl_arena *arena, struct atl_feed_page *out,
                                      struct atl_error *err);

// For health: the number of shops and orders. A quick read that proves that the file answers.
ATL_MUST_USE atl_code atl_ledger_count(struct atl_ledger *ledger, int64_t *stores, int64_t *orders,
                                       struct atl_error *err);

#endif
