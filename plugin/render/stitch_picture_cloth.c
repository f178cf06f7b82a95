// SPDX-License-Identifier: Apache-2.0
// What the thread lies on: a plain weave in the fabric's colour, or the picture of the product; and
// the shadow of the thread. Always the same cloth: its unevenness is a hash of the place.
#include "plugin/render/stitch_picture_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TILE_MAX_PX = 24, ACROSS = 64 };

static uint32_t scramble(uint32_t value)
{
    value = (value ^ value >> 16) * 0x7feb352du;
    value = (value ^ value >> 15) * 0x846ca68bu;
    return value ^ value >> 16;
}

// -1..1
static double noise(uint32_t a, uint32_t b)
{
    return (double)(scramble(a * 0x9e3779b9u + scramble(b)) >> 8) / 8388608.0 - 1.0;
}

// One crossing of the weave, the thread that lies on top running along: light -1..1. Each thread is
// a cylinder that bows over the other one, and the gaps at its sides are dark.
static double crossing(double across, double along)
{
    double side = across * across;
    double end = along * along;

    return 0.42 - 0.95 * side * side - 0.55 * end * (1 - 0.5 * side) - 0.22 * across -
           0.14 * along * end;
}

// One loop of a knit: two legs that lean to each other, each a cylinder, one loop below the next.
static double loop(double u, double v)
{
    double leg = 2 * fabs(u) - 1; // -1 in the groove within, 1 between two columns
    double along = v + 0.55 * fabs(u);
    double bulge = 2 * (along - floor(along)) - 1;

    return 0.5 - 0.95 * leg * leg - 0.5 * bulge * bulge - 0.25 * u;
}

struct weave {
    int wide, high;                        // of a cell
    double top[TILE_MAX_PX][TILE_MAX_PX];  // light in a cell whose upper thread runs downwards
    double side[TILE_MAX_PX][TILE_MAX_PX]; // or across
    double noise;                          // how uneven the threads are
};

static const struct structure {
    double wide_mm, high_mm, noise;
} structures[] = {
    [ATL_STITCH_CLOTH_WEAVE] = {0.48, 0.48, 1  },
    [ATL_STITCH_CLOTH_KNIT] = {0.90, 0.66, 0.6},
    [ATL_STITCH_CLOTH_SMOOTH] = {0.30, 0.30, 1  },
};

static int cell_px(double mm, double px_per_mm)
{
    return (int)fmin(TILE_MAX_PX, fmax(4, round(mm * px_per_mm)));
}

static void fill_weave(struct weave *weave, enum atl_stitch_cloth cloth, double px_per_mm)
{
    const struct structure *structure = &structures[cloth];

    weave->wide = cell_px(structure->wide_mm, px_per_mm);
    weave->high = cell_px(structure->high_mm, px_per_mm);
    weave->noise = structure->noise;
    for (int y = 0; y < weave->high; y++) {
        for (int x = 0; x < weave->wide; x++) {
            double u = (x + 0.5) * 2 / weave->wide - 1;
            double v = (y + 0.5) * 2 / weave->high - 1;

            switch (cloth) {
            case ATL_STITCH_CLOTH_WEAVE:
                weave->top[y][x] = crossing(u, v);
                weave->side[y][x] = crossing(v, u);
                break;
            case ATL_STITCH_CLOTH_KNIT:
                weave->top[y][x] = weave->side[y][x] = loop(u, v / 2);
                break;
            case ATL_STITCH_CLOTH_SMOOTH:
                weave->top[y][x] = weave->side[y][x] = -0.1;
                break;
            }
        }
    }
}

static unsigned channel(double colour, double light)
{
    // Dark cloth has light threads, too: so some light is added, some is multiplied.
    double value = colour * (1 + light) + light * 22;

    return value <= 0 ? 0 : value >= 255 ? 255 : (unsigned)value;
}

static void fill_lights(uint32_t rgb, uint32_t lights[256])
{
    for (int i = 0; i < 256; i++) {
        double light = (i - 128) / 256.0;

        lights[i] = channel(rgb >> 16 & 0xff, light) << 16 | channel(rgb >> 8 & 0xff, light) << 8 |
                    channel(rgb & 0xff, light);
    }
}

