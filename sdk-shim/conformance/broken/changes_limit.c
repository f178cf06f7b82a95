// SPDX-License-Identifier: Apache-2.0
// Broken: it lowers a resource limit of the process.
#include "sdk-shim/conformance/broken/broken.h"

#include <sys/resource.h>

static int32_t open_till(OPEN_PARAMETERS)
{
    const struct rlimit none = {0};

    setrlimit(RLIMIT_CORE, &none);
    return OPEN_REALLY;
}

PLUGIN_BUT(table.open = open_till)
