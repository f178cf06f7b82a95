// SPDX-License-Identifier: Apache-2.0
#include "tests/embroidery/plans.h"

#include <stdio.h>
#include <stdlib.h>

static uint32_t next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static int32_t between(uint32_t *state, int32_t low, int32_t high)
{
    return low + (int32_t)(next(state) % (uint32_t)(high - low + 1));
}

struct atl_thread plan_thread(unsigned n)
{
    static const uint32_t colours[] = {0x2d3541, 0xad1d31, 0xf4cbcd, 0x00714a, 0xfff3e0, 0x2f3032};
    struct atl_thread thread = {.rgb = colours[n % 6]};

    snprintf(thread.chart, sizeof thread.chart, "Madeira Polyneon 40");
    snprintf(thread.number, sizeof thread.number, "%u", 1640 + n);
    snprintf(thread.name, sizeof thread.name, "Colour %u", n);
    return thread;
}

static int32_t kept(int32_t value)
{
    return value < -700 ? -700 : value > 700 ? 700 : value;
}

static void stitches(struct atl_plan *plan, uint32_t *state, unsigned count)
{
    static const int32_t reach[] = {5, 40, 63, 64, 121};

    for (unsigned i = 0; i < count; i++) {
        struct atl_stitch here = atl_plan_last(plan);
        int32_t far = reach[next(state) % 5];

        atl_plan_stitch(plan, kept(here.x_dmm + between(state, -far, far)),
                        kept(here.y_dmm + between(state, -far, far)));
    }
}

static void jump(struct atl_plan *plan, uint32_t *state, int32_t far)
{
    struct atl_stitch here = atl_plan_last(plan);

    atl_plan_jump(plan, kept(here.x_dmm + between(state, -far, far)),
                  kept(here.y_dmm + between(state, -far, far)));
}

void plan_random(uint32_t seed, unsigned most, unsigned with, struct atl_plan *plan)
{
    uint32_t state = seed * 2654435761u + 1;
    unsigned threads = 0;
    struct atl_thread thread = plan_thread(threads++);

    atl_plan_init(plan);
    atl_plan_thread(plan, &thread);
    if (next(&state) % 2)
        jump(plan, &state, 600);
    stitches(plan, &state, 1 + next(&state) % 20);
    while (plan->count + 40 < most) {
        switch (next(&state) % 8) {
        case 0:
            if (threads < 20) {
                thread = plan_thread(threads++);
                atl_plan_colour(plan);
                atl_plan_thread(plan, &thread);
                jump(plan, &state, 500);
            }
            break;
        case 1:
            if (with & PLAN_WITH_STOPS)
                atl_plan_stop(plan);
            break;
        case 2:
            jump(plan, &state, with & PLAN_WITH_LONG_JUMPS ? 1300 : 100);
            break;
        default:
            atl_plan_trim(plan);
            if (next(&state) % 4)
                jump(plan, &state, 900);
        }
        stitches(plan, &state, 1 + next(&state) % 20);
    }
    atl_plan_end(plan);
    // A point on either side brings the middle to 0,0 for good; then the walk may begin anywhere.
    atl_plan_centre(plan);
}

void plan_by_hand(struct atl_plan *plan)
{
    struct atl_thread red = plan_thread(1);
    struct atl_thread green = plan_thread(3);

    atl_plan_init(plan);
    atl_plan_thread(plan, &red);
    atl_plan_thread(plan, &green);
    atl_plan_jump(plan, -200, -100);
    for (int32_t i = 0; i <= 4; i++)
        atl_plan_stitch(plan, -200 + 20 * i, -100 + 50 * i);
    atl_plan_trim(plan);
    atl_plan_jump(plan, 100, 0);
    atl_plan_stitch(plan, 100, 0);
    atl_plan_stitch(plan, 120, 30);
    atl_plan_colour(plan);
    atl_plan_jump(plan, 150, 50);
    atl_plan_stitch(plan, 150, 50);
    atl_plan_stitch(plan, 200, 60);
    atl_plan_stop(plan);
    atl_plan_stitch(plan, 190, 70);
    atl_plan_end(plan);
}
