// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/supervisor.h"

#include "plugin/agent/log.h"
#include "plugin/agent/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 1000, HEALTHY_MS = 60000 };

struct child {
    const struct atl_child_spec *spec;
    pid_t pid;          // 0: waiting to be started
    int64_t started_ms; // on the boot clock, like all times here
    int64_t due_ms;     // when it is to be started
    int failures;       // in a row
};

struct supervisor {
    const struct atl_supervisor_plan *plan;
    struct child children[ATL_SUPERVISOR_MAX_CHILDREN];
    sigset_t old_mask; // what children begin with
    int signal_fd;
    bool is_stopping;
    bool was_ready; // said once
};

static int lock_path(const char *run, char *out, size_t size)
{
    const int len = snprintf(out, size, "%s/agent.lock", run);

    return len < 0 || (size_t)len >= size ? -1 : 0;
}

static pid_t pid_in(int fd)
{
    char text[32] = {0};

    return pread(fd, text, sizeof text - 1, 0) > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

atl_code atl_supervisor_lock(const char *run, int *fd, struct atl_error *err)
{
    char path[512], text[32];
    atl_code rc;
    int lock;

    if (lock_path(run, path, sizeof path))
        return atl_fail(err, ATL_E_INVALID, "the path of the lock is too long");
    lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (lock < 0)
        return atl_fail(err, ATL_E_IO, "lock %s: %s", path, strerror(errno));
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        rc =
            atl_fail(err, ATL_E_BUSY, "the agent is already running (pid %ld)", (long)pid_in(lock));
        close(lock);
        return rc;
    }
    (void)snprintf(text, sizeof text, "%-10ld\n", (long)getpid());
    (void)!pwrite(lock, text, strlen(text), 0);
    *fd = lock;
    return ATL_OK;
}

pid_t atl_supervisor_holder(const char *run)
{
    char path[512];
    pid_t pid = 0;
    int lock;

    if (lock_path(run, path, sizeof path))
        return 0;
    lock = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (lock < 0)
        return 0;
    if (flock(lock, LOCK_SH | LOCK_NB) != 0)
        pid = pid_in(lock);
    close(lock);
    return pid;
}

int64_t atl_supervisor_wait_ms(const struct atl_supervisor_plan *plan, int failures)
{
    int64_t wait_ms = plan->first_wait_ms;

    for (int i = 1; i < failures && wait_ms < plan->longest_wait_ms; i++)
        wait_ms *= 2;
    return wait_ms < plan->longest_wait_ms ? wait_ms : plan->longest_wait_ms;
}

// One that outlived another supervisor holds the name. It was asked to leave when that one ended;
// what has not left by now is killed, which every process of ours bears at any instruction.
static void clear_the_name(const struct supervisor *self, const struct child *child)
{
    const struct atl_pulse pulse = atl_process_pulse(self->plan->run, child->spec->name);

    if (pulse.is_running && pulse.pid > 1 && child->failures > 1)
        (void)kill(pulse.pid, SIGKILL);
}

static atl_code spawn(const struct supervisor *self, const struct child *child, pid_t *pid)
{
    extern char **environ;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    int rc;

    sigemptyset(&defaults);
    sigaddset(&defaults, SIGTERM);
    sigaddset(&defaults, SIGINT);
    sigaddset(&defaults, SIGCHLD);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &self->old_mask);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    // posix_spawn takes strings that may change and does not change them.
    rc = posix_spawn(pid, self->plan->program, NULL, &attributes,
                     (char *const *)(uintptr_t)child->spec->argv, environ);
    posix_spawnattr_destroy(&attributes);
    return rc ? ATL_E_IO : ATL_OK;
}

static void start_child(struct supervisor *self, struct child *child, int64_t now_ms)
{
    clear_the_name(self, child);
    child->started_ms = now_ms;
    if (spawn(self, child, &child->pid)) {
        child->pid = 0;
        child->failures++;
        child->due_ms = now_ms + atl_supervisor_wait_ms(self->plan, child->failures);
        atl_log(ATL_LOG_ERROR, "supervisor", "cannot start", "process=%s program=%s",
                child->spec->name, self->plan->program);
        return;
    }
    atl_log(ATL_LOG_INFO, "supervisor", "started", "process=%s pid=%ld", child->spec->name,
            (long)child->pid);
}

static void child_ended(struct supervisor *self, struct child *child, int status, int64_t now_ms)
{
    child->failures = now_ms - child->started_ms >= HEALTHY_MS ? 1 : child->failures + 1;
    child->due_ms = now_ms + atl_supervisor_wait_ms(self->plan, child->failures);
    child->pid = 0;
    if (self->is_stopping)
        atl_log(ATL_LOG_INFO, "supervisor", "stopped", "process=%s", child->spec->name);
    else if (WIFSIGNALED(status))
        atl_log(ATL_LOG_WARN, "supervisor", "ended by signal", "process=%s signal=%d again_ms=%lld",
                child->spec->name, WTERMSIG(status), (long long)(child->due_ms - now_ms));
    else
        atl_log(ATL_LOG_WARN, "supervisor", "ended", "process=%s exit=%d again_ms=%lld",
                child->spec->name, WEXITSTATUS(status), (long long)(child->due_ms - now_ms));
}

static void reap(struct supervisor *self, int64_t now_ms)
{
    pid_t pid;
    int status;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (size_t i = 0; i < self->plan->child_count; i++)
            if (self->children[i].pid == pid)
                child_ended(self, &self->children[i], status, now_ms);
}

