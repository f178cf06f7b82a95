// SPDX-License-Identifier: Apache-2.0
// The inside of layout.c: which glyphs are sewn, where each stands, and which of them touch.
#ifndef ATL_STITCH_LAYOUT_SEATS_H
#define ATL_STITCH_LAYOUT_SEATS_H

#include "plugin/stitch/layout.h"
#include "plugin/stitch/letter.h"

// A glyph and where it stands.
struct atl_seat {
    uint32_t glyph;
    size_t line;
    double height_mm; // of its capitals
    double along;     // of its middle on the baseline, from the middle of the line
    struct atl_stand stand;
};

enum { ATL_SEATS_MONOGRAM_MAX = 24 };

struct atl_seats {
    struct atl_seat *v; // the arena's; in the order of reading
    size_t count;
};

// Glyphs that touch, in the coordinates of the first of them.
struct atl_cluster {
    struct atl_contours contours; // owned
    struct atl_stand stand;
    double height_mm;
    size_t line;
    double along;
    uint32_t glyphs;
    struct atl_vec low, high; // of its outline, in the design
};

struct atl_clusters {
    struct atl_cluster *v; // owned; each has something to sew
    size_t count;
};

// Seats of each kind. LINES: every line on its own at y 0, it is moved when its ink is known.
ATL_MUST_USE atl_code atl_seats_lines(struct atl_face *face, const struct atl_layout *wish,
                                      struct atl_arena *arena, struct atl_seats *out,
                                      struct atl_error *err);
ATL_MUST_USE atl_code atl_seats_arc(struct atl_face *face, const struct atl_layout *wish,
                                    struct atl_arena *arena, struct atl_seats *out,
                                    struct atl_error *err);
ATL_MUST_USE atl_code atl_seats_monogram(struct atl_face *face, const struct atl_layout *wish,
                                         struct atl_arena *arena, struct atl_seats *out,
                                         struct atl_error *err);

// *out is freed with atl_clusters_free(), also after a failure.
ATL_MUST_USE atl_code atl_clusters_make(struct atl_face *face, const struct atl_seats *seats,
                                        struct atl_clusters *out, struct atl_error *err);
void atl_clusters_free(struct atl_clusters *clusters);
void atl_cluster_move(struct atl_cluster *cluster, struct atl_vec by);

// The box of some clusters; low is above high when there is none. line SIZE_MAX: of all.
void atl_clusters_box(const struct atl_clusters *clusters, size_t line, struct atl_vec *low,
                      struct atl_vec *high);

#endif
