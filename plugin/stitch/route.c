// SPDX-License-Identifier: Apache-2.0
// Columns as a tree: each is attached where it comes nearest to one that is in the tree already.
// In a column: out along the axis as underlay, into the children on the way, and back in satin;
// then the other half. What a child lies under is sewn after it.
#include "plugin/stitch/satin.h"

#define AHEAD      0.15 // mm that a higher column is preferred by as a parent,
#define AHEAD_MOST 3    // and no more than so many times: a word has many columns
#define OPEN_COST  8.0  // a way over open cloth counts so much longer
#define LOOK       0.2  // mm between two looks along it

struct place {
    int32_t parent; // -1 for the root
    size_t at;      // on the parent's axis
    size_t mine;    // on its own
    bool is_done;
};

// One column being sewn: where it was entered, and how far along it is.
struct visit {
    size_t column;
    size_t entry;
    size_t at;
    int half; // 0 and 1: towards one end and the other; 2: what children are left
};

struct tour {
    struct atl_columns *columns;
    const struct atl_fabric *fabric;
    struct atl_arena *arena;
    struct place *places;
    struct visit *stack;
    size_t depth;
    struct atl_blocks *out;
};

static double nearest(const struct atl_column *a, const struct atl_column *b, size_t *at,
                      size_t *mine)
{
    double best = INFINITY;

    for (size_t i = 0; i < a->axis.n; i += i + 3 < a->axis.n || i + 1 == a->axis.n ? 3 : 1) {
        for (size_t k = 0; k < b->axis.n; k += k + 3 < b->axis.n || k + 1 == b->axis.n ? 3 : 1) {
            struct atl_vec d = vec_sub(a->axis.p[i], b->axis.p[k]);
            double dist = vec_dot(d, d);

            if (dist < best) {
                best = dist;
                *at = i;
                *mine = k;
            }
        }
    }
    return sqrt(best);
}

// Whether the column sews here, as far as its own width goes; not in front of its ends.
static bool sews(const struct atl_column *c, struct atl_vec p)
{
    size_t n = c->axis.n, near = 0;
    double best = INFINITY;

    for (size_t i = 0; i < n; i++) {
        struct atl_vec d = vec_sub(p, c->axis.p[i]);

        if (vec_dot(d, d) < best) {
            best = vec_dot(d, d);
            near = i;
        }
    }
    if (best > c->axis.r[near] * c->axis.r[near])
        return false;
    if (c->is_closed || (near && near + 1 < n))
        return true;
    return vec_dot(vec_sub(p, c->axis.p[near]),
                   vec_sub(c->axis.p[near], c->axis.p[near ? near - 1 : 1])) <= 0;
}

static bool is_sewn(const struct atl_columns *columns, struct atl_vec p)
{
    for (size_t k = 0; k < columns->count; k++) {
        if (sews(&columns->v[k], p))
            return true;
    }
    return false;
}

// How much of the way from a to b lies open, in mm.
static double open_mm(const struct atl_columns *columns, struct atl_vec a, struct atl_vec b)
{
    size_t n = (size_t)(vec_dist(a, b) / LOOK), open = 0;

    for (size_t i = 1; i <= n; i++)
        open += !is_sewn(columns, vec_mix(a, b, (double)i / (double)(n + 1)));
    return LOOK * (double)open;
}

// What it costs to reach column j from column i.
static double way_cost(const struct tour *t, size_t i, size_t j, double known, size_t *at,
                       size_t *mine)
{
    const struct atl_column *a = &t->columns->v[i], *b = &t->columns->v[j];
    double d = nearest(a, b, at, mine) + AHEAD * (double)(i < AHEAD_MOST ? i : AHEAD_MOST);

    if (d < known)
        d += OPEN_COST * open_mm(t->columns, a->axis.p[*at], b->axis.p[*mine]);
    return d;
}

// The highest column is the root; the nearest to the tree comes next.
static bool grow_tree(struct tour *t, struct atl_arena *arena)
{
    size_t n = t->columns->count;
    double *cost = atl_arena_get(arena, n + 1, sizeof *cost);
    size_t last = 0;

    if (!cost)
        return false;
    for (size_t i = 0; i < n; i++) {
        cost[i] = INFINITY;
        t->places[i] = (struct place){.parent = -1};
    }
    t->places[0].is_done = true;
    for (size_t done = 1; done < n; done++) {
        size_t best = SIZE_MAX;

        for (size_t j = 0; j < n; j++) {
            size_t at = 0, mine = 0;
            double d;

            if (t->places[j].is_done)
                continue;
            d = way_cost(t, last, j, cost[j], &at, &mine);
            if (d < cost[j]) {
                cost[j] = d;
                t->places[j] = (struct place){(int32_t)last, at, mine, false};
            }
            if (best == SIZE_MAX || cost[j] < cost[best])
                best = j;
        }
        t->places[best].is_done = true;
        last = best;
    }
    for (size_t i = 0; i < n; i++)
        t->places[i].is_done = false;
    return true;
}

static size_t snap(const struct atl_column *c, size_t k)
{
    size_t near = (size_t)(0.5 / c->step);

    if (k < near)
        return 0;
    return k + near >= c->axis.n ? c->axis.n - 1 : k;
}

