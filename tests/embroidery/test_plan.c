// SPDX-License-Identifier: Apache-2.0
// The normal form of a plan, its limits and its figures.
#include "tests/embroidery/plans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct atl_plan plan;
static struct atl_error err;

static int begin(void **state)
{
    (void)state;
    atl_plan_init(&plan);
    memset(&err, 0, sizeof err);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    atl_plan_free(&plan);
    return 0;
}

// "S10,0 T J30,0 E": what the plan is, to be read at a glance.
static const char *words(void)
{
    static char text[512];
    size_t used = 0;

    text[0] = 0;
    for (size_t i = 0; i < plan.count; i++) {
        const struct atl_stitch *at = &plan.acts[i];

        if (at->act == ATL_ACT_STITCH || at->act == ATL_ACT_JUMP)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%c%d,%d", i ? " " : "",
                                     "SJ"[at->act], (int)at -> x_dmm, (int)at -> y_dmm);
        else
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%c", i ? " " : "",
                                     "SJTCPE"[at->act]);
    }
    return text;
}

static void jumps_in_a_row_are_one_and_a_jump_to_where_the_needle_is_is_none(void **state)
{
    (void)state;
    atl_plan_jump(&plan, 10, 0);
    atl_plan_jump(&plan, 20, 0);
    atl_plan_stitch(&plan, 20, 0);
    atl_plan_jump(&plan, 50, 50);
    atl_plan_jump(&plan, 20, 0);
    atl_plan_stitch(&plan, 25, 0);
    atl_plan_end(&plan);
    assert_string_equal(words(), "J20,0 S20,0 S25,0 E");
}

static void a_trim_stands_where_the_thread_was_last_sewn(void **state)
{
    (void)state;
    atl_plan_trim(&plan); // nothing to cut
    atl_plan_stitch(&plan, 5, 0);
    atl_plan_jump(&plan, 90, 0);
    atl_plan_trim(&plan);
    atl_plan_trim(&plan);
    atl_plan_stitch(&plan, 90, 5);
    atl_plan_end(&plan);
    assert_string_equal(words(), "S5,0 T J90,0 S90,5 E");
}

static void a_change_of_colour_cuts_by_itself_and_the_jump_comes_behind_it(void **state)
{
    (void)state;
    atl_plan_stitch(&plan, 5, 0);
    atl_plan_trim(&plan);
    atl_plan_jump(&plan, 90, 0);
    atl_plan_colour(&plan);
    atl_plan_trim(&plan);
    atl_plan_stitch(&plan, 90, 5);
    atl_plan_jump(&plan, 7, 7);
    atl_plan_stop(&plan);
    atl_plan_stitch(&plan, 7, 8);
    atl_plan_trim(&plan);
    atl_plan_jump(&plan, 0, 0);
    atl_plan_end(&plan);
    assert_string_equal(words(), "S5,0 C J90,0 S90,5 P J7,7 S7,8 E");
    assert_int_equal(plan.acts[1].x_dmm, 5);
}

