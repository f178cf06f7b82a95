// SPDX-License-Identifier: Apache-2.0
// Broken: it blocks a signal during a call and forgets to let it through again.
#include "sdk-shim/conformance/broken/broken.h"

#include <signal.h>

static int32_t sign(SIGN_PARAMETERS)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return SIGN_REALLY;
}

PLUGIN_BUT(table.sign = sign)