// A loop begins where it is entered, so that it has one seam.
static size_t turn_loop(struct tour *t, size_t column, size_t at)
{
    struct atl_column *c = &t->columns->v[column];
    size_t n = c->axis.n - 1;
    struct atl_rung *rungs = atl_arena_get(t->arena, n + 1, sizeof *rungs);
    struct atl_line line;

    if (!rungs || !atl_line_get(&line, n + 1, t->arena))
        return at;
    for (size_t i = 0; i <= n; i++) {
        line.p[i] = c->axis.p[(at + i) % n];
        line.r[i] = c->axis.r[(at + i) % n];
        rungs[i] = c->rungs[(at + i) % n];
    }
    c->axis = line;
    c->rungs = rungs;
    for (size_t j = 0; j < t->columns->count; j++) {
        if (t->places[j].parent == (int32_t)column)
            t->places[j].at = (t->places[j].at + n - at % n) % n;
    }
    return 0;
}

static void enter(struct tour *t, size_t column, size_t at)
{
    const struct atl_column *c = &t->columns->v[column];

    at = c->is_closed ? turn_loop(t, column, at) : snap(c, at);
    t->places[column].is_done = true;
    t->stack[t->depth++] = (struct visit){column, at, at, 0};
    atl_contours_add(t->out, c->axis.p[at]);
}

// The next child on the way from v->at to `far`; SIZE_MAX when there is none.
static size_t next_child(const struct tour *t, const struct visit *v, size_t far)
{
    size_t best = SIZE_MAX;
    size_t last = t->columns->v[v->column].axis.n - 1;
    bool is_up = far > v->entry;

    for (size_t j = 0; j < t->columns->count; j++) {
        const struct place *p = &t->places[j];

        if (p->is_done || p->parent != (int32_t)v->column)
            continue;
        if (is_up ? p->at < v->at : p->at > v->at)
            continue;
        if (p->at == v->entry && far != last && v->entry != last) // once, on the way up
            continue;
        if (best == SIZE_MAX || (is_up ? p->at < t->places[best].at : p->at > t->places[best].at))
            best = j;
    }
    return best;
}

// The edge at a rung from which the way to p lies less open; the nearer one when both are alike.
static struct atl_vec door(const struct tour *t, const struct atl_column *c, size_t i,
                           struct atl_vec p)
{
    struct atl_vec left = column_left(c, i), right = column_right(c, i);
    double more = open_mm(t->columns, left, p) - open_mm(t->columns, right, p);

    if (fabs(more) < LOOK)
        more = vec_dist(left, p) - vec_dist(right, p);
    return more < 0 ? left : right;
}

// Where the thread leaves the column for its parent, or off, when this half is sewn. False: it
// stays in the column.
static bool way_out(const struct tour *t, const struct visit *v, struct atl_vec *leave)
{
    const struct place *p = &t->places[v->column];
    bool is_last = v->half == 1 || v->entry + 1 == t->columns->v[v->column].axis.n;

    if (!is_last)
        return false;
    for (size_t j = 0; j < t->columns->count; j++) {
        if (!t->places[j].is_done && t->places[j].parent == (int32_t)v->column)
            return false;
    }
    *leave = t->columns->v[v->column].axis.p[v->entry];
    if (p->parent >= 0)
        *leave =
            door(t, &t->columns->v[v->column], v->entry, t->columns->v[p->parent].axis.p[p->at]);
    return true;
}

static void step_half(struct tour *t, struct visit *v)
{
    const struct atl_column *c = &t->columns->v[v->column];
    size_t far = v->half ? c->axis.n - 1 : 0;
    struct atl_vec leave;
    size_t child;

    if (far == v->entry) {
        v->half++;
        v->at = v->entry;
        return;
    }
    child = next_child(t, v, far);
    if (child != SIZE_MAX) {
        if (t->places[child].at != v->at)
            atl_satin_walk(c, t->fabric, v->at, t->places[child].at, t->out);
        v->at = t->places[child].at;
        enter(t, child, t->places[child].mine);
        return;
    }
    if (v->at != far)
        atl_satin_walk(c, t->fabric, v->at, far, t->out);
    atl_satin_lattice(c, t->fabric, far, v->entry, t->out);
    atl_satin_edges(c, t->fabric, far, v->entry, t->out);
    atl_satin_sew(c, t->fabric, far, v->entry, way_out(t, v, &leave) ? &leave : NULL, t->out);
    v->half++;
    v->at = v->entry;
}

static void step_rest(struct tour *t, struct visit *v)
{
    for (size_t j = 0; j < t->columns->count; j++) {
        if (!t->places[j].is_done && t->places[j].parent == (int32_t)v->column) {
            enter(t, j, t->places[j].mine);
            return;
        }
    }
    t->depth--;
}

// The end of the root that is nearer; of a loop, the nearest point.
static size_t first_point(const struct atl_column *c, struct atl_vec from)
{
    size_t best = 0;

    for (size_t i = 0; i < c->axis.n; i += c->is_closed ? 1 : c->axis.n - 1) {
        if (vec_dist(c->axis.p[i], from) < vec_dist(c->axis.p[best], from))
            best = i;
    }
    return best;
}

bool atl_route(struct atl_columns *columns, const struct atl_fabric *fabric, struct atl_vec from,
               struct atl_arena *arena, struct atl_blocks *out)
{
    struct tour t = {.columns = columns, .fabric = fabric, .arena = arena, .out = out};

    if (!columns->count)
        return true;
    t.places = atl_arena_get(arena, columns->count + 1, sizeof *t.places);
    t.stack = atl_arena_get(arena, columns->count + 1, sizeof *t.stack);
    if (!t.places || !t.stack || !grow_tree(&t, arena))
        return false;
    atl_contours_begin(out);
    if (out->failed)
        return false;
    enter(&t, 0, first_point(&columns->v[0], from));
    while (t.depth) {
        struct visit *v = &t.stack[t.depth - 1];

        if (v->half < 2)
            step_half(&t, v);
        else
            step_rest(&t, v);
    }
    return !out->failed && !out->points.failed;
}
