// SPDX-License-Identifier: Apache-2.0
// A raster over a part, 20 dots a millimetre: what is inside the outline, and what columns have
// claimed. It decides who sews where two columns meet, and whether the letter is covered.
#ifndef ATL_STITCH_COVER_H
#define ATL_STITCH_COVER_H

#include "plugin/stitch/shape.h"

enum { ATL_COVER_INSIDE = 1, ATL_COVER_CLAIMED = 2 };

struct atl_cover {
    uint8_t *dots; // the arena's
    int32_t width, height;
    struct atl_vec low;
    double per_mm;
};

// false: no memory. Parts larger than about 200 mm get a coarser raster.
bool atl_cover_make(const struct atl_part *part, struct atl_arena *arena, struct atl_cover *out);

// The bits at a point; 0 outside of the raster.
uint8_t atl_cover_at(const struct atl_cover *cover, struct atl_vec p);

// Sets a bit in a convex quadrilateral, given in order around it.
void atl_cover_fill(struct atl_cover *cover, const struct atl_vec quad[4], uint8_t bit);

// Forgets what was claimed.
void atl_cover_clear(struct atl_cover *cover);

// Areas in mm2: inside and not claimed, claimed and not inside, inside.
struct atl_cover_areas {
    double missed, over, inside;
};
struct atl_cover_areas atl_cover_areas(const struct atl_cover *cover);

#endif
