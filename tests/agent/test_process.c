// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/doorbell.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/process.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct atl_config config;

// Sockets want a short path.
static int make_run(void **state)
{
    (void)state;
    (void)snprintf(config.run, sizeof config.run, "/tmp/atl-process-XXXXXX");
    return mkdtemp(config.run) ? 0 : -1;
}

static int remove_run(void **state)
{
    static const char *const names[] = {"one.beat", "one.bell"};
    char path[256];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", config.run, names[i]);
        (void)unlink(path);
    }
    return rmdir(config.run);
}

static struct atl_process open_one(void)
{
    struct atl_process process;
    struct atl_error err = {0};

    if (atl_process_open(&config, "one", &process, &err))
        fail_msg("%s", err.text);
    return process;
}

static bool rings(const struct atl_process *process)
{
    struct pollfd bell = {.fd = process->bell_fd, .events = POLLIN};

    return poll(&bell, 1, 0) == 1;
}

static void ten_rings_are_one_look_and_nobody_home_is_all_right(void **state)
{
    struct atl_process process;

    (void)state;
    atl_doorbell_ring(config.run, "one"); // no such socket yet
    process = open_one();
    assert_false(rings(&process));
    for (int i = 0; i < 10; i++)
        atl_doorbell_ring(config.run, "one");
    assert_true(rings(&process));
    atl_process_wait(&process, -1, 0);
    assert_false(rings(&process));
    atl_process_close(&process);
    atl_doorbell_ring(config.run, "one"); // nobody listens any more
}

static void a_ringer_is_never_blocked_by_a_sleeper(void **state)
{
    struct atl_process process = open_one();

    (void)state;
    for (int i = 0; i < 5000; i++) // far more than a queue holds
        atl_doorbell_ring(config.run, "one");
    atl_process_close(&process);
}

static void the_same_name_runs_only_once(void **state)
{
    struct atl_process process = open_one(), second = {.stop_fd = -77};
    struct atl_error err = {0};
    char wanted[64];

    (void)state;
    assert_int_equal(atl_process_open(&config, "one", &second, &err), ATL_E_BUSY);
    (void)snprintf(wanted, sizeof wanted, "one is already running (pid %ld)", (long)getpid());
    assert_string_equal(err.text, wanted);
    assert_int_equal(second.stop_fd, -77); // unchanged
    atl_doorbell_ring(config.run, "one");
    assert_true(rings(&process)); // the first one's doorbell was left alone
    atl_process_close(&process);
    process = open_one();
    atl_process_close(&process);
}

static void a_killed_process_is_seen_at_once(void **state)
{
    struct atl_pulse pulse;
    int ready[2];
    pid_t child;
    char byte;

    (void)state;
    assert_int_equal(pipe(ready), 0);
    child = fork();
    if (child == 0) {
        (void)open_one();
        (void)!write(ready[1], "", 1);
        for (;;)
            (void)pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    pulse = atl_process_pulse(config.run, "one");
    assert_true(pulse.is_running);
    assert_int_equal(pulse.pid, child);
    assert_in_range(pulse.age_ms, 0, 5000);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    pulse = atl_process_pulse(config.run, "one");
    assert_false(pulse.is_running);
    close(ready[0]);
    close(ready[1]);
}

static void what_never_ran_does_not_run(void **state)
{
    const struct atl_pulse pulse = atl_process_pulse("/no/such/folder", "one");

    (void)state;
    assert_false(pulse.is_running);
    assert_int_equal(pulse.pid, 0);
    assert_true(pulse.age_ms == INT64_MAX);
}

static void trouble_is_said_in_words(void **state)
{
    static const struct {
        struct atl_pulse pulse;
        const char *words;
    } rows[] = {
        {{true, 7, 100},        ""                                     },
        {{true, 7, 12000},      "print@front has not answered for 12 s"},
        {{false, 7, 100},       "print@front does not run"             },
        {{false, 0, INT64_MAX}, "print@front does not run"             },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char words[256] = "?";

        atl_pulse_trouble(&rows[i].pulse, "print@front", words, sizeof words);
        assert_memory_equal(words, rows[i].words, strlen(rows[i].words));
        assert_int_equal(words[0] == '\0', rows[i].words[0] == '\0');
    }
}

static void sigterm_is_a_descriptor_and_not_the_end(void **state)
{
    struct atl_process process = open_one();

    (void)state;
    assert_false(atl_process_is_stopping(&process));
    assert_int_equal(raise(SIGTERM), 0);
    assert_true(atl_process_is_stopping(&process));
    assert_true(atl_process_is_stopping(&process)); // asking does not take it out
    atl_process_close(&process);
}

static void a_process_whose_supervisor_is_gone_does_not_begin(void **state)
{
    struct atl_process process;
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(setenv("ATELIER_SUPERVISOR", "1999999999", 1), 0);
    assert_int_equal(atl_process_open(&config, "one", &process, &err), ATL_E_AWAY);
    assert_string_equal(err.text, "the supervisor 1999999999 has ended");
    assert_int_equal(unsetenv("ATELIER_SUPERVISOR"), 0);
}

static void folders_are_made_with_their_modes(void **state)
{
    static struct atl_config fresh;
    struct atl_error err = {0};
    struct stat is;

    (void)state;
    (void)snprintf(fresh.data, sizeof fresh.data, "%s/a/data", config.run);
    (void)snprintf(fresh.run, sizeof fresh.run, "%.40s/r", config.run);
    for (int i = 0; i < 2; i++) // twice is no error
        if (atl_paths_make(&fresh, &err))
            fail_msg("%s", err.text);
    assert_int_equal(stat(fresh.data, &is), 0);
    assert_int_equal(is.st_mode & 0777, 0700);
    assert_int_equal(stat(atl_path_data(&fresh, "proofs").text, &is), 0);
    assert_int_equal(rmdir(atl_path_data(&fresh, "proofs").text), 0);
    assert_int_equal(rmdir(atl_path_data(&fresh, "fonts").text), 0);
    assert_int_equal(rmdir(atl_path_data(&fresh, "backups").text), 0);
    assert_int_equal(rmdir(fresh.data), 0);
    assert_int_equal(rmdir(fresh.run), 0);
    (void)snprintf(fresh.data, sizeof fresh.data, "%s/a", config.run);
    assert_int_equal(rmdir(fresh.data), 0);
    (void)snprintf(fresh.data, sizeof fresh.data, "/dev/null/x");
    assert_int_equal(atl_paths_make(&fresh, &err), ATL_E_IO);
    assert_non_null(strstr(err.text, "make folder /dev/null/x: Not a directory"));
}

int main(void)
{
#define ALONE(name) cmocka_unit_test_setup_teardown(name, make_run, remove_run)
    const struct CMUnitTest tests[] = {
        ALONE(ten_rings_are_one_look_and_nobody_home_is_all_right),
        ALONE(a_ringer_is_never_blocked_by_a_sleeper),
        ALONE(the_same_name_runs_only_once),
        ALONE(a_killed_process_is_seen_at_once),
        ALONE(what_never_ran_does_not_run),
        ALONE(trouble_is_said_in_words),
        ALONE(sigterm_is_a_descriptor_and_not_the_end),
        ALONE(a_process_whose_supervisor_is_gone_does_not_begin),
        ALONE(folders_are_made_with_their_modes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
