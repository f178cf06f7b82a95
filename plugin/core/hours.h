// SPDX-License-Identifier: Apache-2.0
// Opening hours of a shop or its workshop, on the wall clock of the shop's zone.
#ifndef ATL_CORE_HOURS_H
#define ATL_CORE_HOURS_H

#include "plugin/core/zone.h"

enum {
    ATL_HOURS_PER_DAY_MAX = 3,
    ATL_HOURS_EXCEPTIONS_MAX = 64,
};

// Minutes of the wall clock since midnight; `until` may lie after midnight (up to 2880).
struct atl_open {
    int32_t from_minutes;
    int32_t until_minutes;
};

struct atl_open_day {
    uint32_t count;                              // 0: closed
    struct atl_open open[ATL_HOURS_PER_DAY_MAX]; // ascending, not overlapping
};

// Copyable, no free. A zeroed one is always closed.
struct atl_hours {
    struct atl_open_day week[7]; // 0 is Monday
    uint32_t exception_count;
    struct {
        int64_t days; // atl_date_days
        struct atl_open_day day;
    } exceptions[ATL_HOURS_EXCEPTIONS_MAX];
};

// day 1 Monday .. 7 Sunday. ATL_E_INVALID when it overlaps, runs backwards or is one too many.
ATL_MUST_USE atl_code atl_hours_add(struct atl_hours *hours, int32_t weekday, int32_t from_minutes,
                                    int32_t until_minutes, struct atl_error *err);
// A date with hours of its own; with count 0 it is closed.
ATL_MUST_USE atl_code atl_hours_except(struct atl_hours *hours, int64_t days,
                                       const struct atl_open_day *day, struct atl_error *err);

// "10:00" .. "24:00" as minutes.
ATL_MUST_USE atl_code atl_minutes_parse(const char *text, size_t len, int32_t *minutes,
                                        struct atl_error *err);

// What is open on that local date.
const struct atl_open_day *atl_hours_of(const struct atl_hours *hours, int64_t days);

bool atl_hours_is_open(const struct atl_hours *hours, const struct atl_zone *zone, int64_t utc_ms);
// The first instant >= utc_ms that is open. False: not within 60 days.
bool atl_hours_next_open(const struct atl_hours *hours, const struct atl_zone *zone, int64_t utc_ms,
                         int64_t *open_ms);
// When the interval that holds utc_ms ends. False: it is closed then.
bool atl_hours_closes(const struct atl_hours *hours, const struct atl_zone *zone, int64_t utc_ms,
                      int64_t *close_ms);
// The instant at which `minutes` of open time have passed since utc_ms; elapsed time, so that a
// night with a clock change is right. False: not within 60 days.
bool atl_hours_add_minutes(const struct atl_hours *hours, const struct atl_zone *zone,
                           int64_t utc_ms, int64_t minutes, int64_t *then_ms);

// Open time in ms that is left of the day that utc_ms belongs to (after midnight that may still be
// yesterday's evening), and when its last interval ends; utc_ms itself when nothing is left.
int64_t atl_hours_left_today(const struct atl_hours *hours, const struct atl_zone *zone,
                             int64_t utc_ms, int64_t *end_ms);

#endif
