// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/axis.h"

#include "plugin/stitch/delaunay.h"

#include <string.h>

#define GRID     4096.0
#define PEEL     1.08    // a tip is noise while its outline is shorter than this times 2 r
#define SPUR     0.55    // a leaf must stand out of its junction's disc by this share of the radius
#define STUB     0.22    // … or this, where its tip is as wide as an arm: a pen crossed there
#define ARM      0.60    // of the junction's radius
#define ARM_LONG 0.6     // radii over which a stroke between two that meet keeps its width,
#define ARM_EVEN 0.10    // but for this share
#define PIECE    0.015   // of the area of the letter: what a piece of the axis is kept for
#define WEDGE    1.6     // … and by this where two strokes meet at an acute angle in front of it
#define NARROW   0.7     // strokes that meet closer than this cosine are a wedge, whatever the tip
#define IN_LINE  (-0.96) // a leaf in line with one of them is its other arm (serifs)
#define ONWARDS  (-0.70) // two branches go on into each other below this cosine
#define SLAB     0.15 // a tip is cut off straight if wider than this share of its junction's radius
#define EVEN     1.45 // … and if its own radius further in it is not wider than this

enum { SITES_MAX = 12000 };

struct sites {
    struct atl_site *v;
    double *arc; // along its contour
    size_t *contour;
    double *total; // length of each contour
    size_t n;
};

static double contour_length(const struct atl_part *part, size_t c)
{
    double sum = 0;

    for (size_t i = part->starts[c]; i < part->starts[c + 1]; i++)
        sum += vec_dist(part->p[i], part->p[i + 1 < part->starts[c + 1] ? i + 1 : part->starts[c]]);
    return sum;
}

// Equal steps along the contour, whatever its own points are.
static void sample_contour(const struct atl_part *part, size_t c, double step, struct sites *s)
{
    double total = s->total[c];
    size_t want = (size_t)fmax(8, round(total / step));
    size_t i = part->starts[c];
    double before = 0;

    for (size_t k = 0; k < want; k++) {
        double at = total * (double)k / (double)want;
        size_t next = i + 1 < part->starts[c + 1] ? i + 1 : part->starts[c];
        double len = vec_dist(part->p[i], part->p[next]);
        struct atl_vec p;

        while (before + len < at && i + 1 < part->starts[c + 1]) {
            before += len;
            i++;
            next = i + 1 < part->starts[c + 1] ? i + 1 : part->starts[c];
            len = vec_dist(part->p[i], part->p[next]);
        }
        p = vec_mix(part->p[i], part->p[next], len > 0 ? (at - before) / len : 0);
        s->v[s->n] = (struct atl_site){(int32_t)lround((p.x - part->low.x) * GRID),
                                       (int32_t)lround((p.y - part->low.y) * GRID)};
        s->arc[s->n] = at;
        s->contour[s->n++] = c;
    }
}

static bool sample(const struct atl_part *part, double step, struct atl_arena *arena,
                   struct sites *s)
{
    double total = 0;
    size_t room;

    s->total = atl_arena_get(arena, part->count, sizeof *s->total);
    if (!s->total)
        return false;
    for (size_t c = 0; c < part->count; c++)
        total += s->total[c] = contour_length(part, c);
    if (total / step > SITES_MAX)
        step = total / SITES_MAX;
    room = (size_t)(total / step) + 10 * part->count + 8;
    s->v = atl_arena_get(arena, room, sizeof *s->v);
    s->arc = atl_arena_get(arena, room, sizeof *s->arc);
    s->contour = atl_arena_get(arena, room, sizeof *s->contour);
    if (!s->v || !s->arc || !s->contour)
        return false;
    for (size_t c = 0; c < part->count; c++)
        sample_contour(part, c, step, s);
    return true;
}

static void place_node(const struct atl_triangles *t, size_t i, struct atl_node *node)
{
    const struct atl_site *a = &t->sites[t->v[i].corner[0]];
    const struct atl_site *b = &t->sites[t->v[i].corner[1]];
    const struct atl_site *c = &t->sites[t->v[i].corner[2]];
    double bx = (double)b->x - a->x, by = (double)b->y - a->y;
    double cx = (double)c->x - a->x, cy = (double)c->y - a->y;
    double d = 2 * (bx * cy - by * cx);
    double bb = bx * bx + by * by, cc = cx * cx + cy * cy;
    double x = (cy * bb - by * cc) / d, y = (bx * cc - cx * bb) / d;

    node->at = (struct atl_vec){(a->x + x) / GRID, (a->y + y) / GRID};
    node->r = sqrt(x * x + y * y) / GRID;
}

