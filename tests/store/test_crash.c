// SPDX-License-Identifier: Apache-2.0
// Several processes: one is killed in the middle, two write at once.
#include "tests/store/fixture.h"

#include "plugin/store/db.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char name[] = "shop.db";

// Sells from `first` on and says each number that was acknowledged. Never returns.
static void sell_for_ever(int first, int out)
{
    struct atl_store *store = NULL;
    struct fixture_sale sale;

    if (atl_store_open(name, ATL_STORE_WORKER, &store, NULL))
        _exit(1);
    for (int n = first;; n++) {
        fixture_fill(&sale, n);
        if (fixture_tender(store, &sale, NULL))
            _exit(2);
        if (write(out, &n, sizeof n) != sizeof n)
            _exit(3);
    }
}

// Lets a child sell until `acks` orders were acknowledged and kills it a moment later. Returns the
// last number it acknowledged.
static int sell_and_kill(int first, int acks, int spin)
{
    volatile int moment = spin; // somewhere inside the next transaction
    int pipes[2];
    int last = 0;
    int n;
    pid_t pid;

    assert_int_equal(pipe(pipes), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(pipes[0]);
        sell_for_ever(first, pipes[1]);
    }
    close(pipes[1]);
    for (int i = 0; i < acks && read(pipes[0], &n, sizeof n) == sizeof n; i++)
        last = n;
    while (moment > 0)
        moment--;
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    while (read(pipes[0], &n, sizeof n) == sizeof n) // acknowledged meanwhile
        last = n;
    close(pipes[0]);
    return last;
}

static void expect_whole(struct atl_store *store, int first, int last)
{
    for (int n = first; n <= last; n++) {
        struct fixture_sale sale;
        struct atl_piece pieces[4];
        struct atl_job jobs[8];
        size_t count = 0;

        fixture_fill(&sale, n);
        OK(atl_pieces_of_order(store, sale.order.id, pieces, 4, &count, &fixture_error));
        assert_int_equal(count, 3);
        OK(atl_jobs_of_order(store, sale.order.id, jobs, 8, &count, &fixture_error));
        assert_int_equal(count, 4);
    }
}

static int64_t count_of(struct atl_store *store, const char *query)
{
    int64_t count = -1;

    OK(atl_db_number(store, query, &count, &fixture_error));
    return count;
}

static void a_kill_in_the_middle_loses_nothing_acknowledged_and_leaves_nothing_half(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_chain chain = {0};
    int first = 1;

    (void)state;
    atl_store_close(store); // nobody forks with an open store
    for (int round = 0; round < 20; round++) {
        const int last = sell_and_kill(first, 1 + round % 4, round * 40000);

        assert_true(last >= first);
        OK(atl_store_open(name, ATL_STORE_WORKER, &store, &fixture_error));
        expect_whole(store, first, last);
        first = 1 + (int)count_of(store, "SELECT max(sequence) FROM orders");
        assert_true(first == last + 1 || first == last + 2); // committed, not yet acknowledged
        atl_store_close(store);
    }
    OK(atl_store_open(name, ATL_STORE_WORKER, &store, &fixture_error));
    OK(atl_store_quick_check(store, 0, &fixture_error));
    OK(atl_store_verify_rows(store, NULL, &fixture_error));
    OK(atl_events_verify(store, 0, &chain, &fixture_error));
    assert_int_equal(chain.count, 4 * count_of(store, "SELECT count(*) FROM orders"));
    fixture_end(store, name);
}

// Sells `count` and ends with the number of times that the store was busy.
static void sell_some(enum atl_store_mode mode, int first, int count)
{
    struct atl_store *store = NULL;
    struct fixture_sale sale;
    int busy = 0;

    if (atl_store_open(name, mode, &store, NULL))
        _exit(100);
    for (int n = first; n < first + count; n++) {
        atl_code rc;
        fixture_fill(&sale, n);
        rc = fixture_tender(store, &sale, NULL);
        busy += rc == ATL_E_BUSY;
        if (rc && rc != ATL_E_BUSY)
            _exit(101);
    }
    atl_store_close(store);
    _exit(busy > 99 ? 99 : busy);
}

static void several_processes_sell_at_once_and_the_chain_stays_one(void **state)
{
    enum { WRITERS = 3, EACH = 25 };
    struct atl_store *store = fixture_make(name);
    struct atl_chain chain = {0};
    pid_t pids[WRITERS];
    int status;

    (void)state;
    atl_store_close(store);
    for (int i = 0; i < WRITERS; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            sell_some(ATL_STORE_WORKER, 1 + i * 1000, EACH);
        assert_true(pids[i] > 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0); // nobody was turned away
    }
    OK(atl_store_open(name, ATL_STORE_WORKER, &store, &fixture_error));
    assert_int_equal(count_of(store, "SELECT count(*) FROM orders"), WRITERS * EACH);
    OK(atl_events_verify(store, 0, &chain, &fixture_error));
    assert_int_equal(chain.count, WRITERS * EACH * 4);
    fixture_end(store, name);
}

// Claims and "prints" until nothing waits, each as the print lane of the same device.
static void print_all(int out)
{
    struct atl_store *store = NULL;
    struct atl_job job;

    if (atl_store_open(name, ATL_STORE_WORKER, &store, NULL))
        _exit(100);
    while (!atl_jobs_claim(store, "front", FIXTURE_NOW_MS, 60000, &job, NULL)) {
        if (atl_jobs_begin_sending(store, &job, FIXTURE_NOW_MS, 60000, NULL))
            continue;
        if (write(out, &job.id, sizeof job.id) != sizeof job.id)
            _exit(101);
        if (atl_jobs_finish(store, job.id, ATL_JOB_SENT, "", FIXTURE_NOW_MS, NULL))
            _exit(102);
    }
    atl_store_close(store);
    _exit(0);
}

static void two_lanes_of_one_device_print_every_paper_once(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job_counts counts;
    bool printed[100] = {false};
    int pipes[2];
    int papers = 0;
    int64_t id;

    (void)state;
    for (int n = 0; n < 10; n++)
        fixture_sell(store, n, &(struct fixture_sale){0});
    atl_store_close(store);
    assert_int_equal(pipe(pipes), 0);
    for (int i = 0; i < 2; i++) {
        const pid_t pid = fork();
        if (pid == 0)
            print_all(pipes[1]);
        assert_true(pid > 0);
    }
    close(pipes[1]);
    while (read(pipes[0], &id, sizeof id) == sizeof id) {
        assert_true(id > 0 && id < 100);
        assert_false(printed[id]);
        printed[id] = true;
        papers++;
    }
    close(pipes[0]);
    for (int i = 0; i < 2; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(papers, 40);
    OK(atl_store_open(name, ATL_STORE_WORKER, &store, &fixture_error));
    OK(atl_jobs_count(store, NULL, &counts, &fixture_error));
    assert_int_equal(counts.waiting + counts.sending + counts.unknown, 0);
    fixture_end(store, name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kill_in_the_middle_loses_nothing_acknowledged_and_leaves_nothing_half),
        cmocka_unit_test(several_processes_sell_at_once_and_the_chain_stays_one),
        cmocka_unit_test(two_lanes_of_one_device_print_every_paper_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
