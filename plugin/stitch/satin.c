// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/satin.h"

#define SHORTER 0.22 // a short stitch on the inner edge of a bend stops this share before it
#define TIGHT   0.5  // … where the inner edge moves less than this share of the spacing
#define INNER   0.10 // mm of pull that threads crowded on the inner edge of a bend do without
#define SHOWN   0.15 // mm outside the edge that a run inside it may be: it lies under the pull
#define STAGGER 0.37 // split points differ from row to row

// Both edges of a column at a rung, with pull.
struct rail {
    struct atl_vec side[2];
};

// How much shorter the inner edge is here than the outer one: 0 straight, towards 1 in a tight bend
// to the left, towards -1 to the right.
static double bend_at(const struct atl_column *c, size_t i)
{
    size_t a = i ? i - 1 : 0, b = i + 1 < c->axis.n ? i + 1 : i;
    double left = vec_dist(column_left(c, a), column_left(c, b));
    double right = vec_dist(column_right(c, a), column_right(c, b));

    return left < right ? 1 - left / fmax(right, 1e-9) : right / fmax(left, 1e-9) - 1;
}

static struct rail rail_at(const struct atl_column *c, const struct atl_fabric *fabric, size_t i)
{
    const struct atl_rung *rung = &c->rungs[i];
    double grow = fmax(fabric->pull_mm, (fabric->narrowest_mm - c->width) / 2);
    double bend = bend_at(c, i);
    double left = rung->left + (rung->cut_left ? 0 : grow - INNER * fmax(bend, 0));
    double right = rung->right + (rung->cut_right ? 0 : grow - INNER * fmax(-bend, 0));

    return (struct rail){
        {vec_along(c->axis.p[i], rung->way, left), vec_along(c->axis.p[i], rung->way, -right)}
    };
}

static struct rail rail_mix(struct rail a, struct rail b, double t)
{
    return (struct rail){
        {vec_mix(a.side[0], b.side[0], t), vec_mix(a.side[1], b.side[1], t)}
    };
}

// How far one edge moves on, seen across the rungs. Where a column narrows its edge moves along
// them as well: in a round cap that wants a little more thread, at an oblique cut it does not.
static double side_step(struct atl_vec way, struct atl_vec move)
{
    double across = fabs(vec_cross(way, move));

    return fmax(across, fmin(0.75 * vec_len(move), 1.5 * across));
}

static double rail_step(struct rail a, struct rail b)
{
    struct atl_vec way = vec_unit(vec_sub(a.side[0], a.side[1]));

    return fmax(side_step(way, vec_sub(b.side[0], a.side[0])),
                side_step(way, vec_sub(b.side[1], a.side[1])));
}

// Adds p; a long stitch is split, and the stagger is counted in the limit.
static void add_split(struct atl_blocks *out, struct atl_vec p, double longest, size_t row)
{
    struct atl_vec a;
    double length;

    if (out->points.failed || out->failed)
        return;
    if (out->points.n > out->starts[out->count - 1]) {
        a = out->points.p[out->points.n - 1];
        length = vec_dist(a, p);
        if (length > longest) {
            int m = (int)ceil(1.2 * length / longest);
            double shift = (fmod((double)row * STAGGER, 0.3) - 0.15) / m;

            for (int k = 1; k < m; k++)
                atl_contours_add(out, vec_mix(a, p, clamp((double)k / m + shift, 0.05, 0.95)));
        }
    }
    atl_contours_add(out, p);
}

static size_t next_rung(size_t i, size_t to)
{
    return i < to ? i + 1 : i - 1;
}

static double run_length(const struct atl_column *c, const struct atl_fabric *fabric, size_t from,
                         size_t to)
{
    double sum = 0;

    for (size_t i = from; i != to; i = next_rung(i, to))
        sum += rail_step(rail_at(c, fabric, i), rail_at(c, fabric, next_rung(i, to)));
    return sum;
}

