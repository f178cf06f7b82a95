// SPDX-License-Identifier: Apache-2.0
// The loop of a lane against a journal of one job: what may be tried again, and what never.
#include "plugin/agent/lane.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

// In place of plugin/store: the lane cannot tell. It lies in shared memory, so that it outlives a
// lane that is killed.
struct atl_store {
    enum atl_job_state state;
    enum atl_proof proof; // of the device
    int attempt;
    int64_t due_ms;
    int64_t leased_until_ms;
    char note[64];
    char told[64];
    int byte_count; // what the device was given
    int looks;
    bool was_amended; // between claim and the first byte
    bool is_slow;     // the end is written down after the lease ran out
    int busy_ends;    // so often the store is busy when the end is to be written down
};

static int64_t clock_ms;

static int64_t now_ms(void)
{
    return clock_ms;
}

atl_code atl_jobs_claim(struct atl_store *store, const char *device, int64_t at_ms,
                        int64_t lease_ms, struct atl_job *job, struct atl_error *err)
{
    (void)device;
    if (store->state == ATL_JOB_SENDING && store->leased_until_ms <= at_ms)
        store->state = ATL_JOB_UNKNOWN;
    if (store->state != ATL_JOB_QUEUED || store->due_ms > at_ms || store->leased_until_ms > at_ms)
        return atl_fail(err, ATL_E_NOT_FOUND, "nothing to do");
    store->leased_until_ms = at_ms + lease_ms;
    *job = (struct atl_job){
        .id = 1, .document = ATL_DOCUMENT_TAG, .attempt = ++store->attempt, .code = "K7F-2A1"};
    return ATL_OK;
}

atl_code atl_jobs_take_over(struct atl_store *store, const char *device, int64_t at_ms, int *count,
                            struct atl_error *err)
{
    (void)store;
    (void)device;
    (void)at_ms;
    (void)err;
    *count = 0; // test_lane_run.c has the real one
    return ATL_OK;
}

static atl_code leave_queue(struct atl_store *store, enum atl_job_state state, const char *note,
                            struct atl_error *err)
{
    if (store->state != ATL_JOB_QUEUED)
        return atl_fail(err, ATL_E_CONFLICT, "the job is not queued");
    store->state = state;
    (void)snprintf(store->note, sizeof store->note, "%s", note);
    return ATL_OK;
}

atl_code atl_jobs_put_back(struct atl_store *store, int64_t job_id, int64_t due_ms, const char *why,
                           struct atl_error *err)
{
    (void)job_id;
    store->due_ms = due_ms;
    store->leased_until_ms = 0;
    return leave_queue(store, ATL_JOB_QUEUED, why, err);
}

atl_code atl_jobs_hold(struct atl_store *store, int64_t job_id, const char *why,
                       struct atl_error *err)
{
    (void)job_id;
    return leave_queue(store, ATL_JOB_HELD, why, err);
}

atl_code atl_jobs_begin_sending(struct atl_store *store, const struct atl_job *job, int64_t at_ms,
                                int64_t lease_ms, struct atl_error *err)
{
    (void)job;
    if (store->was_amended) {
        store->was_amended = false;
        store->leased_until_ms = 0; // due again at once
        return atl_fail(err, ATL_E_CONFLICT, "the piece was changed");
    }
    store->leased_until_ms = at_ms + lease_ms;
    return leave_queue(store, ATL_JOB_SENDING, "", err);
}

atl_code atl_jobs_finish(struct atl_store *store, int64_t job_id, enum atl_job_state state,
                         const char *evidence, int64_t at_ms, struct atl_error *err)
{
    (void)job_id;
    (void)at_ms;
    if (store->busy_ends > 0) {
        store->busy_ends--;
        return atl_fail(err, ATL_E_BUSY, "somebody else writes");
    }
    if (store->is_slow)
        store->state = ATL_JOB_UNKNOWN;
    if (store->state != ATL_JOB_SENDING)
        return atl_fail(err, ATL_E_CONFLICT, "the job is not sending");
    store->state = state;
    (void)snprintf(store->note, sizeof store->note, "%s", evidence);
    return ATL_OK;
}

