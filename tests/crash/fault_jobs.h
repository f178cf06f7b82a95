// SPDX-License-Identifier: Apache-2.0
// What the planted faults in lanes share: `sending` is not written down when it should be, but kept
// for the fault to write when it pleases.
#ifndef ATL_TESTS_FAULT_JOBS_H
#define ATL_TESTS_FAULT_JOBS_H

#include "plugin/store/jobs.h"

enum { FAULT_LEASE_MS = 15000 };

extern struct atl_job fault_in_hand;

// The linker puts the wraps in the place of the real ones (--wrap); finish is each fault's own.
atl_code __real_atl_jobs_begin_sending(struct atl_store *store, const struct atl_job *job,
                                       int64_t now_ms, int64_t lease_ms, struct atl_error *err);
atl_code __wrap_atl_jobs_begin_sending(struct atl_store *store, const struct atl_job *job,
                                       int64_t now_ms, int64_t lease_ms, struct atl_error *err);
atl_code __real_atl_jobs_finish(struct atl_store *store, int64_t job_id, enum atl_job_state state,
                                const char *evidence, int64_t now_ms, struct atl_error *err);
atl_code __wrap_atl_jobs_finish(struct atl_store *store, int64_t job_id, enum atl_job_state state,
                                const char *evidence, int64_t now_ms, struct atl_error *err);

#endif
