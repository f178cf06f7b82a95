// SPDX-License-Identifier: Apache-2.0
// Bowyer and Watson: each point removes the triangles whose circle holds it, and is joined to the
// edge of the hole. Points come in bit-reversed order, so that no order of theirs is a worst case.
#include "plugin/stitch/delaunay.h"

#include <string.h>

__extension__ typedef __int128 wide;

struct mesh {
    struct atl_triangles *t;
    int32_t *cavity; // triangles of the hole
    size_t cavity_n;
    struct rim {
        int32_t a, b, out; // an edge of the hole, and the triangle outside of it
    } * rim;
    size_t rim_n;
    int32_t *by_start; // per site: the new triangle whose rim edge starts there
    int32_t *mark;     // per triangle: the point that it was last visited for
    int32_t *spare;    // dead triangles
    size_t spare_n;
    int32_t last;
};

static int64_t turn(const struct atl_site *a, const struct atl_site *b, const struct atl_site *c)
{
    return ((int64_t)b->x - a->x) * ((int64_t)c->y - a->y) -
           ((int64_t)b->y - a->y) * ((int64_t)c->x - a->x);
}

static bool circle_has(const struct mesh *m, const struct atl_triangle *t, const struct atl_site *p)
{
    wide d[3][3];
    wide det;

    for (int k = 0; k < 3; k++) {
        const struct atl_site *s = &m->t->sites[t->corner[k]];
        int64_t x = (int64_t)s->x - p->x;
        int64_t y = (int64_t)s->y - p->y;

        d[k][0] = x;
        d[k][1] = y;
        d[k][2] = x * x + y * y;
    }
    det = d[0][2] * (d[1][0] * d[2][1] - d[1][1] * d[2][0]) -
          d[1][2] * (d[0][0] * d[2][1] - d[0][1] * d[2][0]) +
          d[2][2] * (d[0][0] * d[1][1] - d[0][1] * d[1][0]);
    return det > 0;
}

static int32_t locate(const struct mesh *m, const struct atl_site *p)
{
    int32_t at = m->last;

    for (bool has_moved = true; has_moved;) {
        const struct atl_triangle *t = &m->t->v[at];

        has_moved = false;
        for (int k = 0; k < 3 && !has_moved; k++) {
            if (turn(&m->t->sites[t->corner[(k + 1) % 3]], &m->t->sites[t->corner[(k + 2) % 3]],
                     p) < 0 &&
                t->to[k] >= 0) {
                at = t->to[k];
                has_moved = true;
            }
        }
    }
    return at;
}

// The hole of p and its rim.
static void open_hole(struct mesh *m, int32_t p, int32_t first)
{
    m->cavity_n = m->rim_n = 0;
    m->cavity[m->cavity_n++] = first;
    m->mark[first] = p;
    for (size_t i = 0; i < m->cavity_n; i++) {
        const struct atl_triangle *t = &m->t->v[m->cavity[i]];

        for (int k = 0; k < 3; k++) {
            int32_t to = t->to[k];

            if (to >= 0 && m->mark[to] == p)
                continue;
            if (to >= 0 && circle_has(m, &m->t->v[to], &m->t->sites[p])) {
                m->mark[to] = p;
                m->cavity[m->cavity_n++] = to;
            }
        }
    }
    for (size_t i = 0; i < m->cavity_n; i++) {
        const struct atl_triangle *t = &m->t->v[m->cavity[i]];

        for (int k = 0; k < 3; k++) {
            if (t->to[k] < 0 || m->mark[t->to[k]] != p)
                m->rim[m->rim_n++] =
                    (struct rim){t->corner[(k + 1) % 3], t->corner[(k + 2) % 3], t->to[k]};
        }
    }
    for (size_t i = 0; i < m->cavity_n; i++) {
        m->t->v[m->cavity[i]].is_dead = true;
        m->spare[m->spare_n++] = m->cavity[i];
    }
}

static void relink(struct atl_triangle *t, const struct rim *edge, int32_t to)
{
    for (int k = 0; k < 3; k++) {
        if (t->corner[(k + 1) % 3] == edge->b && t->corner[(k + 2) % 3] == edge->a)
            t->to[k] = to;
    }
}

static void close_hole(struct mesh *m, int32_t p)
{
    for (size_t i = 0; i < m->rim_n; i++) {
        const struct rim *edge = &m->rim[i];
        int32_t id = m->spare_n ? m->spare[--m->spare_n] : (int32_t)m->t->count++;

        m->t->v[id] = (struct atl_triangle){
            {p,         edge->a, edge->b},
            {edge->out, -1,      -1     },
            false
        };
        m->mark[id] = -1;
        m->by_start[edge->a] = id;
        if (edge->out >= 0)
            relink(&m->t->v[edge->out], edge, id);
        m->last = id;
    }
    for (size_t i = 0; i < m->rim_n; i++) {
        int32_t id = m->by_start[m->rim[i].a];
        int32_t next = m->by_start[m->rim[i].b];

        m->t->v[id].to[1] = next; // across from a: the edge b-p
        m->t->v[next].to[2] = id;
    }
}

static void add_point(struct mesh *m, int32_t p)
{
    const struct atl_site *site = &m->t->sites[p];
    int32_t at = locate(m, site);

    for (int k = 0; k < 3; k++) {
        const struct atl_site *corner = &m->t->sites[m->t->v[at].corner[k]];

        if (corner->x == site->x && corner->y == site->y)
            return;
    }
    open_hole(m, p, at);
    close_hole(m, p);
}

bool atl_delaunay(const struct atl_site *points, size_t n, struct atl_arena *arena,
                  struct atl_triangles *out)
{
    static const struct atl_site helpers[3] = {
        {-(1 << 25), -(1 << 25)},
        {1 << 26,    -(1 << 25)},
        {-(1 << 25), 1 << 26   }
    };
    struct atl_triangles t = {.site_count = n};
    struct mesh m = {.t = &t};
    size_t room = 2 * n + 64;
    size_t bits = 1;

    t.sites = atl_arena_get(arena, n + 3, sizeof *t.sites);
    t.v = atl_arena_get(arena, room, sizeof *t.v);
    m.cavity = atl_arena_get(arena, room, sizeof *m.cavity);
    m.rim = atl_arena_get(arena, room, sizeof *m.rim);
    m.by_start = atl_arena_get(arena, n + 3, sizeof *m.by_start);
    m.mark = atl_arena_get(arena, room, sizeof *m.mark);
    m.spare = atl_arena_get(arena, room, sizeof *m.spare);
    if (!t.sites || !t.v || !m.cavity || !m.rim || !m.by_start || !m.mark || !m.spare)
        return false;
    if (n)
        memcpy(t.sites, points, n * sizeof *points);
    memcpy(t.sites + n, helpers, sizeof helpers);
    t.v[0] = (struct atl_triangle){
        {(int32_t)n, (int32_t)n + 1, (int32_t)n + 2},
        {-1,         -1,             -1            },
        false
    };
    t.count = 1;
    m.mark[0] = -1;
    while (((size_t)1 << bits) < n)
        bits++;
    for (size_t i = 0; i < (size_t)1 << bits; i++) {
        size_t p = 0;

        for (size_t b = 0; b < bits; b++)
            p |= (i >> b & 1) << (bits - 1 - b);
        if (p < n)
            add_point(&m, (int32_t)p);
    }
    *out = t;
    return true;
}
