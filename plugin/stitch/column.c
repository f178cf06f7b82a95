// SPDX-License-Identifier: Apache-2.0
// From a stroke to a column: its ends, then the direction of its rungs, then their reach.
#include "plugin/stitch/column.h"

#include <string.h>

#define RAIL_CAP      1.18 // a rung reaches at most so many radii
#define ROUND_END     0.35 // radii of the axis that a terminal disturbs
#define STRAIGHT_EDGE 0.7  // radii; a longer edge is where the letter was cut off
#define BENT          0.25 // radii that the end of an axis lies beside the line of its leg
#define BLUNT         0.5  // radii: an end of an axis that lies in no acute corner
#define ASIDE         0.9  // a leg's line passes its corner by less than so many radii
#define OPEN          1.05 // and so many where there is no outline, at a joint
#define NEAR_JOINT    0.9  // radii of a joint that a stroke which passes it may lie beside it
#define THREAD_HALF   0.09 // mm: a little less than from the middle of a thread half way to its edge
#define LAST_RUNG     0.05 // mm that the last rung stands inside: half a thread less the pull

struct fit {
    struct atl_vec middle, way;
    size_t cut; // points to drop from the end
};

// A line through some points: middle, direction, and the largest distance from it.
static double fit_line(const struct atl_vec *p, size_t n, struct fit *fit)
{
    struct atl_vec m = {0, 0};
    double xx = 0, xy = 0, yy = 0, worst = 0, angle;

    for (size_t i = 0; i < n; i++)
        m = vec_add(m, p[i]);
    m = vec_mul(m, 1 / (double)n);
    for (size_t i = 0; i < n; i++) {
        struct atl_vec d = vec_sub(p[i], m);

        xx += d.x * d.x;
        xy += d.x * d.y;
        yy += d.y * d.y;
    }
    angle = 0.5 * atan2(2 * xy, xx - yy);
    fit->middle = m;
    fit->way = (struct atl_vec){cos(angle), sin(angle)};
    if (vec_dot(fit->way, vec_sub(p[n - 1], p[0])) < 0)
        fit->way = vec_mul(fit->way, -1);
    for (size_t i = 0; i < n; i++)
        worst = fmax(worst, fabs(vec_cross(fit->way, vec_sub(p[i], m))));
    return worst;
}

// Walks in from the end until 2.2 r of the axis is straight and of even width. A line that misses
// the corner or joint is a tangent of a bend, not a leg.
static bool find_straight(const struct atl_line *line, double r, double step,
                          const struct atl_end *end, struct fit *fit)
{
    double reach = end->kind == ATL_END_FREE ? 2.2 : 6.01;
    size_t w = (size_t)fmax(6, 2.2 * r / step);

    for (double x = 0.2; x < reach; x += 0.2) {
        size_t cut = (size_t)(x * r / step);
        double low = INFINITY, high = 0;

        if (cut + w > line->n || (double)cut > 0.6 * (double)line->n)
            return false;
        for (size_t i = line->n - cut - w; i < line->n - cut; i++) {
            low = fmin(low, line->r[i]);
            high = fmax(high, line->r[i]);
        }
        if (fit_line(line->p + line->n - cut - w, w, fit) < 0.05 * r &&
            high - low < 0.10 * (high + low) / 2) {
            fit->cut = cut ? cut : 1;
            return end->kind == ATL_END_FREE ||
                   fabs(vec_cross(fit->way, vec_sub(end->at, fit->middle))) < ASIDE * r;
        }
    }
    return false;
}

static size_t noisy_points(const struct atl_line *line, const struct atl_end *end, double r,
                           double step, const struct atl_joint *joint)
{
    size_t cut = 0;

    if (end->kind == ATL_END_FREE)
        return (size_t)(ROUND_END * r / step);
    if (end->kind == ATL_END_CORNER)
        return (size_t)(1.15 * r / step);
    while (cut < line->n && vec_dist(line->p[line->n - 1 - cut], joint->at) < 1.25 * joint->r)
        cut++;
    return cut ? cut : (size_t)(0.5 * r / step);
}

// The tangent at `cut` points from the end.
static struct atl_vec tangent(const struct atl_line *line, size_t cut, double r, double step)
{
    size_t back = (size_t)fmax(3, 1.2 * r / step);
    size_t last = line->n - 1 - cut;

