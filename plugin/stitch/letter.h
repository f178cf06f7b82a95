// SPDX-License-Identifier: Apache-2.0
// One letter, or several that touch, in its own coordinates: digitised once, sewn wherever and at
// whatever angle it stands. What is digitised depends on nothing but the outline, the height and
// the cloth, so that it may be kept (cache.h).
#ifndef ATL_STITCH_LETTER_H
#define ATL_STITCH_LETTER_H

#include "plugin/stitch/lettering.h"
#include "plugin/stitch/satin.h"
#include "plugin/stitch/thread_path.h"

// A connected piece: columns, or where these cover it badly, rows of needle points.
struct atl_letter_piece {
    struct atl_vec low, high; // of the outline
    double miss;              // the share that its columns left open or overran
    struct atl_columns columns;
    struct atl_vec *rows; // the arena's; with columns.count == 0
    size_t *row_starts;   // row_count + 1 of them
    size_t row_count;
};

struct atl_letter {
    struct atl_letter_piece *pieces; // the arena's; largest first
    size_t count;
};

// What the letters are sewn with at this height: small text wants thinner columns.
struct atl_fabric atl_letter_fabric(const struct atl_fabric *fabric, double height_mm);

ATL_MUST_USE atl_code atl_letter_make(const struct atl_contours *contours, double height_mm,
                                      const struct atl_fabric *fabric, struct atl_arena *arena,
                                      struct atl_letter *out, struct atl_error *err);

// Where a letter stands: its origin, and its x axis as a unit vector.
struct atl_stand {
    struct atl_vec at;
    struct atl_vec way;
};

struct atl_vec atl_stand_out(const struct atl_stand *stand, struct atl_vec p); // to the design
struct atl_vec atl_stand_in(const struct atl_stand *stand, struct atl_vec p);  // and back

// Adds its stitches and counts them in the report. It may turn the letter's loops.
ATL_MUST_USE atl_code atl_letter_sew(struct atl_letter *letter, const struct atl_stand *stand,
                                     struct atl_arena *arena, struct atl_thread_path *path,
                                     struct atl_lettering_report *report, struct atl_error *err);

#endif
