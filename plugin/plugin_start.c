// SPDX-License-Identifier: Apache-2.0
#include "plugin/plugin_start.h"

#include "plugin/plugin_link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// The agent is not the POS: no signal mask, handler, session, descriptor or environment of it.
static int prepare(posix_spawnattr_t *attributes, posix_spawn_file_actions_t *files)
{
    sigset_t all;
    sigset_t none;
    int rc;

    sigfillset(&all);
    sigemptyset(&none);
    rc = posix_spawnattr_setsigmask(attributes, &none);
    if (!rc)
        rc = posix_spawnattr_setsigdefault(attributes, &all);
    if (!rc)
        rc = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                      POSIX_SPAWN_SETSID);
    for (int fd = STDIN_FILENO; !rc && fd <= STDERR_FILENO; fd++)
        rc = posix_spawn_file_actions_addopen(files, fd, "/dev/null", O_RDWR, 0);
    if (!rc)
        rc = posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
    return rc;
}

static pid_t spawn(void)
{
    char program[] = ATL_AGENT_PATH;
    char command[] = "start";
    char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    char *const argv[] = {program, command, NULL};
    char *const environment[] = {path, NULL};
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    pid_t pid = -1;

    if (posix_spawnattr_init(&attributes) != 0)
        return -1;
    if (posix_spawn_file_actions_init(&files) == 0) {
        if (prepare(&attributes, &files) != 0 ||
            posix_spawn(&pid, program, &files, &attributes, argv, environment) != 0)
            pid = -1;
        posix_spawn_file_actions_destroy(&files);
    }
    posix_spawnattr_destroy(&attributes);
    return pid;
}

static pid_t collect(pid_t pid, int *status, int options)
{
    pid_t got;

    do
        got = waitpid(pid, status, options);
    while (got < 0 && errno == EINTR);
    return got;
}

// False when it said that the agent does not run. When the host's handler took its end away, it
// may have said anything. The system call is made by number: its wrapper is younger than the C
// library of many a POS. Without pidfds (Linux before 5.3) it looks every few milliseconds.
static bool wait_for_end(pid_t pid, int64_t deadline_ms)
{
    struct pollfd ended = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
    int status = 0;
    int64_t left_ms;

    while (collect(pid, &status, WNOHANG) == 0) {
        left_ms = deadline_ms - atl_link_now_ms();
        if (left_ms <= 0) {
            kill(pid, SIGKILL);
            (void)collect(pid, &status, 0);
            break;
        }
        (void)poll(&ended, 1, ended.fd >= 0 || left_ms < 5 ? (int)left_ms : 5);
    }
    if (ended.fd >= 0)
        close(ended.fd);
    return status == 0;
}

bool atl_plugin_start_agent(int64_t deadline_ms)
{
    static atomic_flag was_tried = ATOMIC_FLAG_INIT;
    pid_t pid;

    if (atomic_flag_test_and_set(&was_tried))
        return false;
    pid = spawn();
    if (pid < 0)
        return false;
    return wait_for_end(pid, deadline_ms);
}
