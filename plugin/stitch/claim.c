// SPDX-License-Identifier: Apache-2.0
// Who sews where columns meet. A column that passes a joint is higher than those that end there;
// then upright and level ones, then the longer. A lower one keeps what nobody has claimed, and a
// little more, so that no gap opens when the cloth is pulled.
#include "plugin/stitch/column.h"

#include <string.h>

#define OVERLAP   0.10 // mm under the higher column, beside what that is widened by
#define OVERRUN   0.20 // mm outside the outline that a rung may reach
#define SLIVER    0.30 // mm; a narrower rest of a rung is not sewn
#define SHORT_GAP 0.40 // mm along the axis that is sewn through
#define SELF      3.5  // radii
#define SPECK_MM2 0.35
#define PUSH_MOST 0.12 // of a column's length, at each end: an accent stays one

static bool passes(const struct atl_column *c, int32_t joint)
{
    for (size_t i = 0; i < c->over_count; i++) {
        if (c->over[i] == joint)
            return true;
    }
    return false;
}

static bool ends_at(const struct atl_column *c, int32_t joint)
{
    return !c->is_closed && ((c->ends[0].kind == ATL_END_JOINT && c->ends[0].joint == joint) ||
                             (c->ends[1].kind == ATL_END_JOINT && c->ends[1].joint == joint));
}

// Whether b must be above a: a stops where b goes through, and not the other way round, too.
static bool is_under(const struct atl_column *a, const struct atl_column *b)
{
    for (size_t i = 0; i < b->over_count; i++) {
        if (ends_at(a, b->over[i]) && !passes(a, b->over[i]))
            return true;
    }
    return false;
}

static bool is_before(const struct atl_column *a, const struct atl_column *b)
{
    if (a->is_upright != b->is_upright)
        return a->is_upright;
    return (double)a->axis.n * a->step > (double)b->axis.n * b->step;
}

static void order(struct atl_columns *columns)
{
    for (size_t done = 0; done < columns->count; done++) {
        size_t best = SIZE_MAX, any = done;

        for (size_t i = done; i < columns->count; i++) {
            bool is_free = true;

            for (size_t k = done; k < columns->count; k++)
                is_free = is_free && (k == i || !is_under(&columns->v[i], &columns->v[k]) ||
                                      is_under(&columns->v[k], &columns->v[i]));
            if (is_free && (best == SIZE_MAX || is_before(&columns->v[i], &columns->v[best])))
                best = i;
            if (is_before(&columns->v[i], &columns->v[any]))
                any = i;
        }
        if (best == SIZE_MAX) // a circle of them: by their looks
            best = any;
        if (best != done) {
            struct atl_column c = columns->v[best];

            columns->v[best] = columns->v[done];
            columns->v[done] = c;
        }
    }
}

// How far a rung reaches where the outline steps back from it; rails are smooth, and would show.
static double drawn_back(const struct atl_cover *cover, struct atl_vec p, struct atl_vec way,
                         double reach)
{
    double step = 1 / cover->per_mm, t = reach - step / 2;

    while (t > 0 && !(atl_cover_at(cover, vec_along(p, way, t)) & ATL_COVER_INSIDE))
        t -= step;
    return t > 0 && reach - t > OVERRUN ? t + step / 2 : reach;
}

// The widest unclaimed stretch of a rung.
static void cut_rung(const struct atl_column *c, size_t i, const struct atl_cover *cover,
                     struct atl_rung *rung)
{
    double to = drawn_back(cover, c->axis.p[i], rung->way, rung->left);
    double from = -drawn_back(cover, c->axis.p[i], vec_mul(rung->way, -1), rung->right);
    double step = 1 / cover->per_mm, start = from, best = 0, best_from = 0, best_to = 0;
    bool is_free = false;

