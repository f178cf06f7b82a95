// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/shape.h"

#include "plugin/stitch/unite.h"

#include <stdlib.h>
#include <string.h>

#define SPECK_MM2 0.02

enum { ROWS_MAX = 256 };

// The edges that touch each horizontal band of the part.
struct atl_rows {
    double bottom;
    double height; // of one band
    size_t count;
    size_t *first; // count + 1 offsets into `edges`
    uint32_t *edges;
    uint32_t *next; // the point that follows each point
};

void atl_contours_begin(struct atl_contours *contours)
{
    if (contours->count == contours->cap) {
        size_t cap = contours->cap ? contours->cap * 2 : 8;
        size_t *grown = realloc(contours->starts, cap * sizeof *grown);

        if (!grown) {
            contours->failed = true;
            return;
        }
        contours->starts = grown;
        contours->cap = cap;
    }
    contours->starts[contours->count++] = contours->points.n;
}

void atl_contours_add(struct atl_contours *contours, struct atl_vec p)
{
    size_t n = contours->points.n;

    if (!contours->failed && (n == contours->starts[contours->count - 1] ||
                              vec_dist(contours->points.p[n - 1], p) > 1e-6))
        atl_points_add(&contours->points, p);
}

void atl_contours_free(struct atl_contours *contours)
{
    atl_points_free(&contours->points);
    free(contours->starts);
    *contours = (struct atl_contours){0};
}

size_t atl_contours_end(const struct atl_contours *contours, size_t i)
{
    return i + 1 < contours->count ? contours->starts[i + 1] : contours->points.n;
}

static double area_of(const struct atl_vec *p, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += vec_cross(p[i], p[i + 1 < n ? i + 1 : 0]);
    return sum / 2;
}

static bool polygon_has(const struct atl_vec *p, size_t n, struct atl_vec q)
{
    bool is_in = false;

    for (size_t i = 0, j = n - 1; i < n; j = i++) {
        if ((p[i].y > q.y) != (p[j].y > q.y) &&
            q.x < p[i].x + (p[j].x - p[i].x) * (q.y - p[i].y) / (p[j].y - p[i].y))
            is_in = !is_in;
    }
    return is_in;
}

static size_t band_of(const struct atl_rows *rows, double y)
{
    double at = (y - rows->bottom) / rows->height;

    return at <= 0 ? 0 : at >= (double)rows->count ? rows->count - 1 : (size_t)at;
}

// Counts with fill == NULL, then fills.
static void sort_edges(const struct atl_part *part, struct atl_rows *rows, size_t *fill)
{
    for (size_t i = 0; i < part->starts[part->count]; i++) {
        double a = part->p[i].y;
        double b = part->p[rows->next[i]].y;
        size_t low = band_of(rows, fmin(a, b));
        size_t high = band_of(rows, fmax(a, b));

        for (size_t k = low; k <= high; k++) {
            if (fill)
                rows->edges[fill[k]++] = (uint32_t)i;
            else
                rows->first[k + 1]++;
        }
    }
}

static bool make_rows(struct atl_part *part, struct atl_arena *arena)
{
    size_t total = part->starts[part->count];
    struct atl_rows *rows = atl_arena_get(arena, 1, sizeof *rows);
    size_t *fill;

    if (!rows)
        return false;
    rows->bottom = part->low.y;
    rows->count = (size_t)clamp((double)total / 4, 1, ROWS_MAX);
    rows->height = fmax((part->high.y - part->low.y) / (double)rows->count, 1e-9);
    rows->next = atl_arena_get(arena, total, sizeof *rows->next);
    rows->first = atl_arena_get(arena, rows->count + 1, sizeof *rows->first);
    fill = atl_arena_get(arena, rows->count + 1, sizeof *fill);
    if (!rows->next || !rows->first || !fill)
        return false;
    for (size_t c = 0; c < part->count; c++) {
        for (size_t i = part->starts[c]; i < part->starts[c + 1]; i++)
            rows->next[i] = (uint32_t)(i + 1 < part->starts[c + 1] ? i + 1 : part->starts[c]);
    }
    sort_edges(part, rows, NULL);
    for (size_t k = 0; k < rows->count; k++)
        rows->first[k + 1] += rows->first[k];
    memcpy(fill, rows->first, rows->count * sizeof *fill);
    rows->edges = atl_arena_get(arena, rows->first[rows->count] + 1, sizeof *rows->edges);
    if (!rows->edges)
        return false;
    sort_edges(part, rows, fill);
    part->rows = rows;
    return true;
}

bool atl_part_has(const struct atl_part *part, struct atl_vec q)
{
    const struct atl_rows *rows = part->rows;
    size_t band;
    bool is_in = false;

    if (q.y < part->low.y || q.y > part->high.y || q.x < part->low.x || q.x > part->high.x)
        return false;
    band = band_of(rows, q.y);
    for (size_t k = rows->first[band]; k < rows->first[band + 1]; k++) {
        struct atl_vec a = part->p[rows->edges[k]];
        struct atl_vec b = part->p[rows->next[rows->edges[k]]];

        if ((a.y > q.y) != (b.y > q.y) && q.x < a.x + (b.x - a.x) * (q.y - a.y) / (b.y - a.y))
            is_in = !is_in;
    }
    return is_in;
}

double atl_part_ray(const struct atl_part *part, struct atl_vec p, struct atl_vec d, double most,
                    struct atl_vec *edge)
{
    const struct atl_rows *rows = part->rows;
    double to = p.y + d.y * most;
    size_t low = band_of(rows, fmin(p.y, to));
    size_t high = band_of(rows, fmax(p.y, to));
    double best = most;

