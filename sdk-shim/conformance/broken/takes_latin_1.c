// SPDX-License-Identifier: Apache-2.0
// Broken: it takes any bytes for text.
#include "sdk-shim/conformance/broken/broken.h"

static int32_t scan(atl_pos_till till, const char *text, struct atl_pos_order *order)
{
    const int32_t rc = REAL->scan(till, text, order);

    return rc == ATL_POS_E_INVALID && text && order ? ATL_POS_E_NOT_FOUND : rc;
}

PLUGIN_BUT(table.scan = scan)
