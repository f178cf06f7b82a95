// SPDX-License-Identifier: Apache-2.0
// The journal as lanes see it: claim, put back, hold, begin sending, finish.
#include "plugin/store/columns.h"
#include "plugin/store/db.h"
#include "plugin/store/jobs.h"

#include <string.h>

// Words that were too long are cut: a reason is no reason to fail.
void atl_job_say(char out[ATL_NOTE_SIZE], const char *words)
{
    size_t len = words ? strnlen(words, ATL_NOTE_SIZE - 1) : 0;

    while (words && len && ((uint8_t)words[len] & 0xc0) == 0x80)
        len--; // not in the middle of a character
    if (len)
        memcpy(out, words, len);
    out[len] = 0;
}

static atl_code find_one(struct atl_store *store, const char *query, const char *device,
                         int64_t now_ms, struct atl_job *out, struct atl_error *err)
{
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, device);
    atl_sql_number(&sql, now_ms);
    return atl_job_row(&sql, out, err);
}

// Queued jobs past their time, and `sending` ones whose holder died: one at a time.
static atl_code find_overdue(struct atl_store *store, const char *device, int64_t now_ms,
                             struct atl_job *out, struct atl_error *err)
{
    static const char of_device[] =
        "SELECT " ATL_JOB_COLUMNS
        ",sum FROM job WHERE device=?1 AND state IN (1,2) AND lease_ms<=?2"
        " AND (state=2 OR (expires_ms>0 AND expires_ms<=?2)) ORDER BY n LIMIT 1";
    static const char of_any[] =
        "SELECT " ATL_JOB_COLUMNS ",sum FROM job WHERE ?1='' AND state IN (1,2) AND lease_ms<=?2"
        " AND (state=2 OR (expires_ms>0 AND expires_ms<=?2)) ORDER BY n LIMIT 1";

    return find_one(store, device[0] ? of_device : of_any, device, now_ms, out, err);
}

static atl_code find_due(struct atl_store *store, const char *device, int64_t now_ms,
                         struct atl_job *out, struct atl_error *err)
{
    static const char query[] =
        "SELECT " ATL_JOB_COLUMNS ",sum FROM job WHERE device=?1 AND state=1 AND due_ms<=?2"
        " AND lease_ms<=?2 AND (expires_ms=0 OR expires_ms>?2)"
        " ORDER BY n LIMIT 1";

    return find_one(store, query, device, now_ms, out, err);
}

static void end_as_unknown(struct atl_job *job, int64_t now_ms)
{
    job->state = ATL_JOB_UNKNOWN;
    atl_job_say(job->evidence, "interrupted while sending: look whether it came out");
    job->lease_ms = 0;
    job->ended_ms = now_ms;
}

// device "": of any. *count is raised by each.
static atl_code end_overdue(struct atl_store *store, const char *device, int64_t now_ms, int *count,
                            struct atl_error *err)
{
    enum { MAX_A_TRANSACTION = 50 };

    for (int i = 0; i < MAX_A_TRANSACTION; i++) {
        struct atl_job job = {0};
        atl_code rc;

        rc = find_overdue(store, device, now_ms, &job, err);
        if (rc)
            return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
        if (job.state == ATL_JOB_SENDING) {
            end_as_unknown(&job, now_ms);
        } else {
            job.state = ATL_JOB_EXPIRED;
            job.lease_ms = 0;
            job.ended_ms = now_ms;
        }
        rc = atl_jobs_write(store, &job, err);
        if (rc)
            return rc;
        ++*count;
    }
    return ATL_OK;
}

atl_code atl_jobs_end_overdue(struct atl_store *store, int64_t now_ms, int *count,
                              struct atl_error *err)
{
    struct atl_job job = {0};
    bool is_mine;
    int ended = 0;
    atl_code rc;

    rc = find_overdue(store, "", now_ms, &job, err);
    if (!rc) {
        rc = atl_own_begin(store, &is_mine, err);
        if (rc)
            return rc;
        rc = end_overdue(store, "", now_ms, &ended, err);
        rc = atl_own_end(store, is_mine, rc, err);
    }
    if (rc && rc != ATL_E_NOT_FOUND)
        return rc;
    if (count)
        *count = ended;
    return ATL_OK;
}

