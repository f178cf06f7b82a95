// SPDX-License-Identifier: Apache-2.0
// Thread: each piece is a short cylinder that comes out of the cloth, bows over it and goes back.
// Rayon shines where the light's half-way vector is across the fibre, so the shine depends on the
// direction and runs over a column as a band; the light across the cylinder gives it its body. What
// is sewn later lies on what was sewn before, and darkens it a little beside itself.
#include "plugin/render/stitch_picture_parts.h"

#include <math.h>
#include <stdlib.h>

enum {
    STEPS = 64,      // of the tables along and across a thread
    SHINES = 256,    // of the table of shine
    LIGHTS = 256,    // of a thread's colours; LIGHT_ONE of them is light 1
    LIGHT_ONE = 112, //
    PIXELS_MAX = 1 << 26,
};

// Light from above on the left. H lies half-way between it and the eye, which looks straight down.
#define LIGHT_X -0.43
#define LIGHT_Y -0.58 // y grows downwards
#define LIGHT_Z 0.69
#define HALF_X  -0.234
#define HALF_Y  -0.316
#define HALF_Z  0.919

#define DOME      0.42 // slope of the bow, a third of the way
#define DIVE      1.5  // and where the thread goes into the cloth
#define SHINE     15.0 // exponent: the larger, the narrower the band
#define AMBIENT   0.66
#define DIFFUSE   0.46
#define SPECULAR  0.78
#define RING_MM   0.11 // the dark beside a thread
#define RING_DARK 0.28
#define TWIST_MM  0.34 // two yarns twisted: one turn of half
#define END       0.55 // how round an end is, of the thread's half width

struct tables {
    double cos_slope[STEPS + 1], sin_slope[STEPS + 1]; // along, from one end to the other
    double height[STEPS + 1];                          // across, from axis to edge: sqrt(1 - v^2)
    double shine[SHINES + 1];                          // by the cosine of thread and H, squared
};

static void fill_tables(struct tables *t)
{
    for (int i = 0; i <= STEPS; i++) {
        double u = 2.0 * i / STEPS - 1;
        double v = (double)i / STEPS;
        double slope = -(DOME * u + DIVE * u * u * u * u * u * u * u);

        t->cos_slope[i] = 1 / sqrt(1 + slope * slope);
        t->sin_slope[i] = slope * t->cos_slope[i];
        t->height[i] = sqrt(fmax(0, 1 - v * v));
    }
    for (int i = 0; i <= SHINES; i++)
        t->shine[i] = pow(1 - (double)i / SHINES, SHINE / 2);
}

static double mix(double a, double b, double share)
{
    return a + (b - a) * share;
}

static unsigned byte_of(double value)
{
    return value <= 0 ? 0 : value >= 255 ? 255 : (unsigned)(value + 0.5);
}

// Shadows keep their colour and light threads have light shadows; lights go towards white, dark
// threads' not all the way.
uint32_t stitch_thread_lit(uint32_t rgb, double light)
{
    double lightness = proof_lightness(rgb);
    double part[3] = {rgb >> 16 & 0xff, rgb >> 8 & 0xff, rgb & 0xff};
    double top = mix(170, 255, fmin(1, lightness * 1.6));
    uint32_t out = 0;

    for (int i = 0; i < 3; i++) {
        double value = part[i];

        if (light < 1)
            value *= 1 - (1 - light) * mix(1.0, 0.62, lightness);
        else
            value = mix(value, fmax(value, mix(top, value, 0.30)),
                        fmin(1, (light - 1) * mix(1.05, 0.75, lightness)));
        out = out << 8 | byte_of(value);
    }
    return out;
}

double stitch_thread_shine(const struct stitch_piece *piece, double *along)
{
    double dx = piece->x2 - piece->x1;
    double dy = piece->y2 - piece->y1;
    double length = hypot(dx, dy);
    double flat = length > 0 ? (dx * HALF_X + dy * HALF_Y) / length : 0;
    double u = fmax(-1, fmin(1, flat / HALF_Z / DOME));

    *along = (u + 1) / 2;
    return 1 - 0.75 * fabs(u);
}

struct brush {
    struct stitch_layer *layer;
    const struct tables *tables;
    const uint32_t *colours; // LIGHTS of them
    double radius, ring, ring_dark, twist;
    double x, y;   // of its beginning, in the layer
    double dx, dy; // direction
    double length;
    double flat;   // cosine of direction and H, were the thread flat
    double side;   // of the light across it
    double bright; // this piece and no other: thread is never even
};

