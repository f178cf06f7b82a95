// SPDX-License-Identifier: Apache-2.0
// Plane geometry of lettering: points, polylines, and lists that grow.
//
// Lettering thinks in millimetres as doubles, y up; only the plan is in dmm. What is `static
// inline` here is pure. Lists fail stickily, like a buffer. [any-thread]
#ifndef ATL_STITCH_GEOM_H
#define ATL_STITCH_GEOM_H

#include "plugin/core/arena.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct atl_vec {
    double x, y;
};

static inline struct atl_vec vec_add(struct atl_vec a, struct atl_vec b)
{
    return (struct atl_vec){a.x + b.x, a.y + b.y};
}

static inline struct atl_vec vec_sub(struct atl_vec a, struct atl_vec b)
{
    return (struct atl_vec){a.x - b.x, a.y - b.y};
}

static inline struct atl_vec vec_mul(struct atl_vec a, double k)
{
    return (struct atl_vec){a.x * k, a.y * k};
}

// a + d * k: the point k along d.
static inline struct atl_vec vec_along(struct atl_vec a, struct atl_vec d, double k)
{
    return (struct atl_vec){a.x + d.x * k, a.y + d.y * k};
}

static inline struct atl_vec vec_mix(struct atl_vec a, struct atl_vec b, double t)
{
    return (struct atl_vec){a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
}

static inline double vec_dot(struct atl_vec a, struct atl_vec b)
{
    return a.x * b.x + a.y * b.y;
}

static inline double vec_cross(struct atl_vec a, struct atl_vec b)
{
    return a.x * b.y - a.y * b.x;
}

static inline double vec_len(struct atl_vec a)
{
    return sqrt(a.x * a.x + a.y * a.y);
}

static inline double vec_dist(struct atl_vec a, struct atl_vec b)
{
    return vec_len(vec_sub(a, b));
}

// The x axis for a null vector.
static inline struct atl_vec vec_unit(struct atl_vec a)
{
    double len = vec_len(a);

    return len > 1e-12 ? vec_mul(a, 1 / len) : (struct atl_vec){1, 0};
}

static inline struct atl_vec vec_left(struct atl_vec a)
{
    return (struct atl_vec){-a.y, a.x};
}

static inline struct atl_vec vec_turn(struct atl_vec a, double angle)
{
    double c = cos(angle);
    double s = sin(angle);

    return (struct atl_vec){c * a.x - s * a.y, s * a.x + c * a.y};
}

static inline double clamp(double v, double low, double high)
{
    return v < low ? low : v > high ? high : v;
}

// Points that grow. A zeroed list is empty; after a failure nothing is added any more.
struct atl_points {
    struct atl_vec *p; // owned
    size_t n;
    size_t cap;
    bool failed;
};

void atl_points_add(struct atl_points *list, struct atl_vec p);
void atl_points_free(struct atl_points *list);

// A polyline with a radius at each point. The memory is the arena's.
struct atl_line {
    struct atl_vec *p;
    double *r;
    size_t n;
};

bool atl_line_get(struct atl_line *line, size_t n, struct atl_arena *arena); // false: no memory
double atl_line_length(const struct atl_line *line);
void atl_line_reverse(struct atl_line *line);

// About one point every `step`, both ends kept. `line` may be its own source. false: no memory.
bool atl_line_resample(struct atl_line *line, double step, struct atl_arena *arena);

// The point at the distance d from the start, or from the end; clamped.
struct atl_vec atl_line_at(const struct atl_line *line, double d, bool from_end);

// Gaussian smoothing with sigma in points. Open values are mirrored through their ends, so that
// the ends stay; closed ones have the first value again at the end. false: no memory.
bool atl_smooth(double *values, size_t n, double sigma, bool is_closed, struct atl_arena *arena);
bool atl_line_smooth(struct atl_line *line, double sigma, bool is_closed, struct atl_arena *arena);

// The median of some values; n > 0. It sorts them.
double atl_median(double *values, size_t n);
double atl_line_median_r(const struct atl_line *line, struct atl_arena *arena); // 0: no memory

#endif
