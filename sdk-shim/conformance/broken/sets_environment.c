// SPDX-License-Identifier: Apache-2.0
// Broken: it sets a variable of the environment.
#include "sdk-shim/conformance/broken/broken.h"

#include <stdlib.h>

static int32_t open_till(OPEN_PARAMETERS)
{
    setenv("ATELIER_STARTED", "1", 1);
    return OPEN_REALLY;
}

PLUGIN_BUT(table.open = open_till)
