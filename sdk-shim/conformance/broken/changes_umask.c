// SPDX-License-Identifier: Apache-2.0
// Broken: it changes the umask.
#include "sdk-shim/conformance/broken/broken.h"

#include <sys/stat.h>

static int32_t open_till(OPEN_PARAMETERS)
{
    umask(0077);
    return OPEN_REALLY;
}

PLUGIN_BUT(table.open = open_till)
