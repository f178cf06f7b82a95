// SPDX-License-Identifier: Apache-2.0
// A printer on the network, spoken to as on a cable ("raw", "JetDirect", port 9100).
//
// A host may be a name; looking it up waits as long as the machine's resolver does, so printers
// are better written as addresses.
#include "drivers/link.h"
#include "drivers/link/parts.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONNECT_MS = 1500, // so that trouble is told within two seconds
    CLOSE_MS = 500,    // the longest wait for the printer to have read all
    SOON_MS = 20,      // what is not acknowledged yet is looked at each millisecond for so long,
    LOOK_MS = 5,       // and then in such steps
    CHUNK = 16 * 1024,
    AHEAD = 16 * 1024, // not acknowledged yet, when more is sent
    HOST_MAX = 128,
};

struct tcp_link {
    struct atl_link base;
    int fd;
    uint64_t sent_bytes;      // by this machine, which the other side may not have yet
    char name[HOST_MAX + 16]; // "10.0.0.7:9100", for sentences
};

struct target {
    char host[HOST_MAX];
    char port[8];
};

// "host:port" or "[v6]:port".
static atl_code parse(const char *text, struct target *target, struct atl_error *err)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : 0;
    const char *host = text;
    char *end = NULL;
    long port = colon ? strtol(colon + 1, &end, 10) : 0;

    if (len > 1 && text[0] == '[' && text[len - 1] == ']') {
        host++;
        len -= 2;
    }
    if (!len || len >= sizeof target->host || port < 1 || port > 65535 || *end)
        return atl_fail(err, ATL_E_INVALID,
                        "tcp:%s is no address of a printer: write tcp:HOST:PORT, the port is "
                        "mostly 9100",
                        text);
    memcpy(target->host, host, len);
    target->host[len] = 0;
    strncpy(target->port, colon + 1, sizeof target->port - 1);
    target->port[sizeof target->port - 1] = 0;
    return ATL_OK;
}

static atl_code fail_to_connect(const char *name, int why, struct atl_error *err)
{
    switch (why) {
    case ECONNREFUSED:
        return atl_fail(err, ATL_E_IO,
                        "%s refuses the connection: is it a printer, and is that its port?", name);
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case ENETUNREACH:
        return atl_fail(err, ATL_E_IO,
                        "%s does not answer: is the printer on, and its network cable in?", name);
    default:
        return atl_fail(err, ATL_E_IO, "connect %s: %s", name, strerror(why));
    }
}

// 0, or the errno that says why not.
static int connect_one(int fd, const struct addrinfo *to, int64_t deadline_ms)
{
    int why = 0;
    socklen_t size = sizeof why;

    if (connect(fd, to->ai_addr, to->ai_addrlen) == 0)
        return 0;
    if (errno != EINPROGRESS && errno != EINTR)
        return errno;
    if (!link_wait(fd, POLLOUT, deadline_ms))
        return ETIMEDOUT;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &size))
        return errno;
    return why;
}

