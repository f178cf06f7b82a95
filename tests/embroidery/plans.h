// SPDX-License-Identifier: Apache-2.0
// Plans for tests: random ones, which are the same at every run, and a small one by hand.
#ifndef ATL_TESTS_EMBROIDERY_PLANS_H
#define ATL_TESTS_EMBROIDERY_PLANS_H

#include "drivers/stitch.h"

enum {
    PLAN_WITH_STOPS = 1,      // EXP has one word for stop and change
    PLAN_WITH_LONG_JUMPS = 2, // without a trim; some formats make a trim of them
};

// A centred plan that can be sewn, with up to `most` acts; *plan is the caller's to free.
void plan_random(uint32_t seed, unsigned most, unsigned with, struct atl_plan *plan);

// Two colours, a trim with a jump, a stop; 40.0 x 20.0 mm.
void plan_by_hand(struct atl_plan *plan);

// The n-th thread of a short list of different ones.
struct atl_thread plan_thread(unsigned n);

#endif
