// SPDX-License-Identifier: Apache-2.0
// A JEF reader with a planted fault; it takes the place of ours in the program it is linked into.
#include "tests/embroidery/drifting_jef.h"

#include "drivers/embroidery/parts.h"

bool drifting_jef_drifts;

static void drifting_add(struct atl_plan *plan, enum atl_needle act, int32_t dx, int32_t dy)
{
    stitch_add(plan, act, dx + (drifting_jef_drifts && plan->count == 4), dy);
}

#define stitch_add drifting_add
#include "drivers/embroidery/jef.c"
