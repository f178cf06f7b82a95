// SPDX-License-Identifier: Apache-2.0
// The positive control of the crash tests: an agent whose lanes write `sending` down only after the
// last byte. One that is killed in between finds its job queued, and prints it again.
#include "plugin/store/jobs.h"

static struct atl_job in_hand;

// The linker puts these in the place of the real ones (--wrap).
atl_code __real_atl_jobs_begin_sending(struct atl_store *store, const struct atl_job *job,
                                       int64_t now_ms, int64_t lease_ms, struct atl_error *err);
atl_code __wrap_atl_jobs_begin_sending(struct atl_store *store, const struct atl_job *job,
                                       int64_t now_ms, int64_t lease_ms, struct atl_error *err);
atl_code __real_atl_jobs_finish(struct atl_store *store, int64_t job_id, enum atl_job_state state,
                                const char *evidence, int64_t now_ms, struct atl_error *err);
atl_code __wrap_atl_jobs_finish(struct atl_store *store, int64_t job_id, enum atl_job_state state,
                                const char *evidence, int64_t now_ms, struct atl_error *err);

atl_code __wrap_atl_jobs_begin_sending(struct atl_store *store, const struct atl_job *job,
                                       int64_t now_ms, int64_t lease_ms, struct atl_error *err)
{
    (void)store;
    (void)now_ms;
    (void)lease_ms;
    (void)err;
    in_hand = *job;
    return ATL_OK;
}

atl_code __wrap_atl_jobs_finish(struct atl_store *store, int64_t job_id, enum atl_job_state state,
                                const char *evidence, int64_t now_ms, struct atl_error *err)
{
    const atl_code rc = __real_atl_jobs_begin_sending(store, &in_hand, now_ms, 15000, err);

    return rc ? rc : __real_atl_jobs_finish(store, job_id, state, evidence, now_ms, err);
}
