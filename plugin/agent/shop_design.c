// SPDX-License-Identifier: Apache-2.0
// A design goes to a machine: when a person scanned the piece and then that machine, and once.
#include "plugin/agent/shop_design.h"

#include "plugin/agent/design.h"
#include "plugin/store/events.h"
#include "plugin/store/jobs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOBS_MAX = 64, EVENTS_MAX = 64 };

// When this attempt began: what was sent for an earlier one is no reason to ask. 0: the first.
static atl_code attempt_since(struct atl_shop *shop, const struct atl_piece *piece,
                              int64_t *since_ms, struct atl_error *err)
{
    struct atl_event events[EVENTS_MAX];
    int64_t after = 0;
    size_t count;

    *since_ms = 0;
    do {
        const atl_code rc = atl_events_list(shop->store, piece->order_id, piece->id, after, events,
                                            EVENTS_MAX, &count, err);

        if (rc)
            return rc;
        for (size_t i = 0; i < count; i++) {
            after = events[i].sequence;
            if (events[i].kind == ATL_EVENT_ACT && events[i].act == ATL_ACT_REMAKE)
                *since_ms = events[i].at_ms;
        }
    } while (count == EVENTS_MAX);
    return ATL_OK;
}

// The last design of this attempt that somebody sent and nobody cancelled.
atl_code atl_shop_last_design(struct atl_shop *shop, const struct atl_piece *piece,
                              struct atl_job *out, struct atl_error *err)
{
    struct atl_job *jobs = calloc(JOBS_MAX, sizeof *jobs);
    int64_t since_ms = 0;
    size_t count = 0;
    atl_code rc;

    out->id = 0;
    if (!jobs)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    rc = attempt_since(shop, piece, &since_ms, err);
    if (!rc)
        rc = atl_jobs_of_piece(shop->store, piece->id, ATL_DOCUMENT_STITCHES, jobs, JOBS_MAX,
                               &count, err);
    for (size_t i = 0; !rc && i < count && i < JOBS_MAX; i++) {
        if (jobs[i].created_ms >= since_ms && jobs[i].state != ATL_JOB_CANCELLED &&
            jobs[i].state != ATL_JOB_EXPIRED)
            *out = jobs[i];
    }
    free(jobs);
    return rc;
}

static atl_code ask(const struct atl_piece *piece, const struct atl_job *last,
                    const struct atl_config_machine *machine, struct atl_error *err)
{
    if (strcmp(last->device, machine->name) != 0)
        return atl_fail(err, ATL_E_CONFLICT,
                        "%s is at machine %s already (%s): two machines would sew it twice; go on "
                        "there, or say --again to send it here instead",
                        piece->code, last->device, atl_job_state_name(last->state));
    return atl_fail(err, ATL_E_CONFLICT,
                    "%s was sent to %s already (%s): look for it on the machine, or say --again to "
                    "write it once more",
                    piece->code, last->device, atl_job_state_name(last->state));
}

static atl_code add(struct atl_shop *shop, const struct atl_piece *piece,
                    const struct atl_config_machine *machine, struct atl_error *err)
{
    struct atl_job job = {.document = ATL_DOCUMENT_STITCHES, .created_ms = shop->now_ms()};

    memcpy(job.order_id, piece->order_id, sizeof job.order_id);
    memcpy(job.piece_id, piece->id, sizeof job.piece_id);
    memcpy(job.code, piece->code, sizeof job.code);
    (void)snprintf(job.device, sizeof job.device, "%s", machine->name);
    return atl_jobs_add(shop->store, &job, NULL, err);
}

// What was not written yet is taken back, or simply sent after all; what may have been written is
// followed by a copy, which says in the chain of events who wanted it.
static atl_code queue(struct atl_shop *shop, const struct atl_piece *piece,
                      const struct atl_job *last, const struct atl_config_machine *machine,
                      bool is_again, const struct atl_by *by, struct atl_error *err)
{
    const bool is_here = last->id && strcmp(last->device, machine->name) == 0;
    atl_code rc;

    if (!last->id || last->state == ATL_JOB_FAILED)
        return add(shop, piece, machine, err);
    if (is_here && last->state == ATL_JOB_HELD)
        return atl_jobs_queue_again(shop->store, last->id, NULL, 0, err);
    if (is_here && last->state == ATL_JOB_QUEUED)
        return atl_fail(err, ATL_E_CONFLICT,
                        "%s waits for %s already: see that the machine is on and its volume there",
                        piece->code, machine->name);
    if (!is_again)
        return ask(piece, last, machine, err);
    if (last->state == ATL_JOB_QUEUED || last->state == ATL_JOB_HELD) {
        rc = atl_jobs_cancel(shop->store, last->id, "another machine takes it", by->at_ms, err);
        return rc ? rc : add(shop, piece, machine, err);
    }
    return atl_jobs_copy_to(shop->store, last->id, machine->name, 0, by, NULL, err);
}

atl_code atl_shop_queue_design(struct atl_shop *shop, const char *piece_id,
                               const struct atl_config_machine *machine,
                               const struct atl_machine *profile, bool is_again,
                               const struct atl_by *by, struct atl_piece *after,
                               struct atl_error *err)
{
    struct atl_design design = {0};
    struct atl_job last = {0};
    atl_code rc;

    rc = atl_pieces_find(shop->store, piece_id, after, err);
    if (!rc)
        rc = atl_design_open(shop, after, profile, &design, err);
    if (!rc)
        rc = atl_shop_last_design(shop, after, &last, err);
    if (!rc)
        rc = queue(shop, after, &last, machine, is_again, by, err);
    if (!rc)
        rc = atl_pieces_place(shop->store, piece_id, machine->name, by, after, err);
    atl_design_free(&design);
    return rc;
}

atl_code atl_shop_send_design(struct atl_shop *shop, const char *piece_id,
                              const struct atl_config_machine *machine,
                              const struct atl_machine *profile, bool is_again,
                              const struct atl_by *by, struct atl_piece *after,
                              struct atl_error *err)
{
    atl_code rc = atl_store_begin(shop->store, err);

    if (!rc)
        rc = atl_shop_queue_design(shop, piece_id, machine, profile, is_again, by, after, err);
    if (!rc)
        rc = atl_shop_commit(shop, err);
    atl_store_rollback(shop->store);
    return rc;
}

const struct atl_config_machine *atl_shop_machine(const struct atl_shop *shop, const char *text)
{
    const struct atl_config *config = shop->config;
    char wanted[ATL_NAME_CAP];
    char key[ATL_NAME_CAP];
    struct atl_scan scan;

    atl_scan_read(text, strlen(text), &scan);
    if (scan.kind == ATL_SCAN_PLACE)
        memcpy(wanted, scan.name, sizeof wanted);
    else if (atl_name_key(text, wanted, NULL) != ATL_OK)
        return NULL;
    for (size_t i = 0; i < config->machine_count; i++) {
        if (atl_name_key(config->machines[i].name, key, NULL) == ATL_OK && strcmp(key, wanted) == 0)
            return &config->machines[i];
    }
    return NULL;
}
