// SPDX-License-Identifier: Apache-2.0
// Lettering: a text in a font becomes a plan that a machine can sew.
//
//     text -> glyphs (face) -> outline (shape) -> medial axis -> strokes -> columns -> plan
//
// Each part of a letter passes a gate: what columns do not cover well is filled in rows instead.
// A letter that the font lacks is an error that names it. Pure but for the font file. [one-thread]
#ifndef ATL_STITCH_LETTERING_H
#define ATL_STITCH_LETTERING_H

#include "plugin/stitch/fabric.h"
#include "plugin/stitch/face.h"
#include "plugin/stitch/plan.h"

#define ATL_LETTERING_LOW_MM  3.0
#define ATL_LETTERING_HIGH_MM 150.0

struct atl_lettering {
    const char *text;                // one line, NFC
    double height_mm;                // of the capitals, LOW..HIGH
    const struct atl_fabric *fabric; // NULL: canvas
};

struct atl_lettering_report {
    uint32_t glyphs; // with something to sew
    uint32_t parts;  // connected pieces
    uint32_t columns;
    uint32_t fills;    // parts that no columns covered well
    double worst_miss; // the largest share of a part that its columns left open or overran
};

// Adds the stitches to an empty plan: one colour, centred, ended; the caller adds the thread.
// ATL_E_INVALID: a letter the font lacks, nothing to sew, a height out of range.
// ATL_E_UNSUPPORTED: over the limits of a plan.
ATL_MUST_USE atl_code atl_lettering_sew(struct atl_face *face, const struct atl_lettering *wish,
                                        struct atl_plan *plan, struct atl_lettering_report *report,
                                        struct atl_error *err);

#endif
