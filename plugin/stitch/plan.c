// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void atl_plan_init(struct atl_plan *plan)
{
    *plan = (struct atl_plan){0};
}

void atl_plan_free(struct atl_plan *plan)
{
    free(plan->acts);
    free(plan->threads);
    atl_plan_init(plan);
}

static void fail(struct atl_plan *plan, atl_code code, const char *why)
{
    if (!plan->why.code)
        (void)atl_fail(&plan->why, code, "%s", why);
}

static bool grow(struct atl_plan *plan, size_t need)
{
    size_t cap = plan->cap ? plan->cap : 256;
    struct atl_stitch *acts;

    while (cap < need)
        cap *= 2;
    if (cap > ATL_PLAN_ACTS_MAX)
        cap = ATL_PLAN_ACTS_MAX;
    acts = realloc(plan->acts, cap * sizeof *acts);
    if (!acts) {
        fail(plan, ATL_E_NOMEM, "out of memory for a stitch plan");
        return false;
    }
    plan->acts = acts;
    plan->cap = cap;
    return true;
}

void atl_plan_reserve(struct atl_plan *plan, size_t acts)
{
    if (acts > ATL_PLAN_ACTS_MAX)
        acts = ATL_PLAN_ACTS_MAX;
    if (!plan->why.code && acts > plan->cap)
        (void)grow(plan, acts);
}

static void push(struct atl_plan *plan, enum atl_needle act, int32_t x, int32_t y)
{
    if (plan->count == plan->cap) {
        if (plan->count == ATL_PLAN_ACTS_MAX) {
            fail(plan, ATL_E_UNSUPPORTED, "the design has more than 200000 stitches");
            return;
        }
        if (!grow(plan, plan->count + 1))
            return;
    }
    plan->acts[plan->count++] = (struct atl_stitch){x, y, act};
}

static bool last_is(const struct atl_plan *plan, enum atl_needle act)
{
    return plan->count && plan->acts[plan->count - 1].act == act;
}

struct atl_stitch atl_plan_last(const struct atl_plan *plan)
{
    return plan->count ? plan->acts[plan->count - 1] : (struct atl_stitch){0, 0, ATL_ACT_JUMP};
}

static bool may_add(struct atl_plan *plan, int32_t x, int32_t y)
{
    if (plan->why.code)
        return false;
    if (last_is(plan, ATL_ACT_END)) {
        fail(plan, ATL_E_INVALID, "the design goes on behind its end");
        return false;
    }
    if (x < -ATL_PLAN_REACH_DMM || x > ATL_PLAN_REACH_DMM || y < -ATL_PLAN_REACH_DMM ||
        y > ATL_PLAN_REACH_DMM) {
        fail(plan, ATL_E_UNSUPPORTED, "the design reaches further than 1 m from its start");
        return false;
    }
    return true;
}

void atl_plan_stitch(struct atl_plan *plan, int32_t x_dmm, int32_t y_dmm)
{
    if (!may_add(plan, x_dmm, y_dmm))
        return;
    push(plan, ATL_ACT_STITCH, x_dmm, y_dmm);
    plan->holds_thread = true;
}

void atl_plan_jump(struct atl_plan *plan, int32_t x_dmm, int32_t y_dmm)
{
    struct atl_stitch here;

    if (!may_add(plan, x_dmm, y_dmm))
        return;
    if (last_is(plan, ATL_ACT_JUMP))
        plan->count--; // jumps in a row are one
    here = atl_plan_last(plan);
    if (here.x_dmm != x_dmm || here.y_dmm != y_dmm)
        push(plan, ATL_ACT_JUMP, x_dmm, y_dmm);
}

// Puts a cut where the thread was last sewn, before a jump that already stands there.
static void cut(struct atl_plan *plan, enum atl_needle act)
{
    const bool has_jumped = last_is(plan, ATL_ACT_JUMP);
    struct atl_stitch target = {0};
    struct atl_stitch here;

    if (has_jumped)
        target = plan->acts[--plan->count];
    if (act != ATL_ACT_TRIM && last_is(plan, ATL_ACT_TRIM))
        plan->count--;
    here = atl_plan_last(plan);
    push(plan, act, here.x_dmm, here.y_dmm);
    if (has_jumped && act != ATL_ACT_END)
        push(plan, ATL_ACT_JUMP, target.x_dmm, target.y_dmm);
    plan->holds_thread = false;
}

