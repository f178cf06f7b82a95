// SPDX-License-Identifier: Apache-2.0
// libmicrohttpd in its external mode: an epoll descriptor that the program polls. A request that
// waits, and a stream with nothing to say, are suspended: MHD neither times them out nor sees
// their peer leave, so each stream gets a beat.
#include "cloud/http_internal.h"

#include "cloud/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum {
    POOL_BYTES = 4096,  // a connection's memory in MHD: request line and headers must fit
    DROP_MAX = 8 << 20, // a body that nobody wants is read as far as this
    SWEEP_MS = 1000,    // how often slow peers are looked for
    LISTEN_BACKLOG = 1024
};

// Requests.

static struct atl_http_peer *peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void set_busy(struct atl_http_call *call, bool is_busy)
{
    struct atl_http_peer *peer = peer_of(call->connection);
    if (peer)
        peer->busy_ms = is_busy ? atl_clock_monotonic_ms() : 0;
}

static enum MHD_Result answer(struct atl_http_call *call, struct atl_http_reply *reply)
{
    if (!reply)
        return MHD_NO;
    enum MHD_Result rc = MHD_queue_response(call->connection, (unsigned)reply->status, reply->mhd);
    atl_http_reply_drop(reply);
    return rc;
}

static uint64_t declared_length(const struct atl_http_request *req)
{
    const char *text = atl_http_header(req, "Content-Length");
    return text ? strtoull(text, NULL, 10) : 0;
}

// A peer that is still sending may never read an answer before it has sent all: its body is read
// and dropped first. Not when it asked before sending, nor when the body is a flood.
static bool must_read_first(const struct atl_http_request *req)
{
    uint64_t len = declared_length(req);
    return (len > 0 && len <= DROP_MAX && !atl_http_header(req, "Expect")) ||
           atl_http_header(req, "Transfer-Encoding");
}

static enum MHD_Result answer_early(struct atl_http_call *call, struct atl_http_reply *reply)
{
    if (!must_read_first(&call->req))
        return answer(call, reply);
    call->early = reply;
    call->limit = 0;
    return reply ? MHD_YES : MHD_NO;
}

static enum MHD_Result begin(struct atl_http *http, struct MHD_Connection *connection,
                             const char *path, const char *method, void **state)
{
    struct atl_http_call *call = calloc(1, sizeof *call);
    if (!call)
        return MHD_NO;
    *call = (struct atl_http_call){.http = http, .connection = connection};
    call->req.method = method;
    call->req.path = path;
    call->req.body = "";
    *state = call; // now owned by MHD, until end()
    struct atl_http_reply *reply = NULL;
    call->limit = http->app.admit(http->app.self, &call->req, &reply);
    if (!reply && declared_length(&call->req) > call->limit)
        reply = http->app.too_long(http->app.self, &call->req);
    return reply ? answer_early(call, reply) : MHD_YES;
}

static bool take_body(struct atl_http_call *call, const char *bytes, size_t len)
{
    if (call->is_too_long || len > call->limit - call->req.body_len) {
        call->is_too_long = true; // the rest is read and dropped, within the request's time
        return true;
    }
    size_t need = call->req.body_len + len + 1;
    if (need > call->cap) {
        size_t cap = call->cap * 2 > need ? call->cap * 2 : need;
        char *body = realloc(call->body, cap);
        if (!body)
            return false;
        call->body = body;
        call->cap = cap;
    }
    memcpy(call->body + call->req.body_len, bytes, len);
    call->req.body_len += len;
    call->body[call->req.body_len] = '\0';
    call->req.body = call->body;
    return true;
}

static enum MHD_Result ask(struct atl_http_call *call)
{
    struct atl_http *http = call->http;
    struct atl_http_reply *reply = call->early;
    call->early = NULL; // now owned by answer()
    if (reply)
        return answer(call, reply);
    if (call->is_too_long)
        return answer(call, http->app.too_long(http->app.self, &call->req));
    call->req.is_due = call->req.is_due || http->is_stopping;
    enum atl_http_next next = http->app.handle(http->app.self, &call->req, &reply);
    set_busy(call, next == ATL_HTTP_ANSWER);
    if (next == ATL_HTTP_WAIT) {
        atl_http_suspend(call);
        return MHD_YES;
    }
    return answer(call, reply);
}

static enum MHD_Result on_request(void *self, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *len, void **state)
{
    (void)version;
    struct atl_http_call *call = *state;
    if (!call)
        return begin(self, connection, path, method, state);
    if (*len > 0) {
        bool ok = take_body(call, bytes, *len);
        *len = 0;
        return ok ? MHD_YES : MHD_NO;
    }
    return ask(call);
}

