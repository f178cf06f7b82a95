// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/frame.h"

#define MARGIN     0.22 // of the height, from ink to frame; MARGIN_MM at least
#define MARGIN_MM  2.0
#define WIDTH      0.09 // of the height
#define WIDTH_LOW  1.4
#define WIDTH_HIGH 3.0
#define CORNER     1.5  // widths: radius of the axis in a corner
#define OVERLAP    1.5  // mm beyond the start
#define FLAT_LOW   1.25 // an oval is so much longer than high,
#define FLAT_HIGH  1.6  // … up to this
#define STEP       0.1  // mm between points of the axis

enum { POINTS_MAX = 6000, OVAL_POINTS = 720, CORNER_POINTS = 16 };

// What is framed, seen from the middle of its box.
struct ink {
    const struct atl_clusters *clusters;
    struct atl_vec middle;
    struct atl_vec half; // of the box
};

typedef double measure_fn(struct atl_vec p, struct atl_vec axes);

static double of_oval(struct atl_vec p, struct atl_vec axes)
{
    return sqrt(p.x * p.x / (axes.x * axes.x) + p.y * p.y / (axes.y * axes.y));
}

static double of_diamond(struct atl_vec p, struct atl_vec axes)
{
    return fabs(p.x) / axes.x + fabs(p.y) / axes.y;
}

static double of_square(struct atl_vec p, struct atl_vec axes)
{
    return fmax(fabs(p.x) / axes.x, fabs(p.y) / axes.y);
}

// By which factor the shape with these axes must grow to hold all ink.
static double reach(const struct ink *ink, measure_fn *measure, struct atl_vec axes)
{
    double most = 0;

    for (size_t i = 0; i < ink->clusters->count; i++) {
        const struct atl_cluster *c = &ink->clusters->v[i];

        for (size_t k = 0; k < c->contours.points.n; k++) {
            struct atl_vec p = atl_stand_out(&c->stand, c->contours.points.p[k]);

            most = fmax(most, measure(vec_sub(p, ink->middle), axes));
        }
    }
    return most;
}

static struct atl_vec axes_of(enum atl_monogram_frame kind, const struct ink *ink)
{
    double w = fmax(ink->half.x, 1e-3), h = fmax(ink->half.y, 1e-3);

    if (kind != ATL_FRAME_OVAL)
        return (struct atl_vec){1, 1};
    if (w >= h)
        return (struct atl_vec){clamp(w / h, FLAT_LOW, FLAT_HIGH), 1};
    return (struct atl_vec){1, clamp(h / w, FLAT_LOW, FLAT_HIGH)};
}

// From the lowest point against the clock.
static void draw_oval(struct atl_vec a, double width, struct atl_points *out)
{
    (void)width;
    for (int i = 0; i <= OVAL_POINTS; i++) {
        double t = 2 * M_PI * i / OVAL_POINTS - M_PI / 2;

        atl_points_add(out, (struct atl_vec){a.x * cos(t), a.y * sin(t)});
    }
}

// A closed polygon, from the middle of its last edge against the clock, its corners rounded.
static void draw_corners(const struct atl_vec corners[4], double radius, struct atl_points *out)
{
    struct atl_vec start = vec_mix(corners[3], corners[0], 0.5);

    atl_points_add(out, start);
    for (int i = 0; i < 4; i++) {
        struct atl_vec in = vec_unit(vec_sub(corners[i], corners[(i + 3) % 4]));
        struct atl_vec hub = vec_along(vec_along(corners[i], in, -radius), vec_left(in), radius);

        for (int k = 0; k <= CORNER_POINTS; k++)
            atl_points_add(
                out,
                vec_along(hub, vec_turn(vec_mul(vec_left(in), -1), M_PI / 2 * k / CORNER_POINTS),
                          radius));
    }
    atl_points_add(out, start);
}

static void draw_diamond(struct atl_vec a, double width, struct atl_points *out)
{
    struct atl_vec corners[4] = {
        {a.x,  0   },
        {0,    a.y },
        {-a.x, 0   },
        {0,    -a.y}
    };

    draw_corners(corners, CORNER * width, out);
}

