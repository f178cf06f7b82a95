// SPDX-License-Identifier: Apache-2.0
// Answers of the API: JSON, and application/problem+json (RFC 9457).
#ifndef ATL_CLOUD_PROBLEM_H
#define ATL_CLOUD_PROBLEM_H

#include "cloud/http.h"
#include "plugin/core/buf.h"

// `kind` ends the type: "/problems/clock-skew". `detail` is a sentence for the shop's log; it may
// be NULL.
struct atl_http_reply *atl_problem_reply(int status, const char *kind, const char *title,
                                         const char *detail);
// Frees the buffer; 503 when it has failed.
struct atl_http_reply *atl_json_reply(int status, struct atl_buf *body);
// 503 with Retry-After: come back, nothing was taken.
struct atl_http_reply *atl_problem_later(const struct atl_error *why);

#endif