static double light_at(const struct brush *b, double along, double v)
{
    const struct tables *t = b->tables;
    double u = along / b->length;
    int i = u <= 0 ? 0 : u >= 1 ? STEPS : (int)(u * STEPS);
    double high = t->height[(int)(fabs(v) * STEPS)];
    double across = b->flat * t->cos_slope[i] + HALF_Z * t->sin_slope[i];
    double shine = t->shine[(int)(across * across * SHINES)];
    double diffuse = v * b->side + high * LIGHT_Z * t->cos_slope[i];
    double light = AMBIENT + DIFFUSE * fmax(0, diffuse) + SPECULAR * shine * high * high;

    if (b->twist > 0) {
        double turn = along / b->twist + v * 0.5;

        light += 0.10 * (fabs(turn - floor(turn) - 0.5) - 0.25) * (0.4 + shine);
    }
    return light * b->bright;
}

static void darken(uint32_t *pixel, double share)
{
    uint32_t keep = (uint32_t)(256 - share * 256);
    uint32_t alpha = *pixel >> 24;
    uint32_t rb = (*pixel & 0xff00ff) * keep >> 8 & 0xff00ff;
    uint32_t g = (*pixel & 0x00ff00) * keep >> 8 & 0x00ff00;

    alpha += (255 - alpha) * (256 - keep) >> 8;
    *pixel = alpha << 24 | rb | g;
}

static void cover(uint32_t *pixel, uint32_t rgb, double share)
{
    uint32_t add = (uint32_t)(share * 256);
    uint32_t keep = 256 - add;
    uint32_t alpha = ((*pixel >> 24) * keep + 255 * add) >> 8;
    uint32_t rb = ((*pixel & 0xff00ff) * keep + (rgb & 0xff00ff) * add) >> 8 & 0xff00ff;
    uint32_t g = ((*pixel & 0x00ff00) * keep + (rgb & 0x00ff00) * add) >> 8 & 0x00ff00;

    *pixel = alpha << 24 | rb | g;
}

static void dab(const struct brush *b, uint32_t *pixel, double along, double across)
{
    double beyond = along < 0 ? -along : along > b->length ? along - b->length : 0;
    double far = fabs(across);
    double body;

    if (beyond > 0)
        far = hypot(beyond / END, across);
    body = b->radius + 0.5 - far;
    if (body < 1 && far < b->radius + b->ring) {
        double near = 1 - fmax(0, far - b->radius) / b->ring;

        darken(pixel, b->ring_dark * near * near);
    }
    if (body <= 0)
        return;
    {
        double v = fmax(-1, fmin(1, across / b->radius));
        int light = (int)(light_at(b, along, v) * LIGHT_ONE);

        cover(pixel, b->colours[light >= LIGHTS ? LIGHTS - 1 : light], fmin(1, body));
    }
}

// The part of a row in which from <= a + d * x <= to.
static void clip(double a, double d, double from, double to, double *low, double *high)
{
    double x1, x2;

    if (fabs(d) < 1e-9) {
        if (a < from || a > to)
            *high = *low - 1;
        return;
    }
    x1 = (from - a) / d;
    x2 = (to - a) / d;
    *low = fmax(*low, fmin(x1, x2));
    *high = fmin(*high, fmax(x1, x2));
}

static void draw_row(const struct brush *b, int y)
{
    double reach = b->radius + fmax(b->ring, 0.5);
    double py = y + 0.5 - b->y;
    double along = (0.5 - b->x) * b->dx + py * b->dy; // at x 0
    double across = -(0.5 - b->x) * b->dy + py * b->dx;
    double low = 0, high = b->layer->width - 1;
    uint32_t *row = b->layer->pixels + (size_t)y * (size_t)b->layer->width;

    clip(along, b->dx, -reach * END, b->length + reach * END, &low, &high);
    clip(across, -b->dy, -reach, reach, &low, &high);
    for (int x = (int)ceil(low); x <= high; x++)
        dab(b, row + x, along + x * b->dx, across - x * b->dy);
}

static uint32_t scramble(uint32_t value)
{
    value = (value ^ value >> 16) * 0x7feb352du;
    value = (value ^ value >> 15) * 0x846ca68bu;
    return value ^ value >> 16;
}

static void draw_piece(struct brush *b, const struct stitch_piece *piece, uint32_t number)
{
    double dx = piece->x2 - piece->x1;
    double dy = piece->y2 - piece->y1;
    double reach = b->radius + fmax(b->ring, 0.5);
    double top = fmin(piece->y1, piece->y2) - reach - b->layer->top;
    double bottom = fmax(piece->y1, piece->y2) + reach - b->layer->top;

    b->length = hypot(dx, dy);
    if (b->length < 1e-6)
        return;
    b->dx = dx / b->length;
    b->dy = dy / b->length;
    b->x = piece->x1 - b->layer->left;
    b->y = piece->y1 - b->layer->top;
    b->flat = b->dx * HALF_X + b->dy * HALF_Y;
    b->side = -b->dy * LIGHT_X + b->dx * LIGHT_Y;
    b->bright = 0.965 + 0.07 * (scramble(number) & 0xffff) / 65535.0;
    for (int y = (int)fmax(0, floor(top)); y <= bottom && y < b->layer->height; y++)
        draw_row(b, y);
}

