// SPDX-License-Identifier: Apache-2.0
// Broken: a second call on a till waits for the first, and is not busy.
#include "sdk-shim/conformance/broken/broken.h"

#include <pthread.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static int32_t before_tender(atl_pos_till till, const struct atl_pos_transaction *txn,
                             struct atl_pos_verdict *verdict)
{
    int32_t rc;

    pthread_mutex_lock(&turn);
    rc = REAL->before_tender(till, txn, verdict);
    pthread_mutex_unlock(&turn);
    return rc;
}

PLUGIN_BUT(table.before_tender = before_tender)
