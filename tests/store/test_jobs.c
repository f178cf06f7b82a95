// SPDX-License-Identifier: Apache-2.0
// The journal: what was claimed is done once, and doubt is a state.
#include "tests/store/fixture.h"

#include "plugin/store/devices.h"

#include <stdio.h>
#include <string.h>

static const char name[] = "shop.db";

enum { LEASE_MS = 60000 };

static struct atl_job claim(struct atl_store *store, int64_t now_ms)
{
    struct atl_job job;

    OK(atl_jobs_claim(store, "front", now_ms, LEASE_MS, &job, &fixture_error));
    return job;
}

static struct atl_job job_of(struct atl_store *store, int64_t id)
{
    struct atl_job job;

    OK(atl_jobs_find(store, id, &job, &fixture_error));
    return job;
}

static struct atl_job sending(struct atl_store *store, int64_t now_ms)
{
    const struct atl_job job = claim(store, now_ms);

    OK(atl_jobs_begin_sending(store, &job, now_ms, LEASE_MS, &fixture_error));
    return job;
}

static void a_lane_takes_the_oldest_that_is_due_and_no_one_elses(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_job job;
    int64_t due = 0;

    (void)state;
    assert_int_equal(atl_jobs_claim(store, "front", FIXTURE_NOW_MS, LEASE_MS, &job, NULL),
                     ATL_E_NOT_FOUND);
    OK(atl_jobs_next_due(store, "front", &due, &fixture_error));
    assert_true(due == INT64_MAX);
    fixture_sell(store, 1, &sale);
    OK(atl_jobs_next_due(store, "front", &due, &fixture_error));
    assert_int_equal(due, 0);
    assert_int_equal(atl_jobs_claim(store, "back", FIXTURE_NOW_MS, LEASE_MS, &job, NULL),
                     ATL_E_NOT_FOUND);
    job = claim(store, FIXTURE_NOW_MS);
    assert_int_equal(job.document, ATL_DOCUMENT_CLAIM);
    assert_int_equal(job.attempt, 1);
    assert_string_equal(job.code, sale.order.code);
    assert_int_equal(job.state, ATL_JOB_QUEUED); // claimed is not sending
    job = claim(store, FIXTURE_NOW_MS);
    assert_int_equal(job.document, ATL_DOCUMENT_TAG);
    assert_string_equal(job.code, sale.pieces[0].code);
    fixture_end(store, name);
}

static void a_claim_that_died_before_sending_is_taken_again(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job first;
    struct atl_job again;
    int64_t due = 0;

    (void)state;
    fixture_sell(store, 1, &(struct fixture_sale){0});
    first = claim(store, FIXTURE_NOW_MS);
    for (int i = 0; i < 3; i++)
        claim(store, FIXTURE_NOW_MS);
    OK(atl_jobs_next_due(store, "front", &due, &fixture_error));
    assert_int_equal(due, FIXTURE_NOW_MS + LEASE_MS);
    again = claim(store, FIXTURE_NOW_MS + LEASE_MS);
    assert_int_equal(again.id, first.id);
    assert_int_equal(again.attempt, 2);
    // The one who was only slow may not send any more.
    assert_int_equal(
        atl_jobs_begin_sending(store, &first, FIXTURE_NOW_MS + LEASE_MS, LEASE_MS, NULL),
        ATL_E_CONFLICT);
    OK(atl_jobs_begin_sending(store, &again, FIXTURE_NOW_MS + LEASE_MS, LEASE_MS, &fixture_error));
    fixture_end(store, name);
}

