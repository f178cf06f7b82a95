// SPDX-License-Identifier: Apache-2.0
// Where the letters of a design stand: lines beside and under each other, on an arc, a monogram of
// one to three letters in a frame; and in which order they are sewn. How a letter is sewn is the
// matter of letter.h. Pure but for the font file and the cache's folder. [one-thread]
#ifndef ATL_STITCH_LAYOUT_H
#define ATL_STITCH_LAYOUT_H

#include "plugin/stitch/lettering.h"

struct atl_cache;

enum atl_layout_kind { ATL_LAYOUT_LINES, ATL_LAYOUT_ARC, ATL_LAYOUT_MONOGRAM };
enum atl_layout_align { ATL_LAYOUT_CENTRE, ATL_LAYOUT_LEFT, ATL_LAYOUT_RIGHT };
enum atl_monogram {
    ATL_MONOGRAM_TRADITIONAL, // three letters: the middle one is larger
    ATL_MONOGRAM_BLOCK,       // all of one height
};
enum atl_monogram_frame {
    ATL_FRAME_NONE,
    ATL_FRAME_CIRCLE,
    ATL_FRAME_OVAL,
    ATL_FRAME_DIAMOND,
    ATL_FRAME_SQUARE,
};

enum { ATL_LAYOUT_LINES_MAX = 4, ATL_LAYOUT_MONOGRAM_MAX = 3 };

struct atl_layout {
    enum atl_layout_kind kind;
    const char *lines[ATL_LAYOUT_LINES_MAX]; // NFC; ARC and MONOGRAM take one
    size_t line_count;
    enum atl_layout_align align; // LINES: of the lines to each other
    double height_mm;            // of the capitals; of the larger letter of a monogram
    double pitch_mm;             // LINES: from line to line; 0: what these letters need
    double arc_radius_mm;        // ARC: of the baseline; > 0 on top of the circle, < 0 below
    enum atl_monogram monogram;
    enum atl_monogram_frame frame;   // MONOGRAM
    bool centre_out;                 // caps: from the middle outwards, the lowest line first
    const struct atl_fabric *fabric; // NULL: canvas
    struct atl_cache *cache;         // borrowed; NULL: every letter is digitised anew
};

struct atl_layout_report {
    struct atl_lettering_report sewn;
    double width_mm, height_mm; // of the needle points
    double smallest_mm;         // capitals of the smallest letter: outer ones of a monogram
    uint32_t stitches, trims;
};

// Adds the stitches to an empty plan: one colour, centred, ended; the caller adds the thread.
// ATL_E_INVALID: a letter the font lacks, nothing to sew, a height, pitch, radius or number of
// letters out of range. ATL_E_UNSUPPORTED: over the limits of a plan.
ATL_MUST_USE atl_code atl_layout_sew(struct atl_face *face, const struct atl_layout *wish,
                                     struct atl_plan *plan, struct atl_layout_report *report,
                                     struct atl_error *err);

#endif
