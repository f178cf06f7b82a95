// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct atl_progress at(int stage)
{
    return (struct atl_progress){.stage = (enum atl_stage)stage, .attempt = 1};
}

static struct atl_progress step(int kind, struct atl_progress from, int act)
{
    return atl_stage_next((enum atl_kind)kind, from, (enum atl_act)act);
}

// Any three small numbers, as the store may hand them to us.
static int next(int kind, int stage, int act)
{
    return (int)step(kind, at(stage), act).stage;
}

// Walks `acts`, which end with -1, from a draft.
static struct atl_progress walk(int kind, const int *acts)
{
    struct atl_progress here = at(ATL_STAGE_DRAFT);

    for (; *acts >= 0; acts++)
        here = step(kind, here, *acts);
    return here;
}

#define WALK(kind, ...) walk(kind, (const int[]){__VA_ARGS__, -1})

// Marks every stage of the kind that can be reached from `from`.
static void mark(int kind, struct atl_progress from, int *reached)
{
    if (from.stage == ATL_STAGE_NONE || reached[from.stage])
        return;
    reached[from.stage] = 1;
    for (int act = 0; act < ATL_ACT_COUNT; act++)
        mark(kind, step(kind, from, act), reached);
}

static void what_was_paid_but_not_signed_waits_for_a_person(void **state)
{
    struct atl_progress here = WALK(ATL_KIND_EMBROIDERY, ATL_ACT_TENDER_UNSIGNED);

    (void)state;
    assert_int_equal(here.stage, ATL_STAGE_ON_HOLD);
    assert_int_equal(step(ATL_KIND_EMBROIDERY, here, ATL_ACT_START).stage, ATL_STAGE_NONE);
    assert_int_equal(step(ATL_KIND_EMBROIDERY, here, ATL_ACT_RESUME).stage, ATL_STAGE_CONFIRMED);
}

static void what_was_dropped_and_then_paid_is_held_in_every_kind(void **state)
{
    (void)state;
    for (int kind = 0; kind < ATL_KIND_COUNT; kind++) {
        assert_int_equal(WALK(kind, ATL_ACT_EXPIRE, ATL_ACT_TENDER).stage, ATL_STAGE_ON_HOLD);
        assert_int_equal(WALK(kind, ATL_ACT_VOID, ATL_ACT_TENDER_LATER).stage, ATL_STAGE_ON_HOLD);
    }
}

static void details_to_follow_are_signed_before_anything_is_made(void **state)
{
    (void)state;
    assert_int_equal(next(ATL_KIND_DESIGN, ATL_STAGE_AWAITING_DETAILS, ATL_ACT_START),
                     ATL_STAGE_NONE);
    assert_int_equal(WALK(ATL_KIND_DESIGN, ATL_ACT_TENDER_LATER, ATL_ACT_SIGN).stage,
                     ATL_STAGE_CONFIRMED);
}

static void on_hold_leads_back_to_where_it_came_from(void **state)
{
    struct atl_progress here =
        WALK(ATL_KIND_EMBROIDERY, ATL_ACT_TENDER, ATL_ACT_START, ATL_ACT_HOLD, ATL_ACT_RESUME);

    (void)state;
    assert_int_equal(here.stage, ATL_STAGE_IN_PRODUCTION);
    assert_int_equal(here.back, ATL_STAGE_NONE);
}

static void what_is_being_made_is_cancelled_by_a_person_only(void **state)
{
    struct atl_progress here =
        WALK(ATL_KIND_EMBROIDERY, ATL_ACT_TENDER, ATL_ACT_START, ATL_ACT_DONE, ATL_ACT_CANCEL);

    (void)state;
    assert_int_equal(here.stage, ATL_STAGE_CANCEL_REQUESTED);
    assert_int_equal(step(ATL_KIND_EMBROIDERY, here, ATL_ACT_CANCEL).stage, ATL_STAGE_NONE);
    assert_int_equal(step(ATL_KIND_EMBROIDERY, here, ATL_ACT_CANCEL_REFUSE).stage,
                     ATL_STAGE_QUALITY_CHECK);
    assert_int_equal(step(ATL_KIND_EMBROIDERY, here, ATL_ACT_CANCEL_ACCEPT).stage,
                     ATL_STAGE_CANCELLED);
}

static void each_remake_is_a_new_attempt(void **state)
{
    struct atl_progress here =
        WALK(ATL_KIND_EMBROIDERY, ATL_ACT_TENDER, ATL_ACT_START, ATL_ACT_REMAKE, ATL_ACT_DONE,
             ATL_ACT_PASS, ATL_ACT_HAND_OVER, ATL_ACT_REMAKE);

    (void)state;
    assert_int_equal(here.stage, ATL_STAGE_IN_PRODUCTION);
    assert_int_equal(here.attempt, 3);
}

