// SPDX-License-Identifier: Apache-2.0
// The second half of strokes.h: how a stroke bends. The medial axis jerks where another stroke
// leaves it, so each passage is bridged by a smooth piece; a true corner turns in a narrow window,
// and there a stroke becomes two.
#include "plugin/stitch/strokes.h"

#include <string.h>

#define BRIDGE     1.35 // how far around a joint, in its radii
#define TURN       55.0 // degrees that make a corner
#define BESIDE     0.5  // radii of a bridged stroke that its joint may lie beside it
#define SERIF_EVEN 1.25 // times its end's radius, that half a serif has so far from it
#define SERIF_THIN 0.45 // of the stem's radius: the end of its serif
#define SERIF_LONG 3.5  // radii of the stem
#define SERIF_TURN 74.0 // degrees
#define DEGREE     57.29577951308232

static void rotate(struct atl_line *line, size_t by, struct atl_arena *arena)
{
    struct atl_line out;
    size_t n = line->n - 1; // the last is the first

    if (!by || !atl_line_get(&out, line->n, arena))
        return;
    for (size_t i = 0; i <= n; i++) {
        out.p[i] = line->p[(i + by) % n];
        out.r[i] = line->r[(i + by) % n];
    }
    *line = out;
}

// A loop begins where it is furthest from all joints.
static void move_seam(struct atl_stroke *s, const struct atl_joint *joints, struct atl_arena *arena)
{
    double best = -1;
    size_t at = 0;

    for (size_t i = 0; i + 1 < s->line.n; i++) {
        double least = INFINITY;

        for (size_t k = 0; k < s->pass_count; k++) {
            const struct atl_joint *j = &joints[s->passes[k]];

            least = fmin(least, vec_dist(s->line.p[i], j->at) / j->r);
        }
        if (least > best && least < INFINITY) {
            best = least;
            at = i;
        }
    }
    rotate(&s->line, at, arena);
}

// A cubic Hermite piece over i..k, its tangents from the next 0.8 r outside.
static void bridge_run(struct atl_line *line, size_t i, size_t k, size_t reach)
{
    size_t before = i > reach ? i - reach : 0;
    size_t after = k + reach < line->n ? k + reach : line->n - 1;
    struct atl_vec a = line->p[i], b = line->p[k];
    struct atl_vec chord = vec_sub(b, a);
    double len = vec_len(chord), ra = line->r[i], rb = line->r[k];
    struct atl_vec ta = i > before ? vec_mul(vec_unit(vec_sub(a, line->p[before])), len) : chord;
    struct atl_vec tb = after > k ? vec_mul(vec_unit(vec_sub(line->p[after], b)), len) : chord;

    for (size_t q = i; q <= k; q++) {
        double u = (double)(q - i) / (double)(k - i);
        double u2 = u * u, u3 = u2 * u;
        struct atl_vec p = vec_mul(a, 2 * u3 - 3 * u2 + 1);

        p = vec_along(p, ta, u3 - 2 * u2 + u);
        p = vec_along(p, b, -2 * u3 + 3 * u2);
        line->p[q] = vec_along(p, tb, u3 - u2);
        line->r[q] = ra + (rb - ra) * u;
    }
}

// In 'e' and 'R' a stroke meets the same joint twice: each run of near points is bridged.
static void bridge(struct atl_stroke *s, const struct atl_joint *j, double step)
{
    struct atl_line *line = &s->line;
    size_t reach = (size_t)(0.8 * j->r / step);

    for (size_t i = 0; i < line->n; i++) {
        size_t k = i;

        if (vec_dist(line->p[i], j->at) >= BRIDGE * j->r)
            continue;
        while (k + 1 < line->n && vec_dist(line->p[k + 1], j->at) < BRIDGE * j->r)
            k++;
        if (k > i && (s->is_closed || (i > 0 && k + 1 < line->n))) // not at an end
            bridge_run(line, i ? i - 1 : 0, k + 1 < line->n ? k + 1 : k, reach);
        i = k;
    }
}

static double turn_at(const struct atl_line *line, size_t i, size_t w)
{
    struct atl_vec a = vec_sub(line->p[i], line->p[i > w ? i - w : 0]);
    struct atl_vec b = vec_sub(line->p[i + w < line->n ? i + w : line->n - 1], line->p[i]);

    return DEGREE * fabs(atan2(vec_cross(a, b), vec_dot(a, b)));
}

