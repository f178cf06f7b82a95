// SPDX-License-Identifier: Apache-2.0
// A lane: one process that works for one device. It claims a job, does it once, writes down how
// it went, and sleeps until the doorbell rings.
#ifndef ATL_AGENT_LANE_H
#define ATL_AGENT_LANE_H

#include "drivers/driver.h"
#include "plugin/agent/process.h"
#include "plugin/store/jobs.h"

// What can be said after bytes were submitted. "Later" is not among it.
enum atl_outcome {
    ATL_OUTCOME_SENT,        // the link took every byte
    ATL_OUTCOME_PROVEN,      // the device's own evidence says that it is done
    ATL_OUTCOME_UNTOUCHED,   // the device's own evidence says that nothing was printed or moved
    ATL_OUTCOME_INTERRUPTED, // anything else
};

// The line of the journal, for `deliver`.
struct atl_lane_begin;
ATL_MUST_USE atl_code atl_lane_begin(struct atl_lane_begin *begin, struct atl_error *err);

// What a lane does for its device. The loop knows no device, and this writes no journal.
struct atl_lane_work {
    // Opens the device, asks how it is, encodes the page. Submits no byte of the job, so that a
    // failure may be tried again.
    atl_code (*prepare)(const struct atl_job *job, void *ctx, struct atl_error *err);

    // What can be proven about the job that was prepared: the weakest of link, driver and model.
    enum atl_proof (*proof)(void *ctx);

    // Submits the bytes and waits for evidence. Called only after `sending` was committed. The
    // evidence, or what went wrong, is left in `evidence`.
    enum atl_outcome (*send)(const struct atl_job *job, void *ctx, struct atl_error *evidence);

    // In place of send, where whatever can be known before the first byte is known only while it is
    // being done: a volume that has to appear and be mounted. Calls begin() once, immediately
    // before anything is changed; what that returns but ATL_OK ends it. Returning without having
    // called it: nothing was submitted, and `evidence` has code and words. NULL: there is send.
    enum atl_outcome (*deliver)(const struct atl_job *job, struct atl_lane_begin *begin, void *ctx,
                                struct atl_error *evidence);

    // After the end was written down, or the job was given back: closes the device, keeps the
    // picture. NULL: nothing to do.
    void (*settle)(const struct atl_job *job, enum atl_job_state state, void *ctx);

    // Nothing is to be done: a device that was in trouble may be asked again. At every look, so
    // at least each 5 s. NULL: nothing to do.
    void (*look)(void *ctx);

    // One more descriptor that ends the lane's sleep, for look() to see why; asked for before each
    // sleep. -1, or NULL: none.
    int (*wake_fd)(void *ctx);

    // How the device is, in words for staff with the cure; "" when all is well. Called when it
    // may have changed. NULL: nobody is told.
    void (*tell)(const char *trouble, void *ctx);
};

struct atl_lane {
    const char *device;          // name in the configuration
    int64_t lease_ms;            // longer than the slowest honest job
    struct atl_process *process; // doorbell, stop, heartbeat; NULL in tests of the drain alone
    int64_t (*now_ms)(void);     // a field, so that a test can turn the clock
    const struct atl_lane_work *work;
    void *ctx; // handed to the work
    struct atl_store *store;
};

// Works until nothing can be claimed, or the process is told to stop: then the job in hand is
// finished first. *done counts the jobs taken, on failure too.
ATL_MUST_USE atl_code atl_lane_drain(const struct atl_lane *lane, int *done, struct atl_error *err);

// Drains and sleeps until told to stop. A failure ends it: the supervisor starts a new one.
ATL_MUST_USE atl_code atl_lane_run(const struct atl_lane *lane, struct atl_error *err);

// The state that an outcome amounts to: evidence counts where the driver declared that it can
// give it, and is missed where it was promised.
enum atl_job_state atl_lane_settle(enum atl_proof proof, enum atl_outcome outcome);

// The wait after claim number `attempt` that ended before the first byte: 2 s, 10 s, 1 min,
// 5 min, 15 min, then -1 for "hold it"; while it is the device that is in trouble, 15 min for ever:
// nothing left, so it is done by itself when somebody has put it right.
int64_t atl_retry_wait_ms(int attempt);

#endif
