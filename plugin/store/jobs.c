// SPDX-License-Identifier: Apache-2.0
// The journal as use-cases see it; the lanes' side is in claims.c.
#include "plugin/store/jobs.h"

#include "plugin/store/sheets.h"

#include "plugin/store/columns.h"
#include "plugin/store/db.h"
#include "plugin/store/events.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

_Static_assert((int)ATL_DOCUMENT_STITCHES == 5, "it stands in a query");
_Static_assert((int)ATL_STAGE_AWAITING_DETAILS == 2 && (int)ATL_STAGE_CONFIRMED == 3 &&
                   (int)ATL_STAGE_IN_PRODUCTION == 4 && (int)ATL_STAGE_ON_HOLD == 9 &&
                   (int)ATL_STAGE_CANCEL_REQUESTED == 10,
               "they stand in a query");

void atl_job_fields(struct atl_sql *sql, struct atl_job *job)
{
    job->id = atl_sql_number(sql, job->id);
    job->document = (enum atl_document)atl_sql_number(sql, job->document);
    job->state = (enum atl_job_state)atl_sql_number(sql, job->state);
    ATL_SQL_TEXT(sql, job->device);
    ATL_SQL_TEXT(sql, job->order_id);
    ATL_SQL_TEXT(sql, job->piece_id);
    ATL_SQL_TEXT(sql, job->code);
    ATL_SQL_INT(sql, job->revision);
    ATL_SQL_INT(sql, job->attempt);
    ATL_SQL_INT(sql, job->copy);
    job->copy_of = atl_sql_number(sql, job->copy_of);
    job->created_ms = atl_sql_number(sql, job->created_ms);
    job->due_ms = atl_sql_number(sql, job->due_ms);
    job->expires_ms = atl_sql_number(sql, job->expires_ms);
    job->lease_ms = atl_sql_number(sql, job->lease_ms);
    job->ended_ms = atl_sql_number(sql, job->ended_ms);
    ATL_SQL_TEXT(sql, job->why);
    ATL_SQL_TEXT(sql, job->evidence);
    atl_sql_sum(sql);
}

atl_code atl_job_row(struct atl_sql *sql, struct atl_job *out, struct atl_error *err)
{
    atl_code rc = atl_sql_row(sql, err);

    if (!rc) {
        atl_job_fields(sql, out);
        rc = atl_sql_check(sql, "job", out->code, err);
    }
    atl_sql_end(sql);
    return rc;
}

static atl_code put(struct atl_store *store, const char *query, struct atl_job *job,
                    struct atl_error *err)
{
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, query, &sql, err);
    if (rc)
        return rc;
    atl_job_fields(&sql, job);
    return atl_sql_run(&sql, NULL, err);
}

atl_code atl_jobs_write(struct atl_store *store, struct atl_job *job, struct atl_error *err)
{
    static const char query[] =
        "UPDATE job SET (" ATL_JOB_COLUMNS ",sum)=(" ATL_JOB_MARKS ",?) WHERE n=?1";
    const atl_code rc = put(store, query, job, err);

    if (rc || !job->ended_ms || !atl_document_is_sheet(job->document))
        return rc;
    return atl_sheets_drop(store, job->id, err);
}

// The number is part of the row that the checksum covers, so it is known before.
static atl_code insert(struct atl_store *store, struct atl_job *job, struct atl_error *err)
{
    static const char next[] =
        "SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name='job'),0)+1";
    static const char query[] =
        "INSERT INTO job(" ATL_JOB_COLUMNS ",sum) VALUES(" ATL_JOB_MARKS ",?)";
    atl_code rc;

    rc = atl_sql_one(store, next, NULL, 1, &job->id, err);
    if (!rc)
        rc = put(store, query, job, err);
    return rc;
}