static float ratio_of(const struct sites *s, const struct atl_triangle *t, int k, double radii)
{
    size_t i = (size_t)t->corner[(k + 1) % 3];
    size_t j = (size_t)t->corner[(k + 2) % 3];
    double d;

    if (s->contour[i] != s->contour[j])
        return 1e9F;
    d = fabs(s->arc[i] - s->arc[j]);
    d = fmin(d, s->total[s->contour[i]] - d);
    return (float)(d / fmax(radii, 1e-9));
}

// A notch narrower than the samples are apart does not stop a Voronoi edge: the outline does.
static bool is_crossed(const struct atl_part *part, const struct atl_node *a,
                       const struct atl_node *b)
{
    double len = vec_dist(a->at, b->at);

    return len > 1e-9 &&
           atl_part_ray(part, a->at, vec_unit(vec_sub(b->at, a->at)), len, NULL) < len;
}

// The nodes are the triangles whose centre is inside; the edges, those between two of them.
static bool read_graph(const struct atl_part *part, const struct sites *s,
                       const struct atl_triangles *t, struct atl_arena *arena,
                       struct atl_axis *axis)
{
    int32_t *id = atl_arena_get(arena, t->count, sizeof *id);

    axis->nodes = atl_arena_get(arena, t->count, sizeof *axis->nodes);
    if (!id || !axis->nodes)
        return false;
    for (size_t i = 0; i < t->count; i++) {
        struct atl_node node = {
            .to = {ATL_AXIS_NONE, ATL_AXIS_NONE, ATL_AXIS_NONE}
        };
        bool is_inner = !t->v[i].is_dead;

        for (int k = 0; k < 3; k++)
            is_inner = is_inner && (size_t)t->v[i].corner[k] < t->site_count;
        id[i] = ATL_AXIS_NONE;
        if (!is_inner)
            continue;
        place_node(t, i, &node);
        node.at = vec_add(node.at, part->low);
        if (!atl_part_has(part, node.at))
            continue;
        id[i] = (int32_t)axis->count;
        axis->nodes[axis->count++] = node;
    }
    for (size_t i = 0; i < t->count; i++) {
        for (int k = 0; id[i] != ATL_AXIS_NONE && k < 3; k++) {
            int32_t other = t->v[i].to[k] < 0 ? ATL_AXIS_NONE : id[t->v[i].to[k]];
            struct atl_node *node = &axis->nodes[id[i]];

            if (other == ATL_AXIS_NONE || is_crossed(part, node, &axis->nodes[other]))
                continue;
            node->to[k] = other;
            node->ratio[k] = ratio_of(s, &t->v[i], k, node->r + axis->nodes[other].r);
            node->degree++;
        }
    }
    return true;
}

static void cut_edge(struct atl_axis *axis, int32_t a, int32_t b)
{
    for (int k = 0; k < 3; k++) {
        if (axis->nodes[a].to[k] == b) {
            axis->nodes[a].to[k] = ATL_AXIS_NONE;
            axis->nodes[a].degree--;
        }
        if (axis->nodes[b].to[k] == a) {
            axis->nodes[b].to[k] = ATL_AXIS_NONE;
            axis->nodes[b].degree--;
        }
    }
}

static void peel(struct atl_axis *axis)
{
    for (size_t i = 0; i < axis->count; i++) {
        int32_t at = (int32_t)i;

        while (axis->nodes[at].degree == 1) {
            struct atl_node *node = &axis->nodes[at];
            int k = node->to[0] != ATL_AXIS_NONE ? 0 : node->to[1] != ATL_AXIS_NONE ? 1 : 2;
            int32_t next = node->to[k];

            if (node->ratio[k] >= PEEL)
                break;
            cut_edge(axis, at, next);
            at = next;
        }
    }
}

// How much of a letter this piece of its axis stands for, about; 0 for one that is no longer than
// it is wide.
static double weigh(const struct atl_axis *axis, const int32_t *nodes, size_t n)
{
    double length = 0, area = 0, widest = 0;

    for (size_t i = 0; i < n; i++) {
        const struct atl_node *node = &axis->nodes[nodes[i]];

        widest = fmax(widest, node->r);
        for (int k = 0; k < 3; k++) {
            if (node->to[k] != ATL_AXIS_NONE) { // each edge is met from both ends
                double half = vec_dist(node->at, axis->nodes[node->to[k]].at) / 2;

                length += half;
                area += half * 2 * node->r;
            }
        }
    }
    return length > 2 * widest ? area : 0;
}

