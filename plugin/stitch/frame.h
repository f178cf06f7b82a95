// SPDX-License-Identifier: Apache-2.0
// The frame of a monogram: one satin column around the letters. It goes a little further than
// once around, so that the join stays closed when the cloth is pulled; corners are rounded, so
// that no needle falls twice into one hole.
#ifndef ATL_STITCH_FRAME_H
#define ATL_STITCH_FRAME_H

#include "plugin/stitch/layout.h"
#include "plugin/stitch/layout_seats.h"

// Around the ink of all clusters, for letters of this height. ATL_E_NOMEM.
ATL_MUST_USE atl_code atl_frame_make(enum atl_monogram_frame kind,
                                     const struct atl_clusters *clusters, double height_mm,
                                     struct atl_arena *arena, struct atl_letter *out,
                                     struct atl_error *err);

#endif
