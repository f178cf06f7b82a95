// SPDX-License-Identifier: Apache-2.0
// Broken: it says that something may have been done when nobody was there.
#include "sdk-shim/conformance/broken/broken.h"

static int32_t tendered(atl_pos_till till, const struct atl_pos_transaction *txn,
                        const struct atl_pos_tender *tender, struct atl_pos_receipt *receipt)
{
    const int32_t rc = REAL->tendered(till, txn, tender, receipt);

    return rc == ATL_POS_E_AWAY ? ATL_POS_E_TIMEOUT : rc;
}

PLUGIN_BUT(table.tendered = tendered)