    return vec_unit(vec_sub(line->p[last], line->p[last > back ? last - back : 0]));
}

struct ending {
    const struct atl_part *part;
    const struct atl_strokes *strokes;
    const bool *is_passed; // per joint: some stroke goes through
    double r, step;
};

// How far the end goes on along the line from p.
static double reach_of(const struct ending *how, const struct atl_end *end, double cut_mm,
                       struct atl_vec p, struct atl_vec way, bool *is_terminal)
{
    double most = cut_mm + (end->kind == ATL_END_FREE ? 1.5 : 3.2) * how->r;
    double hit = atl_part_ray(how->part, p, way, most + 0.1, NULL);

    *is_terminal = hit < most + 0.1;
    if (end->kind == ATL_END_JOINT && how->is_passed[end->joint]) {
        *is_terminal = false;
        return fmin(fmin(hit, most), fmax(0.2, vec_dot(vec_sub(end->at, p), way)));
    }
    return *is_terminal ? fmax(hit - LAST_RUNG, 0.05) : cut_mm + how->r;
}

// A terminal that is cut off straight bends the axis towards its nearer corner a whole radius
// before it; a round one hardly does.
static size_t cut_off_points(const struct atl_line *line, const struct ending *how, size_t round)
{
    size_t cut = (size_t)(how->r / how->step);
    struct atl_vec p, way, edge;
    double hit;

    if (cut + 5 > line->n)
        return round;
    p = line->p[line->n - 1 - cut];
    way = tangent(line, cut, how->r, how->step);
    hit = atl_part_ray(how->part, p, way, 4 * how->r, NULL);
    return atl_part_edge(how->part, vec_along(p, way, hit), &edge) > STRAIGHT_EDGE * how->r ? cut
                                                                                            : round;
}

// Whether what the straight leg goes without is no noise: the axis bends away from its line at an
// end that is not cut off straight (the foot of an l). At one that is, it runs into an acute corner
// of it.
static bool is_bent_away(const struct atl_line *line, const struct ending *how,
                         const struct fit *fit)
{
    struct atl_vec p = line->p[line->n - 1 - fit->cut], edge;
    double away = fabs(vec_cross(fit->way, vec_sub(line->p[line->n - 1], fit->middle)));
    double hit = atl_part_ray(how->part, p, fit->way, 4 * how->r, NULL);

    return away > BENT * how->r && line->r[line->n - 1] > BLUNT * how->r &&
           atl_part_edge(how->part, vec_along(p, fit->way, hit), &edge) < STRAIGHT_EDGE * how->r;
}

// Rebuilds the last end of the line. *edge: the way of the straight edge it ends at, or 0,0.
static bool finish_end(struct atl_line *line, const struct atl_end *end, const struct ending *how,
                       struct atl_arena *arena, struct atl_vec *edge)
{
    const struct atl_joint *joint =
        end->kind == ATL_END_JOINT ? &how->strokes->joints[end->joint] : NULL;
    size_t cut = noisy_points(line, end, how->r, how->step, joint);
    struct atl_line out;
    struct fit fit;
    struct atl_vec p;
    double go;
    bool is_terminal;
    size_t keep, more;

    if (cut + 5 > line->n)
        cut = line->n > 5 ? line->n - 5 : 0;
    if (find_straight(line, how->r, how->step, end, &fit) &&
        !(end->kind == ATL_END_FREE && is_bent_away(line, how, &fit))) {
        cut = fit.cut;
        p = line->p[line->n - 1 - cut];
        p = vec_along(fit.middle, fit.way, vec_dot(vec_sub(p, fit.middle), fit.way));
    } else {
        if (end->kind == ATL_END_FREE)
            cut = cut_off_points(line, how, cut);
        p = line->p[line->n - 1 - cut];
        fit.way = tangent(line, cut, how->r, how->step);
    }
    go = reach_of(how, end, (double)cut * how->step, p, fit.way, &is_terminal);
    keep = line->n - cut;
    more = (size_t)fmax(1, go / how->step);
    if (!atl_line_get(&out, keep + more, arena))
        return false;
    memcpy(out.p, line->p, keep * sizeof *out.p);
    memcpy(out.r, line->r, keep * sizeof *out.r);
    out.p[keep - 1] = p;
    for (size_t i = 0; i < more; i++) {
        out.p[keep + i] = vec_along(p, fit.way, go * (double)(i + 1) / (double)more);
        out.r[keep + i] = out.r[keep - 1];
    }
    *line = out;
    *edge = (struct atl_vec){0, 0};
    if (is_terminal) {
        struct atl_vec way;
        double length = atl_part_edge(how->part, vec_along(p, fit.way, go + LAST_RUNG), &way);

        if (length > STRAIGHT_EDGE * how->r && fabs(vec_cross(fit.way, way)) > 0.5)
            *edge = way;
    }
    return true;
}

