// SPDX-License-Identifier: Apache-2.0
// The kernel speaks before udev has given the node its group, udev afterwards, and without udev the
// kernel alone: both groups are listened to.
#include "drivers/link/usb_watch.h"

#include <linux/netlink.h>
#include <stdbool.h>
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

static bool has_word(const char *message, size_t len, const char *word)
{
    return memmem(message, len, word, strlen(word) + 1); // with its NUL
}

unsigned usb_watch_read(const char *message, size_t len)
{
    const bool is_add = has_word(message, len, "ACTION=add");
    unsigned news = 0;

    if (has_word(message, len, "SUBSYSTEM=usb"))
        news |= USB_WATCH_USB;
    if (news && is_add && has_word(message, len, "DEVTYPE=usb_device"))
        news |= USB_WATCH_DEVICE;
    if (is_add && has_word(message, len, "SUBSYSTEM=block"))
        news |= USB_WATCH_DISK;
    if (has_word(message, len, "SUBSYSTEM=input") || has_word(message, len, "SUBSYSTEM=hidraw"))
        news |= USB_WATCH_INPUT;
    return news;
}

unsigned usb_watch_drain(int fd)
{
    char message[MESSAGE_MAX];
    unsigned news = 0;
    ssize_t len;

    while ((len = recv(fd, message, sizeof message, MSG_DONTWAIT)) > 0)
        news |= usb_watch_read(message, (size_t)len);
    return news;
}
