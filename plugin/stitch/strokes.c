// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/strokes.h"

#include <stdlib.h>

#define MERGE      0.9 // joints closer than this share of their radius are one
#define STRAIGHT   (-0.70)
#define RATIO_COST 0.25 // for pairing branches of different widths
#define LINK       2.6  // radii; a shorter branch between two joints is no stroke of its own (8),
#define LINK_TURN  (-0.45) // … if something goes on from it at all

struct part_end {
    int32_t branch, end;
};

// A branch on its way to become a stroke.
struct piece {
    struct atl_line line;
    double r;         // median
    int32_t joint[2]; // -1: free
    struct part_end next[2];
    bool is_used;
};

struct work {
    const struct atl_axis *axis;
    struct atl_arena *arena;
    int32_t *parent; // of each node: which joint it belongs to, by a representative node
    struct piece *pieces;
    size_t piece_count;
    struct atl_strokes out;
};

static int32_t root_of(const struct work *w, int32_t node)
{
    while (w->parent[node] != node)
        node = w->parent[node];
    return node;
}

static bool is_joint(const struct work *w, int32_t node)
{
    return w->axis->nodes[node].degree > 2;
}

// Joins joints that lie in each other's disc; gives the branches that are left.
static size_t merge_joints(struct work *w, struct atl_branches *all)
{
    size_t kept = 0;

    for (size_t i = 0; i < w->axis->count; i++)
        w->parent[i] = (int32_t)i;
    for (size_t i = 0; i < all->count; i++) {
        int32_t a = all->v[i].nodes[0];
        int32_t b = all->v[i].nodes[all->v[i].n - 1];
        double r = 0.5 * (w->axis->nodes[a].r + w->axis->nodes[b].r);

        if (is_joint(w, a) && is_joint(w, b) && a != b &&
            atl_branch_length(w->axis, &all->v[i]) < MERGE * r)
            w->parent[root_of(w, a)] = root_of(w, b);
        else
            all->v[kept++] = all->v[i];
    }
    return kept;
}

static bool number_joints(struct work *w, int32_t *number)
{
    struct atl_joint *joints = atl_arena_get(w->arena, w->axis->count + 1, sizeof *joints);
    double *members = atl_arena_get(w->arena, w->axis->count + 1, sizeof *members);

    if (!joints || !members)
        return false;
    for (size_t i = 0; i < w->axis->count; i++)
        number[i] = -1;
    for (size_t i = 0; i < w->axis->count; i++) {
        int32_t root = root_of(w, (int32_t)i);
        struct atl_joint *j;

        if (!is_joint(w, (int32_t)i))
            continue;
        if (number[root] < 0)
            number[root] = (int32_t)w->out.joint_count++;
        j = &joints[number[root]];
        j->at = vec_add(j->at, w->axis->nodes[i].at);
        j->r = fmax(j->r, w->axis->nodes[i].r);
        members[number[root]]++;
    }
    for (size_t i = 0; i < w->out.joint_count; i++)
        joints[i].at = vec_mul(joints[i].at, 1 / members[i]);
    w->out.joints = joints;
    return true;
}

static bool make_pieces(struct work *w, const struct atl_branches *all, const int32_t *number)
{
    w->pieces = atl_arena_get(w->arena, all->count + 1, sizeof *w->pieces);
    if (!w->pieces)
        return false;
    for (size_t i = 0; i < all->count; i++) {
        const struct atl_branch *b = &all->v[i];
        struct piece *piece = &w->pieces[w->piece_count];

        if (!atl_line_get(&piece->line, b->n, w->arena))
            return false;
        for (size_t k = 0; k < b->n; k++) {
            piece->line.p[k] = w->axis->nodes[b->nodes[k]].at;
            piece->line.r[k] = w->axis->nodes[b->nodes[k]].r;
        }
        for (int e = 0; e < 2; e++) {
            int32_t node = b->nodes[e ? b->n - 1 : 0];

            piece->joint[e] = is_joint(w, node) ? number[root_of(w, node)] : -1;
            piece->next[e] = (struct part_end){-1, 0};
        }
        piece->r = atl_line_median_r(&piece->line, w->arena);
        w->piece_count++;
    }
    return true;
}