void atl_plan_trim(struct atl_plan *plan)
{
    if (may_add(plan, 0, 0) && plan->holds_thread)
        cut(plan, ATL_ACT_TRIM);
}

void atl_plan_colour(struct atl_plan *plan)
{
    if (may_add(plan, 0, 0))
        cut(plan, ATL_ACT_COLOUR);
}

void atl_plan_stop(struct atl_plan *plan)
{
    if (may_add(plan, 0, 0))
        cut(plan, ATL_ACT_STOP);
}

void atl_plan_end(struct atl_plan *plan)
{
    if (may_add(plan, 0, 0))
        cut(plan, ATL_ACT_END);
}

void atl_plan_thread(struct atl_plan *plan, const struct atl_thread *thread)
{
    struct atl_thread *threads = plan->threads;

    if (plan->why.code)
        return;
    if (plan->thread_count == ATL_PLAN_THREADS_MAX) {
        fail(plan, ATL_E_UNSUPPORTED, "the design has more than 99 blocks of colour");
        return;
    }
    if (plan->thread_count == plan->thread_cap) {
        size_t cap = plan->thread_cap ? plan->thread_cap * 2 : 4;

        threads = realloc(plan->threads, cap * sizeof *threads);
        if (!threads) {
            fail(plan, ATL_E_NOMEM, "out of memory for a stitch plan");
            return;
        }
        plan->threads = threads;
        plan->thread_cap = cap;
    }
    threads[plan->thread_count++] = *thread;
}

atl_code atl_plan_built(const struct atl_plan *plan, struct atl_error *err)
{
    if (plan->why.code)
        return atl_fail(err, plan->why.code, "%s", plan->why.text);
    if (!last_is(plan, ATL_ACT_END))
        return atl_fail(err, ATL_E_INVALID, "the design has no end");
    return ATL_OK;
}

static atl_code check_length(const struct atl_plan *plan, size_t i, struct atl_error *err)
{
    const struct atl_stitch *to = &plan->acts[i];
    int32_t dx = abs(to->x_dmm - (i ? to[-1].x_dmm : 0));
    int32_t dy = abs(to->y_dmm - (i ? to[-1].y_dmm : 0));
    int32_t most = dx > dy ? dx : dy;

    if (most <= ATL_PLAN_STITCH_MAX_DMM)
        return ATL_OK;
    return atl_fail(err, ATL_E_INVALID,
                    "stitch %zu is %d.%d mm long; a machine sews 12.1 mm at most", i + 1,
                    (int)(most / 10), (int)(most % 10));
}

atl_code atl_plan_check(const struct atl_plan *plan, struct atl_error *err)
{
    size_t blocks = 1;
    bool is_empty = true;
    atl_code rc = atl_plan_built(plan, err);

    for (size_t i = 0; !rc && i < plan->count; i++) {
        enum atl_needle act = plan->acts[i].act;

        if (act == ATL_ACT_STITCH) {
            is_empty = false;
            rc = check_length(plan, i, err);
        } else if (act == ATL_ACT_COLOUR || act == ATL_ACT_STOP || act == ATL_ACT_END) {
            if (is_empty)
                return atl_fail(err, ATL_E_INVALID, "nothing is sewn in block %zu of the design",
                                blocks);
            is_empty = true;
            blocks += act == ATL_ACT_COLOUR;
        }
    }
    if (!rc && plan->thread_count != blocks)
        rc = atl_fail(err, ATL_E_INVALID, "the design has %zu threads for %zu blocks of colour",
                      plan->thread_count, blocks);
    return rc;
}

struct atl_plan_bounds atl_plan_bounds(const struct atl_plan *plan)
{
    struct atl_plan_bounds box = {0};
    bool is_first = true;

    for (size_t i = 0; i < plan->count; i++) {
        const struct atl_stitch *at = &plan->acts[i];

        if (at->act != ATL_ACT_STITCH)
            continue;
        if (is_first)
            box = (struct atl_plan_bounds){at->x_dmm, at->y_dmm, at->x_dmm, at->y_dmm};
        is_first = false;
        box.left_dmm = at->x_dmm < box.left_dmm ? at->x_dmm : box.left_dmm;
        box.right_dmm = at->x_dmm > box.right_dmm ? at->x_dmm : box.right_dmm;
        box.bottom_dmm = at->y_dmm < box.bottom_dmm ? at->y_dmm : box.bottom_dmm;
        box.top_dmm = at->y_dmm > box.top_dmm ? at->y_dmm : box.top_dmm;
    }
    return box;
}

