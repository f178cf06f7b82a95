// SPDX-License-Identifier: Apache-2.0
// Broken: it reads the last field of a line that is too short to have it.
#include "sdk-shim/conformance/broken/broken.h"

static int32_t offer(atl_pos_till till, const struct atl_pos_transaction *txn,
                     const struct atl_pos_line *line, struct atl_pos_form *form)
{
    if (line && line->price_minor < 0)
        return ATL_POS_E_INVALID;
    return REAL->offer(till, txn, line, form);
}

PLUGIN_BUT(table.offer = offer)
