// SPDX-License-Identifier: Apache-2.0
// Cloth that no photograph was taken of: a plain weave, thread over thread, each a little
// different, softly lit from above. Always the same cloth: the noise is a hash of the place.
#include "plugin/render/proof_parts.h"

#include <math.h>

enum { THREAD_PX = 4 };

static uint32_t scramble(uint32_t value)
{
    value ^= value >> 16;
    value *= 0x7feb352du;
    value ^= value >> 15;
    value *= 0x846ca68bu;
    return value ^ value >> 16;
}

// -1..1
static double noise(uint32_t a, uint32_t b)
{
    return (double)(scramble(a * 0x9e3779b9u + scramble(b)) >> 8) / 8388608.0 - 1.0;
}

// How light the thread is across its width: round, so darker at its edges.
static double roundness(int within)
{
    static const double profile[THREAD_PX] = {-0.9, 0.5, 0.9, -0.2};

    return profile[within % THREAD_PX];
}

// Light of the weave at one pixel, about -1..1.
static double weave(uint32_t x, uint32_t y)
{
    uint32_t column = x / THREAD_PX;
    uint32_t row = y / THREAD_PX;
    bool is_warp = (column + row) % 2 == 0;
    double light = is_warp ? roundness((int)(x % THREAD_PX)) : roundness((int)(y % THREAD_PX));

    light *= 0.55;
    light += (is_warp ? 0.28 : 0.42) * noise(is_warp ? column : row, is_warp ? 11 : 23);
    // Threads are thicker here and thinner there.
    light += 0.22 * noise(is_warp ? column * 7919 + y / 23 : row * 7919 + x / 29, is_warp);
    return light;
}

// Less light towards the corners, a little more above the middle.
static double shade(double x, double y)
{
    double dx = x - 0.5;
    double dy = y - 0.42;

    return 0.035 - 0.22 * (dx * dx + dy * dy);
}

static unsigned channel(double colour, double light)
{
    // Dark cloth has light threads, too: so some light is added, some is multiplied.
    double value = colour * (1 + light) + light * 26;

    return value < 0 ? 0 : value > 255 ? 255 : (unsigned)value;
}

void proof_fabric(cairo_surface_t *surface, int width, int height, uint32_t rgb)
{
    uint8_t *data;
    int stride;

    cairo_surface_flush(surface);
    data = cairo_image_surface_get_data(surface);
    stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < height; y++) {
        uint32_t *row = (uint32_t *)(void *)(data + (size_t)y * (size_t)stride);

        for (int x = 0; x < width; x++) {
            double light = 0.05 * weave((uint32_t)x, (uint32_t)y) +
                           shade((double)x / width, (double)y / height);

            row[x] = channel(rgb >> 16 & 0xff, light) << 16 | channel(rgb >> 8 & 0xff, light) << 8 |
                     channel(rgb & 0xff, light);
        }
    }
    cairo_surface_mark_dirty(surface);
}
