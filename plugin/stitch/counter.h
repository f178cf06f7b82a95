// SPDX-License-Identifier: Apache-2.0
// Counters stay open: where a letter's edges lie closer to each other than two threads, a column is
// widened less than the cloth would have it, or the thread of both sides meets and a bar is read
// with the next one as one.
#ifndef ATL_STITCH_COUNTER_H
#define ATL_STITCH_COUNTER_H

#include "plugin/stitch/column.h"
#include "plugin/stitch/fabric.h"

// After the claim. Takes from the reach of rungs what their widening would close. false: no memory.
bool atl_columns_spare(struct atl_columns *columns, const struct atl_shape *shape,
                       const struct atl_part *part, const struct atl_fabric *fabric,
                       struct atl_arena *arena);

#endif
