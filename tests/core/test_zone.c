// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/zone.h"

#include "tests/core/zone_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static void load(const char *name, struct atl_zone *zone)
{
    struct atl_error err = {0};

    if (!zone_data_load(name, zone, &err))
        fail_msg("%s: %s", name, err.text);
}

static int64_t utc(const char *text)
{
    int64_t ms = 0;

    assert_int_equal(atl_time_parse(text, strlen(text), &ms, NULL, NULL), ATL_OK);
    return ms;
}

static void clocks_change_as_they_do_in_each_city(void **state)
{
    static const struct {
        const char *zone, *utc, *local, *abbreviation;
    } rows[] = {
        {"Europe/Paris",        "2026-03-29T00:59:59.999Z", "2026-03-29T01:59:59.999+01:00", "CET" },
        {"Europe/Paris",        "2026-03-29T01:00:00.000Z", "2026-03-29T03:00:00.000+02:00", "CEST"},
        {"Europe/Paris",        "2026-10-25T00:59:59.999Z", "2026-10-25T02:59:59.999+02:00", "CEST"},
        {"Europe/Paris",        "2026-10-25T01:00:00.000Z", "2026-10-25T02:00:00.000+01:00", "CET" },
        {"Europe/Paris",        "2077-07-01T12:00:00.000Z", "2077-07-01T14:00:00.000+02:00", "CEST"},
        {"Europe/Paris",        "1945-04-02T01:30:00.000Z", "1945-04-02T03:30:00.000+02:00", "WEMT"},
        {"America/New_York",    "2026-03-08T06:59:59.000Z", "2026-03-08T01:59:59.000-05:00", "EST" },
        {"America/New_York",    "2026-03-08T07:00:00.000Z", "2026-03-08T03:00:00.000-04:00", "EDT" },
        {"America/New_York",    "2026-11-01T05:59:59.000Z", "2026-11-01T01:59:59.000-04:00", "EDT" },
        {"America/New_York",    "2026-11-01T06:00:00.000Z", "2026-11-01T01:00:00.000-05:00", "EST" },
        {"Asia/Tokyo",          "2026-07-01T00:00:00.000Z", "2026-07-01T09:00:00.000+09:00", "JST" },
        {"Asia/Tokyo",          "2026-12-31T15:00:00.000Z", "2027-01-01T00:00:00.000+09:00", "JST" },
        {"Australia/Lord_Howe", "2026-10-03T15:30:00.000Z", "2026-10-04T02:30:00.000+11:00", "+11" },
        {"Australia/Sydney",    "2040-01-01T00:00:00.000Z", "2040-01-01T11:00:00.000+11:00", "AEDT"},
        {"Australia/Sydney",    "2040-07-01T00:00:00.000Z", "2040-07-01T10:00:00.000+10:00", "AEST"},
        {"Asia/Kolkata",        "2026-01-01T00:00:00.000Z", "2026-01-01T05:30:00.000+05:30", "IST" },
        {"America/Nuuk",        "2050-07-01T00:00:00.000Z", "2050-06-30T23:00:00.000-01:00", "-01" },
        {"UTC",                 "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000+00:00", "UTC" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_zone zone;
        struct atl_civil civil;
        char text[ATL_TIME_CAP];

        load(rows[i].zone, &zone);
        atl_time_format_local(&zone, utc(rows[i].utc), text);
        assert_string_equal(text, rows[i].local);
        atl_zone_local(&zone, utc(rows[i].utc), &civil);
        assert_string_equal(civil.abbreviation, rows[i].abbreviation);
    }
}

// The C library as a second opinion, over many instants of 150 years.
static void the_c_library_agrees_on_every_third_of_a_day(void **state)
{
    static const char *const names[] = {"Europe/Paris", "America/New_York", "Asia/Tokyo",
                                        "Australia/Lord_Howe", "Africa/Casablanca"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct atl_zone zone;

        load(names[i], &zone);
        setenv("TZ", names[i], 1);
        tzset();
        for (time_t t = -2000000000; t < 2700000000; t += 28799) {
            struct atl_civil ours;
            struct tm theirs;

            atl_zone_local(&zone, (int64_t)t * 1000, &ours);
            localtime_r(&t, &theirs);
            if (ours.hour != theirs.tm_hour || ours.day != theirs.tm_mday ||
                ours.minute != theirs.tm_min || ours.second != theirs.tm_sec ||
                ours.offset_s != theirs.tm_gmtoff || ours.weekday % 7 != theirs.tm_wday ||
                ours.is_dst != (theirs.tm_isdst > 0))
                fail_msg("%s at %lld", names[i], (long long)t);
        }
    }
    unsetenv("TZ");
    tzset();
}

static void a_skipped_hour_is_read_as_an_hour_later_and_a_double_one_as_the_first(void **state)
{
    static const struct {
        const char *zone;
        struct atl_civil local;
        const char *utc;
    } rows[] = {
        {"Europe/Paris",
         {.year = 2026, .month = 3, .day = 29, .hour = 2, .minute = 30},
         "2026-03-29T01:30:00.000Z"                                                          }, // does not exist: 03:30
        {"Europe/Paris",
         {.year = 2026, .month = 3, .day = 29, .hour = 3},
         "2026-03-29T01:00:00.000Z"                                                          },
        {"Europe/Paris",
         {.year = 2026, .month = 10, .day = 25, .hour = 2, .minute = 30},
         "2026-10-25T00:30:00.000Z"                                                          }, // twice: the summer one
        {"Europe/Paris",
         {.year = 2026, .month = 10, .day = 25, .hour = 3},
         "2026-10-25T02:00:00.000Z"                                                          },
        {"America/New_York",
         {.year = 2026, .month = 3, .day = 8, .hour = 2, .minute = 1},
         "2026-03-08T07:01:00.000Z"                                                          },
        {"America/New_York",
         {.year = 2026, .month = 11, .day = 1, .hour = 1, .ms = 5},
         "2026-11-01T05:00:00.005Z"                                                          },
        {"Asia/Tokyo",
         {.year = 2026, .month = 4, .day = 31, .hour = 9},                // 31 April is 1 May
         "2026-05-01T00:00:00.000Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_zone zone;

        load(rows[i].zone, &zone);
        assert_true(atl_zone_utc(&zone, &rows[i].local) == utc(rows[i].utc));
    }
}

static void local_and_back_is_the_same_instant_or_the_first_of_two(void **state)
{
    struct atl_zone zone;
    unsigned doubles = 0;

    (void)state;
    load("Europe/Paris", &zone);
    for (int64_t t = utc("2026-01-01T00:00:00Z"); t < utc("2027-01-01T00:00:00Z"); t += 900000) {
        struct atl_civil local;
        int64_t back;

        atl_zone_local(&zone, t, &local);
        back = atl_zone_utc(&zone, &local);
        if (back != t) {
            assert_true(back == t - 3600000);
            doubles++;
        }
    }
    assert_int_equal(doubles, 4); // the four quarters of one hour in October
}

static void dates_count_days_both_ways(void **state)
{
    (void)state;
    assert_int_equal(atl_date_days(1970, 1, 1), 0);
    assert_int_equal(atl_date_days(2000, 3, 1), 11017);
    assert_true(atl_date_days(1969, 12, 31) == -1);
    for (int64_t days = atl_date_days(1, 1, 1); days < atl_date_days(2500, 1, 1); days++) {
        int32_t year;
        int32_t month;
        int32_t day;

        atl_date_civil(days, &year, &month, &day);
        assert_true(atl_date_days(year, month, day) == days);
        assert_true(atl_date_is_valid(year, month, day));
    }
    assert_int_equal(atl_date_weekday(0), 4); // a Thursday
    assert_int_equal(atl_date_weekday(-4), 7);
    assert_int_equal(atl_date_weekday(atl_date_days(2026, 11, 25)), 3);
    assert_false(atl_date_is_valid(2026, 2, 29));
    assert_true(atl_date_is_valid(2028, 2, 29));
    assert_false(atl_date_is_valid(2100, 2, 29));
    assert_false(atl_date_is_valid(2026, 13, 1));
    assert_false(atl_date_is_valid(0, 1, 1));
}

static void a_business_day_begins_when_the_shop_says(void **state)
{
    struct atl_zone zone;
    char text[ATL_DATE_CAP];

    (void)state;
    load("Europe/Paris", &zone);
    atl_date_format(atl_zone_business_day(&zone, utc("2026-11-25T02:59:59Z"), 240), text);
    assert_string_equal(text, "2026-11-24");
    atl_date_format(atl_zone_business_day(&zone, utc("2026-11-25T03:00:00Z"), 240), text);
    assert_string_equal(text, "2026-11-25");
    atl_date_format(atl_zone_business_day(&zone, utc("2026-11-24T23:00:00Z"), 0), text);
    assert_string_equal(text, "2026-11-25");
}

static void the_minutes_of_a_day_follow_the_wall(void **state)
{
    struct atl_zone zone;
    int64_t sunday = atl_date_days(2026, 3, 29);

    (void)state;
    load("Europe/Paris", &zone);
    assert_true(atl_zone_day_minute(&zone, sunday, 600) == utc("2026-03-29T08:00:00Z"));
    assert_true(atl_zone_day_minute(&zone, sunday, 1500) == utc("2026-03-29T23:00:00Z"));
    assert_true(atl_zone_day_minute(&zone, sunday, 0) == utc("2026-03-28T23:00:00Z"));
}

static void times_are_written_and_read_by_rfc_3339(void **state)
{
    static const struct {
        const char *text, *utc;
        int32_t offset_s;
    } rows[] = {
        {"2026-11-22T10:00:00Z",           "2026-11-22T10:00:00.000Z", 0     },
        {"2026-11-22t10:00:00.1z",         "2026-11-22T10:00:00.100Z", 0     },
        {"2026-11-22 10:00:00.123456789Z", "2026-11-22T10:00:00.123Z", 0     },
        {"2026-11-22T10:00:00.123+01:00",  "2026-11-22T09:00:00.123Z", 3600  },
        {"2026-11-22T10:00:00-05:30",      "2026-11-22T15:30:00.000Z", -19800},
        {"2016-12-31T23:59:60Z",           "2017-01-01T00:00:00.000Z", 0     },
        {"0001-01-03T00:00:00Z",           "0001-01-03T00:00:00.000Z", 0     },
        {"1969-12-31T23:59:59.999Z",       "1969-12-31T23:59:59.999Z", 0     },
    };
    char text[ATL_TIME_CAP];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t ms;
        int32_t offset_s;

        assert_int_equal(atl_time_parse(rows[i].text, strlen(rows[i].text), &ms, &offset_s, NULL),
                         ATL_OK);
        atl_time_format(ms, text);
        assert_string_equal(text, rows[i].utc);
        assert_int_equal(offset_s, rows[i].offset_s);
    }
}

static void what_is_no_time_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "2026-11-22",
        "2026-11-22T10:00:00",
        "2026-11-22T10:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T10:60:00Z",
        "2026-11-22T10:00:61Z",
        "2026-11-22T10:00:00.Z",
        "2026-11-22T10:00:00+1:00",
        "2026-11-22T10:00:00+24:00",
        "2026-02-29T10:00:00Z",
        "2026-11-22T10:00:00Zx",
        "26-11-22T10:00:00Z",
        "2026-11-22T10:00:00 Z",
        "0000-01-01T00:00:00Z",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t ms = 7;

        if (atl_time_parse(rows[i], strlen(rows[i]), &ms, NULL, NULL) != ATL_E_INVALID)
            fail_msg("row %zu", i);
        assert_int_equal(ms, 7);
    }
}

