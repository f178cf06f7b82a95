// SPDX-License-Identifier: Apache-2.0
// The outline of a letter: contours as the font has them, their union, its parts, and what the
// steps of lettering ask of it: is this point inside, how far is the edge along this ray.
//
// After atl_shape_make() every contour has the inside on its left; outer ones run against the
// clock, holes with it. A part is one outer contour with its holes. [one-thread]
#ifndef ATL_STITCH_SHAPE_H
#define ATL_STITCH_SHAPE_H

#include "plugin/stitch/geom.h"

// Closed polygons, the first point not repeated. A zeroed one is empty.
struct atl_contours {
    struct atl_points points;
    size_t *starts; // owned; where each contour begins
    size_t count;
    size_t cap;
    bool failed;
};

void atl_contours_begin(struct atl_contours *contours);
void atl_contours_add(struct atl_contours *contours, struct atl_vec p); // drops repeated points
void atl_contours_free(struct atl_contours *contours);
size_t atl_contours_end(const struct atl_contours *contours, size_t i); // one past its last point

// One connected piece: contour 0 is outside, the others are holes.
struct atl_part {
    struct atl_vec *p; // the arena's
    size_t *starts;    // count + 1 of them
    size_t count;
    double area; // mm2
    struct atl_vec low, high;
    struct atl_rows *rows; // for inside and rays
};

struct atl_shape {
    struct atl_part *parts; // largest first
    size_t count;
};

// The union by the non-zero rule: overlapping contours become one. Specks under 0.02 mm2 are
// dropped. What it gives lives in the arena.
ATL_MUST_USE atl_code atl_shape_make(const struct atl_contours *contours, struct atl_arena *arena,
                                     struct atl_shape *out, struct atl_error *err);

bool atl_part_has(const struct atl_part *part, struct atl_vec p);

// How far the first edge is from p along the unit vector d, and which way that edge runs; `most`
// when there is none nearer. edge may be NULL.
double atl_part_ray(const struct atl_part *part, struct atl_vec p, struct atl_vec d, double most,
                    struct atl_vec *edge);

// How long the straight edge nearest to p is; its direction in *edge.
double atl_part_edge(const struct atl_part *part, struct atl_vec p, struct atl_vec *edge);

#endif
