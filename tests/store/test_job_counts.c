// SPDX-License-Identifier: Apache-2.0
// How many papers wait, and how many are in doubt: the query beside a count of all rows by hand.
#include "tests/store/fixture.h"

#include <stdio.h>
#include <string.h>

static const char name[] = "counts.db";

enum { ROUNDS = 250, JOBS_MAX = 400, LEASE_MS = 60000 };

struct shelf {
    struct atl_store *store;
    struct atl_job jobs[JOBS_MAX]; // all there are
    size_t count;
    uint32_t dice;
};

static uint32_t throw_dice(struct shelf *shelf, uint32_t sides)
{
    shelf->dice = shelf->dice * 1664525u + 1013904223u;
    return (shelf->dice >> 16) % sides;
}

static void read_all(struct shelf *shelf)
{
    shelf->count = 0;
    for (int state = ATL_JOB_QUEUED; state <= ATL_JOB_CANCELLED; state++) {
        size_t count = 0;

        OK(atl_jobs_list(shelf->store, NULL, (enum atl_job_state)state, shelf->jobs + shelf->count,
                         JOBS_MAX - shelf->count, &count, &fixture_error));
        shelf->count += count;
        assert_true(shelf->count <= JOBS_MAX);
    }
}

static bool has_later_copy(const struct shelf *shelf, const struct atl_job *job)
{
    for (size_t i = 0; i < shelf->count; i++) {
        const struct atl_job *other = &shelf->jobs[i];

        if (other->document == job->document && other->copy > job->copy &&
            strcmp(other->order_id, job->order_id) == 0 &&
            strcmp(other->piece_id, job->piece_id) == 0)
            return true;
    }
    return false;
}

static struct atl_job_counts count_by_hand(const struct shelf *shelf, const char *device)
{
    struct atl_job_counts counts = {0};

    for (size_t i = 0; i < shelf->count; i++) {
        const struct atl_job *job = &shelf->jobs[i];

        if (device && strcmp(job->device, device) != 0)
            continue;
        counts.waiting += job->state == ATL_JOB_QUEUED;
        counts.sending += job->state == ATL_JOB_SENDING;
        counts.held += job->state == ATL_JOB_HELD;
        counts.unknown += job->state == ATL_JOB_UNKNOWN && !has_later_copy(shelf, job);
        if (job->state == ATL_JOB_QUEUED &&
            (!counts.oldest_queued_ms || job->created_ms < counts.oldest_queued_ms))
            counts.oldest_queued_ms = job->created_ms;
    }
    return counts;
}

static void compare(const struct shelf *shelf, const char *device)
{
    const struct atl_job_counts hand = count_by_hand(shelf, device);
    struct atl_job_counts counts = {0};

    OK(atl_jobs_count(shelf->store, device, &counts, &fixture_error));
    assert_int_equal(counts.waiting, hand.waiting);
    assert_int_equal(counts.sending, hand.sending);
    assert_int_equal(counts.held, hand.held);
    assert_int_equal(counts.unknown, hand.unknown);
    assert_int_equal(counts.oldest_queued_ms, hand.oldest_queued_ms);
}

// A lane takes one, and holds it, dies over it, or sends it and knows or does not know how it went.
static void work(struct shelf *shelf, const char *device)
{
    static const enum atl_job_state ends[] = {ATL_JOB_UNKNOWN, ATL_JOB_UNKNOWN, ATL_JOB_UNKNOWN,
                                              ATL_JOB_SENT, ATL_JOB_CONFIRMED};
    const uint32_t fate = throw_dice(shelf, 8);
    struct atl_job job;

    if (atl_jobs_claim(shelf->store, device, FIXTURE_NOW_MS, LEASE_MS, &job, NULL))
        return;
    if (fate == 7)
        OK(atl_jobs_hold(shelf->store, job.id, "cover is open", &fixture_error));
    else
        OK(atl_jobs_begin_sending(shelf->store, &job, FIXTURE_NOW_MS, LEASE_MS, &fixture_error));
    if (fate < sizeof ends / sizeof ends[0])
        OK(atl_jobs_finish(shelf->store, job.id, ends[fate], "cable", FIXTURE_NOW_MS,
                           &fixture_error));
}

static void copy(struct shelf *shelf, const char *device)
{
    const struct atl_job *job = &shelf->jobs[throw_dice(shelf, (uint32_t)shelf->count)];

    OK(atl_store_begin(shelf->store, &fixture_error));
    (void)!atl_jobs_copy_to(shelf->store, job->id, device, 0, &fixture_by, NULL, NULL);
    OK(atl_store_commit(shelf->store, &fixture_error));
}

