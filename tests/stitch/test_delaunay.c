// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/delaunay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

__extension__ typedef __int128 wide;

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

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static wide in_circle(const struct atl_site *a, const struct atl_site *b, const struct atl_site *c,
                      const struct atl_site *p)
{
    wide ax = a->x - p->x, ay = a->y - p->y, bx = b->x - p->x, by = b->y - p->y;
    wide cx = c->x - p->x, cy = c->y - p->y;

    return (ax * ax + ay * ay) * (bx * cy - by * cx) - (bx * bx + by * by) * (ax * cy - ay * cx) +
           (cx * cx + cy * cy) * (ax * by - ay * bx);
}

// No point lies in the circle of a triangle, neighbours know each other, corners turn left.
static void check_triangles(const struct atl_site *points, size_t n)
{
    struct atl_triangles t;
    size_t alive = 0;

    assert_true(atl_delaunay(points, n, &arena, &t));
    for (size_t i = 0; i < t.count; i++) {
        const struct atl_triangle *v = &t.v[i];
        bool is_ours = true;

        if (v->is_dead)
            continue;
        alive++;
        for (int k = 0; k < 3; k++) {
            const int32_t *back = v->to[k] < 0 ? NULL : t.v[v->to[k]].to;

            is_ours = is_ours && (size_t)v->corner[k] < n;
            if (back) {
                assert_false(t.v[v->to[k]].is_dead);
                assert_true(back[0] == (int32_t)i || back[1] == (int32_t)i ||
                            back[2] == (int32_t)i);
            }
        }
        for (size_t p = 0; is_ours && p < n; p++)
            assert_true(in_circle(&t.sites[v->corner[0]], &t.sites[v->corner[1]],
                                  &t.sites[v->corner[2]], &points[p]) <= 0);
    }
    assert_true(alive <= 2 * n + 1);
    atl_arena_free(&arena);
}

static void no_point_lies_in_the_circle_of_a_triangle(void **state)
{
    uint32_t seed = 7;

    (void)state;
    for (size_t n = 0; n < 200; n += 13) {
        struct atl_site points[200] = {
            {0, 0}
        };

        for (size_t i = 0; i < n; i++)
            points[i] = (struct atl_site){(int32_t)(next(&seed) % 5000000) - 2500000,
                                          (int32_t)(next(&seed) % 5000000) - 2500000};
        check_triangles(points, n);
    }
}

static void ties_repeats_and_lines_are_no_trouble(void **state)
{
    struct atl_site points[225];

    (void)state;
    for (int i = 0; i < 225; i++) // a grid: four on every circle
        points[i] = (struct atl_site){i % 15 * 100, i / 15 * 100};
    check_triangles(points, 225);
    for (int i = 0; i < 225; i++) // each place three times
        points[i] = (struct atl_site){i / 3 % 9 * 100, i / 27 * 100};
    check_triangles(points, 225);
    for (int i = 0; i < 225; i++) // one line
        points[i] = (struct atl_site){i * 7, i * 3};
    check_triangles(points, 225);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_point_lies_in_the_circle_of_a_triangle, setup, teardown),
        cmocka_unit_test_setup_teardown(ties_repeats_and_lines_are_no_trouble, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
