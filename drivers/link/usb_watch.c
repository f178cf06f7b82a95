// SPDX-License-Identifier: Apache-2.0
// The kernel speaks before udev has given the node its group, udev afterwards, and without udev the
// kernel alone: both groups are listened to.
#include "drivers/link/usb_watch.h"

#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OF_KERNEL = 1, OF_UDEV = 2, MESSAGE_MAX = 8192 };

int usb_watch_open(void)
{
    const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = OF_KERNEL | OF_UDEV};
    const int fd =
        socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);

    if (fd < 0)
        return -1;
    if (bind(fd, (const struct sockaddr *)&address, sizeof address)) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool is_of(const char *message, size_t len, const char *const *subsystems, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (memmem(message, len, subsystems[i], strlen(subsystems[i]) + 1)) // with its NUL
            return true;
    }
    return false;
}

static bool drain(int fd, const char *const *subsystems, size_t count)
{
    char message[MESSAGE_MAX];
    bool is_news = false;
    ssize_t len;

    while ((len = recv(fd, message, sizeof message, MSG_DONTWAIT)) > 0)
        is_news = is_news || is_of(message, (size_t)len, subsystems, count);
    return is_news;
}

bool usb_watch_drain(int fd)
{
    static const char *const subsystems[] = {"SUBSYSTEM=usb"};

    return drain(fd, subsystems, 1);
}

bool usb_watch_drain_inputs(int fd)
{
    static const char *const subsystems[] = {"SUBSYSTEM=usb", "SUBSYSTEM=input",
                                             "SUBSYSTEM=hidraw"};

    return drain(fd, subsystems, 3);
}