static void an_interruption_while_sending_is_unknown_and_not_claimed_again(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job job;
    struct atl_job next;

    (void)state;
    fixture_sell(store, 1, &(struct fixture_sale){0});
    job = sending(store, FIXTURE_NOW_MS);
    next = claim(store, FIXTURE_NOW_MS + LEASE_MS - 1);
    assert_int_equal(job_of(store, job.id).state, ATL_JOB_SENDING); // not yet
    claim(store, FIXTURE_NOW_MS + LEASE_MS);
    assert_int_equal(job_of(store, job.id).state, ATL_JOB_UNKNOWN);
    assert_non_null(strstr(job_of(store, job.id).evidence, "interrupted"));
    assert_int_not_equal(next.id, job.id);
    // The holder was alive after all: what it says now comes too late.
    assert_int_equal(atl_jobs_finish(store, job.id, ATL_JOB_CONFIRMED, "", FIXTURE_NOW_MS, NULL),
                     ATL_E_CONFLICT);
    fixture_end(store, name);
}

// The holder of the device's name is new, so nobody waits for leases of the dead.
static void a_new_lane_takes_over_what_a_dead_one_had_in_hand(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job job;
    struct atl_job next;
    int count = -1;

    (void)state;
    fixture_sell(store, 1, &(struct fixture_sale){0});
    job = sending(store, FIXTURE_NOW_MS);
    next = claim(store, FIXTURE_NOW_MS);
    OK(atl_jobs_take_over(store, "elsewhere", FIXTURE_NOW_MS, &count, &fixture_error));
    assert_int_equal(count, 0); // another device's are another lane's
    assert_int_equal(job_of(store, job.id).state, ATL_JOB_SENDING);
    OK(atl_jobs_take_over(store, "front", FIXTURE_NOW_MS, &count, &fixture_error));
    assert_int_equal(count, 1);
    assert_int_equal(job_of(store, job.id).state, ATL_JOB_UNKNOWN);
    assert_non_null(strstr(job_of(store, job.id).evidence, "interrupted"));
    assert_int_equal(job_of(store, job.id).ended_ms, FIXTURE_NOW_MS);
    assert_int_equal(claim(store, FIXTURE_NOW_MS).id, next.id); // no byte of it had left
    assert_int_equal(atl_jobs_begin_sending(store, &next, FIXTURE_NOW_MS, LEASE_MS, NULL),
                     ATL_E_CONFLICT);
    fixture_end(store, name);
}

static void a_job_that_ends_its_lane_again_and_again_is_held(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job job = {0};

    (void)state;
    fixture_sell(store, 1, &(struct fixture_sale){0});
    for (int i = 0; i < 6; i++) {
        job = claim(store, FIXTURE_NOW_MS);
        assert_int_equal(job_of(store, job.id).state, ATL_JOB_QUEUED);
        OK(atl_jobs_take_over(store, "front", FIXTURE_NOW_MS, NULL, &fixture_error));
    }
    assert_int_equal(job_of(store, job.id).state, ATL_JOB_HELD);
    assert_int_not_equal(claim(store, FIXTURE_NOW_MS).id, job.id); // the next one has its turn
    fixture_end(store, name);
}

static void a_lone_interrupted_job_becomes_unknown_though_nothing_else_waits(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job job;

    (void)state;
    fixture_sell(store, 1, &(struct fixture_sale){0});
    for (int i = 0; i < 4; i++)
        job = sending(store, FIXTURE_NOW_MS);
    assert_int_equal(
        atl_jobs_claim(store, "front", FIXTURE_NOW_MS + LEASE_MS, LEASE_MS, &job, NULL),
        ATL_E_NOT_FOUND);
    assert_int_equal(job_of(store, 4).state, ATL_JOB_UNKNOWN);
    assert_int_equal(job_of(store, 1).state, ATL_JOB_UNKNOWN);
    fixture_end(store, name);
}

