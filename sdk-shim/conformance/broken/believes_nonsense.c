// SPDX-License-Identifier: Apache-2.0
// Broken: an answer that makes no sense counts as a yes.
#include "sdk-shim/conformance/broken/broken.h"

static int32_t before_tender(atl_pos_till till, const struct atl_pos_transaction *txn,
                             struct atl_pos_verdict *verdict)
{
    const int32_t rc = REAL->before_tender(till, txn, verdict);

    return rc == ATL_POS_E_IO ? ATL_POS_OK : rc;
}

PLUGIN_BUT(table.before_tender = before_tender)
