// SPDX-License-Identifier: Apache-2.0
#include "drivers/link/parts.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>

int64_t link_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int link_wait(int fd, short events, int64_t deadline_ms)
{
    for (;;) {
        struct pollfd one = {.fd = fd, .events = events};
        int64_t left = deadline_ms - link_now_ms();
        int ready = poll(&one, 1, left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left);

        if (ready > 0)
            return 1;
        if (ready == 0 || errno != EINTR)
            return 0;
    }
}
