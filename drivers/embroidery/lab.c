// SPDX-License-Identifier: Apache-2.0
// sRGB (IEC 61966-2-1) to CIE XYZ under D65, to L*a*b* (CIE 15).
#include "drivers/thread_chart.h"

#include <math.h>

static double linear(uint32_t byte)
{
    double value = byte / 255.0;

    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double bent(double t)
{
    const double delta = 6.0 / 29.0;

    return t > delta * delta * delta ? cbrt(t) : t / (3 * delta * delta) + 4.0 / 29.0;
}

struct atl_lab atl_lab_of(uint32_t rgb)
{
    double r = linear(rgb >> 16 & 0xff);
    double g = linear(rgb >> 8 & 0xff);
    double b = linear(rgb & 0xff);
    double x = bent((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    double y = bent(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
    double z = bent((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);

    return (struct atl_lab){116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double atl_lab_distance(struct atl_lab one, struct atl_lab other)
{
    double l = one.l - other.l;
    double a = one.a - other.a;
    double b = one.b - other.b;

    return sqrt(l * l + a * a + b * b);
}