static void a_kind_never_enters_the_step_that_it_leaves_out(void **state)
{
    static const struct {
        int kind, left_out;
    } rows[] = {
        {ATL_KIND_NAME_NUMBER, ATL_STAGE_QUALITY_CHECK},
        {ATL_KIND_DESIGN,      ATL_STAGE_IN_PRODUCTION},
        {ATL_KIND_SEAT,        ATL_STAGE_READY        },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int reached[ATL_STAGE_COUNT] = {0};

        mark(rows[i].kind, at(ATL_STAGE_DRAFT), reached);
        assert_true(!reached[rows[i].left_out]);
        assert_true(reached[ATL_STAGE_CONFIRMED]);
    }
    assert_int_equal(next(ATL_KIND_NAME_NUMBER, ATL_STAGE_IN_PRODUCTION, ATL_ACT_DONE),
                     ATL_STAGE_READY);
    assert_int_equal(next(ATL_KIND_DESIGN, ATL_STAGE_CONFIRMED, ATL_ACT_DONE),
                     ATL_STAGE_QUALITY_CHECK);
}

static void a_seat_is_attended_moved_or_missed_but_never_made(void **state)
{
    (void)state;
    assert_int_equal(WALK(ATL_KIND_SEAT, ATL_ACT_TENDER, ATL_ACT_CHECK_IN, ATL_ACT_ATTEND).stage,
                     ATL_STAGE_ATTENDED);
    assert_int_equal(WALK(ATL_KIND_SEAT, ATL_ACT_TENDER, ATL_ACT_MISS, ATL_ACT_REBOOK).stage,
                     ATL_STAGE_CONFIRMED);
    assert_int_equal(WALK(ATL_KIND_SEAT, ATL_ACT_TENDER, ATL_ACT_MOVE, ATL_ACT_REBOOK).stage,
                     ATL_STAGE_CONFIRMED);
    assert_int_equal(next(ATL_KIND_SEAT, ATL_STAGE_CONFIRMED, ATL_ACT_START), ATL_STAGE_NONE);
}

static void every_stage_is_reached_and_only_these_are_final(void **state)
{
    static const int final[] = {ATL_STAGE_CANCELLED, ATL_STAGE_DISPOSED, ATL_STAGE_RETURNED,
                                ATL_STAGE_ATTENDED};
    int reached[ATL_STAGE_COUNT] = {0};

    (void)state;
    for (int kind = 0; kind < ATL_KIND_COUNT; kind++) {
        int of_kind[ATL_STAGE_COUNT] = {0};

        mark(kind, at(ATL_STAGE_DRAFT), of_kind);
        for (int stage = 1; stage < ATL_STAGE_COUNT; stage++) {
            int is_final = 0;

            for (size_t i = 0; i < sizeof final / sizeof final[0]; i++)
                is_final |= stage == final[i];
            reached[stage] |= of_kind[stage];
            if (of_kind[stage])
                assert_int_equal(atl_stage_is_final((enum atl_kind)kind, (enum atl_stage)stage),
                                 is_final);
        }
    }
    for (int stage = 1; stage < ATL_STAGE_COUNT; stage++)
        assert_true(reached[stage]);
}

static void numbers_out_of_range_are_refused(void **state)
{
    (void)state;
    assert_int_equal(next(99, ATL_STAGE_DRAFT, ATL_ACT_TENDER), ATL_STAGE_NONE);
    assert_int_equal(next(ATL_KIND_SEAT, 99, ATL_ACT_TENDER), ATL_STAGE_NONE);
    assert_int_equal(next(ATL_KIND_SEAT, ATL_STAGE_DRAFT, ATL_ACT_COUNT), ATL_STAGE_NONE);
    assert_string_equal(atl_stage_name((enum atl_stage)99), "unknown");
    assert_string_equal(atl_stage_name(ATL_STAGE_BACK), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_paid_but_not_signed_waits_for_a_person),
        cmocka_unit_test(what_was_dropped_and_then_paid_is_held_in_every_kind),
        cmocka_unit_test(details_to_follow_are_signed_before_anything_is_made),
        cmocka_unit_test(on_hold_leads_back_to_where_it_came_from),
        cmocka_unit_test(what_is_being_made_is_cancelled_by_a_person_only),
        cmocka_unit_test(each_remake_is_a_new_attempt),
        cmocka_unit_test(a_kind_never_enters_the_step_that_it_leaves_out),
        cmocka_unit_test(a_seat_is_attended_moved_or_missed_but_never_made),
        cmocka_unit_test(every_stage_is_reached_and_only_these_are_final),
        cmocka_unit_test(numbers_out_of_range_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