static void dates_are_written_and_read(void **state)
{
    int64_t days = 7;
    char text[ATL_DATE_CAP];

    (void)state;
    assert_int_equal(atl_date_parse("2026-13-01", 10, &days, NULL), ATL_E_INVALID);
    assert_int_equal(atl_date_parse("2026-11-25x", 11, &days, NULL), ATL_E_INVALID);
    assert_int_equal(atl_date_parse("", 0, &days, NULL), ATL_E_INVALID);
    assert_int_equal(days, 7);
    assert_int_equal(atl_date_parse("2026-11-25", 10, &days, NULL), ATL_OK);
    atl_date_format(days, text);
    assert_string_equal(text, "2026-11-25");
}

static void times_out_of_all_calendars_are_brought_back(void **state)
{
    struct atl_zone zone;
    struct atl_civil civil;
    char text[ATL_TIME_CAP];

    (void)state;
    atl_zone_init_utc(&zone);
    atl_zone_local(&zone, INT64_MAX, &civil);
    assert_int_equal(civil.year, 9999);
    atl_zone_local(&zone, INT64_MIN, &civil);
    assert_int_equal(civil.year, 1);
    load("Asia/Tokyo", &zone);
    atl_time_format_local(&zone, INT64_MAX, text);
    assert_non_null(strstr(text, "9999-12-31"));
    atl_time_format_local(&zone, INT64_MIN, text);
    assert_non_null(strstr(text, "0001-01-0"));
}

