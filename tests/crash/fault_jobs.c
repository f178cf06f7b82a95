// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/fault_jobs.h"

struct atl_job fault_in_hand;

atl_code __wrap_atl_jobs_begin_sending(struct atl_store *store, const struct atl_job *job,
                                       int64_t now_ms, int64_t lease_ms, struct atl_error *err)
{
    (void)store;
    (void)now_ms;
    (void)lease_ms;
    (void)err;
    fault_in_hand = *job;
    return ATL_OK;
}
