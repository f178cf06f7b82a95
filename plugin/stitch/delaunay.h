// SPDX-License-Identifier: Apache-2.0
// The Delaunay triangles of points on a grid, exactly: whole numbers, so that no rounding can send
// the walk in circles. Its dual is the Voronoi diagram, whose inner part is the medial axis.
#ifndef ATL_STITCH_DELAUNAY_H
#define ATL_STITCH_DELAUNAY_H

#include "plugin/core/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ATL_DELAUNAY_REACH = 1 << 22 }; // coordinates are less than this, either way

struct atl_site {
    int32_t x, y;
};

// Corners run against the clock. to[k] is the triangle across from corner k, -1 for none. The
// last three sites are helpers far outside.
struct atl_triangle {
    int32_t corner[3];
    int32_t to[3];
    bool is_dead;
};

struct atl_triangles {
    struct atl_site *sites; // the arena's; the points given, then the three helpers
    size_t site_count;      // without the helpers
    struct atl_triangle *v;
    size_t count; // dead ones as well
};

// The same place twice is taken once. false: no memory.
bool atl_delaunay(const struct atl_site *points, size_t n, struct atl_arena *arena,
                  struct atl_triangles *out);

#endif
