// SPDX-License-Identifier: Apache-2.0
// The positive control of the crash tests: an agent whose lanes write `sending` down only after the
// last byte. One that is killed in between finds its job queued, and prints it again.
#include "tests/crash/fault_jobs.h"

atl_code __wrap_atl_jobs_finish(struct atl_store *store, int64_t job_id, enum atl_job_state state,
                                const char *evidence, int64_t now_ms, struct atl_error *err)
{
    const atl_code rc =
        __real_atl_jobs_begin_sending(store, &fault_in_hand, now_ms, FAULT_LEASE_MS, err);

    return rc ? rc : __real_atl_jobs_finish(store, job_id, state, evidence, now_ms, err);
}
