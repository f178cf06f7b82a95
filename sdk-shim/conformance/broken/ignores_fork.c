// SPDX-License-Identifier: Apache-2.0
// Broken: it does not see that it is in a child of fork().
#include "sdk-shim/conformance/broken/broken.h"

#include <unistd.h>

static pid_t owner;

static int32_t open_till(OPEN_PARAMETERS)
{
    owner = getpid();
    return OPEN_REALLY;
}

static int32_t sign(SIGN_PARAMETERS)
{
    return getpid() == owner ? SIGN_REALLY : ATL_POS_E_AWAY;
}

PLUGIN_BUT(table.open = open_till; table.sign = sign)
