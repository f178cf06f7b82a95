// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/promise.h"

#include <stdlib.h>

enum {
    PERMILLE = 1000,
    SAMPLES_MIN = 20,
    P50_UNKNOWN = 1000,
    P90_UNKNOWN = 1500,
    QUARTER_MS = 15 * 60000,
    HOUR_MS = 3600000,
};
static const int64_t ten_years_s = INT64_C(315360000);

static int64_t at_least_0(int64_t value)
{
    return value > 0 ? value : 0;
}

// a * b / c of numbers that are not negative, saturating at ten years.
static int64_t scale(int64_t a, int64_t b, int64_t c)
{
    int64_t product;

    if (__builtin_mul_overflow(at_least_0(a), at_least_0(b), &product))
        return ten_years_s;
    return product / c > ten_years_s ? ten_years_s : product / c;
}

int64_t atl_work_seconds(const struct atl_work *work, int64_t unit_count, int64_t change_count)
{
    const int32_t steps[] = {work->fetch_hoop_s, work->press_set_s, work->check_s, work->pack_s};
    int64_t sum = 0;

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        sum += at_least_0(steps[i]);
    if (work->units_per_minute > 0)
        sum += scale(unit_count, 60, work->units_per_minute);
    sum += scale(change_count, work->change_s, 1);
    return sum > ten_years_s ? ten_years_s : sum;
}

static int compare(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a;
    int32_t y = *(const int32_t *)b;

    return (x > y) - (x < y);
}

// By nearest rank.
static int32_t percentile(const int32_t *sorted, size_t count, size_t percent)
{
    return sorted[(count * percent + 99) / 100 - 1];
}

struct atl_pace atl_pace_of(int32_t *permille, size_t count)
{
    if (!count)
        return (struct atl_pace){0};
    qsort(permille, count, sizeof permille[0], compare);
    return (struct atl_pace){
        .p50_permille = percentile(permille, count, 50),
        .p90_permille = percentile(permille, count, 90),
        .sample_count = count > INT32_MAX ? INT32_MAX : (int32_t)count,
    };
}

// A pace one can rely on.
static struct atl_pace sane(const struct atl_pace *pace)
{
    struct atl_pace out = {P50_UNKNOWN, P90_UNKNOWN, 0};

    if (pace && pace->sample_count >= SAMPLES_MIN && pace->p50_permille > 0) {
        out = *pace;
        if (out.p90_permille < out.p50_permille)
            out.p90_permille = out.p50_permille;
    }
    return out;
}

// The same work on each of some stations: the queue is shared, a piece is not.
static int64_t serial_s(int64_t queue_s, int64_t work_s, int32_t stations)
{
    return at_least_0(queue_s) / stations + at_least_0(work_s);
}

// When this much work is done, which is corrected already: today with today's stations and today's
// pace, what is left of it on the days after as usual.
static bool done_at(const struct atl_workshop *shop, int64_t now_ms, int64_t queue_s,
                    int64_t work_s, int64_t *out_ms)
{
    int32_t today =
        shop->is_full_today ? 0 : shop->station_count - (int32_t)at_least_0(shop->out_count);
    int64_t need_s = serial_s(queue_s, work_s, shop->station_count);
    int64_t start_ms = now_ms;
    int64_t end_ms;
    int64_t left_s = atl_hours_left_today(shop->hours, shop->zone, now_ms, &end_ms) / 1000;

    if (today > 0) {
        int64_t need_today_s =
            scale(serial_s(queue_s, work_s, today), 100 + at_least_0(shop->slower_percent), 100);

        if (need_today_s <= left_s)
            need_s = need_today_s;
        else {
            need_s -= scale(need_s, left_s, need_today_s);
            start_ms = end_ms;
        }
    } else {
        start_ms = end_ms;
    }
    return atl_hours_add_minutes(shop->hours, shop->zone, start_ms, (need_s + 59) / 60, out_ms);
}

static int64_t local_days(const struct atl_workshop *shop, int64_t utc_ms)
{
    return atl_zone_business_day(shop->zone, utc_ms, 0);
}

// Up to the next multiple of `step` on the wall clock.
static int64_t round_up(const struct atl_workshop *shop, int64_t utc_ms, int64_t step_ms)
{
    struct atl_civil local;
    int64_t wall;

    atl_zone_local(shop->zone, utc_ms, &local);
    wall = utc_ms + (int64_t)local.offset_s * 1000;
    return utc_ms + (step_ms - wall % step_ms) % step_ms;
}

// Not after the hour at which the workshop closes that day; `utc_ms` may be that very instant.
static int64_t within_hours(const struct atl_workshop *shop, int64_t utc_ms, int64_t rounded_ms)
{
    int64_t close_ms;

    if (atl_hours_closes(shop->hours, shop->zone, utc_ms - 1, &close_ms) && rounded_ms > close_ms)
        return close_ms;
    return rounded_ms;
}

