// SPDX-License-Identifier: Apache-2.0
// Edges are cut where they cross, those with the inside on exactly one side are kept, and what is
// kept is put together again. Positions are whole numbers, so that equal ends are found.
#include "plugin/stitch/unite.h"

#include <stdlib.h>

#define GRID 4096.0

struct spot {
    int32_t x, y;
};

struct edge {
    struct spot a, b;
    bool is_used;
};

struct cut {
    uint32_t edge;
    double t;
    struct spot at;
};

struct cuts {
    struct cut *v;
    size_t n, cap;
    bool failed;
};

static struct spot spot_of(struct atl_vec p)
{
    return (struct spot){(int32_t)lround(clamp(p.x, -1e5, 1e5) * GRID),
                         (int32_t)lround(clamp(p.y, -1e5, 1e5) * GRID)};
}

static struct atl_vec vec_of(struct spot s)
{
    return (struct atl_vec){s.x / GRID, s.y / GRID};
}

static bool same(struct spot a, struct spot b)
{
    return a.x == b.x && a.y == b.y;
}

static void add_cut(struct cuts *cuts, uint32_t edge, double t, struct spot at)
{
    if (cuts->failed)
        return;
    if (cuts->n == cuts->cap) {
        size_t cap = cuts->cap ? cuts->cap * 2 : 64;
        struct cut *grown = realloc(cuts->v, cap * sizeof *grown);

        if (!grown) {
            cuts->failed = true;
            return;
        }
        cuts->v = grown;
        cuts->cap = cap;
    }
    cuts->v[cuts->n++] = (struct cut){edge, t, at};
}

// A vertex of one edge that lies on the other, or a true crossing.
static void cross_edges(const struct edge *edges, uint32_t i, uint32_t k, struct cuts *cuts)
{
    struct atl_vec a = vec_of(edges[i].a);
    struct atl_vec c = vec_of(edges[k].a);
    struct atl_vec ab = vec_sub(vec_of(edges[i].b), a);
    struct atl_vec cd = vec_sub(vec_of(edges[k].b), c);
    struct atl_vec ac = vec_sub(c, a);
    double det = vec_cross(ab, cd);
    double t, u;
    struct spot at;

    if (fabs(det) < 1e-9)
        return;
    t = vec_cross(ac, cd) / det;
    u = vec_cross(ac, ab) / det;
    if (t < -1e-9 || t > 1 + 1e-9 || u < -1e-9 || u > 1 + 1e-9)
        return;
    at = spot_of(vec_along(a, ab, t));
    if (!same(at, edges[i].a) && !same(at, edges[i].b))
        add_cut(cuts, i, t, at);
    if (!same(at, edges[k].a) && !same(at, edges[k].b))
        add_cut(cuts, k, u, at);
}

static int32_t low_y(const struct edge *e)
{
    return e->a.y < e->b.y ? e->a.y : e->b.y;
}

static int32_t high_y(const struct edge *e)
{
    return e->a.y > e->b.y ? e->a.y : e->b.y;
}

static int by_low_y(const void *a, const void *b)
{
    int32_t x = low_y(a);
    int32_t y = low_y(b);

    return (x > y) - (x < y);
}

static void find_cuts(const struct edge *edges, size_t n, struct cuts *cuts)
{
    for (size_t i = 0; i < n; i++) {
        int32_t top = high_y(&edges[i]);
        int32_t left = edges[i].a.x < edges[i].b.x ? edges[i].a.x : edges[i].b.x;
        int32_t right = edges[i].a.x > edges[i].b.x ? edges[i].a.x : edges[i].b.x;

        for (size_t k = i + 1; k < n && low_y(&edges[k]) <= top; k++) {
            if ((edges[k].a.x < left && edges[k].b.x < left) ||
                (edges[k].a.x > right && edges[k].b.x > right))
                continue;
            cross_edges(edges, (uint32_t)i, (uint32_t)k, cuts);
        }
    }
}

static int by_edge(const void *a, const void *b)
{
    const struct cut *x = a;
    const struct cut *y = b;

    if (x->edge != y->edge)
        return x->edge < y->edge ? -1 : 1;
    return (x->t > y->t) - (x->t < y->t);
}