// What each step may do from each state: the picture in jobs.h as a table.
static void only_the_arrows_of_the_picture_exist(void **state)
{
    enum step { PUT_BACK, HOLD, BEGIN, FINISH, AGAIN, CANCEL, COPY, STEPS };
    static const atl_code rows[][STEPS] = {
        [ATL_JOB_QUEUED] = {ATL_OK, ATL_OK, ATL_OK, 11,     11,     ATL_OK, 11    },
        [ATL_JOB_SENDING] = {11,     11,     11,     ATL_OK, 11,     11,     ATL_OK},
        [ATL_JOB_SENT] = {11,     11,     11,     11,     11,     11,     ATL_OK},
        [ATL_JOB_CONFIRMED] = {11,     11,     11,     11,     11,     11,     ATL_OK},
        [ATL_JOB_UNKNOWN] = {11,     11,     11,     11,     11,     11,     ATL_OK},
        [ATL_JOB_FAILED] = {11,     11,     11,     11,     11,     11,     ATL_OK},
        [ATL_JOB_HELD] = {11,     11,     11,     11,     ATL_OK, ATL_OK, 11    },
        [ATL_JOB_EXPIRED] = {11,     11,     11,     11,     11,     11,     ATL_OK},
        [ATL_JOB_CANCELLED] = {11,     11,     11,     11,     11,     11,     ATL_OK},
    };
    struct atl_store *store = fixture_make(name);
    const int64_t now = FIXTURE_NOW_MS;

    (void)state;
    fixture_sell(store, 1, &(struct fixture_sale){0});
    for (int from = ATL_JOB_QUEUED; from <= ATL_JOB_CANCELLED; from++) {
        for (int step = 0; step < STEPS; step++) {
            struct atl_job job;
            atl_code rc = -1;
            OK(atl_store_begin(store, &fixture_error)); // the steps of lanes join it
            job = claim(store, now);
            if (from == ATL_JOB_HELD)
                OK(atl_jobs_hold(store, job.id, "look", &fixture_error));
            else if (from == ATL_JOB_CANCELLED)
                OK(atl_jobs_cancel(store, job.id, "no", now, &fixture_error));
            else if (from == ATL_JOB_EXPIRED)
                claim(store, now + 1800000);
            else if (from != ATL_JOB_QUEUED)
                OK(atl_jobs_begin_sending(store, &job, now, LEASE_MS, &fixture_error));
            if (from == ATL_JOB_SENT || from == ATL_JOB_CONFIRMED || from == ATL_JOB_UNKNOWN ||
                from == ATL_JOB_FAILED)
                OK(atl_jobs_finish(store, job.id, (enum atl_job_state)from, "", now,
                                   &fixture_error));
            assert_int_equal(job_of(store, job.id).state, from);
            switch ((enum step)step) {
            case PUT_BACK:
                rc = atl_jobs_put_back(store, job.id, now, "away", NULL);
                break;
            case HOLD:
                rc = atl_jobs_hold(store, job.id, "look", NULL);
                break;
            case BEGIN:
                rc = atl_jobs_begin_sending(store, &job, now, LEASE_MS, NULL);
                break;
            case FINISH:
                rc = atl_jobs_finish(store, job.id, ATL_JOB_SENT, "", now, NULL);
                break;
            case AGAIN:
                rc = atl_jobs_queue_again(store, job.id, NULL, now, NULL);
                break;
            case CANCEL:
                rc = atl_jobs_cancel(store, job.id, "no", now, NULL);
                break;
            case COPY:
                rc = atl_jobs_copy(store, job.id, 0, &fixture_by, NULL, NULL);
                break;
            case STEPS:
                break;
            }
            if (rc != rows[from][step])
                fail_msg("step %d from %s: %s", step, atl_job_state_name((enum atl_job_state)from),
                         atl_code_name(rc));
            atl_store_rollback(store);
        }
    }
    fixture_end(store, name);
}