static atl_code find_orphan(struct atl_store *store, const char *device, int64_t now_ms,
                            struct atl_job *out, struct atl_error *err)
{
    static const char query[] =
        "SELECT " ATL_JOB_COLUMNS ",sum FROM job WHERE device=?1 AND state IN (1,2)"
        " AND (state=2 OR lease_ms>?2) ORDER BY n LIMIT 1";

    return find_one(store, query, device, now_ms, out, err);
}

// What kills its lane again and again before the first byte must not keep all others waiting.
static atl_code end_orphans(struct atl_store *store, const char *device, int64_t now_ms, int *count,
                            struct atl_error *err)
{
    enum { DEATHS_MAX = 6 };
    struct atl_job job = {0};
    atl_code rc;

    while (!(rc = find_orphan(store, device, now_ms, &job, err))) {
        if (job.state == ATL_JOB_SENDING) {
            end_as_unknown(&job, now_ms);
            ++*count;
        } else if (job.attempt >= DEATHS_MAX && !job.why[0]) {
            job.state = ATL_JOB_HELD;
            atl_job_say(job.why, "what works for this device ended over it again and again");
        }
        job.lease_ms = 0;
        rc = atl_jobs_write(store, &job, err);
        if (rc)
            return rc;
    }
    return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
}

atl_code atl_jobs_take_over(struct atl_store *store, const char *device, int64_t now_ms, int *count,
                            struct atl_error *err)
{
    struct atl_job job = {0};
    bool is_mine;
    int ended = 0;
    atl_code rc = find_orphan(store, device, now_ms, &job, err);

    if (!rc) {
        rc = atl_own_begin(store, &is_mine, err);
        if (rc)
            return rc;
        rc = end_orphans(store, device, now_ms, &ended, err);
        rc = atl_own_end(store, is_mine, rc, err);
    }
    if (rc && rc != ATL_E_NOT_FOUND)
        return rc;
    if (count)
        *count = ended;
    return ATL_OK;
}

// What the paper will show: of a piece its tag revision, of an order its issue and the tag
// revisions of all pieces. When it is another one before the first byte, the page is old.
static atl_code find_revision(struct atl_store *store, const struct atl_job *job, int32_t *out,
                              struct atl_error *err)
{
    static const char of_piece[] = "SELECT tag_revision FROM piece WHERE id=?";
    static const char of_order[] =
        "SELECT issue+ifnull((SELECT sum(tag_revision) FROM piece WHERE order_id=orders.id),0)"
        " FROM orders WHERE id=?";
    int64_t revision = 0;
    atl_code rc;

    if (atl_document_is_sheet(job->document)) {
        *out = 0; // it says what it said when it was asked for
        return ATL_OK;
    }
    if (job->piece_id[0])
        rc = atl_sql_one(store, of_piece, job->piece_id, 0, &revision, err);
    else
        rc = atl_sql_one(store, of_order, job->order_id, 0, &revision, err);
    if (!rc)
        *out = (int32_t)revision;
    return rc;
}

static atl_code lease(struct atl_store *store, const char *device, int64_t now_ms, int64_t lease_ms,
                      struct atl_job *job, struct atl_error *err)
{
    atl_code rc;

    rc = find_due(store, device, now_ms, job, err);
    if (!rc)
        rc = find_revision(store, job, &job->revision, err);
    if (rc)
        return rc;
    job->attempt++;
    job->lease_ms = now_ms + lease_ms;
    return atl_jobs_write(store, job, err);
}

// A lane looks every few seconds: where nothing waits, nothing is locked and nothing written.
static atl_code look(struct atl_store *store, const char *device, int64_t now_ms,
                     struct atl_error *err)
{
    struct atl_job job = {0};
    atl_code rc;

    rc = find_due(store, device, now_ms, &job, err);
    if (rc == ATL_E_NOT_FOUND)
        rc = find_overdue(store, device, now_ms, &job, err);
    return rc;
}

