// SPDX-License-Identifier: Apache-2.0
// Broken: each call leaves 64 bytes behind.
#include "sdk-shim/conformance/broken/broken.h"

#include <stdlib.h>
#include <string.h>

static int32_t sign(SIGN_PARAMETERS)
{
    char *kept = malloc(64);

    if (kept)
        memset(kept, 1, 64);
    return SIGN_REALLY;
}

PLUGIN_BUT(table.sign = sign)
