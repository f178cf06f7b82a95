// SPDX-License-Identifier: Apache-2.0
// Broken: it fills a newer host's struct to the end.
#include "sdk-shim/conformance/broken/broken.h"

#include <string.h>

static int32_t before_tender(atl_pos_till till, const struct atl_pos_transaction *txn,
                             struct atl_pos_verdict *verdict)
{
    const int32_t rc = REAL->before_tender(till, txn, verdict);

    if (!rc && verdict->size > sizeof *verdict)
        memset(verdict + 1, 0, verdict->size - sizeof *verdict);
    return rc;
}

PLUGIN_BUT(table.before_tender = before_tender)