atl_code atl_jobs_claim(struct atl_store *store, const char *device, int64_t now_ms,
                        int64_t lease_ms, struct atl_job *job, struct atl_error *err)
{
    struct atl_job found = {0};
    bool is_mine = false;
    bool is_there = false;
    int ended = 0;
    atl_code rc;

    rc = look(store, device, now_ms, err);
    if (!rc)
        rc = atl_own_begin(store, &is_mine, err);
    if (!rc) {
        rc = end_overdue(store, device, now_ms, &ended, err);
        if (!rc) {
            rc = lease(store, device, now_ms, lease_ms, &found, err);
            is_there = !rc;
            rc = rc == ATL_E_NOT_FOUND ? ATL_OK : rc; // what has ended is committed all the same
        }
        rc = atl_own_end(store, is_mine, rc, err);
    }
    if (rc && rc != ATL_E_NOT_FOUND)
        return rc;
    if (!is_there)
        return atl_fail(err, ATL_E_NOT_FOUND, "nothing waits for %s", device);
    *job = found;
    return ATL_OK;
}

// Finds the job inside the transaction, in the one state from which the step leads.
static atl_code expect(struct atl_store *store, int64_t job_id, enum atl_job_state state,
                       struct atl_job *job, struct atl_error *err)
{
    atl_code rc;

    rc = atl_jobs_expect(store, job_id, job, err);
    if (!rc && job->state != state)
        rc = atl_fail(err, ATL_E_CONFLICT, "job of %s is %s by now, not %s", job->code,
                      atl_job_state_name(job->state), atl_job_state_name(state));
    return rc;
}

// queued -> queued or held: nothing was submitted.
static atl_code give_back(struct atl_store *store, int64_t job_id, const struct atl_job *as,
                          const char *why, struct atl_error *err)
{
    struct atl_job job = {0};
    bool is_mine;
    atl_code rc;

    rc = atl_own_begin(store, &is_mine, err);
    if (rc)
        return rc;
    rc = expect(store, job_id, ATL_JOB_QUEUED, &job, err);
    if (!rc) {
        atl_job_say(job.why, why);
        job.state = as->state;
        if (as->state == ATL_JOB_QUEUED)
            job.due_ms = as->due_ms;
        job.lease_ms = 0;
        rc = atl_jobs_write(store, &job, err);
    }
    return atl_own_end(store, is_mine, rc, err);
}

atl_code atl_jobs_put_back(struct atl_store *store, int64_t job_id, int64_t due_ms, const char *why,
                           struct atl_error *err)
{
    const struct atl_job as = {.state = ATL_JOB_QUEUED, .due_ms = due_ms};

    return give_back(store, job_id, &as, why, err);
}

atl_code atl_jobs_hold(struct atl_store *store, int64_t job_id, const char *why,
                       struct atl_error *err)
{
    const struct atl_job as = {.state = ATL_JOB_HELD};

    return give_back(store, job_id, &as, why, err);
}

static atl_code find_put_back(struct atl_store *store, const char *device, int64_t now_ms,
                              struct atl_job *out, struct atl_error *err)
{
    static const char query[] =
        "SELECT " ATL_JOB_COLUMNS ",sum FROM job WHERE device=?1 AND state=1 AND due_ms>?2"
        " AND lease_ms<=?2 AND attempt>0 ORDER BY n LIMIT 1";

    return find_one(store, query, device, now_ms, out, err);
}

atl_code atl_jobs_hurry(struct atl_store *store, const char *device, int64_t now_ms,
                        struct atl_error *err)
{
    enum { MAX_HURRIED = 50 };
    struct atl_job job = {0};
    bool is_mine;
    atl_code rc = find_put_back(store, device, now_ms, &job, err);

    if (rc)
        return rc == ATL_E_NOT_FOUND ? ATL_OK : rc; // nothing waits, and nothing is written
    rc = atl_own_begin(store, &is_mine, err);
    if (rc)
        return rc;
    for (int i = 0; !rc && i < MAX_HURRIED; i++) {
        rc = find_put_back(store, device, now_ms, &job, err);
        if (rc)
            break;
        job.due_ms = now_ms;
        rc = atl_jobs_write(store, &job, err);
    }
    return atl_own_end(store, is_mine, rc == ATL_E_NOT_FOUND ? ATL_OK : rc, err);
}

