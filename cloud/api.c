// SPDX-License-Identifier: Apache-2.0
#include "cloud/api.h"

#include "cloud/auth.h"
#include "cloud/clock.h"
#include "cloud/problem.h"
#include "plugin/wire/json.h"

#include <stdio.h>
#include <string.h>

enum route {
    ROUTE_NONE,
    ROUTE_EVENTS,
    ROUTE_FEED,
    ROUTE_REQUESTS,
    ROUTE_CAPABILITIES,
    ROUTE_HEALTH
};

static const struct {
    const char *path, *method;
    enum route route;
    bool needs_key;
    size_t max_bytes;
} routes[] = {
    {"/v1/events",       "POST", ROUTE_EVENTS,       true,  ATL_CLOUDEVENTS_MAX_BYTES},
    {"/v1/feed",         "GET",  ROUTE_FEED,         true,  0                        },
    {"/v1/requests",     "POST", ROUTE_REQUESTS,     true,  ATL_API_REQUEST_MAX_BYTES},
    {"/v1/capabilities", "GET",  ROUTE_CAPABILITIES, false, 0                        },
    {"/v1/health",       "GET",  ROUTE_HEALTH,       false, 0                        },
};
enum { ROUTE_COUNT = sizeof routes / sizeof *routes };

bool atl_api_owns(const char *path)
{
    return strncmp(path, "/v1/", 4) == 0;
}

uint64_t atl_api_wait_key(int64_t store_id)
{
    return (uint64_t)store_id << 1 | 1;
}

// The key that the request brings, or NULL and the answer.
static const struct atl_key *find_key(struct atl_api *api, const struct atl_http_request *req,
                                      struct atl_http_reply **reply)
{
    struct atl_error err;
    if (atl_keys_refresh(api->keys, &err))
        (void)fprintf(stderr, "cloud: keys not read: why=\"%s\"\n", err.text);
    const char *bearer = atl_auth_bearer(atl_http_header(req, "Authorization"));
    const struct atl_key *key = bearer ? atl_keys_find(api->keys, bearer) : NULL;
    if (key)
        return key;
    *reply = atl_problem_reply(401, "key", "The store's key is not known",
                               bearer ? "this key was not given out here, or was revoked"
                                      : "the header Authorization: Bearer is missing");
    atl_http_reply_add(*reply, "WWW-Authenticate", "Bearer");
    return NULL;
}

static int find_route(const struct atl_http_request *req, struct atl_http_reply **reply)
{
    bool is_get = strcmp(req->method, "GET") == 0 || strcmp(req->method, "HEAD") == 0;
    for (int i = 0; i < ROUTE_COUNT; i++) {
        if (strcmp(req->path, routes[i].path) != 0)
            continue;
        if (strcmp(req->method, routes[i].method) == 0 ||
            (is_get && strcmp(routes[i].method, "GET") == 0))
            return i;
        *reply = atl_problem_reply(405, "method", "This address takes another method", NULL);
        atl_http_reply_add(*reply, "Allow", routes[i].method);
        return -1;
    }
    *reply = atl_problem_reply(404, "address", "There is nothing at this address", NULL);
    return -1;
}

size_t atl_api_admit(struct atl_api *api, struct atl_http_request *req,
                     struct atl_http_reply **reply)
{
    int i = find_route(req, reply);
    if (i < 0)
        return 0;
    if (routes[i].needs_key && !find_key(api, req, reply))
        return 0;
    const char *encoding = atl_http_header(req, "Content-Encoding");
    if (encoding && strcmp(encoding, "identity") != 0) {
        *reply = atl_problem_reply(415, "encoding", "Only unencoded bodies are read here", NULL);
        return 0;
    }
    return routes[i].max_bytes;
}

struct atl_http_reply *atl_api_too_long(const struct atl_http_request *req)
{
    (void)req;
    return atl_problem_reply(413, "too-large", "The body is larger than this address takes",
                             "POST /v1/events takes 1048576 bytes, POST /v1/requests 65536");
}

static struct atl_http_reply *refuse(enum atl_auth why)
{
    char detail[96];
    switch (why) {
    case ATL_AUTH_UNSIGNED:
        return atl_problem_reply(401, "signature", "The request is not signed",
                                 "webhook-id, webhook-timestamp and webhook-signature are needed");
    case ATL_AUTH_SIGNATURE:
        return atl_problem_reply(401, "signature", "The signature fits no secret of this store",
                                 NULL);
    case ATL_AUTH_SKEW:
        (void)snprintf(detail, sizeof detail,
                       "webhook-timestamp and this clock differ by more "
                       "than %d s; see the header Date",
                       ATL_AUTH_SKEW_S);
        return atl_problem_reply(401, "clock-skew", "The clocks differ too much", detail);
    case ATL_AUTH_OK:
        break;
    }
    return NULL;
}

static struct atl_http_reply *capabilities(void)
{
    const struct atl_capabilities all = {ATL_CLOUDEVENTS_MAX, ATL_CLOUDEVENTS_MAX_BYTES,
                                         ATL_API_WAIT_MAX_S, atl_clock_wall_ms()};
    struct atl_buf body;
    atl_buf_init(&body, 4096);
    atl_capabilities_write(&all, &body);
    return atl_json_reply(200, &body);
}

static struct atl_http_reply *health(struct atl_ledger *ledger)
{
    int64_t stores, orders;
    struct atl_error err;
    struct atl_buf body;
    struct atl_json_writer json;
    if (atl_ledger_count(ledger, &stores, &orders, &err))
        return atl_problem_later(&err);
    atl_buf_init(&body, 4096);
    atl_json_writer_init(&json, &body);
    atl_json_open(&json, '{');
    atl_json_text_of(&json, "status", "ok");
    atl_json_time_of(&json, "server_time", atl_clock_wall_ms());
    atl_json_shut(&json, '}');
    return atl_json_reply(200, &body);
}

// A feed that has waited was checked when it came; its time may have run out since.
static bool was_checked(const struct atl_http_request *req)
{
    return req->note[0] == 'w';
}

static enum atl_http_next handle_signed(struct atl_api *api, enum route route,
                                        struct atl_http_request *req, struct atl_http_reply **reply)
{
    const struct atl_key *key = find_key(api, req, reply);
    if (!key)
        return ATL_HTTP_ANSWER;
    const struct atl_signed what = {
        atl_http_header(req, "webhook-id"), atl_http_header(req, "webhook-timestamp"),
        atl_http_header(req, "webhook-signature"), req->body, req->body_len};
    if (!was_checked(req))
        *reply = refuse(atl_auth_check(key, &what, atl_clock_wall_ms() / 1000));
    if (*reply)
        return ATL_HTTP_ANSWER;
    if (route == ROUTE_FEED)
        return atl_feed_get(api->ledger, key->store, req, reply);
    *reply = route == ROUTE_EVENTS
                 ? atl_ingest(api->ledger, key->store, req->body, req->body_len)
                 : atl_feed_ask(api->ledger, key->store, req->body, req->body_len);
    return ATL_HTTP_ANSWER;
}

enum atl_http_next atl_api_handle(struct atl_api *api, struct atl_http_request *req,
                                  struct atl_http_reply **reply)
{
    int i = find_route(req, reply);
    if (i < 0)
        return ATL_HTTP_ANSWER;
    if (routes[i].needs_key)
        return handle_signed(api, routes[i].route, req, reply);
    *reply = routes[i].route == ROUTE_HEALTH ? health(api->ledger) : capabilities();
    return ATL_HTTP_ANSWER;
}