// A file of version 1 with one type and one transition, built by hand.
static const uint8_t version_1[] = {
    'T', 'Z', 'i', 'f', 0,   0,   0,   0,   0,    0,    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // counts:
    0,   0,   0,   0,   0,   0,   0,   0,   0,    0,    0, 0, 0, 0, 0, 1, 0, 0, 0, 2,
    0,   0,   0,   8,   0,   0,   0,   100, 1,                // at 100 s: type 1
    0,   0,   0,   0,   0,   0,   0,   0,   0x0E, 0x10, 1, 4, // UTC, +1 h
    'A', 'A', 'A', 0,   'B', 'B', 'B', 0,
};

static void version_1_files_are_read(void **state)
{
    struct atl_zone zone;
    struct atl_civil civil;

    (void)state;
    assert_int_equal(atl_zone_parse(version_1, sizeof version_1, &zone, NULL), ATL_OK);
    atl_zone_local(&zone, 99999, &civil);
    assert_string_equal(civil.abbreviation, "AAA");
    atl_zone_local(&zone, 100000, &civil);
    assert_string_equal(civil.abbreviation, "BBB");
    assert_int_equal(civil.hour, 1);
    assert_true(civil.is_dst);
}

static void a_cut_file_is_corrupt_at_every_length(void **state)
{
    static uint8_t bytes[65536];
    FILE *file = fopen("/usr/share/zoneinfo/Europe/Paris", "rb");
    size_t len = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    struct atl_zone zone;
    struct atl_error err;

    (void)state;
    assert_true(len > 1000);
    fclose(file);
    zone.type_count = 77;
    for (size_t cut = 0; cut < len; cut++)
        assert_int_equal(atl_zone_parse(bytes, cut, &zone, &err), ATL_E_CORRUPT);
    for (size_t cut = 0; cut < sizeof version_1; cut++)
        assert_int_equal(atl_zone_parse(version_1, cut, &zone, &err), ATL_E_CORRUPT);
    assert_int_equal(zone.type_count, 77);
    assert_int_equal(atl_zone_parse(bytes, len, &zone, &err), ATL_OK);
}