// Turns the rungs near an end towards the edge it ends at.
static void turn_rungs(struct atl_column *c, struct atl_vec edge, bool is_last)
{
    size_t n = c->axis.n;
    size_t span = (size_t)fmin(2.6 * c->r / c->step, (double)n / 3);
    struct atl_vec way = c->rungs[is_last ? n - 1 : 0].way;
    double angle;

    if (vec_dot(edge, way) < 0)
        edge = vec_mul(edge, -1);
    angle = atan2(vec_cross(way, edge), vec_dot(way, edge));
    for (size_t q = 0; q < span; q++) {
        double f = 1 - (double)q / (double)span;
        struct atl_rung *rung = &c->rungs[is_last ? n - 1 - q : q];

        rung->way = vec_turn(rung->way, angle * f * f * (3 - 2 * f));
    }
}

// Directions across the axis, smoothed, turned at the ends.
static bool aim_rungs(struct atl_column *c, const struct atl_vec edge[2], struct atl_arena *arena)
{
    size_t n = c->axis.n;
    struct atl_line way;

    if (!atl_line_get(&way, n, arena))
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t a = i ? i - 1 : c->is_closed ? n - 2 : 0;
        size_t b = i + 1 < n ? i + 1 : c->is_closed ? 1 : n - 1;

        way.p[i] = vec_unit(vec_sub(c->axis.p[b], c->axis.p[a]));
    }
    if (!atl_line_smooth(&way, fmax(1, 0.5 * c->r / c->step), c->is_closed, arena))
        return false;
    for (size_t i = 0; i < n; i++)
        c->rungs[i].way = vec_left(vec_unit(way.p[i]));
    for (int e = 0; e < 2; e++) {
        if (!c->is_closed && (edge[e].x != 0 || edge[e].y != 0))
            turn_rungs(c, edge[e], e == 1);
    }
    return true;
}

static void filter_median(double *v, size_t n, size_t window, double *copy)
{
    memcpy(copy, v, n * sizeof *v);
    for (size_t i = 0; i < n; i++) {
        double near[33];
        size_t half = window / 2 < 16 ? window / 2 : 16;
        size_t count = 0;

        for (size_t k = i > half ? i - half : 0; k <= i + half && k < n; k++) {
            size_t q = count++;

            for (; q && near[q - 1] > copy[k]; q--)
                near[q] = near[q - 1];
            near[q] = copy[k];
        }
        v[i] = near[count / 2];
    }
}

// The value at so many points from the start, which may lie between two.
static double value_at(const double *v, size_t n, double at)
{
    size_t i = (size_t)clamp(at, 0, (double)(n - 1));
    double t = clamp(at - (double)i, 0, 1);

    return i + 1 < n ? v[i] + (v[i + 1] - v[i]) * t : v[n - 1];
}

// A thread has a width: where a cap narrows, its rung is no longer than the narrower side of it.
static void narrow_ends(double *v, size_t n, double step, size_t span, double *copy)
{
    double by = THREAD_HALF / step;

    memcpy(copy, v, n * sizeof *v);
    for (size_t i = 0; i < n; i++) {
        if (i < span)
            v[i] = fmin(v[i], value_at(copy, n, (double)i - by));
        if (n - 1 - i < span)
            v[i] = fmin(v[i], value_at(copy, n, (double)i + by));
    }
}

static double reach_rung(const struct atl_part *part, struct atl_vec p, struct atl_vec way,
                         double r)
{
    double hit = atl_part_ray(part, p, way, 1.3 * r, NULL);

    return hit < 1.3 * r ? fmin(hit, RAIL_CAP * r) : OPEN * r;
}

