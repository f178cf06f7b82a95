// SPDX-License-Identifier: Apache-2.0
// Broken: the text of an error is one for all tills.
#include "sdk-shim/conformance/broken/broken.h"

#include <stdio.h>

static char shared[256];

static int32_t check(atl_pos_till till, const struct atl_pos_transaction *txn,
                     const struct atl_pos_line *line, const struct atl_pos_answers *answers,
                     struct atl_pos_judgement *judgement)
{
    snprintf(shared, sizeof shared, "%s", "check() did not work.");
    return REAL->check(till, txn, line, answers, judgement);
}

static int32_t offer(atl_pos_till till, const struct atl_pos_transaction *txn,
                     const struct atl_pos_line *line, struct atl_pos_form *form)
{
    snprintf(shared, sizeof shared, "%s", "offer() did not work.");
    return REAL->offer(till, txn, line, form);
}

static const char *error_text(atl_pos_till till)
{
    (void)till;
    return shared;
}

PLUGIN_BUT(table.check = check; table.offer = offer; table.error_text = error_text)
