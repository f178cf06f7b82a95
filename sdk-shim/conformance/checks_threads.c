// SPDX-License-Identifier: Apache-2.0
// Several threads, small stacks, and fork().
#include "sdk-shim/conformance/check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    THREADS = 8,
    ROUNDS = 200,
    CALLS_BESIDE = 20,
    STACK_BYTES = 256 * 1024,
    STACK_MAX_BYTES = 16 * 1024, // of a call, beside what the host's own function takes
};

struct worker {
    struct lab *lab;
    atl_pos_till till;
    pthread_barrier_t *barrier;
    const struct call *call;
    struct kit *kit;
    int32_t rc;
    int64_t took_ms;
};

static void start_thread(pthread_t *thread, void *(*run)(void *), void *worker)
{
    if (pthread_create(thread, NULL, run, worker) != 0)
        fail("the check's own thread cannot be started");
}

static void *one_call(void *arg)
{
    struct worker *worker = arg;
    int64_t begun_ms;

    pthread_barrier_wait(worker->barrier);
    begun_ms = lab_now_ms();
    worker->rc = call_plain(worker->lab, &calls[9], worker->till); // before_tender
    worker->took_ms = lab_now_ms() - begun_ms;
    return NULL;
}

// One of them waits for an agent that says nothing; the others must not wait for it.
static void check_one_till(struct lab *lab)
{
    const pid_t agent = agent_start(lab, AGENT_DEAF);
    const atl_pos_till till = lab_open(lab);
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    pthread_barrier_t barrier;
    int busy = 0, late = 0;

    pthread_barrier_init(&barrier, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.lab = lab, .till = till, .barrier = &barrier};
        start_thread(&threads[i], one_call, &workers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        busy += workers[i].rc == ATL_POS_E_BUSY;
        late += workers[i].rc == ATL_POS_E_BUSY && workers[i].took_ms > AT_ONCE_MS;
    }
    if (busy != THREADS - 1 || late)
        fail("of %d calls at the same time %d are ATL_POS_E_BUSY, and %d of these only after a "
             "while",
             THREADS, busy, late);
    agent_stop(lab, agent);
}

static void *many_calls(void *arg)
{
    struct worker *worker = arg;

    for (int i = 0; i < ROUNDS; i++) {
        const atl_pos_till till = lab_open(worker->lab);

        for (size_t k = 0; k < call_count; k++) {
            const int32_t rc = call_plain(worker->lab, &calls[k], till);

            if (rc == ATL_POS_E_BUSY || rc == ATL_POS_E_INVALID)
                fail("%s() on a thread's own till gives code %d", calls[k].name, rc);
        }
        if (worker->lab->plugin->close(till))
            fail("a thread cannot close its own till");
    }
    return NULL;
}

