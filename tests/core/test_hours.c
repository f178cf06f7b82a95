// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/hours.h"

#include "tests/core/zone_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static struct atl_zone paris;

static int set_up(void **state)
{
    (void)state;
    return !zone_data_load("Europe/Paris", &paris, NULL);
}

// Monday to Saturday 10:00-13:00 and 14:00-20:00, Friday until 01:00; closed at Christmas, a short
// Sunday before it.
static struct atl_hours shop_hours(void)
{
    const struct atl_open_day closed = {0};
    const struct atl_open_day short_day = {.count = 1, .open = {{12 * 60, 18 * 60}}};
    struct atl_hours hours = {0};

    for (int32_t day = 1; day <= 6; day++) {
        assert_int_equal(atl_hours_add(&hours, day, 14 * 60, day == 5 ? 25 * 60 : 20 * 60, NULL),
                         0);
        assert_int_equal(atl_hours_add(&hours, day, 10 * 60, 13 * 60, NULL), 0);
    }
    assert_int_equal(atl_hours_except(&hours, atl_date_days(2026, 12, 25), &closed, NULL), 0);
    assert_int_equal(atl_hours_except(&hours, atl_date_days(2026, 12, 20), &short_day, NULL), 0);
    return hours;
}

static int64_t local(const char *text)
{
    struct atl_civil civil = {0};
    int64_t utc_ms = 0;

    assert_int_equal(atl_time_parse(text, strlen(text), &utc_ms, NULL, NULL), ATL_OK);
    civil.year = 1970;
    civil.month = 1;
    civil.day = 1;
    civil.second = (int32_t)(utc_ms / 1000);
    return atl_zone_utc(&paris, &civil);
}

static void check_local(int64_t utc_ms, const char *expected)
{
    char text[ATL_TIME_CAP];

    atl_time_format_local(&paris, utc_ms, text);
    text[16] = 0;
    assert_string_equal(text, expected);
}

static void open_is_from_the_first_minute_to_before_the_last(void **state)
{
    static const struct {
        const char *at;
        bool is_open;
    } rows[] = {
        {"2026-11-25T09:59:59Z", false},
        {"2026-11-25T10:00:00Z", true },
        {"2026-11-25T12:59:59Z", true },
        {"2026-11-25T13:00:00Z", false},
        {"2026-11-25T14:00:00Z", true },
        {"2026-11-25T20:00:00Z", false},
        {"2026-11-28T00:59:59Z", true }, // Friday's night
        {"2026-11-28T01:00:00Z", false},
        {"2026-11-29T15:00:00Z", false}, // Sunday
        {"2026-12-20T15:00:00Z", true }, // the Sunday before Christmas
        {"2026-12-25T15:00:00Z", false},
        {"2026-12-26T00:30:00Z", false}, // Christmas was a Friday
    };
    struct atl_hours hours = shop_hours();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (atl_hours_is_open(&hours, &paris, local(rows[i].at)) != rows[i].is_open)
            fail_msg("%s", rows[i].at);
    }
}

static void the_next_opening_skips_nights_sundays_and_holidays(void **state)
{
    static const struct {
        const char *at, *opens;
    } rows[] = {
        {"2026-11-25T09:00:00Z", "2026-11-25T10:00"},
        {"2026-11-25T11:11:00Z", "2026-11-25T11:11"}, // it is open
        {"2026-11-25T13:30:00Z", "2026-11-25T14:00"},
        {"2026-11-28T21:00:00Z", "2026-11-30T10:00"},
        {"2026-12-24T21:00:00Z", "2026-12-26T10:00"},
    };
    struct atl_hours hours = shop_hours();
    struct atl_hours never = {0};
    int64_t opens = 7;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_true(atl_hours_next_open(&hours, &paris, local(rows[i].at), &opens));
        check_local(opens, rows[i].opens);
    }
    opens = 7;
    assert_false(atl_hours_next_open(&never, &paris, local("2026-11-25T09:00:00Z"), &opens));
    assert_int_equal(opens, 7);
}

