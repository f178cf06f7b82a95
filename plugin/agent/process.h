// SPDX-License-Identifier: Apache-2.0
// What every long-lived process of the agent has: a name, a lock, a doorbell, a heartbeat and a
// way to be told to stop. Names: "serve", "render-1", "render-2", "print@PRINTER", "sync".
//
// The lock is an open-file-description lock on run/NAME.beat: it goes with its process, however
// that ends, so "does it run" has an answer at once. The file's text is "PID BOOT_MS\n", the time
// of the last heartbeat on CLOCK_BOOTTIME: so "does it still do anything" has one within seconds.
#ifndef ATL_AGENT_PROCESS_H
#define ATL_AGENT_PROCESS_H

#include "plugin/agent/config.h"

#include <stdbool.h>
#include <sys/types.h>

enum {
    ATL_BEAT_EVERY_MS = 2000, // not more often than this
    ATL_BEAT_LATE_MS = 10000, // later is said at the till
    ATL_BEAT_DEAD_MS = 30000, // later is killed by the supervisor
};

struct atl_process {
    char name[48];
    char run[ATL_CONFIG_RUN_BYTES]; // folder of sockets and heartbeats
    int stop_fd; // signalfd of SIGTERM and SIGINT: readable means "finish and leave"
    int bell_fd; // doorbell, see doorbell.h
    int beat_fd; // holds the lock
    int64_t beaten_ms;
};

// Takes the name, blocks SIGTERM and SIGINT into stop_fd, opens the doorbell, beats once, asks
// to be told when the supervisor ends (when ATELIER_SUPERVISOR says who that is), and forbids core
// files. ATL_E_BUSY when such a process runs already: the text has its pid.
ATL_MUST_USE atl_code atl_process_open(const struct atl_config *config, const char *name,
                                       struct atl_process *out, struct atl_error *err);

// Gives everything back; safe on a zeroed struct that was never opened only if fds are -1.
void atl_process_close(struct atl_process *process);

// "I am alive": costs one clock read, and one small write every ATL_BEAT_EVERY_MS.
void atl_process_beat(struct atl_process *process);

// Whether stop_fd is readable, without waiting and without taking the signal out.
bool atl_process_is_stopping(const struct atl_process *process);

// Sleeps until the doorbell rings, stop_fd or one more descriptor (-1: none) is readable, or
// timeout_ms (at most ATL_DOORBELL_LONGEST_SLEEP_MS) is over, then beats.
void atl_process_wait(struct atl_process *process, int more_fd, int64_t timeout_ms);

// How another process is.
struct atl_pulse {
    bool is_running; // somebody holds the lock
    pid_t pid;       // 0: unknown
    int64_t age_ms;  // since the last heartbeat; INT64_MAX: never
};

// Never fails: what cannot be read does not run.
struct atl_pulse atl_process_pulse(const char *run, const char *name);

// In words for staff, "" when all is well: "the process print@front stopped; …".
void atl_pulse_trouble(const struct atl_pulse *pulse, const char *name, char *out, size_t size);

// Milliseconds since 1970 UTC; and since the machine started, across suspend.
int64_t atl_clock_now_ms(void);
int64_t atl_clock_boot_ms(void);

#endif
