// SPDX-License-Identifier: Apache-2.0
// Broken: a closed till is away, not invalid.
#include "sdk-shim/conformance/broken/broken.h"

static int32_t status(atl_pos_till till, const struct atl_pos_transaction *txn,
                      struct atl_pos_order *order)
{
    const int32_t rc = REAL->status(till, txn, order);

    return rc == ATL_POS_E_INVALID && txn && order ? ATL_POS_E_AWAY : rc;
}

PLUGIN_BUT(table.status = status)
