// SPDX-License-Identifier: Apache-2.0
// Broken: a till takes a megabyte.
#include "sdk-shim/conformance/broken/broken.h"

#include <stdlib.h>
#include <string.h>

static char *volatile kept; // so that no compiler sees that nobody wants it

static int32_t open_till(OPEN_PARAMETERS)
{
    kept = malloc(1 << 20);
    if (kept)
        memset(kept, 1, 1 << 20);
    return OPEN_REALLY;
}

PLUGIN_BUT(table.open = open_till)
