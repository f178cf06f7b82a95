// SPDX-License-Identifier: Apache-2.0
// Broken: each call leaves 64 bytes behind.
#include "sdk-shim/conformance/broken/broken.h"

#include <stdlib.h>
#include <string.h>

static int32_t sign(SIGN_PARAMETERS)
{
    char *volatile kept = malloc(64); // so that no compiler sees that nobody wants it

    if (kept)
        memset(kept, 1, 64);
    return SIGN_REALLY;
}

PLUGIN_BUT(table.sign = sign)
