// SPDX-License-Identifier: Apache-2.0
// When a piece will be ready: a range, from the work there is and the hours there are.
//
//   seconds = fetch and hoop + units / speed + changes * change + press or set + check + pack
//
// corrected by how long this workshop really took in its last 28 days; behind the queue, shared
// by the stations that are open; inside the workshop's hours.
#ifndef ATL_CORE_PROMISE_H
#define ATL_CORE_PROMISE_H

#include "plugin/core/hours.h"

// Of a product; 0 where there is no such step.
struct atl_work {
    int32_t fetch_hoop_s;
    int32_t units_per_minute; // stitches a minute, or mm of cut; 0: units take no time
    int32_t change_s;         // of one colour or thread
    int32_t press_set_s;
    int32_t check_s;
    int32_t pack_s;
};

// Seconds for one piece, uncorrected. Negative numbers count as 0; the result saturates at 10
// years.
int64_t atl_work_seconds(const struct atl_work *work, int64_t unit_count, int64_t change_count);

// How this workshop really is: real / computed, in thousandths, over its last 28 days.
// A zeroed one, or one of fewer than 20 pieces, counts as 1000 and 1500.
struct atl_pace {
    int32_t p50_permille;
    int32_t p90_permille;
    int32_t sample_count;
};

// The pace from single pieces: real and computed seconds, in any order; sorts `permille` in place.
struct atl_pace atl_pace_of(int32_t *permille, size_t count);

// The workshop now, and its lever.
struct atl_workshop {
    int32_t station_count;  // stations staffed today
    int32_t out_count;      // of these, machines out
    int32_t slower_percent; // today everything takes this much longer
    bool is_full_today;     // nothing more for today
    int64_t queue_s;        // uncorrected work of all pieces before this one
    const struct atl_hours *hours;
    const struct atl_zone *zone;
};

// Ends included; both lie in the workshop's hours.
struct atl_promise {
    int64_t from_ms;
    int64_t until_ms;
};

// Rounded up to quarters of an hour when it is ready today, to a part of the day (morning until
// 13:00, afternoon until 18:00, evening) when it is later. ATL_E_UNSUPPORTED: no opening hours
// within 60 days, or no station at all; the sentence says which.
ATL_MUST_USE atl_code atl_promise_make(const struct atl_workshop *shop, const struct atl_pace *pace,
                                       int64_t now_ms, int64_t work_s, struct atl_promise *out,
                                       struct atl_error *err);

// The guest needs it before we can promise it: the cashier says so before payment.
bool atl_promise_misses(const struct atl_promise *promise, int64_t needed_by_ms);

// What was said on the ticket no longer holds: its end has passed, or what we now expect begins
// after it. `expected` may be NULL. For a piece that is not ready yet.
bool atl_promise_is_late(const struct atl_promise *said, const struct atl_promise *expected,
                         int64_t now_ms);

// "Tell these guests": it is likely to break, and the end of what was said is an hour away or less.
// `expected` may be NULL.
bool atl_promise_is_at_risk(const struct atl_promise *said, const struct atl_promise *expected,
                            int64_t now_ms);

#endif
