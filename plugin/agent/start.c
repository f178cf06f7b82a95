// SPDX-License-Identifier: Apache-2.0
// The commands that begin everything: start (into the background) and run (in the foreground).
#include "plugin/agent/commands.h"
#include "plugin/agent/local.h"
#include "plugin/agent/log.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/process.h"
#include "plugin/agent/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define OURSELVES "/proc/self/exe"

enum {
    RENDER_COUNT = 2,
    START_WAIT_MS = 10000,
    LOOK_AGAIN_MS = 20,
    LOG_MAX_BYTES = 8 * 1024 * 1024,
};

// The first argument is shown by ps; posix_spawn takes strings that may change and does not.
static int spawn_self(const char *const *argv, const posix_spawn_file_actions_t *files, short flags,
                      pid_t *pid)
{
    extern char **environ;
    posix_spawnattr_t attributes;
    int rc;

    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, flags);
    rc = posix_spawn(pid, OURSELVES, files, &attributes, (char *const *)(uintptr_t)argv, environ);
    posix_spawnattr_destroy(&attributes);
    return rc;
}

// ---- run ----

static void add_child(struct atl_child_spec *children, size_t *count, const char *file,
                      const char *name, const char *command, const char *word)
{
    struct atl_child_spec *child = &children[(*count)++];

    *child = (struct atl_child_spec){
        .argv = {"atelier-agent", command, "--config", file, word},
        .must_beat = true,
    };
    (void)snprintf(child->name, sizeof child->name, "%s", name);
}

// serve first, so that tills are answered first; it also stops last.
static size_t list_children(const struct atl_config *config, struct atl_child_spec *children)
{
    static const char *const numbers[RENDER_COUNT] = {"1", "2"};
    const char *file = config->file;
    char name[48];
    size_t count = 0;

    add_child(children, &count, file, "serve", "serve", NULL);
    for (int i = 0; i < RENDER_COUNT; i++) {
        (void)snprintf(name, sizeof name, "render-%s", numbers[i]);
        add_child(children, &count, file, name, "render", numbers[i]);
    }
    for (size_t i = 0; i < config->printer_count; i++) {
        (void)snprintf(name, sizeof name, "print@%s", config->printers[i].name);
        add_child(children, &count, file, name, "lane", config->printers[i].name);
    }
    for (size_t i = 0; i < config->machine_count; i++) {
        (void)snprintf(name, sizeof name, "machine@%s", config->machines[i].name);
        add_child(children, &count, file, name, "machine", config->machines[i].name);
    }
    for (size_t i = 0; i < config->scanner_count; i++) {
        (void)snprintf(name, sizeof name, "scan@%s", config->scanners[i].name);
        add_child(children, &count, file, name, "scanner", config->scanners[i].name);
    }
    add_child(children, &count, file, "sync", "sync", NULL);
    return count;
}

// The store is made or brought up to date by a process of its own: this one never opens it.
static atl_code migrate(const struct atl_config *config, struct atl_error *err)
{
    const char *const argv[] = {"atelier-agent", "migrate", "--config", config->file, NULL};
    int status = 0;
    pid_t pid;

    if (spawn_self(argv, NULL, 0, &pid) != 0)
        return atl_fail(err, ATL_E_IO, "cannot start %s", OURSELVES);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return atl_fail(err, ATL_E_IO, "wait for migrate: %s", strerror(errno));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return atl_fail(err, ATL_E_CORRUPT,
                        "the store is not ready (the lines above say why); nothing was started");
    return ATL_OK;
}

// $ATELIER_RESTART_MS is for tests that kill: as short a wait each time, however often.
static int64_t restart_wait_ms(int64_t usual_ms)
{
    const char *wish = getenv("ATELIER_RESTART_MS");
    const long wait_ms = wish ? strtol(wish, NULL, 10) : 0;

    return wait_ms > 0 ? wait_ms : usual_ms;
}

static atl_code supervise(const struct atl_config *config, struct atl_error *err)
{
    struct atl_child_spec children[ATL_SUPERVISOR_MAX_CHILDREN];
    const struct atl_supervisor_plan plan = {
        .program = OURSELVES,
        .run = config->run,
        .children = children,
        .child_count = list_children(config, children),
        .first_wait_ms = restart_wait_ms(1000),
        .longest_wait_ms = restart_wait_ms(30000),
        .dead_ms = ATL_BEAT_DEAD_MS,
        .stop_ms = 5000,
    };

    return atl_supervisor_run(&plan, err);
}

static int run(const struct atl_call *call)
{
    const struct atl_config *config = call->config;
    struct atl_error err = {0};
    atl_code rc = atl_paths_make(config, &err);
    int lock = -1;

    if (!rc)
        rc = atl_supervisor_lock(config->run, &lock, &err);
    if (rc == ATL_E_BUSY) {
        (void)atl_call_fail(call, &err);
        return ATL_EXIT_RUNNING;
    }
    if (!rc)
        rc = migrate(config, &err);
    if (!rc)
        rc = supervise(config, &err);
    if (lock >= 0)
        close(lock);
    return rc ? atl_call_fail(call, &err) : ATL_EXIT_OK;
}

