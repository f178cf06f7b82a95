// SPDX-License-Identifier: Apache-2.0
// Real processes: each test forks a supervisor, which starts `supervised` as its children.
#include "plugin/agent/process.h"
#include "plugin/agent/supervisor.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_MS = 10000 };

static char run[64];
static pid_t supervisor;

static int make_run(void **state)
{
    (void)state;
    (void)snprintf(run, sizeof run, "/tmp/atl-super-XXXXXX");
    return mkdtemp(run) ? 0 : -1;
}

static int end_all(void **state)
{
    char path[512];
    struct dirent *entry;
    DIR *folder;

    (void)state;
    if (supervisor > 0) {
        (void)kill(supervisor, SIGTERM);
        (void)waitpid(supervisor, NULL, 0);
        supervisor = 0;
    }
    folder = opendir(run);
    while (folder && (entry = readdir(folder))) {
        (void)snprintf(path, sizeof path, "%s/%s", run, entry->d_name);
        (void)unlink(path);
    }
    if (folder)
        (void)closedir(folder);
    return rmdir(run);
}

static struct atl_child_spec child(const char *name, const char *mode)
{
    struct atl_child_spec spec = {
        .argv = {ATL_SUPERVISED, run, name, mode},
          .must_beat = true
    };

    (void)snprintf(spec.name, sizeof spec.name, "%s", name);
    return spec;
}

// Forks a supervisor of these children. Its log goes nowhere.
static void begin(const struct atl_child_spec *children, size_t count, int64_t dead_ms,
                  int64_t stop_ms)
{
    const struct atl_supervisor_plan plan = {.program = ATL_SUPERVISED,
                                             .run = run,
                                             .children = children,
                                             .child_count = count,
                                             .first_wait_ms = 10,
                                             .longest_wait_ms = 100,
                                             .dead_ms = dead_ms,
                                             .stop_ms = stop_ms};
    int lock;

    supervisor = fork();
    assert_true(supervisor >= 0);
    if (supervisor == 0) {
        (void)dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2);
        if (atl_supervisor_lock(run, &lock, NULL))
            _exit(3);
        _exit(atl_supervisor_run(&plan, NULL) ? 1 : 0);
    }
}

// Waits for a process of this name other than `old`. 0: it did not come.
static pid_t wait_for(const char *name, pid_t old)
{
    const int64_t end_ms = atl_clock_boot_ms() + PATIENCE_MS;

    while (atl_clock_boot_ms() < end_ms) {
        const struct atl_pulse pulse = atl_process_pulse(run, name);

        if (pulse.is_running && pulse.pid != old && pulse.pid > 0)
            return pulse.pid;
        (void)poll(NULL, 0, 5);
    }
    return 0;
}

static void wait_until_gone(const char *name)
{
    const int64_t end_ms = atl_clock_boot_ms() + PATIENCE_MS;

    while (atl_process_pulse(run, name).is_running) {
        assert_true(atl_clock_boot_ms() < end_ms);
        (void)poll(NULL, 0, 5);
    }
}

static int end_supervisor(int signal)
{
    int status = -1;

    assert_int_equal(kill(supervisor, signal), 0);
    assert_int_equal(waitpid(supervisor, &status, 0), supervisor);
    supervisor = 0;
    return status;
}

static void a_killed_child_is_started_again_and_its_sister_is_left_alone(void **state)
{
    const struct atl_child_spec children[] = {child("one", "good"), child("two", "good")};
    pid_t one, two, again;

    (void)state;
    begin(children, 2, 30000, 5000);
    one = wait_for("one", 0);
    two = wait_for("two", 0);
    assert_true(one > 0 && two > 0);
    assert_int_equal(kill(one, SIGKILL), 0);
    again = wait_for("one", one);
    assert_true(again > 0);
    assert_int_equal(atl_process_pulse(run, "two").pid, two);
}

static void a_silent_child_is_killed_and_started_again(void **state)
{
    const struct atl_child_spec children[] = {child("one", "mute")};
    pid_t one;

    (void)state;
    begin(children, 1, 300, 5000);
    one = wait_for("one", 0);
    assert_true(one > 0);
    assert_true(wait_for("one", one) > 0);
}

