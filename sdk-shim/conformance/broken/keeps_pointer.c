// SPDX-License-Identifier: Apache-2.0
// Broken: it keeps the host's language and reads it in a later call.
#include "sdk-shim/conformance/broken/broken.h"

static const char *language;

static int32_t open_till(OPEN_PARAMETERS)
{
    language = host ? host->language : NULL;
    return OPEN_REALLY;
}

static int32_t sign(SIGN_PARAMETERS)
{
    const volatile char *first = language;

    if (first && *first == '\0')
        return ATL_POS_E_INVALID;
    return SIGN_REALLY;
}

PLUGIN_BUT(table.open = open_till; table.sign = sign)
