// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/thread_path.h"

enum { LOCKS = 3 };
#define LONG_LOCK_MM 0.98

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

// Three short stitches on the line from `at` to `towards`: so far from `at`, and where there is no
// room for that, to and fro.
static void lock(struct atl_thread_path *path, struct atl_vec at, struct atl_vec towards,
                 const double mm[LOCKS])
{
    const double short_mm[LOCKS] = {path->fabric->lock_mm, 0, path->fabric->lock_mm};
    const bool has_room = vec_dist(at, towards) >= LONG_LOCK_MM;
    struct atl_vec way;

    at = (struct atl_vec){dmm(at.x) / 10.0, dmm(at.y) / 10.0}; // so that rounding shortens none
    way = vec_unit(vec_sub(towards, at));
    for (int i = 0; i < LOCKS; i++)
        put(path, vec_along(at, way, has_room ? mm[i] : short_mm[i]));
}

// Out, back, and on: the last is a step of the way that follows. A piece begins where it ends, and
// each hole less there is one less that cuts the cloth.
static void tie_in(struct atl_thread_path *path, struct atl_vec at, struct atl_vec towards)
{
    lock(path, at, towards, (const double[LOCKS]){path->fabric->lock_mm, 0, LONG_LOCK_MM});
}

// Back over the last stitch.
static void tie_off(struct atl_thread_path *path)
{
    lock(path, path->last, path->before,
         (const double[LOCKS]){LONG_LOCK_MM / 2, LONG_LOCK_MM, LONG_LOCK_MM / 2});
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
        tie_in(path, points[0], points[next]);
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