    for (double t = from + step / 2;; t += step) {
        bool is_end = t >= to;
        bool here = !is_end && !(atl_cover_at(cover, vec_along(c->axis.p[i], rung->way, t)) &
                                 ATL_COVER_CLAIMED);

        if (here && !is_free)
            start = t - step / 2;
        if (!here && is_free && fmin(t - step / 2, to) - start > best) {
            best_from = start;
            best_to = fmin(t - step / 2, to);
            best = best_to - best_from;
        }
        is_free = here;
        if (is_end)
            break;
    }
    if (is_free && to - start > best) {
        best_from = start;
        best_to = to;
        best = to - start;
    }
    rung->is_on = best >= fmin(fmax(SLIVER, 0.2 * (to - from)), 0.7 * (to - from));
    if (!rung->is_on)
        return;
    rung->cut_right = best_from > from + 1.5 * step;
    rung->cut_left = best_to < to - 1.5 * step;
    rung->right = -(rung->cut_right ? fmax(best_from - OVERLAP, from) : from);
    rung->left = rung->cut_left ? fmin(best_to + OVERLAP, to) : to;
}

// Sews through short gaps, forgets specks, and goes a little under the higher column.
static bool tidy(struct atl_column *c, struct atl_arena *arena)
{
    size_t n = c->axis.n;
    size_t gap = (size_t)ceil(SHORT_GAP / c->step), more = (size_t)ceil(OVERLAP / c->step);
    struct atl_rung *whole = atl_arena_get(arena, n, sizeof *whole);

    if (!whole)
        return false;
    memcpy(whole, c->rungs, n * sizeof *whole);
    for (size_t i = 0, k; i < n; i = k) { // gaps between two runs
        for (k = i; k < n && whole[k].is_on == whole[i].is_on; k++) {
        }
        if (!whole[i].is_on && i && k < n && k - i <= gap) {
            for (size_t q = i; q < k; q++)
                c->rungs[q].is_on = true;
        }
    }
    for (size_t i = 0, k; i < n; i = k) { // specks
        double area = 0;

        for (k = i; k < n && c->rungs[k].is_on == c->rungs[i].is_on; k++)
            area += (c->rungs[k].left + c->rungs[k].right) * c->step;
        if (c->rungs[i].is_on && area < SPECK_MM2 && k - i < n) {
            for (size_t q = i; q < k; q++)
                c->rungs[q].is_on = false;
        }
    }
    memcpy(whole, c->rungs, n * sizeof *whole);
    for (size_t i = 0; i < n; i++) { // a little under
        for (size_t q = 1; q <= more && !whole[i].is_on && !c->rungs[i].is_on; q++) {
            const struct atl_rung *near = i >= q && whole[i - q].is_on      ? &whole[i - q]
                                          : i + q < n && whole[i + q].is_on ? &whole[i + q]
                                                                            : NULL;

            if (near) {
                struct atl_vec way = c->rungs[i].way;

                c->rungs[i] = *near;
                c->rungs[i].way = way;
            }
        }
    }
    return true;
}

// A loop that is cut begins behind the cut.
static bool open_loop(struct atl_column *c, struct atl_arena *arena)
{
    size_t n = c->axis.n - 1, start = 0;
    struct atl_line line;
    struct atl_rung *rungs = atl_arena_get(arena, n + 1, sizeof *rungs);

    while (start < n && (c->rungs[start].is_on || !c->rungs[(start + 1) % n].is_on))
        start++;
    if (start == n)
        return true;
    if (!rungs || !atl_line_get(&line, n + 1, arena))
        return false;
    for (size_t i = 0; i <= n; i++) {
        line.p[i] = c->axis.p[(start + i) % n];
        line.r[i] = c->axis.r[(start + i) % n];
        rungs[i] = c->rungs[(start + i) % n];
    }
    c->axis = line;
    c->rungs = rungs;
    c->is_closed = false;
    return true;
}

static void keep_points(struct atl_column *c, size_t first, size_t end)
{
    c->axis.p += first;
    c->axis.r += first;
    c->rungs += first;
    c->axis.n = end - first;
}