// Changes one byte of version_1 and says what must come of it.
static void nonsense_in_a_file_is_refused_with_a_sentence(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
        atl_code code;
        const char *why;
    } rows[] = {
        {0,  'X',  ATL_E_CORRUPT,     "not a TZif"    },
        {31, 1,    ATL_E_UNSUPPORTED, "leap seconds"  },
        {34, 9,    ATL_E_UNSUPPORTED, "too many"      },
        {39, 0,    ATL_E_CORRUPT,     "no type"       },
        {48, 2,    ATL_E_CORRUPT,     "type that it"  },
        {49, 0x70, ATL_E_CORRUPT,     "no sense"      },
        {53, 2,    ATL_E_CORRUPT,     "no sense"      },
        {54, 8,    ATL_E_CORRUPT,     "no sense"      },
        {68, 'C',  ATL_E_CORRUPT,     "without an end"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t bytes[sizeof version_1];
        struct atl_zone zone;
        struct atl_error err = {0};

        memcpy(bytes, version_1, sizeof bytes);
        bytes[rows[i].at] = rows[i].value;
        assert_int_equal(atl_zone_parse(bytes, sizeof bytes, &zone, &err), rows[i].code);
        if (!strstr(err.text, rows[i].why))
            fail_msg("row %zu: %s", i, err.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_change_as_they_do_in_each_city),
        cmocka_unit_test(the_c_library_agrees_on_every_third_of_a_day),
        cmocka_unit_test(a_skipped_hour_is_read_as_an_hour_later_and_a_double_one_as_the_first),
        cmocka_unit_test(local_and_back_is_the_same_instant_or_the_first_of_two),
        cmocka_unit_test(dates_count_days_both_ways),
        cmocka_unit_test(a_business_day_begins_when_the_shop_says),
        cmocka_unit_test(the_minutes_of_a_day_follow_the_wall),
        cmocka_unit_test(times_are_written_and_read_by_rfc_3339),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(dates_are_written_and_read),
        cmocka_unit_test(times_out_of_all_calendars_are_brought_back),
        cmocka_unit_test(version_1_files_are_read),
        cmocka_unit_test(a_cut_file_is_corrupt_at_every_length),
        cmocka_unit_test(nonsense_in_a_file_is_refused_with_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
