// SPDX-License-Identifier: Apache-2.0
// Broken: it empties the verdict, and then fails.
#include "sdk-shim/conformance/broken/broken.h"

static int32_t before_tender(atl_pos_till till, const struct atl_pos_transaction *txn,
                             struct atl_pos_verdict *verdict)
{
    const int32_t rc = REAL->before_tender(till, txn, verdict);

    if (rc == ATL_POS_E_AWAY)
        verdict->is_allowed = 1;
    return rc;
}

PLUGIN_BUT(table.before_tender = before_tender)
