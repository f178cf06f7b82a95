// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/counter.h"

#define OPEN_MM   0.66 // a counter is left so wide: a good thread and a half
#define CLOSED_MM 0.60 // and one that is narrower in the outline cannot be: it is sewn over
#define DEEP      0.15 // mm inside that the end of a rung may lie, its edge being smoothed
#define SMOOTH    0.20 // mm along the axis

// How far it is from an edge of the part at p to the next edge of any part.
static double room_at(const struct atl_shape *shape, struct atl_vec p, struct atl_vec way,
                      double most)
{
    double room = most;

    for (size_t i = 0; i < shape->count; i++) {
        const struct atl_part *other = &shape->parts[i];

        if (p.x + most > other->low.x && p.x - most < other->high.x && p.y + most > other->low.y &&
            p.y - most < other->high.y)
            room = fmin(room, atl_part_ray(other, p, way, room, NULL));
    }
    return room;
}

// What a rung's end at p, that goes `way`, does without.
static double spare_at(const struct atl_shape *shape, const struct atl_part *part, struct atl_vec p,
                       struct atl_vec way, double grow)
{
    double most = OPEN_MM + 2 * grow;
    struct atl_vec in = vec_along(p, way, -DEEP);
    double out = atl_part_ray(part, in, way, 2 * DEEP, NULL);
    double room;

    if (!atl_part_has(part, in) || out >= 2 * DEEP)
        return 0; // in a joint
    room = room_at(shape, vec_along(in, way, out + 1e-4), way, most);
    if (room >= most || room <= CLOSED_MM)
        return 0;
    return fmin((most - room) / 2, grow) * fmin(1, (room - CLOSED_MM) / (OPEN_MM - CLOSED_MM));
}

static bool spare_side(struct atl_column *c, size_t side, const struct atl_shape *shape,
                       const struct atl_part *part, double grow, double *spare,
                       struct atl_arena *arena)
{
    bool is_any = false;

    for (size_t i = 0; i < c->axis.n; i++) {
        struct atl_rung *rung = &c->rungs[i];

        spare[i] = 0;
        if (rung->is_on && !(side ? rung->cut_right : rung->cut_left))
            spare[i] = spare_at(shape, part, side ? column_right(c, i) : column_left(c, i),
                                side ? vec_mul(rung->way, -1) : rung->way, grow);
        is_any = is_any || spare[i] > 0;
    }
    if (is_any && !atl_smooth(spare, c->axis.n, SMOOTH / c->step, c->is_closed, arena))
        return false;
    for (size_t i = 0; is_any && i < c->axis.n; i++) {
        struct atl_rung *rung = &c->rungs[i];

        if (side && !rung->cut_right)
            rung->right -= spare[i];
        if (!side && !rung->cut_left)
            rung->left -= spare[i];
    }
    return true;
}

bool atl_columns_spare(struct atl_columns *columns, const struct atl_shape *shape,
                       const struct atl_part *part, const struct atl_fabric *fabric,
                       struct atl_arena *arena)
{
    for (size_t k = 0; k < columns->count; k++) {
        struct atl_column *c = &columns->v[k];
        double grow = fmax(fabric->pull_mm, (fabric->narrowest_mm - c->width) / 2);
        double *spare = atl_arena_get(arena, c->axis.n, sizeof *spare);

        if (!spare || !spare_side(c, 0, shape, part, grow, spare, arena) ||
            !spare_side(c, 1, shape, part, grow, spare, arena))
            return false;
    }
    return true;
}
