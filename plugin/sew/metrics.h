// SPDX-License-Identifier: Apache-2.0
// How good a plan is, by figures alone: what a person who digitises would look at first.
#ifndef ATL_SEW_METRICS_H
#define ATL_SEW_METRICS_H

#include "plugin/stitch/plan.h"

#include "plugin/core/error.h"

struct sew_metrics {
    struct atl_plan_counts counts;
    double width_mm, height_mm;
    double shortest_mm, longest_mm, mean_mm; // stitches
    double share_good;                       // stitches of 0.3 to 7 mm
    double covered_mm2;                      // cloth under thread 0.40 mm wide
    double density;                          // mm of thread on a mm2 of what is covered
    double density_cv;                       // deviation / mean, over squares of 1 mm
    double density_p99;
    unsigned holes_max;            // needle points in the worst square of 1 mm
    double worst_x_mm, worst_y_mm; // its middle
};

ATL_MUST_USE atl_code sew_metrics_of(const struct atl_plan *plan, struct sew_metrics *out,
                                     struct atl_error *err);

#endif