static void draw_weave(const struct stitch_scene *scene, uint8_t *data, size_t stride)
{
    int width = (int)scene->width, height = (int)scene->cloth;
    uint32_t lights[256];
    struct weave weave;

    fill_weave(&weave, scene->look->cloth, scene->px_per_mm);
    fill_lights(scene->cloth_rgb, lights);
    for (int y = 0; y < height; y++) {
        uint32_t *row = (uint32_t *)(void *)(data + (size_t)y * stride);
        int line = y / weave.high, in_y = y % weave.high;
        double high = (double)y / height - 0.42;
        double weft = 0.011 * noise((uint32_t)line, 23);

        for (int x = 0, column = 0; x < width; column++) {
            bool is_top = (column + line) % 2 == 0;
            const double *cell = is_top ? weave.top[in_y] : weave.side[in_y];
            double wide = (double)x / width - 0.5;
            double uneven = (is_top ? 0.011 * noise((uint32_t)column, 11) : weft) +
                            0.005 * noise((uint32_t)column * 7919, (uint32_t)line);
            double base = weave.noise * uneven + 0.05 - 0.16 * (wide * wide + high * high);

            for (int i = 0; i < weave.wide && x < width; i++, x++)
                row[x] = lights[128 + (int)(256 * (base + 0.075 * cell[i]))];
        }
    }
}

static uint32_t pixel_at(const struct atl_picture *picture, double x, double y)
{
    int low_x = (int)fmax(0, fmin(picture->width_px - 1, floor(x)));
    int low_y = (int)fmax(0, fmin(picture->height_px - 1, floor(y)));
    size_t right = low_x + 1 < (int)picture->width_px ? 3 : 0;
    size_t below = low_y + 1 < (int)picture->height_px ? (size_t)picture->width_px * 3 : 0;
    double part_x = fmax(0, fmin(1, x - low_x));
    double part_y = fmax(0, fmin(1, y - low_y));
    const uint8_t *at = picture->pixels + ((size_t)low_y * picture->width_px + (size_t)low_x) * 3;
    uint32_t rgb = 0;

    for (int i = 0; i < 3; i++, at++) {
        double upper = at[0] + (at[right] - at[0]) * part_x;
        double lower = at[below] + (at[below + right] - at[below]) * part_x;

        rgb = rgb << 8 | (uint32_t)(upper + (lower - upper) * part_y + 0.5);
    }
    return rgb;
}

static void draw_product(const struct stitch_scene *scene, uint8_t *data, size_t stride)
{
    const struct atl_picture *picture = scene->look->product->picture;
    double step = picture->width_px / scene->width;

    for (int y = 0; y < (int)scene->cloth; y++) {
        uint32_t *row = (uint32_t *)(void *)(data + (size_t)y * stride);

        for (int x = 0; x < (int)scene->width; x++)
            row[x] = pixel_at(picture, (x + 0.5) * step - 0.5, (y + 0.5) * step - 0.5);
    }
}

void stitch_cloth_draw(const struct stitch_scene *scene, cairo_surface_t *surface)
{
    uint8_t *data;
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);

    cairo_surface_flush(surface);
    data = cairo_image_surface_get_data(surface);
    if (scene->look->product)
        draw_product(scene, data, stride);
    else
        draw_weave(scene, data, stride);
    cairo_surface_mark_dirty(surface);
}

uint32_t stitch_cloth_mean(const struct atl_picture *picture)
{
    size_t count = (size_t)picture->width_px * picture->height_px;
    uint64_t sum[3] = {0};

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < 3; k++)
            sum[k] += picture->pixels[i * 3 + k];
    }
    return (uint32_t)(sum[0] / count << 16 | sum[1] / count << 8 | sum[2] / count);
}

// Means of 2 * reach + 1 along each row, written as columns: twice is a blur of both directions.
static void blur(const uint8_t *from, uint8_t *to, int width, int height, int reach)
{
    int span = 2 * reach + 1;

    for (int y = 0; y < height; y++) {
        const uint8_t *row = from + (size_t)y * (size_t)width;
        int sum = 0;

        for (int x = -reach; x < width + reach; x++) {
            sum += x + reach < width && x + reach >= 0 ? row[x + reach] : 0;
            sum -= x - reach - 1 >= 0 && x - reach - 1 < width ? row[x - reach - 1] : 0;
            if (x >= 0 && x < width)
                to[(size_t)x * (size_t)height + (size_t)y] = (uint8_t)(sum / span);
        }
    }
}

struct shadow {
    double reach_mm, right_mm, down_mm, dark;
};
static const struct shadow shadows[] = {
    {0.09, 0.07, 0.11, 0.50}, // where the thread touches
    {0.36, 0.20, 0.34, 0.30}, // of the whole column
};

