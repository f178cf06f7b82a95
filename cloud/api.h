// SPDX-License-Identifier: Apache-2.0
// The protocol with shops, docs/sync.md: who may, what is too much, what is answered.
#ifndef ATL_CLOUD_API_H
#define ATL_CLOUD_API_H

#include "cloud/http.h"
#include "cloud/keys.h"
#include "cloud/ledger.h"

enum {
    ATL_API_WAIT_MAX_S = 25,
    ATL_API_FEED_MAX = 200,
    ATL_API_REQUEST_MAX_BYTES = 64 * 1024,
};

struct atl_api {
    struct atl_ledger *ledger;
    struct atl_keys *keys;
};

bool atl_api_owns(const char *path); // "/v1/…"

// As in struct atl_http_app, for paths that it owns.
size_t atl_api_admit(struct atl_api *api, struct atl_http_request *req,
                     struct atl_http_reply **reply);
enum atl_http_next atl_api_handle(struct atl_api *api, struct atl_http_request *req,
                                  struct atl_http_reply **reply);
struct atl_http_reply *atl_api_too_long(const struct atl_http_request *req);

// What a waiting feed of this shop waits for.
uint64_t atl_api_wait_key(int64_t store_id);

// POST /v1/events (ingest.c): the whole batch in one transaction, answered when it is durable.
struct atl_http_reply *atl_ingest(struct atl_ledger *ledger, const char *store, const char *body,
                                  size_t len);
// GET /v1/feed and POST /v1/requests (feed.c).
enum atl_http_next atl_feed_get(struct atl_ledger *ledger, const char *store,
                                struct atl_http_request *req, struct atl_http_reply **reply);
struct atl_http_reply *atl_feed_ask(struct atl_ledger *ledger, const char *store, const char *body,
                                    size_t len);

#endif
