// SPDX-License-Identifier: Apache-2.0
// Batches up. What the cloud took is deleted from the outbox, what it will never take is put aside,
// and everything else is sent again, for ever: the cloud knows each event by its sequence.
#include "plugin/agent/log.h"
#include "plugin/agent/sync_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    TIMEOUT_MS = 30000,
    ENVELOPE_BYTES = 640,   // of one event around its data, at most
    ANSWER_BYTES = 1 << 20, // in memory, of a parsed answer
    OLD_EVENTS = 100,       // what a cloud without capabilities takes
    OLD_BYTES = 256 * 1024,
    QUARANTINES_IN_ROW = 3, // then it is more likely the cloud that is wrong
};

static atl_code begin_asking(struct atl_sync *sync, struct atl_error *err)
{
    sync->up.is_asking = true;
    return atl_sync_get(&sync->up.wire, "/v1/capabilities", TIMEOUT_MS, err);
}

static size_t batch_size(const struct atl_sync_up *up)
{
    size_t size = up->pace.batch ? up->pace.batch : 1;

    if (size > (size_t)up->can.max_events)
        size = (size_t)up->can.max_events;
    return size;
}

// Room for the data alone: what the envelopes take is taken off first.
static size_t data_bytes(const struct atl_sync_up *up, size_t events)
{
    const size_t max = (size_t)up->can.max_bytes, envelopes = events * ENVELOPE_BYTES;

    return max > 2 * envelopes ? max - envelopes : max / 2;
}

static void add_rows(struct atl_sync *sync, const struct atl_buf *data)
{
    struct atl_sync_up *up = &sync->up;

    atl_sync_body_begin(&up->wire);
    atl_cloudevent_batch_begin(&up->wire.body);
    for (size_t i = 0; i < up->row_count; i++) {
        const struct atl_outbox_row *row = &up->rows[i];
        const char *json = (const char *)data->data + row->data_at;
        const struct atl_cloudevent_row event = {
            .id = row->id,
            .source = sync->source,
            .type = row->type,
            .subject = row->subject,
            .time_ms = row->at_ms,
            .sequence = (uint64_t)row->sequence,
            .attempt = row->attempt,
            .version = row->version,
            .data = json,
            .data_len = strlen(json),
        };

        atl_cloudevent_batch_add(&up->wire.body, &event);
    }
    atl_cloudevent_batch_end(&up->wire.body);
}

static atl_code begin_sending(struct atl_sync *sync, struct atl_error *err)
{
    struct atl_sync_up *up = &sync->up;
    const size_t size = batch_size(up);
    struct atl_buf data;
    atl_code rc;

    atl_buf_init(&data, 2 * ATL_CLOUDEVENTS_MAX_BYTES);
    rc = atl_outbox_next(sync->store, 0, data_bytes(up, size), up->rows, size, &up->row_count,
                         &data, err);
    up->has_more = !rc && up->row_count > 0;
    if (!rc && up->row_count) {
        add_rows(sync, &data);
        rc = atl_buf_check(&up->wire.body, err);
        if (!rc)
            rc = atl_sync_post(&up->wire, "/v1/events", TIMEOUT_MS, err);
    }
    atl_buf_free(&data);
    return rc;
}

// ---- The answer ----

static void fail(struct atl_sync *sync, int64_t now_ms, int64_t at_least_ms, const char *trouble)
{
    atl_sync_failed(&sync->up.pace, now_ms, at_least_ms, atl_sync_dice(sync));
    if (sync->up.pace.failures == 1 || sync->up.pace.failures % 10 == 0)
        atl_log(ATL_LOG_WARN, "sync", "not sent", "failures=%d again_ms=%" PRId64 " why=%s",
                sync->up.pace.failures, sync->up.pace.due_ms - now_ms, atl_log_value(trouble).text);
    atl_sync_tell(sync, trouble);
}

static void take_capabilities(struct atl_sync *sync, int64_t now_ms)
{
    struct atl_sync_up *up = &sync->up;
    const struct atl_sync_answer *answer = &up->wire.answer;
    char trouble[256];

    up->can =
        (struct atl_capabilities){.max_events = OLD_EVENTS, .max_bytes = OLD_BYTES, .wait_max = 25};
    up->knows_can =
        atl_sync_judge(answer->status) == ATL_SYNC_NONE ||
        (atl_sync_judge(answer->status) == ATL_SYNC_DONE &&
         !atl_capabilities_parse(up->wire.reply.data, up->wire.reply.len, &up->can, NULL));
    if (up->knows_can) {
        if (up->can.max_events < 1 || up->can.max_events > ATL_SYNC_BATCH_MAX)
            up->can.max_events = up->can.max_events < 1 ? 1 : ATL_SYNC_BATCH_MAX;
        if (up->can.max_bytes < 1024 || up->can.max_bytes > ATL_CLOUDEVENTS_MAX_BYTES)
            up->can.max_bytes = ATL_CLOUDEVENTS_MAX_BYTES;
        up->pace.due_ms = now_ms;
        return;
    }
    if (answer->status)
        (void)snprintf(trouble, sizeof trouble, "the cloud answered %ld to what it can do",
                       answer->status);
    else
        (void)snprintf(trouble, sizeof trouble, "the cloud does not answer: %.180s",
                       answer->trouble);
    fail(sync, now_ms, answer->retry_after_ms, trouble);
}

static atl_code put_aside(struct atl_sync *sync, int64_t sequence, const char *why,
                          struct atl_error *err)
{
    atl_log(ATL_LOG_ERROR, "sync", "event refused by the cloud and put aside",
            "sequence=%" PRId64 " why=%s", sequence, atl_log_value(why).text);
    return atl_outbox_quarantine(sync->store, sequence, why, err);
}

