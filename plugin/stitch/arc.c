// SPDX-License-Identifier: Apache-2.0
// A line on a circle. Letters are turned, never bent; with the marks that belong to them they stand
// on the baseline's circle. The font's spacing, kerning too, is kept on the inner edge of the text,
// where the letters come closest: the baseline on top of a circle, below one about the height of
// the small letters.
#include "plugin/stitch/layout_seats.h"

#define TIGHT  2.0              // heights: the least radius of the inner edge
#define DEEP   0.7              // heights above the baseline: the inner edge below a circle
#define MOST   (5.0 / 3 * M_PI) // of the circle that a text may fill: the ends stay apart
#define WIDEST 100000.0         // mm; more is a straight line

// Where text and circle meet.
struct arc {
    double baseline; // its radius
    double inner;    // radius of the edge that keeps the spacing
    double side;     // 1 on top, -1 below
};

static atl_code fit(const struct atl_layout *wish, double width, struct arc *out,
                    struct atl_error *err)
{
    double h = wish->height_mm, radius = fabs(wish->arc_radius_mm);
    double deep = wish->arc_radius_mm > 0 ? 0 : DEEP * h; // from the baseline to the inner edge
    double least = ceil(fmax(TIGHT * h, width / MOST) + deep);

    if (!(radius <= WIDEST) || radius == 0)
        return atl_fail(
            err, ATL_E_INVALID,
            "an arc has a radius in mm, above 0 on top of the circle, below 0 under it");
    if (radius < least)
        return atl_fail(
            err, ATL_E_INVALID,
            "this text of %g mm letters needs an arc of %g mm radius or more, not %g mm", h, least,
            radius);
    *out = (struct arc){radius, radius - deep, wish->arc_radius_mm > 0 ? 1 : -1};
    return ATL_OK;
}

// The glyphs from first to end are one letter with its marks: they turn together.
static void seat_letter(const struct arc *arc, const struct atl_run *run, size_t first, size_t end,
                        double scale, struct atl_seat *seats)
{
    double from = run->glyphs[first].pen;
    double to = run->glyphs[end - 1].pen + run->glyphs[end - 1].advance;
    double middle = (from + to) / 2;
    double along = (middle - run->width / 2.0) * scale;
    double angle = along / arc->inner;
    struct atl_vec way = {cos(angle), -arc->side * sin(angle)};
    struct atl_vec foot = {arc->baseline * sin(angle), arc->side * arc->baseline * cos(angle)};

    for (size_t i = first; i < end; i++) {
        const struct atl_placed *g = &run->glyphs[i];

        seats[i].along = along;
        seats[i].stand.way = way;
        seats[i].stand.at =
            vec_along(vec_along(foot, way, (g->x - middle) * scale), vec_left(way), g->y * scale);
    }
}

atl_code atl_seats_arc(struct atl_face *face, const struct atl_layout *wish,
                       struct atl_arena *arena, struct atl_seats *out, struct atl_error *err)
{
    double scale = wish->height_mm / atl_face_cap_height(face);
    struct atl_run run = {0};
    struct atl_seats seats = {0};
    struct arc arc = {0};
    atl_code rc = atl_face_shape(face, wish->lines[0], arena, &run, err);

    if (!rc)
        rc = fit(wish, run.width * scale, &arc, err);
    if (rc)
        return rc;
    seats.v = atl_arena_get(arena, run.count + 1, sizeof *seats.v);
    if (!seats.v)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a line of text");
    for (size_t i = 0, end; i < run.count; i = end) {
        for (end = i + 1; end < run.count && run.glyphs[end].cluster == run.glyphs[i].cluster;)
            end++;
        seat_letter(&arc, &run, i, end, scale, seats.v);
    }
    for (; seats.count < run.count; seats.count++) {
        seats.v[seats.count].glyph = run.glyphs[seats.count].glyph;
        seats.v[seats.count].height_mm = wish->height_mm;
    }
    *out = seats;
    return ATL_OK;
}