// The reach of all rungs. Near a free end they may be as short as a round cap is.
static bool reach_rungs(struct atl_column *c, const struct atl_part *part, struct atl_arena *arena)
{
    size_t n = c->axis.n;
    double *side[2], *copy = atl_arena_get(arena, n, sizeof *copy);

    side[0] = atl_arena_get(arena, n, sizeof *copy);
    side[1] = atl_arena_get(arena, n, sizeof *copy);
    if (!copy || !side[0] || !side[1])
        return false;
    for (size_t i = 0; i < n; i++) {
        struct atl_vec along =
            vec_unit(vec_sub(c->axis.p[i + 1 < n ? i + 1 : i], c->axis.p[i ? i - 1 : i]));
        double square = fabs(vec_cross(along, c->rungs[i].way));
        double r = c->axis.r[i] / fmax(0.45, square);
        double to_end = c->step * (double)(i < n - 1 - i ? i : n - 1 - i);
        double floor = c->is_closed || to_end > 1.2 * c->r ? 0.45 * r : 0.1 * r;

        side[0][i] = fmax(reach_rung(part, c->axis.p[i], c->rungs[i].way, r), floor);
        side[1][i] = fmax(reach_rung(part, c->axis.p[i], vec_mul(c->rungs[i].way, -1), r), floor);
    }
    for (int k = 0; k < 2; k++) {
        if (!c->is_closed)
            narrow_ends(side[k], n, c->step, (size_t)(1.2 * c->r / c->step), copy);
        filter_median(side[k], n, (size_t)(0.4 * c->r / c->step) | 1, copy);
        if (!atl_smooth(side[k], n, 0.15 * c->r / c->step, c->is_closed, arena))
            return false;
    }
    for (size_t i = 0; i < n; i++) {
        c->rungs[i].left = side[0][i];
        c->rungs[i].right = side[1][i];
        copy[i] = side[0][i] + side[1][i];
    }
    c->width = atl_median(copy, n);
    return true;
}

static bool make_column(const struct atl_stroke *s, const struct ending *base,
                        struct atl_arena *arena, struct atl_column *c, bool *is_made)
{
    struct ending how = *base;
    struct atl_vec edge[2] = {
        {0, 0},
        {0, 0}
    };
    struct atl_vec span;
    struct atl_line line = s->line;

    *is_made = false;
    how.r = atl_line_median_r(&line, arena);
    if (line.n < 6 || how.r <= 0)
        return true;
    for (int e = 0; e < 2 && !s->is_closed; e++) {
        if (e == 0)
            atl_line_reverse(&line);
        if (!finish_end(&line, &s->ends[e], &how, arena, &edge[e]))
            return false;
        if (e == 0)
            atl_line_reverse(&line);
    }
    if (!atl_line_resample(&line, how.step, arena) ||
        !atl_line_smooth(&line, 0.35 * how.r / how.step, s->is_closed, arena))
        return false;
    *c = (struct atl_column){.axis = line, .r = how.r, .is_closed = s->is_closed};
    c->step = atl_line_length(&line) / (double)(line.n - 1);
    c->ends[0] = s->ends[0];
    c->ends[1] = s->ends[1];
    span = vec_unit(vec_sub(line.p[line.n - 1], line.p[0]));
    c->is_upright = !s->is_closed && fmax(fabs(span.y), 0.98 * fabs(span.x)) > 0.975;
    for (size_t k = 0; k < s->pass_count; k++) {
        for (size_t i = 0; i < s->line.n; i++) {
            if (vec_dist(s->line.p[i], base->strokes->joints[s->passes[k]].at) <
                NEAR_JOINT * base->strokes->joints[s->passes[k]].r) {
                c->over[c->over_count++] = s->passes[k];
                break;
            }
        }
    }
    c->rungs = atl_arena_get(arena, line.n, sizeof *c->rungs);
    if (!c->rungs || !aim_rungs(c, edge, arena) || !reach_rungs(c, base->part, arena))
        return false;
    *is_made = true;
    return true;
}

