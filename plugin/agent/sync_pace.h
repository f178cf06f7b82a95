// SPDX-License-Identifier: Apache-2.0
// When to try again, and with how much: full jitter, breaker, size of batches. Pure: the clock
// and the dice are parameters.
//
//   closed --5 failures in a row--> open --its wait is over--> half open: a batch of one event
//   half open --success--> closed, and batches grow again 1 -> 50 -> 200 -> 500
//   half open --failure--> open
#ifndef ATL_AGENT_SYNC_PACE_H
#define ATL_AGENT_SYNC_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ATL_SYNC_BASE_MS = 1000,
    ATL_SYNC_CAP_MS = 300000,
    ATL_SYNC_RETRY_AFTER_CAP_MS = 3600000,
    ATL_SYNC_KEY_WAIT_MS = 900000, // 401 and 403 want a person
    ATL_SYNC_BREAKER = 5,
    ATL_SYNC_BATCH_MAX = 500,
};

// What an answer asks of us.
enum atl_sync_verdict {
    ATL_SYNC_DONE,  // 2xx
    ATL_SYNC_SPLIT, // 400, 413, 422: something in it cannot be taken
    ATL_SYNC_KEY,   // 401, 403: key, signature or clock
    ATL_SYNC_GONE,  // 410
    ATL_SYNC_NONE,  // 404: the cloud has no such thing
    ATL_SYNC_LATER, // all else, and no answer (status 0)
};
enum atl_sync_verdict atl_sync_judge(long status);

struct atl_sync_pace {
    int failures;   // in a row
    int64_t due_ms; // not before
    size_t batch;   // events in the next request; 0 counts as 1
};

// A wait in ms: rand(0, min(cap, base * 2^(failures-1))), at least retry_after_ms (0: none) up to
// its own cap. dice is any random number.
int64_t atl_sync_wait_ms(int failures, int64_t retry_after_ms, uint32_t dice);

void atl_sync_failed(struct atl_sync_pace *pace, int64_t now_ms, int64_t retry_after_ms,
                     uint32_t dice);
void atl_sync_succeeded(struct atl_sync_pace *pace, int64_t now_ms);

// The batch was refused: half of it next. sent 1: nothing smaller is left.
void atl_sync_halve(struct atl_sync_pace *pace, size_t sent);

// "Sun, 06 Nov 1994 08:49:37 GMT" -> ms; 0 when it is no such date (RFC 9110, IMF-fixdate).
int64_t atl_sync_date_ms(const char *text);

#endif
