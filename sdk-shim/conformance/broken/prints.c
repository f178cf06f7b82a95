// SPDX-License-Identifier: Apache-2.0
// Broken: it prints to standard output.
#include "sdk-shim/conformance/broken/broken.h"

#include <stdio.h>

static int32_t open_till(OPEN_PARAMETERS)
{
    puts("atelier: opening");
    return OPEN_REALLY;
}

PLUGIN_BUT(table.open = open_till)
