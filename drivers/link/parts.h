// SPDX-License-Identifier: Apache-2.0
// What the links share; drivers do not include it.
#ifndef ATL_DRIVERS_LINK_PARTS_H
#define ATL_DRIVERS_LINK_PARTS_H

#include "plugin/core/error.h"

#include <stddef.h>
#include <stdint.h>

int64_t link_now_ms(void); // monotonic

// Waits until the descriptor is ready for `events` (POLLIN, POLLOUT) or broken. 1: ready;
// 0: not until the deadline. Interruptions do not end it.
int link_wait(int fd, short events, int64_t deadline_ms);

#endif
