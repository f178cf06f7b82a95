// SPDX-License-Identifier: Apache-2.0
// One to four lines. Where a line stands to the others is decided by its ink, in layout.c.
#include "plugin/stitch/layout_seats.h"

static atl_code add_line(struct atl_face *face, const struct atl_layout *wish, size_t line,
                         struct atl_arena *arena, struct atl_seats *out, struct atl_error *err)
{
    double scale = wish->height_mm / atl_face_cap_height(face);
    struct atl_run run = {0};
    struct atl_seat *grown;
    atl_code rc = atl_face_shape(face, wish->lines[line], arena, &run, err);

    if (rc)
        return rc;
    grown = atl_arena_get(arena, out->count + run.count + 1, sizeof *grown);
    if (!grown)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a line of text");
    for (size_t i = 0; i < out->count; i++)
        grown[i] = out->v[i];
    out->v = grown;
    for (size_t i = 0; i < run.count; i++) {
        double middle = run.glyphs[i].pen + run.glyphs[i].advance / 2.0;

        out->v[out->count++] = (struct atl_seat){
            .glyph = run.glyphs[i].glyph,
            .line = line,
            .height_mm = wish->height_mm,
            .along = (middle - run.width / 2.0) * scale,
            .stand = {{run.glyphs[i].x * scale, run.glyphs[i].y * scale}, {1, 0}},
        };
    }
    return ATL_OK;
}

atl_code atl_seats_lines(struct atl_face *face, const struct atl_layout *wish,
                         struct atl_arena *arena, struct atl_seats *out, struct atl_error *err)
{
    atl_code rc = ATL_OK;

    *out = (struct atl_seats){0};
    for (size_t i = 0; i < wish->line_count && !rc; i++)
        rc = add_line(face, wish, i, arena, out, err);
    return rc;
}