// Whether the claim still holds. `is_old`: the page was made before a change.
static atl_code check_claim(struct atl_store *store, const struct atl_job *claimed,
                            const struct atl_job *job, int64_t now_ms, bool *is_old,
                            struct atl_error *err)
{
    int32_t revision = 0;
    atl_code rc;

    if (job->attempt != claimed->attempt || job->lease_ms <= now_ms ||
        strcmp(job->device, claimed->device) != 0)
        return atl_fail(err, ATL_E_CONFLICT, "job of %s: the lease was lost", job->code);
    rc = find_revision(store, job, &revision, err);
    if (!rc)
        *is_old = revision != claimed->revision;
    return rc;
}

atl_code atl_jobs_begin_sending(struct atl_store *store, const struct atl_job *claimed,
                                int64_t now_ms, int64_t lease_ms, struct atl_error *err)
{
    struct atl_job job = {0};
    bool is_mine;
    bool is_old = false;
    atl_code rc;

    rc = atl_own_begin(store, &is_mine, err);
    if (rc)
        return rc;
    rc = expect(store, claimed->id, ATL_JOB_QUEUED, &job, err);
    if (!rc)
        rc = check_claim(store, claimed, &job, now_ms, &is_old, err);
    if (!rc) {
        job.state = is_old ? ATL_JOB_QUEUED : ATL_JOB_SENDING;
        job.lease_ms = is_old ? 0 : now_ms + lease_ms;
        job.due_ms = is_old ? now_ms : job.due_ms;
        job.attempt -= is_old; // nobody's patience is used up by an amendment
        rc = atl_jobs_write(store, &job, err);
    }
    rc = atl_own_end(store, is_mine, rc, err);
    if (!rc && is_old)
        rc = atl_fail(err, ATL_E_CONFLICT, "job of %s: it was changed since; it is made again",
                      job.code);
    return rc;
}

atl_code atl_jobs_keep(struct atl_store *store, int64_t job_id, int64_t now_ms, int64_t lease_ms,
                       struct atl_error *err)
{
    struct atl_job job = {0};
    bool is_mine;
    atl_code rc;

    rc = atl_own_begin(store, &is_mine, err);
    if (rc)
        return rc;
    rc = expect(store, job_id, ATL_JOB_SENDING, &job, err);
    if (!rc) {
        job.lease_ms = now_ms + lease_ms;
        rc = atl_jobs_write(store, &job, err);
    }
    return atl_own_end(store, is_mine, rc, err);
}

atl_code atl_jobs_finish(struct atl_store *store, int64_t job_id, enum atl_job_state state,
                         const char *evidence, int64_t now_ms, struct atl_error *err)
{
    struct atl_job job = {0};
    bool is_mine;
    atl_code rc;

    if (state != ATL_JOB_SENT && state != ATL_JOB_CONFIRMED && state != ATL_JOB_UNKNOWN &&
        state != ATL_JOB_FAILED)
        return atl_fail(err, ATL_E_INVALID, "sending does not end as %s",
                        atl_job_state_name(state));
    rc = atl_own_begin(store, &is_mine, err);
    if (rc)
        return rc;
    rc = expect(store, job_id, ATL_JOB_SENDING, &job, err);
    if (!rc) {
        atl_job_say(job.evidence, evidence);
        job.state = state;
        job.why[0] = 0;
        job.lease_ms = 0;
        job.ended_ms = now_ms;
        rc = atl_jobs_write(store, &job, err);
    }
    return atl_own_end(store, is_mine, rc, err);
}

atl_code atl_jobs_next_due(struct atl_store *store, const char *device, int64_t *due_ms,
                           struct atl_error *err)
{
    static const char query[] =
        "SELECT min(CASE state WHEN 1 THEN max(due_ms,lease_ms) ELSE lease_ms END)"
        " FROM job WHERE device=? AND state IN (1,2) HAVING count(*)>0";

    return atl_sql_one(store, query, device, INT64_MAX, due_ms, err);
}
