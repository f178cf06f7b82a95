// SPDX-License-Identifier: Apache-2.0
// Broken: it looks at the last answer before it looks at their number.
#include "sdk-shim/conformance/broken/broken.h"

static int32_t check(atl_pos_till till, const struct atl_pos_transaction *txn,
                     const struct atl_pos_line *line, const struct atl_pos_answers *answers,
                     struct atl_pos_judgement *judgement)
{
    if (answers && answers->size == sizeof *answers && answers->answer_count &&
        !answers->answers[answers->answer_count - 1].name)
        return ATL_POS_E_INVALID;
    return REAL->check(till, txn, line, answers, judgement);
}

PLUGIN_BUT(table.check = check)
