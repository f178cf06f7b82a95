// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/thread_path.h"

enum { LOCKS = 3 };

void atl_thread_path_init(struct atl_thread_path *path, struct atl_plan *plan,
                          const struct atl_fabric *fabric)
{
    *path = (struct atl_thread_path){.plan = plan, .fabric = fabric};
}

static int32_t dmm(double mm)
{
    return (int32_t)lround(clamp(mm, -2000, 2000) * 10);
}

static void put(struct atl_thread_path *path, struct atl_vec p)
{
    atl_plan_stitch(path->plan, dmm(p.x), dmm(p.y));
    path->before = path->last;
    path->last = p;
}

// To and fro beside `at`, towards the thread that is sewn next or was sewn last.
static void lock(struct atl_thread_path *path, struct atl_vec at, struct atl_vec towards)
{
    struct atl_vec off;

    at = (struct atl_vec){dmm(at.x) / 10.0, dmm(at.y) / 10.0}; // so that rounding shortens none
    off = vec_along(at, vec_unit(vec_sub(towards, at)), path->fabric->lock_mm);

    for (int i = 0; i < LOCKS; i++)
        put(path, i % 2 ? at : off);
}

static void tie_off(struct atl_thread_path *path)
{
    struct atl_vec last = path->last;

    lock(path, last, path->before);
}

// Long stitches are cut into equal ones; after rounding none is shorter than the shortest.
static void put_far(struct atl_thread_path *path, struct atl_vec p)
{
    struct atl_vec from = path->last;
    double d = vec_dist(from, p);
    int n = (int)ceil(d / path->fabric->longest_mm);

    for (int i = 1; i <= n; i++)
        put(path, vec_mix(from, p, (double)i / n));
}

static bool is_short(const struct atl_thread_path *path, struct atl_vec p)
{
    double dx = (double)dmm(p.x) - dmm(path->last.x), dy = (double)dmm(p.y) - dmm(path->last.y);
    double least = path->fabric->shortest_mm * 10;

    return dx * dx + dy * dy < least * least;
}

void atl_thread_path_add(struct atl_thread_path *path, const struct atl_vec *points, size_t n)
{
    size_t i = 0;
    bool is_far = path->has_begun && vec_dist(path->last, points[0]) > path->fabric->trim_mm;

    if (n < 2)
        return;
    if (is_far) {
        tie_off(path);
        atl_plan_trim(path->plan);
    }
    if (is_far || !path->has_begun) {
        size_t next = 1;

        while (next + 1 < n && vec_dist(points[0], points[next]) < path->fabric->lock_mm)
            next++;
        atl_plan_jump(path->plan, dmm(points[0].x), dmm(points[0].y));
        put(path, points[0]);
        lock(path, points[0], points[next]);
        path->has_begun = true;
        i = 1;
    }
    for (; i < n; i++) {
        if (!is_short(path, points[i]))
            put_far(path, points[i]);
    }
}

void atl_thread_path_end(struct atl_thread_path *path)
{
    if (path->has_begun)
        tie_off(path);
    atl_plan_end(path->plan);
}
