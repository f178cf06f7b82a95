// SPDX-License-Identifier: Apache-2.0
// Log lines to standard error: "2026-11-22T10:00:00.123Z warn lane: job put back: code=K7F-2A1
// device=front why=\"…\"". Never the guest's text: log the order code.
//
//     atl_log(ATL_LOG_WARN, "lane", "job put back", "code=%s device=%s", code, device);
//
// Values that come from outside or from an error go through atl_log_value().
#ifndef ATL_AGENT_LOG_H
#define ATL_AGENT_LOG_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>

enum atl_log_level {
    ATL_LOG_DEBUG, // us; shown only when ATELIER_LOG=debug
    ATL_LOG_INFO,  // one line a job
    ATL_LOG_WARN,  // a person may look
    ATL_LOG_ERROR, // a person must look
};

void atl_log(enum atl_log_level level, const char *who, const char *what, const char *fmt, ...)
    ATL_PRINTF(4, 5);

struct atl_log_value {
    char text[512];
};

// The text in quotes with everything but printable ASCII escaped: for why="…".
struct atl_log_value atl_log_value(const char *text);

#endif