// Tries each address of the host within one deadline. Returns the descriptor, or -1 and *why.
static int connect_any(const struct addrinfo *list, int *why)
{
    int64_t deadline = link_now_ms() + CONNECT_MS;

    for (const struct addrinfo *to = list; to; to = to->ai_next) {
        int fd = socket(to->ai_family, to->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

        if (fd < 0) {
            *why = errno;
            continue;
        }
        *why = connect_one(fd, to, deadline);
        if (!*why)
            return fd;
        close(fd);
    }
    return -1;
}

static size_t unacknowledged(const struct tcp_link *self)
{
    int left = 0;

    return ioctl(self->fd, SIOCOUTQ, &left) || left < 0 ? 0 : (size_t)left;
}

// What is not acknowledged now will never be.
static atl_code fail_to_send(struct tcp_link *self, int why, struct atl_error *err)
{
    const uint64_t left = unacknowledged(self);

    if (left <= self->sent_bytes)
        self->base.accepted_bytes = self->sent_bytes - left;
    if (why == EPIPE || why == ECONNRESET)
        return atl_fail(err, ATL_E_IO,
                        "%s closed the connection after %llu bytes: look at the "
                        "printer",
                        self->name, (unsigned long long)self->base.accepted_bytes);
    return atl_fail(err, ATL_E_IO, "%s: %s after %llu bytes", self->name, strerror(why),
                    (unsigned long long)self->base.accepted_bytes);
}

// Waits until the other side's network has acknowledged all but `most` bytes: what only waits in
// this machine has reached nobody.
static atl_code wait_for_acknowledgement(struct tcp_link *self, size_t most, unsigned timeout_ms,
                                         struct atl_error *err)
{
    const int64_t soon = link_now_ms() + SOON_MS;
    int64_t deadline = link_now_ms() + timeout_ms;
    short answer = POLLIN; // brings the acknowledgement of its question with it
    size_t before = 0;

    for (;;) {
        struct pollfd news = {.fd = self->fd, .events = answer};
        const size_t left = unacknowledged(self);
        const int64_t now = link_now_ms();

        if (left <= most)
            return ATL_OK;
        if (left != before)
            deadline = now + timeout_ms;
        before = left;
        if (now >= deadline)
            return atl_fail(err, ATL_E_TIMEOUT,
                            "%s has not taken the last %zu bytes for %u ms: look at the printer",
                            self->name, left, timeout_ms);
        if (poll(&news, 1, now < soon ? 1 : LOOK_MS) > 0 && news.revents & (POLLERR | POLLHUP))
            return fail_to_send(self, ECONNRESET, err);
        if (news.revents & POLLIN)
            answer = 0; // it stays there until it is read
    }
}

static atl_code tcp_write(struct atl_link *link, const void *bytes, size_t len, unsigned timeout_ms,
                          struct atl_error *err)
{
    struct tcp_link *self = (struct tcp_link *)link;
    const char *at = bytes;

    while (len) {
        const atl_code rc = wait_for_acknowledgement(self, AHEAD, timeout_ms, err);
        ssize_t n;

        if (rc)
            return rc;
        n = send(self->fd, at, len < CHUNK ? len : CHUNK, MSG_NOSIGNAL);
        if (n >= 0) {
            at += n;
            len -= (size_t)n;
            self->sent_bytes += (uint64_t)n;
            link->accepted_bytes = self->sent_bytes;
        } else if (errno == EAGAIN) {
            if (!link_wait(self->fd, POLLOUT, link_now_ms() + timeout_ms))
                return atl_fail(err, ATL_E_TIMEOUT,
                                "%s took nothing for %u ms, %zu bytes left: look at the printer",
                                self->name, timeout_ms, len);
        } else if (errno != EINTR) {
            return fail_to_send(self, errno, err);
        }
    }
    return link->has_more ? ATL_OK : wait_for_acknowledgement(self, 0, timeout_ms, err);
}

static atl_code tcp_read(struct atl_link *link, void *bytes, size_t cap, size_t *got,
                         unsigned timeout_ms, struct atl_error *err)
{
    struct tcp_link *self = (struct tcp_link *)link;
    int64_t deadline = link_now_ms() + timeout_ms;

    for (;;) {
        ssize_t n = recv(self->fd, bytes, cap, MSG_DONTWAIT);

        if (n > 0) {
            *got = (size_t)n;
            return ATL_OK;
        }
        if (n == 0)
            return fail_to_send(self, EPIPE, err);
        if (errno == EAGAIN && !link_wait(self->fd, POLLIN, deadline))
            return atl_fail(err, ATL_E_TIMEOUT, "%s gave no answer in %u ms", self->name,
                            timeout_ms);
        if (errno != EAGAIN && errno != EINTR)
            return fail_to_send(self, errno, err);
    }
}

// A close with unread answers sends a reset, which makes a printer throw away what it has not
// printed. So: say the end, then read until the other side has closed, too.
static void tcp_close(struct atl_link *link)
{
    struct tcp_link *self = (struct tcp_link *)link;
    int64_t deadline = link_now_ms() + CLOSE_MS;
    char rest[256];

    shutdown(self->fd, SHUT_WR);
    while (link_wait(self->fd, POLLIN, deadline) && link_now_ms() < deadline) {
        ssize_t n = recv(self->fd, rest, sizeof rest, MSG_DONTWAIT);

        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
            break;
    }
    close(self->fd);
    free(self);
}

static const struct atl_link_ops tcp_ops = {
    .scheme = "tcp",
    .write = tcp_write,
    .read = tcp_read,
    .close = tcp_close,
};

static atl_code open_target(const char *name, const struct target *target, int *fd,
                            struct atl_error *err)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *list = NULL;
    int on = 1;
    int why = getaddrinfo(target->host, target->port, &hints, &list);

    if (why)
        return atl_fail(err, ATL_E_NOT_FOUND, "%s: %s: write the printer's address instead",
                        target->host, gai_strerror(why));
    *fd = connect_any(list, &why);
    freeaddrinfo(list);
    if (*fd < 0)
        return fail_to_connect(name, why, err);
    setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(*fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    return ATL_OK;
}

atl_code atl_link_open_tcp(const char *host_port, struct atl_link **out, struct atl_error *err)
{
    struct target target = {0};
    struct tcp_link *self;
    int fd = -1;
    atl_code rc = parse(host_port, &target, err);

    if (!rc)
        rc = open_target(host_port, &target, &fd, err);
    if (rc)
        return rc;
    self = calloc(1, sizeof *self);
    if (!self) {
        close(fd);
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a link");
    }
    self->base = (struct atl_link){.ops = &tcp_ops, .carries = ATL_LINK_CARRIES_ANSWERS};
    self->fd = fd;
    strncpy(self->name, host_port, sizeof self->name - 1);
    *out = &self->base;
    return ATL_OK;
}
