// SPDX-License-Identifier: Apache-2.0
// A lane that starts anew, with the real store and a printer that is a file; what evidence amounts
// to.
#include "plugin/agent/doorbell.h"
#include "plugin/agent/print_lane.h"
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
#include <unistd.h>

#include <cmocka.h>

enum { LEASE_MS = 15000 };

static int64_t now_ms(void)
{
    return FIXTURE_NOW_MS;
}

static atl_code no_page(void *ctx, struct atl_store *store, const struct atl_job *job,
                        const struct atl_model *model, const struct atl_page **page,
                        struct atl_error *err)
{
    (void)ctx;
    (void)store;
    (void)model;
    (void)page;
    return atl_fail(err, ATL_E_INVALID, "nothing of %s is to be printed here", job->code);
}

static void look_and_leave(void *ctx)
{
    (void)ctx;
    (void)raise(SIGTERM);
}

// As in the house, but for a lane that leaves after its first round.
static void run_once(struct atl_store *store, struct atl_process *process)
{
    static const struct atl_config_printer printer = {
        .name = "front", .driver = "escpos", .model = "tm-t20", .link = "file:run.bin"};
    const struct atl_print_setup setup = {
        .printer = &printer, .store = store, .process = process, .document = no_page};
    struct atl_lane_work work = atl_print_work;
    struct atl_lane lane = {.device = "front",
                            .lease_ms = LEASE_MS,
                            .process = process,
                            .now_ms = now_ms,
                            .work = &work,
                            .store = store};
    struct atl_print_lane *printing;

    work.look = look_and_leave;
    OK(atl_print_lane_open(&setup, &printing, &fixture_error));
    lane.ctx = printing;
    OK(atl_lane_run(&lane, &fixture_error));
    atl_print_lane_close(printing);
}

static bool is_rung(int bell)
{
    struct pollfd ready = {.fd = bell, .events = POLLIN};

    return poll(&ready, 1, 0) == 1;
}

static void remove_run(const char *run)
{
    static const char *const names[] = {"serve.bell", "print@front.bell", "print@front.beat"};
    char path[128];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(path, sizeof path, "%.63s/%s", run, names[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(run), 0);
}

// The lease has not ended; it is enough that a new lane has the name. Whose turn it was is known.
static void what_was_being_sent_is_unknown_as_soon_as_a_new_lane_starts(void **state)
{
    struct atl_store *store = fixture_make("lane-run.db");
    static struct atl_config config;
    struct atl_process process;
    struct atl_job sending, claimed;
    int serve_bell = -1;

    (void)state;
    (void)snprintf(config.run, sizeof config.run, "/tmp/atl-run-XXXXXX");
    assert_non_null(mkdtemp(config.run));
    fixture_sell(store, 1, &(struct fixture_sale){0});
    OK(atl_jobs_claim(store, "front", FIXTURE_NOW_MS, LEASE_MS, &sending, &fixture_error));
    OK(atl_jobs_begin_sending(store, &sending, FIXTURE_NOW_MS, LEASE_MS, &fixture_error));
    OK(atl_jobs_claim(store, "front", FIXTURE_NOW_MS, LEASE_MS, &claimed, &fixture_error));

    OK(atl_doorbell_open(config.run, "serve", &serve_bell, &fixture_error));
    OK(atl_process_open(&config, "print@front", &process, &fixture_error));
    run_once(store, &process);
    assert_int_equal(fixture_job(store, sending.id).state, ATL_JOB_UNKNOWN);
    assert_non_null(strstr(fixture_job(store, sending.id).evidence, "look whether it came out"));
    assert_int_equal(fixture_job(store, claimed.id).state, ATL_JOB_HELD); // it was taken again
    assert_true(is_rung(serve_bell));

    atl_process_close(&process);
    close(serve_bell);
    fixture_end(store, "lane-run.db");
    remove_run(config.run);
}

static void evidence_counts_as_far_as_the_device_can_give_it(void **state)
{
    static const struct {
        enum atl_proof proof;
        enum atl_outcome outcome;
        enum atl_job_state state;
    } rows[] = {
        {ATL_PROOF_NONE,     ATL_OUTCOME_SENT,        ATL_JOB_SENT     },
        {ATL_PROOF_TAKEN,    ATL_OUTCOME_SENT,        ATL_JOB_SENT     },
        {ATL_PROOF_TAKEN,    ATL_OUTCOME_PROVEN,      ATL_JOB_SENT     },
        {ATL_PROOF_TAKEN,    ATL_OUTCOME_UNTOUCHED,   ATL_JOB_UNKNOWN  },
        {ATL_PROOF_IDLE,     ATL_OUTCOME_SENT,        ATL_JOB_UNKNOWN  },
        {ATL_PROOF_IDLE,     ATL_OUTCOME_PROVEN,      ATL_JOB_CONFIRMED},
        {ATL_PROOF_FINISHED, ATL_OUTCOME_UNTOUCHED,   ATL_JOB_FAILED   },
        {ATL_PROOF_FINISHED, ATL_OUTCOME_INTERRUPTED, ATL_JOB_UNKNOWN  },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(atl_lane_settle(rows[i].proof, rows[i].outcome), rows[i].state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_being_sent_is_unknown_as_soon_as_a_new_lane_starts),
        cmocka_unit_test(evidence_counts_as_far_as_the_device_can_give_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