static void draw_square(struct atl_vec a, double width, struct atl_points *out)
{
    struct atl_vec corners[4] = {
        {a.x,  -a.y},
        {a.x,  a.y },
        {-a.x, a.y },
        {-a.x, -a.y}
    };

    draw_corners(corners, CORNER * width, out);
}

// clang-format off
static const struct {
    measure_fn *measure;
    void (*draw)(struct atl_vec axes, double width, struct atl_points *out);
    double slant; // how much further out the axis is along x and y than across the side
} shapes[] = {
    [ATL_FRAME_CIRCLE]  = {of_oval,    draw_oval,    1},
    [ATL_FRAME_OVAL]    = {of_oval,    draw_oval,    1},
    [ATL_FRAME_DIAMOND] = {of_diamond, draw_diamond, M_SQRT2},
    [ATL_FRAME_SQUARE]  = {of_square,  draw_square,  1},
};
// clang-format on

// The first points of a ring once more behind its end.
static void overlap(struct atl_points *ring)
{
    double gone = 0;
    size_t n = ring->n;

    for (size_t i = 1; i < n && !ring->failed && gone < OVERLAP; i++) {
        double d = vec_dist(ring->p[i - 1], ring->p[i]);

        atl_points_add(ring, vec_mix(ring->p[i - 1], ring->p[i], fmin(1, (OVERLAP - gone) / d)));
        gone += d;
    }
}

static bool make_column(const struct atl_points *ring, struct atl_vec middle, double width,
                        struct atl_arena *arena, struct atl_column *c)
{
    double length;

    *c = (struct atl_column){.r = width / 2, .width = width, .is_upright = true};
    if (!atl_line_get(&c->axis, ring->n, arena))
        return false;
    for (size_t i = 0; i < ring->n; i++) {
        c->axis.p[i] = vec_add(ring->p[i], middle);
        c->axis.r[i] = width / 2;
    }
    length = atl_line_length(&c->axis);
    if (!atl_line_resample(&c->axis, fmax(STEP, length / POINTS_MAX), arena))
        return false;
    c->step = length / (double)(c->axis.n - 1);
    c->rungs = atl_arena_get(arena, c->axis.n, sizeof *c->rungs);
    if (!c->rungs)
        return false;
    for (size_t i = 0; i < c->axis.n; i++) {
        size_t a = i ? i - 1 : 0, b = i + 1 < c->axis.n ? i + 1 : i;

        c->rungs[i] = (struct atl_rung){
            .way = vec_left(vec_unit(vec_sub(c->axis.p[b], c->axis.p[a]))),
            .left = width / 2,
            .right = width / 2,
            .is_on = true,
        };
    }
    return true;
}

atl_code atl_frame_make(enum atl_monogram_frame kind, const struct atl_clusters *clusters,
                        double height_mm, struct atl_arena *arena, struct atl_letter *out,
                        struct atl_error *err)
{
    double width = clamp(WIDTH * height_mm, WIDTH_LOW, WIDTH_HIGH);
    double margin = fmax(MARGIN * height_mm, MARGIN_MM) + width / 2, grow;
    struct ink ink = {.clusters = clusters};
    struct atl_vec low, high, axes;
    struct atl_points ring = {0};
    struct atl_letter_piece *piece = atl_arena_get(arena, 1, sizeof *piece);
    struct atl_column *column = atl_arena_get(arena, 1, sizeof *column);
    bool is_good;

    atl_clusters_box(clusters, SIZE_MAX, &low, &high);
    ink.middle = vec_mix(low, high, 0.5);
    ink.half = vec_mul(vec_sub(high, low), 0.5);
    axes = axes_of(kind, &ink);
    grow = reach(&ink, shapes[kind].measure, axes);
    axes = (struct atl_vec){axes.x * grow + margin * shapes[kind].slant,
                            axes.y * grow + margin * shapes[kind].slant};
    shapes[kind].draw(axes, width, &ring);
    overlap(&ring);
    is_good =
        piece && column && !ring.failed && make_column(&ring, ink.middle, width, arena, column);
    atl_points_free(&ring);
    if (!is_good)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a frame");
    piece->columns = (struct atl_columns){column, 1};
    piece->low = vec_sub(ink.middle, axes);
    piece->high = vec_add(ink.middle, axes);
    *out = (struct atl_letter){piece, 1};
    return ATL_OK;
}
