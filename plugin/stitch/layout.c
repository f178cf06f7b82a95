// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/layout.h"

#include "plugin/stitch/cache.h"
#include "plugin/stitch/frame.h"
#include "plugin/stitch/layout_seats.h"

#define PITCH     1.45 // of the height, from line to line, where the letters allow it
#define PITCH_LOW 1.05 // of the height: a pitch that is asked for is no less
#define PITCH_TOP 5.0
#define LINES_GAP 0.12 // of the height, between the ink of two lines; 1 mm at least

enum { WORK_BYTES = 512 << 20 };

struct work {
    struct atl_face *face;
    const struct atl_layout *wish;
    const struct atl_fabric *fabric; // as asked for
    struct atl_arena arena;          // of the whole design
    struct atl_arena letter;         // of one letter
    struct atl_clusters clusters;
    struct atl_thread_path path;
    struct atl_lettering_report report;
    double smallest_mm;
};

typedef atl_code seats_fn(struct atl_face *face, const struct atl_layout *wish,
                          struct atl_arena *arena, struct atl_seats *out, struct atl_error *err);

static const struct {
    const char *name;
    size_t lines_max;
    seats_fn *seats;
} kinds[] = {
    [ATL_LAYOUT_LINES] = {"a text",     ATL_LAYOUT_LINES_MAX, atl_seats_lines   },
    [ATL_LAYOUT_ARC] = {"an arc",     1,                    atl_seats_arc     },
    [ATL_LAYOUT_MONOGRAM] = {"a monogram", 1,                    atl_seats_monogram},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static atl_code check_wish(const struct atl_layout *wish, struct atl_error *err)
{
    if ((unsigned)wish->kind >= KINDS || !kinds[wish->kind].seats)
        return atl_fail(err, ATL_E_INVALID, "layout %d is not known", (int)wish->kind);
    if (wish->line_count < 1 || wish->line_count > kinds[wish->kind].lines_max)
        return atl_fail(err, ATL_E_INVALID, "%s takes 1 to %zu lines, not %zu",
                        kinds[wish->kind].name, kinds[wish->kind].lines_max, wish->line_count);
    if (!(wish->height_mm >= ATL_LETTERING_LOW_MM && wish->height_mm <= ATL_LETTERING_HIGH_MM))
        return atl_fail(err, ATL_E_INVALID, "letters are %g to %g mm high, not %g mm",
                        ATL_LETTERING_LOW_MM, ATL_LETTERING_HIGH_MM, wish->height_mm);
    if (wish->pitch_mm != 0 && !(wish->pitch_mm >= PITCH_LOW * wish->height_mm &&
                                 wish->pitch_mm <= PITCH_TOP * wish->height_mm))
        return atl_fail(err, ATL_E_INVALID,
                        "lines of %g mm letters stand %g to %g mm from each other, not %g mm",
                        wish->height_mm, PITCH_LOW * wish->height_mm, PITCH_TOP * wish->height_mm,
                        wish->pitch_mm);
    if ((unsigned)wish->frame > ATL_FRAME_SQUARE || (unsigned)wish->align > ATL_LAYOUT_RIGHT ||
        (unsigned)wish->monogram > ATL_MONOGRAM_BLOCK)
        return atl_fail(err, ATL_E_INVALID, "frame, alignment or style of the layout is not known");
    if (wish->frame != ATL_FRAME_NONE && wish->kind != ATL_LAYOUT_MONOGRAM)
        return atl_fail(err, ATL_E_INVALID, "only a monogram has a frame");
    return ATL_OK;
}

// The smallest pitch at which the ink of no line touches that of the next; the same for all.
static double pitch_of(const struct work *w)
{
    double pitch = PITCH * w->wish->height_mm;
    double gap = fmax(1, LINES_GAP * w->wish->height_mm);

    if (w->wish->pitch_mm > 0)
        return w->wish->pitch_mm;
    for (size_t i = 0; i + 1 < w->wish->line_count; i++) {
        struct atl_vec low[2], high[2];

        atl_clusters_box(&w->clusters, i, &low[0], &high[0]);
        atl_clusters_box(&w->clusters, i + 1, &low[1], &high[1]);
        if (low[0].x <= high[0].x && low[1].x <= high[1].x)
            pitch = fmax(pitch, high[1].y - low[0].y + gap);
    }
    return pitch;
}

// How much of a line's width is left of x 0.
static const double aligned[] = {
    [ATL_LAYOUT_CENTRE] = 0.5, [ATL_LAYOUT_LEFT] = 0, [ATL_LAYOUT_RIGHT] = 1};

static void stack_lines(struct work *w)
{
    double pitch = pitch_of(w);

    for (size_t line = 0; line < w->wish->line_count; line++) {
        struct atl_vec low, high, by;

        atl_clusters_box(&w->clusters, line, &low, &high);
        by = (struct atl_vec){-low.x - aligned[w->wish->align] * (high.x - low.x),
                              -pitch * (double)line};
        for (size_t i = 0; i < w->clusters.count; i++) {
            if (w->clusters.v[i].line == line)
                atl_cluster_move(&w->clusters.v[i], by);
        }
    }
}

static atl_code sew_cluster(struct work *w, const struct atl_cluster *cluster,
                            struct atl_error *err)
{
    struct atl_fabric fabric = atl_letter_fabric(w->fabric, cluster->height_mm);
    struct atl_letter letter = {0};
    atl_code rc;

    rc = atl_cache_letter(w->wish->cache, &cluster->contours, cluster->height_mm, &fabric,
                          &w->letter, &letter, err);
    w->path.fabric = &fabric;
    if (!rc)
        rc = atl_letter_sew(&letter, &cluster->stand, &w->letter, &w->path, &w->report, err);
    w->path.fabric = w->fabric;
    w->report.glyphs += cluster->glyphs;
    w->smallest_mm =
        w->smallest_mm > 0 ? fmin(w->smallest_mm, cluster->height_mm) : cluster->height_mm;
    atl_arena_free(&w->letter);
    return rc;
}

// The cluster of a line that is sewn k-th: from left to right; or centre out, from the middle to
// the right end and then from the middle to the left one, so that the cloth is pushed away to both
// sides and the needle goes the long way back only once.
static size_t cluster_at(const struct work *w, size_t first, size_t end, size_t k)
{
    size_t middle = first;

    if (!w->wish->centre_out)
        return first + k;
    for (size_t i = first; i < end; i++) {
        if (fabs(w->clusters.v[i].along) < fabs(w->clusters.v[middle].along))
            middle = i;
    }
    return middle + k < end ? middle + k : end - 1 - k;
}

static atl_code sew_line(struct work *w, size_t line, struct atl_error *err)
{
    size_t first = 0, end;
    atl_code rc = ATL_OK;

    while (first < w->clusters.count && w->clusters.v[first].line != line)
        first++;
    for (end = first; end < w->clusters.count && w->clusters.v[end].line == line;)
        end++;
    for (size_t k = 0; first + k < end && !rc && !w->path.plan->why.code; k++) {
        const struct atl_cluster *cluster = &w->clusters.v[cluster_at(w, first, end, k)];

        if (!w->path.has_begun)
            w->path.last = cluster->low;
        rc = sew_cluster(w, cluster, err);
    }
    return rc;
}

// After the letters: it holds what they have drawn together.
static atl_code sew_frame(struct work *w, struct atl_error *err)
{
    static const struct atl_stand here = {
        {0, 0},
        {1, 0}
    };
    struct atl_letter frame = {0};
    atl_code rc =
        atl_frame_make(w->wish->frame, &w->clusters, w->wish->height_mm, &w->letter, &frame, err);

    if (!rc)
        rc = atl_letter_sew(&frame, &here, &w->letter, &w->path, &w->report, err);
    atl_arena_free(&w->letter);
    return rc;
}

static atl_code sew_all(struct work *w, struct atl_error *err)
{
    size_t lines = w->wish->line_count;
    atl_code rc = ATL_OK;

    if (!w->clusters.count)
        return atl_fail(err, ATL_E_INVALID, "there is nothing to sew in this text");
    for (size_t i = 0; i < lines && !rc; i++)
        rc = sew_line(w, w->wish->centre_out ? lines - 1 - i : i, err);
    if (!rc && w->wish->frame != ATL_FRAME_NONE)
        rc = sew_frame(w, err);
    return rc;
}

static void tell(const struct work *w, struct atl_layout_report *report)
{
    struct atl_plan_bounds box = atl_plan_bounds(w->path.plan);
    struct atl_plan_counts counts = atl_plan_counts(w->path.plan);

    *report = (struct atl_layout_report){
        .sewn = w->report,
        .smallest_mm = w->smallest_mm,
        .width_mm = (box.right_dmm - box.left_dmm) / 10.0,
        .height_mm = (box.top_dmm - box.bottom_dmm) / 10.0,
        .stitches = counts.stitches,
        .trims = counts.trims,
    };
}

atl_code atl_layout_sew(struct atl_face *face, const struct atl_layout *wish, struct atl_plan *plan,
                        struct atl_layout_report *report, struct atl_error *err)
{
    struct work w = {.face = face, .wish = wish, .fabric = wish->fabric};
    struct atl_seats seats = {0};
    atl_code rc = check_wish(wish, err);

    if (rc)
        return rc;
    if (!w.fabric)
        w.fabric = atl_fabric_find("canvas");
    atl_arena_init(&w.arena, WORK_BYTES);
    atl_arena_init(&w.letter, WORK_BYTES);
    atl_thread_path_init(&w.path, plan, w.fabric);
    rc = kinds[wish->kind].seats(face, wish, &w.arena, &seats, err);
    if (!rc)
        rc = atl_clusters_make(face, &seats, &w.clusters, err);
    if (!rc && wish->kind == ATL_LAYOUT_LINES)
        stack_lines(&w);
    if (!rc)
        rc = sew_all(&w, err);
    atl_clusters_free(&w.clusters);
    atl_arena_free(&w.letter);
    atl_arena_free(&w.arena);
    if (rc)
        return rc;
    atl_thread_path_end(&w.path);
    atl_plan_centre(plan);
    rc = atl_plan_built(plan, err);
    if (!rc && report)
        tell(&w, report);
    return rc;
}
