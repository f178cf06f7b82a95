// SPDX-License-Identifier: Apache-2.0
#include "cloud/service.h"

#include "cloud/api.h"
#include "cloud/clock.h"
#include "cloud/listen.h"
#include "cloud/page.h"
#include "cloud/problem.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
    IDLE_S = 15,           // a silent connection
    OTHERS_MS = 100,       // how often other processes' commits are looked for while someone waits
    GRACE_MS = 500,        // for answers on their way when we end
    TOKEN_SHOWN = 6,       // characters of a token that a log may hold
    SPARE_DESCRIPTORS = 64 // beside the connections
};

struct service {
    const struct atl_options *options;
    struct atl_api api;
    struct atl_ledger *ledger; // owned, as all below
    struct atl_keys *keys;
    struct atl_zones *zones;
    struct atl_pages *pages;
    struct atl_http *http;
    int listen_fd, signal_fd;
    uint64_t generation; // of the ledger, when waiting requests were last looked at
    int64_t change;
};

// A path may hold a token.
static void log_request(const struct service *service, const struct atl_http_request *req,
                        const struct atl_http_reply *reply)
{
    if (!service->options->logs_requests)
        return;
    int shown = atl_api_owns(req->path) ? 40 : 3 + TOKEN_SHOWN;
    char path[48];
    (void)snprintf(path, sizeof path, "%.*s", shown, req->path);
    for (char *at = path; *at; at++)
        if (*at < '!' || *at > '~' || *at == '"')
            *at = '?';
    (void)fprintf(stderr, "cloud: request: method=%.8s path=\"%s\" status=%d bytes=%zu\n",
                  req->method, path, atl_http_reply_status(reply), req->body_len);
}

static size_t admit(void *self, struct atl_http_request *req, struct atl_http_reply **reply)
{
    struct service *service = self;
    size_t welcome = 0;
    if (atl_api_owns(req->path)) {
        welcome = atl_api_admit(&service->api, req, reply);
    } else if (strcmp(req->method, "GET") != 0 && strcmp(req->method, "HEAD") != 0) {
        *reply = atl_problem_reply(405, "method", "This address takes GET and HEAD", NULL);
        atl_http_reply_add(*reply, "Allow", "GET, HEAD");
    }
    if (*reply)
        log_request(service, req, *reply);
    return welcome;
}

static enum atl_http_next handle(void *self, struct atl_http_request *req,
                                 struct atl_http_reply **reply)
{
    struct service *service = self;
    enum atl_http_next next = atl_api_owns(req->path)
                                  ? atl_api_handle(&service->api, req, reply)
                                  : atl_pages_handle(service->pages, req, reply);
    if (next != ATL_HTTP_WAIT)
        log_request(service, req, *reply);
    return next;
}

static size_t stream(void *self, struct atl_http_request *req, char *buf, size_t cap)
{
    struct service *service = self;
    return atl_pages_stream(service->pages, req, buf, cap);
}

static struct atl_http_reply *too_long(void *self, const struct atl_http_request *req)
{
    (void)self;
    return atl_api_too_long(req);
}

// Opening.

static atl_code open_signals(int *out, struct atl_error *err)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    (void)signal(SIGPIPE, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 ||
        (*out = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) < 0)
        return atl_fail(err, ATL_E_IO, "signalfd: %s", strerror(errno));
    return ATL_OK;
}

// As many descriptors as the machine lets us have; fewer mean fewer connections.
static unsigned fit_connections(unsigned wanted)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return wanted;
    rlim_t need = (rlim_t)wanted + SPARE_DESCRIPTORS;
    if (limit.rlim_cur < need) {
        limit.rlim_cur =
            limit.rlim_max == RLIM_INFINITY || limit.rlim_max > need ? need : limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= need || limit.rlim_cur <= SPARE_DESCRIPTORS)
        return wanted;
    unsigned fits = (unsigned)(limit.rlim_cur - SPARE_DESCRIPTORS);
    (void)fprintf(stderr,
                  "cloud: fewer connections: wanted=%u now=%u why=\"the limit of open "
                  "files; raise it with ulimit -n or LimitNOFILE\"\n",
                  wanted, fits);
    return fits;
}

static atl_code open_http(struct service *service, char *url, size_t url_cap, struct atl_error *err)
{
    const struct atl_options *options = service->options;
    const struct atl_http_limits limits = {fit_connections(options->connections),
                                           options->per_address, IDLE_S,
                                           (int64_t)options->request_s * 1000};
    const struct atl_http_app app = {service, admit, handle, too_long, stream};
    atl_code rc = atl_listen(options->listen, &service->listen_fd, url, url_cap, err);
    if (rc)
        return rc;
    return atl_http_open(&service->http, service->listen_fd, &limits, &app, err);
}