static size_t apply_cuts(const struct edge *edges, size_t n, const struct cuts *cuts,
                         struct edge *out)
{
    size_t count = 0;
    size_t k = 0;

    for (size_t i = 0; i < n; i++) {
        struct spot from = edges[i].a;

        for (; k < cuts->n && cuts->v[k].edge == i; k++) {
            if (same(from, cuts->v[k].at))
                continue;
            out[count++] = (struct edge){from, cuts->v[k].at, false};
            from = cuts->v[k].at;
        }
        if (!same(from, edges[i].b))
            out[count++] = (struct edge){from, edges[i].b, false};
    }
    return count;
}

static int winding(const struct edge *edges, size_t n, struct atl_vec p)
{
    int count = 0;

    for (size_t i = 0; i < n; i++) {
        struct atl_vec a = vec_of(edges[i].a);
        struct atl_vec b = vec_of(edges[i].b);
        bool is_up = a.y <= p.y && b.y > p.y;
        bool is_down = b.y <= p.y && a.y > p.y;

        if ((is_up || is_down) && p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y))
            count += is_up ? 1 : -1;
    }
    return count;
}

// Keeps the edges of the union, the inside on the left. all: uncut edges wind the same.
static size_t keep_border(struct edge *cut, size_t n, const struct edge *all, size_t all_n)
{
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        struct atl_vec a = vec_of(cut[i].a);
        struct atl_vec b = vec_of(cut[i].b);
        struct atl_vec off = vec_mul(vec_left(vec_unit(vec_sub(b, a))), 0.6 / GRID);
        struct atl_vec middle = vec_mix(a, b, 0.5);
        bool is_left = winding(all, all_n, vec_add(middle, off)) != 0;
        bool is_right = winding(all, all_n, vec_sub(middle, off)) != 0;

        if (is_left == is_right)
            continue;
        cut[count++] = is_left ? cut[i] : (struct edge){cut[i].b, cut[i].a, false};
    }
    return count;
}

static int by_start(const void *a, const void *b)
{
    const struct edge *x = a;
    const struct edge *y = b;

    if (x->a.x != y->a.x)
        return x->a.x < y->a.x ? -1 : 1;
    if (x->a.y != y->a.y)
        return x->a.y < y->a.y ? -1 : 1;
    if (x->b.x != y->b.x)
        return x->b.x < y->b.x ? -1 : 1;
    return (x->b.y > y->b.y) - (x->b.y < y->b.y);
}

static struct edge *next_edge(struct edge *edges, size_t n, struct spot from)
{
    size_t low = 0;
    size_t high = n;

    while (low < high) {
        size_t mid = (low + high) / 2;

        if (edges[mid].a.x < from.x || (edges[mid].a.x == from.x && edges[mid].a.y < from.y))
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < n && same(edges[low].a, from); low++) {
        if (!edges[low].is_used)
            return &edges[low];
    }
    return NULL;
}

// A chain that does not close has lost an edge to rounding; it is closed by a straight line.
static void chain(struct edge *edges, size_t n, struct atl_contours *out)
{
    for (size_t i = 0; i < n; i++) {
        struct edge *e = &edges[i];
        size_t start;

        if (e->is_used)
            continue;
        atl_contours_begin(out);
        if (out->failed)
            return;
        for (; e; e = next_edge(edges, n, e->b)) {
            e->is_used = true;
            atl_contours_add(out, vec_of(e->a));
        }
        start = out->starts[out->count - 1];
        if (out->points.n - start < 3) {
            out->points.n = start;
            out->count--;
        }
    }
}

static size_t read_edges(const struct atl_contours *in, struct edge *edges)
{
    size_t n = 0;

    for (size_t c = 0; c < in->count; c++) {
        size_t end = atl_contours_end(in, c);

        for (size_t i = in->starts[c]; i < end; i++) {
            size_t k = i + 1 < end ? i + 1 : in->starts[c];
            struct edge e = {spot_of(in->points.p[i]), spot_of(in->points.p[k]), false};

            if (!same(e.a, e.b))
                edges[n++] = e;
        }
    }
    return n;
}

