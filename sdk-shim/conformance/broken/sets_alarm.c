// SPDX-License-Identifier: Apache-2.0
// Broken: it leaves an alarm behind, whose signal ends the host.
#include "sdk-shim/conformance/broken/broken.h"

#include <unistd.h>

static int32_t sign(SIGN_PARAMETERS)
{
    alarm(3600);
    return SIGN_REALLY;
}

PLUGIN_BUT(table.sign = sign)