// A process that does not beat is stuck; killing it is how it starts anew.
static void watch(const struct supervisor *self, const struct child *child, int64_t now_ms)
{
    const int64_t dead_ms = self->plan->dead_ms;
    struct atl_pulse pulse;

    if (!child->spec->must_beat || !child->pid || now_ms - child->started_ms < dead_ms)
        return;
    pulse = atl_process_pulse(self->plan->run, child->spec->name);
    if (pulse.pid == child->pid && pulse.age_ms < dead_ms)
        return;
    atl_log(ATL_LOG_ERROR, "supervisor", "silent and killed", "process=%s pid=%ld",
            child->spec->name, (long)child->pid);
    (void)kill(child->pid, SIGKILL);
}

// Every process has its name and has beaten once.
static void say_ready(struct supervisor *self)
{
    if (self->was_ready)
        return;
    for (size_t i = 0; i < self->plan->child_count; i++) {
        const struct child *child = &self->children[i];
        const struct atl_pulse pulse = atl_process_pulse(self->plan->run, child->spec->name);

        if (!child->pid || (child->spec->must_beat && pulse.pid != child->pid))
            return;
    }
    self->was_ready = true;
    atl_log(ATL_LOG_INFO, "supervisor", "ready", "processes=%zu", self->plan->child_count);
}

// run/status: "NAME running PID STARTS-IN-A-ROW", written whole or not at all.
static void write_status(const struct supervisor *self)
{
    char path[512], fresh[520];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/status", self->plan->run);
    (void)snprintf(fresh, sizeof fresh, "%s.new", path);
    file = fopen(fresh, "we");
    if (!file)
        return;
    for (size_t i = 0; i < self->plan->child_count; i++)
        fprintf(file, "%s %s %ld %d\n", self->children[i].spec->name,
                self->children[i].pid ? "running" : "waiting", (long)self->children[i].pid,
                self->children[i].failures);
    if (fclose(file) == 0)
        (void)rename(fresh, path);
}

static bool take_stop(const struct supervisor *self)
{
    struct signalfd_siginfo info;
    bool is_stopping = false;

    while (read(self->signal_fd, &info, sizeof info) == (ssize_t)sizeof info)
        if (info.ssi_signo != SIGCHLD)
            is_stopping = true;
    return is_stopping;
}

// Starts what is due and looks after what runs; says when it wants to look again.
static int look(struct supervisor *self)
{
    const int64_t now_ms = atl_clock_boot_ms();
    int64_t next_ms = now_ms + LOOK_MS;

    reap(self, now_ms);
    for (size_t i = 0; i < self->plan->child_count; i++) {
        struct child *child = &self->children[i];

        if (!child->pid && child->due_ms <= now_ms)
            start_child(self, child, now_ms);
        watch(self, child, now_ms);
        if (!child->pid && child->due_ms < next_ms)
            next_ms = child->due_ms;
    }
    say_ready(self);
    write_status(self);
    return next_ms > now_ms ? (int)(next_ms - now_ms) : 0;
}

static void wait_for_signal(const struct supervisor *self, int timeout_ms)
{
    struct pollfd ready = {.fd = self->signal_fd, .events = POLLIN};

    (void)poll(&ready, 1, timeout_ms);
}

static void stop_child(struct supervisor *self, struct child *child)
{
    const int64_t end_ms = atl_clock_boot_ms() + self->plan->stop_ms;

    if (!child->pid)
        return;
    (void)kill(child->pid, SIGTERM);
    for (;;) {
        const int64_t now_ms = atl_clock_boot_ms();

        reap(self, now_ms);
        if (!child->pid)
            return;
        if (now_ms >= end_ms)
            break;
        wait_for_signal(self, (int)(end_ms - now_ms));
        (void)take_stop(self); // told twice is told once
    }
    atl_log(ATL_LOG_WARN, "supervisor", "does not stop and is killed", "process=%s",
            child->spec->name);
    (void)kill(child->pid, SIGKILL);
    (void)waitpid(child->pid, NULL, 0);
    child->pid = 0;
}

static atl_code open_signals(struct supervisor *self, struct atl_error *err)
{
    sigset_t ours;
    char pid[24];

    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &ours, &self->old_mask) != 0)
        return atl_fail(err, ATL_E_IO, "block signals: %s", strerror(errno));
    self->signal_fd = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
    if (self->signal_fd < 0)
        return atl_fail(err, ATL_E_IO, "signalfd: %s", strerror(errno));
    (void)snprintf(pid, sizeof pid, "%ld", (long)getpid());
    (void)setenv("ATELIER_SUPERVISOR", pid, 1);
    return ATL_OK;
}

atl_code atl_supervisor_run(const struct atl_supervisor_plan *plan, struct atl_error *err)
{
    struct supervisor self = {.plan = plan, .signal_fd = -1};
    atl_code rc;

    if (plan->child_count > ATL_SUPERVISOR_MAX_CHILDREN)
        return atl_fail(err, ATL_E_INVALID, "more than %d processes", ATL_SUPERVISOR_MAX_CHILDREN);
    rc = open_signals(&self, err);
    if (rc)
        return rc;
    for (size_t i = 0; i < plan->child_count; i++)
        self.children[i].spec = &plan->children[i];
    while (!take_stop(&self))
        wait_for_signal(&self, look(&self));
    self.is_stopping = true;
    for (size_t i = plan->child_count; i > 0; i--)
        stop_child(&self, &self.children[i - 1]);
    write_status(&self);
    close(self.signal_fd);
    (void)sigprocmask(SIG_SETMASK, &self.old_mask, NULL);
    return ATL_OK;
}
