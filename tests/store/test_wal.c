// SPDX-License-Identifier: Apache-2.0
// The log stays small though a till never stops writing, and the till hardly waits for that.
#include "tests/store/fixture.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static const char name[] = "wal.db";

// What the till did so far; of both processes.
struct diary {
    volatile int commits;
    volatile int refused; // the lock was not had in time
    volatile int longest_us;
};

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

// One commit behind the other, as no till could.
static void write_for_ever(struct diary *diary)
{
    struct atl_store *store;

    (void)prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L);
    if (atl_store_open(name, ATL_STORE_SERVE, &store, NULL))
        _exit(1);
    for (int i = 0;; i++) {
        const int64_t began_us = now_us();
        char value[200];

        (void)snprintf(value, sizeof value, "%0190d", i);
        if (atl_store_begin(store, NULL)) {
            diary->refused++;
            continue;
        }
        if (now_us() - began_us > diary->longest_us)
            diary->longest_us = (int)(now_us() - began_us);
        if (atl_store_setting_put(store, "test", value, NULL) || atl_store_commit(store, NULL))
            _exit(2);
        diary->commits++;
    }
}

static void wait_for_commits(const struct diary *diary, int count)
{
    const int until = diary->commits + count;

    while (diary->commits < until)
        (void)poll(NULL, 0, 1);
}

static void a_log_that_grows_under_a_till_that_never_pauses_is_emptied(void **state)
{
    enum { ROUNDS = 20, TRIES = 200 };
    struct atl_store *store = fixture_make(name);
    struct diary *diary =
        mmap(NULL, sizeof *diary, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int64_t passive_bytes = 0, bytes = INT64_MAX;
    int tries = 0;
    pid_t till;

    (void)state;
    assert_true(diary != MAP_FAILED);
    atl_store_close(store); // each process opens its own
    till = fork();
    if (till == 0)
        write_for_ever(diary);
    OK(atl_store_open(name, ATL_STORE_WORKER, &store, &fixture_error));
    for (int i = 0; i < ROUNDS; i++) {
        wait_for_commits(diary, 10);
        OK(atl_store_checkpoint(store, false, &passive_bytes, &fixture_error));
    }
    while (bytes > passive_bytes / 2 && tries++ < TRIES)
        OK(atl_store_checkpoint_firmly(store, &bytes, &fixture_error));
    (void)kill(till, SIGKILL);
    assert_int_equal(waitpid(till, NULL, 0), till);
    printf("log after %d passive checkpoints: %lld KB; firmly: %lld KB at try %d; the till waited "
           "%d us "
           "at most and was refused %d times in %d commits\n",
           ROUNDS, (long long)passive_bytes / 1024, (long long)bytes / 1024, tries,
           diary->longest_us, diary->refused, diary->commits);
    assert_true(tries <= TRIES);
    (void)munmap(diary, sizeof *diary);
    fixture_end(store, name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_that_grows_under_a_till_that_never_pauses_is_emptied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