static void on_completed(void *self, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why)
{
    (void)self, (void)why;
    struct atl_http_call *call = *state;
    struct atl_http_peer *peer = peer_of(connection);
    if (peer)
        peer->busy_ms = atl_clock_monotonic_ms();
    if (!call)
        return;
    atl_http_forget(call);
    atl_http_reply_drop(call->early);
    free(call->body);
    free(call);
    *state = NULL;
}

static void on_connection(void *self, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode what)
{
    struct atl_http *http = self;
    struct atl_http_peer *peer = *state;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        peer = calloc(1, sizeof *peer);
        if (!peer || !info) {
            free(peer);
            return;
        }
        *peer =
            (struct atl_http_peer){NULL, http->peers, info->connect_fd, atl_clock_monotonic_ms()};
        if (peer->next)
            peer->next->prev = peer;
        http->peers = peer;
        *state = peer;
    } else if (peer) {
        *(peer->prev ? &peer->prev->next : &http->peers) = peer->next;
        if (peer->next)
            peer->next->prev = peer->prev;
        free(peer);
        *state = NULL;
    }
}

// A peer that sends one byte now and then is never idle for MHD. Its socket is shut down, MHD
// sees the end and closes.
static void sweep_slow(struct atl_http *http, int64_t now)
{
    http->next_sweep_ms = now + SWEEP_MS;
    for (struct atl_http_peer *peer = http->peers; peer; peer = peer->next)
        if (peer->busy_ms && now - peer->busy_ms > http->limits.request_ms)
            shutdown(peer->fd, SHUT_RDWR);
}

const char *atl_http_header(const struct atl_http_request *req, const char *name)
{
    const struct atl_http_call *call = (const struct atl_http_call *)(const void *)req;
    return MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, name);
}

const char *atl_http_query(const struct atl_http_request *req, const char *name)
{
    const struct atl_http_call *call = (const struct atl_http_call *)(const void *)req;
    return MHD_lookup_connection_value(call->connection, MHD_GET_ARGUMENT_KIND, name);
}

// MHD would turn %00 into an end of the path. No path of ours needs escapes.
static size_t keep_escaped(void *self, struct MHD_Connection *connection, char *text)
{
    (void)self, (void)connection;
    return strlen(text);
}

// The server.

static struct MHD_Daemon *start_daemon(struct atl_http *http)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, http,
        MHD_OPTION_LISTEN_SOCKET, http->listen_fd, MHD_OPTION_CONNECTION_LIMIT,
        http->limits.connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT, http->limits.per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, http->limits.idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)POOL_BYTES, MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, MHD_OPTION_UNESCAPE_CALLBACK,
        keep_escaped, NULL, MHD_OPTION_END);
}

atl_code atl_http_open(struct atl_http **out, int listen_fd, const struct atl_http_limits *limits,
                       const struct atl_http_app *app, struct atl_error *err)
{
    struct atl_http *http = calloc(1, sizeof *http);
    if (!http)
        return atl_fail(err, ATL_E_NOMEM, "no memory for the web server");
    http->app = *app;
    http->limits = *limits;
    http->listen_fd = listen_fd;
    http->next_due_ms = INT64_MAX;
    int flags = fcntl(listen_fd, F_GETFL);
    if (flags < 0 || fcntl(listen_fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
        !(http->daemon = start_daemon(http))) {
        free(http);
        return atl_fail(err, ATL_E_IO, "the web server does not start on descriptor %d: %s",
                        listen_fd, strerror(errno));
    }
    *out = http;
    return ATL_OK;
}

void atl_http_stop(struct atl_http *http)
{
    http->is_stopping = true;
    http->next_due_ms = 0;
    (void)MHD_quiesce_daemon(http->daemon);
}

bool atl_http_is_idle(const struct atl_http *http)
{
    return !http->peers;
}

void atl_http_close(struct atl_http *http)
{
    if (!http)
        return;
    atl_http_resume_all(http);
    MHD_stop_daemon(http->daemon);
    free(http);
}

int atl_http_fd(const struct atl_http *http)
{
    return MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int64_t atl_http_step(struct atl_http *http)
{
    (void)MHD_run(http->daemon);
    int64_t now = atl_clock_monotonic_ms();
    if (now >= http->next_due_ms) {
        atl_http_resume_due(http, now);
        (void)MHD_run(http->daemon);
    }
    if (now >= http->next_sweep_ms)
        sweep_slow(http, now);
    MHD_UNSIGNED_LONG_LONG wait;
    int64_t longest = http->peers ? http->next_sweep_ms - now : 60000;
    if (MHD_get_timeout(http->daemon, &wait) == MHD_YES && (int64_t)wait < longest)
        longest = (int64_t)wait;
    if (http->next_due_ms - now < longest)
        longest = http->next_due_ms - now;
    return longest > 0 ? longest : 0;
}