atl_code atl_jobs_next_due(struct atl_store *store, const char *device, int64_t *due_ms,
                           struct atl_error *err)
{
    (void)device;
    (void)err;
    *due_ms = store->state == ATL_JOB_QUEUED ? store->due_ms : INT64_MAX;
    return ATL_OK;
}

static atl_code ready(const struct atl_job *job, void *ctx, struct atl_error *err)
{
    (void)job;
    (void)ctx;
    (void)err;
    return ATL_OK;
}

static atl_code away(const struct atl_job *job, void *ctx, struct atl_error *err)
{
    (void)job;
    (void)ctx;
    return atl_fail(err, ATL_E_IO, "the printer is switched off");
}

static atl_code no_room(const struct atl_job *job, void *ctx, struct atl_error *err)
{
    (void)job;
    (void)ctx;
    return atl_fail(err, ATL_E_NOMEM, "out of memory");
}

static atl_code unprintable(const struct atl_job *job, void *ctx, struct atl_error *err)
{
    (void)job;
    (void)ctx;
    return atl_fail(err, ATL_E_INVALID, "the template names a field that is not there");
}

static enum atl_proof proof_of(void *ctx)
{
    const struct atl_store *store = ctx;

    return store->proof;
}

// Gives the device one byte, after a look at what the journal says by then.
static void give_byte(struct atl_store *store)
{
    assert_int_equal(store->state, ATL_JOB_SENDING);
    store->byte_count++;
}

static enum atl_outcome breaks_off(const struct atl_job *job, void *ctx, struct atl_error *evidence)
{
    (void)job;
    give_byte(ctx);
    (void)atl_fail(evidence, ATL_E_TIMEOUT, "no answer after the first byte");
    return ATL_OUTCOME_INTERRUPTED;
}

static enum atl_outcome is_killed(const struct atl_job *job, void *ctx, struct atl_error *evidence)
{
    (void)job;
    (void)evidence;
    give_byte(ctx);
    (void)raise(SIGKILL);
    return ATL_OUTCOME_INTERRUPTED;
}

static enum atl_outcome prints(const struct atl_job *job, void *ctx, struct atl_error *evidence)
{
    (void)job;
    give_byte(ctx);
    (void)atl_fail(evidence, ATL_OK, "idle, no trouble");
    return ATL_OUTCOME_PROVEN;
}

static void look(void *ctx)
{
    struct atl_store *store = ctx;

    store->looks++;
}

static void tell(const char *trouble, void *ctx)
{
    struct atl_store *store = ctx;

    (void)snprintf(store->told, sizeof store->told, "%s", trouble);
}

static const struct atl_lane_work is_away = {
    .prepare = away, .proof = proof_of, .send = breaks_off, .tell = tell};
static const struct atl_lane_work has_no_room = {
    .prepare = no_room, .proof = proof_of, .send = breaks_off, .tell = tell};
static const struct atl_lane_work cannot_encode = {
    .prepare = unprintable, .proof = proof_of, .send = breaks_off, .tell = tell};
static const struct atl_lane_work cable_is_pulled = {
    .prepare = ready, .proof = proof_of, .send = breaks_off, .tell = tell};
static const struct atl_lane_work lane_is_killed = {
    .prepare = ready, .proof = proof_of, .send = is_killed};
static const struct atl_lane_work works = {
    .prepare = ready, .proof = proof_of, .send = prints, .look = look, .tell = tell};

// A delivery crosses the line by itself.
static enum atl_outcome is_not_there(const struct atl_job *job, struct atl_lane_begin *begin,
                                     void *ctx, struct atl_error *evidence)
{
    (void)job;
    (void)begin;
    (void)ctx;
    (void)atl_fail(evidence, ATL_E_AWAY, "the stick is not there");
    return ATL_OUTCOME_INTERRUPTED;
}

static enum atl_outcome delivers(const struct atl_job *job, struct atl_lane_begin *begin, void *ctx,
                                 struct atl_error *evidence)
{
    (void)job;
    if (atl_lane_begin(begin, evidence))
        return ATL_OUTCOME_INTERRUPTED;
    give_byte(ctx);
    (void)atl_fail(evidence, ATL_OK, "X.DST: read back");
    return ATL_OUTCOME_PROVEN;
}

