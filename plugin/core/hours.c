// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/hours.h"

#include <string.h>

enum { HORIZON_DAYS = 60, MINUTE_MS = 60000 };
#define DAY_MS INT64_C(86400000)

static atl_code check_open(const struct atl_open *open, struct atl_error *err)
{
    if (open->from_minutes < 0 || open->from_minutes >= ATL_DAY_MINUTES ||
        open->until_minutes <= open->from_minutes || open->until_minutes > 2 * ATL_DAY_MINUTES)
        return atl_fail(err, ATL_E_INVALID, "opening hours must end after they begin");
    return ATL_OK;
}

// Puts `open` in its place among those of the day.
static atl_code insert(struct atl_open_day *day, const struct atl_open *open, struct atl_error *err)
{
    uint32_t at = 0;

    if (check_open(open, err))
        return ATL_E_INVALID;
    if (day->count >= ATL_HOURS_PER_DAY_MAX)
        return atl_fail(err, ATL_E_INVALID, "more than %d opening hours on one day",
                        ATL_HOURS_PER_DAY_MAX);
    while (at < day->count && day->open[at].from_minutes < open->from_minutes)
        at++;
    if ((at && day->open[at - 1].until_minutes > open->from_minutes) ||
        (at < day->count && open->until_minutes > day->open[at].from_minutes))
        return atl_fail(err, ATL_E_INVALID, "opening hours overlap");
    memmove(&day->open[at + 1], &day->open[at], (day->count - at) * sizeof day->open[0]);
    day->open[at] = *open;
    day->count++;
    return ATL_OK;
}

atl_code atl_hours_add(struct atl_hours *hours, int32_t weekday, int32_t from_minutes,
                       int32_t until_minutes, struct atl_error *err)
{
    const struct atl_open open = {from_minutes, until_minutes};

    if (weekday < 1 || weekday > 7)
        return atl_fail(err, ATL_E_INVALID, "weekday %d is not 1 (Monday) .. 7", weekday);
    return insert(&hours->week[weekday - 1], &open, err);
}

atl_code atl_hours_except(struct atl_hours *hours, int64_t days, const struct atl_open_day *day,
                          struct atl_error *err)
{
    struct atl_open_day checked = {0};

    if (hours->exception_count >= ATL_HOURS_EXCEPTIONS_MAX)
        return atl_fail(err, ATL_E_INVALID, "more than %d special days", ATL_HOURS_EXCEPTIONS_MAX);
    for (uint32_t i = 0; i < hours->exception_count; i++) {
        if (hours->exceptions[i].days == days)
            return atl_fail(err, ATL_E_INVALID, "a special day is named twice");
    }
    if (day->count > ATL_HOURS_PER_DAY_MAX)
        return atl_fail(err, ATL_E_INVALID, "more than %d opening hours on one day",
                        ATL_HOURS_PER_DAY_MAX);
    for (uint32_t i = 0; i < day->count; i++) {
        if (insert(&checked, &day->open[i], err))
            return ATL_E_INVALID;
    }
    hours->exceptions[hours->exception_count].days = days;
    hours->exceptions[hours->exception_count].day = checked;
    hours->exception_count++;
    return ATL_OK;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

atl_code atl_minutes_parse(const char *text, size_t len, int32_t *minutes, struct atl_error *err)
{
    size_t colon = len > 3 ? len - 3 : 0;
    int32_t hour;
    int32_t minute;

    if (len < 4 || len > 5 || text[colon] != ':' || !is_digit(text[0]) ||
        !is_digit(text[colon - 1]) || !is_digit(text[colon + 1]) || !is_digit(text[colon + 2]))
        return atl_fail(err, ATL_E_INVALID, "not a time of the day as 10:00");
    hour = colon == 2 ? 10 * (text[0] - '0') + text[1] - '0' : text[0] - '0';
    minute = 10 * (text[colon + 1] - '0') + text[colon + 2] - '0';
    if (minute > 59 || 60 * hour + minute > ATL_DAY_MINUTES)
        return atl_fail(err, ATL_E_INVALID, "not a time of the day: 00:00 to 24:00");
    *minutes = 60 * hour + minute;
    return ATL_OK;
}

const struct atl_open_day *atl_hours_of(const struct atl_hours *hours, int64_t days)
{
    for (uint32_t i = 0; i < hours->exception_count; i++) {
        if (hours->exceptions[i].days == days)
            return &hours->exceptions[i].day;
    }
    return &hours->week[atl_date_weekday(days) - 1];
}

// An interval as instants, and the local day that it belongs to.
struct interval {
    int64_t from_ms;
    int64_t until_ms;
    int64_t days;
};

// The first interval that ends after the instant.
static bool find(const struct atl_hours *hours, const struct atl_zone *zone, int64_t utc_ms,
                 struct interval *out)
{
    int64_t today = atl_zone_business_day(zone, utc_ms, 0);