static void nothing_is_added_behind_the_end_or_a_metre_away(void **state)
{
    (void)state;
    atl_plan_stitch(&plan, 1, 1);
    atl_plan_end(&plan);
    assert_int_equal(atl_plan_built(&plan, &err), ATL_OK);
    atl_plan_stitch(&plan, 2, 2);
    assert_int_equal(atl_plan_built(&plan, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "the design goes on behind its end");
    atl_plan_free(&plan);
    atl_plan_stitch(&plan, 10000, -10000);
    atl_plan_jump(&plan, 10001, 0);
    atl_plan_end(&plan); // the failure is sticky
    assert_int_equal(plan.count, 1);
    assert_int_equal(atl_plan_built(&plan, &err), ATL_E_UNSUPPORTED);
    assert_string_equal(err.text, "the design reaches further than 1 m from its start");
}

static void two_hundred_thousand_acts_are_taken_and_not_one_more(void **state)
{
    (void)state;
    for (int i = 0; i < ATL_PLAN_ACTS_MAX - 1; i++)
        atl_plan_stitch(&plan, i % 7, i % 5);
    atl_plan_end(&plan);
    assert_int_equal(atl_plan_built(&plan, &err), ATL_OK);
    assert_int_equal(plan.count, ATL_PLAN_ACTS_MAX);
    atl_plan_free(&plan);
    for (int i = 0; i < ATL_PLAN_ACTS_MAX + 1; i++)
        atl_plan_stitch(&plan, i % 7, i % 5);
    assert_int_equal(atl_plan_built(&plan, &err), ATL_E_UNSUPPORTED);
    assert_string_equal(err.text, "the design has more than 200000 stitches");
    assert_int_equal(plan.count, ATL_PLAN_ACTS_MAX);
}

static void ninety_nine_threads_are_taken_and_not_one_more(void **state)
{
    struct atl_thread thread = plan_thread(0);

    (void)state;
    for (int i = 0; i < ATL_PLAN_THREADS_MAX; i++)
        atl_plan_thread(&plan, &thread);
    assert_int_equal(plan.why.code, ATL_OK);
    atl_plan_thread(&plan, &thread);
    assert_int_equal(plan.why.code, ATL_E_UNSUPPORTED);
}

static void a_plan_that_cannot_be_sewn_says_where(void **state)
{
    struct atl_thread thread = plan_thread(0);

    (void)state;
    atl_plan_stitch(&plan, 0, 0);
    assert_int_equal(atl_plan_check(&plan, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "the design has no end");
    atl_plan_end(&plan);
    assert_int_equal(atl_plan_check(&plan, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "the design has 0 threads for 1 blocks of colour");
    atl_plan_thread(&plan, &thread);
    assert_int_equal(atl_plan_check(&plan, &err), ATL_OK);
    atl_plan_free(&plan);
    atl_plan_stitch(&plan, 0, 0);
    atl_plan_stitch(&plan, 0, 122);
    atl_plan_end(&plan);
    assert_int_equal(atl_plan_check(&plan, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "stitch 2 is 12.2 mm long; a machine sews 12.1 mm at most");
    atl_plan_free(&plan);
    atl_plan_stitch(&plan, 0, 0);
    atl_plan_colour(&plan);
    atl_plan_end(&plan);
    assert_int_equal(atl_plan_check(&plan, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "nothing is sewn in block 2 of the design");
}

static void figures_of_a_plan_are_those_counted_by_hand(void **state)
{
    const struct atl_sewing_speed speed = {600, 30, 6};
    const struct atl_sewing_speed unknown = {0, 30, 6};
    struct atl_plan_bounds box;
    struct atl_plan_counts counts;

    (void)state;
    plan_by_hand(&plan);
    box = atl_plan_bounds(&plan);
    counts = atl_plan_counts(&plan);
    assert_int_equal(box.left_dmm, -200);
    assert_int_equal(box.right_dmm, 200);
    assert_int_equal(box.bottom_dmm, -100);
    assert_int_equal(box.top_dmm, 100);
    assert_int_equal(counts.stitches, 10);
    assert_int_equal(counts.jumps, 3);
    assert_int_equal(counts.trims, 1);
    assert_int_equal(counts.colour_changes, 1);
    assert_int_equal(counts.stops, 1);
    assert_int_equal(counts.longest_um, 5385); // 2.0 by 5.0 mm
    assert_int_equal(counts.thread_um, 31659);
    assert_int_equal(atl_plan_seconds(&plan, &speed), 1 + 2 * 30 + 6);
    assert_int_equal(atl_plan_seconds(&plan, &unknown), 0);
}

static void centring_moves_all_and_leaves_the_start_where_it_is(void **state)
{
    (void)state;
    atl_plan_stitch(&plan, 100, 7);
    atl_plan_stitch(&plan, 203, 8);
    atl_plan_trim(&plan);
    atl_plan_jump(&plan, 300, 0);
    atl_plan_stitch(&plan, 201, 10);
    atl_plan_end(&plan);
    assert_false(atl_plan_is_centred(&plan));
    atl_plan_centre(&plan);
    assert_true(atl_plan_is_centred(&plan));
    assert_string_equal(words(), "J-51,-1 S-51,-1 S52,0 T J149,-8 S50,2 E");
}

static void centring_an_odd_negative_width_is_stable(void **state)
{
    (void)state;
    for (int32_t left = -6; left <= 6; left++) {
        for (int32_t width = 0; width < 4; width++) {
            size_t count;

            atl_plan_free(&plan);
            atl_plan_stitch(&plan, left, left);
            atl_plan_stitch(&plan, left + width, left + width);
            atl_plan_end(&plan);
            atl_plan_centre(&plan);
            count = plan.count;
            assert_true(atl_plan_is_centred(&plan));
            atl_plan_centre(&plan);
            assert_int_equal(plan.count, count);
        }
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, finish)
    const struct CMUnitTest tests[] = {
        T(jumps_in_a_row_are_one_and_a_jump_to_where_the_needle_is_is_none),
        T(a_trim_stands_where_the_thread_was_last_sewn),
        T(a_change_of_colour_cuts_by_itself_and_the_jump_comes_behind_it),
        T(nothing_is_added_behind_the_end_or_a_metre_away),
        T(two_hundred_thousand_acts_are_taken_and_not_one_more),
        T(ninety_nine_threads_are_taken_and_not_one_more),
        T(a_plan_that_cannot_be_sewn_says_where),
        T(figures_of_a_plan_are_those_counted_by_hand),
        T(centring_moves_all_and_leaves_the_start_where_it_is),
        T(centring_an_odd_negative_width_is_stable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
