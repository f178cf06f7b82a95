// SPDX-License-Identifier: Apache-2.0
#include "plugin/sew/metrics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct sew_metrics of(struct atl_plan *plan)
{
    struct sew_metrics metrics;

    atl_plan_end(plan);
    assert_int_equal(sew_metrics_of(plan, &metrics, NULL), ATL_OK);
    atl_plan_free(plan);
    return metrics;
}

static bool near(double a, double b, double by)
{
    return fabs(a - b) <= by;
}

// One straight line: 20 mm of thread, 0.4 mm wide and round at its ends.
static void a_line_is_as_long_and_as_wide_as_it_is(void **state)
{
    struct atl_plan plan;
    struct sew_metrics metrics;

    (void)state;
    atl_plan_init(&plan);
    for (int x = 0; x <= 200; x += 20)
        atl_plan_stitch(&plan, x, 0);
    metrics = of(&plan);
    assert_true(near(metrics.width_mm, 20, 1e-9) && near(metrics.height_mm, 0, 1e-9));
    assert_true(near(metrics.shortest_mm, 2, 1e-9) && near(metrics.mean_mm, 2, 1e-9));
    assert_true(near(metrics.longest_mm, 2, 1e-9) && near(metrics.share_good, 1, 1e-9));
    assert_true(near(metrics.covered_mm2, 20 * 0.4 + 0.126, 0.5));
    assert_true(near(metrics.density, 20 / 8.126, 0.2));
    assert_int_equal(metrics.holes_max, 1);
}

// A field of threads 0.2 mm from each other: 5 mm on each mm2, everywhere.
static void an_even_field_has_an_even_density(void **state)
{
    struct atl_plan plan;
    struct sew_metrics metrics;

    (void)state;
    atl_plan_init(&plan);
    for (int y = 0; y <= 200; y += 2)
        atl_plan_stitch(&plan, y / 2 % 2 ? 100 : 0, y);
    metrics = of(&plan);
    assert_true(near(metrics.density, 5, 0.25));
    assert_true(metrics.density_cv < 0.12);
    assert_true(near(metrics.density_p99, 5, 0.7));
    assert_true(near(metrics.covered_mm2, 10.2 * 20.4, 3));
}

static void short_and_long_stitches_are_counted_against_it(void **state)
{
    struct atl_plan plan;
    struct sew_metrics metrics;

    (void)state;
    atl_plan_init(&plan);
    atl_plan_stitch(&plan, 0, 0);
    atl_plan_stitch(&plan, 20, 0);  // good
    atl_plan_stitch(&plan, 21, 0);  // too short
    atl_plan_stitch(&plan, 110, 0); // too long
    atl_plan_stitch(&plan, 110, 0); // a lock: no stitch
    metrics = of(&plan);
    assert_true(near(metrics.share_good, 1.0 / 3, 1e-9));
    assert_true(near(metrics.shortest_mm, 0.1, 1e-9) && near(metrics.longest_mm, 8.9, 1e-9));
}

static void the_place_with_the_most_holes_is_named(void **state)
{
    struct atl_plan plan;
    struct sew_metrics metrics;

    (void)state;
    atl_plan_init(&plan);
    for (int x = -200; x <= 200; x += 20)
        atl_plan_stitch(&plan, x, 0);
    for (int i = 0; i < 30; i++)
        atl_plan_stitch(&plan, 152 + i % 2 * 4, 62);
    metrics = of(&plan);
    assert_int_equal(metrics.holes_max, 30);
    assert_true(near(metrics.worst_x_mm, 15.5, 0.51) && near(metrics.worst_y_mm, 6.2, 0.51));
}

// What is cut is no thread on the cloth, what is only moved is.
static void a_move_counts_as_thread_unless_it_was_cut(void **state)
{
    double density[2];

    (void)state;
    for (int is_cut = 0; is_cut < 2; is_cut++) {
        struct atl_plan plan;
        struct sew_metrics metrics;

        atl_plan_init(&plan);
        atl_plan_stitch(&plan, 0, 0);
        atl_plan_stitch(&plan, 20, 0);
        if (is_cut)
            atl_plan_trim(&plan);
        atl_plan_jump(&plan, 120, 0);
        atl_plan_stitch(&plan, 120, 0);
        atl_plan_stitch(&plan, 140, 0);
        metrics = of(&plan);
        density[is_cut] = metrics.covered_mm2;
    }
    assert_true(near(density[0], 14 * 0.4, 0.6));
    assert_true(near(density[1], 4 * 0.4, 0.6));
}

static void the_largest_design_is_measured_as_well(void **state)
{
    struct atl_plan plan;
    struct sew_metrics metrics;

    (void)state;
    atl_plan_init(&plan);
    atl_plan_stitch(&plan, -ATL_PLAN_REACH_DMM, -ATL_PLAN_REACH_DMM);
    atl_plan_stitch(&plan, ATL_PLAN_REACH_DMM, ATL_PLAN_REACH_DMM);
    metrics = of(&plan);
    assert_true(near(metrics.width_mm, 2000, 1e-9));
    assert_true(metrics.covered_mm2 > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_as_long_and_as_wide_as_it_is),
        cmocka_unit_test(an_even_field_has_an_even_density),
        cmocka_unit_test(short_and_long_stitches_are_counted_against_it),
        cmocka_unit_test(the_place_with_the_most_holes_is_named),
        cmocka_unit_test(a_move_counts_as_thread_unless_it_was_cut),
        cmocka_unit_test(the_largest_design_is_measured_as_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
