// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/lettering.h"

#include "plugin/stitch/satin.h"
#include "plugin/stitch/thread_path.h"
#include "plugin/stitch/unite.h"

#define SAMPLE      0.008 // of the height, between samples of the outline
#define STEP        0.006 // of the height, between points of an axis
#define DOUBT       0.04  // of a part's area; from here on one block is tried, too
#define SMALL_MM    4.0   // capitals so high are small text,
#define LARGE_MM    8.0   // and so high no more
#define SMALL_SHARE 0.8   // of the narrowest column and of the run
#define GATE_MM2    0.6   // … but never for less than a speck
#define GATE        0.10  // of a part's area, missed or overrun: then it is filled

enum { WORK_BYTES = 512 << 20 };

struct work {
    struct atl_face *face;
    const struct atl_lettering *wish;
    const struct atl_fabric *fabric;
    struct atl_arena arena;     // of what is joined
    struct atl_contours joined; // letters that touch, not yet sewn
    struct atl_path path;
    double middle; // half the width: the plan begins near the middle of the hoop
    struct atl_lettering_report report;
};

// A dot: no axis is left of it, or one no longer than it is wide.
static bool is_stub(const struct atl_strokes *strokes)
{
    double r = 0;

    if (strokes->count == 0)
        return true;
    if (strokes->count > 1 || strokes->v[0].is_closed)
        return false;
    for (size_t i = 0; i < strokes->v[0].line.n; i++)
        r = fmax(r, strokes->v[0].line.r[i]);
    return 1.2 * r > atl_line_length(&strokes->v[0].line);
}

// The share of the part that is open or overrun.
static double miss_of(const struct atl_cover *cover)
{
    struct atl_cover_areas areas = atl_cover_areas(cover);

    return fmax(areas.missed, areas.over) / fmax(areas.inside, 1e-6);
}

static bool make_block(struct work *w, const struct atl_part *part, struct atl_cover *cover,
                       struct atl_columns *columns)
{
    atl_cover_clear(cover);
    return atl_column_block(part, STEP * w->wish->height_mm, &w->arena, columns) &&
           atl_columns_claim(columns, cover, &w->arena);
}

// Columns along the strokes, or one of level rungs where that covers better: dots, commas.
static bool make_columns(struct work *w, const struct atl_part *part, struct atl_columns *columns,
                         double *miss)
{
    struct atl_axis axis;
    struct atl_strokes strokes;
    struct atl_cover cover;
    struct atl_columns block;

    *miss = 1;
    if (!atl_cover_make(part, &w->arena, &cover) ||
        !atl_axis_make(part, SAMPLE * w->wish->height_mm, &w->arena, &axis) ||
        !atl_strokes_make(&axis, STEP * w->wish->height_mm, &w->arena, &strokes))
        return false;
    if (!is_stub(&strokes)) {
        if (!atl_columns_make(&strokes, part, &w->arena, columns) ||
            !atl_columns_claim(columns, &cover, &w->arena))
            return false;
        *miss = miss_of(&cover);
    }
    if (*miss > DOUBT && part->count == 1) {
        if (!make_block(w, part, &cover, &block))
            return false;
        if (miss_of(&cover) < *miss) {
            *columns = block;
            *miss = miss_of(&cover);
        }
    }
    return true;
}

// A part is left where it was entered: near its neighbour, so that the way there is short.
static bool sew_part(struct work *w, const struct atl_part *part, const struct atl_part *next)
{
    struct atl_columns columns = {0};
    struct atl_blocks blocks = {0};
    struct atl_vec from = next ? vec_mix(next->low, next->high, 0.5) : w->path.last;
    double miss;
    bool is_good;

    if (!make_columns(w, part, &columns, &miss))
        return false;
    w->report.worst_miss = fmax(w->report.worst_miss, miss);
    w->report.parts++;
    if (columns.count && miss <= fmax(GATE, GATE_MM2 / part->area)) {
        w->report.columns += (uint32_t)columns.count;
        is_good = atl_route(&columns, w->fabric, from, &w->arena, &blocks);
    } else {
        w->report.fills++;
        is_good = atl_fill(part, w->fabric, &w->arena, &blocks);
    }
    for (size_t i = 0; is_good && i < blocks.count; i++)
        atl_path_add(&w->path, blocks.points.p + blocks.starts[i],
                     atl_contours_end(&blocks, i) - blocks.starts[i]);
    atl_contours_free(&blocks);
    return is_good;
}

