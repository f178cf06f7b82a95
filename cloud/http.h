// SPDX-License-Identifier: Apache-2.0
// The HTTP server behind a handler of our own shape, so that the library under it can be replaced.
//
// One thread, no thread of the library. The program polls atl_http_fd() beside its own
// descriptors and calls atl_http_step() when it is readable or when the time that the last step
// returned has passed. Every callback happens inside atl_http_step(). Times are milliseconds of
// the monotonic clock (clock.h).
#ifndef ATL_CLOUD_HTTP_H
#define ATL_CLOUD_HTTP_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>

struct atl_http;
struct atl_http_reply;

// One request. Borrowed for the call; strings are as they came over the wire (never unescaped).
struct atl_http_request {
    const char *method; // "GET", …
    const char *path;   // begins with '/', without the query
    const char *body;   // NUL-terminated; "" when there is none
    size_t body_len;
    bool is_due; // it has waited as long as it asked for: answer now
    // The handler's wish when it returns ATL_HTTP_WAIT or ATL_HTTP_STREAM: woken by
    // atl_http_wake(wait_key), or at wait_until_ms at the latest (a stream: its next beat).
    uint64_t wait_key;
    int64_t wait_until_ms;
    char note[160]; // the handler's own words to itself, kept while it waits or streams
};

enum atl_http_next {
    ATL_HTTP_ANSWER, // *reply is the answer; its reference goes to the server
    ATL_HTTP_WAIT,   // ask again when woken or due; *reply is untouched
    ATL_HTTP_STREAM, // *reply is an atl_http_reply_stream(); its body comes from `stream`
};

// The program's side. All functions may be called at any time inside a step; none may block.
struct atl_http_app {
    void *self;
    // Headers are complete, the body is not read yet: how many bytes of body are welcome. When
    // the answer is known already (no such path, no key), it sets *reply and the body is never
    // read. A longer body is answered by `too_long`.
    size_t (*admit)(void *self, struct atl_http_request *req, struct atl_http_reply **reply);
    enum atl_http_next (*handle)(void *self, struct atl_http_request *req,
                                 struct atl_http_reply **reply);
    struct atl_http_reply *(*too_long)(void *self, const struct atl_http_request *req);
    // The next bytes of a stream into buf: called once at its start, whenever it is woken and at
    // each beat (then req->is_due). 0 = nothing now; it sets wait_until_ms for the next beat.
    size_t (*stream)(void *self, struct atl_http_request *req, char *buf, size_t cap);
};

struct atl_http_limits {
    unsigned connections; // in all
    unsigned per_address; // 0 = no limit: a proxy in front counts
    unsigned idle_s;      // a silent connection is closed after this
    int64_t request_ms;   // a request must be there and answered in this time, but for its waits
};

// Serves the listening socket `listen_fd`, which stays the caller's until atl_http_close().
ATL_MUST_USE atl_code atl_http_open(struct atl_http **out, int listen_fd,
                                    const struct atl_http_limits *limits,
                                    const struct atl_http_app *app, struct atl_error *err);

// No new connection; what waits is answered and what streams ends at its next step.
void atl_http_stop(struct atl_http *http);
bool atl_http_is_idle(const struct atl_http *http); // no connection is open
void atl_http_close(struct atl_http *http);         // accepts NULL

int atl_http_fd(const struct atl_http *http);
// Serves what is ready; the longest time in ms until it must be called again.
int64_t atl_http_step(struct atl_http *http);
// Everything that waits or streams under the key is asked again in the next step.
void atl_http_wake(struct atl_http *http, uint64_t key);
bool atl_http_has_waiting(const struct atl_http *http);

// NULL when the request has none. Names of headers are compared without case.
const char *atl_http_header(const struct atl_http_request *req, const char *name);
const char *atl_http_query(const struct atl_http_request *req, const char *name);

// An answer. It may be given to many requests; the body is copied. Each reference ends with
// atl_http_reply_drop() or by being handed to the server. NULL when out of memory; adding to
// NULL does nothing, and NULL handed to the server closes the connection.
struct atl_http_reply *atl_http_reply_new(int status, const char *type, const void *body,
                                          size_t len);
struct atl_http_reply *atl_http_reply_stream(struct atl_http_request *req);
void atl_http_reply_add(struct atl_http_reply *reply, const char *name, const char *value);
int atl_http_reply_status(const struct atl_http_reply *reply); // 0 for NULL
struct atl_http_reply *atl_http_reply_keep(struct atl_http_reply *reply);
void atl_http_reply_drop(struct atl_http_reply *reply);

#endif
