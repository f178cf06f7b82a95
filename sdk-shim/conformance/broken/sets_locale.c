// SPDX-License-Identifier: Apache-2.0
// Broken: it sets the locale of the process.
#include "sdk-shim/conformance/broken/broken.h"

#include <locale.h>

static int32_t open_till(OPEN_PARAMETERS)
{
    setlocale(LC_ALL, "C.UTF-8");
    return OPEN_REALLY;
}

PLUGIN_BUT(table.open = open_till)