static atl_code check_new(const struct atl_job *job, struct atl_error *err)
{
    const bool is_sheet = atl_document_is_sheet(job->document);

    if (!job->device[0] || (!job->order_id[0] && !is_sheet) || !job->code[0])
        return atl_fail(err, ATL_E_INVALID, "job has no device, order or code");
    if (job->document < ATL_DOCUMENT_CLAIM || job->document > ATL_DOCUMENT_LAST)
        return atl_fail(err, ATL_E_INVALID, "job of %s: no such document", job->code);
    if (job->document == ATL_DOCUMENT_TAG && job->expires_ms)
        return atl_fail(err, ATL_E_INVALID, "job of %s: a work tag never expires", job->code);
    if (job->document == ATL_DOCUMENT_STITCHES && !job->piece_id[0])
        return atl_fail(err, ATL_E_INVALID, "job of %s: a design is of one piece", job->code);
    if (job->document == ATL_DOCUMENT_TAG && !job->piece_id[0])
        return atl_fail(err, ATL_E_INVALID, "job of %s: a work tag is of one piece", job->code);
    return ATL_OK;
}

static atl_code find_waiting_tag(struct atl_store *store, const char *piece_id, struct atl_job *out,
                                 struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_JOB_COLUMNS ",sum FROM job WHERE piece_id=?"
                                " AND document=3 AND state IN (1,7) ORDER BY n LIMIT 1";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, piece_id);
    return atl_job_row(&sql, out, err);
}

// A tag shows the piece as it is when it prints, so one that still waits would be the new one once
// more, and would not say so.
atl_code atl_jobs_cancel_tags(struct atl_store *store, const char *piece_id, const char *why,
                              int64_t now_ms, struct atl_error *err)
{
    struct atl_job job = {0};
    atl_code rc;

    while (!(rc = find_waiting_tag(store, piece_id, &job, err))) {
        atl_job_say(job.why, why);
        job.state = ATL_JOB_CANCELLED;
        job.lease_ms = 0;
        job.ended_ms = now_ms;
        rc = atl_jobs_write(store, &job, err);
        if (rc)
            return rc;
    }
    return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
}

atl_code atl_jobs_add(struct atl_store *store, const struct atl_job *job, int64_t *id,
                      struct atl_error *err)
{
    struct atl_job row = *job;
    atl_code rc;

    row.state = ATL_JOB_QUEUED;
    row.revision = 0;
    row.attempt = 0;
    row.copy = 0;
    row.copy_of = 0;
    row.lease_ms = 0;
    row.ended_ms = 0;
    row.evidence[0] = 0;
    rc = check_new(&row, err);
    if (!rc && row.document == ATL_DOCUMENT_TAG)
        rc = atl_jobs_cancel_tags(store, row.piece_id, "a newer tag takes its place",
                                  row.created_ms, err);
    if (!rc)
        rc = insert(store, &row, err);
    if (!rc && id)
        *id = row.id;
    return rc;
}

atl_code atl_jobs_find(struct atl_store *store, int64_t id, struct atl_job *out,
                       struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_JOB_COLUMNS ",sum FROM job WHERE n=?";
    struct atl_job job = {0};
    struct atl_sql sql;
    char name[24];
    atl_code rc;

    snprintf(name, sizeof name, "%" PRId64, id);
    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, id);
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        atl_job_fields(&sql, &job);
        rc = atl_sql_check(&sql, "job", name, err);
    } else if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, rc, "there is no job %s", name);
    atl_sql_end(&sql);
    if (!rc)
        *out = job;
    return rc;
}

atl_code atl_jobs_expect(struct atl_store *store, int64_t id, struct atl_job *out,
                         struct atl_error *err)
{
    if (!store->in_transaction)
        return atl_fail(err, ATL_E_INVALID, "store: nothing is written outside of a transaction");
    return atl_jobs_find(store, id, out, err);
}