struct zigzag {
    struct atl_vec last[2];
    bool has_last[2];
    unsigned tight[2];
    size_t row;
};

static void add_row(struct zigzag *z, struct rail rail, const struct atl_fabric *fabric,
                    struct atl_blocks *out)
{
    size_t side = z->row & 1;
    struct atl_vec p = rail.side[side], target = p;

    if (z->has_last[side] && vec_dist(p, z->last[side]) < TIGHT * fabric->spacing_mm) {
        if (++z->tight[side] % 2 == 1)
            target = vec_mix(p, rail.side[1 - side], SHORTER);
    } else {
        z->tight[side] = 0;
    }
    z->last[side] = p;
    z->has_last[side] = true;
    add_split(out, target, fabric->longest_mm, z->row++);
}

// The edge that is nearer to p at a rung: 0 left, 1 right.
static size_t side_near(const struct atl_column *c, size_t i, struct atl_vec p)
{
    return vec_dist(column_left(c, i), p) < vec_dist(column_right(c, i), p) ? 0 : 1;
}

// One run of rungs without a gap. Spacing is kept on the longer edge. It ends on the edge that is
// nearer to `leave`, or on any.
static void sew_run(const struct atl_column *c, const struct atl_fabric *fabric, size_t from,
                    size_t to, const struct atl_vec *leave, struct atl_blocks *out)
{
    double total = run_length(c, fabric, from, to);
    size_t n = (size_t)fmax(2, ceil(total / (fabric->spacing_mm / 2)));
    struct zigzag z = {0};
    struct rail at = rail_at(c, fabric, from), next = at;
    size_t i = from;
    double before = 0, step = 0;

    if (leave && side_near(c, to, *leave) == (n & 1))
        n++;
    add_split(out, at.side[1], fabric->longest_mm, 0);
    for (size_t k = 0; k <= n; k++) {
        double want = total * (double)k / (double)n;

        while (i != to && before + step < want) {
            before += step;
            at = next;
            i = next_rung(i, to);
            next = rail_at(c, fabric, i);
            step = rail_step(at, next);
        }
        add_row(&z, rail_mix(at, next, step > 1e-9 ? clamp((want - before) / step, 0, 1) : 1),
                fabric, out);
    }
    add_split(out, next.side[n & 1 ? 0 : 1], fabric->longest_mm, n);
}

void atl_satin_walk(const struct atl_column *c, const struct atl_fabric *fabric, size_t from,
                    size_t to, struct atl_blocks *out)
{
    size_t count = from < to ? to - from : from - to;
    double length = c->step * (double)count;
    size_t n = (size_t)fmax(1, ceil(length / fabric->run_mm - 1e-6));

    for (size_t k = 1; k <= n; k++) {
        size_t by = count * k / n;

        add_split(out, c->axis.p[from < to ? from + by : from - by], fabric->longest_mm, k);
    }
}

void atl_satin_sew(const struct atl_column *c, const struct atl_fabric *fabric, size_t from,
                   size_t to, const struct atl_vec *leave, struct atl_blocks *out)
{
    size_t i = from;

    for (;;) {
        size_t k = i;

        while (k != to && c->rungs[next_rung(k, to)].is_on == c->rungs[i].is_on)
            k = next_rung(k, to);
        if (k == i) {
            // a single rung is nothing to sew
        } else if (c->rungs[i].is_on) {
            sew_run(c, fabric, i, k, k == to ? leave : NULL, out);
        } else if (k != to && i != from) {
            atl_satin_walk(c, fabric, i, k, out);
        }
        if (k == to)
            break;
        i = next_rung(k, to);
    }
    if (!leave || !c->rungs[to].is_on)
        add_split(out, c->axis.p[to], fabric->longest_mm, 0);
}

