// SPDX-License-Identifier: Apache-2.0
// The Gregorian calendar and RFC 3339, without any zone.
#include "plugin/core/zone.h"

#include <stdio.h>
#include <string.h>

enum { YEAR_MAX = 9999 };

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

// Howard Hinnant, "chrono-compatible low-level date algorithms": years that begin in March.
int64_t atl_date_days(int32_t year, int32_t month, int32_t day)
{
    int64_t months = (int64_t)year * 12 + month - 1;
    int64_t y = floor_div(months, 12);
    int64_t m = months - 12 * y + 1;
    int64_t era;
    int64_t of_era;
    int64_t of_year;

    y -= m <= 2;
    era = floor_div(y, 400);
    of_era = y - 400 * era;
    of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year + day - 1 - 719468;
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

void atl_date_civil(int64_t days, int32_t *year, int32_t *month, int32_t *day)
{
    int64_t z = clamp(days, atl_date_days(1, 1, 1), atl_date_days(YEAR_MAX, 12, 31)) + 719468;
    int64_t era = floor_div(z, 146097);
    int64_t of_era = z - 146097 * era;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
    int64_t shifted = (5 * of_year + 2) / 153;

    *day = (int32_t)(of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int32_t)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = (int32_t)(y + 400 * era + (*month <= 2));
}

int32_t atl_date_weekday(int64_t days)
{
    return (int32_t)(days + 3 - 7 * floor_div(days + 3, 7)) + 1;
}

bool atl_date_is_valid(int32_t year, int32_t month, int32_t day)
{
    int32_t y;
    int32_t m;
    int32_t d;

    if (year < 1 || year > YEAR_MAX || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    atl_date_civil(atl_date_days(year, month, day), &y, &m, &d);
    return d == day;
}

void atl_date_format(int64_t days, char out[ATL_DATE_CAP])
{
    int32_t year;
    int32_t month;
    int32_t day;

    atl_date_civil(days, &year, &month, &day);
    snprintf(out, ATL_DATE_CAP, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100,
             (unsigned)day % 100);
}

// Reads exactly `count` digits at *at.
static bool read_digits(const char **at, const char *end, int count, int32_t *out)
{
    int32_t value = 0;

    for (int i = 0; i < count; i++, (*at)++) {
        if (*at == end || **at < '0' || **at > '9')
            return false;
        value = 10 * value + (**at - '0');
    }
    *out = value;
    return true;
}

static bool read_char(const char **at, const char *end, const char *set)
{
    if (*at == end || !**at || !strchr(set, **at))
        return false;
    (*at)++;
    return true;
}

static bool read_date(const char **at, const char *end, int64_t *days)
{
    int32_t year;
    int32_t month;
    int32_t day;

    if (!read_digits(at, end, 4, &year) || !read_char(at, end, "-") ||
        !read_digits(at, end, 2, &month) || !read_char(at, end, "-") ||
        !read_digits(at, end, 2, &day) || !atl_date_is_valid(year, month, day))
        return false;
    *days = atl_date_days(year, month, day);
    return true;
}

atl_code atl_date_parse(const char *text, size_t len, int64_t *days, struct atl_error *err)
{
    const char *at = text;
    int64_t read;

    if (!read_date(&at, text + len, &read) || at != text + len)
        return atl_fail(err, ATL_E_INVALID, "not a date as 2026-11-22");
    *days = read;
    return ATL_OK;
}

// ".123456": what is behind the third digit is dropped.
static bool read_fraction(const char **at, const char *end, int32_t *ms)
{
    int32_t unit = 100;

    *ms = 0;
    if (!read_char(at, end, "."))
        return true;
    if (*at == end || **at < '0' || **at > '9')
        return false;
    for (; *at < end && **at >= '0' && **at <= '9'; (*at)++, unit /= 10)
        *ms += (**at - '0') * unit;
    return true;
}

static bool read_clock(const char **at, const char *end, int64_t *ms)
{
    int32_t hour;
    int32_t minute;
    int32_t second;
    int32_t part;

    if (!read_digits(at, end, 2, &hour) || !read_char(at, end, ":") ||
        !read_digits(at, end, 2, &minute) || !read_char(at, end, ":") ||
        !read_digits(at, end, 2, &second) || !read_fraction(at, end, &part))
        return false;
    *ms = ((hour * 60 + minute) * 60 + second) * (int64_t)1000 + part;
    return hour < 24 && minute < 60 && second <= 60;
}

static bool read_offset(const char **at, const char *end, int32_t *offset_s)
{
    bool is_west;
    int32_t hour;
    int32_t minute;

    *offset_s = 0;
    if (read_char(at, end, "Zz"))
        return true;
    is_west = *at < end && **at == '-';
    if (!read_char(at, end, "+-") || !read_digits(at, end, 2, &hour) || !read_char(at, end, ":") ||
        !read_digits(at, end, 2, &minute))
        return false;
    *offset_s = (is_west ? -60 : 60) * (60 * hour + minute);
    return hour < 24 && minute < 60;
}

atl_code atl_time_parse(const char *text, size_t len, int64_t *utc_ms, int32_t *offset_s,
                        struct atl_error *err)
{
    const char *at = text;
    const char *end = text + len;
    int64_t days;
    int64_t ms;
    int32_t offset;

    if (!read_date(&at, end, &days) || !read_char(&at, end, "Tt ") || !read_clock(&at, end, &ms) ||
        !read_offset(&at, end, &offset) || at != end)
        return atl_fail(err, ATL_E_INVALID, "not a time as 2026-11-22T10:00:00.123Z");
    *utc_ms = days * 86400000 + ms - (int64_t)offset * 1000;
    if (offset_s)
        *offset_s = offset;
    return ATL_OK;
}

// Each part modulo its width, so that the compiler sees that it fits.
static void format(const struct atl_civil *civil, const char *suffix, char out[ATL_TIME_CAP])
{
    snprintf(out, ATL_TIME_CAP, "%04u-%02u-%02uT%02u:%02u:%02u.%03u%.6s",
             (unsigned)civil->year % 10000, (unsigned)civil->month % 100,
             (unsigned)civil->day % 100, (unsigned)civil->hour % 100, (unsigned)civil->minute % 100,
             (unsigned)civil->second % 100, (unsigned)civil->ms % 1000, suffix);
}

void atl_time_format(int64_t utc_ms, char out[ATL_TIME_CAP])
{
    struct atl_zone utc;
    struct atl_civil civil;

    atl_zone_init_utc(&utc);
    atl_zone_local(&utc, utc_ms, &civil);
    format(&civil, "Z", out);
}

void atl_time_format_local(const struct atl_zone *zone, int64_t utc_ms, char out[ATL_TIME_CAP])
{
    struct atl_civil civil;
    char suffix[8];
    unsigned minutes;

    atl_zone_local(zone, utc_ms, &civil);
    minutes = (unsigned)(civil.offset_s < 0 ? -civil.offset_s : civil.offset_s) / 60;
    snprintf(suffix, sizeof suffix, "%c%02u:%02u", civil.offset_s < 0 ? '-' : '+',
             minutes / 60 % 100, minutes % 60);
    format(&civil, suffix, out);
}