// Copies are counted per document, so that no two papers carry the same number.
static atl_code next_copy(struct atl_store *store, struct atl_job *job, struct atl_error *err)
{
    static const char query[] = "SELECT ifnull(max(copy),0)+1 FROM job WHERE order_id=?"
                                " AND piece_id=? AND document=?";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, job->order_id);
    atl_sql_put_text(&sql, job->piece_id);
    atl_sql_number(&sql, job->document);
    rc = atl_sql_row(&sql, err);
    if (!rc)
        job->copy = (int32_t)atl_sql_number(&sql, 0);
    atl_sql_end(&sql);
    return rc;
}

static atl_code tell_copy(struct atl_store *store, const struct atl_job *job,
                          const struct atl_by *by, struct atl_error *err)
{
    struct atl_event event = {.kind = ATL_EVENT_COPIED};

    memcpy(event.order_id, job->order_id, sizeof event.order_id);
    memcpy(event.piece_id, job->piece_id, sizeof event.piece_id);
    snprintf(event.why, sizeof event.why, "%s %d", atl_document_name(job->document), job->copy);
    return atl_events_add(store, &event, by, NULL, err);
}

atl_code atl_jobs_copy(struct atl_store *store, int64_t job_id, int64_t expires_ms,
                       const struct atl_by *by, int64_t *copy_id, struct atl_error *err)
{
    return atl_jobs_copy_to(store, job_id, NULL, expires_ms, by, copy_id, err);
}

atl_code atl_jobs_copy_to(struct atl_store *store, int64_t job_id, const char *device,
                          int64_t expires_ms, const struct atl_by *by, int64_t *copy_id,
                          struct atl_error *err)
{
    struct atl_job job = {0};
    atl_code rc;

    rc = atl_jobs_expect(store, job_id, &job, err);
    if (rc)
        return rc;
    if (atl_document_is_sheet(job.document))
        return atl_fail(err, ATL_E_INVALID, "%s: ask for it again; it is gathered anew", job.code);
    if (job.state == ATL_JOB_QUEUED || job.state == ATL_JOB_HELD)
        return atl_fail(err, ATL_E_CONFLICT, "%s of %s is %s: it was not sent yet",
                        atl_document_name(job.document), job.code, atl_job_state_name(job.state));
    if (device)
        rc = atl_db_copy(job.device, sizeof job.device, device, "device", err);
    if (rc)
        return rc;
    job.copy_of = job.id;
    job.state = ATL_JOB_QUEUED;
    job.attempt = 0;
    job.revision = 0;
    job.created_ms = by->at_ms;
    job.due_ms = 0;
    job.expires_ms = expires_ms;
    job.lease_ms = 0;
    job.ended_ms = 0;
    job.why[0] = 0;
    job.evidence[0] = 0;
    rc = check_new(&job, err);
    if (!rc)
        rc = next_copy(store, &job, err);
    if (!rc)
        rc = insert(store, &job, err);
    if (!rc)
        rc = tell_copy(store, &job, by, err);
    if (!rc && copy_id)
        *copy_id = job.id;
    return rc;
}

atl_code atl_jobs_queue_again(struct atl_store *store, int64_t job_id, const char *device,
                              int64_t due_ms, struct atl_error *err)
{
    struct atl_job job = {0};
    atl_code rc;

    rc = atl_jobs_expect(store, job_id, &job, err);
    if (rc)
        return rc;
    if (job.state != ATL_JOB_HELD)
        return atl_fail(err, ATL_E_CONFLICT, "job of %s is %s, not held", job.code,
                        atl_job_state_name(job.state));
    if (device)
        rc = atl_db_copy(job.device, sizeof job.device, device, "device", err);
    if (rc)
        return rc;
    job.state = ATL_JOB_QUEUED;
    job.attempt = 0; // the table of waits begins anew
    job.due_ms = due_ms;
    job.lease_ms = 0;
    job.ended_ms = 0;
    job.why[0] = 0;
    return atl_jobs_write(store, &job, err);
}

atl_code atl_jobs_cancel(struct atl_store *store, int64_t job_id, const char *why, int64_t now_ms,
                         struct atl_error *err)
{
    struct atl_job job = {0};
    atl_code rc;