    for (int64_t days = today - 1; days <= today + HORIZON_DAYS; days++) {
        const struct atl_open_day *day = atl_hours_of(hours, days);

        for (uint32_t i = 0; i < day->count; i++) {
            out->until_ms = atl_zone_day_minute(zone, days, day->open[i].until_minutes);
            if (out->until_ms <= utc_ms)
                continue;
            out->from_ms = atl_zone_day_minute(zone, days, day->open[i].from_minutes);
            out->days = days;
            return true;
        }
    }
    return false;
}

bool atl_hours_is_open(const struct atl_hours *hours, const struct atl_zone *zone, int64_t utc_ms)
{
    struct interval interval;

    return find(hours, zone, utc_ms, &interval) && interval.from_ms <= utc_ms;
}

bool atl_hours_next_open(const struct atl_hours *hours, const struct atl_zone *zone, int64_t utc_ms,
                         int64_t *open_ms)
{
    struct interval interval;

    if (!find(hours, zone, utc_ms, &interval))
        return false;
    *open_ms = interval.from_ms > utc_ms ? interval.from_ms : utc_ms;
    return true;
}

bool atl_hours_closes(const struct atl_hours *hours, const struct atl_zone *zone, int64_t utc_ms,
                      int64_t *close_ms)
{
    struct interval interval;
    struct interval next;

    if (!find(hours, zone, utc_ms, &interval) || interval.from_ms > utc_ms)
        return false;
    for (int i = 0; i < 7; i++) { // open round the clock never closes; a week is far enough
        if (!find(hours, zone, interval.until_ms, &next) || next.from_ms > interval.until_ms)
            break;
        interval = next;
    }
    *close_ms = interval.until_ms;
    return true;
}

bool atl_hours_add_minutes(const struct atl_hours *hours, const struct atl_zone *zone,
                           int64_t utc_ms, int64_t minutes, int64_t *then_ms)
{
    const int64_t horizon = utc_ms + HORIZON_DAYS * DAY_MS;
    int64_t left = minutes > 0 ? minutes : 0;
    int64_t at = utc_ms;
    struct interval interval;

    if (left > HORIZON_DAYS * ATL_DAY_MINUTES)
        return false;
    left *= MINUTE_MS;
    while (at < horizon && find(hours, zone, at, &interval)) {
        int64_t start = interval.from_ms > at ? interval.from_ms : at;

        if (left <= interval.until_ms - start) {
            *then_ms = start + left;
            return *then_ms <= horizon;
        }
        left -= interval.until_ms - start;
        at = interval.until_ms;
    }
    return false;
}

int64_t atl_hours_left_today(const struct atl_hours *hours, const struct atl_zone *zone,
                             int64_t utc_ms, int64_t *end_ms)
{
    int64_t today = atl_zone_business_day(zone, utc_ms, 0);
    int64_t left = 0;
    int64_t at = utc_ms;
    struct interval interval;

    while (find(hours, zone, at, &interval) && interval.days <= today) {
        left += interval.until_ms - (interval.from_ms > at ? interval.from_ms : at);
        at = interval.until_ms;
        if (interval.days < today && interval.from_ms <= utc_ms)
            break; // still yesterday's evening
    }
    *end_ms = at;
    return left;
}