static void fill_colours(uint32_t rgb, uint32_t colours[LIGHTS])
{
    for (int i = 0; i < LIGHTS; i++)
        colours[i] = stitch_thread_lit(rgb, (double)i / LIGHT_ONE);
}

static void draw_pieces(const struct stitch_scene *scene, struct stitch_layer *layer)
{
    uint32_t colours[LIGHTS];
    struct tables tables;
    struct stitch_pieces pieces = stitch_pieces(scene);
    struct stitch_piece piece;
    uint32_t number = 0;
    size_t block = SIZE_MAX;
    double radius = STITCH_THREAD_MM / 2 * scene->px_per_mm;
    struct brush brush = {
        .layer = layer,
        .tables = &tables,
        .colours = colours,
        .radius = fmax(0.5, radius),
        .ring = fmax(0.5, RING_MM * scene->px_per_mm),
        .ring_dark = RING_DARK * fmin(1, RING_MM * scene->px_per_mm / 0.8),
        .twist = radius > 2.6 ? TWIST_MM * scene->px_per_mm : 0,
    };

    fill_tables(&tables);
    while (stitch_pieces_next(&pieces, &piece)) {
        if (piece.block != block)
            fill_colours(scene->threads[piece.block].rgb, colours);
        block = piece.block;
        draw_piece(&brush, &piece, number++);
    }
}

// Four pixels become one.
static void halve(const struct stitch_layer *from, struct stitch_layer *to)
{
    for (int y = 0; y < to->height; y++) {
        const uint32_t *row = from->pixels + (size_t)y * 2 * (size_t)from->width;
        uint32_t *out = to->pixels + (size_t)y * (size_t)to->width;

        for (int x = 0; x < to->width; x++, row += 2) {
            const uint32_t four[4] = {row[0], row[1], row[from->width], row[from->width + 1]};
            uint32_t even = 0, odd = 0; // alternate bytes, so that sums have room

            for (int i = 0; i < 4; i++) {
                even += (four[i] & 0xff00ff) >> 2;
                odd += (four[i] >> 8 & 0xff00ff) >> 2;
            }
            out[x] = (even & 0xff00ff) | (odd & 0xff00ff) << 8;
        }
    }
}

static atl_code layer_for(const struct stitch_scene *scene, double scale, struct stitch_layer *out,
                          struct atl_error *err)
{
    double pad = scene->px_per_mm * 0.6 + 3;
    double left = fmax(0, floor(scene->ink.left - pad)) * scale;
    double top = fmax(0, floor(scene->ink.top - pad)) * scale;
    double right = fmin(scene->width, ceil(scene->ink.right + pad)) * scale;
    double bottom = fmin(scene->cloth, ceil(scene->ink.bottom + pad)) * scale;

    if (right <= left || bottom <= top)
        return atl_fail(err, ATL_E_INVALID, "the design lies outside the picture");
    *out =
        (struct stitch_layer){(int)left, (int)top, (int)(right - left), (int)(bottom - top), NULL};
    if ((double)out->width * out->height > PIXELS_MAX)
        return atl_fail(err, ATL_E_UNSUPPORTED, "a picture of %d x %d pixels is too large",
                        out->width, out->height);
    out->pixels = calloc((size_t)out->width * (size_t)out->height, sizeof *out->pixels);
    return out->pixels ? ATL_OK : atl_fail(err, ATL_E_NOMEM, "out of memory for a picture");
}

// Threads that are thin on the picture are drawn at twice its size, so that none of them flickers.
atl_code stitch_thread_draw(const struct stitch_scene *scene, struct stitch_layer *out,
                            struct atl_error *err)
{
    struct stitch_scene twice = *scene;
    struct stitch_layer large;
    struct stitch_layer layer;
    atl_code rc = layer_for(scene, 1, &layer, err);

    if (rc)
        return rc;
    if (scene->px_per_mm >= 9) {
        draw_pieces(scene, &layer);
        *out = layer;
        return ATL_OK;
    }
    rc = layer_for(scene, 2, &large, err);
    if (rc) {
        free(layer.pixels);
        return rc;
    }
    twice.px_per_mm *= 2;
    twice.x *= 2;
    twice.y *= 2;
    draw_pieces(&twice, &large);
    halve(&large, &layer);
    free(large.pixels);
    *out = layer;
    return ATL_OK;
}