static struct atl_vec outward(const struct piece *piece, int end, double r)
{
    double length = atl_line_length(&piece->line);
    struct atl_vec far = atl_line_at(&piece->line, fmin(length, 2.2 * r), end == 1);
    struct atl_vec near = atl_line_at(&piece->line, fmin(0.9 * r, 0.4 * length), end == 1);

    return vec_unit(vec_sub(far, near));
}

struct pair {
    double cost, dot;
    struct part_end a, b;
};

static int by_cost(const void *a, const void *b)
{
    double x = ((const struct pair *)a)->cost;
    double y = ((const struct pair *)b)->cost;

    return (x > y) - (x < y);
}

// The ends at one joint; at most `most` of them.
static size_t ends_at(const struct work *w, int32_t joint, struct part_end *ends, size_t most)
{
    size_t n = 0;

    for (size_t i = 0; i < w->piece_count; i++) {
        for (int32_t e = 0; e < 2 && n < most; e++) {
            if (w->pieces[i].joint[e] == joint)
                ends[n++] = (struct part_end){(int32_t)i, e};
        }
    }
    return n;
}

static void pair_ends(struct work *w, int32_t joint)
{
    enum { MOST = 12 };
    struct part_end ends[MOST];
    struct pair pairs[MOST * MOST / 2];
    size_t n = ends_at(w, joint, ends, MOST);
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        for (size_t k = i + 1; k < n; k++) {
            struct piece *a = &w->pieces[ends[i].branch];
            struct piece *b = &w->pieces[ends[k].branch];
            double dot = vec_dot(outward(a, ends[i].end, w->out.joints[joint].r),
                                 outward(b, ends[k].end, w->out.joints[joint].r));
            double cost = dot + RATIO_COST * fabs(log(fmax(a->r, 1e-3) / fmax(b->r, 1e-3)));

            pairs[count++] = (struct pair){cost, dot, ends[i], ends[k]};
        }
    }
    qsort(pairs, count, sizeof *pairs, by_cost);
    for (size_t i = 0; i < count; i++) {
        struct part_end *a = &w->pieces[pairs[i].a.branch].next[pairs[i].a.end];
        struct part_end *b = &w->pieces[pairs[i].b.branch].next[pairs[i].b.end];

        if (pairs[i].dot <= STRAIGHT && a->branch < 0 && b->branch < 0) {
            *a = pairs[i].b;
            *b = pairs[i].a;
        }
    }
}

// The straightest free end that this end of a link goes on into; -1 for none.
static struct part_end onward(const struct work *w, size_t link, int end)
{
    enum { MOST = 12 };
    const struct piece *piece = &w->pieces[link];
    struct part_end ends[MOST], best = {-1, 0};
    size_t n = ends_at(w, piece->joint[end], ends, MOST);
    double r = w->out.joints[piece->joint[end]].r, least = LINK_TURN;

    for (size_t i = 0; i < n; i++) {
        if (w->pieces[ends[i].branch].next[ends[i].end].branch >= 0)
            return best; // something goes through here: the link stops under it
    }
    for (size_t i = 0; i < n; i++) {
        const struct piece *other = &w->pieces[ends[i].branch];
        double dot = vec_dot(outward(piece, end, r), outward(other, ends[i].end, r));

        if ((size_t)ends[i].branch != link && dot < least) {
            least = dot;
            best = ends[i];
        }
    }
    return best;
}

// What joins two joints and has gone on nowhere becomes the middle of a longer stroke.
static void pair_links(struct work *w)
{
    for (size_t i = 0; i < w->piece_count; i++) {
        struct piece *piece = &w->pieces[i];
        struct part_end to[2];

        if (piece->joint[0] < 0 || piece->joint[1] < 0 || piece->joint[0] == piece->joint[1] ||
            piece->next[0].branch >= 0 || piece->next[1].branch >= 0 ||
            atl_line_length(&piece->line) > LINK * piece->r)
            continue;
        for (int e = 0; e < 2; e++)
            to[e] = onward(w, i, e);
        for (int e = 0; e < 2; e++) {
            if (to[0].branch < 0 || to[1].branch < 0)
                continue;
            piece->next[e] = to[e];
            w->pieces[to[e].branch].next[to[e].end] = (struct part_end){(int32_t)i, e};
        }
    }
}

