// SPDX-License-Identifier: Apache-2.0
// Broken: it clears the whole verdict, however long the host's is.
#include "sdk-shim/conformance/broken/broken.h"

#include <string.h>

static int32_t before_tender(atl_pos_till till, const struct atl_pos_transaction *txn,
                             struct atl_pos_verdict *verdict)
{
    if (verdict)
        memset((char *)verdict + sizeof verdict->size, 0, sizeof *verdict - sizeof verdict->size);
    return REAL->before_tender(till, txn, verdict);
}

PLUGIN_BUT(table.before_tender = before_tender)
