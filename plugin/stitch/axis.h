// SPDX-License-Identifier: Apache-2.0
// The medial axis of a part as a graph: the inner Voronoi edges of its sampled outline, without
// the noise of the outline and without branches that hide in a junction.
#ifndef ATL_STITCH_AXIS_H
#define ATL_STITCH_AXIS_H

#include "plugin/stitch/shape.h"

enum { ATL_AXIS_NONE = -1 };

struct atl_node {
    struct atl_vec at;
    double r;       // to the outline
    int32_t to[3];  // neighbours, ATL_AXIS_NONE for none; never more than three
    float ratio[3]; // outline between the two sites of that edge, over 2 r: near 1 is noise
    int32_t degree;
};

enum { ATL_AXIS_WEDGES = 32 };

struct atl_axis {
    struct atl_node *nodes; // the arena's
    size_t count;
    struct atl_vec wedges[ATL_AXIS_WEDGES]; // where a tip between two strokes was pruned
    size_t wedge_count;
};

// A maximal path between tips and junctions, or a loop whose last node is its first.
struct atl_branch {
    int32_t *nodes; // the arena's
    size_t n;
};

struct atl_branches {
    struct atl_branch *v;
    size_t count;
};

// Samples the outline every `step` mm, peels and prunes. false: no memory.
bool atl_axis_make(const struct atl_part *part, double step, struct atl_arena *arena,
                   struct atl_axis *out);
bool atl_axis_branches(const struct atl_axis *axis, struct atl_arena *arena,
                       struct atl_branches *out);
double atl_branch_length(const struct atl_axis *axis, const struct atl_branch *branch);

#endif
