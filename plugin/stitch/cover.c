// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/cover.h"

#define PER_MM   20.0
#define MARGIN   1.0 // mm around the part
#define SIDE_MAX 4096.0

static void fill_row(struct atl_cover *cover, int32_t y, double from, double to, uint8_t bit)
{
    double a = ceil((from - cover->low.x) * cover->per_mm - 0.5);
    double b = floor((to - cover->low.x) * cover->per_mm - 0.5);
    int32_t x0 = (int32_t)clamp(a, 0, cover->width);
    int32_t x1 = (int32_t)clamp(b, -1, cover->width - 1);

    for (int32_t x = x0; x <= x1; x++)
        cover->dots[(size_t)y * (size_t)cover->width + (size_t)x] |= bit;
}

static double row_y(const struct atl_cover *cover, int32_t y)
{
    return cover->low.y + (y + 0.5) / cover->per_mm;
}

// Pairs of crossings, row by row; a row of a letter crosses its outline a few times only.
static void fill_inside(struct atl_cover *cover, const struct atl_part *part)
{
    enum { MOST = 128 };

    for (int32_t row = 0; row < cover->height; row++) {
        double y = row_y(cover, row);
        double at[MOST];
        size_t n = 0;

        for (size_t c = 0; c < part->count; c++) {
            for (size_t i = part->starts[c]; i < part->starts[c + 1] && n < MOST; i++) {
                struct atl_vec a = part->p[i];
                struct atl_vec b = part->p[i + 1 < part->starts[c + 1] ? i + 1 : part->starts[c]];

                if ((a.y > y) != (b.y > y)) {
                    double x = a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y);
                    size_t k = n++;

                    for (; k && at[k - 1] > x; k--)
                        at[k] = at[k - 1];
                    at[k] = x;
                }
            }
        }
        for (size_t i = 0; i + 1 < n; i += 2)
            fill_row(cover, row, at[i], at[i + 1], ATL_COVER_INSIDE);
    }
}

bool atl_cover_make(const struct atl_part *part, struct atl_arena *arena, struct atl_cover *out)
{
    struct atl_vec size = vec_sub(part->high, part->low);
    double side = fmax(size.x, size.y) + 2 * MARGIN;
    struct atl_cover cover = {.per_mm = fmin(PER_MM, SIDE_MAX / side)};

    cover.low = (struct atl_vec){part->low.x - MARGIN, part->low.y - MARGIN};
    cover.width = (int32_t)ceil((size.x + 2 * MARGIN) * cover.per_mm);
    cover.height = (int32_t)ceil((size.y + 2 * MARGIN) * cover.per_mm);
    cover.dots = atl_arena_get(arena, (size_t)cover.width * (size_t)cover.height, 1);
    if (!cover.dots)
        return false;
    fill_inside(&cover, part);
    *out = cover;
    return true;
}

uint8_t atl_cover_at(const struct atl_cover *cover, struct atl_vec p)
{
    double x = floor((p.x - cover->low.x) * cover->per_mm);
    double y = floor((p.y - cover->low.y) * cover->per_mm);

    if (x < 0 || y < 0 || x >= cover->width || y >= cover->height)
        return 0;
    return cover->dots[(size_t)y * (size_t)cover->width + (size_t)x];
}

void atl_cover_fill(struct atl_cover *cover, const struct atl_vec quad[4], uint8_t bit)
{
    double low = INFINITY, high = -INFINITY;
    int32_t from, to;

    for (int k = 0; k < 4; k++) {
        low = fmin(low, quad[k].y);
        high = fmax(high, quad[k].y);
    }
    from = (int32_t)clamp(ceil((low - cover->low.y) * cover->per_mm - 0.5), 0, cover->height);
    to = (int32_t)clamp(floor((high - cover->low.y) * cover->per_mm - 0.5), -1, cover->height - 1);
    for (int32_t row = from; row <= to; row++) {
        double y = row_y(cover, row);
        double left = INFINITY, right = -INFINITY;

        for (int k = 0; k < 4; k++) {
            struct atl_vec a = quad[k];
            struct atl_vec b = quad[(k + 1) % 4];

            if ((a.y > y) != (b.y > y)) {
                double x = a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y);

                left = fmin(left, x);
                right = fmax(right, x);
            }
        }
        if (left <= right)
            fill_row(cover, row, left, right, bit);
    }
}

void atl_cover_clear(struct atl_cover *cover)
{
    for (size_t i = 0; i < (size_t)cover->width * (size_t)cover->height; i++)
        cover->dots[i] &= ATL_COVER_INSIDE;
}

struct atl_cover_areas atl_cover_areas(const struct atl_cover *cover)
{
    size_t count[4] = {0};
    double dot = 1 / (cover->per_mm * cover->per_mm);

    for (size_t i = 0; i < (size_t)cover->width * (size_t)cover->height; i++)
        count[cover->dots[i] & 3]++;
    return (struct atl_cover_areas){
        .missed = dot * (double)count[ATL_COVER_INSIDE],
        .over = dot * (double)count[ATL_COVER_CLAIMED],
        .inside = dot * (double)(count[ATL_COVER_INSIDE] + count[3]),
    };
}