    rc = atl_jobs_expect(store, job_id, &job, err);
    if (rc)
        return rc;
    if (job.state != ATL_JOB_QUEUED && job.state != ATL_JOB_HELD)
        return atl_fail(err, ATL_E_CONFLICT, "job of %s is %s: too late to cancel it", job.code,
                        atl_job_state_name(job.state));
    atl_job_say(job.why, why);
    job.state = ATL_JOB_CANCELLED;
    job.lease_ms = 0;
    job.ended_ms = now_ms;
    return atl_jobs_write(store, &job, err);
}

static atl_code put_elsewhere(struct atl_store *store, struct atl_job *job, const char *to,
                              struct atl_error *err)
{
    const atl_code rc = atl_db_copy(job->device, sizeof job->device, to, "device", err);

    job->attempt = 0; // the other device has not been tried yet
    job->due_ms = 0;
    job->lease_ms = 0;
    job->why[0] = 0;
    return rc ? rc : atl_jobs_write(store, job, err);
}

atl_code atl_jobs_reroute(struct atl_store *store, int64_t job_id, const char *to, int64_t now_ms,
                          struct atl_error *err)
{
    struct atl_job job = {0};
    const atl_code rc = atl_jobs_expect(store, job_id, &job, err);

    if (rc)
        return rc;
    if (job.state != ATL_JOB_QUEUED || job.lease_ms > now_ms)
        return atl_fail(err, ATL_E_CONFLICT, "%s of %s is on its way to %s this moment",
                        atl_document_name(job.document), job.code, job.device);
    return put_elsewhere(store, &job, to, err);
}

static atl_code next_to_move(struct atl_store *store, const char *device, int64_t now_ms,
                             struct atl_job *out, struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_JOB_COLUMNS ",sum FROM job WHERE device=?"
                                " AND state=1 AND lease_ms<=? ORDER BY n LIMIT 1";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, device);
    atl_sql_number(&sql, now_ms);
    return atl_job_row(&sql, out, err);
}

atl_code atl_jobs_move(struct atl_store *store, const char *device, const char *to, int64_t now_ms,
                       int *count, struct atl_error *err)
{
    enum { MAX_MOVED = 50 };
    int moved = 0;
    atl_code rc = ATL_OK;

    if (strcmp(device, to) == 0 || !to[0])
        return atl_fail(err, ATL_E_INVALID, "jobs move to another printer, not to the same one");
    while (moved < MAX_MOVED) {
        struct atl_job job = {0};
        rc = next_to_move(store, device, now_ms, &job, err);
        if (rc)
            break;
        rc = put_elsewhere(store, &job, to, err);
        if (rc)
            return rc;
        moved++;
    }
    if (rc && rc != ATL_E_NOT_FOUND)
        return rc;
    if (count)
        *count = moved;
    return ATL_OK;
}

static atl_code read_list(struct atl_sql *sql, struct atl_job *out, size_t max, size_t *count,
                          struct atl_error *err)
{
    size_t found = 0;
    atl_code rc;

    while (!(rc = atl_sql_row(sql, err))) {
        struct atl_job job = {0};
        atl_job_fields(sql, &job);
        rc = atl_sql_check(sql, "job", job.code, err);
        if (rc)
            break;
        if (found < max)
            out[found] = job;
        found++;
    }
    atl_sql_end(sql);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    *count = found;
    return ATL_OK;
}

atl_code atl_jobs_of_order(struct atl_store *store, const char *order_id, struct atl_job *out,
                           size_t max, size_t *count, struct atl_error *err)
{
    static const char query[] =
        "SELECT " ATL_JOB_COLUMNS ",sum FROM job WHERE order_id=? ORDER BY n";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, order_id);
    return read_list(&sql, out, max, count, err);
}

