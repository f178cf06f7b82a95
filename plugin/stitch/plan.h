// SPDX-License-Identifier: Apache-2.0
// A stitch plan: what an embroidery machine does, act by act, before it is a file of any maker.
//
// Unit: dmm, a tenth of a millimetre, because every stitch file counts in it (VP3 writes um, but
// in steps of 100). Lettering rounds once, when it adds a stitch, and from there on proof, file
// and machine agree to the last digit. x grows to the right, y grows UP, 0,0 is the middle of the
// hoop, where the machine starts. Positions are absolute; no one adds up rounded differences.
//
// The builder keeps a plan in one normal form, so that two plans which sew the same are the same:
//
//     [JUMP] STITCH+ { ( TRIM [JUMP] | JUMP | (COLOUR|STOP) [JUMP] ) STITCH+ } END
//
// COLOUR, STOP and END cut the thread themselves: a TRIM before them is dropped, a JUMP before a
// COLOUR moves behind it. A JUMP to where the needle is already is dropped; jumps in a row are one.
//
// Pure memory, no I/O, any thread. A builder fails stickily; atl_plan_check() is asked once.
#ifndef ATL_STITCH_PLAN_H
#define ATL_STITCH_PLAN_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ATL_PLAN_ACTS_MAX = 200000,   // stitches and all other acts together
    ATL_PLAN_THREADS_MAX = 99,    // blocks of colour: JEF and PEC hold no more
    ATL_PLAN_REACH_DMM = 10000,   // no position is further than 1 m from the start
    ATL_PLAN_STITCH_MAX_DMM = 121 // one record of a DST file, along one axis
};

enum atl_needle {
    ATL_ACT_STITCH, // the needle goes down at x,y
    ATL_ACT_JUMP,   // the frame moves to x,y, no needle, the thread is not cut
    ATL_ACT_TRIM,   // the thread is cut where the needle is
    ATL_ACT_COLOUR, // cut, the next thread of the list
    ATL_ACT_STOP,   // cut, the machine waits for a person, the same thread
    ATL_ACT_END,
};

struct atl_stitch {
    int32_t x_dmm; // where the needle is after this act, also for those that do not move it
    int32_t y_dmm;
    enum atl_needle act;
};

// Strings are UTF-8 from a thread chart; never a guest's.
struct atl_thread {
    uint32_t rgb;    // 0xRRGGBB
    char chart[24];  // "Madeira Polyneon", "" when it is not known
    char number[12]; // "1640"
    char name[32];   // "Black"
};

struct atl_plan {
    struct atl_stitch *acts; // owned
    size_t count;
    size_t cap;
    struct atl_thread *threads; // owned; one for each block of colour, in the order of sewing
    size_t thread_count;
    size_t thread_cap;
    bool holds_thread;    // sewn since the last cut
    struct atl_error why; // code is not ATL_OK: the builder failed, and nothing is added any more
};

void atl_plan_init(struct atl_plan *plan);
void atl_plan_free(struct atl_plan *plan); // safe on a freed or zeroed one

// The builder. All keep the normal form.
void atl_plan_stitch(struct atl_plan *plan, int32_t x_dmm, int32_t y_dmm);
void atl_plan_jump(struct atl_plan *plan, int32_t x_dmm, int32_t y_dmm);
void atl_plan_trim(struct atl_plan *plan);
void atl_plan_colour(struct atl_plan *plan);
void atl_plan_stop(struct atl_plan *plan);
void atl_plan_end(struct atl_plan *plan);
void atl_plan_thread(struct atl_plan *plan, const struct atl_thread *thread); // copied

// Makes room for so many acts; a hint, never needed. More than the limit is taken as the limit.
void atl_plan_reserve(struct atl_plan *plan, size_t acts);

// Only what the builder met: out of memory, over a limit, an act behind the end, no end.
// Readers of foreign files ask this one.
ATL_MUST_USE atl_code atl_plan_built(const struct atl_plan *plan, struct atl_error *err);

// Whether a machine can sew it: built, every block of colour sews something and has its thread,
// no stitch longer than ATL_PLAN_STITCH_MAX_DMM along an axis. The sentence names the stitch.
ATL_MUST_USE atl_code atl_plan_check(const struct atl_plan *plan, struct atl_error *err);

// Where the last act left the needle; 0,0 at the start.
struct atl_stitch atl_plan_last(const struct atl_plan *plan);

// The box of all needle points; all 0 when nothing is sewn.
struct atl_plan_bounds {
    int32_t left_dmm, bottom_dmm, right_dmm, top_dmm;
};
struct atl_plan_bounds atl_plan_bounds(const struct atl_plan *plan);

// Moves everything so that the box of needle points has its middle at 0,0 (an odd width leaves
// 0.1 mm more to the right, an odd height to the top).
void atl_plan_centre(struct atl_plan *plan);
bool atl_plan_is_centred(const struct atl_plan *plan);

struct atl_plan_counts {
    uint32_t stitches;
    uint32_t jumps;
    uint32_t trims;
    uint32_t colour_changes;
    uint32_t stops;
    uint32_t longest_um; // the longest stitch, as the crow flies
    uint64_t thread_um;  // upper thread that lies on the cloth: the stitches' lengths together
};
struct atl_plan_counts atl_plan_counts(const struct atl_plan *plan);

// What a machine takes for it. 0 stitches a minute: 0 seconds, nobody knows.
struct atl_sewing_speed {
    uint32_t stitches_per_minute;
    uint32_t colour_change_s; // also for a stop; a person's time on a machine with one needle
    uint32_t trim_s;
};
uint32_t atl_plan_seconds(const struct atl_plan *plan, const struct atl_sewing_speed *speed);

// The same acts at the same places. Threads are not looked at: not every file has them.
bool atl_plan_sews_same(const struct atl_plan *a, const struct atl_plan *b);

#endif
