// SPDX-License-Identifier: Apache-2.0
// Broken: check() waits 400 ms, whatever happens.
#include "sdk-shim/conformance/broken/broken.h"

#include <poll.h>

static int32_t check(atl_pos_till till, const struct atl_pos_transaction *txn,
                     const struct atl_pos_line *line, const struct atl_pos_answers *answers,
                     struct atl_pos_judgement *judgement)
{
    (void)poll(NULL, 0, 400);
    return REAL->check(till, txn, line, answers, judgement);
}

PLUGIN_BUT(table.check = check)
