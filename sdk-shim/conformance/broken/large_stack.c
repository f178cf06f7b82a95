// SPDX-License-Identifier: Apache-2.0
// Broken: tendered() takes 100 KB of stack.
#include "sdk-shim/conformance/broken/broken.h"

#include <string.h>

static int32_t tendered(atl_pos_till till, const struct atl_pos_transaction *txn,
                        const struct atl_pos_tender *tender, struct atl_pos_receipt *receipt)
{
    volatile char room[100 * 1024];

    for (size_t i = 0; i < sizeof room; i += 64)
        room[i] = 1;
    return REAL->tendered(till, txn, tender, receipt);
}

PLUGIN_BUT(table.tendered = tendered)
