// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/geom.h"

#include <stdlib.h>
#include <string.h>

void atl_points_add(struct atl_points *list, struct atl_vec p)
{
    if (list->failed)
        return;
    if (list->n == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 64;
        struct atl_vec *grown = realloc(list->p, cap * sizeof *grown);

        if (!grown) {
            list->failed = true;
            return;
        }
        list->p = grown;
        list->cap = cap;
    }
    list->p[list->n++] = p;
}

void atl_points_free(struct atl_points *list)
{
    free(list->p);
    *list = (struct atl_points){0};
}

bool atl_line_get(struct atl_line *line, size_t n, struct atl_arena *arena)
{
    struct atl_vec *p = atl_arena_get(arena, n + 1, sizeof *p);
    double *r = atl_arena_get(arena, n + 1, sizeof *r);

    if (!p || !r)
        return false;
    *line = (struct atl_line){p, r, n};
    return true;
}

double atl_line_length(const struct atl_line *line)
{
    double sum = 0;

    for (size_t i = 1; i < line->n; i++)
        sum += vec_dist(line->p[i - 1], line->p[i]);
    return sum;
}

void atl_line_reverse(struct atl_line *line)
{
    for (size_t i = 0, j = line->n; i + 1 < j; i++) {
        struct atl_vec p = line->p[i];
        double r = line->r[i];

        j--;
        line->p[i] = line->p[j];
        line->r[i] = line->r[j];
        line->p[j] = p;
        line->r[j] = r;
    }
}

bool atl_line_resample(struct atl_line *line, double step, struct atl_arena *arena)
{
    double total = atl_line_length(line);
    size_t n = (size_t)fmax(4, round(total / step));
    struct atl_line out;
    size_t i = 1;
    double before = 0;

    if (line->n < 2 || !atl_line_get(&out, n + 1, arena))
        return false;
    for (size_t k = 0; k <= n; k++) {
        double want = total * (double)k / (double)n;
        double len = vec_dist(line->p[i - 1], line->p[i]);
        double t;

        while (before + len < want && i + 1 < line->n) {
            before += len;
            i++;
            len = vec_dist(line->p[i - 1], line->p[i]);
        }
        t = len > 1e-12 ? clamp((want - before) / len, 0, 1) : 0;
        out.p[k] = vec_mix(line->p[i - 1], line->p[i], t);
        out.r[k] = line->r[i - 1] + (line->r[i] - line->r[i - 1]) * t;
    }
    out.p[n] = line->p[line->n - 1];
    out.r[n] = line->r[line->n - 1];
    *line = out;
    return true;
}

struct atl_vec atl_line_at(const struct atl_line *line, double d, bool from_end)
{
    for (size_t i = 1; i < line->n; i++) {
        size_t a = from_end ? line->n - i : i - 1;
        size_t b = from_end ? a - 1 : i;
        double len = vec_dist(line->p[a], line->p[b]);

        if (d <= len && len > 1e-12)
            return vec_mix(line->p[a], line->p[b], d / len);
        d -= len;
    }
    return line->p[from_end ? 0 : line->n - 1];
}

static double padded(const double *v, size_t n, ptrdiff_t i, bool is_closed)
{
    ptrdiff_t last = (ptrdiff_t)n - 1;

    if (is_closed) {
        i %= last;
        return v[i < 0 ? i + last : i];
    }
    if (i < 0)
        return 2 * v[0] - v[-i > last ? last : -i];
    if (i > last)
        return 2 * v[last] - v[2 * last - i < 0 ? 0 : 2 * last - i];
    return v[i];
}

bool atl_smooth(double *values, size_t n, double sigma, bool is_closed, struct atl_arena *arena)
{
    ptrdiff_t reach = (ptrdiff_t)ceil(3 * sigma);
    double *copy = atl_arena_get(arena, n + 1, sizeof *copy);
    double *weight = atl_arena_get(arena, (size_t)reach + 1, sizeof *weight);
    double sum = 1;

    if (!copy || !weight)
        return false;
    if (n < 3 || sigma <= 0)
        return true;
    memcpy(copy, values, n * sizeof *copy);
    weight[0] = 1;
    for (ptrdiff_t k = 1; k <= reach; k++) {
        weight[k] = exp(-0.5 * (double)(k * k) / (sigma * sigma));
        sum += 2 * weight[k];
    }
    for (size_t i = 0; i < n; i++) {
        double v = weight[0] * copy[i];

        for (ptrdiff_t k = 1; k <= reach; k++) {
            ptrdiff_t at = (ptrdiff_t)i;
            bool is_inner = at >= k && at + k < (ptrdiff_t)n;

            v += weight[k] * (is_inner ? copy[at - k] + copy[at + k]
                                       : padded(copy, n, at - k, is_closed) +
                                             padded(copy, n, at + k, is_closed));
        }
        values[i] = v / sum;
    }
    return true;
}

bool atl_line_smooth(struct atl_line *line, double sigma, bool is_closed, struct atl_arena *arena)
{
    double *x = atl_arena_get(arena, line->n + 1, sizeof *x);
    double *y = atl_arena_get(arena, line->n + 1, sizeof *y);

    if (!x || !y)
        return false;
    for (size_t i = 0; i < line->n; i++) {
        x[i] = line->p[i].x;
        y[i] = line->p[i].y;
    }
    if (!atl_smooth(x, line->n, sigma, is_closed, arena) ||
        !atl_smooth(y, line->n, sigma, is_closed, arena) ||
        !atl_smooth(line->r, line->n, sigma, is_closed, arena))
        return false;
    for (size_t i = 0; i < line->n; i++)
        line->p[i] = (struct atl_vec){x[i], y[i]};
    return true;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

double atl_median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
    return values[n / 2];
}

double atl_line_median_r(const struct atl_line *line, struct atl_arena *arena)
{
    double *copy = atl_arena_get(arena, line->n + 1, sizeof *copy);

    if (!copy || !line->n)
        return 0;
    memcpy(copy, line->r, line->n * sizeof *copy);
    return atl_median(copy, line->n);
}