static enum atl_outcome is_pulled_out(const struct atl_job *job, struct atl_lane_begin *begin,
                                      void *ctx, struct atl_error *evidence)
{
    const enum atl_outcome outcome = delivers(job, begin, ctx, evidence);

    (void)atl_fail(evidence, ATL_E_IO, "the stick vanished");
    return outcome == ATL_OUTCOME_PROVEN ? ATL_OUTCOME_INTERRUPTED : outcome;
}

static const struct atl_lane_work stick_is_away = {
    .prepare = ready, .proof = proof_of, .deliver = is_not_there, .tell = tell};
static const struct atl_lane_work stick_works = {
    .prepare = ready, .proof = proof_of, .deliver = delivers, .tell = tell};
static const struct atl_lane_work stick_is_pulled = {
    .prepare = ready, .proof = proof_of, .deliver = is_pulled_out, .tell = tell};

static struct atl_store *new_store(void)
{
    static struct atl_store *store;

    if (!store)
        store =
            mmap(NULL, sizeof *store, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(store != MAP_FAILED);
    *store = (struct atl_store){.state = ATL_JOB_QUEUED, .proof = ATL_PROOF_IDLE};
    clock_ms = 1000000;
    return store;
}

static struct atl_lane lane_of(struct atl_store *store, const struct atl_lane_work *work)
{
    return (struct atl_lane){.device = "front",
                             .lease_ms = 60000,
                             .now_ms = now_ms,
                             .work = work,
                             .ctx = store,
                             .store = store};
}

static int drain(const struct atl_lane *lane)
{
    struct atl_error err = {0};
    int done = 0;

    if (atl_lane_drain(lane, &done, &err))
        fail_msg("%s", err.text);
    return done;
}

// A day later, with the device well again, nobody takes the job up.
static void check_that_nobody_claims_it_again(struct atl_store *store)
{
    const struct atl_lane lane = lane_of(store, &works);

    clock_ms += 86400000;
    assert_int_equal(drain(&lane), 0);
    assert_int_equal(store->byte_count, 1);
    assert_int_equal(store->state, ATL_JOB_UNKNOWN);
}

static void a_device_that_is_away_is_asked_again_later(void **state)
{
    struct atl_store *store = new_store();
    struct atl_lane lane = lane_of(store, &is_away);

    (void)state;
    assert_int_equal(drain(&lane), 1);
    assert_int_equal(store->state, ATL_JOB_QUEUED);
    assert_int_equal(store->due_ms, clock_ms + 2000);
    assert_string_equal(store->note, "the printer is switched off");
    assert_string_equal(store->told, "the printer is switched off");
    clock_ms += 2000;
    lane.work = &works;
    assert_int_equal(drain(&lane), 1);
    assert_int_equal(store->state, ATL_JOB_CONFIRMED);
    assert_string_equal(store->note, "idle, no trouble");
    assert_string_equal(store->told, "");
}

static void what_waits_for_its_device_waits_as_long_as_it_takes(void **state)
{
    struct atl_store *store = new_store();
    struct atl_lane lane = lane_of(store, &is_away);

    (void)state;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(drain(&lane), 1);
        assert_int_equal(store->state, ATL_JOB_QUEUED);
        assert_true(store->due_ms <= clock_ms + 900000);
        clock_ms = store->due_ms;
    }
    lane.work = &works;
    assert_int_equal(drain(&lane), 1);
    assert_int_equal(store->state, ATL_JOB_CONFIRMED);
}

static void patience_ends_and_a_person_looks(void **state)
{
    struct atl_store *store = new_store();
    const struct atl_lane lane = lane_of(store, &has_no_room);

    (void)state;
    for (int i = 0; i < 6; i++) {
        assert_int_equal(store->state, ATL_JOB_QUEUED);
        assert_int_equal(drain(&lane), 1);
        clock_ms += 900000;
    }
    assert_int_equal(store->state, ATL_JOB_HELD);
    assert_int_equal(store->byte_count, 0);
}

static void what_waiting_cannot_cure_is_held_at_once_and_is_not_the_printers_fault(void **state)
{
    struct atl_store *store = new_store();
    const struct atl_lane lane = lane_of(store, &cannot_encode);

    (void)state;
    assert_int_equal(drain(&lane), 1);
    assert_int_equal(store->state, ATL_JOB_HELD);
    assert_string_equal(store->told, "");
}

