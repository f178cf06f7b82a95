// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/lane.h"

#include "plugin/agent/doorbell.h"
#include "plugin/agent/log.h"

#include <stddef.h>

enum { BUSY_WAIT_MS = 100, FINISH_TRIES = 3 };

static const int64_t retry_waits_ms[] = {2000, 10000, 60000, 300000, 900000};

int64_t atl_retry_wait_ms(int attempt)
{
    const int count = sizeof retry_waits_ms / sizeof retry_waits_ms[0];

    if (attempt < 1 || attempt > count)
        return -1;
    return retry_waits_ms[attempt - 1];
}

enum atl_job_state atl_lane_settle(enum atl_proof proof, enum atl_outcome outcome)
{
    const bool can_prove = proof >= ATL_PROOF_IDLE;

    switch (outcome) {
    case ATL_OUTCOME_SENT:
        return can_prove ? ATL_JOB_UNKNOWN : ATL_JOB_SENT;
    case ATL_OUTCOME_PROVEN:
        return can_prove ? ATL_JOB_CONFIRMED : ATL_JOB_SENT;
    case ATL_OUTCOME_UNTOUCHED:
        return can_prove ? ATL_JOB_FAILED : ATL_JOB_UNKNOWN;
    case ATL_OUTCOME_INTERRUPTED:
        break;
    }
    return ATL_JOB_UNKNOWN;
}

// Whether time alone may cure what prepare() met.
static bool may_pass(atl_code code)
{
    return code == ATL_E_IO || code == ATL_E_TIMEOUT || code == ATL_E_BUSY ||
           code == ATL_E_DEVICE || code == ATL_E_AWAY || code == ATL_E_NOMEM || code == ATL_E_FULL;
}

// Whether it is the device that somebody should look after, and not the job.
static bool is_of_device(atl_code code)
{
    return code == ATL_E_IO || code == ATL_E_TIMEOUT || code == ATL_E_DEVICE || code == ATL_E_AWAY;
}

static void say(const struct atl_lane *lane, const char *trouble)
{
    if (lane->work->tell)
        lane->work->tell(trouble, lane->ctx);
}

// unknown is a person's to look at; the others are one line a job.
static void log_end(const struct atl_lane *lane, const struct atl_job *job,
                    enum atl_job_state state, const char *evidence)
{
    atl_log(state == ATL_JOB_UNKNOWN ? ATL_LOG_WARN : ATL_LOG_INFO, "lane", "job done",
            "code=%s document=%s state=%s device=%s attempt=%d evidence=%s", job->code,
            atl_document_name(job->document), atl_job_state_name(state), lane->device,
            (int)job->attempt, atl_log_value(evidence).text);
}

// No byte was submitted: the job waits, and where it is not for its device, until patience ends.
// A device is put right when a person comes, however late, and then all that waits comes out.
static atl_code wait_or_hold(const struct atl_lane *lane, const struct atl_job *job, atl_code code,
                             const char *why, struct atl_error *err)
{
    const int64_t longest_ms = retry_waits_ms[sizeof retry_waits_ms / sizeof retry_waits_ms[0] - 1];
    int64_t wait_ms = atl_retry_wait_ms(job->attempt);

    if (wait_ms < 0 && is_of_device(code))
        wait_ms = longest_ms;
    if (wait_ms < 0 || !may_pass(code))
        return atl_jobs_hold(lane->store, job->id, why, err);
    return atl_jobs_put_back(lane->store, job->id, lane->now_ms() + wait_ms, why, err);
}

// A busy store is tried again: what is not written down here becomes unknown.
static atl_code write_end(const struct atl_lane *lane, const struct atl_job *job,
                          enum atl_job_state *state, const char *evidence, struct atl_error *err)
{
    atl_code rc = ATL_E_BUSY;

    for (int i = 0; rc == ATL_E_BUSY && i < FINISH_TRIES; i++)
        rc = atl_jobs_finish(lane->store, job->id, *state, evidence, lane->now_ms(), err);
    if (rc == ATL_E_CONFLICT) { // it took longer than its lease
        *state = ATL_JOB_UNKNOWN;
        rc = ATL_OK;
    }
    log_end(lane, job, *state, evidence);
    return rc;
}

struct atl_lane_begin {
    const struct atl_lane *lane;
    const struct atl_job *job;
    bool was_called;
    atl_code rc;
};

atl_code atl_lane_begin(struct atl_lane_begin *begin, struct atl_error *err)
{
    begin->was_called = true;
    begin->rc = atl_jobs_begin_sending(begin->lane->store, begin->job, begin->lane->now_ms(),
                                       begin->lane->lease_ms, err);
    return begin->rc;
}

static atl_code put_off(const struct atl_lane *lane, const struct atl_job *job, atl_code rc,
                        const struct atl_error *note, struct atl_error *err)
{
    const atl_code why = rc;

    atl_log(ATL_LOG_WARN, "lane", "job waits", "code=%s device=%s attempt=%d why=%s", job->code,
            lane->device, (int)job->attempt, atl_log_value(note->text).text);
    rc = wait_or_hold(lane, job, why, note->text, err);
    if (is_of_device(why))
        say(lane, note->text); // after the journal: who is told of it finds the paper there
    return rc;
}

