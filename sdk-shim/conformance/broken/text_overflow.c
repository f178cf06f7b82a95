// SPDX-License-Identifier: Apache-2.0
// Broken: open() writes its reason without looking at the room for it.
#include "sdk-shim/conformance/broken/broken.h"

#include <string.h>

static int32_t open_till(OPEN_PARAMETERS)
{
    const int32_t rc = OPEN_REALLY;

    if (rc && text)
        memcpy(text, "something was wrong with it", 28);
    return rc;
}

PLUGIN_BUT(table.open = open_till)
