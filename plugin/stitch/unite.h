// SPDX-License-Identifier: Apache-2.0
// The union of contours by the non-zero rule.
#ifndef ATL_STITCH_UNITE_H
#define ATL_STITCH_UNITE_H

#include "plugin/stitch/shape.h"

// Adds the outline of everything that the contours wind around, the inside on the left of each.
// Crossings are snapped to 1/4096 mm. false: no memory.
bool atl_contours_unite(const struct atl_contours *in, struct atl_contours *out,
                        struct atl_arena *arena);

// Whether an edge of one crosses an edge of the other: letters of a script that are joined.
bool atl_contours_meet(const struct atl_contours *a, const struct atl_contours *b);

// Adds the contours of b to a.
void atl_contours_append(struct atl_contours *a, const struct atl_contours *b);

#endif
