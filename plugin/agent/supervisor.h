// SPDX-License-Identifier: Apache-2.0
// The supervisor: starts the agent's processes, sees when one ends or falls silent, and starts it
// again. It opens no store and no device, and knows nothing of orders.
//
//   waiting --due--> running --ended--> waiting (1 s, doubling to 30 s; 1 s again after a good
//   minute)
//                    running --silent for 30 s--> killed, which is an end like any other
#ifndef ATL_AGENT_SUPERVISOR_H
#define ATL_AGENT_SUPERVISOR_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { ATL_SUPERVISOR_MAX_CHILDREN = 32, ATL_CHILD_MAX_ARGS = 8 };

// One process to keep running. They are started in the order of the list and stopped in the
// reverse one.
struct atl_child_spec {
    char name[48];                        // as in process.h
    const char *argv[ATL_CHILD_MAX_ARGS]; // ends with NULL; argv[0] is shown, program is run
    bool must_beat;                       // false: it may be silent
};

struct atl_supervisor_plan {
    const char *program; // "/proc/self/exe"
    const char *run;     // folder of the heartbeats, the lock and the status file
    const struct atl_child_spec *children;
    size_t child_count;
    int64_t first_wait_ms;   // 1000; a test takes less
    int64_t longest_wait_ms; // 30000
    int64_t dead_ms;         // ATL_BEAT_DEAD_MS
    int64_t stop_ms;         // patience with each child at the end, then it is killed: 5000
};

// Takes run/agent.lock; ATL_E_BUSY with the pid in the text when another supervisor has it. The
// caller closes *fd at its end.
ATL_MUST_USE atl_code atl_supervisor_lock(const char *run, int *fd, struct atl_error *err);

// The pid that holds run/agent.lock; 0: nobody.
pid_t atl_supervisor_holder(const char *run);

// Runs until SIGTERM or SIGINT. Fails only when it cannot even begin.
ATL_MUST_USE atl_code atl_supervisor_run(const struct atl_supervisor_plan *plan,
                                         struct atl_error *err);

// The wait before start number `failures` in a row.
int64_t atl_supervisor_wait_ms(const struct atl_supervisor_plan *plan, int failures);

#endif
