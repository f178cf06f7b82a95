// SPDX-License-Identifier: Apache-2.0
// The long poll for requests. They are only stored here, with their cursor in one transaction;
// asking with that cursor acknowledges them.
#include "plugin/agent/log.h"
#include "plugin/agent/sync_parts.h"
#include "plugin/store/feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LIMIT = 200,
    WAIT_S = 25,
    SLACK_MS = 15000, // beyond the wait, for the answer to arrive
    HASTY_MS = 1000,  // an empty answer sooner than this did not wait
    HASTY_WAIT_MS = 5000,
    NO_FEED_WAIT_MS = 3600000,
    ANSWER_BYTES = 4 << 20, // in memory, of a parsed answer
};

static atl_code begin_asking(struct atl_sync *sync, int64_t now_ms, struct atl_error *err)
{
    char cursor[ATL_FEED_CURSOR_SIZE];
    int wait_s = sync->up.can.wait_max < WAIT_S ? sync->up.can.wait_max : WAIT_S;
    struct atl_buf path;
    atl_code rc = atl_feed_cursor(sync->store, cursor, err);

    if (rc)
        return rc;
    if (wait_s < 0)
        wait_s = 0;
    atl_buf_init(&path, 512);
    ATL_BUF_LIT(&path, "/v1/feed?after=");
    atl_sync_add_escaped(&path, cursor);
    atl_buf_addf(&path, "&limit=%d&wait=%d", LIMIT, wait_s);
    rc = atl_buf_check(&path, err);
    if (!rc)
        rc = atl_sync_get(&sync->down.wire, (const char *)path.data,
                          (unsigned)wait_s * 1000u + SLACK_MS, err);
    atl_buf_free(&path);
    sync->down.asked_ms = now_ms;
    return rc;
}

// Requests as texts, each with a NUL, so that the store can keep them.
static atl_code write_requests(const struct atl_feed *feed, struct atl_feed_request *out,
                               size_t *at, struct atl_buf *texts, int64_t now_ms,
                               struct atl_error *err)
{
    atl_code rc = ATL_OK;

    for (size_t i = 0; !rc && i < feed->count; i++) {
        const struct atl_request *request = &feed->requests[i];

        at[i] = texts->len;
        rc = atl_request_write(request, texts, err);
        atl_buf_add(texts, "", 1);
        out[i] = (struct atl_feed_request){.received_ms = now_ms, .state = ATL_FEED_WAITING};
        (void)snprintf(out[i].id, sizeof out[i].id, "%s", request->id);
        (void)snprintf(out[i].type, sizeof out[i].type, "%s", request->type_name);
    }
    return rc ? rc : atl_buf_check(texts, err);
}

static atl_code save(struct atl_sync *sync, const struct atl_feed *feed, struct atl_error *err)
{
    struct atl_feed_request *requests = calloc(feed->count + 1, sizeof *requests);
    size_t *at = calloc(feed->count + 1, sizeof *at);
    struct atl_buf texts;
    int fresh = 0;
    atl_code rc;

    atl_buf_init(&texts, ANSWER_BYTES);
    rc = requests && at ? write_requests(feed, requests, at, &texts, atl_clock_now_ms(), err)
                        : atl_fail(err, ATL_E_NOMEM, "out of memory");
    for (size_t i = 0; !rc && i < feed->count; i++)
        requests[i].data = (const char *)texts.data + at[i];
    if (!rc)
        rc = atl_feed_save(sync->store, feed->next, requests, feed->count, &fresh, err);
    if (!rc && fresh > 0) {
        sync->down.has_fresh = true;
        atl_log(ATL_LOG_INFO, "sync", "requests came", "count=%d", fresh);
    }
    atl_buf_free(&texts);
    free(at);
    free(requests);
    return rc;
}

static void fail(struct atl_sync *sync, int64_t now_ms, int64_t at_least_ms, const char *trouble)
{
    struct atl_sync_pace *pace = &sync->down.pace;

    atl_sync_failed(pace, now_ms, at_least_ms, atl_sync_dice(sync));
    if (pace->failures == 1 || pace->failures % 10 == 0)
        atl_log(ATL_LOG_WARN, "sync", "no feed", "failures=%d again_ms=%" PRId64 " why=%s",
                pace->failures, pace->due_ms - now_ms, atl_log_value(trouble).text);
}

static atl_code take_done(struct atl_sync *sync, int64_t now_ms, struct atl_error *err)
{
    struct atl_sync_down *down = &sync->down;
    char cursor[ATL_FEED_CURSOR_SIZE] = "";
    struct atl_feed feed;
    struct atl_arena arena;
    atl_code rc;

    atl_arena_init(&arena, ANSWER_BYTES);
    if (atl_feed_parse(down->wire.reply.data, down->wire.reply.len, &arena, &feed, NULL)) {
        fail(sync, now_ms, 0, "what answers at the cloud's address does not speak its language");
        atl_arena_free(&arena);
        return ATL_OK;
    }
    rc = atl_feed_cursor(sync->store, cursor, err);
    if (!rc && (feed.count || strcmp(cursor, feed.next) != 0))
        rc = save(sync, &feed, err);
    atl_sync_succeeded(&down->pace, now_ms);
    if (!feed.count && now_ms - down->asked_ms < HASTY_MS)
        down->pace.due_ms = now_ms + HASTY_WAIT_MS;
    atl_arena_free(&arena);
    return rc;
}

static void take_key(struct atl_sync *sync, int64_t now_ms)
{
    struct atl_sync_down *down = &sync->down;

    if (atl_sync_may_sign_anew(sync, &down->wire.answer, &down->has_signed_anew)) {
        down->pace.due_ms = now_ms;
        return;
    }
    down->has_signed_anew = false;
    fail(sync, now_ms, ATL_SYNC_KEY_WAIT_MS, "the cloud does not take the shop's key");
}

static atl_code take_answer(struct atl_sync *sync, int64_t now_ms, struct atl_error *err)
{
    struct atl_sync_down *down = &sync->down;
    const struct atl_sync_answer *answer = &down->wire.answer;
    char trouble[256];

    down->wire.has_answer = false;
    switch (atl_sync_judge(answer->status)) {
    case ATL_SYNC_DONE:
        down->has_signed_anew = false;
        return take_done(sync, now_ms, err);
    case ATL_SYNC_KEY:
        take_key(sync, now_ms);
        return ATL_OK;
    case ATL_SYNC_GONE:
        atl_sync_failed(&down->pace, now_ms, 0, atl_sync_dice(sync));
        return atl_feed_forget_cursor(sync->store, err);
    case ATL_SYNC_NONE:
        fail(sync, now_ms, NO_FEED_WAIT_MS, "the cloud has no feed");
        return ATL_OK;
    case ATL_SYNC_SPLIT:
    case ATL_SYNC_LATER:
        break;
    }
    (void)snprintf(trouble, sizeof trouble, "status %ld %.180s", answer->status, answer->trouble);
    fail(sync, now_ms, answer->retry_after_ms, trouble);
    return ATL_OK;
}

atl_code atl_sync_down_step(struct atl_sync *sync, int64_t now_ms, struct atl_error *err)
{
    struct atl_sync_down *down = &sync->down;
    atl_code rc = ATL_OK;

    if (down->wire.has_answer)
        rc = take_answer(sync, now_ms, err);
    // Only a cloud that answers at all is worth a long poll.
    if (rc || down->wire.is_busy || now_ms < down->pace.due_ms || !sync->up.knows_can)
        return rc;
    return begin_asking(sync, now_ms, err);
}
