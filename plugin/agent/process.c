// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/process.h"

#include "plugin/agent/doorbell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

static int64_t clock_ms(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t atl_clock_now_ms(void)
{
    return clock_ms(CLOCK_REALTIME);
}

int64_t atl_clock_boot_ms(void)
{
    return clock_ms(CLOCK_BOOTTIME);
}

static int beat_path(const char *run, const char *name, char *out, size_t size)
{
    const int len = snprintf(out, size, "%s/%s.beat", run, name);

    return len < 0 || (size_t)len >= size ? -1 : 0;
}

// What the heartbeat's file says; both are 0 when it says nothing.
static void read_beat(int fd, long *pid, long long *boot_ms)
{
    char text[64] = {0};
    char *end = text;

    *pid = 0;
    *boot_ms = 0;
    if (pread(fd, text, sizeof text - 1, 0) <= 0)
        return;
    *pid = strtol(text, &end, 10);
    *boot_ms = strtoll(end, NULL, 10);
}

static void write_beat(struct atl_process *process, int64_t now_ms)
{
    char text[64];
    const int len =
        snprintf(text, sizeof text, "%-10ld %-20lld\n", (long)getpid(), (long long)now_ms);

    // Of one length always, so that a reader never sees half of an older one.
    (void)!pwrite(process->beat_fd, text, (size_t)len, 0);
    process->beaten_ms = now_ms;
}

// The lock belongs to the open file: it goes when the process ends, however it ends.
static atl_code take_name(const char *run, struct atl_process *process, struct atl_error *err)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char path[512];
    long long boot_ms;
    long pid;

    if (beat_path(run, process->name, path, sizeof path))
        return atl_fail(err, ATL_E_INVALID, "the path of the heartbeat of %s is too long",
                        process->name);
    process->beat_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (process->beat_fd < 0)
        return atl_fail(err, ATL_E_IO, "heartbeat %s: %s", path, strerror(errno));
    if (fcntl(process->beat_fd, F_OFD_SETLK, &lock) == 0)
        return ATL_OK;
    read_beat(process->beat_fd, &pid, &boot_ms);
    return atl_fail(err, ATL_E_BUSY, "%s is already running (pid %ld)", process->name, pid);
}

static atl_code take_signals(struct atl_process *process, struct atl_error *err)
{
    sigset_t stop;

    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    if (sigprocmask(SIG_BLOCK, &stop, NULL) != 0)
        return atl_fail(err, ATL_E_IO, "block signals: %s", strerror(errno));
    (void)signal(SIGPIPE, SIG_IGN);
    process->stop_fd = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
    if (process->stop_fd < 0)
        return atl_fail(err, ATL_E_IO, "signalfd: %s", strerror(errno));
    return ATL_OK;
}

// A killed supervisor takes its processes along. The name in the environment closes the gap in
// which it ended before this call.
static atl_code follow_supervisor(struct atl_error *err)
{
    const char *pid = getenv("ATELIER_SUPERVISOR");

#ifndef __SANITIZE_ADDRESS__ // its leak checker reads the process from another one
    (void)prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L); // no guest's text in a core file
#endif
    if (!pid)
        return ATL_OK;
    if (prctl(PR_SET_PDEATHSIG, (long)SIGTERM, 0L, 0L, 0L) != 0)
        return atl_fail(err, ATL_E_IO, "prctl: %s", strerror(errno));
    if (strtol(pid, NULL, 10) != (long)getppid())
        return atl_fail(err, ATL_E_AWAY, "the supervisor %s has ended", pid);
    return ATL_OK;
}

atl_code atl_process_open(const struct atl_config *config, const char *name,
                          struct atl_process *out, struct atl_error *err)
{
    struct atl_process process = {.stop_fd = -1, .bell_fd = -1, .beat_fd = -1};
    atl_code rc;

    (void)snprintf(process.name, sizeof process.name, "%s", name);
    (void)snprintf(process.run, sizeof process.run, "%s", config->run);
    rc = take_signals(&process, err);
    if (!rc)
        rc = follow_supervisor(err);
    if (!rc)
        rc = take_name(config->run, &process, err);
    if (!rc)
        rc = atl_doorbell_open(config->run, name, &process.bell_fd, err);
    if (rc) {
        atl_process_close(&process);
        return rc;
    }
    write_beat(&process, atl_clock_boot_ms());
    *out = process;
    return ATL_OK;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void atl_process_close(struct atl_process *process)
{
    close_fd(&process->bell_fd);
    close_fd(&process->stop_fd);
    close_fd(&process->beat_fd);
}

void atl_process_beat(struct atl_process *process)
{
    const int64_t now_ms = atl_clock_boot_ms();

    if (now_ms - process->beaten_ms >= ATL_BEAT_EVERY_MS)
        write_beat(process, now_ms);
}

bool atl_process_is_stopping(const struct atl_process *process)
{
    struct pollfd stop = {.fd = process->stop_fd, .events = POLLIN};

    return poll(&stop, 1, 0) > 0 && (stop.revents & POLLIN) != 0;
}

void atl_process_wait(struct atl_process *process, int more_fd, int64_t timeout_ms)
{
    struct pollfd ready[] = {
        {.fd = process->stop_fd, .events = POLLIN},
        {.fd = process->bell_fd, .events = POLLIN},
        {.fd = more_fd,          .events = POLLIN},
    };

    if (timeout_ms < 0)
        timeout_ms = 0;
    if (timeout_ms > ATL_DOORBELL_LONGEST_SLEEP_MS)
        timeout_ms = ATL_DOORBELL_LONGEST_SLEEP_MS;
    if (poll(ready, 3, (int)timeout_ms) > 0 && (ready[1].revents & POLLIN) != 0)
        atl_doorbell_clear(process->bell_fd);
    atl_process_beat(process);
}

struct atl_pulse atl_process_pulse(const char *run, const char *name)
{
    struct atl_pulse pulse = {.age_ms = INT64_MAX};
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    long long boot_ms;
    char path[512];
    long pid;
    int fd;

    if (beat_path(run, name, path, sizeof path))
        return pulse;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return pulse;
    pulse.is_running = fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    read_beat(fd, &pid, &boot_ms);
    close(fd);
    pulse.pid = (pid_t)pid;
    if (boot_ms > 0)
        pulse.age_ms = atl_clock_boot_ms() - boot_ms;
    return pulse;
}

void atl_pulse_trouble(const struct atl_pulse *pulse, const char *name, char *out, size_t size)
{
    if (!pulse->is_running)
        (void)snprintf(out, size,
                       "%s does not run; the agent starts it again by itself, and if "
                       "this stays run \"atelier-agent doctor\"",
                       name);
    else if (pulse->age_ms > ATL_BEAT_LATE_MS)
        (void)snprintf(out, size, "%s has not answered for %lld s; it is started anew after %d s",
                       name, (long long)(pulse->age_ms / 1000), ATL_BEAT_DEAD_MS / 1000);
    else
        (void)snprintf(out, size, "%s", "");
}