// What is joined already, as one shape; then forgets it.
static atl_code sew_joined(struct work *w, struct atl_error *err)
{
    struct atl_shape shape = {0};
    atl_code rc = ATL_OK;

    if (w->joined.count)
        rc = atl_shape_make(&w->joined, &w->arena, &shape, err);
    for (size_t i = 0; !rc && i < shape.count && !w->path.plan->why.code; i++) {
        if (!sew_part(w, &shape.parts[i], i + 1 < shape.count ? &shape.parts[i + 1] : NULL))
            rc = atl_fail(err, ATL_E_NOMEM, "out of memory for the stitches of a letter");
    }
    atl_contours_free(&w->joined);
    atl_arena_free(&w->arena);
    return rc;
}

// Letters that touch, as in a script, are joined before they are digitised: no seam is left.
static atl_code add_glyph(struct work *w, const struct atl_placed *glyph, double scale,
                          struct atl_error *err)
{
    struct atl_contours contours = {0};
    struct atl_vec at = {glyph->x * scale - w->middle, glyph->y * scale};
    atl_code rc = atl_face_outline(w->face, glyph->glyph, scale, at, &contours, err);

    if (!rc && !atl_contours_meet(&w->joined, &contours))
        rc = sew_joined(w, err);
    if (!rc && contours.count) {
        atl_contours_append(&w->joined, &contours);
        w->report.glyphs++;
        if (w->joined.failed || w->joined.points.failed)
            rc = atl_fail(err, ATL_E_NOMEM, "out of memory for a letter");
    }
    atl_contours_free(&contours);
    return rc;
}

// Small text: thin columns stay thin, or the counters close; what is under them is as short.
static struct atl_fabric fabric_for(const struct atl_fabric *fabric, double height_mm)
{
    struct atl_fabric out = *fabric;
    double share = clamp((height_mm - SMALL_MM) / (LARGE_MM - SMALL_MM), 0, 1);

    out.narrowest_mm *= SMALL_SHARE + (1 - SMALL_SHARE) * share;
    out.run_mm *= SMALL_SHARE + (1 - SMALL_SHARE) * share;
    return out;
}

atl_code atl_lettering_sew(struct atl_face *face, const struct atl_lettering *wish,
                           struct atl_plan *plan, struct atl_lettering_report *report,
                           struct atl_error *err)
{
    struct work w = {.face = face, .wish = wish};
    struct atl_fabric fabric;
    struct atl_arena arena;
    struct atl_run run = {0};
    double scale = wish->height_mm / atl_face_cap_height(face);
    atl_code rc;

    if (!(wish->height_mm >= ATL_LETTERING_LOW_MM && wish->height_mm <= ATL_LETTERING_HIGH_MM))
        return atl_fail(err, ATL_E_INVALID, "letters are %g to %g mm high, not %g mm",
                        ATL_LETTERING_LOW_MM, ATL_LETTERING_HIGH_MM, wish->height_mm);
    fabric = fabric_for(wish->fabric ? wish->fabric : atl_fabric_find("canvas"), wish->height_mm);
    w.fabric = &fabric;
    atl_arena_init(&arena, WORK_BYTES);
    atl_arena_init(&w.arena, WORK_BYTES);
    atl_path_init(&w.path, plan, w.fabric);
    rc = atl_face_shape(face, wish->text, &arena, &run, err);
    w.middle = run.width * scale / 2;
    w.path.last.x = -w.middle;
    for (size_t i = 0; !rc && i < run.count && !plan->why.code; i++) {
        rc = add_glyph(&w, &run.glyphs[i], scale, err);
    }
    if (!rc)
        rc = sew_joined(&w, err);
    atl_contours_free(&w.joined);
    atl_arena_free(&w.arena);
    atl_arena_free(&arena);
    if (!rc && !w.report.glyphs)
        rc = atl_fail(err, ATL_E_INVALID, "there is nothing to sew in this text");
    if (rc)
        return rc;
    atl_path_end(&w.path);
    atl_plan_centre(plan);
    rc = atl_plan_built(plan, err);
    if (!rc && report)
        *report = w.report;
    return rc;
}