// The nodes of the piece that `first` is in, into `found`; marked as seen.
static size_t gather(const struct atl_axis *axis, int32_t first, int32_t *found, bool *is_seen)
{
    size_t n = 0;

    found[n++] = first;
    is_seen[first] = true;
    for (size_t i = 0; i < n; i++) {
        const struct atl_node *node = &axis->nodes[found[i]];

        for (int k = 0; k < 3; k++) {
            if (node->to[k] != ATL_AXIS_NONE && !is_seen[node->to[k]]) {
                is_seen[node->to[k]] = true;
                found[n++] = node->to[k];
            }
        }
    }
    return n;
}

// The largest connected piece stays, and what hangs on it by a neck that no axis goes through;
// others are specks of the sampling.
static bool keep_large(struct atl_axis *axis, double area, struct atl_arena *arena)
{
    int32_t *found = atl_arena_get(arena, axis->count + 1, sizeof *found);
    bool *is_seen = atl_arena_get(arena, axis->count + 1, sizeof *is_seen);
    bool *is_kept = atl_arena_get(arena, axis->count + 1, sizeof *is_kept);
    int32_t largest = 0;
    size_t most = 0, n;

    if (!found || !is_seen || !is_kept)
        return false;
    for (size_t i = 0; i < axis->count; i++) {
        bool is_heavy;

        if (is_seen[i])
            continue;
        n = gather(axis, (int32_t)i, found, is_seen);
        is_heavy = n > 2 && weigh(axis, found, n) > PIECE * area;
        if (n > most) {
            most = n;
            largest = (int32_t)i;
        }
        for (size_t k = 0; k < n; k++)
            is_kept[found[k]] = is_heavy;
    }
    memset(is_seen, 0, (axis->count + 1) * sizeof *is_seen);
    n = axis->count ? gather(axis, largest, found, is_seen) : 0;
    for (size_t k = 0; k < n; k++)
        is_kept[found[k]] = true;
    for (size_t i = 0; i < axis->count; i++) {
        for (int k = 0; !is_kept[i] && k < 3; k++) {
            if (axis->nodes[i].to[k] != ATL_AXIS_NONE)
                cut_edge(axis, (int32_t)i, axis->nodes[i].to[k]);
        }
    }
    return true;
}

// Follows nodes of degree 2 from `at`, came from `from`, into `path`.
static size_t follow(const struct atl_axis *axis, int32_t from, int32_t at, int32_t *path)
{
    size_t n = 0;

    path[n++] = from;
    path[n++] = at;
    while (axis->nodes[at].degree == 2 && at != path[0]) {
        const struct atl_node *node = &axis->nodes[at];
        int32_t next = ATL_AXIS_NONE;

        for (int k = 0; k < 3; k++) {
            if (node->to[k] != ATL_AXIS_NONE && node->to[k] != from)
                next = node->to[k];
        }
        if (next == ATL_AXIS_NONE)
            break;
        from = at;
        at = next;
        path[n++] = at;
    }
    return n;
}

static bool add_branch(struct atl_branches *out, const int32_t *path, size_t n,
                       struct atl_arena *arena)
{
    int32_t *copy = atl_arena_get(arena, n, sizeof *copy);

    if (!copy)
        return false;
    for (size_t i = 0; i < n; i++)
        copy[i] = path[i];
    out->v[out->count++] = (struct atl_branch){copy, n};
    return true;
}

bool atl_axis_branches(const struct atl_axis *axis, struct atl_arena *arena,
                       struct atl_branches *out)
{
    int32_t *path = atl_arena_get(arena, axis->count + 2, sizeof *path);
    bool *seen = atl_arena_get(arena, axis->count + 1, sizeof *seen);
    struct atl_branches all = {0};
    size_t ends = 1;