static void sending_ends_only_in_the_four_ways(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job job;

    (void)state;
    fixture_sell(store, 1, &(struct fixture_sale){0});
    job = sending(store, FIXTURE_NOW_MS);
    assert_int_equal(atl_jobs_finish(store, job.id, ATL_JOB_QUEUED, "", FIXTURE_NOW_MS, NULL),
                     ATL_E_INVALID);
    OK(atl_jobs_finish(store, job.id, ATL_JOB_CONFIRMED, "process id 0007", FIXTURE_NOW_MS + 5,
                       &fixture_error));
    assert_string_equal(job_of(store, job.id).evidence, "process id 0007");
    assert_int_equal(job_of(store, job.id).ended_ms, FIXTURE_NOW_MS + 5);
    fixture_end(store, name);
}

static void a_claim_ticket_expires_and_a_work_tag_never_does(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_job job;

    (void)state;
    fixture_sell(store, 1, &sale);
    job = claim(store, FIXTURE_NOW_MS + 3600000);
    assert_int_equal(job.document, ATL_DOCUMENT_TAG);
    assert_int_equal(job_of(store, 1).state, ATL_JOB_EXPIRED);
    job.expires_ms = FIXTURE_NOW_MS;
    OK(atl_store_begin(store, &fixture_error));
    assert_int_equal(atl_jobs_add(store, &job, NULL, NULL), ATL_E_INVALID);
    atl_store_rollback(store);
    fixture_end(store, name);
}

