// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/promise.h"

#include "tests/core/zone_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static struct atl_zone paris;
static struct atl_hours hours; // Monday to Saturday, 10:00 to 20:00

static int set_up(void **state)
{
    (void)state;
    for (int32_t day = 1; day <= 6; day++) {
        if (atl_hours_add(&hours, day, 600, 1200, NULL))
            return -1;
    }
    return !zone_data_load("Europe/Paris", &paris, NULL);
}

// Of Paris in winter: "2026-11-25T10:00" is 09:00 UTC.
static int64_t winter(const char *text)
{
    char full[ATL_TIME_CAP];
    int64_t utc_ms = 0;

    snprintf(full, sizeof full, "%s:00+01:00", text);
    assert_int_equal(atl_time_parse(full, strlen(full), &utc_ms, NULL, NULL), ATL_OK);
    return utc_ms;
}

static void check_local(int64_t utc_ms, const char *expected)
{
    char text[ATL_TIME_CAP];

    atl_time_format_local(&paris, utc_ms, text);
    text[16] = 0;
    assert_string_equal(text, expected);
}

static void work_is_the_sum_of_its_steps(void **state)
{
    const struct atl_work tote = {
        .fetch_hoop_s = 300, .units_per_minute = 600, .change_s = 45, .check_s = 120, .pack_s = 60};
    const struct atl_work press = {.press_set_s = 20, .units_per_minute = 0};
    const struct atl_work broken = {.fetch_hoop_s = -5, .units_per_minute = 1, .change_s = -1};

    (void)state;
    // 6,000 stitches at 600 a minute are ten minutes.
    assert_int_equal(atl_work_seconds(&tote, 6000, 2), 300 + 600 + 90 + 120 + 60);
    assert_int_equal(atl_work_seconds(&press, 6000, 0), 20);
    assert_int_equal(atl_work_seconds(&broken, -7, 3), 0);
    assert_int_equal(atl_work_seconds(&broken, INT64_MAX, INT64_MAX), 315360000);
}

static void the_pace_is_the_middle_and_the_ninth_tenth(void **state)
{
    int32_t reversed[100];
    struct atl_pace pace;

    (void)state;
    for (int32_t i = 0; i < 100; i++)
        reversed[i] = 1100 - i;
    pace = atl_pace_of(reversed, 100);
    assert_int_equal(pace.p50_permille, 1050);
    assert_int_equal(pace.p90_permille, 1090);
    assert_int_equal(pace.sample_count, 100);
    pace = atl_pace_of(reversed, 0);
    assert_int_equal(pace.sample_count, 0);
    pace = atl_pace_of(reversed, 1);
    assert_int_equal(pace.p50_permille, 1001);
    assert_int_equal(pace.p90_permille, 1001);
}

struct row {
    const char *now;
    int64_t work_minutes;
    int64_t queue_minutes;
    int32_t stations, out, slower;
    bool is_full;
    const char *from, *until;
};

static void check_row(const struct row *row, const struct atl_pace *pace)
{
    const struct atl_workshop shop = {
        .station_count = row->stations,
        .out_count = row->out,
        .slower_percent = row->slower,
        .is_full_today = row->is_full,
        .queue_s = row->queue_minutes * 60,
        .hours = &hours,
        .zone = &paris,
    };
    struct atl_promise promise = {0};
    struct atl_error err;

    if (atl_promise_make(&shop, pace, winter(row->now), row->work_minutes * 60, &promise, &err))
        fail_msg("%s: %s", row->now, err.text);
    check_local(promise.from_ms, row->from);
    check_local(promise.until_ms, row->until);
}

// With 20 pieces known: half took as computed, nine of ten at most half as long again.
static const struct atl_pace known = {1000, 1500, 20};