    for (size_t i = 0; i < axis->count; i++)
        ends += axis->nodes[i].degree != 2 ? (size_t)axis->nodes[i].degree : 0;
    all.v = atl_arena_get(arena, ends + axis->count / 3 + 1, sizeof *all.v);
    if (!path || !seen || !all.v)
        return false;
    for (size_t i = 0; i < axis->count; i++) {
        if (axis->nodes[i].degree == 2 || axis->nodes[i].degree == 0)
            continue;
        seen[i] = true;
        for (int k = 0; k < 3; k++) {
            size_t n;
            bool is_new;

            if (axis->nodes[i].to[k] == ATL_AXIS_NONE)
                continue;
            n = follow(axis, (int32_t)i, axis->nodes[i].to[k], path);
            // Each branch is met from both ends and taken from the one with the smaller number; a
            // loop at one junction, from its smaller second node.
            is_new = path[n - 1] > path[0] || (path[n - 1] == path[0] && path[1] < path[n - 2]) ||
                     n == 2;
            if (n == 2 && path[1] < path[0])
                is_new = false;
            for (size_t q = 1; q + 1 < n; q++)
                seen[path[q]] = true;
            if (is_new && !add_branch(&all, path, n, arena))
                return false;
        }
    }
    for (size_t i = 0; i < axis->count; i++) { // loops without a junction
        size_t n;

        if (seen[i] || axis->nodes[i].degree != 2)
            continue;
        n = follow(axis, (int32_t)i,
                   axis->nodes[i].to[0] != ATL_AXIS_NONE ? axis->nodes[i].to[0]
                                                         : axis->nodes[i].to[1],
                   path);
        for (size_t q = 0; q < n; q++)
            seen[path[q]] = true;
        if (!add_branch(&all, path, n, arena))
            return false;
    }
    *out = all;
    return true;
}

double atl_branch_length(const struct atl_axis *axis, const struct atl_branch *branch)
{
    double sum = 0;

    for (size_t i = 1; i < branch->n; i++)
        sum += vec_dist(axis->nodes[branch->nodes[i - 1]].at, axis->nodes[branch->nodes[i]].at);
    return sum;
}

// The way from a junction into a branch, past the disc.
static struct atl_vec heading(const struct atl_axis *axis, const struct atl_branch *branch,
                              int32_t junction)
{
    bool is_back = branch->nodes[0] != junction;
    double r = axis->nodes[junction].r;
    struct atl_vec from = axis->nodes[junction].at;
    struct atl_vec near = from;

    for (size_t i = 1; i < branch->n; i++) {
        struct atl_vec p = axis->nodes[branch->nodes[is_back ? branch->n - 1 - i : i]].at;

        if (vec_dist(p, from) < 0.6 * r)
            near = p;
        if (vec_dist(p, from) > 2.2 * r || i + 1 == branch->n)
            return vec_unit(vec_sub(p, near));
    }
    return (struct atl_vec){1, 0};
}

// A leaf as thin at its tip as further in is a stroke of its own, however short: half a serif. The
// tip of a wedge narrows all the way.
static bool is_slab(const struct atl_axis *axis, const struct atl_branch *leaf, int32_t tip,
                    int32_t junction)
{
    bool is_back = leaf->nodes[0] != tip;
    double r = axis->nodes[tip].r;

    if (r < SLAB * axis->nodes[junction].r || r > ARM * axis->nodes[junction].r)
        return false;
    for (size_t i = 0; i < leaf->n; i++) {
        const struct atl_node *node = &axis->nodes[leaf->nodes[is_back ? leaf->n - 1 - i : i]];

        if (vec_dist(node->at, axis->nodes[tip].at) > r)
            return node->r < EVEN * r;
    }
    return false;
}

// A leaf that keeps its width somewhere for nearly as far as it is wide is a stroke, too (the bar
// of a 3): the tip of a wedge narrows all the way.
static bool is_arm(const struct atl_axis *axis, const struct atl_branch *leaf, int32_t tip,
                   int32_t junction)
{
    bool is_back = leaf->nodes[0] != tip;
    size_t k = 0;

    for (size_t i = 0; i < leaf->n; i++) {
        const struct atl_node *a = &axis->nodes[leaf->nodes[is_back ? leaf->n - 1 - i : i]];
        const struct atl_node *b = a;

        for (k = k < i ? i : k; k < leaf->n && vec_dist(a->at, b->at) < ARM_LONG * a->r; k++)
            b = &axis->nodes[leaf->nodes[is_back ? leaf->n - 1 - k : k]];
        if (vec_dist(a->at, b->at) < ARM_LONG * a->r)
            return false;
        if (a->r > ARM * axis->nodes[junction].r && fabs(b->r - a->r) < ARM_EVEN * a->r)
            return true;
    }
    return false;
}