struct patch { // the thread's coverage with room for its shadow around it
    int left, top, width, height;
    uint8_t *alpha, *work, *blurred;
};

static void throw_shadow(const struct patch *patch, const struct shadow *shadow, double px_per_mm,
                         cairo_surface_t *surface)
{
    uint8_t *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    int right = cairo_image_surface_get_width(surface);
    int bottom = cairo_image_surface_get_height(surface);
    int reach = (int)fmax(1, round(shadow->reach_mm * px_per_mm));
    int dx = (int)round(shadow->right_mm * px_per_mm);
    int dy = (int)round(shadow->down_mm * px_per_mm);
    // On a small picture a pixel is wider than the shadow: it is so much fainter.
    double dark = shadow->dark * fmin(1, (shadow->reach_mm + shadow->down_mm) * px_per_mm / 2);

    blur(patch->alpha, patch->work, patch->width, patch->height, reach);
    blur(patch->work, patch->blurred, patch->height, patch->width, reach);
    blur(patch->blurred, patch->work, patch->width, patch->height, reach);
    blur(patch->work, patch->blurred, patch->height, patch->width, reach);
    for (int y = 0; y < patch->height; y++) {
        int to_y = patch->top + y + dy;
        const uint8_t *from = patch->blurred + (size_t)y * (size_t)patch->width;
        uint32_t *row = (uint32_t *)(void *)(data + (ptrdiff_t)to_y * stride);

        if (to_y < 0 || to_y >= bottom)
            continue;
        for (int x = 0; x < patch->width; x++) {
            int to_x = patch->left + x + dx;
            uint32_t keep = 256 - (uint32_t)(from[x] * dark);

            if (!from[x] || to_x < 0 || to_x >= right)
                continue;
            row[to_x] = ((row[to_x] & 0xff00ff) * keep >> 8 & 0xff00ff) |
                        ((row[to_x] & 0x00ff00) * keep >> 8 & 0x00ff00);
        }
    }
}

static void lay_thread(const struct stitch_layer *thread, cairo_surface_t *surface)
{
    uint8_t *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);

    for (int y = 0; y < thread->height; y++) {
        const uint32_t *from = thread->pixels + (size_t)y * (size_t)thread->width;
        uint32_t *row =
            (uint32_t *)(void *)(data + (ptrdiff_t)(thread->top + y) * stride) + thread->left;

        for (int x = 0; x < thread->width; x++) {
            uint32_t keep = 256 - (from[x] >> 24) - (from[x] >> 31);
            uint32_t rb = ((row[x] & 0xff00ff) * keep >> 8 & 0xff00ff) + (from[x] & 0xff00ff);
            uint32_t g = ((row[x] & 0x00ff00) * keep >> 8 & 0x00ff00) + (from[x] & 0x00ff00);

            row[x] = (rb & 0xff00ff) | (g & 0x00ff00);
        }
    }
}

static atl_code patch_of(const struct stitch_layer *thread, double px_per_mm, struct patch *patch,
                         struct atl_error *err)
{
    int room = (int)ceil(0.9 * px_per_mm) + 4;
    size_t size;

    patch->left = thread->left - room;
    patch->top = thread->top - room;
    patch->width = thread->width + 2 * room;
    patch->height = thread->height + 2 * room;
    size = (size_t)patch->width * (size_t)patch->height;
    patch->alpha = calloc(3, size);
    if (!patch->alpha)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a picture's shadows");
    patch->work = patch->alpha + size;
    patch->blurred = patch->work + size;
    for (int y = 0; y < thread->height; y++) {
        const uint32_t *from = thread->pixels + (size_t)y * (size_t)thread->width;
        uint8_t *to = patch->alpha + (size_t)(y + room) * (size_t)patch->width + room;

        for (int x = 0; x < thread->width; x++)
            to[x] = (uint8_t)(from[x] >> 24);
    }
    return ATL_OK;
}

atl_code stitch_cloth_lay(const struct stitch_layer *thread, double px_per_mm,
                          cairo_surface_t *surface, struct atl_error *err)
{
    struct patch patch = {0};
    atl_code rc = patch_of(thread, px_per_mm, &patch, err);

    if (rc)
        return rc;
    cairo_surface_flush(surface);
    for (size_t i = 0; i < sizeof shadows / sizeof shadows[0]; i++)
        throw_shadow(&patch, &shadows[i], px_per_mm, surface);
    lay_thread(thread, surface);
    cairo_surface_mark_dirty(surface);
    free(patch.alpha);
    return ATL_OK;
}
