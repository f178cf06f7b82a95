// SPDX-License-Identifier: Apache-2.0
// What a pen would have drawn: branches of the medial axis put together at joints, the straightest
// pair first, smoothed where they pass a joint, and cut at true corners.
#ifndef ATL_STITCH_STROKES_H
#define ATL_STITCH_STROKES_H

#include "plugin/stitch/axis.h"

enum atl_end_kind {
    ATL_END_FREE,   // a terminal
    ATL_END_JOINT,  // stops at a joint that another stroke passes, or where several stop
    ATL_END_CORNER, // cut at a corner
    ATL_END_NONE,   // a loop has no ends
};

struct atl_end {
    enum atl_end_kind kind;
    int32_t joint;     // for a joint
    struct atl_vec at; // for a joint and a corner
};

struct atl_joint {
    struct atl_vec at;
    double r;
};

enum { ATL_STROKE_PASSES = 8 };

struct atl_stroke {
    struct atl_line line; // a loop's last point is its first
    struct atl_end ends[2];
    int32_t passes[ATL_STROKE_PASSES]; // joints on the way
    size_t pass_count;
    bool is_closed;
};

struct atl_strokes {
    struct atl_stroke *v; // the arena's
    size_t count;
    struct atl_joint *joints;
    size_t joint_count;
};

// `step`: how far apart the points of a stroke are, in mm. false: no memory.
bool atl_strokes_make(const struct atl_axis *axis, double step, struct atl_arena *arena,
                      struct atl_strokes *out);

// In the second half: resamples, bridges the joints that are passed, and cuts at corners.
// The wedges of the axis are corners, however softly they turn.
bool atl_strokes_bend(struct atl_strokes *strokes, const struct atl_axis *axis, double step,
                      struct atl_arena *arena);

#endif
