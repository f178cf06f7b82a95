// SPDX-License-Identifier: Apache-2.0
// Broken: it brings a library of its own into the host.
#include "sdk-shim/conformance/broken/broken.h"

#include <math.h>

static double (*volatile keep_it)(double) = sqrt;

static int32_t open_till(OPEN_PARAMETERS)
{
    (void)keep_it(2);
    return OPEN_REALLY;
}

PLUGIN_BUT(table.open = open_till)
