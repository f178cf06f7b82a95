// SPDX-License-Identifier: Apache-2.0
// Broken: tendered() asks a silent agent a second time, over the budget.
#include "sdk-shim/conformance/broken/broken.h"

static int32_t tendered(atl_pos_till till, const struct atl_pos_transaction *txn,
                        const struct atl_pos_tender *tender, struct atl_pos_receipt *receipt)
{
    int32_t rc = REAL->tendered(till, txn, tender, receipt);

    if (rc == ATL_POS_E_TIMEOUT)
        rc = REAL->tendered(till, txn, tender, receipt);
    return rc;
}

PLUGIN_BUT(table.tendered = tendered)