static void check_own_tills(struct lab *lab)
{
    struct worker worker = {.lab = lab};
    pthread_t threads[THREADS];

    lab_load(lab);
    for (int i = 0; i < THREADS; i++)
        start_thread(&threads[i], many_calls, &worker);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static void *close_it(void *arg)
{
    struct worker *worker = arg;

    do
        worker->rc = worker->lab->plugin->close(worker->till);
    while (worker->rc == ATL_POS_E_BUSY);
    return NULL;
}

// One thread calls, another closes: busy until the call is over, and then it is gone.
static void check_close_meanwhile(struct lab *lab)
{
    const pid_t agent = agent_start(lab, AGENT_POLITE);

    lab_load(lab);
    for (int i = 0; i < ROUNDS; i++) {
        struct worker worker = {.lab = lab, .till = lab_open(lab)};
        pthread_t thread;
        int32_t rc = ATL_POS_OK;

        start_thread(&thread, close_it, &worker);
        for (int k = 0; k < CALLS_BESIDE && rc != ATL_POS_E_INVALID; k++)
            rc = call_plain(lab, &calls[3], worker.till); // sign
        pthread_join(thread, NULL);
        if (worker.rc)
            fail("close() beside a call gives code %d", worker.rc);
        if (call_plain(lab, &calls[3], worker.till) != ATL_POS_E_INVALID)
            fail("a till lives on after close()");
    }
    agent_stop(lab, agent);
}

static void *all_calls(void *arg)
{
    struct worker *worker = arg;

    worker->rc = worker->call->make(worker->lab->plugin, worker->till, worker->kit->at);
    return NULL;
}

// Runs one call on a stack of its own and returns how much of it was written to.
static size_t stack_use(struct worker *worker)
{
    uint8_t *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    pthread_attr_t attributes;
    pthread_t thread;
    size_t untouched = 0;

    if (stack == MAP_FAILED)
        fail("the check's own memory cannot be had");
    memset(stack, 0xa5, STACK_BYTES);
    pthread_attr_init(&attributes);
    pthread_attr_setstack(&attributes, stack, STACK_BYTES);
    if (pthread_create(&thread, &attributes, all_calls, worker) != 0)
        fail("the check's own thread cannot be started");
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    while (untouched < STACK_BYTES && stack[untouched] == 0xa5)
        untouched++;
    munmap(stack, STACK_BYTES);
    return STACK_BYTES - untouched;
}

static int32_t do_nothing(const struct atl_pos_plugin *plugin, atl_pos_till till, void *const at[])
{
    (void)plugin;
    (void)till;
    (void)at;
    return 0;
}

static void check_stack(struct lab *lab)
{
    static const struct call nothing = {.name = "nothing", .make = do_nothing};
    const pid_t agent = agent_start(lab, AGENT_POLITE);
    struct worker worker = {.lab = lab, .till = lab_open(lab), .call = &nothing};
    struct kit kit;
    size_t own;

    kit_fill(&kit);
    worker.kit = &kit;
    own = stack_use(&worker);
    for (size_t i = 0; i < call_count; i++) {
        size_t use;

        kit_fill(&kit);
        worker.call = &calls[i];
        use = stack_use(&worker);
        if (use > own + STACK_MAX_BYTES)
            fail("%s() takes %zu bytes of stack, and %d are allowed", calls[i].name, use - own,
                 STACK_MAX_BYTES);
    }
    agent_stop(lab, agent);
}

static void in_the_child(const struct lab *lab, atl_pos_till till)
{
    for (size_t i = 0; i < call_count; i++) {
        const int32_t rc = call_plain(lab, &calls[i], till);

        if (rc != ATL_POS_E_INVALID)
            fail("%s() in a child of fork() gives code %d, not ATL_POS_E_INVALID", calls[i].name,
                 rc);
    }
    if (lab->plugin->close(till) != ATL_POS_E_INVALID)
        fail("a child of fork() can close its parent's till");
    _exit(0);
}

static void check_fork(struct lab *lab)
{
    const pid_t agent = agent_start(lab, AGENT_POLITE);
    const atl_pos_till till = lab_open(lab);
    const int32_t before = call_plain(lab, &calls[3], till);
    int status = 0;
    pid_t child;

    child = fork();
    if (child == 0)
        in_the_child(lab, till);
    waitpid(child, &status, 0);
    if (status)
        _exit(1); // the child has said why
    if (call_plain(lab, &calls[3], till) != before)
        fail("a fork() changed what the parent's till answers");
    agent_stop(lab, agent);
}

static const struct check rows[] = {
    {"one_till",        "of several calls at the same time on a till all but one are busy, at once",
     check_one_till                                                                                                                },
    {"own_tills",       "threads with tills of their own do not disturb one another",                         check_own_tills      },
    {"close_meanwhile", "close() beside a call is busy, and then closes",                                     check_close_meanwhile},
    {"stack",           "no call takes more than 16 KiB of stack",                                            check_stack          },
    {"fork",            "a till is its process's own: ATL_POS_E_INVALID in a child, unchanged in the parent",
     check_fork                                                                                                                    },
};

const struct check_group checks_threads = {rows, sizeof rows / sizeof rows[0]};