bool atl_contours_unite(const struct atl_contours *in, struct atl_contours *out,
                        struct atl_arena *arena)
{
    struct edge *edges = atl_arena_get(arena, in->points.n + 1, sizeof *edges);
    struct cuts cuts = {0};
    struct edge *parts = NULL;
    size_t n;
    size_t count = 0;

    if (!edges)
        return false;
    n = read_edges(in, edges);
    qsort(edges, n, sizeof *edges, by_low_y);
    find_cuts(edges, n, &cuts);
    if (!cuts.failed) {
        if (cuts.n)
            qsort(cuts.v, cuts.n, sizeof *cuts.v, by_edge);
        parts = atl_arena_get(arena, n + cuts.n + 1, sizeof *parts);
    }
    if (parts) {
        count = apply_cuts(edges, n, &cuts, parts);
        count = keep_border(parts, count, edges, n);
        qsort(parts, count, sizeof *parts, by_start);
        for (size_t i = 1; i < count; i++) // the same edge of two contours is one
            parts[i].is_used = same(parts[i].a, parts[i - 1].a) && same(parts[i].b, parts[i - 1].b);
        chain(parts, count, out);
    }
    free(cuts.v);
    return parts && !out->failed && !out->points.failed;
}

struct box {
    struct atl_vec low, high;
};

static struct box box_of(const struct atl_contours *c)
{
    struct box box = {
        {INFINITY,  INFINITY },
        {-INFINITY, -INFINITY}
    };

    for (size_t i = 0; i < c->points.n; i++) {
        box.low.x = fmin(box.low.x, c->points.p[i].x);
        box.low.y = fmin(box.low.y, c->points.p[i].y);
        box.high.x = fmax(box.high.x, c->points.p[i].x);
        box.high.y = fmax(box.high.y, c->points.p[i].y);
    }
    return box;
}

static bool is_apart(const struct box *box, struct atl_vec a, struct atl_vec b)
{
    return fmax(a.x, b.x) < box->low.x || fmin(a.x, b.x) > box->high.x ||
           fmax(a.y, b.y) < box->low.y || fmin(a.y, b.y) > box->high.y;
}

static bool edges_cross(struct atl_vec a, struct atl_vec b, struct atl_vec c, struct atl_vec d)
{
    struct atl_vec ab = vec_sub(b, a), cd = vec_sub(d, c);

    return vec_cross(ab, vec_sub(c, a)) * vec_cross(ab, vec_sub(d, a)) < 0 &&
           vec_cross(cd, vec_sub(a, c)) * vec_cross(cd, vec_sub(b, c)) < 0;
}

// The point that follows the i-th of contour c.
static struct atl_vec point_after(const struct atl_contours *all, size_t c, size_t i)
{
    return all->points.p[i + 1 < atl_contours_end(all, c) ? i + 1 : all->starts[c]];
}

static bool edge_meets(struct atl_vec p, struct atl_vec q, const struct atl_contours *b)
{
    for (size_t c = 0; c < b->count; c++) {
        for (size_t i = b->starts[c]; i < atl_contours_end(b, c); i++) {
            if (edges_cross(p, q, b->points.p[i], point_after(b, c, i)))
                return true;
        }
    }
    return false;
}

bool atl_contours_meet(const struct atl_contours *a, const struct atl_contours *b)
{
    struct box box = box_of(b);

    for (size_t c = 0; c < a->count; c++) {
        for (size_t i = a->starts[c]; i < atl_contours_end(a, c); i++) {
            struct atl_vec p = a->points.p[i], q = point_after(a, c, i);

            if (!is_apart(&box, p, q) && edge_meets(p, q, b))
                return true;
        }
    }
    return false;
}

void atl_contours_append(struct atl_contours *a, const struct atl_contours *b)
{
    for (size_t c = 0; c < b->count; c++) {
        atl_contours_begin(a);
        for (size_t i = b->starts[c]; i < atl_contours_end(b, c) && !a->failed; i++)
            atl_contours_add(a, b->points.p[i]);
    }
}