// What lies under another column at an end needs no axis: a thread that went there would come back
// on top of it.
static void shorten(struct atl_column *c)
{
    size_t first = 0, end = c->axis.n;

    while (first < end && !c->rungs[first].is_on)
        first++;
    while (end > first && !c->rungs[end - 1].is_on)
        end--;
    if (first)
        c->ends[0].kind = ATL_END_JOINT;
    if (end < c->axis.n)
        c->ends[1].kind = ATL_END_JOINT;
    keep_points(c, first, end);
}

void atl_columns_push(struct atl_columns *columns, double push_mm)
{
    for (size_t k = 0; k < columns->count; k++) {
        struct atl_column *c = &columns->v[k];
        size_t most = (size_t)(PUSH_MOST * (double)c->axis.n);
        size_t by = c->is_closed ? 0 : (size_t)round(push_mm / c->step);
        size_t cut = by < most ? by : most;

        keep_points(c, c->ends[0].kind == ATL_END_FREE ? cut : 0,
                    c->axis.n - (c->ends[1].kind == ATL_END_FREE ? cut : 0));
    }
}

static void claim(const struct atl_column *c, size_t from, size_t to, struct atl_cover *cover)
{
    for (size_t i = from; i < to && i + 1 < c->axis.n; i++) {
        struct atl_vec quad[4];

        if (!c->rungs[i].is_on || !c->rungs[i + 1].is_on)
            continue;
        quad[0] = column_left(c, i);
        quad[1] = column_right(c, i);
        quad[2] = column_right(c, i + 1);
        quad[3] = column_left(c, i + 1);
        atl_cover_fill(cover, quad, ATL_COVER_CLAIMED);
    }
}

// A column may cross itself (8, &): what it sewed further back than a bend reaches is claimed, too.
static void cut_column(struct atl_column *c, struct atl_cover *cover)
{
    size_t lag = (size_t)(SELF * c->r / c->step);

    for (size_t i = 0; i < c->axis.n; i++) {
        if (i > lag)
            claim(c, i - lag - 1, i - lag, cover);
        cut_rung(c, i, cover, &c->rungs[i]);
    }
}

// The columns that are left, higher ones first.
struct kept {
    struct atl_columns columns;
    size_t cap;
};

static bool keep(struct kept *kept, const struct atl_column *c, struct atl_arena *arena)
{
    struct atl_columns *columns = &kept->columns;

    if (columns->count == kept->cap) {
        size_t cap = 2 * kept->cap + 8;
        struct atl_column *v = atl_arena_get(arena, cap, sizeof *v);

        if (!v)
            return false;
        if (columns->count)
            memcpy(v, columns->v, columns->count * sizeof *v);
        columns->v = v;
        kept->cap = cap;
    }
    columns->v[columns->count++] = *c;
    return true;
}

// A column that goes under another one and comes out again is two: each is sewn from the one above
// it, before that. As one it would have to pass there when the other is sewn, on top of it.
static bool keep_halves(struct kept *kept, const struct atl_column *c, struct atl_arena *arena)
{
    for (size_t i = 0, k; i < c->axis.n; i = k) {
        struct atl_column half = *c;

        for (k = i; k < c->axis.n && c->rungs[k].is_on == c->rungs[i].is_on; k++) {
        }
        if (!c->rungs[i].is_on || k - i < 2)
            continue;
        if (i)
            half.ends[0].kind = ATL_END_JOINT;
        if (k < c->axis.n)
            half.ends[1].kind = ATL_END_JOINT;
        keep_points(&half, i, k);
        if (!keep(kept, &half, arena))
            return false;
    }
    return true;
}

bool atl_columns_claim(struct atl_columns *columns, struct atl_cover *cover,
                       struct atl_arena *arena)
{
    struct kept kept = {0};

    order(columns);
    for (size_t k = 0; k < columns->count; k++) {
        struct atl_column *c = &columns->v[k];

        cut_column(c, cover);
        if (!tidy(c, arena) || (c->is_closed && !open_loop(c, arena)))
            return false;
        shorten(c);
        claim(c, 0, c->axis.n, cover);
        if (!keep_halves(&kept, c, arena))
            return false;
    }
    *columns = kept.columns;
    return true;
}