static void an_interruption_after_the_first_byte_is_unknown_and_not_claimed_again(void **state)
{
    (void)state;
    for (int proof = ATL_PROOF_NONE; proof <= ATL_PROOF_FINISHED; proof++) {
        struct atl_store *store = new_store();
        const struct atl_lane lane = lane_of(store, &cable_is_pulled);

        store->proof = (enum atl_proof)proof;
        assert_int_equal(drain(&lane), 1);
        assert_int_equal(store->state, ATL_JOB_UNKNOWN);
        assert_string_equal(store->note, "no answer after the first byte");
        assert_string_equal(store->told, "no answer after the first byte");
        check_that_nobody_claims_it_again(store);
    }
}

static void
a_lane_killed_after_the_first_byte_leaves_unknown_and_nobody_claims_it_again(void **state)
{
    struct atl_store *store = new_store();
    const struct atl_lane lane = lane_of(store, &lane_is_killed);
    int status = 0;
    const pid_t child = fork();

    (void)state;
    if (child == 0)
        _exit(drain(&lane));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(store->state, ATL_JOB_SENDING);
    check_that_nobody_claims_it_again(store);
}

static void what_was_changed_after_the_claim_is_printed_as_it_is_now(void **state)
{
    struct atl_store *store = new_store();
    const struct atl_lane lane = lane_of(store, &works);

    (void)state;
    store->was_amended = true;
    assert_int_equal(drain(&lane), 2); // the second claim sees it as it is now
    assert_int_equal(store->byte_count, 1);
    assert_int_equal(store->state, ATL_JOB_CONFIRMED);
}

static void an_end_that_comes_after_the_lease_stays_unknown_and_the_lane_goes_on(void **state)
{
    struct atl_store *store = new_store();
    const struct atl_lane lane = lane_of(store, &works);

    (void)state;
    store->is_slow = true;
    assert_int_equal(drain(&lane), 1);
    assert_int_equal(store->state, ATL_JOB_UNKNOWN);
}

static void a_store_that_is_busy_at_the_end_is_tried_again(void **state)
{
    struct atl_store *store = new_store();
    const struct atl_lane lane = lane_of(store, &works);

    (void)state;
    store->busy_ends = 2;
    assert_int_equal(drain(&lane), 1);
    assert_int_equal(store->state, ATL_JOB_CONFIRMED);
    assert_int_equal(store->byte_count, 1);
}

static struct atl_process new_process(struct atl_config *config)
{
    struct atl_process process;
    struct atl_error err = {0};

    (void)snprintf(config->run, sizeof config->run, "/tmp/atl-lane-XXXXXX");
    assert_non_null(mkdtemp(config->run));
    if (atl_process_open(config, "print@front", &process, &err))
        fail_msg("%s", err.text);
    return process;
}

static void end_process(const struct atl_config *config, struct atl_process *process)
{
    const struct timespec at_once = {0};
    sigset_t stop;
    char path[128];

    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    (void)sigtimedwait(&stop, NULL, &at_once); // what stopped it would stop the next test's, too
    atl_process_close(process);
    (void)snprintf(path, sizeof path, "%.63s/print@front.beat", config->run);
    assert_int_equal(unlink(path), 0);
    (void)snprintf(path, sizeof path, "%.63s/print@front.bell", config->run);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(config->run), 0);
}

// Stops the lane at the third look, in which the job has come due without any doorbell.
static void look_and_stop(void *ctx)
{
    struct atl_store *store = ctx;

    store->looks++;
    clock_ms += 5000;
    if (store->looks == 3)
        (void)raise(SIGTERM);
}

static void work_whose_doorbell_was_lost_is_done_at_the_next_look(void **state)
{
    static const struct atl_lane_work work = {
        .prepare = ready, .proof = proof_of, .send = prints, .look = look_and_stop, .tell = tell};
    static struct atl_config config;
    struct atl_process process = new_process(&config);
    struct atl_store *store = new_store();
    struct atl_lane lane = lane_of(store, &work);
    struct atl_error err = {0};

    (void)state;
    lane.process = &process;
    store->due_ms = clock_ms + 5001; // nobody rings
    if (atl_lane_run(&lane, &err))
        fail_msg("%s", err.text);
    assert_int_equal(store->state, ATL_JOB_CONFIRMED);
    end_process(&config, &process);
}