static atl_code settle(const struct atl_lane *lane, const struct atl_job *job,
                       enum atl_outcome outcome, enum atl_job_state *state,
                       const struct atl_error *note, struct atl_error *err)
{
    bool is_doubt;
    atl_code rc;

    *state = atl_lane_settle(lane->work->proof(lane->ctx), outcome);
    is_doubt = *state == ATL_JOB_UNKNOWN;
    rc = write_end(lane, job, state, note->text, err);
    say(lane, is_doubt ? note->text : "");
    return rc;
}

// The line is crossed inside the delivery.
static atl_code deliver(const struct atl_lane *lane, const struct atl_job *job,
                        enum atl_job_state *state, struct atl_error *err)
{
    struct atl_lane_begin begin = {.lane = lane, .job = job};
    struct atl_error note = {0};
    const enum atl_outcome outcome = lane->work->deliver(job, &begin, lane->ctx, &note);

    if (!begin.was_called)
        return put_off(lane, job, note.code ? note.code : ATL_E_IO, &note, err);
    if (begin.rc == ATL_E_CONFLICT) // it was changed, cancelled or taken meanwhile
        return ATL_OK;
    if (begin.rc)
        return atl_fail(err, begin.rc, "%s", note.text);
    return settle(lane, job, outcome, state, &note, err);
}

// Does one job. After begin_sending() there is no way back into the queue: even when the end
// cannot be written down, the lease runs out and the job becomes unknown.
static atl_code do_job(const struct atl_lane *lane, const struct atl_job *job,
                       enum atl_job_state *state, struct atl_error *err)
{
    struct atl_error note = {0};
    enum atl_outcome outcome;
    atl_code rc;

    *state = ATL_JOB_QUEUED;
    rc = lane->work->prepare(job, lane->ctx, &note);
    if (rc)
        return put_off(lane, job, rc, &note, err);
    if (lane->work->deliver)
        return deliver(lane, job, state, err);
    rc = atl_jobs_begin_sending(lane->store, job, lane->now_ms(), lane->lease_ms, err);
    if (rc == ATL_E_CONFLICT) // it was changed, cancelled or taken meanwhile; no byte has left
        return ATL_OK;
    if (rc)
        return rc;
    outcome = lane->work->send(job, lane->ctx, &note);
    return settle(lane, job, outcome, state, &note, err);
}

atl_code atl_lane_drain(const struct atl_lane *lane, int *done, struct atl_error *err)
{
    struct atl_job job;
    enum atl_job_state state;
    atl_code rc;

    *done = 0;
    while (!lane->process || !atl_process_is_stopping(lane->process)) {
        rc = atl_jobs_claim(lane->store, lane->device, lane->now_ms(), lane->lease_ms, &job, err);
        if (rc)
            return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
        ++*done;
        rc = do_job(lane, &job, &state, err);
        if (lane->work->settle)
            lane->work->settle(&job, state, lane->ctx);
        if (rc)
            return atl_wrap(err, rc, "job %lld of %s", (long long)job.id, job.code);
        if (lane->process) {
            atl_process_beat(lane->process);
            atl_doorbell_ring(lane->process->run, "serve"); // the till hears how it went
        }
    }
    return ATL_OK;
}

// Who holds this lane's name is the only one that works for the device: what one before it began
// and did not end is known to be in doubt at once.
static atl_code take_over(const struct atl_lane *lane, bool *is_done, struct atl_error *err)
{
    int count = 0;
    atl_code rc;

    if (*is_done)
        return ATL_OK;
    rc = atl_jobs_take_over(lane->store, lane->device, lane->now_ms(), &count, err);
    *is_done = !rc;
    if (count) {
        atl_log(ATL_LOG_WARN, "lane", "jobs were interrupted", "device=%s unknown=%d", lane->device,
                count);
        atl_doorbell_ring(lane->process->run, "serve");
    }
    return rc;
}

atl_code atl_lane_run(const struct atl_lane *lane, struct atl_error *err)
{
    bool is_taken_over = false;

    while (!atl_process_is_stopping(lane->process)) {
        int64_t due_ms = INT64_MAX;
        int done;
        atl_code rc = take_over(lane, &is_taken_over, err);

        if (!rc)
            rc = atl_lane_drain(lane, &done, err);
        if (lane->work->look)
            lane->work->look(lane->ctx); // may find that jobs need not wait any longer
        if (!rc)
            rc = atl_jobs_next_due(lane->store, lane->device, &due_ms, err);
        if (rc && rc != ATL_E_BUSY) // busy: another process writes; the next round sees it
            return rc;
        atl_process_wait(lane->process, lane->work->wake_fd ? lane->work->wake_fd(lane->ctx) : -1,
                         rc ? BUSY_WAIT_MS : due_ms - lane->now_ms());
    }
    return ATL_OK;
}
