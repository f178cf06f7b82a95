// SPDX-License-Identifier: Apache-2.0
// Feed: requests of the cloud (cancel, remote scan, message choice). They are saved with their
// cursor in one transaction, and acted on later by the use-cases; a request is never a stage.
#ifndef ATL_STORE_FEED_H
#define ATL_STORE_FEED_H

#include "plugin/core/buf.h"
#include "plugin/store/store.h"

enum { ATL_FEED_CURSOR_SIZE = 129, ATL_FEED_DATA_BYTES = 16 * 1024 };

enum atl_feed_state {
    ATL_FEED_WAITING = 1,
    ATL_FEED_ACCEPTED = 2,
    ATL_FEED_REFUSED = 3,
};

struct atl_feed_request {
    int64_t sequence;      // ours; in the order of arrival
    char id[ATL_REF_SIZE]; // the item's; seen twice is stored once
    char type[48];         // "atelier.request.cancel.v1"
    const char *data;      // JSON text: in save the caller's, in next the buffer's
    int64_t received_ms;
    enum atl_feed_state state;
};

// Saves requests and the cursor behind them. *fresh, which may be NULL: how many were new.
// [own transaction]
ATL_MUST_USE atl_code atl_feed_save(struct atl_store *store, const char *cursor,
                                    const struct atl_feed_request *requests, size_t count,
                                    int *fresh, struct atl_error *err);

// "" at first, and after atl_feed_forget_cursor().
ATL_MUST_USE atl_code atl_feed_cursor(struct atl_store *store, char cursor[ATL_FEED_CURSOR_SIZE],
                                      struct atl_error *err);

// The cloud said that it expired; requests that come again are known by their id.
// [own transaction]
ATL_MUST_USE atl_code atl_feed_forget_cursor(struct atl_store *store, struct atl_error *err);

// The oldest request that waits; its JSON is appended to `data`, where request->data points.
// ATL_E_NOT_FOUND when none does.
ATL_MUST_USE atl_code atl_feed_next(struct atl_store *store, struct atl_feed_request *request,
                                    struct atl_buf *data, struct atl_error *err);

// Accepted or refused; its data is deleted, its id is kept. [in a transaction], the one that did
// what was asked and put the answer into the outbox.
ATL_MUST_USE atl_code atl_feed_answer(struct atl_store *store, int64_t sequence,
                                      enum atl_feed_state state, const char *reason, int64_t now_ms,
                                      struct atl_error *err);

#endif