static void closing_is_known_only_while_open(void **state)
{
    struct atl_hours hours = shop_hours();
    struct atl_hours always = {0};
    int64_t closes = 7;

    (void)state;
    assert_false(atl_hours_closes(&hours, &paris, local("2026-11-25T13:30:00Z"), &closes));
    assert_int_equal(closes, 7);
    assert_true(atl_hours_closes(&hours, &paris, local("2026-11-25T10:00:00Z"), &closes));
    check_local(closes, "2026-11-25T13:00");
    assert_true(atl_hours_closes(&hours, &paris, local("2026-11-27T23:00:00Z"), &closes));
    check_local(closes, "2026-11-28T01:00");
    for (int32_t day = 1; day <= 7; day++)
        assert_int_equal(atl_hours_add(&always, day, 0, ATL_DAY_MINUTES, NULL), ATL_OK);
    assert_true(atl_hours_closes(&always, &paris, local("2026-11-27T23:00:00Z"), &closes));
    assert_true(closes > local("2026-12-03T00:00:00Z"));
}

static void working_minutes_pass_only_while_open(void **state)
{
    static const struct {
        const char *at;
        int64_t minutes;
        const char *then;
    } rows[] = {
        {"2026-11-25T10:00:00Z", 0,    "2026-11-25T10:00"},
        {"2026-11-25T08:00:00Z", 0,    "2026-11-25T10:00"},
        {"2026-11-25T10:00:00Z", 180,  "2026-11-25T13:00"}, // done at the very end
        {"2026-11-25T10:00:00Z", 181,  "2026-11-25T14:01"},
        {"2026-11-25T19:30:00Z", 60,   "2026-11-26T10:30"},
        {"2026-11-28T19:30:00Z", 60,   "2026-11-30T10:30"}, // over a Sunday
        {"2026-11-25T10:00:00Z", 1440, "2026-11-27T17:00"},
        {"2026-11-25T10:00:00Z", -5,   "2026-11-25T10:00"},
    };
    struct atl_hours hours = shop_hours();
    int64_t then = 7;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_true(
            atl_hours_add_minutes(&hours, &paris, local(rows[i].at), rows[i].minutes, &then));
        check_local(then, rows[i].then);
    }
    then = 7;
    assert_false(atl_hours_add_minutes(&hours, &paris, local(rows[0].at), 60 * 24 * 60, &then));
    assert_false(atl_hours_add_minutes(&hours, &paris, local(rows[0].at), INT64_MAX, &then));
    assert_int_equal(then, 7);
}

static void a_night_with_a_clock_change_has_its_true_length(void **state)
{
    struct atl_hours hours = {0};
    int64_t then;

    (void)state;
    for (int32_t day = 1; day <= 7; day++)
        assert_int_equal(atl_hours_add(&hours, day, 0, ATL_DAY_MINUTES, NULL), ATL_OK);
    // Six hours from midnight: at 07:00 in March, at 05:00 in October.
    assert_true(atl_hours_add_minutes(&hours, &paris, local("2026-03-29T00:00:00Z"), 360, &then));
    check_local(then, "2026-03-29T07:00");
    assert_true(atl_hours_add_minutes(&hours, &paris, local("2026-10-25T00:00:00Z"), 360, &then));
    check_local(then, "2026-10-25T05:00");
}