static void copies_are_counted_and_leave_an_event(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_event events[12];
    struct fixture_sale sale;
    struct atl_job job;
    int64_t first = 0;
    int64_t second = 0;
    size_t count = 0;

    (void)state;
    fixture_sell(store, 1, &sale);
    job = sending(store, FIXTURE_NOW_MS);
    OK(atl_jobs_finish(store, job.id, ATL_JOB_SENT, "", FIXTURE_NOW_MS, &fixture_error));
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_jobs_copy(store, job.id, FIXTURE_NOW_MS + 99, &fixture_by, &first, &fixture_error));
    OK(atl_jobs_cancel(store, first, "not needed", FIXTURE_NOW_MS, &fixture_error));
    OK(atl_jobs_copy(store, first, 0, &fixture_by, &second, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    assert_int_equal(job_of(store, first).copy, 1);
    assert_int_equal(job_of(store, first).copy_of, job.id);
    assert_int_equal(job_of(store, first).expires_ms, FIXTURE_NOW_MS + 99);
    assert_int_equal(job_of(store, second).copy, 2); // no two papers with one number
    OK(atl_events_list(store, sale.order.id, "", 0, events, 12, &count, &fixture_error));
    assert_int_equal(events[count - 1].kind, ATL_EVENT_COPIED);
    assert_string_equal(events[count - 1].why, "claim 2");
    fixture_end(store, name);
}

static void amend(struct atl_store *store, const struct atl_piece *piece,
                  const struct atl_answer_set *answers)
{
    const struct atl_amendment amendment = {.answers = answers};

    OK(atl_store_begin(store, &fixture_error));
    OK(atl_pieces_amend(store, piece->id, 0, &amendment, &fixture_by, NULL, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
}

static void what_was_changed_since_the_claim_is_not_sent_but_made_again(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_error err = {0};
    struct atl_job claimed[2]; // the claim ticket and the first tag
    const int64_t now = FIXTURE_NOW_MS;

    (void)state;
    fixture_sell(store, 1, &sale);
    claimed[0] = claim(store, now);
    claimed[1] = claim(store, now);
    amend(store, &sale.pieces[0], &sale.answers[1]);
    for (int i = 0; i < 2; i++) {
        struct atl_job again;
        assert_int_equal(atl_jobs_begin_sending(store, &claimed[i], now, LEASE_MS, &err),
                         ATL_E_CONFLICT);
        assert_non_null(strstr(err.text, "made again"));
        again = claim(store, now);
        assert_int_equal(again.id, claimed[i].id);
        assert_int_equal(again.attempt, 1);
        OK(atl_jobs_begin_sending(store, &again, now, LEASE_MS, &fixture_error));
    }
    fixture_end(store, name);
}

static void what_is_put_back_waits_until_it_is_due(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job job;
    int64_t due = 0;

    (void)state;
    fixture_sell(store, 1, &(struct fixture_sale){0});
    for (int i = 0; i < 4; i++) {
        job = claim(store, FIXTURE_NOW_MS);
        OK(atl_jobs_put_back(store, job.id, FIXTURE_NOW_MS + 2000 + i, "paper is out",
                             &fixture_error));
    }
    assert_int_equal(atl_jobs_claim(store, "front", FIXTURE_NOW_MS + 1999, LEASE_MS, &job, NULL),
                     ATL_E_NOT_FOUND);
    OK(atl_jobs_next_due(store, "front", &due, &fixture_error));
    assert_int_equal(due, FIXTURE_NOW_MS + 2000);
    job = claim(store, FIXTURE_NOW_MS + 2000);
    assert_int_equal(job.attempt, 2);
    assert_string_equal(job.why, "paper is out");
    fixture_end(store, name);
}

static void what_was_put_back_waits_no_longer_when_the_device_is_well(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job job;
    int64_t due = 0;

    (void)state;
    fixture_sell(store, 1, &(struct fixture_sale){0});
    job = claim(store, FIXTURE_NOW_MS);
    OK(atl_jobs_put_back(store, job.id, FIXTURE_NOW_MS + 900000, "paper is out", &fixture_error));
    OK(atl_jobs_hurry(store, "another", FIXTURE_NOW_MS + 5, &fixture_error));
    for (int i = 0; i < 3; i++) // the others were never tried, and are due as they were
        OK(atl_jobs_hold(store, claim(store, FIXTURE_NOW_MS).id, "not now", &fixture_error));
    OK(atl_jobs_next_due(store, "front", &due, &fixture_error));
    assert_int_equal(due, FIXTURE_NOW_MS + 900000);
    OK(atl_jobs_hurry(store, "front", FIXTURE_NOW_MS + 5, &fixture_error));
    OK(atl_jobs_next_due(store, "front", &due, &fixture_error));
    assert_int_equal(due, FIXTURE_NOW_MS + 5);
    assert_int_equal(claim(store, FIXTURE_NOW_MS + 5).id, job.id);
    fixture_end(store, name);
}

static void jobs_of_a_device_that_is_no_more_end_by_upkeep(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job job;
    int count = 9;

    (void)state;
    OK(atl_jobs_end_overdue(store, FIXTURE_NOW_MS, &count, &fixture_error));
    assert_int_equal(count, 0);
    fixture_sell(store, 1, &(struct fixture_sale){0});
    fixture_sell(store, 2, &(struct fixture_sale){0});
    job = sending(store, FIXTURE_NOW_MS);
    OK(atl_jobs_end_overdue(store, FIXTURE_NOW_MS + LEASE_MS - 1, &count, &fixture_error));
    assert_int_equal(count, 0);
    OK(atl_jobs_end_overdue(store, FIXTURE_NOW_MS + 1800000, &count, &fixture_error));
    assert_int_equal(count, 2);
    assert_int_equal(job_of(store, job.id).state, ATL_JOB_UNKNOWN);
    assert_int_equal(job_of(store, 5).state, ATL_JOB_EXPIRED); // the other claim ticket
    assert_int_equal(job_of(store, 6).state, ATL_JOB_QUEUED);
    fixture_end(store, name);
}

static void a_person_sends_what_is_held_or_waits_to_another_printer(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job_counts counts;
    struct atl_job list[8];
    struct atl_job job;
    size_t count = 0;
    int moved = 0;

    (void)state;
    fixture_sell(store, 1, &(struct fixture_sale){0});
    job = claim(store, FIXTURE_NOW_MS);
    OK(atl_jobs_hold(store, job.id, "cover is open", &fixture_error));
    job = claim(store, FIXTURE_NOW_MS); // stays with its lane
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_jobs_queue_again(store, 1, "back", FIXTURE_NOW_MS, &fixture_error));
    OK(atl_jobs_move(store, "front", "back", FIXTURE_NOW_MS, &moved, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    assert_int_equal(moved, 2);
    OK(atl_jobs_list(store, "back", ATL_JOB_QUEUED, list, 8, &count, &fixture_error));
    assert_int_equal(count, 3);
    OK(atl_jobs_list(store, NULL, ATL_JOB_QUEUED, list, 1, &count, &fixture_error));
    assert_int_equal(count, 4);
    OK(atl_jobs_count(store, "front", &counts, &fixture_error));
    assert_int_equal(counts.waiting, 1);
    assert_int_equal(counts.held, 0);
    assert_int_equal(counts.oldest_queued_ms, FIXTURE_NOW_MS);
    fixture_end(store, name);
}

static void a_doubt_is_counted_until_a_copy_was_made(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_job_counts counts;
    struct atl_job job;

    (void)state;
    fixture_sell(store, 1, &(struct fixture_sale){0});
    job = sending(store, FIXTURE_NOW_MS);
    OK(atl_jobs_finish(store, job.id, ATL_JOB_UNKNOWN, "cable", FIXTURE_NOW_MS, &fixture_error));
    OK(atl_jobs_count(store, NULL, &counts, &fixture_error));
    assert_int_equal(counts.unknown, 1);
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_jobs_copy(store, job.id, 0, &fixture_by, NULL, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    OK(atl_jobs_count(store, NULL, &counts, &fixture_error));
    assert_int_equal(counts.unknown, 0);
    fixture_end(store, name);
}

static void words_that_are_too_long_are_cut_between_characters(void **state)
{
    struct atl_store *store = fixture_make(name);
    char words[ATL_NOTE_SIZE + 10];
    struct atl_job job;

    (void)state;
    for (size_t i = 0; i < sizeof words - 1; i += 2)
        memcpy(words + i, "\xc3\xa9", 2); // é
    words[sizeof words - 1] = 0;
    fixture_sell(store, 1, &(struct fixture_sale){0});
    job = claim(store, FIXTURE_NOW_MS);
    OK(atl_jobs_hold(store, job.id, words, &fixture_error));
    assert_int_equal(strlen(job_of(store, job.id).why), 256);
    fixture_end(store, name);
}

static void a_new_tag_takes_the_place_of_one_that_still_waits(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_job claimed;
    struct atl_job tag;
    int64_t id = 0;

    (void)state;
    fixture_sell(store, 1, &sale);
    claim(store, FIXTURE_NOW_MS); // the ticket
    claimed = claim(store, FIXTURE_NOW_MS);
    assert_int_equal(claimed.document, ATL_DOCUMENT_TAG);
    tag = claimed;
    OK(atl_store_begin(store, &fixture_error));
    OK(atl_jobs_add(store, &tag, &id, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    assert_int_equal(job_of(store, claimed.id).state, ATL_JOB_CANCELLED);
    // The lane that had it in hand is told before its first byte.
    assert_int_equal(atl_jobs_begin_sending(store, &claimed, FIXTURE_NOW_MS, LEASE_MS, NULL),
                     ATL_E_CONFLICT);
    while (sending(store, FIXTURE_NOW_MS).id != id)
        continue;                               // the order's other papers come before
    OK(atl_store_begin(store, &fixture_error)); // what is on its way is not taken back
    OK(atl_jobs_add(store, &tag, NULL, &fixture_error));
    OK(atl_store_commit(store, &fixture_error));
    assert_int_equal(job_of(store, id).state, ATL_JOB_SENDING);
    fixture_end(store, name);
}

static void trouble_of_a_device_is_kept_with_its_time(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct atl_device list[4];
    size_t count = 9;

    (void)state;
    OK(atl_devices_list(store, list, 4, &count, &fixture_error));
    assert_int_equal(count, 0);
    OK(atl_devices_report(store, "front", 0, "", 1000, &fixture_error));
    OK(atl_devices_report(store, "front", 0, "paper is out: put in a roll", 2000, &fixture_error));
    OK(atl_devices_report(store, "front", 0, "paper is out: put in a roll", 3000, &fixture_error));
    OK(atl_devices_list(store, list, 4, &count, &fixture_error));
    assert_int_equal(count, 1);
    assert_string_equal(list[0].trouble, "paper is out: put in a roll");
    assert_int_equal(list[0].since_ms, 2000);
    assert_int_equal(list[0].seen_ms, 2000); // nothing new is not written again
    OK(atl_devices_report(store, "front", 0, "paper is out: put in a roll", 62000, &fixture_error));
    OK(atl_devices_list(store, list, 4, &count, &fixture_error));
    assert_int_equal(list[0].since_ms, 2000);
    assert_int_equal(list[0].seen_ms, 62000);
    fixture_end(store, name);
}

static void a_job_whose_lane_gives_signs_of_life_is_not_taken_for_dead(void **state)
{
    struct atl_store *store = fixture_make(name);
    struct fixture_sale sale;
    struct atl_job job;

    (void)state;
    fixture_sell(store, 1, &sale);
    job = sending(store, FIXTURE_NOW_MS);
    OK(atl_jobs_keep(store, job.id, FIXTURE_NOW_MS + LEASE_MS - 1, LEASE_MS, &fixture_error));
    OK(atl_jobs_end_overdue(store, FIXTURE_NOW_MS + LEASE_MS, NULL, &fixture_error));
    assert_int_equal(job_of(store, job.id).state, ATL_JOB_SENDING);
    OK(atl_jobs_end_overdue(store, FIXTURE_NOW_MS + 2 * LEASE_MS, NULL, &fixture_error));
    assert_int_equal(job_of(store, job.id).state, ATL_JOB_UNKNOWN);
    assert_int_equal(atl_jobs_keep(store, job.id, FIXTURE_NOW_MS, LEASE_MS, NULL),
                     ATL_E_CONFLICT);
    fixture_end(store, name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lane_takes_the_oldest_that_is_due_and_no_one_elses),
        cmocka_unit_test(a_claim_that_died_before_sending_is_taken_again),
        cmocka_unit_test(an_interruption_while_sending_is_unknown_and_not_claimed_again),
        cmocka_unit_test(a_new_lane_takes_over_what_a_dead_one_had_in_hand),
        cmocka_unit_test(a_job_that_ends_its_lane_again_and_again_is_held),
        cmocka_unit_test(a_lone_interrupted_job_becomes_unknown_though_nothing_else_waits),
        cmocka_unit_test(a_job_whose_lane_gives_signs_of_life_is_not_taken_for_dead),
        cmocka_unit_test(only_the_arrows_of_the_picture_exist),
        cmocka_unit_test(sending_ends_only_in_the_four_ways),
        cmocka_unit_test(a_claim_ticket_expires_and_a_work_tag_never_does),
        cmocka_unit_test(copies_are_counted_and_leave_an_event),
        cmocka_unit_test(what_was_changed_since_the_claim_is_not_sent_but_made_again),
        cmocka_unit_test(what_is_put_back_waits_until_it_is_due),
        cmocka_unit_test(what_was_put_back_waits_no_longer_when_the_device_is_well),
        cmocka_unit_test(jobs_of_a_device_that_is_no_more_end_by_upkeep),
        cmocka_unit_test(a_person_sends_what_is_held_or_waits_to_another_printer),
        cmocka_unit_test(a_doubt_is_counted_until_a_copy_was_made),
        cmocka_unit_test(words_that_are_too_long_are_cut_between_characters),
        cmocka_unit_test(a_new_tag_takes_the_place_of_one_that_still_waits),
        cmocka_unit_test(trouble_of_a_device_is_kept_with_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
