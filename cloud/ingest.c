// SPDX-License-Identifier: Apache-2.0
// POST /v1/events. One transaction a batch; a bad event is named and does not stop the others.
#include "cloud/api.h"

#include "cloud/clock.h"
#include "cloud/problem.h"

#include <stdio.h>
#include <string.h>

enum { ARENA_MAX = 32 * 1024 * 1024, ANSWER_MAX = 1024 * 1024 };

struct tally {
    struct atl_cloudevent_result results[ATL_CLOUDEVENTS_MAX];
    struct atl_cloudevent_answer answer;
};

static void note(struct tally *tally, const struct atl_cloudevent *event,
                 enum atl_cloudevent_status status, const char *code, const char *detail)
{
    if (status == ATL_CLOUDEVENT_ACCEPTED) {
        tally->answer.accepted++;
        return;
    }
    tally->answer.duplicate += status == ATL_CLOUDEVENT_DUPLICATE;
    tally->results[tally->answer.result_count++] =
        (struct atl_cloudevent_result){event->id, status, code, detail};
}

static bool is_of(const struct atl_cloudevent *event, const char *store)
{
    size_t len = strlen(event->retailer);
    return strncmp(store, event->retailer, len) == 0 && store[len] == '/' &&
           strcmp(store + len + 1, event->store) == 0;
}

static atl_code take_one(struct atl_ledger *ledger, const char *store, int64_t store_id,
                         const struct atl_cloudevent *event, int64_t now_ms, struct tally *tally,
                         struct atl_error *err)
{
    enum atl_cloudevent_status status = ATL_CLOUDEVENT_REJECTED;
    const char *code = NULL, *detail = NULL;
    if (!event->is_valid) {
        code = event->code;
        detail = event->detail;
    } else if (!is_of(event, store)) {
        code = "source";
        detail = "source: the key is of another store";
    } else if (event->sequence < 1 || event->sequence > INT64_MAX) {
        code = "schema";
        detail = "sequence: must be 1 or more";
    } else {
        atl_code rc = atl_ledger_take(ledger, store_id, event, now_ms, &status, err);
        if (rc)
            return rc;
    }
    note(tally, event, status, code, detail);
    return ATL_OK;
}

static atl_code take_all(struct atl_ledger *ledger, const char *store,
                         const struct atl_cloudevent_batch *batch, struct tally *tally,
                         struct atl_error *err)
{
    int64_t store_id, now_ms = atl_clock_wall_ms();
    atl_code rc = atl_ledger_begin(ledger, err);
    if (!rc)
        rc = atl_ledger_store(ledger, store, &store_id, err);
    for (size_t i = 0; !rc && i < batch->count; i++)
        rc = take_one(ledger, store, store_id, &batch->events[i], now_ms, tally, err);
    if (!rc)
        rc = atl_ledger_heard(ledger, store_id, now_ms, err);
    if (!rc)
        rc = atl_ledger_commit(ledger, err);
    atl_ledger_rollback(ledger);
    return rc;
}

static struct atl_http_reply *answer(struct tally *tally)
{
    struct atl_buf body;
    struct atl_error err;
    tally->answer.results = tally->results;
    tally->answer.server_time_ms = atl_clock_wall_ms();
    atl_buf_init(&body, ANSWER_MAX);
    if (atl_cloudevent_answer_write(&tally->answer, &body, &err)) {
        atl_buf_free(&body);
        return atl_problem_later(&err);
    }
    return atl_json_reply(200, &body);
}

static struct atl_http_reply *take_batch(struct atl_ledger *ledger, const char *store,
                                         const char *body, size_t len, struct atl_arena *arena)
{
    struct atl_cloudevent_batch batch;
    struct atl_error err;
    atl_code rc = atl_cloudevent_batch_parse(body, len, ATL_CLOUDEVENTS_MAX, arena, &batch, &err);
    if (rc == ATL_E_INVALID)
        return atl_problem_reply(422, "batch", "The batch cannot be read", err.text);
    struct tally *tally = rc ? NULL : atl_arena_get(arena, 1, sizeof *tally);
    if (!tally)
        return atl_problem_later(rc ? &err : NULL);
    if ((rc = take_all(ledger, store, &batch, tally, &err))) {
        (void)fprintf(stderr, "cloud: batch not taken: store=%s events=%zu why=\"%s\"\n", store,
                      batch.count, err.text);
        return atl_problem_later(&err);
    }
    return answer(tally);
}

struct atl_http_reply *atl_ingest(struct atl_ledger *ledger, const char *store, const char *body,
                                  size_t len)
{
    struct atl_arena arena;
    atl_arena_init(&arena, ARENA_MAX);
    struct atl_http_reply *reply = take_batch(ledger, store, body, len, &arena);
    atl_arena_free(&arena);
    return reply;
}
