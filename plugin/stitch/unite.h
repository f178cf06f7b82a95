// SPDX-License-Identifier: Apache-2.0
// The union of contours by the non-zero rule.
#ifndef ATL_STITCH_UNITE_H
#define ATL_STITCH_UNITE_H

#include "plugin/stitch/shape.h"

// Adds the outline of everything that the contours wind around, the inside on the left of each.
// Crossings are snapped to 1/4096 mm. false: no memory.
bool atl_contours_unite(const struct atl_contours *in, struct atl_contours *out,
                        struct atl_arena *arena);

#endif
