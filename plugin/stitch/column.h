// SPDX-License-Identifier: Apache-2.0
// Satin columns: a stroke with its ends rebuilt, a rung across it at each point of its axis, and
// how far each rung reaches. Where columns meet, the higher one sews and the lower one stops under
// its edge.
#ifndef ATL_STITCH_COLUMN_H
#define ATL_STITCH_COLUMN_H

#include "plugin/stitch/cover.h"
#include "plugin/stitch/strokes.h"

struct atl_rung {
    struct atl_vec way; // unit, to the left of the axis
    double left, right; // the reach along `way` and against it; may be negative where cut back
    bool is_on;         // sewn here; else another column is on top
    bool cut_left;      // stops under another column: no pull compensation on that side
    bool cut_right;
};

struct atl_column {
    struct atl_line axis; // even steps
    struct atl_rung *rungs;
    double step;  // between points of the axis
    double r;     // median
    double width; // median of left + right
    bool is_closed;
    bool is_upright; // or level: wins over oblique ones
    struct atl_end ends[2];
    int32_t over[ATL_STROKE_PASSES]; // joints that it passes
    size_t over_count;
};

struct atl_columns {
    struct atl_column *v; // the arena's; higher ones first after atl_columns_claim()
    size_t count;
};

// false: no memory. Strokes that are too short to be columns are left out.
bool atl_columns_make(const struct atl_strokes *strokes, const struct atl_part *part,
                      struct atl_arena *arena, struct atl_columns *out);

// One column of parallel rungs over the whole part: dots, commas, quotes.
bool atl_column_block(const struct atl_part *part, double step, struct atl_arena *arena,
                      struct atl_columns *out);

// Puts the columns in order and cuts back what lies under a higher one; claims in `cover`.
bool atl_columns_claim(struct atl_columns *columns, struct atl_cover *cover,
                       struct atl_arena *arena);

// Shortens free ends, after the claim: the stitches push the cloth along the column.
void atl_columns_push(struct atl_columns *columns, double push_mm);

// The ends of rung i, without compensation.
static inline struct atl_vec column_left(const struct atl_column *c, size_t i)
{
    return vec_along(c->axis.p[i], c->rungs[i].way, c->rungs[i].left);
}

static inline struct atl_vec column_right(const struct atl_column *c, size_t i)
{
    return vec_along(c->axis.p[i], c->rungs[i].way, -c->rungs[i].right);
}

#endif
