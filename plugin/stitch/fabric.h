// SPDX-License-Identifier: Apache-2.0
// What a cloth asks of the stitches. The numbers are first values from practice, not yet sewn out.
//
// Every column has a run along its middle. Firm canvas adds a run inside each edge of wide columns;
// a knit stretches, so a lattice fixes it to its backing first; fleece wants a closer one, or the
// satin sinks into its pile; each hole weakens leather, so that it gets neither.
#ifndef ATL_STITCH_FABRIC_H
#define ATL_STITCH_FABRIC_H

#include <stdbool.h>

struct atl_fabric {
    const char *name;       // "canvas"
    double spacing_mm;      // between two rungs on the same edge
    double pull_mm;         // added on each side
    double push_mm;         // a column grows along itself: its free ends stop so much earlier
    double narrowest_mm;    // thinner columns are widened to this
    double edge_run_mm;     // columns wider than this get a run inside each edge; 0: never
    double inset_mm;        // of that run and of the lattice
    double lattice_mm;      // columns wider than this get a lattice of two zigzags; 0: never
    double lattice_step_mm; // between two points of it on one edge
    double run_mm;          // stitch of underlay and travel
    double longest_mm;      // longer stitches are split; rounding may add 0.14
    double shortest_mm;     // shorter ones are left out
    double lock_mm;         // tie-in and tie-off
    double trim_mm;         // a longer way between two parts is trimmed
};

// NULL: not known. "canvas", "jersey", "fleece", "leather".
const struct atl_fabric *atl_fabric_find(const char *name);
// The i-th, NULL past the last.
const struct atl_fabric *atl_fabric_at(unsigned i);

#endif
