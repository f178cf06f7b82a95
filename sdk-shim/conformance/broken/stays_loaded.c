// SPDX-License-Identifier: Apache-2.0
// Broken: it cannot be unloaded: it holds itself.
#include "sdk-shim/conformance/broken/broken.h"

#include <dlfcn.h>

static int32_t open_till(OPEN_PARAMETERS)
{
    Dl_info about;

    if (dladdr((void *)(uintptr_t)open_till, &about))
        (void)dlopen(about.dli_fname, RTLD_NOW | RTLD_NODELETE);
    return OPEN_REALLY;
}

PLUGIN_BUT(table.open = open_till)
