// SPDX-License-Identifier: Apache-2.0
// Broken: each till has the same handle.
#include "sdk-shim/conformance/broken/broken.h"

static int32_t open_till(OPEN_PARAMETERS)
{
    const int32_t rc = OPEN_REALLY;

    if (!rc)
        *out &= ~(atl_pos_till)0xf;
    return rc;
}

PLUGIN_BUT(table.open = open_till)
