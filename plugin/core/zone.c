// SPDX-License-Identifier: Apache-2.0
// What time it is on the shop's wall. The file's footer is read in zone_footer.c.
#include "plugin/core/zone.h"

#include "plugin/core/zone_footer.h"

#include <string.h>

enum { DAY_S = 86400 };

// Offset of the type in force at an instant.
static const struct atl_zone_type *type_at(const struct atl_zone *zone, int64_t utc_s)
{
    uint32_t low = 0;
    uint32_t high = zone->transition_count;

    if (!high || utc_s < zone->at_s[0]) // RFC 8536, 3.2: the first type
        return high || !zone->has_footer ? &zone->types[0] : atl_zone_footer_at(zone, utc_s);
    if (zone->has_footer && utc_s >= zone->at_s[high - 1])
        return atl_zone_footer_at(zone, utc_s);
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (zone->at_s[middle] <= utc_s)
            low = middle;
        else
            high = middle;
    }
    return &zone->types[zone->type_of[low]];
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t clamp_ms(int64_t ms)
{
    const int64_t first = atl_date_days(1, 1, 2) * DAY_S * 1000;
    const int64_t last = atl_date_days(9999, 12, 31) * DAY_S * 1000 - 1;

    return ms < first ? first : ms > last ? last : ms;
}

void atl_zone_local(const struct atl_zone *zone, int64_t utc_ms, struct atl_civil *out)
{
    int64_t ms = clamp_ms(utc_ms);
    int64_t utc_s = floor_div(ms, 1000);
    const struct atl_zone_type *type = type_at(zone, utc_s);
    int64_t local_s = utc_s + type->offset_s;
    int64_t days = floor_div(local_s, DAY_S);
    int32_t of_day = (int32_t)(local_s - days * DAY_S);

    *out = (struct atl_civil){
        .hour = of_day / 3600,
        .minute = of_day / 60 % 60,
        .second = of_day % 60,
        .ms = (int32_t)(ms - utc_s * 1000),
        .weekday = atl_date_weekday(days),
        .offset_s = type->offset_s,
        .is_dst = type->is_dst,
    };
    atl_date_civil(days, &out->year, &out->month, &out->day);
    memcpy(out->abbreviation, type->abbreviation, sizeof out->abbreviation);
}

// The instant of local seconds, by the offsets in force a day before and a day after.
static int64_t to_utc(const struct atl_zone *zone, int64_t local_s)
{
    int64_t before = type_at(zone, local_s - DAY_S)->offset_s;
    int64_t after = type_at(zone, local_s + DAY_S)->offset_s;

    if (type_at(zone, local_s - before)->offset_s == before)
        return local_s - before; // the only one, or the first of two
    if (type_at(zone, local_s - after)->offset_s == after)
        return local_s - after;
    return local_s - before; // skipped
}

int64_t atl_zone_utc(const struct atl_zone *zone, const struct atl_civil *local)
{
    int64_t days = atl_date_days(local->year, local->month, local->day);
    int64_t local_s =
        days * DAY_S + (int64_t)local->hour * 3600 + (int64_t)local->minute * 60 + local->second;

    return to_utc(zone, local_s) * 1000 + local->ms;
}

int64_t atl_zone_business_day(const struct atl_zone *zone, int64_t utc_ms,
                              int32_t day_start_minutes)
{
    struct atl_civil local;

    atl_zone_local(zone, utc_ms, &local);
    return atl_date_days(local.year, local.month, local.day) -
           (local.hour * 60 + local.minute < day_start_minutes);
}

int64_t atl_zone_day_minute(const struct atl_zone *zone, int64_t days, int32_t minutes)
{
    return to_utc(zone, days * DAY_S + (int64_t)minutes * 60) * 1000;
}

void atl_zone_init_utc(struct atl_zone *out)
{
    out->transition_count = 0;
    out->type_count = 1;
    out->has_footer = false;
    out->has_dst = false;
    out->types[0] = (struct atl_zone_type){.abbreviation = "UTC"};
}