// Which points of the line are nearest to a wedge of the axis.
static void mark_wedges(const struct atl_line *line, const struct atl_axis *axis, double r,
                        bool *is_wedge)
{
    for (size_t k = 0; k < axis->wedge_count; k++) {
        double best = 0.4 * r;
        size_t at = SIZE_MAX;

        for (size_t i = 0; i < line->n; i++) {
            if (vec_dist(line->p[i], axis->wedges[k]) < best) {
                best = vec_dist(line->p[i], axis->wedges[k]);
                at = i;
            }
        }
        if (at != SIZE_MAX)
            is_wedge[at] = true;
    }
}

// A stem that ends in half a serif: its axis leaves the stem where that narrows, in a soft bend
// that is a corner of the letter. The end itself is even, or it is only a stroke that was cut off
// askew.
static void mark_serif(const struct atl_line *line, bool is_last, bool *is_wedge)
{
    const ptrdiff_t by = is_last ? -1 : 1;
    const struct atl_vec *p = line->p + (is_last ? line->n - 1 : 0);
    const double *r = line->r + (is_last ? line->n - 1 : 0);
    ptrdiff_t last = (ptrdiff_t)line->n - 1, at = 0, back;
    double length = 0;
    struct atl_vec tip, stem;
    bool is_even = false;

    while (at < last && (r[by * (at + 1)] > r[by * at] || r[by * at] < SERIF_EVEN * r[0])) {
        length += vec_dist(p[by * at], p[by * (at + 1)]);
        is_even = is_even || (length > r[0] && r[by * at] < SERIF_EVEN * r[0]);
        at++;
    }
    back = 2 * at < last ? 2 * at : last;
    if (!is_even || r[0] > SERIF_THIN * r[by * at] || length > SERIF_LONG * r[by * at] ||
        back == at)
        return;
    tip = vec_sub(p[by * (at / 2)], p[0]);
    stem = vec_sub(p[by * back], p[by * at]);
    if (DEGREE * fabs(atan2(vec_cross(tip, stem), vec_dot(tip, stem))) > SERIF_TURN)
        is_wedge[is_last ? last - at : at] = true;
}

struct corners {
    size_t at[32];
    double score[32];
    size_t n;
};

static void note_corner(struct corners *c, size_t at, double score, double apart)
{
    if (c->n && (double)(at - c->at[c->n - 1]) < apart) { // one corner, found twice
        if (score > c->score[c->n - 1]) {
            c->at[c->n - 1] = at;
            c->score[c->n - 1] = score;
        }
    } else if (c->n < 32) {
        c->at[c->n] = at;
        c->score[c->n++] = score;
    }
}

static void find_corners(const struct atl_stroke *s, double step, double r, const bool *is_wedge,
                         struct corners *c)
{
    const struct atl_line *line = &s->line;
    size_t w = (size_t)fmax(3, 1.3 * r / step);
    size_t near = (size_t)fmax(2, 0.5 * r / step);

    if (line->n < 2 * w + 4)
        return;
    for (size_t i = w; i + w < line->n; i++) {
        double best = 0;
        size_t at = i;

        if (!is_wedge[i] && (turn_at(line, i, w) <= TURN || turn_at(line, i, near) <= TURN * 0.55))
            continue;
        for (; i + w < line->n && (is_wedge[i] || turn_at(line, i, w) > TURN); i++) {
            double score = is_wedge[i] ? 1e3 : turn_at(line, i, w) + turn_at(line, i, near);

            if (score > best) {
                best = score;
                at = i;
            }
        }
        note_corner(c, at, best, 4 * r / step);
    }
}

static bool cut_stroke(const struct atl_stroke *s, size_t from, size_t to, struct atl_arena *arena,
                       struct atl_stroke *out)
{
    size_t n = to - from + 1;

    *out = *s;
    out->is_closed = false;
    if (!atl_line_get(&out->line, n, arena))
        return false;
    memcpy(out->line.p, s->line.p + from, n * sizeof *out->line.p);
    memcpy(out->line.r, s->line.r + from, n * sizeof *out->line.r);
    return true;
}

static struct atl_end corner_at(const struct atl_line *line, size_t i)
{
    return (struct atl_end){ATL_END_CORNER, -1, line->p[i]};
}