// A paper that is asked for anew is no copy, and sheets of the workshop belong to no order.
static void add(struct shelf *shelf, const char *device)
{
    const struct atl_job *like = &shelf->jobs[throw_dice(shelf, (uint32_t)shelf->count)];
    struct atl_job job = {.document = ATL_DOCUMENT_ROLL,
                          .created_ms = FIXTURE_NOW_MS + throw_dice(shelf, 99) - 50};

    if (like->order_id[0] && throw_dice(shelf, 4)) {
        job.document = like->piece_id[0]      ? ATL_DOCUMENT_TAG
                       : throw_dice(shelf, 2) ? ATL_DOCUMENT_CLAIM
                                              : ATL_DOCUMENT_GIFT;
        memcpy(job.order_id, like->order_id, sizeof job.order_id);
        memcpy(job.piece_id, like->piece_id, sizeof job.piece_id);
    }
    (void)snprintf(job.device, sizeof job.device, "%s", device);
    (void)snprintf(job.code, sizeof job.code, "%s", like->code);
    OK(atl_store_begin(shelf->store, &fixture_error));
    OK(atl_jobs_add(shelf->store, &job, NULL, &fixture_error));
    OK(atl_store_commit(shelf->store, &fixture_error));
}

static void the_counts_are_those_of_the_rows(void **state)
{
    static const char *const devices[] = {"front", "back"};
    struct shelf *shelf = test_calloc(1, sizeof *shelf);
    int64_t most_doubts = 0;

    (void)state;
    shelf->store = fixture_make(name);
    shelf->dice = 20261125;
    fixture_sell(shelf->store, 1, &(struct fixture_sale){0});
    fixture_sell(shelf->store, 2, &(struct fixture_sale){0});
    for (int round = 0; round < ROUNDS; round++) {
        static void (*const acts[])(struct shelf *, const char *) = {work, work, work, work,
                                                                     copy, add,  add,  add};

        read_all(shelf);
        for (size_t i = 0; i < 2; i++) {
            compare(shelf, devices[i]);
            if (count_by_hand(shelf, devices[i]).unknown > most_doubts)
                most_doubts = count_by_hand(shelf, devices[i]).unknown;
        }
        compare(shelf, NULL);
        acts[throw_dice(shelf, 8)](shelf, devices[throw_dice(shelf, 2)]);
    }
    assert_true(most_doubts > 3); // there was something to count wrongly
    fixture_end(shelf->store, name);
    test_free(shelf);
}

static void many_doubts_about_one_paper_are_one_doubt_and_about_many_sheets_are_many(void **state)
{
    struct shelf *shelf = test_calloc(1, sizeof *shelf);
    struct atl_job_counts counts = {0};
    struct atl_job job;

    (void)state;
    shelf->store = fixture_make(name);
    fixture_sell(shelf->store, 1, &(struct fixture_sale){0});
    OK(atl_jobs_claim(shelf->store, "front", FIXTURE_NOW_MS, LEASE_MS, &job, &fixture_error));
    for (int i = 0; i < 20; i++) {
        OK(atl_jobs_begin_sending(shelf->store, &job, FIXTURE_NOW_MS, LEASE_MS, &fixture_error));
        OK(atl_jobs_finish(shelf->store, job.id, ATL_JOB_UNKNOWN, "cable", FIXTURE_NOW_MS,
                           &fixture_error));
        OK(atl_jobs_count(shelf->store, NULL, &counts, &fixture_error));
        assert_int_equal(counts.unknown, 1);
        OK(atl_store_begin(shelf->store, &fixture_error));
        OK(atl_jobs_copy_to(shelf->store, job.id, "back", 0, &fixture_by, NULL, &fixture_error));
        OK(atl_store_commit(shelf->store, &fixture_error));
        OK(atl_jobs_count(shelf->store, NULL, &counts, &fixture_error));
        assert_int_equal(counts.unknown, 0); // also those of the printer that it left
        OK(atl_jobs_claim(shelf->store, "back", FIXTURE_NOW_MS, LEASE_MS, &job, &fixture_error));
    }
    for (int i = 1; i <= 20; i++) {
        const struct atl_job sheet = {.document = ATL_DOCUMENT_ROLL,
                                      .device = "wall",
                                      .code = "ROLL",
                                      .created_ms = FIXTURE_NOW_MS};

        OK(atl_store_begin(shelf->store, &fixture_error));
        OK(atl_jobs_add(shelf->store, &sheet, NULL, &fixture_error));
        OK(atl_store_commit(shelf->store, &fixture_error));
        OK(atl_jobs_claim(shelf->store, "wall", FIXTURE_NOW_MS, LEASE_MS, &job, &fixture_error));
        OK(atl_jobs_begin_sending(shelf->store, &job, FIXTURE_NOW_MS, LEASE_MS, &fixture_error));
        OK(atl_jobs_finish(shelf->store, job.id, ATL_JOB_UNKNOWN, "cable", FIXTURE_NOW_MS,
                           &fixture_error));
        OK(atl_jobs_count(shelf->store, "wall", &counts, &fixture_error));
        assert_int_equal(counts.unknown, i);
    }
    fixture_end(shelf->store, name);
    test_free(shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_counts_are_those_of_the_rows),
        cmocka_unit_test(many_doubts_about_one_paper_are_one_doubt_and_about_many_sheets_are_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
