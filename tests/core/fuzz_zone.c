// SPDX-License-Identifier: Apache-2.0
// A zone file that may be anything, and times written by strangers.
#include "plugin/core/hours.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool is_so)
{
    if (!is_so)
        abort();
}

static void check_time(const char *text, size_t len)
{
    char written[ATL_TIME_CAP];
    int64_t ms;
    int64_t back;

    // The first and the last day lie outside of the calendar in one zone or another.
    if (!atl_time_parse(text, len, &ms, NULL, NULL) && ms > -62135500000000 &&
        ms < 253402214400000) {
        atl_time_format(ms, written);
        demand(!atl_time_parse(written, strlen(written), &back, NULL, NULL) && back == ms);
    }
}

static void check_zone(const struct atl_zone *zone)
{
    static const int64_t times[] = {INT64_MIN,     -3000000000000, 0,
                                    1795312345123, 4000000000000,  INT64_MAX};
    struct atl_hours hours = {0};
    int64_t then;

    demand(!atl_hours_add(&hours, 3, 600, 1200, NULL));
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        char text[ATL_TIME_CAP];
        struct atl_civil civil;

        atl_zone_local(zone, times[i], &civil);
        demand(civil.month >= 1 && civil.month <= 12 && civil.hour >= 0 && civil.hour < 24);
        (void)atl_zone_utc(zone, &civil);
        atl_time_format_local(zone, times[i], text);
    }
    (void)atl_hours_add_minutes(&hours, zone, 1795312345123, 1000, &then);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct atl_zone zone; // large
    int64_t days;

    if (!atl_zone_parse(data, size, &zone, NULL))
        check_zone(&zone);
    check_time((const char *)data, size);
    if (!atl_date_parse((const char *)data, size, &days, NULL)) {
        char text[ATL_DATE_CAP];

        atl_date_format(days, text);
        demand(size == 10 && memcmp(text, data, 10) == 0);
    }
    return 0;
}
