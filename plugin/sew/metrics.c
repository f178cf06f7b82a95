// SPDX-License-Identifier: Apache-2.0
// Squares of 1 mm, each of fine cells that thread covers or not. Large designs get coarser cells.
#include "plugin/sew/metrics.h"

#include <math.h>
#include <stdlib.h>

enum { CELLS_MAX = 1 << 24, FINE = 10, COARSE = 2 };
#define HALF_THREAD_MM 0.20
#define STEP_MM        0.05
#define COVERED_LOW    0.5 // share of a square that counts for the spread

struct grid {
    double left, bottom;
    int fine;         // cells a mm
    int wide, high;   // squares
    uint8_t *covered; // cells
    double *thread;   // mm in each square
    uint32_t *holes;  // needle points
};

static atl_code make_grid(const struct atl_plan *plan, struct grid *grid, struct atl_error *err)
{
    struct atl_plan_bounds box = atl_plan_bounds(plan);
    size_t squares, cells;

    grid->left = box.left_dmm / 10.0 - 1;
    grid->bottom = box.bottom_dmm / 10.0 - 1;
    grid->wide = (box.right_dmm - box.left_dmm) / 10 + 3;
    grid->high = (box.top_dmm - box.bottom_dmm) / 10 + 3;
    squares = (size_t)grid->wide * (size_t)grid->high;
    grid->fine = squares * FINE * FINE <= CELLS_MAX ? FINE : COARSE;
    cells = squares * (size_t)grid->fine * (size_t)grid->fine;
    grid->covered = calloc(cells, 1);
    grid->thread = calloc(squares, sizeof *grid->thread);
    grid->holes = calloc(squares, sizeof *grid->holes);
    return grid->covered && grid->thread && grid->holes
               ? ATL_OK
               : atl_fail(err, ATL_E_NOMEM, "out of memory for the figures of a design");
}

static void free_grid(struct grid *grid)
{
    free(grid->covered);
    free(grid->thread);
    free(grid->holes);
}

static size_t square_at(const struct grid *grid, double x, double y)
{
    return (size_t)(y - grid->bottom) * (size_t)grid->wide + (size_t)(x - grid->left);
}

static void cover(struct grid *grid, double x, double y)
{
    double reach = HALF_THREAD_MM * grid->fine;
    double cx = (x - grid->left) * grid->fine, cy = (y - grid->bottom) * grid->fine;

    for (int row = (int)(cy - reach); row <= cy + reach; row++) {
        for (int column = (int)(cx - reach); column <= cx + reach; column++) {
            double dx = column + 0.5 - cx, dy = row + 0.5 - cy;

            if (dx * dx + dy * dy <= reach * reach)
                grid->covered[(size_t)row * (size_t)(grid->wide * grid->fine) + (size_t)column] = 1;
        }
    }
}

static void lay(struct grid *grid, double x1, double y1, double x2, double y2)
{
    double length = hypot(x2 - x1, y2 - y1);
    int steps = (int)ceil(length / STEP_MM);

    for (int i = 0; i < steps; i++) {
        double share = (i + 0.5) / steps;
        double x = x1 + (x2 - x1) * share, y = y1 + (y2 - y1) * share;

        grid->thread[square_at(grid, x, y)] += length / steps;
        cover(grid, x, y);
    }
}

static void walk(const struct atl_plan *plan, struct grid *grid, struct sew_metrics *out)
{
    bool holds = false;
    double x = 0, y = 0, total = 0;
    uint32_t count = 0, good = 0;

    for (size_t i = 0; i < plan->count; i++) {
        const struct atl_stitch *act = &plan->acts[i];
        double to_x = act->x_dmm / 10.0, to_y = act->y_dmm / 10.0;
        double length = hypot(to_x - x, to_y - y);

        if (act->act == ATL_ACT_JUMP)
            continue;
        if (act->act == ATL_ACT_STITCH) {
            grid->holes[square_at(grid, to_x, to_y)]++;
            if (holds)
                lay(grid, x, y, to_x, to_y);
            if (holds && length > 0) { // what is sewn twice at one place is a lock
                out->shortest_mm = count ? fmin(out->shortest_mm, length) : length;
                total += length;
                good += length >= 0.25 && length <= 7.05; // the grid rounds by so much
                count++;
            }
            x = to_x;
            y = to_y;
        }
        holds = act->act == ATL_ACT_STITCH;
    }
    out->longest_mm = out->counts.longest_um / 1000.0;
    out->mean_mm = count ? total / count : 0;
    out->share_good = count ? (double)good / count : 0;
}

static double covered_in(const struct grid *grid, int x, int y)
{
    size_t row = (size_t)(grid->wide * grid->fine);
    int count = 0;

    for (int i = 0; i < grid->fine; i++) {
        for (int k = 0; k < grid->fine; k++)
            count +=
                grid->covered[(size_t)(y * grid->fine + i) * row + (size_t)(x * grid->fine + k)];
    }
    return (double)count / (grid->fine * grid->fine);
}

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;

    return (one > other) - (one < other);
}

static void spread(double *dense, size_t count, struct sew_metrics *out)
{
    double sum = 0, squares = 0;

    for (size_t i = 0; i < count; i++) {
        sum += dense[i];
        squares += dense[i] * dense[i];
    }
    if (!count)
        return;
    qsort(dense, count, sizeof *dense, by_size);
    out->density_p99 = dense[(count - 1) * 99 / 100];
    sum /= (double)count;
    out->density_cv = sqrt(fmax(0, squares / (double)count - sum * sum)) / sum;
}

static atl_code judge(const struct grid *grid, struct sew_metrics *out, struct atl_error *err)
{
    double *dense = calloc((size_t)grid->wide * (size_t)grid->high, sizeof *dense);
    double thread = 0;
    size_t count = 0;

    if (!dense)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for the figures of a design");
    for (int y = 0; y < grid->high; y++) {
        for (int x = 0; x < grid->wide; x++) {
            size_t at = (size_t)y * (size_t)grid->wide + (size_t)x;
            double covered = covered_in(grid, x, y);

            thread += grid->thread[at];
            out->covered_mm2 += covered;
            if (covered >= COVERED_LOW)
                dense[count++] = grid->thread[at] / covered;
            if (grid->holes[at] > out->holes_max) {
                out->holes_max = grid->holes[at];
                out->worst_x_mm = grid->left + x + 0.5;
                out->worst_y_mm = grid->bottom + y + 0.5;
            }
        }
    }
    out->density = out->covered_mm2 > 0 ? thread / out->covered_mm2 : 0;
    spread(dense, count, out);
    free(dense);
    return ATL_OK;
}

atl_code sew_metrics_of(const struct atl_plan *plan, struct sew_metrics *out, struct atl_error *err)
{
    struct atl_plan_bounds box = atl_plan_bounds(plan);
    struct sew_metrics made = {
        .counts = atl_plan_counts(plan),
        .width_mm = (box.right_dmm - box.left_dmm) / 10.0,
        .height_mm = (box.top_dmm - box.bottom_dmm) / 10.0,
    };
    struct grid grid = {0};
    atl_code rc = make_grid(plan, &grid, err);

    if (!rc) {
        walk(plan, &grid, &made);
        rc = judge(&grid, &made, err);
    }
    free_grid(&grid);
    if (!rc)
        *out = made;
    return rc;
}
