// SPDX-License-Identifier: Apache-2.0
// Time: everything is stored as ms since the epoch, UTC; people read the shop's IANA zone.
// The zone's data (TZif, RFC 8536) is handed in as bytes; there is no clock here. [any-thread]
#ifndef ATL_CORE_ZONE_H
#define ATL_CORE_ZONE_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    ATL_ZONE_TRANSITIONS_MAX = 1024,
    ATL_ZONE_TYPES_MAX = 64,
    ATL_ZONE_ABBREVIATION_CAP = 12,
    ATL_TIME_CAP = 32, // "2026-11-22T10:00:00.123+01:00" with the NUL
    ATL_DATE_CAP = 12, // "2026-11-22" with the NUL
    ATL_DAY_MINUTES = 1440,
};

struct atl_zone_type {
    int32_t offset_s; // local minus UTC
    bool is_dst;
    char abbreviation[ATL_ZONE_ABBREVIATION_CAP];
};

// A rule of the POSIX footer: when a half of the year begins.
struct atl_zone_rule {
    char kind; // 'M' month.week.day, 'J' day 1..365 without 29 February, 'N' day 0..365; 0: none
    int32_t month, week, day;
    int32_t time_s; // local, may be negative or over a day
};

// A parsed zone: copyable, no free. About 12 KiB. Its fields are for zone*.c only.
struct atl_zone {
    uint32_t transition_count;
    uint32_t type_count;
    int64_t at_s[ATL_ZONE_TRANSITIONS_MAX]; // ascending
    uint8_t type_of[ATL_ZONE_TRANSITIONS_MAX];
    struct atl_zone_type types[ATL_ZONE_TYPES_MAX];
    bool has_footer;
    bool has_dst; // the footer has a second half
    struct atl_zone_type standard, summer;
    struct atl_zone_rule summer_begins, summer_ends;
};

// Bytes of a TZif file, versions 1 to 4. ATL_E_CORRUPT with the reason; ATL_E_UNSUPPORTED for leap
// seconds ("right/" files) and more transitions than fit.
ATL_MUST_USE atl_code atl_zone_parse(const uint8_t *bytes, size_t len, struct atl_zone *out,
                                     struct atl_error *err);

// UTC, for when no data is at hand.
void atl_zone_init_utc(struct atl_zone *out);

// A time as a person reads it on a wall.
struct atl_civil {
    int32_t year;
    int32_t month;   // 1..12
    int32_t day;     // 1..31
    int32_t hour;    // 0..23
    int32_t minute;  // 0..59
    int32_t second;  // 0..59
    int32_t ms;      // 0..999
    int32_t weekday; // 1 Monday .. 7 Sunday
    int32_t offset_s;
    bool is_dst;
    char abbreviation[ATL_ZONE_ABBREVIATION_CAP];
};

// Years 1..9999; what is outside is brought to the nearer end.
void atl_zone_local(const struct atl_zone *zone, int64_t utc_ms, struct atl_civil *out);

// The instant of a local year .. ms; the other fields are ignored, and 31 April is 1 May.
// A time that a change skips is read with the offset before it (02:30 becomes 03:30); a time that
// occurs twice is the first.
int64_t atl_zone_utc(const struct atl_zone *zone, const struct atl_civil *local);

// Days since 1 January 1970 in the Gregorian calendar, and back. Weekday: 1 Monday .. 7 Sunday.
int64_t atl_date_days(int32_t year, int32_t month, int32_t day);
void atl_date_civil(int64_t days, int32_t *year, int32_t *month, int32_t *day);
int32_t atl_date_weekday(int64_t days);
bool atl_date_is_valid(int32_t year, int32_t month, int32_t day);
void atl_date_format(int64_t days, char out[ATL_DATE_CAP]); // "2026-11-22"
ATL_MUST_USE atl_code atl_date_parse(const char *text, size_t len, int64_t *days,
                                     struct atl_error *err);

// The business day that this instant belongs to, as days since 1970: a shop whose day begins at
// 04:00 (day_start_minutes 240) still has yesterday at 03:59.
int64_t atl_zone_business_day(const struct atl_zone *zone, int64_t utc_ms,
                              int32_t day_start_minutes);
// The instant of minute 0..2879 (of a wall clock) of a local day.
int64_t atl_zone_day_minute(const struct atl_zone *zone, int64_t days, int32_t minutes);

// RFC 3339: "2026-11-22T10:00:00.123Z", and with the zone's offset "…T11:00:00.123+01:00".
void atl_time_format(int64_t utc_ms, char out[ATL_TIME_CAP]);
void atl_time_format_local(const struct atl_zone *zone, int64_t utc_ms, char out[ATL_TIME_CAP]);
// Any RFC 3339 time of the years 1..9999; digits after ms are dropped, second 60 is read as the
// next minute. `offset_s` may be NULL.
ATL_MUST_USE atl_code atl_time_parse(const char *text, size_t len, int64_t *utc_ms,
                                     int32_t *offset_s, struct atl_error *err);

#endif