static atl_code open_all(struct service *service, char *url, size_t url_cap, struct atl_error *err)
{
    const struct atl_options *options = service->options;
    bool is_https = options->base_url && strncmp(options->base_url, "https://", 8) == 0;
    atl_code rc;
    if ((rc = atl_keys_open(&service->keys, options->keys, err)))
        return rc == ATL_E_NOT_FOUND
                   ? atl_wrap(err, rc,
                              "make it with atelier-cloud add-store RETAILER/STORE --keys "
                              "%s",
                              options->keys)
                   : rc;
    if ((rc = atl_ledger_open(&service->ledger, options->data, err)) ||
        (rc = open_signals(&service->signal_fd, err)))
        return rc;
    service->zones = atl_zones_open("/usr/share/zoneinfo");
    if (service->zones)
        service->pages = atl_pages_open(service->ledger, service->zones, options->slots, is_https);
    if (!service->pages)
        return atl_fail(err, ATL_E_NOMEM, "no memory for the pages");
    service->api = (struct atl_api){service->ledger, service->keys};
    service->change = -1;
    rc = atl_ledger_changes(service->ledger, &service->change, NULL, NULL, err);
    return rc ? rc : open_http(service, url, url_cap, err);
}

static void close_all(struct service *service)
{
    atl_http_close(service->http);
    if (service->listen_fd >= 0)
        close(service->listen_fd);
    if (service->signal_fd >= 0)
        close(service->signal_fd);
    atl_pages_close(service->pages);
    atl_zones_close(service->zones);
    atl_ledger_close(service->ledger);
    atl_keys_close(service->keys);
}

// The loop.

static void wake(void *self, bool is_feed, int64_t id)
{
    struct service *service = self;
    atl_http_wake(service->http, is_feed ? atl_api_wait_key(id) : atl_pages_wait_key(id));
}

// Whoever waits for what was committed, here or in another process, is asked again.
static void wake_waiting(struct service *service)
{
    struct atl_error err;
    if (!atl_http_has_waiting(service->http))
        return;
    uint64_t generation = atl_ledger_generation(service->ledger);
    if (generation == service->generation)
        return;
    if (atl_ledger_changes(service->ledger, &service->change, wake, service, &err))
        (void)fprintf(stderr, "cloud: changes not read: why=\"%s\"\n", err.text);
    else
        service->generation = generation;
}

static bool is_told_to_stop(int signal_fd)
{
    struct signalfd_siginfo info;
    return read(signal_fd, &info, sizeof info) == (ssize_t)sizeof info;
}

static atl_code look(struct service *service, int64_t wait_ms, struct atl_error *err)
{
    struct pollfd fds[] = {
        {atl_http_fd(service->http), POLLIN, 0},
        {service->signal_fd,         POLLIN, 0}
    };
    if (poll(fds, 2, (int)wait_ms) < 0 && errno != EINTR)
        return atl_fail(err, ATL_E_IO, "poll: %s", strerror(errno));
    return ATL_OK;
}

static atl_code serve(struct service *service, struct atl_error *err)
{
    for (;;) {
        int64_t wait_ms = atl_http_step(service->http);
        wake_waiting(service);
        if (atl_http_has_waiting(service->http) && wait_ms > OTHERS_MS)
            wait_ms = OTHERS_MS;
        atl_code rc = look(service, wait_ms, err);
        if (rc || is_told_to_stop(service->signal_fd))
            return rc;
    }
}

static void finish(struct service *service)
{
    int64_t end_ms = atl_clock_monotonic_ms() + GRACE_MS;
    atl_http_stop(service->http);
    while (!atl_http_is_idle(service->http) && atl_clock_monotonic_ms() < end_ms) {
        int64_t wait_ms = atl_http_step(service->http);
        if (look(service, wait_ms < 20 ? wait_ms : 20, NULL))
            return;
    }
}

atl_code atl_service_run(const struct atl_options *options, struct atl_error *err)
{
    struct service service = {.options = options, .listen_fd = -1, .signal_fd = -1};
    char url[96];
    atl_code rc = open_all(&service, url, sizeof url, err);
    if (!rc) {
        (void)printf("atelier-cloud: ready url=%s stores=%zu\n", url, atl_keys_count(service.keys));
        (void)fflush(stdout);
        rc = serve(&service, err);
        finish(&service);
    }
    close_all(&service);
    return rc;
}
