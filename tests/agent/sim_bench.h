// SPDX-License-Identifier: Apache-2.0
// The real print lane with the real store and a simulated printer, on the printer's clock.
#ifndef ATL_TESTS_AGENT_SIM_BENCH_H
#define ATL_TESTS_AGENT_SIM_BENCH_H

#include "plugin/agent/print_lane.h"
#include "plugin/render/template.h"
#include "plugin/store/devices.h"
#include "tests/store/fixture.h"
#include "tests/support/sim.h"

// What is printed in these tests, of which family: one row each in sim_bench.c.
struct sim_family {
    const char *driver;
    const char *model;
    const char *media;     // NULL: the model's first
    const char *papers[3]; // shipped templates that are made for it
    bool is_answering;     // false: one that says nothing, and proves nothing
};

const struct sim_family *sim_family_at(size_t index); // NULL behind the last

enum { SIM_PAGES = 4, SIM_NEXT_PAGE = 3 }; // the three papers, and a small one that comes next

struct sim_bench {
    const struct sim_family *family;
    struct atl_store *store;
    struct fixture_sale sale;
    struct atl_config_printer printer;
    struct atl_lane_work work; // a test may change it at any time
    struct atl_driver driver;  // and this before sim_bench_restart()
    struct atl_print_lane *printing;
    struct atl_lane lane;
    struct sim *sim;
    struct atl_page *pages[SIM_PAGES];
    int turn_count;
};

// In the test's own folder. The folder is moved into memory where there is one: nothing here is
// about the disk.
void sim_bench_open(struct sim_bench *bench, const struct sim_family *family);
void sim_bench_close(struct sim_bench *bench);

// As after a new start of its process.
void sim_bench_restart(struct sim_bench *bench);

// The same with a store of its own, in which no other job is: no shop has a thousand in doubt.
void sim_bench_begin_anew(struct sim_bench *bench);

int64_t sim_bench_queue(struct sim_bench *bench, int page);

// One round of atl_lane_run(), with its sleep: at most max_ms.
void sim_bench_turn(struct sim_bench *bench, int64_t max_ms);

// Rounds until the job has ended or so much virtual time is over; returns its state.
enum atl_job_state sim_bench_run(struct sim_bench *bench, int64_t job, int64_t ms);

// How the printer is, as the till reads it.
struct atl_device sim_bench_device(struct sim_bench *bench);

#endif