bool atl_columns_make(const struct atl_strokes *strokes, const struct atl_part *part,
                      struct atl_arena *arena, struct atl_columns *out)
{
    struct atl_columns columns = {0};
    bool *is_passed = atl_arena_get(arena, strokes->joint_count + 1, sizeof *is_passed);
    struct ending how = {part, strokes, is_passed, 0, 0};

    columns.v = atl_arena_get(arena, strokes->count + 1, sizeof *columns.v);
    if (!is_passed || !columns.v)
        return false;
    for (size_t i = 0; i < strokes->count; i++) {
        for (size_t k = 0; k < strokes->v[i].pass_count; k++)
            is_passed[strokes->v[i].passes[k]] = true;
    }
    for (size_t i = 0; i < strokes->count; i++) {
        bool is_made;

        how.step = atl_line_length(&strokes->v[i].line) / (double)(strokes->v[i].line.n - 1);
        if (!make_column(&strokes->v[i], &how, arena, &columns.v[columns.count], &is_made))
            return false;
        columns.count += is_made;
    }
    *out = columns;
    return true;
}

// The direction in which the part is longest, and how far it reaches.
static double longest_way(const struct atl_part *part, struct atl_vec *way, double *across)
{
    double best = INFINITY, length = 0;

    for (int k = 0; k < 36; k++) {
        struct atl_vec d = {cos(k * 3.14159265 / 36), sin(k * 3.14159265 / 36)};
        double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};

        for (size_t i = 0; i < part->starts[1]; i++) {
            double t = vec_dot(part->p[i], d), u = vec_cross(d, part->p[i]);

            low[0] = fmin(low[0], t);
            high[0] = fmax(high[0], t);
            low[1] = fmin(low[1], u);
            high[1] = fmax(high[1], u);
        }
        if (high[1] - low[1] < best - 1e-6) {
            best = high[1] - low[1];
            length = high[0] - low[0];
            *way = d;
        }
    }
    *across = best;
    if (length < 1.15 * best) { // nearly round or square: level rows
        *way = (struct atl_vec){0, 1};
        *across = part->high.x - part->low.x;
        length = part->high.y - part->low.y;
    }
    return length;
}

bool atl_column_block(const struct atl_part *part, double step, struct atl_arena *arena,
                      struct atl_columns *out)
{
    struct atl_vec way = {1, 0}, left, middle;
    double across = 0, length = longest_way(part, &way, &across);
    double low = INFINITY, low_left = INFINITY;
    size_t n = (size_t)fmax(8, length / step);
    struct atl_column *c = atl_arena_get(arena, 1, sizeof *c);
    double *side = atl_arena_get(arena, n + 1, sizeof *side);
    double *copy = atl_arena_get(arena, n + 1, sizeof *copy);

    if (!c || !side || !copy || !atl_line_get(&c->axis, n + 1, arena))
        return false;
    left = vec_left(way);
    for (size_t i = 0; i < part->starts[1]; i++) {
        low = fmin(low, vec_dot(part->p[i], way));
        low_left = fmin(low_left, vec_dot(part->p[i], left));
    }
    middle = vec_add(vec_mul(way, low + LAST_RUNG), vec_mul(left, low_left + across / 2));
    c->step = (length - 2 * LAST_RUNG) / (double)n;
    c->rungs = atl_arena_get(arena, n + 1, sizeof *c->rungs);
    if (!c->rungs)
        return false;
    for (size_t i = 0; i <= n; i++) {
        struct atl_vec at = vec_along(middle, way, c->step * (double)i);
        struct atl_vec far = vec_along(at, left, across);
        double a = atl_part_ray(part, far, vec_mul(left, -1), 2 * across, NULL);
        double b = atl_part_ray(part, vec_along(at, left, -across), left, 2 * across, NULL);

        c->axis.p[i] = vec_along(at, left, (b - a) / 2); // the middle of the chord
        c->axis.r[i] = across / 2;
        c->rungs[i].way = left;
        side[i] = fmax(across - (a + b) / 2, 0.1);
    }
    narrow_ends(side, n + 1, c->step, n / 2 + 1, copy);
    for (size_t i = 0; i <= n; i++)
        c->rungs[i].left = c->rungs[i].right = side[i];
    c->r = across / 2;
    c->width = across;
    c->ends[0].kind = c->ends[1].kind = ATL_END_FREE;
    *out = (struct atl_columns){c, 1};
    return true;
}