static void a_lane_that_is_told_to_stop_begins_nothing_more(void **state)
{
    static struct atl_config config;
    struct atl_process process = new_process(&config);
    struct atl_store *store = new_store();
    struct atl_lane lane = lane_of(store, &works);
    struct atl_error err = {0};

    (void)state;
    lane.process = &process;
    assert_int_equal(raise(SIGTERM), 0);
    if (atl_lane_run(&lane, &err))
        fail_msg("%s", err.text);
    assert_int_equal(store->state, ATL_JOB_QUEUED);
    assert_int_equal(store->byte_count, 0);
    end_process(&config, &process);
}

static void a_delivery_that_did_not_begin_is_tried_again_later(void **state)
{
    struct atl_store *store = new_store();
    struct atl_lane lane = lane_of(store, &stick_is_away);

    (void)state;
    store->proof = ATL_PROOF_TAKEN;
    assert_int_equal(drain(&lane), 1);
    assert_int_equal(store->state, ATL_JOB_QUEUED);
    assert_int_equal(store->due_ms, clock_ms + 2000);
    assert_string_equal(store->told, "the stick is not there");
    clock_ms += 2000;
    lane.work = &stick_works;
    assert_int_equal(drain(&lane), 1);
    assert_int_equal(store->state, ATL_JOB_SENT);
    assert_string_equal(store->note, "X.DST: read back");
    assert_string_equal(store->told, "");
    assert_int_equal(store->byte_count, 1);
}

static void a_delivery_that_ends_after_it_began_is_unknown_and_not_tried_again(void **state)
{
    struct atl_store *store = new_store();
    const struct atl_lane lane = lane_of(store, &stick_is_pulled);

    (void)state;
    store->proof = ATL_PROOF_TAKEN;
    assert_int_equal(drain(&lane), 1);
    assert_int_equal(store->state, ATL_JOB_UNKNOWN);
    assert_string_equal(store->note, "the stick vanished");
    check_that_nobody_claims_it_again(store);
}

static void a_delivery_of_what_was_changed_since_does_not_begin(void **state)
{
    struct atl_store *store = new_store();
    const struct atl_lane lane = lane_of(store, &stick_works);

    (void)state;
    store->proof = ATL_PROOF_TAKEN;
    store->was_amended = true;
    assert_int_equal(drain(&lane), 2); // once in vain, once as it is now
    assert_int_equal(store->state, ATL_JOB_SENT);
    assert_int_equal(store->byte_count, 1);
}

static void the_waits_end(void **state)
{
    static const int64_t waits_ms[] = {-1, 2000, 10000, 60000, 300000, 900000, -1};

    (void)state;
    for (int attempt = 0; attempt < 7; attempt++)
        assert_int_equal(atl_retry_wait_ms(attempt), waits_ms[attempt]);
    assert_int_equal(atl_retry_wait_ms(-1), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_that_is_away_is_asked_again_later),
        cmocka_unit_test(what_waits_for_its_device_waits_as_long_as_it_takes),
        cmocka_unit_test(patience_ends_and_a_person_looks),
        cmocka_unit_test(what_waiting_cannot_cure_is_held_at_once_and_is_not_the_printers_fault),
        cmocka_unit_test(an_interruption_after_the_first_byte_is_unknown_and_not_claimed_again),
        cmocka_unit_test(
            a_lane_killed_after_the_first_byte_leaves_unknown_and_nobody_claims_it_again),
        cmocka_unit_test(what_was_changed_after_the_claim_is_printed_as_it_is_now),
        cmocka_unit_test(an_end_that_comes_after_the_lease_stays_unknown_and_the_lane_goes_on),
        cmocka_unit_test(a_store_that_is_busy_at_the_end_is_tried_again),
        cmocka_unit_test(work_whose_doorbell_was_lost_is_done_at_the_next_look),
        cmocka_unit_test(a_lane_that_is_told_to_stop_begins_nothing_more),
        cmocka_unit_test(a_delivery_that_did_not_begin_is_tried_again_later),
        cmocka_unit_test(a_delivery_that_ends_after_it_began_is_unknown_and_not_tried_again),
        cmocka_unit_test(a_delivery_of_what_was_changed_since_does_not_begin),
        cmocka_unit_test(the_waits_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
