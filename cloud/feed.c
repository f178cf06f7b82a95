// SPDX-License-Identifier: Apache-2.0
// GET /v1/feed, which waits when there is nothing, and POST /v1/requests, which wakes it.
#include "cloud/api.h"

#include "cloud/clock.h"
#include "cloud/problem.h"
#include "plugin/core/id.h"
#include "plugin/wire/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { FEED_MAX_BYTES = 16 * 1024 * 1024, ASK_ARENA_MAX = 1024 * 1024 };

// A whole number in 0..max of the query, or `otherwise`.
static int64_t query_number(const struct atl_http_request *req, const char *name, int64_t max,
                            int64_t otherwise)
{
    const char *text = atl_http_query(req, name);
    size_t digits = text ? strspn(text, "0123456789") : 0;
    if (digits < 1 || digits > 9 || text[digits] != '\0')
        return otherwise;
    int64_t number = strtoll(text, NULL, 10);
    return number > max ? max : number;
}

static struct atl_http_reply *write_page(const struct atl_feed_page *page)
{
    struct atl_buf body;
    atl_buf_init(&body, FEED_MAX_BYTES);
    atl_feed_write(page->items, page->count, page->next, page->has_more, &body);
    return atl_json_reply(200, &body);
}

// The note says 'w' once it waits; the deadline is that of the first time.
static bool may_wait(struct atl_http_request *req, int64_t store_id)
{
    if (req->is_due)
        return false;
    if (req->note[0] != 'w') {
        int64_t wait_s = query_number(req, "wait", ATL_API_WAIT_MAX_S, 0);
        if (wait_s == 0)
            return false;
        req->note[0] = 'w';
        req->wait_until_ms = atl_clock_monotonic_ms() + wait_s * 1000;
    }
    req->wait_key = atl_api_wait_key(store_id);
    return true;
}

static enum atl_http_next get(struct atl_ledger *ledger, const char *store,
                              struct atl_http_request *req, struct atl_arena *arena,
                              struct atl_http_reply **reply)
{
    struct atl_feed_page page;
    struct atl_error err;
    const char *after = atl_http_query(req, "after");
    int64_t limit = query_number(req, "limit", ATL_API_FEED_MAX, ATL_API_FEED_MAX);
    atl_code rc = atl_ledger_feed(ledger, store, after ? after : "", limit ? (size_t)limit : 1,
                                  atl_clock_wall_ms(), arena, &page, &err);
    if (rc == ATL_E_CONFLICT)
        *reply =
            atl_problem_reply(410, "cursor-expired", "Begin again with an empty cursor", err.text);
    else if (rc)
        *reply = atl_problem_later(&err);
    else if (page.count == 0 && may_wait(req, page.store))
        return ATL_HTTP_WAIT;
    else
        *reply = write_page(&page);
    return ATL_HTTP_ANSWER;
}

enum atl_http_next atl_feed_get(struct atl_ledger *ledger, const char *store,
                                struct atl_http_request *req, struct atl_http_reply **reply)
{
    struct atl_arena arena;
    atl_arena_init(&arena, FEED_MAX_BYTES);
    enum atl_http_next next = get(ledger, store, req, &arena, reply);
    atl_arena_free(&arena);
    return next;
}

// Requests.

static atl_code complete(struct atl_request *request, char id[ATL_ID_CAP], int64_t now_ms,
                         struct atl_error *err)
{
    uint8_t random[ATL_ID_RANDOM_BYTES];
    if (request->time_ms == 0)
        request->time_ms = now_ms;
    if (request->id)
        return ATL_OK;
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return atl_fail(err, ATL_E_IO, "no random bytes: %s", strerror(errno));
    atl_id_make(now_ms, random, id);
    request->id = id;
    return ATL_OK;
}

static struct atl_http_reply *accepted(const char *id)
{
    struct atl_buf body;
    struct atl_json_writer json;
    atl_buf_init(&body, 4096);
    atl_json_writer_init(&json, &body);
    atl_json_open(&json, '{');
    atl_json_text_of(&json, "request", id);
    atl_json_shut(&json, '}');
    return atl_json_reply(202, &body);
}

static struct atl_http_reply *ask(struct atl_ledger *ledger, const char *store, const char *body,
                                  size_t len, struct atl_arena *arena)
{
    char id[ATL_ID_CAP];
    struct atl_request request;
    struct atl_error err;
    struct atl_buf item;
    int64_t now_ms = atl_clock_wall_ms();
    atl_code rc = atl_request_parse(body, len, arena, &request, &err);
    if (rc)
        return atl_problem_reply(422, "request", "The request cannot be read", err.text);
    if (request.type == ATL_REQUEST_UNKNOWN)
        return atl_problem_reply(422, "request", "This type of request is not known here",
                                 "cancel, scan and message are");
    atl_buf_init(&item, ATL_API_REQUEST_MAX_BYTES * 2);
    if (!(rc = complete(&request, id, now_ms, &err)) &&
        !(rc = atl_request_write(&request, &item, &err)))
        rc = atl_ledger_ask(ledger, store, &request, (const char *)item.data, now_ms, &err);
    atl_buf_free(&item);
    return rc ? atl_problem_later(&err) : accepted(request.id);
}

struct atl_http_reply *atl_feed_ask(struct atl_ledger *ledger, const char *store, const char *body,
                                    size_t len)
{
    struct atl_arena arena;
    atl_arena_init(&arena, ASK_ARENA_MAX);
    struct atl_http_reply *reply = ask(ledger, store, body, len, &arena);
    atl_arena_free(&arena);
    return reply;
}
