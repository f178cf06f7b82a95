// SPDX-License-Identifier: Apache-2.0
// Broken: it exports a helper, which may take the place of the host's own.
#include "sdk-shim/conformance/broken/broken.h"

int atelier_helper(void);

__attribute__((visibility("default"))) int atelier_helper(void)
{
    return 1;
}

PLUGIN_BUT((void)0)
