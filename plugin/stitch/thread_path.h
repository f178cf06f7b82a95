// SPDX-License-Identifier: Apache-2.0
// From needle points in mm to acts of a plan: rounded once, no stitch too short or too long, tied
// in and off around each cut, and cut where the way to the next block is long.
#ifndef ATL_STITCH_THREAD_PATH_H
#define ATL_STITCH_THREAD_PATH_H

#include "plugin/stitch/fabric.h"
#include "plugin/stitch/geom.h"
#include "plugin/stitch/plan.h"

struct atl_thread_path {
    struct atl_plan *plan; // borrowed
    const struct atl_fabric *fabric;
    struct atl_vec last, before; // the last two needle points
    bool has_begun;
};

void atl_thread_path_init(struct atl_thread_path *path, struct atl_plan *plan,
                          const struct atl_fabric *fabric);
void atl_thread_path_add(struct atl_thread_path *path, const struct atl_vec *points,
                         size_t n);                     // one block
void atl_thread_path_end(struct atl_thread_path *path); // ties off and ends the plan

#endif
