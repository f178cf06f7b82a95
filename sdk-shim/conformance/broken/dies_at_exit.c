// SPDX-License-Identifier: Apache-2.0
// Broken: it registers a handler for the end of the process, which runs when it is gone.
#include "sdk-shim/conformance/broken/broken.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static int32_t open_till(OPEN_PARAMETERS)
{
    // What atexit() of a library does is undone by unloading it; a handler by the host's own
    // function is not. This one lies in memory that nobody calls a function any more.
    void *nowhere =
        mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    (void)on_exit((void (*)(int, void *))(uintptr_t)nowhere, NULL);
    return OPEN_REALLY;
}

PLUGIN_BUT(table.open = open_till)