// Whether the chain that begins at `from` and comes in by its end `end` closes to a loop.
static size_t chain_points(const struct work *w, struct part_end from, bool *is_loop)
{
    struct part_end at = from;
    size_t points = 0;

    *is_loop = false;
    for (size_t steps = 0; steps <= w->piece_count; steps++) {
        const struct piece *piece = &w->pieces[at.branch];

        points += piece->line.n;
        at = piece->next[1 - at.end];
        if (at.branch < 0)
            return points;
        if (at.branch == from.branch) {
            *is_loop = true;
            return points;
        }
    }
    return points;
}

static void append(struct atl_stroke *s, const struct piece *piece, bool is_back)
{
    for (size_t i = 0; i < piece->line.n; i++) {
        size_t from = is_back ? piece->line.n - 1 - i : i;

        s->line.p[s->line.n] = piece->line.p[from];
        s->line.r[s->line.n++] = piece->line.r[from];
    }
}

static struct atl_end end_of(const struct work *w, int32_t joint)
{
    if (joint < 0)
        return (struct atl_end){
            ATL_END_FREE, -1, {0, 0}
        };
    return (struct atl_end){ATL_END_JOINT, joint, w->out.joints[joint].at};
}

static void add_pass(struct atl_stroke *s, int32_t joint)
{
    if (joint >= 0 && s->pass_count < ATL_STROKE_PASSES)
        s->passes[s->pass_count++] = joint;
}

static bool make_stroke(struct work *w, struct part_end from)
{
    struct atl_stroke *s = &w->out.v[w->out.count];
    struct part_end at = from;
    bool is_loop;
    size_t points = chain_points(w, from, &is_loop);
    int32_t last = -1;

    if (!atl_line_get(&s->line, points, w->arena))
        return false;
    s->line.n = 0;
    while (at.branch >= 0 && !w->pieces[at.branch].is_used) {
        struct piece *piece = &w->pieces[at.branch];

        piece->is_used = true;
        if (s->line.n)
            add_pass(s, piece->joint[at.end]);
        append(s, piece, at.end == 1);
        last = piece->joint[1 - at.end];
        at = piece->next[1 - at.end];
    }
    s->is_closed = is_loop;
    s->ends[0] = end_of(w, w->pieces[from.branch].joint[from.end]);
    s->ends[1] = end_of(w, last);
    if (!is_loop && last < 0 && s->ends[0].kind == ATL_END_FREE &&
        vec_dist(s->line.p[0], s->line.p[s->line.n - 1]) < 1e-9 && s->line.n > 3)
        s->is_closed = true; // one branch, a loop without a joint
    if (s->is_closed) {
        if (is_loop)
            add_pass(s, w->pieces[from.branch].joint[from.end]);
        s->ends[0].kind = s->ends[1].kind = ATL_END_NONE;
    }
    w->out.count++;
    return true;
}

static bool make_strokes(struct work *w)
{
    w->out.v = atl_arena_get(w->arena, w->piece_count + 1, sizeof *w->out.v);
    if (!w->out.v)
        return false;
    for (size_t i = 0; i < w->piece_count; i++) { // chains with an end
        for (int32_t e = 0; e < 2; e++) {
            if (!w->pieces[i].is_used && w->pieces[i].next[e].branch < 0 &&
                !make_stroke(w, (struct part_end){(int32_t)i, e}))
                return false;
        }
    }
    for (size_t i = 0; i < w->piece_count; i++) { // loops
        if (!w->pieces[i].is_used && !make_stroke(w, (struct part_end){(int32_t)i, 0}))
            return false;
    }
    return true;
}

bool atl_strokes_make(const struct atl_axis *axis, double step, struct atl_arena *arena,
                      struct atl_strokes *out)
{
    struct work w = {.axis = axis, .arena = arena};
    struct atl_branches all;
    int32_t *number = atl_arena_get(arena, axis->count + 1, sizeof *number);

    w.parent = atl_arena_get(arena, axis->count + 1, sizeof *w.parent);
    if (!number || !w.parent || !atl_axis_branches(axis, arena, &all))
        return false;
    all.count = merge_joints(&w, &all);
    if (!number_joints(&w, number) || !make_pieces(&w, &all, number))
        return false;
    for (size_t i = 0; i < w.out.joint_count; i++)
        pair_ends(&w, (int32_t)i);
    pair_links(&w);
    if (!make_strokes(&w) || !atl_strokes_bend(&w.out, axis, step, arena))
        return false;
    *out = w.out;
    return true;
}
