// SPDX-License-Identifier: Apache-2.0
// How letters keep the narrow gaps between their strokes.
#include "plugin/stitch/letter.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BAR_MM 2.0

static struct atl_arena arena;

static int setup(void **state)
{
    (void)state;
    atl_arena_init(&arena, 64 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    atl_arena_free(&arena);
    return 0;
}

static void add_bar(struct atl_contours *contours, double bottom)
{
    atl_contours_begin(contours);
    atl_contours_add(contours, (struct atl_vec){0, bottom});
    atl_contours_add(contours, (struct atl_vec){12, bottom});
    atl_contours_add(contours, (struct atl_vec){12, bottom + BAR_MM});
    atl_contours_add(contours, (struct atl_vec){0, bottom + BAR_MM});
}

// The gap that is left of one between two bars, in the middle of their length, as they are sewn.
static double sewn_gap(double gap, const struct atl_fabric *fabric)
{
    struct atl_contours contours = {0};
    struct atl_letter letter = {0};
    struct atl_error err = {0};
    double low = INFINITY, high = -INFINITY;

    add_bar(&contours, 0);
    add_bar(&contours, BAR_MM + gap);
    if (atl_letter_make(&contours, 15, fabric, &arena, &letter, &err))
        fail_msg("%s", err.text);
    atl_contours_free(&contours);
    assert_int_equal(letter.count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct atl_column *c = &letter.pieces[i].columns.v[0];
        size_t middle = c->axis.n / 2;
        double a, b;

        assert_int_equal(letter.pieces[i].columns.count, 1);
        a = column_left(c, middle).y;
        b = column_right(c, middle).y;
        if (fmax(a, b) < BAR_MM + gap / 2)
            high = fmax(a, b);
        else
            low = fmin(a, b);
    }
    return low - high - 2 * fabric->pull_mm;
}

static void a_narrow_gap_stays_open_and_a_wide_one_is_pulled_as_ever(void **state)
{
    const struct atl_fabric *fabric = atl_fabric_find("canvas");

    (void)state;
    for (double gap = 0.7; gap < 0.95; gap += 0.1) {
        double left = sewn_gap(gap, fabric);

        if (left < 0.59)
            fail_msg("of a gap of %.1f mm %.2f mm are left", gap, left);
    }
    assert_float_equal(sewn_gap(2, fabric), (float)(2 - 2 * fabric->pull_mm), 0.03);
    // One that cannot be kept open is sewn over, evenly.
    assert_float_equal(sewn_gap(0.4, fabric), (float)(0.4 - 2 * fabric->pull_mm), 0.03);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_narrow_gap_stays_open_and_a_wide_one_is_pulled_as_ever,
                                        setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
