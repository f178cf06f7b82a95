// SPDX-License-Identifier: Apache-2.0
// Broken: it changes the working folder.
#include "sdk-shim/conformance/broken/broken.h"

#include <unistd.h>

static int32_t open_till(OPEN_PARAMETERS)
{
    (void)!chdir("/");
    return OPEN_REALLY;
}

PLUGIN_BUT(table.open = open_till)