static int32_t middle(int32_t low, int32_t high)
{
    int32_t sum = low + high;

    return sum < 0 ? -((1 - sum) / 2) : sum / 2; // rounds down
}

bool atl_plan_is_centred(const struct atl_plan *plan)
{
    struct atl_plan_bounds box = atl_plan_bounds(plan);

    return middle(box.left_dmm, box.right_dmm) == 0 && middle(box.bottom_dmm, box.top_dmm) == 0;
}

// Acts that do not move the needle before the first jump or stitch are at the start, which stays.
void atl_plan_centre(struct atl_plan *plan)
{
    struct atl_plan_bounds box = atl_plan_bounds(plan);
    int32_t dx = middle(box.left_dmm, box.right_dmm);
    int32_t dy = middle(box.bottom_dmm, box.top_dmm);
    struct atl_plan moved;
    bool has_moved = false;

    if (plan->why.code || (!dx && !dy))
        return;
    atl_plan_init(&moved);
    atl_plan_reserve(&moved, plan->count + 1);
    for (size_t i = 0; i < plan->count; i++) {
        struct atl_stitch at = plan->acts[i];
        bool moves = at.act == ATL_ACT_STITCH || at.act == ATL_ACT_JUMP;

        if (moves && !has_moved) // a first stitch away from the start was reached without a jump
            atl_plan_jump(&moved, at.x_dmm - dx, at.y_dmm - dy);
        has_moved = has_moved || moves;
        if (at.act == ATL_ACT_JUMP)
            atl_plan_jump(&moved, at.x_dmm - dx, at.y_dmm - dy);
        else if (at.act == ATL_ACT_STITCH)
            atl_plan_stitch(&moved, at.x_dmm - dx, at.y_dmm - dy);
        else
            cut(&moved, at.act);
    }
    if (moved.why.code)
        plan->why = moved.why;
    free(plan->acts);
    plan->acts = moved.acts; // now owned by plan
    plan->count = moved.count;
    plan->cap = moved.cap;
}

static double length_um(const struct atl_plan *plan, size_t i)
{
    const struct atl_stitch *to = &plan->acts[i];
    double dx = to->x_dmm - (i ? to[-1].x_dmm : 0);
    double dy = to->y_dmm - (i ? to[-1].y_dmm : 0);

    return 100.0 * sqrt(dx * dx + dy * dy);
}

struct atl_plan_counts atl_plan_counts(const struct atl_plan *plan)
{
    struct atl_plan_counts counts = {0};
    double thread = 0;
    double longest = 0;

    for (size_t i = 0; i < plan->count; i++) {
        switch (plan->acts[i].act) {
        case ATL_ACT_STITCH:
            counts.stitches++;
            thread += length_um(plan, i);
            longest = fmax(longest, length_um(plan, i));
            break;
        case ATL_ACT_JUMP:
            counts.jumps++;
            break;
        case ATL_ACT_TRIM:
            counts.trims++;
            break;
        case ATL_ACT_COLOUR:
            counts.colour_changes++;
            break;
        case ATL_ACT_STOP:
            counts.stops++;
            break;
        case ATL_ACT_END:
            break;
        }
    }
    counts.thread_um = (uint64_t)(thread + 0.5);
    counts.longest_um = (uint32_t)(longest + 0.5);
    return counts;
}

uint32_t atl_plan_seconds(const struct atl_plan *plan, const struct atl_sewing_speed *speed)
{
    struct atl_plan_counts counts = atl_plan_counts(plan);
    uint64_t seconds;

    if (!speed->stitches_per_minute)
        return 0;
    seconds = ((uint64_t)counts.stitches * 60 + speed->stitches_per_minute - 1) /
              speed->stitches_per_minute;
    seconds += (uint64_t)(counts.colour_changes + counts.stops) * speed->colour_change_s;
    seconds += (uint64_t)counts.trims * speed->trim_s;
    return seconds > UINT32_MAX ? UINT32_MAX : (uint32_t)seconds;
}

bool atl_plan_sews_same(const struct atl_plan *a, const struct atl_plan *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (a->acts[i].act != b->acts[i].act || a->acts[i].x_dmm != b->acts[i].x_dmm ||
            a->acts[i].y_dmm != b->acts[i].y_dmm)
            return false;
    }
    return true;
}