static void sigterm_stops_all_and_a_stubborn_one_is_killed(void **state)
{
    const struct atl_child_spec children[] = {child("one", "good"), child("two", "stubborn")};
    int status;

    (void)state;
    begin(children, 2, 30000, 100);
    assert_true(wait_for("one", 0) > 0 && wait_for("two", 0) > 0);
    status = end_supervisor(SIGTERM);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_false(atl_process_pulse(run, "one").is_running);
    assert_false(atl_process_pulse(run, "two").is_running);
}

static void a_killed_supervisor_leaves_no_child(void **state)
{
    const struct atl_child_spec children[] = {child("one", "good"), child("two", "good")};

    (void)state;
    begin(children, 2, 30000, 5000);
    assert_true(wait_for("one", 0) > 0 && wait_for("two", 0) > 0);
    (void)end_supervisor(SIGKILL);
    wait_until_gone("one");
    wait_until_gone("two");
    assert_int_equal(atl_supervisor_holder(run), 0);
}

static void a_child_that_outlived_its_supervisor_is_replaced(void **state)
{
    const struct atl_child_spec children[] = {child("one", "stubborn")};
    pid_t orphan;

    (void)state;
    begin(children, 1, 30000, 5000);
    orphan = wait_for("one", 0);
    assert_true(orphan > 0);
    (void)end_supervisor(SIGKILL);
    assert_true(atl_process_pulse(run, "one").is_running);
    begin(children, 1, 30000, 100);
    assert_true(wait_for("one", orphan) > 0);
}

static void one_supervisor_at_a_time(void **state)
{
    const struct atl_child_spec children[] = {child("one", "good")};
    struct atl_error err = {0};
    char wanted[64];
    int fd = -77;

    (void)state;
    assert_int_equal(atl_supervisor_holder(run), 0);
    begin(children, 1, 30000, 5000);
    assert_true(wait_for("one", 0) > 0);
    assert_int_equal(atl_supervisor_lock(run, &fd, &err), ATL_E_BUSY);
    (void)snprintf(wanted, sizeof wanted, "the agent is already running (pid %ld)",
                   (long)supervisor);
    assert_string_equal(err.text, wanted);
    assert_int_equal(fd, -77);
    assert_int_equal(atl_supervisor_holder(run), supervisor);
}

static void a_child_that_always_ends_is_tried_for_ever_ever_slower(void **state)
{
    const struct atl_child_spec children[] = {child("one", "ends"), child("two", "good")};
    char line[256] = "", path[96];
    const int64_t end_ms = atl_clock_boot_ms() + PATIENCE_MS;
    int failures = 0;

    (void)state;
    begin(children, 2, 30000, 5000);
    assert_true(wait_for("two", 0) > 0);
    (void)snprintf(path, sizeof path, "%s/status", run);
    while (failures < 4) {
        FILE *file = fopen(path, "re");

        assert_true(atl_clock_boot_ms() < end_ms);
        if (file && fgets(line, sizeof line, file) && strrchr(line, ' '))
            failures = (int)strtol(strrchr(line, ' '), NULL, 10);
        if (file)
            (void)fclose(file);
        (void)poll(NULL, 0, 5);
    }
    assert_true(atl_process_pulse(run, "two").is_running);
}

static void waits_double_up_to_their_limit(void **state)
{
    static const int64_t wanted[] = {1000, 1000, 2000, 4000, 8000, 16000, 30000, 30000};
    const struct atl_supervisor_plan plan = {.first_wait_ms = 1000, .longest_wait_ms = 30000};

    (void)state;
    for (int i = 0; i < 8; i++)
        assert_int_equal(atl_supervisor_wait_ms(&plan, i), wanted[i]);
    assert_int_equal(atl_supervisor_wait_ms(&plan, 1000000), 30000);
}

int main(void)
{
#define ALONE(name) cmocka_unit_test_setup_teardown(name, make_run, end_all)
    const struct CMUnitTest tests[] = {
        ALONE(a_killed_child_is_started_again_and_its_sister_is_left_alone),
        ALONE(a_silent_child_is_killed_and_started_again),
        ALONE(sigterm_stops_all_and_a_stubborn_one_is_killed),
        ALONE(a_killed_supervisor_leaves_no_child),
        ALONE(a_child_that_outlived_its_supervisor_is_replaced),
        ALONE(one_supervisor_at_a_time),
        ALONE(a_child_that_always_ends_is_tried_for_ever_ever_slower),
        cmocka_unit_test(waits_double_up_to_their_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
