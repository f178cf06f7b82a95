// SPDX-License-Identifier: Apache-2.0
// Broken: sign() reads the key before it looks whether there is a signature.
#include "sdk-shim/conformance/broken/broken.h"

static int32_t sign(SIGN_PARAMETERS)
{
    if (!signature->key)
        return ATL_POS_E_INVALID;
    return SIGN_REALLY;
}

PLUGIN_BUT(table.sign = sign)
