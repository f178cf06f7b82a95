// SPDX-License-Identifier: Apache-2.0
// Broken: it starts a process that nobody asked for, and leaves it.
#include "sdk-shim/conformance/broken/broken.h"

#include <sys/types.h>
#include <unistd.h>

static int32_t open_till(OPEN_PARAMETERS)
{
    if (fork() == 0) {
        pause();
        _exit(0);
    }
    return OPEN_REALLY;
}

PLUGIN_BUT(table.open = open_till)
