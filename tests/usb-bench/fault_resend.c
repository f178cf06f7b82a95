// SPDX-License-Identifier: Apache-2.0
// The positive control of the unplugs: an agent whose lane takes an interruption in mid-job for a
// reason to try again. What it prints after the cable is back is a second paper that does not say
// so.
#include "tests/crash/fault_jobs.h"

enum { AGAIN_MS = 1500 };

atl_code __wrap_atl_jobs_finish(struct atl_store *store, int64_t job_id, enum atl_job_state state,
                                const char *evidence, int64_t now_ms, struct atl_error *err)
{
    atl_code rc;

    if (state == ATL_JOB_UNKNOWN)
        return atl_jobs_put_back(store, job_id, now_ms + AGAIN_MS, "tries again", err);
    rc = __real_atl_jobs_begin_sending(store, &fault_in_hand, now_ms, FAULT_LEASE_MS, err);
    return rc ? rc : __real_atl_jobs_finish(store, job_id, state, evidence, now_ms, err);
}
