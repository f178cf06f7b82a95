// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/doorbell.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static atl_code address_of(const char *run, const char *name, struct sockaddr_un *out,
                           struct atl_error *err)
{
    int len;

    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    len = snprintf(out->sun_path, sizeof out->sun_path, "%s/%s.bell", run, name);
    if (len < 0 || (size_t)len >= sizeof out->sun_path)
        return atl_fail(err, ATL_E_INVALID, "%s/%s.bell is too long for a socket", run, name);
    return ATL_OK;
}

atl_code atl_doorbell_open(const char *run, const char *name, int *fd, struct atl_error *err)
{
    struct sockaddr_un address;
    atl_code rc = address_of(run, name, &address, err);
    int bell;

    if (rc)
        return rc;
    bell = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bell < 0)
        return atl_fail(err, ATL_E_IO, "socket: %s", strerror(errno));
    (void)unlink(address.sun_path);
    if (bind(bell, (const struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(address.sun_path, 0600) != 0) {
        rc = atl_fail(err, ATL_E_IO, "doorbell %s: %s", address.sun_path, strerror(errno));
        close(bell);
        return rc;
    }
    *fd = bell;
    return ATL_OK;
}

void atl_doorbell_ring(const char *run, const char *name)
{
    struct sockaddr_un address;
    int bell;

    if (address_of(run, name, &address, NULL))
        return;
    bell = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (bell < 0)
        return;
    // A full queue means that rings wait already.
    (void)sendto(bell, "", 0, MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)&address,
                 sizeof address);
    close(bell);
}

void atl_doorbell_clear(int fd)
{
    char ring;

    while (recv(fd, &ring, sizeof ring, MSG_DONTWAIT) >= 0)
        continue;
}