// Adds the stroke to `out`, in as many pieces as it has corners.
static bool split(struct atl_stroke *s, const struct atl_axis *axis, double step,
                  struct atl_arena *arena, struct atl_strokes *out)
{
    double r = atl_line_median_r(&s->line, arena);
    bool *is_wedge = atl_arena_get(arena, s->line.n + 1, sizeof *is_wedge);
    struct corners c = {0};

    if (!is_wedge)
        return false;
    mark_wedges(&s->line, axis, r, is_wedge);
    for (int e = 0; e < 2; e++) {
        if (s->ends[e].kind == ATL_END_FREE)
            mark_serif(&s->line, e == 1, is_wedge);
    }
    find_corners(s, step, r, is_wedge, &c);
    if (s->is_closed && c.n) { // the seam goes into a corner
        rotate(&s->line, c.at[0], arena);
        for (size_t i = 1; i < c.n; i++)
            c.at[i] -= c.at[0];
        s->ends[0] = s->ends[1] = corner_at(&s->line, 0);
        memmove(c.at, c.at + 1, (c.n - 1) * sizeof *c.at);
        c.n--;
        s->is_closed = false;
    }
    for (size_t i = 0; i <= c.n; i++) {
        struct atl_stroke *piece = &out->v[out->count++];
        size_t from = i ? c.at[i - 1] : 0;
        size_t to = i < c.n ? c.at[i] : s->line.n - 1;

        if (!c.n) {
            *piece = *s;
            continue;
        }
        if (!cut_stroke(s, from, to, arena, piece))
            return false;
        piece->ends[0] = i ? corner_at(&s->line, from) : s->ends[0];
        piece->ends[1] = i < c.n ? corner_at(&s->line, to) : s->ends[1];
    }
    return true;
}

// Where the stroke is nearest to p, and whether it is so far from it that what stops at p stops
// short of it.
static bool is_beside(const struct atl_line *line, struct atl_vec p, struct atl_vec *nearest)
{
    double best = INFINITY, r = 0;

    for (size_t i = 0; i < line->n; i++) {
        if (vec_dist(line->p[i], p) < best) {
            best = vec_dist(line->p[i], p);
            r = line->r[i];
            *nearest = line->p[i];
        }
    }
    return best > BESIDE * r;
}

// A thin stroke over the end of a thick one (a slab) has its joint deep in the thick one: what
// stops there goes on to the stroke as it was bridged.
static void move_ends(struct atl_strokes *strokes)
{
    for (size_t i = 0; i < strokes->count; i++) {
        for (int e = 0; e < 2; e++) {
            struct atl_end *end = &strokes->v[i].ends[e];

            for (size_t k = 0; k < strokes->count && end->kind == ATL_END_JOINT; k++) {
                const struct atl_stroke *over = &strokes->v[k];
                struct atl_vec at;

                for (size_t q = 0; q < over->pass_count; q++) {
                    if (over->passes[q] == end->joint && is_beside(&over->line, end->at, &at))
                        end->at = at;
                }
            }
        }
    }
}

bool atl_strokes_bend(struct atl_strokes *strokes, const struct atl_axis *axis, double step,
                      struct atl_arena *arena)
{
    struct atl_strokes out = *strokes;

    out.count = 0;
    out.v = atl_arena_get(arena, strokes->count * 33 + 1, sizeof *out.v);
    if (!out.v)
        return false;
    for (size_t i = 0; i < strokes->count; i++) {
        struct atl_stroke *s = &strokes->v[i];

        if (s->line.n < 2 || atl_line_length(&s->line) < 1e-6)
            continue;
        if (!atl_line_resample(&s->line, step, arena))
            return false;
        if (s->is_closed && s->pass_count)
            move_seam(s, strokes->joints, arena);
        for (size_t k = 0; k < s->pass_count; k++)
            bridge(s, &strokes->joints[s->passes[k]], step);
    }
    move_ends(strokes);
    for (size_t i = 0; i < strokes->count; i++) {
        struct atl_stroke *s = &strokes->v[i];

        if (s->line.n < 2 || atl_line_length(&s->line) < 1e-6)
            continue;
        if (!split(s, axis, step, arena, &out))
            return false;
    }
    *strokes = out;
    return true;
}
