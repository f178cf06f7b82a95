// SPDX-License-Identifier: Apache-2.0
#include "cloud/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static atl_code parse(const char *where, union address *out, socklen_t *len, struct atl_error *err)
{
    char host[64];
    const char *colon = strrchr(where, ':');
    size_t size = colon ? (size_t)(colon - where) : 0;
    if (!colon || size >= sizeof host)
        return atl_fail(err, ATL_E_INVALID, "--listen %s: must be ADDRESS:PORT", where);
    memcpy(host, where, size);
    host[size] = '\0';
    char *end;
    unsigned long port = strtoul(colon + 1, &end, 10);
    if (colon[1] < '0' || colon[1] > '9' || *end || port > 65535)
        return atl_fail(err, ATL_E_INVALID, "--listen %s: the port must be 0..65535", where);
    memset(out, 0, sizeof *out);
    if (host[0] == '[' && size > 2 && host[size - 1] == ']') {
        host[size - 1] = '\0';
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons((uint16_t)port);
        *len = sizeof out->v6;
        if (inet_pton(AF_INET6, host + 1, &out->v6.sin6_addr) == 1)
            return ATL_OK;
    }
    out->v4.sin_family = AF_INET;
    out->v4.sin_port = htons((uint16_t)port);
    *len = sizeof out->v4;
    if (inet_pton(AF_INET, host, &out->v4.sin_addr) == 1)
        return ATL_OK;
    return atl_fail(err, ATL_E_INVALID,
                    "--listen %s: the address must be a number, such as 127.0.0.1 or [::1]", where);
}

static atl_code bind_to(const char *where, int *out, struct atl_error *err)
{
    union address address;
    socklen_t len;
    atl_code rc = parse(where, &address, &len, err);
    if (rc)
        return rc;
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return atl_fail(err, ATL_E_IO, "make a socket: %s", strerror(errno));
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(fd, &address.any, len) < 0 || listen(fd, SOMAXCONN) < 0) {
        int why = errno;
        close(fd);
        return atl_fail(err, ATL_E_IO, "listen on %s: %s%s", where, strerror(why),
                        why == EADDRINUSE ? "; is another atelier-cloud running there?" : "");
    }
    *out = fd;
    return ATL_OK;
}

static atl_code inherit(const char *where, int *out, struct atl_error *err)
{
    char *end;
    long fd = strtol(where + 3, &end, 10);
    int is_listening = 0;
    socklen_t len = sizeof is_listening;
    if (where[3] < '0' || where[3] > '9' || *end || fd > 65535)
        return atl_fail(err, ATL_E_INVALID, "--listen %s: must be fd:NUMBER", where);
    if (getsockopt((int)fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &len) < 0 || !is_listening)
        return atl_fail(err, ATL_E_INVALID, "--listen %s: that is no listening socket", where);
    (void)fcntl((int)fd, F_SETFD, FD_CLOEXEC);
    *out = (int)fd;
    return ATL_OK;
}

static void describe(int fd, char *url, size_t cap)
{
    union address address;
    socklen_t len = sizeof address;
    char host[INET6_ADDRSTRLEN] = "?";
    (void)snprintf(url, cap, "http://?");
    if (getsockname(fd, &address.any, &len) < 0)
        return;
    if (address.any.sa_family == AF_INET6) {
        (void)inet_ntop(AF_INET6, &address.v6.sin6_addr, host, sizeof host);
        (void)snprintf(url, cap, "http://[%s]:%u", host, ntohs(address.v6.sin6_port));
    } else if (address.any.sa_family == AF_INET) {
        (void)inet_ntop(AF_INET, &address.v4.sin_addr, host, sizeof host);
        (void)snprintf(url, cap, "http://%s:%u", host, ntohs(address.v4.sin_port));
    }
}

atl_code atl_listen(const char *where, int *fd, char *url, size_t url_cap, struct atl_error *err)
{
    atl_code rc = strncmp(where, "fd:", 3) == 0 ? inherit(where, fd, err) : bind_to(where, fd, err);
    if (!rc)
        describe(*fd, url, url_cap);
    return rc;
}