// Inside the left or the right edge, by the inset; never further than half way.
static struct atl_vec inside(const struct atl_column *c, const struct atl_fabric *fabric, size_t i,
                             size_t side)
{
    double reach = side ? c->rungs[i].right : c->rungs[i].left;

    reach = fmax(reach - fabric->inset_mm, 0.5 * reach);
    return vec_along(c->axis.p[i], c->rungs[i].way, side ? -reach : reach);
}

static size_t points_in(const struct atl_column *c, double mm)
{
    return (size_t)fmax(1, floor(mm / c->step));
}

// Where a run from rung a to rung b is furthest outside the edge; b where it does not show. Where
// the edge is cut another column hides it.
static size_t bulge(const struct atl_column *c, const struct atl_fabric *fabric, size_t a, size_t b,
                    size_t side)
{
    struct atl_vec from = inside(c, fabric, a, side), to = inside(c, fabric, b, side);
    double span = a < b ? (double)(b - a) : (double)(a - b), most = SHOWN;
    size_t worst = b;

    for (size_t i = a, k = 1; (i = next_rung(i, b)) != b; k++) {
        const struct atl_rung *rung = &c->rungs[i];
        struct atl_vec off = vec_sub(vec_mix(from, to, (double)k / span), c->axis.p[i]);
        double out =
            side ? -vec_dot(off, rung->way) - rung->right : vec_dot(off, rung->way) - rung->left;

        if (rung->is_on && !(side ? rung->cut_right : rung->cut_left) && out > most) {
            most = out;
            worst = i;
        }
    }
    return worst;
}

// From a, which is sewn, to b; more points where the edge steps back, so that nothing shows.
static void edge_to(const struct atl_column *c, const struct atl_fabric *fabric, size_t a, size_t b,
                    size_t side, struct atl_blocks *out)
{
    while (a != b) {
        size_t next = bulge(c, fabric, a, b, side), nearer;

        while (next != next_rung(a, b) && (nearer = bulge(c, fabric, a, next, side)) != next)
            next = nearer;
        add_split(out, inside(c, fabric, next, side), fabric->longest_mm, 0);
        a = next;
    }
}

static void edge_run(const struct atl_column *c, const struct atl_fabric *fabric, size_t from,
                     size_t to, size_t side, struct atl_blocks *out)
{
    size_t every = points_in(c, fabric->run_mm), last = SIZE_MAX;

    for (size_t i = from, left = 0;; i = next_rung(i, to)) {
        if (c->rungs[i].is_on && (left == 0 || i == to)) {
            if (last == SIZE_MAX)
                add_split(out, inside(c, fabric, i, side), fabric->longest_mm, 0);
            else
                edge_to(c, fabric, last, i, side, out);
            last = i;
        }
        left = left ? left - 1 : every - 1;
        if (i == to)
            break;
    }
}

void atl_satin_edges(const struct atl_column *c, const struct atl_fabric *fabric, size_t from,
                     size_t to, struct atl_blocks *out)
{
    if (fabric->edge_run_mm <= 0 || c->width < fabric->edge_run_mm)
        return;
    edge_run(c, fabric, from, to, 0, out);
    edge_run(c, fabric, to, from, 1, out);
}

static void zigzag_run(const struct atl_column *c, const struct atl_fabric *fabric, size_t from,
                       size_t to, size_t side, struct atl_blocks *out)
{
    size_t every = points_in(c, fabric->lattice_step_mm / 2);

    for (size_t i = from, left = 0;; i = next_rung(i, to)) {
        if (c->rungs[i].is_on && left == 0)
            add_split(out, inside(c, fabric, i, side), fabric->longest_mm, 0);
        side ^= left == 0;
        left = left ? left - 1 : every - 1;
        if (i == to)
            break;
    }
}

void atl_satin_lattice(const struct atl_column *c, const struct atl_fabric *fabric, size_t from,
                       size_t to, struct atl_blocks *out)
{
    if (fabric->lattice_mm <= 0 || c->width < fabric->lattice_mm)
        return;
    zigzag_run(c, fabric, from, to, 0, out);
    zigzag_run(c, fabric, to, from, 1, out);
}