// The status of a row in the answer: accepted, unless a line says otherwise.
static const struct atl_cloudevent_result *find_rejected(const struct atl_cloudevent_answer *answer,
                                                         const char *id)
{
    for (size_t i = 0; i < answer->result_count; i++)
        if (answer->results[i].status == ATL_CLOUDEVENT_REJECTED && answer->results[i].id &&
            strcmp(answer->results[i].id, id) == 0)
            return &answer->results[i];
    return NULL;
}

static atl_code settle_rows(struct atl_sync *sync, const struct atl_cloudevent_answer *answer,
                            struct atl_error *err)
{
    struct atl_sync_up *up = &sync->up;
    static const char unsaid[] = "rejected";
    int64_t taken[ATL_SYNC_BATCH_MAX];
    size_t count = 0;
    atl_code rc = ATL_OK;

    for (size_t i = 0; !rc && i < up->row_count; i++) {
        const struct atl_cloudevent_result *rejected = find_rejected(answer, up->rows[i].id);

        if (!rejected)
            taken[count++] = up->rows[i].sequence;
        else
            rc = put_aside(sync, up->rows[i].sequence,
                           rejected->detail ? rejected->detail
                           : rejected->code ? rejected->code
                                            : unsaid,
                           err);
    }
    if (!rc && count)
        rc = atl_outbox_acknowledge(sync->store, taken, count, err);
    if (count)
        up->quarantined_in_row = 0;
    return rc;
}

static atl_code take_done(struct atl_sync *sync, int64_t now_ms, struct atl_error *err)
{
    struct atl_sync_up *up = &sync->up;
    struct atl_cloudevent_answer answer;
    struct atl_arena arena;
    struct atl_error why = {0};
    atl_code rc = ATL_OK;

    atl_arena_init(&arena, ANSWER_BYTES);
    if (atl_cloudevent_answer_parse(up->wire.reply.data, up->wire.reply.len, &arena, &answer,
                                    &why)) {
        // Whoever answers so has perhaps never heard of us: nothing is deleted.
        fail(sync, now_ms, 0, "what answers at the cloud's address does not speak its language");
    } else {
        rc = settle_rows(sync, &answer, err);
        up->last_sent_ms = now_ms;
        atl_sync_succeeded(&up->pace, now_ms);
        atl_sync_tell_well(sync, up->wire.answer.skew_ms);
    }
    atl_arena_free(&arena);
    return rc;
}

// Something in the batch cannot be taken: halves, until the one is found.
static atl_code take_split(struct atl_sync *sync, int64_t now_ms, struct atl_error *err)
{
    struct atl_sync_up *up = &sync->up;
    char why[64];

    if (up->row_count > 1) {
        atl_sync_halve(&up->pace, up->row_count);
        up->pace.due_ms = now_ms;
        return ATL_OK;
    }
    (void)snprintf(why, sizeof why, "http %ld", up->wire.answer.status);
    if (++up->quarantined_in_row > QUARANTINES_IN_ROW)
        fail(sync, now_ms, 0, "the cloud refuses one event after the other; ask who runs it");
    else
        up->pace.due_ms = now_ms;
    return put_aside(sync, up->rows[0].sequence, why, err);
}

static void take_key(struct atl_sync *sync, int64_t now_ms)
{
    struct atl_sync_up *up = &sync->up;

    if (atl_sync_may_sign_anew(sync, &up->wire.answer, &up->has_signed_anew)) {
        up->pace.due_ms = now_ms;
        return;
    }
    up->has_signed_anew = false;
    fail(sync, now_ms, ATL_SYNC_KEY_WAIT_MS + (int64_t)(atl_sync_dice(sync) % 60000u),
         "the cloud does not take the shop's key; check the key file and the clock, then run "
         "\"atelier-agent doctor\"");
}

static void take_later(struct atl_sync *sync, int64_t now_ms)
{
    const struct atl_sync_answer *answer = &sync->up.wire.answer;
    char trouble[256];

    if (answer->status)
        (void)snprintf(trouble, sizeof trouble, "the cloud answered %ld; sales go on without it",
                       answer->status);
    else
        (void)snprintf(trouble, sizeof trouble,
                       "the cloud does not answer (%.120s); sales go on without it",
                       answer->trouble);
    fail(sync, now_ms, answer->retry_after_ms, trouble);
}

static atl_code take_answer(struct atl_sync *sync, int64_t now_ms, struct atl_error *err)
{
    struct atl_sync_up *up = &sync->up;

    up->wire.has_answer = false;
    if (up->is_asking) {
        up->is_asking = false;
        take_capabilities(sync, now_ms);
        return ATL_OK;
    }
    switch (atl_sync_judge(up->wire.answer.status)) {
    case ATL_SYNC_DONE:
        up->has_signed_anew = false;
        return take_done(sync, now_ms, err);
    case ATL_SYNC_SPLIT:
        return take_split(sync, now_ms, err);
    case ATL_SYNC_KEY:
        take_key(sync, now_ms);
        return ATL_OK;
    case ATL_SYNC_GONE:
    case ATL_SYNC_NONE:
    case ATL_SYNC_LATER:
        break;
    }
    take_later(sync, now_ms);
    return ATL_OK;
}

atl_code atl_sync_up_step(struct atl_sync *sync, int64_t now_ms, struct atl_error *err)
{
    struct atl_sync_up *up = &sync->up;
    atl_code rc = ATL_OK;

    if (up->wire.has_answer)
        rc = take_answer(sync, now_ms, err);
    if (rc || up->wire.is_busy || now_ms < up->pace.due_ms)
        return rc;
    return up->knows_can ? begin_sending(sync, err) : begin_asking(sync, err);
}
