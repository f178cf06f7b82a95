// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/local.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool put_path(struct sockaddr_un *address, const char *path)
{
    const size_t len = strlen(path);

    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (len >= sizeof address->sun_path)
        return false;
    memcpy(address->sun_path, path, len + 1);
    return true;
}

static int open_socket(void)
{
    return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

atl_code atl_local_listen(const char *path, mode_t mode, int backlog, int *fd,
                          struct atl_error *err)
{
    struct sockaddr_un address;
    int made;

    if (!put_path(&address, path))
        return atl_fail(err, ATL_E_INVALID, "%s is too long for a socket: mend [paths] run", path);
    made = open_socket();
    if (made < 0)
        return atl_fail(err, ATL_E_IO, "socket: %s", strerror(errno));
    (void)unlink(path);
    if (bind(made, (const struct sockaddr *)&address, sizeof address) || chmod(path, mode) ||
        listen(made, backlog)) {
        const int reason = errno;

        close(made);
        return atl_fail(err, ATL_E_IO, "%s: %s", path, strerror(reason));
    }
    *fd = made;
    return ATL_OK;
}

int atl_local_connect(const char *path)
{
    struct sockaddr_un address;
    const int fd = put_path(&address, path) ? open_socket() : -1;

    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}