atl_code atl_jobs_of_piece(struct atl_store *store, const char *piece_id,
                           enum atl_document document, struct atl_job *out, size_t max,
                           size_t *count, struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_JOB_COLUMNS ",sum FROM job WHERE piece_id=?"
                                " AND piece_id<>'' AND document=? ORDER BY n";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, piece_id);
    atl_sql_number(&sql, document);
    return read_list(&sql, out, max, count, err);
}

// Past the machine: nothing of these leads back to it but a remake, which sends it again.
atl_code atl_jobs_sewn(struct atl_store *store, const char *device, struct atl_job *out, size_t max,
                       size_t *count, struct atl_error *err)
{
    static const char query[] =
        "SELECT " ATL_JOB_COLUMNS ",sum FROM job WHERE state=3 AND device=? AND document=5"
        " AND (SELECT stage FROM piece WHERE id=job.piece_id) NOT IN (2,3,4,9,10)"
        " ORDER BY n DESC LIMIT 200";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, device);
    return read_list(&sql, out, max, count, err);
}

atl_code atl_jobs_list(struct atl_store *store, const char *device, enum atl_job_state state,
                       struct atl_job *out, size_t max, size_t *count, struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_JOB_COLUMNS
                                ",sum FROM job WHERE state=?1 AND (?2='' OR device=?2) ORDER BY n";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, state);
    atl_sql_put_text(&sql, device);
    return read_list(&sql, out, max, count, err);
}

atl_code atl_jobs_troubled(struct atl_store *store, int64_t since_ms, struct atl_job *out,
                           size_t max, size_t *count, struct atl_error *err)
{
    // 1, 2 and 7 are queued, sending and held; 5, 6, 8 unknown, failed, expired; document 5 is a
    // design.
    static const char query[] =
        "SELECT " ATL_JOB_COLUMNS ",sum FROM job WHERE document<>5 AND n IN"
        " (SELECT n FROM job WHERE state=2 OR (state IN (1,7) AND why<>'')"
        " UNION ALL SELECT n FROM job WHERE state IN (5,6,8) AND ended_ms>?) ORDER BY n";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, since_ms);
    return read_list(&sql, out, max, count, err);
}

// Doubts are looked at a paper at a time: whether the last one that is in doubt was copied answers
// for all before it. Asked for each doubt, a paper with many, or all sheets together, which belong
// to no order, would be read as many times as they have rows.
atl_code atl_jobs_count(struct atl_store *store, const char *device, struct atl_job_counts *out,
                        struct atl_error *err)
{
    static const char query[] =
        "SELECT (SELECT count(*) FROM job WHERE state=1 AND (?1='' OR device=?1)),"
        "(SELECT count(*) FROM job WHERE state=2 AND (?1='' OR device=?1)),"
        "(SELECT count(*) FROM job WHERE state=7 AND (?1='' OR device=?1)),"
        "(SELECT ifnull(sum(doubts),0) FROM"
        " (SELECT order_id,piece_id,document,max(copy) AS copy,doubts FROM"
        " (SELECT order_id,piece_id,document,copy,count(*) AS doubts FROM job"
        " WHERE state=5 AND (?1='' OR device=?1) GROUP BY order_id,piece_id,document,copy)"
        " GROUP BY order_id,piece_id,document) AS last WHERE NOT EXISTS"
        " (SELECT 1 FROM job AS later WHERE later.order_id=last.order_id AND"
        " later.piece_id=last.piece_id AND later.document=last.document AND"
        " later.copy>last.copy)),"
        "(SELECT ifnull(min(created_ms),0) FROM job WHERE state=1 AND (?1='' OR device=?1))";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, device);
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        out->waiting = atl_sql_number(&sql, 0);
        out->sending = atl_sql_number(&sql, 0);
        out->held = atl_sql_number(&sql, 0);
        out->unknown = atl_sql_number(&sql, 0);
        out->oldest_queued_ms = atl_sql_number(&sql, 0);
    }
    atl_sql_end(&sql);
    return rc;
}