// Both ends are whole quarters and a quarter apart at least: a guest is not told "9:39". Only in
// the last quarter before closing the beginning stays what it is.
static void round_to_quarters(const struct atl_workshop *shop, struct atl_promise *promise)
{
    const int64_t early = promise->from_ms;

    promise->until_ms =
        within_hours(shop, promise->until_ms, round_up(shop, promise->until_ms, QUARTER_MS));
    promise->from_ms = round_up(shop, early, QUARTER_MS);
    if (promise->from_ms >= promise->until_ms)
        promise->until_ms = within_hours(shop, promise->until_ms, promise->from_ms + QUARTER_MS);
    if (promise->from_ms >= promise->until_ms)
        promise->from_ms = early < promise->until_ms ? early : promise->until_ms;
}

// The parts of a day: their minutes on the wall clock.
static const int32_t part_ends[] = {13 * 60, 18 * 60, ATL_DAY_MINUTES};

// Beginning and end of the part of the day that holds the instant, within the opening hours.
static void part_of_day(const struct atl_workshop *shop, int64_t utc_ms, int64_t *from_ms,
                        int64_t *until_ms)
{
    int64_t days = local_days(shop, utc_ms);
    int32_t begins = 0;
    int64_t opens_ms;
    size_t i = 0;

    while (atl_zone_day_minute(shop->zone, days, part_ends[i]) <= utc_ms &&
           part_ends[i] < ATL_DAY_MINUTES)
        begins = part_ends[i++];
    *from_ms = atl_zone_day_minute(shop->zone, days, begins);
    if (atl_hours_next_open(shop->hours, shop->zone, *from_ms, &opens_ms) && opens_ms <= utc_ms)
        *from_ms = opens_ms;
    *until_ms = within_hours(shop, utc_ms + 1, atl_zone_day_minute(shop->zone, days, part_ends[i]));
}

static void round_to_parts(const struct atl_workshop *shop, int64_t now_ms,
                           struct atl_promise *promise)
{
    int64_t unused;

    if (local_days(shop, promise->from_ms) == local_days(shop, now_ms))
        promise->from_ms =
            within_hours(shop, promise->from_ms, round_up(shop, promise->from_ms, QUARTER_MS));
    else
        part_of_day(shop, promise->from_ms, &promise->from_ms, &unused);
    part_of_day(shop, promise->until_ms - 1, &unused, &promise->until_ms);
}

static atl_code check_shop(const struct atl_workshop *shop, int64_t now_ms, struct atl_error *err)
{
    int64_t open_ms;

    if (shop->station_count < 1)
        return atl_fail(err, ATL_E_UNSUPPORTED, "promise: the workshop has no station");
    if (!atl_hours_next_open(shop->hours, shop->zone, now_ms, &open_ms))
        return atl_fail(err, ATL_E_UNSUPPORTED,
                        "promise: the workshop does not open within 60 days");
    return ATL_OK;
}

// The queue is many pieces, so it takes about what it takes in the middle; the piece itself may be
// an unlucky one.
atl_code atl_promise_make(const struct atl_workshop *shop, const struct atl_pace *pace,
                          int64_t now_ms, int64_t work_s, struct atl_promise *out,
                          struct atl_error *err)
{
    struct atl_pace real = sane(pace);
    int64_t queue_s = scale(shop->queue_s, real.p50_permille, PERMILLE);
    struct atl_promise promise;
    atl_code rc = check_shop(shop, now_ms, err);

    if (rc)
        return rc;
    if (!done_at(shop, now_ms, queue_s, scale(work_s, real.p50_permille, PERMILLE),
                 &promise.from_ms) ||
        !done_at(shop, now_ms, queue_s, scale(work_s, real.p90_permille, PERMILLE),
                 &promise.until_ms))
        return atl_fail(err, ATL_E_UNSUPPORTED,
                        "promise: the work before it takes longer than 60 days");
    if (local_days(shop, promise.until_ms - 1) == local_days(shop, now_ms))
        round_to_quarters(shop, &promise);
    else
        round_to_parts(shop, now_ms, &promise);
    *out = promise;
    return ATL_OK;
}

bool atl_promise_misses(const struct atl_promise *promise, int64_t needed_by_ms)
{
    return needed_by_ms < promise->until_ms;
}

bool atl_promise_is_late(const struct atl_promise *said, const struct atl_promise *expected,
                         int64_t now_ms)
{
    return now_ms > said->until_ms || (expected && expected->from_ms > said->until_ms);
}

bool atl_promise_is_at_risk(const struct atl_promise *said, const struct atl_promise *expected,
                            int64_t now_ms)
{
    bool is_near = now_ms >= said->until_ms - HOUR_MS;

    return is_near &&
           (now_ms > said->until_ms || (expected && expected->until_ms > said->until_ms));
}
