// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/unite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct atl_arena arena;
static struct atl_contours contours;

static int setup(void **state)
{
    (void)state;
    atl_arena_init(&arena, 64 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    atl_contours_free(&contours);
    atl_arena_free(&arena);
    return 0;
}

// A square against the clock, or with it.
static void add_square(double x, double y, double side, bool is_hole)
{
    static const double corner[4][2] = {
        {0, 0},
        {1, 0},
        {1, 1},
        {0, 1}
    };

    atl_contours_begin(&contours);
    for (int k = 0; k < 4; k++) {
        const double *c = corner[is_hole ? 3 - k : k];

        atl_contours_add(&contours, (struct atl_vec){x + side * c[0], y + side * c[1]});
    }
}

static struct atl_shape make(void)
{
    struct atl_shape shape = {0};
    struct atl_error err = {0};

    if (atl_shape_make(&contours, &arena, &shape, &err))
        fail_msg("%s", err.text);
    return shape;
}

static void overlapping_contours_become_one(void **state)
{
    struct atl_shape shape;

    (void)state;
    add_square(0, 0, 4, false);
    add_square(2, 2, 4, false);
    add_square(10, 0, 1, false);
    shape = make();
    assert_int_equal(shape.count, 2);
    assert_int_equal(shape.parts[0].count, 1);
    assert_float_equal(shape.parts[0].area, 28, 1e-3);
    assert_float_equal(shape.parts[1].area, 1, 1e-3);
}

static void a_contour_with_the_clock_inside_another_is_a_hole(void **state)
{
    struct atl_shape shape;

    (void)state;
    add_square(0, 0, 10, false);
    add_square(2, 2, 6, true);
    add_square(4, 4, 2, false); // an island in the hole
    shape = make();
    assert_int_equal(shape.count, 2);
    assert_int_equal(shape.parts[0].count, 2);
    assert_float_equal(shape.parts[0].area, 64, 1e-3);
    assert_true(atl_part_has(&shape.parts[0], (struct atl_vec){1, 5}));
    assert_false(atl_part_has(&shape.parts[0], (struct atl_vec){3, 5}));
    assert_false(atl_part_has(&shape.parts[0], (struct atl_vec){5, 5}));
    assert_true(atl_part_has(&shape.parts[1], (struct atl_vec){5, 5}));
}

static void fonts_that_run_the_other_way_round_are_the_same(void **state)
{
    struct atl_shape shape;

    (void)state;
    add_square(0, 0, 10, true);
    add_square(2, 2, 6, false);
    shape = make();
    assert_int_equal(shape.count, 1);
    assert_float_equal(shape.parts[0].area, 64, 1e-3);
}

static void touching_and_equal_contours_are_united(void **state)
{
    struct atl_shape shape;

    (void)state;
    add_square(0, 0, 4, false);
    add_square(0, 0, 4, false); // twice the same
    add_square(4, 0, 4, false); // along a whole edge
    shape = make();
    assert_int_equal(shape.count, 1);
    assert_float_equal(shape.parts[0].area, 32, 1e-3);
}

static void letters_that_touch_meet_and_become_one_part(void **state)
{
    struct atl_contours first;
    struct atl_shape shape;

    (void)state;
    add_square(0, 0, 4, false);
    first = contours;
    contours = (struct atl_contours){0};
    add_square(5, 1, 2, false);
    assert_false(atl_contours_meet(&first, &contours)); // beside it
    add_square(3, 1, 3, false);
    assert_true(atl_contours_meet(&first, &contours));
    atl_contours_append(&contours, &first);
    atl_contours_free(&first);
    shape = make();
    assert_int_equal(shape.count, 1);
    assert_float_equal(shape.parts[0].area, 16 + 6 + 2 * 2 - 2, 1e-3);
}

static void a_ray_finds_the_nearest_edge_and_its_way(void **state)
{
    struct atl_shape shape;
    struct atl_vec edge = {0, 0};

    (void)state;
    add_square(0, 0, 10, false);
    add_square(2, 2, 6, true);
    shape = make();
    assert_float_equal(
        atl_part_ray(&shape.parts[0], (struct atl_vec){0.5, 5}, (struct atl_vec){1, 0}, 20, &edge),
        1.5, 1e-3);
    assert_float_equal(edge.x, 0, 1e-6);
    assert_float_equal(
        atl_part_ray(&shape.parts[0], (struct atl_vec){0.5, 5}, (struct atl_vec){1, 0}, 1, NULL), 1,
        1e-9); // none so near
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(overlapping_contours_become_one, setup, teardown),
        cmocka_unit_test_setup_teardown(a_contour_with_the_clock_inside_another_is_a_hole, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(fonts_that_run_the_other_way_round_are_the_same, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(touching_and_equal_contours_are_united, setup, teardown),
        cmocka_unit_test_setup_teardown(letters_that_touch_meet_and_become_one_part, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_ray_finds_the_nearest_edge_and_its_way, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
