// SPDX-License-Identifier: Apache-2.0
// usb-pull IMAGE GADGET COUNT: pulls a stick's cable when its image was written to COUNT times.
// What the stick's firmware (the kernel's mass storage function) does in between is not ours to
// decide, so the moment is as near as the kernel tells; which moments there are is what the suite
// goes through.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { PATH_BYTES = 256 };

static int pull(const char *gadget)
{
    char path[PATH_BYTES];
    int fd;
    int code = 1;

    (void)snprintf(path, sizeof path, "/sys/kernel/config/usb_gadget/%s/UDC", gadget);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd >= 0 && write(fd, "\n", 1) == 1)
        code = 0;
    else
        fprintf(stderr, "usb-pull: %s: %s\n", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return code;
}

int main(int argc, char **argv)
{
    // Read one by one: of a file that is watched itself they carry no name.
    struct inotify_event one;
    const int watch = inotify_init1(IN_CLOEXEC);
    long left;

    if (argc != 4 || watch < 0 || inotify_add_watch(watch, argv[1], IN_MODIFY) < 0) {
        fprintf(stderr, "usage: usb-pull IMAGE GADGET COUNT: %s\n", strerror(errno));
        return 2;
    }
    puts("watching");
    (void)fflush(stdout);
    for (left = strtol(argv[3], NULL, 10); left > 0; left--) {
        if (read(watch, &one, sizeof one) < (ssize_t)sizeof one)
            return 1;
    }
    return pull(argv[2]);
}
