// SPDX-License-Identifier: Apache-2.0
// What sim.c and sim_paper.c share.
#ifndef ATL_TESTS_SUPPORT_SIM_PARTS_H
#define ATL_TESTS_SUPPORT_SIM_PARTS_H

#include "tests/support/sim.h"

struct sim_plan {
    struct sim_fault fault;
    bool is_begun;
    int64_t ends_us;
};

struct sim {
    const struct sim_persona *persona;
    const struct atl_model *model;
    void *self; // the persona's state
    enum atl_link_carries carries;
    bool has_port;
    char first_media[SIM_MEDIA_BYTES];
    char media[SIM_MEDIA_BYTES];

    int64_t now_us;
    int64_t busy_until_us;
    int64_t alarm_us; // 0: none
    uint32_t conditions;

    struct sim_plan plan[SIM_FAULTS_MAX];
    size_t plan_count;
    int64_t planned_us;
    uint64_t taken; // bytes since then
    uint64_t rows;  // printed since then

    void (*look)(void *ctx); // at look_us; NULL: nobody watches
    void *look_ctx;
    int64_t look_us; // INT64_MAX: look_after_us behind the first fault
    int64_t look_after_us;

    bool is_open;
    bool has_moved; // the cable, since sim_sleep() began
    unsigned session;
    uint8_t answers[4096];
    size_t answer_count;

    struct atl_buf stream; // all bytes; from head on they are in the printer's buffer
    struct atl_buf kinds;
    size_t head;

    struct sim_paper *papers; // the last one is in the mouth until it ends
    size_t paper_count;
    size_t paper_cap;
    size_t blank_count; // white rows of it that no ink followed yet
    int garbage_count;
    char garbage[SIM_WHY_BYTES];
};

void sim_row_was_printed(struct sim *sim);

#endif
