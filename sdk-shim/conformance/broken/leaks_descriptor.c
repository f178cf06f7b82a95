// SPDX-License-Identifier: Apache-2.0
// Broken: it leaves a descriptor behind in each open().
#include "sdk-shim/conformance/broken/broken.h"

#include <fcntl.h>

static int32_t open_till(OPEN_PARAMETERS)
{
    (void)open("/dev/null", O_RDONLY | O_CLOEXEC);
    return OPEN_REALLY;
}

PLUGIN_BUT(table.open = open_till)
