// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/zone_footer.h"

#include <string.h>

enum { DAY_S = 86400, HOUR_S = 3600 };

struct reader {
    const char *at;
    const char *end;
};

static bool take(struct reader *in, char c)
{
    if (in->at == in->end || *in->at != c)
        return false;
    in->at++;
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool read_number(struct reader *in, int32_t low, int32_t high, int32_t *out)
{
    int32_t value = 0;
    const char *start = in->at;

    while (in->at < in->end && is_digit(*in->at) && in->at - start < 4)
        value = 10 * value + (*in->at++ - '0');
    *out = value;
    return in->at != start && value >= low && value <= high;
}

// "CET", or "<+0330>".
static bool read_name(struct reader *in, char out[ATL_ZONE_ABBREVIATION_CAP])
{
    bool is_quoted = take(in, '<');
    const char *start = in->at;
    size_t len;

    while (in->at < in->end &&
           (is_letter(*in->at) ||
            (is_quoted && (is_digit(*in->at) || *in->at == '+' || *in->at == '-'))))
        in->at++;
    len = (size_t)(in->at - start);
    if (len < 3 || len >= ATL_ZONE_ABBREVIATION_CAP || (is_quoted && !take(in, '>')))
        return false;
    memset(out, 0, ATL_ZONE_ABBREVIATION_CAP);
    memcpy(out, start, len);
    return true;
}

// [+-]hh[:mm[:ss]]
static bool read_time(struct reader *in, int32_t hours_max, int32_t *out_s)
{
    bool is_negative = take(in, '-');
    int32_t hours;
    int32_t minutes = 0;
    int32_t seconds = 0;

    if (!is_negative)
        take(in, '+');
    if (!read_number(in, 0, hours_max, &hours))
        return false;
    if (take(in, ':')) {
        if (!read_number(in, 0, 59, &minutes))
            return false;
        if (take(in, ':') && !read_number(in, 0, 59, &seconds))
            return false;
    }
    *out_s = (hours * 60 + minutes) * 60 + seconds;
    if (is_negative)
        *out_s = -*out_s;
    return true;
}

static bool read_day(struct reader *in, struct atl_zone_rule *out)
{
    if (take(in, 'M')) {
        out->kind = 'M';
        return read_number(in, 1, 12, &out->month) && take(in, '.') &&
               read_number(in, 1, 5, &out->week) && take(in, '.') &&
               read_number(in, 0, 6, &out->day);
    }
    if (take(in, 'J')) {
        out->kind = 'J';
        return read_number(in, 1, 365, &out->day);
    }
    out->kind = 'N';
    return read_number(in, 0, 365, &out->day);
}

// ",M3.5.0/2": RFC 8536 lets the time go from -167 to 167 hours.
static bool read_rule(struct reader *in, struct atl_zone_rule *out)
{
    *out = (struct atl_zone_rule){.time_s = 2 * HOUR_S};
    if (!take(in, ',') || !read_day(in, out))
        return false;
    return !take(in, '/') || read_time(in, 167, &out->time_s);
}

static bool read_footer(struct reader *in, struct atl_zone *zone)
{
    int32_t west;

    if (!read_name(in, zone->standard.abbreviation) || !read_time(in, 24, &west))
        return false;
    zone->standard.offset_s = -west; // POSIX counts to the west
    zone->standard.is_dst = false;
    zone->has_dst = in->at != in->end;
    if (!zone->has_dst)
        return true;
    if (!read_name(in, zone->summer.abbreviation))
        return false;
    zone->summer.offset_s = zone->standard.offset_s + HOUR_S;
    zone->summer.is_dst = true;
    if (in->at < in->end && *in->at != ',') {
        if (!read_time(in, 24, &west))
            return false;
        zone->summer.offset_s = -west;
    }
    return read_rule(in, &zone->summer_begins) && read_rule(in, &zone->summer_ends);
}

atl_code atl_zone_footer_parse(const char *text, size_t len, struct atl_zone *zone,
                               struct atl_error *err)
{
    struct reader in = {text, text + len};

    zone->has_footer = len > 0; // empty: nobody knows the future, the last type goes on
    if (len && (!read_footer(&in, zone) || in.at != in.end))
        return atl_fail(err, ATL_E_CORRUPT, "zone: its last line is not a POSIX rule at byte %zu",
                        (size_t)(in.at - text) + 1);
    return ATL_OK;
}

static bool is_leap(int32_t year)
{
    return atl_date_is_valid(year, 2, 29);
}

static int64_t rule_days(const struct atl_zone_rule *rule, int32_t year)
{
    int64_t first;
    int64_t days;

    if (rule->kind == 'N')
        return atl_date_days(year, 1, 1) + rule->day;
    if (rule->kind == 'J')
        return atl_date_days(year, 1, 1) + rule->day - 1 + (rule->day >= 60 && is_leap(year));
    first = atl_date_days(year, rule->month, 1);
    days = first + (rule->day - atl_date_weekday(first) % 7 + 7) % 7 + 7 * (rule->week - 1);
    while (days >= atl_date_days(year, rule->month + 1, 1)) // week 5 is the last one
        days -= 7;
    return days;
}

const struct atl_zone_type *atl_zone_footer_at(const struct atl_zone *zone, int64_t utc_s)
{
    int64_t local_days =
        (utc_s + zone->standard.offset_s) / DAY_S - ((utc_s + zone->standard.offset_s) % DAY_S < 0);
    int32_t year;
    int32_t month;
    int32_t day;
    int64_t begins;
    int64_t ends;
    bool is_summer;

    if (!zone->has_dst)
        return &zone->standard;
    atl_date_civil(local_days, &year, &month, &day);
    begins = rule_days(&zone->summer_begins, year) * DAY_S + zone->summer_begins.time_s -
             zone->standard.offset_s;
    ends = rule_days(&zone->summer_ends, year) * DAY_S + zone->summer_ends.time_s -
           zone->summer.offset_s;
    is_summer = begins < ends ? utc_s >= begins && utc_s < ends // north
                              : utc_s >= begins || utc_s < ends;
    return is_summer ? &zone->summer : &zone->standard;
}
