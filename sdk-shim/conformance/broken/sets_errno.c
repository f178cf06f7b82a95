// SPDX-License-Identifier: Apache-2.0
// Broken: it reports success and changes errno.
#include "sdk-shim/conformance/broken/broken.h"

#include <errno.h>

static int32_t sign(SIGN_PARAMETERS)
{
    const int32_t rc = SIGN_REALLY;

    errno = EAGAIN;
    return rc;
}

PLUGIN_BUT(table.sign = sign)