const struct atl_command atl_command_run = {
    .name = "run",
    .words = "",
    .help = "run the agent in the foreground (what systemd calls)",
    .details =
        "Starts serve, two render workers, a lane for each printer, machine and scanner, and "
        "sync; starts\neach again when it ends or falls silent, and stops them in order at "
        "SIGTERM. Logs go to standard error.",
    .needs_config = true,
    .run = run,
};

// ---- start ----

static struct atl_path log_path(const struct atl_config *config)
{
    struct atl_path path = atl_path_data(config, "agent.log");

    if (config->log[0])
        (void)snprintf(path.text, sizeof path.text, "%s", config->log);
    return path;
}

static void turn_log_over(const char *path)
{
    char old[ATL_PATH_BYTES + 4];
    struct stat is;

    if (stat(path, &is) != 0 || is.st_size < LOG_MAX_BYTES)
        return;
    (void)snprintf(old, sizeof old, "%s.1", path);
    (void)rename(path, old);
}

// `run`, in a session of its own, with nothing of ours open: whoever started us may go away.
static atl_code spawn_run(const struct atl_config *config, pid_t *pid, struct atl_error *err)
{
    const char *const argv[] = {"atelier-agent", "run", "--config", config->file, NULL};
    const struct atl_path log = log_path(config);
    posix_spawn_file_actions_t files;
    int rc;

    turn_log_over(log.text);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, log.text, O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    rc = spawn_self(argv, &files, POSIX_SPAWN_SETSID, pid);
    posix_spawn_file_actions_destroy(&files);
    if (rc)
        return atl_fail(err, ATL_E_IO, "start the agent with the log %s: %s", log.text,
                        strerror(rc));
    return ATL_OK;
}

static bool serve_answers(const struct atl_config *config)
{
    const int fd = atl_local_connect(atl_path_pos_socket(config).text);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

// True: it ended, and not because another one was faster.
static bool has_failed(pid_t *pid)
{
    int status;

    if (*pid <= 0 || waitpid(*pid, &status, WNOHANG) != *pid)
        return false;
    *pid = 0;
    return !WIFEXITED(status) || WEXITSTATUS(status) != ATL_EXIT_RUNNING;
}

// The first that is not there yet, of all that the supervisor starts; "": all are. One that runs
// has beaten once.
static const char *missing(const struct atl_config *config, struct atl_child_spec *children)
{
    const size_t count = list_children(config, children);

    for (size_t i = 0; i < count; i++)
        if (!atl_process_pulse(config->run, children[i].name).is_running)
            return children[i].name;
    return serve_answers(config) ? "" : "serve";
}

static atl_code wait_until_ready(const struct atl_config *config, pid_t pid, int64_t wait_ms,
                                 struct atl_error *err)
{
    const int64_t end_ms = atl_clock_boot_ms() + wait_ms;

    for (;;) {
        struct atl_child_spec children[ATL_SUPERVISOR_MAX_CHILDREN];
        const char *name = "";

        if (has_failed(&pid))
            return atl_fail(err, ATL_E_IO, "the agent ended at once; %s says why",
                            log_path(config).text);
        if (wait_ms != 0)
            name = missing(config, children);
        if (atl_supervisor_holder(config->run) != 0 && !name[0])
            return ATL_OK;
        if (wait_ms != 0 && atl_clock_boot_ms() >= end_ms)
            return atl_fail(err, ATL_E_TIMEOUT,
                            "the agent runs (pid %ld), but %s does not yet; look into %s, or run "
                            "\"atelier-agent doctor\"",
                            (long)atl_supervisor_holder(config->run), name[0] ? name : "all of it",
                            log_path(config).text);
        (void)poll(NULL, 0, LOOK_AGAIN_MS);
    }
}

static int64_t wished_wait_ms(const struct atl_call *call)
{
    const char *seconds = atl_call_option(call, "wait");

    return seconds ? (int64_t)strtoul(seconds, NULL, 10) * 1000 : START_WAIT_MS;
}

static int start(const struct atl_call *call)
{
    const struct atl_config *config = call->config;
    struct atl_error err = {0};
    atl_code rc = atl_paths_make(config, &err);
    const pid_t before = rc ? 0 : atl_supervisor_holder(config->run);
    pid_t pid = 0;

    if (!rc && !before)
        rc = spawn_run(config, &pid, &err);
    if (!rc)
        rc = wait_until_ready(config, pid, wished_wait_ms(call), &err);
    if (rc)
        return atl_call_fail(call, &err);
    printf(before ? "atelier-agent is already running (pid %ld)\n"
                  : "atelier-agent is running (pid %ld)\n",
           (long)atl_supervisor_holder(config->run));
    return ATL_EXIT_OK;
}

static const struct atl_option start_options[] = {
    {"wait", "SECONDS", "how long to wait until every process runs (10); 0: do not wait"},
    {NULL,   NULL,      NULL                                                            },
};

const struct atl_command atl_command_start = {
    .name = "start",
    .words = "",
    .help = "start the agent in the background; says so when it runs already",
    .details = "May be called as often as one likes. Returns when tills are answered and "
               "every printer\nhas its lane. The log is the file of [paths] log, else agent.log in "
               "the data folder.",
    .options = start_options,
    .needs_config = true,
    .run = start,
};