// Whether the two other branches of this junction meet at an acute angle: then the leaf between
// them is the tip of a wedge (V, M, N, 4), and both strokes are extended through it instead.
static bool is_wedge(const struct atl_axis *axis, const struct atl_branches *all, size_t leaf,
                     int32_t junction)
{
    struct atl_vec ways[2], tip;
    size_t n = 0;

    for (size_t i = 0; i < all->count; i++) {
        const struct atl_branch *b = &all->v[i];

        if (i == leaf || (b->nodes[0] != junction && b->nodes[b->n - 1] != junction))
            continue;
        if (n == 2 || atl_branch_length(axis, b) < axis->nodes[junction].r)
            return false; // two junctions of one crossing: the leaf goes on on its other side
        ways[n++] = heading(axis, b, junction);
    }
    if (n < 2 || vec_dot(ways[0], ways[1]) <= ONWARDS)
        return false;
    tip = heading(axis, &all->v[leaf], junction);
    return vec_dot(ways[0], ways[1]) > NARROW ||
           fmin(vec_dot(ways[0], tip), vec_dot(ways[1], tip)) > IN_LINE;
}

// Whether another leaf at this junction is half a serif: without this one the stroke turns into it.
static bool has_slab(const struct atl_axis *axis, const struct atl_branches *all, size_t leaf,
                     int32_t junction)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct atl_branch *b = &all->v[i];
        int32_t first = b->nodes[0], last = b->nodes[b->n - 1];
        int32_t tip = first == junction ? last : first;

        if (i != leaf && (first == junction || last == junction) && axis->nodes[tip].degree == 1 &&
            is_slab(axis, b, tip, junction))
            return true;
    }
    return false;
}

// The leaf that stands out least; -1 when all stand out enough. *wedge: the junction that it is the
// tip of, or none.
static ptrdiff_t worst_leaf(const struct atl_axis *axis, const struct atl_branches *all,
                            int32_t *wedge)
{
    ptrdiff_t worst = -1;
    double least = 1;

    for (size_t i = 0; i < all->count; i++) {
        const struct atl_branch *b = &all->v[i];
        int32_t first = b->nodes[0], last = b->nodes[b->n - 1];
        bool is_first = axis->nodes[first].degree == 1;
        bool is_last = axis->nodes[last].degree == 1;
        int32_t tip = is_first ? first : last, junction = is_first ? last : first;
        double out, limit;

        if (is_first == is_last)
            continue;
        out = (atl_branch_length(axis, b) + axis->nodes[tip].r) / axis->nodes[junction].r - 1;
        limit = axis->nodes[tip].r > ARM * axis->nodes[junction].r ? STUB : SPUR;
        if (out < WEDGE && out >= limit && !is_slab(axis, b, tip, junction) &&
            !is_arm(axis, b, tip, junction) && is_wedge(axis, all, i, junction))
            limit = WEDGE;
        if (out / limit < least) {
            least = out / limit;
            worst = (ptrdiff_t)i;
            *wedge = limit == WEDGE || has_slab(axis, all, i, junction) ? junction : ATL_AXIS_NONE;
        }
    }
    return worst;
}

static bool prune(struct atl_axis *axis, struct atl_arena *arena)
{
    for (;;) {
        struct atl_branches all;
        const struct atl_branch *leaf;
        ptrdiff_t worst;
        int32_t wedge = ATL_AXIS_NONE;

        if (!atl_axis_branches(axis, arena, &all))
            return false;
        worst = all.count > 1 ? worst_leaf(axis, &all, &wedge) : -1;
        if (worst < 0)
            return true;
        if (wedge != ATL_AXIS_NONE && axis->wedge_count < ATL_AXIS_WEDGES)
            axis->wedges[axis->wedge_count++] = axis->nodes[wedge].at;
        leaf = &all.v[worst];
        for (size_t i = 1; i < leaf->n; i++)
            cut_edge(axis, leaf->nodes[i - 1], leaf->nodes[i]);
    }
}

bool atl_axis_make(const struct atl_part *part, double step, struct atl_arena *arena,
                   struct atl_axis *out)
{
    struct sites sites = {0};
    struct atl_triangles triangles;
    struct atl_axis axis = {0};

    if (!sample(part, step, arena, &sites) || !atl_delaunay(sites.v, sites.n, arena, &triangles) ||
        !read_graph(part, &sites, &triangles, arena, &axis))
        return false;
    peel(&axis);
    if (!keep_large(&axis, part->area, arena) || !prune(&axis, arena))
        return false;
    *out = axis;
    return true;
}
