// SPDX-License-Identifier: Apache-2.0
// Rows of running stitches over a whole part: for what is no column. Rows of one section are sewn
// to and fro; a new section begins where the outline splits or joins.
#include "plugin/stitch/satin.h"

#include <stdlib.h>

#define ANGLE  0.35 // rad
#define ROW    0.36 // mm
#define STITCH 3.5

enum { CROSSINGS = 64, OPEN_MAX = 32 };

struct stretch {
    double from, to;
};

struct section {
    size_t block; // SIZE_MAX: closed
    struct stretch last;
    bool is_back;
};

struct rows {
    const struct atl_part *part;
    const struct atl_fabric *fabric;
    struct atl_vec way, up;
    struct atl_blocks *sections; // one block a section, filled row by row
    size_t count;
};

static size_t cross_row(const struct atl_part *part, struct atl_vec way, struct atl_vec up,
                        double at, double x[CROSSINGS])
{
    size_t n = 0;

    for (size_t c = 0; c < part->count; c++) {
        for (size_t i = part->starts[c]; i < part->starts[c + 1] && n < CROSSINGS; i++) {
            struct atl_vec a = part->p[i];
            struct atl_vec b = part->p[i + 1 < part->starts[c + 1] ? i + 1 : part->starts[c]];
            double ya = vec_dot(a, up) - at, yb = vec_dot(b, up) - at;

            if ((ya > 0) != (yb > 0)) {
                double v = vec_dot(vec_mix(a, b, ya / (ya - yb)), way);
                size_t k = n++;

                for (; k && x[k - 1] > v; k--)
                    x[k] = x[k - 1];
                x[k] = v;
            }
        }
    }
    return n & ~(size_t)1;
}

static void sew_row(const struct rows *r, struct atl_blocks *out, struct stretch s, double at,
                    size_t row, bool is_back)
{
    double first = floor(s.from / STITCH) * STITCH + (double)(row % 4) / 4 * STITCH;
    double xs[256];
    size_t n = 0;

    xs[n++] = s.from;
    for (double x = first; x < s.to - 0.5 && n < 255; x += STITCH) {
        if (x > s.from + 0.5)
            xs[n++] = x;
    }
    xs[n++] = s.to;
    for (size_t i = 0; i < n; i++) {
        double x = xs[is_back ? n - 1 - i : i];

        atl_contours_add(out, vec_add(vec_mul(r->way, x), vec_mul(r->up, at)));
    }
}

static bool touches(struct stretch a, struct stretch b)
{
    return a.from < b.to && a.to > b.from;
}

// The open section that this stretch alone goes on with; SIZE_MAX for a new one.
static size_t goes_on(const struct section *open, size_t n, struct stretch s,
                      const struct stretch *row, size_t row_n)
{
    size_t found = SIZE_MAX;

    for (size_t i = 0; i < n; i++) {
        size_t others = 0;

        if (!touches(open[i].last, s))
            continue;
        if (found != SIZE_MAX)
            return SIZE_MAX;
        for (size_t k = 0; k < row_n; k++)
            others += touches(open[i].last, row[k]);
        if (others != 1)
            return SIZE_MAX;
        found = i;
    }
    return found;
}

static bool sew_rows(struct rows *r, double low, double high, size_t most)
{
    struct section open[OPEN_MAX];
    size_t open_n = 0, row = 0;

    for (double at = low + ROW / 2; at < high; at += ROW, row++) {
        double x[CROSSINGS];
        struct stretch here[OPEN_MAX];
        struct section next[OPEN_MAX];
        size_t n = cross_row(r->part, r->way, r->up, at, x) / 2, kept = 0;

        for (size_t i = 0; i < n && kept < OPEN_MAX; i++) {
            struct stretch s = {x[2 * i] - r->fabric->pull_mm, x[2 * i + 1] + r->fabric->pull_mm};

            if (s.to - s.from > 2 * r->fabric->pull_mm + 0.1)
                here[kept++] = s;
        }
        for (size_t i = 0; i < kept; i++) {
            size_t k = goes_on(open, open_n, here[i], here, kept);

            if (k == SIZE_MAX && r->count == most)
                return false;
            next[i] = k != SIZE_MAX ? open[k] : (struct section){r->count++, here[i], false};
            if (k == SIZE_MAX)
                atl_contours_begin(&r->sections[next[i].block]);
            if (r->sections[next[i].block].failed)
                return false;
            sew_row(r, &r->sections[next[i].block], here[i], at, row, next[i].is_back);
            next[i].is_back = !next[i].is_back;
            next[i].last = here[i];
        }
        for (size_t i = 0; i < kept; i++)
            open[i] = next[i];
        open_n = kept;
    }
    return true;
}

bool atl_fill(const struct atl_part *part, const struct atl_fabric *fabric, struct atl_arena *arena,
              struct atl_blocks *out)
{
    enum { SECTIONS = 64 };
    struct rows r = {.part = part, .fabric = fabric};
    double low = INFINITY, high = -INFINITY;
    bool is_good;

    r.way = (struct atl_vec){cos(ANGLE), sin(ANGLE)};
    r.up = vec_left(r.way);
    r.sections = atl_arena_get(arena, SECTIONS, sizeof *r.sections);
    if (!r.sections)
        return false;
    for (size_t i = 0; i < part->starts[1]; i++) {
        low = fmin(low, vec_dot(part->p[i], r.up));
        high = fmax(high, vec_dot(part->p[i], r.up));
    }
    is_good = sew_rows(&r, low, high, SECTIONS);
    for (size_t i = 0; i < r.count; i++) {
        struct atl_blocks *s = &r.sections[i];

        is_good = is_good && !s->failed && !s->points.failed;
        if (is_good && s->points.n > 1) {
            atl_contours_begin(out);
            for (size_t k = 0; k < s->points.n && !out->failed; k++)
                atl_contours_add(out, s->points.p[k]);
        }
        atl_contours_free(s);
    }
    return is_good && !out->failed && !out->points.failed;
}
