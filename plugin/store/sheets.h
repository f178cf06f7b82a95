// SPDX-License-Identifier: Apache-2.0
// Sheets: papers of no order. What they say is JSON, kept until the job's end and no longer, since
// it may name guests.
#ifndef ATL_STORE_SHEETS_H
#define ATL_STORE_SHEETS_H

#include "plugin/core/buf.h"
#include "plugin/store/store.h"

enum { ATL_SHEET_BYTES_MAX = 256 * 1024 };

// Queues the job, as atl_jobs_add() does, with what its paper says. [in a transaction]
ATL_MUST_USE atl_code atl_sheets_add(struct atl_store *store, const struct atl_job *job,
                                     const void *json, size_t len, int64_t *id,
                                     struct atl_error *err);

// Appends what the paper of a job says. ATL_E_NOT_FOUND: the job has ended.
ATL_MUST_USE atl_code atl_sheets_find(struct atl_store *store, int64_t job_id, struct atl_buf *out,
                                      struct atl_error *err);

// The job has ended. None is all right. [in a transaction]
ATL_MUST_USE atl_code atl_sheets_drop(struct atl_store *store, int64_t job_id,
                                      struct atl_error *err);

#endif
