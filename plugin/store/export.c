// SPDX-License-Identifier: Apache-2.0
// Everything the store knows of an order, part by part.
#include "plugin/store/events.h"
#include "plugin/store/jobs.h"
#include "plugin/store/orders.h"
#include "plugin/store/pieces.h"

#include <stdlib.h>

enum { EVENTS_A_ROUND = 16, MAX_ROWS = 1000 };

static atl_code export_pieces(struct atl_store *store, const struct atl_order *order,
                              const struct atl_export *to, struct atl_error *err)
{
    struct atl_piece *pieces = calloc(MAX_ROWS, sizeof *pieces);
    size_t count = 0;
    atl_code rc;

    if (!pieces)
        return atl_fail(err, ATL_E_NOMEM, "export: out of memory");
    rc = atl_pieces_of_order(store, order->id, pieces, MAX_ROWS, &count, err);
    for (size_t i = 0; i < count && i < MAX_ROWS && !rc; i++) {
        struct atl_answer_set answers = {0};
        rc = atl_pieces_answers(store, pieces[i].id, &answers, err);
        if (rc == ATL_E_NOT_FOUND)
            rc = ATL_OK; // erased
        if (!rc)
            rc = to->piece(to->ctx, &pieces[i], &answers, err);
    }
    free(pieces);
    return rc;
}

static atl_code export_events(struct atl_store *store, const struct atl_order *order,
                              const struct atl_export *to, struct atl_error *err)
{
    struct atl_event events[EVENTS_A_ROUND];
    int64_t after = 0;
    size_t count = 0;
    atl_code rc;

    do {
        rc = atl_events_list(store, order->id, NULL, after, events, EVENTS_A_ROUND, &count, err);
        for (size_t i = 0; i < count && !rc; i++) {
            after = events[i].sequence;
            rc = to->event(to->ctx, &events[i], err);
        }
    } while (!rc && count == EVENTS_A_ROUND);
    return rc;
}

static atl_code export_jobs(struct atl_store *store, const struct atl_order *order,
                            const struct atl_export *to, struct atl_error *err)
{
    struct atl_job *jobs = calloc(MAX_ROWS, sizeof *jobs);
    size_t count = 0;
    atl_code rc;

    if (!jobs)
        return atl_fail(err, ATL_E_NOMEM, "export: out of memory");
    rc = atl_jobs_of_order(store, order->id, jobs, MAX_ROWS, &count, err);
    for (size_t i = 0; i < count && i < MAX_ROWS && !rc; i++)
        rc = to->job(to->ctx, &jobs[i], err);
    free(jobs);
    return rc;
}

atl_code atl_orders_export(struct atl_store *store, const char *id, const struct atl_export *to,
                           struct atl_error *err)
{
    struct atl_order order = {0};
    atl_code rc;

    rc = atl_orders_find(store, id, &order, err);
    if (!rc)
        rc = to->order(to->ctx, &order, err);
    if (!rc)
        rc = export_pieces(store, &order, to, err);
    if (!rc)
        rc = export_events(store, &order, to, err);
    if (!rc)
        rc = export_jobs(store, &order, to, err);
    return rc;
}