static void what_is_left_of_today_ends_with_its_last_hour(void **state)
{
    static const struct {
        const char *at;
        int64_t minutes;
        const char *end;
    } rows[] = {
        {"2026-11-25T08:00:00Z", 540, "2026-11-25T20:00"},
        {"2026-11-25T12:00:00Z", 420, "2026-11-25T20:00"},
        {"2026-11-25T13:30:00Z", 360, "2026-11-25T20:00"},
        {"2026-11-25T20:00:00Z", 0,   "2026-11-25T20:00"},
        {"2026-11-27T20:00:00Z", 300, "2026-11-28T01:00"},
        {"2026-11-28T00:30:00Z", 30,  "2026-11-28T01:00"}, // Friday goes on
        {"2026-11-28T01:30:00Z", 540, "2026-11-28T20:00"},
        {"2026-11-29T12:00:00Z", 0,   "2026-11-29T12:00"},
    };
    struct atl_hours hours = shop_hours();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t end;
        int64_t left = atl_hours_left_today(&hours, &paris, local(rows[i].at), &end);

        if (left != rows[i].minutes * 60000)
            fail_msg("%s: %lld", rows[i].at, (long long)left / 60000);
        check_local(end, rows[i].end);
    }
}

static void impossible_hours_are_refused_with_a_sentence(void **state)
{
    static const struct {
        int32_t weekday, from, until;
        const char *why;
    } rows[] = {
        {0, 600,  700,  "weekday 0"},
        {8, 600,  700,  "weekday 8"},
        {1, 600,  600,  "end after"},
        {1, -1,   600,  "end after"},
        {1, 1440, 1500, "end after"},
        {1, 600,  2881, "end after"},
        {1, 750,  800,  "overlap"  },
        {1, 500,  601,  "overlap"  },
    };
    const struct atl_open_day closed = {0};
    struct atl_hours hours = {0};
    struct atl_error err;

    (void)state;
    assert_int_equal(atl_hours_add(&hours, 1, 600, 780, NULL), ATL_OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(atl_hours_add(&hours, rows[i].weekday, rows[i].from, rows[i].until, &err),
                         ATL_E_INVALID);
        assert_non_null(strstr(err.text, rows[i].why));
    }
    assert_int_equal(hours.week[0].count, 1);
    assert_int_equal(atl_hours_add(&hours, 1, 780, 800, NULL), ATL_OK);
    assert_int_equal(atl_hours_add(&hours, 1, 500, 600, NULL), ATL_OK);
    assert_int_equal(atl_hours_add(&hours, 1, 900, 960, &err), ATL_E_INVALID);
    for (int64_t day = 0; day < ATL_HOURS_EXCEPTIONS_MAX; day++)
        assert_int_equal(atl_hours_except(&hours, day, &closed, &err), ATL_OK);
    assert_int_equal(atl_hours_except(&hours, 999, &closed, &err), ATL_E_INVALID);
}

static void a_time_of_the_day_is_read_strictly(void **state)
{
    static const struct {
        const char *text;
        int32_t minutes; // -1: refused
    } rows[] = {
        {"10:00",  600 },
        {"9:05",   545 },
        {"00:00",  0   },
        {"24:00",  1440},
        {"23:59",  1439},
        {"24:01",  -1  },
        {"25:00",  -1  },
        {"10:60",  -1  },
        {"1000",   -1  },
        {"",       -1  },
        {"a0:00",  -1  },
        {"10:0x",  -1  },
        {":30",    -1  },
        {"010:00", -1  },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int32_t minutes = -1;
        atl_code rc = atl_minutes_parse(rows[i].text, strlen(rows[i].text), &minutes, NULL);

        assert_int_equal(rc, rows[i].minutes < 0 ? ATL_E_INVALID : ATL_OK);
        assert_true(minutes == rows[i].minutes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_is_from_the_first_minute_to_before_the_last),
        cmocka_unit_test(the_next_opening_skips_nights_sundays_and_holidays),
        cmocka_unit_test(closing_is_known_only_while_open),
        cmocka_unit_test(working_minutes_pass_only_while_open),
        cmocka_unit_test(a_night_with_a_clock_change_has_its_true_length),
        cmocka_unit_test(what_is_left_of_today_ends_with_its_last_hour),
        cmocka_unit_test(impossible_hours_are_refused_with_a_sentence),
        cmocka_unit_test(a_time_of_the_day_is_read_strictly),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