    for (size_t k = rows->first[low]; k < rows->first[high + 1]; k++) {
        struct atl_vec a = part->p[rows->edges[k]];
        struct atl_vec ab = vec_sub(part->p[rows->next[rows->edges[k]]], a);
        double det = vec_cross(d, ab);
        struct atl_vec pa = vec_sub(a, p);
        double t, u;

        if (fabs(det) < 1e-12)
            continue;
        t = vec_cross(pa, ab) / det;
        u = vec_cross(pa, d) / det;
        if (t > 1e-9 && t < best && u >= -1e-9 && u <= 1 + 1e-9) {
            best = t;
            if (edge)
                *edge = vec_unit(ab);
        }
    }
    return best;
}

double atl_part_edge(const struct atl_part *part, struct atl_vec p, struct atl_vec *edge)
{
    double nearest = INFINITY;
    double length = 0;

    for (size_t i = 0; i < part->starts[part->count]; i++) {
        struct atl_vec a = part->p[i];
        struct atl_vec ab = vec_sub(part->p[part->rows->next[i]], a);
        double t = clamp(vec_dot(vec_sub(p, a), ab) / fmax(vec_dot(ab, ab), 1e-12), 0, 1);
        double d = vec_dist(p, vec_along(a, ab, t));

        if (d < nearest) {
            nearest = d;
            length = vec_len(ab);
            *edge = vec_unit(ab);
        }
    }
    return length;
}

// Copies one outer contour and the holes in it.
static bool make_part(const struct atl_contours *c, size_t outer, const size_t *home,
                      struct atl_arena *arena, struct atl_part *part)
{
    size_t total = 0;
    size_t holes = 0;

    for (size_t i = 0; i < c->count; i++) {
        if (i == outer || home[i] == outer) {
            total += atl_contours_end(c, i) - c->starts[i];
            holes++;
        }
    }
    *part = (struct atl_part){
        .low = {INFINITY,  INFINITY },
          .high = {-INFINITY, -INFINITY}
    };
    part->p = atl_arena_get(arena, total, sizeof *part->p);
    part->starts = atl_arena_get(arena, holes + 1, sizeof *part->starts);
    if (!part->p || !part->starts)
        return false;
    for (size_t k = 0; k <= c->count; k++) {
        size_t i = k ? k - 1 : outer; // the outer one first
        size_t n, at;

        if (k && (i == outer || home[i] != outer))
            continue;
        n = atl_contours_end(c, i) - c->starts[i];
        at = part->starts[part->count];
        memcpy(part->p + at, c->points.p + c->starts[i], n * sizeof *part->p);
        part->starts[++part->count] = at + n;
        part->area += area_of(c->points.p + c->starts[i], n);
    }
    for (size_t i = 0; i < total; i++) {
        part->low =
            (struct atl_vec){fmin(part->low.x, part->p[i].x), fmin(part->low.y, part->p[i].y)};
        part->high =
            (struct atl_vec){fmax(part->high.x, part->p[i].x), fmax(part->high.y, part->p[i].y)};
    }
    return make_rows(part, arena);
}

// For each hole the smallest outer contour around it; SIZE_MAX for outer ones.
static void find_homes(const struct atl_contours *c, size_t *home)
{
    for (size_t i = 0; i < c->count; i++) {
        double best = INFINITY;

        home[i] = SIZE_MAX;
        if (area_of(c->points.p + c->starts[i], atl_contours_end(c, i) - c->starts[i]) >= 0)
            continue;
        for (size_t k = 0; k < c->count; k++) {
            size_t n = atl_contours_end(c, k) - c->starts[k];
            double area = area_of(c->points.p + c->starts[k], n);

            if (area > 0 && area < best &&
                polygon_has(
                    c->points.p + c->starts[k], n,
                    vec_mix(c->points.p[c->starts[i]], c->points.p[c->starts[i] + 1], 0.5))) {
                best = area;
                home[i] = k;
            }
        }
    }
}

static int by_area(const void *a, const void *b)
{
    double x = ((const struct atl_part *)a)->area;
    double y = ((const struct atl_part *)b)->area;

    return (x < y) - (x > y);
}

atl_code atl_shape_make(const struct atl_contours *contours, struct atl_arena *arena,
                        struct atl_shape *out, struct atl_error *err)
{
    struct atl_contours united = {0};
    struct atl_shape shape = {0};
    size_t *home;
    bool has_room;

    if (!atl_contours_unite(contours, &united, arena)) {
        atl_contours_free(&united);
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a letter's outline");
    }
    home = atl_arena_get(arena, united.count + 1, sizeof *home);
    shape.parts = atl_arena_get(arena, united.count + 1, sizeof *shape.parts);
    has_room = home && shape.parts;
    if (has_room)
        find_homes(&united, home);
    for (size_t i = 0; has_room && i < united.count; i++) {
        if (area_of(united.points.p + united.starts[i],
                    atl_contours_end(&united, i) - united.starts[i]) < SPECK_MM2)
            continue;
        has_room = make_part(&united, i, home, arena, &shape.parts[shape.count]);
        shape.count++;
    }
    atl_contours_free(&united);
    if (!has_room)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a letter's outline");
    qsort(shape.parts, shape.count, sizeof *shape.parts, by_area);
    *out = shape;
    return ATL_OK;
}