static void a_promise_follows_work_queue_stations_and_lever(void **state)
{
    static const struct row rows[] = {
  // Today, in quarters: 30 to 45 minutes.
        {"2026-11-25T10:00", 30,  0,    1, 0, 0,  false, "2026-11-25T10:30", "2026-11-25T10:45"},
        {"2026-11-25T10:01", 30,  0,    1, 0, 0,  false, "2026-11-25T10:45", "2026-11-25T11:00"},
 // Before opening it begins with the day.
        {"2026-11-25T08:00", 60,  0,    1, 0, 0,  false, "2026-11-25T11:00", "2026-11-25T11:30"},
 // Two hours of queue before it; two stations share it; one of them is out.
        {"2026-11-25T10:00", 30,  120,  1, 0, 0,  false, "2026-11-25T12:30", "2026-11-25T12:45"},
        {"2026-11-25T10:00", 30,  120,  2, 0, 0,  false, "2026-11-25T11:30", "2026-11-25T11:45"},
        {"2026-11-25T10:00", 30,  120,  2, 1, 0,  false, "2026-11-25T12:30", "2026-11-25T12:45"},
 // Half as slow today.
        {"2026-11-25T10:00", 60,  0,    1, 0, 50, false, "2026-11-25T11:30", "2026-11-25T12:15"},
 // Shortly before closing the range shrinks, and never passes it.
        {"2026-11-25T19:10", 30,  0,    1, 0, 0,  false, "2026-11-25T19:45", "2026-11-25T20:00"},
        {"2026-11-25T19:20", 26,  0,    1, 0, 0,  false, "2026-11-25T19:46", "2026-11-25T20:00"},
 // Tomorrow, in parts of the day: morning, afternoon, evening.
        {"2026-11-25T10:00", 30,  0,    1, 0, 0,  true,  "2026-11-26T10:00", "2026-11-26T13:00"},
        {"2026-11-25T10:00", 30,  0,    2, 2, 0,  false, "2026-11-26T10:00", "2026-11-26T13:00"},
        {"2026-11-25T10:00", 30,  780,  1, 0, 0,  false, "2026-11-26T13:00", "2026-11-26T18:00"},
        {"2026-11-25T10:00", 30,  1100, 1, 0, 0,  false, "2026-11-26T18:00", "2026-11-26T20:00"},
 // From this evening to tomorrow morning.
        {"2026-11-25T19:00", 50,  0,    1, 0, 0,  false, "2026-11-25T20:00", "2026-11-26T13:00"},
 // Over a Sunday.
        {"2026-11-28T19:30", 60,  0,    1, 0, 0,  false, "2026-11-30T10:00", "2026-11-30T13:00"},
        {"2026-11-29T12:00", 60,  0,    1, 0, 0,  false, "2026-11-30T10:00", "2026-11-30T13:00"},
 // Slow today, but tomorrow as usual: of 9 hours 3 are left (half as long again: 7:30).
        {"2026-11-25T11:00", 540, 0,    1, 0, 50, false, "2026-11-26T13:00", "2026-11-26T18:00"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_row(&rows[i], &known);
    }
}

static void a_workshop_that_is_slower_than_computed_promises_later(void **state)
{
    const struct atl_pace slow = {2000, 3000, 500};
    const struct atl_pace few = {2000, 3000, 19};
    const struct row row = {"2026-11-25T10:00", 60, 60, 1, 0, 0, false, "2026-11-25T14:00",
                            "2026-11-25T15:00"};
    const struct row unknown = {"2026-11-25T10:00", 60, 60, 1, 0, 0, false, "2026-11-25T12:00",
                                "2026-11-25T12:30"};

    (void)state;
    check_row(&row, &slow);
    check_row(&unknown, &few); // too few to believe
    check_row(&unknown, NULL);
    check_row(&unknown, &(struct atl_pace){0});
}

// Whatever the numbers, a promise lies ahead, in opening hours, and in order.
static void every_promise_is_ahead_in_order_and_in_hours(void **state)
{
    (void)state;
    for (int64_t minute = 0; minute < 7 * 1440; minute += 7) {
        int64_t now = winter("2026-11-23T00:00") + minute * 60000;

        for (int64_t work = 1; work < 1500; work = work * 2 + 3) {
            const struct atl_workshop shop = {.station_count = 1 + (int32_t)(minute % 3),
                                              .out_count = (int32_t)(minute % 2),
                                              .slower_percent = (int32_t)(minute % 5) * 10,
                                              .queue_s = (minute % 11) * 1800,
                                              .hours = &hours,
                                              .zone = &paris};
            struct atl_promise promise;

            assert_int_equal(atl_promise_make(&shop, &known, now, work * 60, &promise, NULL), 0);
            assert_true(promise.from_ms >= now);
            assert_true(promise.until_ms >= now + work * 60000);
            assert_true(promise.from_ms <= promise.until_ms);
            assert_true(atl_hours_is_open(&hours, &paris, promise.until_ms - 1));
        }
    }
}

static void nobody_is_told_a_minute_that_is_no_quarter(void **state)
{
    const struct atl_workshop shop = {.station_count = 1, .hours = &hours, .zone = &paris};
    const struct atl_pace pace = {0};
    const int64_t quarter_ms = 15 * 60 * 1000;

    (void)state;
    for (int64_t work_s = 60; work_s < 4 * 3600; work_s += 61) {
        struct atl_promise promise;

        assert_int_equal(
            atl_promise_make(&shop, &pace, winter("2026-11-25T10:03"), work_s, &promise, NULL),
            ATL_OK);
        assert_int_equal(promise.from_ms % quarter_ms, 0);
        assert_int_equal(promise.until_ms % quarter_ms, 0);
        assert_true(promise.until_ms - promise.from_ms >= quarter_ms);
    }
}

static void more_work_before_it_never_makes_it_earlier(void **state)
{
    int64_t last = 0;

    (void)state;
    for (int64_t queue = 0; queue < 3000; queue += 5) {
        const struct atl_workshop shop = {.station_count = 2,
                                          .slower_percent = 20,
                                          .queue_s = queue * 60,
                                          .hours = &hours,
                                          .zone = &paris};
        struct atl_promise promise;

        assert_int_equal(
            atl_promise_make(&shop, &known, winter("2026-11-25T10:00"), 1800, &promise, NULL), 0);
        assert_true(promise.until_ms >= last);
        last = promise.until_ms;
    }
}

static void what_cannot_be_promised_says_why(void **state)
{
    static const struct atl_hours never;
    struct atl_workshop shop = {.station_count = 1, .hours = &never, .zone = &paris};
    struct atl_promise promise = {1, 2};
    struct atl_error err;

    (void)state;
    assert_int_equal(atl_promise_make(&shop, &known, 0, 60, &promise, &err), ATL_E_UNSUPPORTED);
    assert_non_null(strstr(err.text, "does not open"));
    shop.hours = &hours;
    shop.queue_s = INT64_MAX;
    assert_int_equal(atl_promise_make(&shop, &known, 0, 60, &promise, &err), ATL_E_UNSUPPORTED);
    assert_non_null(strstr(err.text, "longer than 60 days"));
    shop.station_count = 0;
    assert_int_equal(atl_promise_make(&shop, &known, 0, 60, &promise, &err), ATL_E_UNSUPPORTED);
    assert_non_null(strstr(err.text, "no station"));
    assert_int_equal(promise.from_ms + promise.until_ms, 3);
}

static void late_is_when_the_end_has_passed_or_will_for_sure(void **state)
{
    const struct atl_promise said = {1000000, 2000000};
    const struct atl_promise sooner = {1500000, 2000000};
    const struct atl_promise later = {2000001, 3000000};

    (void)state;
    assert_false(atl_promise_is_late(&said, NULL, 2000000));
    assert_true(atl_promise_is_late(&said, NULL, 2000001));
    assert_false(atl_promise_is_late(&said, &sooner, 1000000));
    assert_true(atl_promise_is_late(&said, &later, 1000000));
}

static void a_guest_is_told_an_hour_before_it_breaks(void **state)
{
    const int64_t hour = 3600000;
    const struct atl_promise said = {5 * hour, 10 * hour};
    const struct atl_promise fine = {6 * hour, 10 * hour};
    const struct atl_promise broken = {9 * hour, 10 * hour + 1};

    (void)state;
    assert_false(atl_promise_is_at_risk(&said, &broken, 9 * hour - 1));
    assert_true(atl_promise_is_at_risk(&said, &broken, 9 * hour));
    assert_false(atl_promise_is_at_risk(&said, &fine, 9 * hour));
    assert_false(atl_promise_is_at_risk(&said, NULL, 10 * hour));
    assert_true(atl_promise_is_at_risk(&said, &fine, 10 * hour + 1));
}

static void a_need_before_the_end_of_the_range_is_missed(void **state)
{
    const struct atl_promise promise = {1000, 2000};

    (void)state;
    assert_true(atl_promise_misses(&promise, 1999));
    assert_false(atl_promise_misses(&promise, 2000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_is_the_sum_of_its_steps),
        cmocka_unit_test(the_pace_is_the_middle_and_the_ninth_tenth),
        cmocka_unit_test(a_promise_follows_work_queue_stations_and_lever),
        cmocka_unit_test(a_workshop_that_is_slower_than_computed_promises_later),
        cmocka_unit_test(every_promise_is_ahead_in_order_and_in_hours),
        cmocka_unit_test(nobody_is_told_a_minute_that_is_no_quarter),
        cmocka_unit_test(more_work_before_it_never_makes_it_earlier),
        cmocka_unit_test(what_cannot_be_promised_says_why),
        cmocka_unit_test(late_is_when_the_end_has_passed_or_will_for_sure),
        cmocka_unit_test(a_guest_is_told_an_hour_before_it_breaks),
        cmocka_unit_test(a_need_before_the_end_of_the_range_is_missed),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
