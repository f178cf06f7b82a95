// SPDX-License-Identifier: Apache-2.0
// Broken: it ignores SIGPIPE for the whole process.
#include "sdk-shim/conformance/broken/broken.h"

#include <signal.h>

static int32_t open_till(OPEN_PARAMETERS)
{
    signal(SIGPIPE, SIG_IGN);
    return OPEN_REALLY;
}

PLUGIN_BUT(table.open = open_till)
