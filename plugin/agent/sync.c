// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/sync.h"

#include "plugin/agent/doorbell.h"
#include "plugin/agent/log.h"
#include "plugin/agent/sync_parts.h"
#include "plugin/agent/tell.h"
#include "plugin/agent/upkeep.h"
#include "plugin/core/hash.h"
#include "plugin/store/devices.h"
#include "plugin/store/feed.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    UP_REPLY_BYTES = 256 * 1024,
    DOWN_REPLY_BYTES = 1024 * 1024,
    ALIVE_MS = 300000,
    ANSWER_AGAIN_MS = 60000,
    KEY_AGAIN_MS = 60000, // a key file that was wrong is looked at again
    SPACE_MS = 2000,      // how often the size of the WAL is looked at
    IDLE_MS = 30000,      // nobody wrote for so long: the WAL may be emptied
    WAL_BYTES = 4 << 20,  // larger than this is worth a checkpoint
    ONCE_MORE_MS = 50,    // after a busy store
};

// Checkpoints: nobody else makes them.
struct wal {
    int64_t look_ms;
    int64_t bytes;
    int64_t changed_ms;
};

// ---- The cloud ----

static atl_code open_net(struct atl_sync *sync, struct atl_error *err)
{
    const struct atl_config *config = sync->config;
    char store[64];
    atl_code rc = atl_sync_key_read(config->cloud_key_file, &sync->key, err);

    (void)snprintf(store, sizeof store, "%s/%s", config->retailer, config->store);
    if (!rc && strcmp(store, sync->key.store) != 0)
        rc = atl_fail(err, ATL_E_INVALID,
                      "%s is the key of %s, and this shop is %s; correct [shop] retailer and store",
                      config->cloud_key_file, sync->key.store, store);
    if (!rc)
        rc = atl_sync_net_open(config, &sync->key, &sync->net, err);
    if (rc)
        return rc;
    atl_sync_wire_init(&sync->up.wire, sync->net, UP_REPLY_BYTES);
    atl_sync_wire_init(&sync->down.wire, sync->net, DOWN_REPLY_BYTES);
    return ATL_OK;
}

// Without its key the shop goes on; a person is told, and the file is looked at again.
static void try_net(struct atl_sync *sync, int64_t now_ms, int64_t *again_ms)
{
    struct atl_error err = {0};

    if (sync->net || !sync->config->cloud_url[0] || now_ms < *again_ms)
        return;
    *again_ms = now_ms + KEY_AGAIN_MS;
    if (!open_net(sync, &err))
        return;
    atl_log(ATL_LOG_ERROR, "sync", "no way to the cloud", "why=%s", atl_log_value(err.text).text);
    atl_sync_tell(sync, err.text);
}

static void close_net(struct atl_sync *sync)
{
    atl_sync_wire_free(&sync->up.wire);
    atl_sync_wire_free(&sync->down.wire);
    atl_sync_net_close(sync->net);
    atl_hash_wipe(&sync->key, sizeof sync->key);
}

// "The shop is there", when nothing else said so for a while and nothing waits.
static atl_code keep_alive(struct atl_sync *sync, int64_t now_ms, struct atl_error *err)
{
    struct atl_sync_up *up = &sync->up;
    atl_code rc;

    if (up->wire.is_busy || up->has_more || !up->knows_can || up->pace.failures ||
        now_ms - up->last_sent_ms < ALIVE_MS)
        return ATL_OK;
    up->last_sent_ms = now_ms; // once, however long it takes to leave
    rc = atl_tell_alive(sync->store, atl_clock_now_ms(), err);
    return rc ? rc : atl_sync_up_step(sync, now_ms, err);
}

static atl_code step_net(struct atl_sync *sync, int64_t now_ms, struct atl_error *err)
{
    atl_code rc;

    if (!sync->net)
        return ATL_OK;
    rc = atl_sync_up_step(sync, now_ms, err);
    if (!rc)
        rc = atl_sync_down_step(sync, now_ms, err);
    if (!rc)
        rc = keep_alive(sync, now_ms, err);
    return rc;
}

// ---- The store ----

static atl_code keep_wal(struct atl_sync *sync, struct wal *wal, int64_t now_ms,
                         struct atl_error *err)
{
    struct atl_store_space space;
    atl_code rc;

    if (now_ms < wal->look_ms)
        return ATL_OK;
    wal->look_ms = now_ms + SPACE_MS;
    rc = atl_store_space(sync->store, &space, err);
    if (rc)
        return rc;
    if (space.wal_bytes != wal->bytes) {
        wal->bytes = space.wal_bytes;
        wal->changed_ms = now_ms;
    }
    if (wal->bytes > 0 && now_ms - wal->changed_ms > IDLE_MS)
        return atl_store_checkpoint(sync->store, true, &wal->bytes, err);
    if (wal->bytes > WAL_BYTES)
        return atl_store_checkpoint(sync->store, false, NULL, err);
    return ATL_OK;
}

// Answers all requests that wait, one transaction each. What stands in their way (a catalogue that
// cannot be read) does not stand in the way of the news.
static atl_code answer_requests(struct atl_sync *sync, atl_answer_request_fn answer, int64_t now_ms,
                                struct atl_error *err)
{
    struct atl_error why = {0};
    atl_code rc = ATL_OK;

    if (!answer || !sync->down.has_fresh || now_ms < sync->down.answer_due_ms)
        return ATL_OK;
    while (!rc)
        rc = answer(sync->config, sync->store, atl_clock_now_ms(), &why);
    if (rc == ATL_E_BUSY)
        return atl_fail(err, rc, "%s", why.text);
    sync->down.has_fresh = rc != ATL_E_NOT_FOUND;
    sync->down.answer_due_ms = now_ms + ANSWER_AGAIN_MS;
    if (sync->down.has_fresh)
        atl_log(ATL_LOG_ERROR, "sync", "requests wait", "why=%s", atl_log_value(why.text).text);
    else
        sync->down.answer_due_ms = 0;
    return ATL_OK;
}

// ---- The loop ----

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

// How long nothing is to be done, if nothing comes.
static int64_t rest_ms(const struct atl_sync *sync, int64_t now_ms, int64_t upkeep_in_ms)
{
    int64_t rest = earlier(ATL_DOORBELL_LONGEST_SLEEP_MS, upkeep_in_ms);

    if (!sync->net)
        return rest;
    if (!sync->up.wire.is_busy && sync->up.pace.due_ms > now_ms)
        rest = earlier(rest, sync->up.pace.due_ms - now_ms);
    if (!sync->down.wire.is_busy && sync->down.pace.due_ms > now_ms)
        rest = earlier(rest, sync->down.pace.due_ms - now_ms);
    return rest;
}

static void wait_for_something(struct atl_sync *sync, int64_t timeout_ms)
{
    if (!sync->net) {
        atl_process_wait(sync->process, -1, timeout_ms);
        return;
    }
    atl_sync_net_wait(sync->net, sync->process, timeout_ms);
    atl_doorbell_clear(sync->process->bell_fd);
    atl_process_beat(sync->process);
}

static atl_code look(struct atl_sync *sync, struct atl_upkeep *upkeep,
                     const struct atl_sync_duties *duties, struct wal *wal, int64_t *rest,
                     struct atl_error *err)
{
    const int64_t now_ms = atl_clock_boot_ms(), wall_ms = atl_clock_now_ms();
    int64_t due_ms;
    atl_code rc = step_net(sync, now_ms, err);

    if (!rc)
        rc = answer_requests(sync, duties->answer, now_ms, err);
    if (!rc)
        rc = keep_wal(sync, wal, now_ms, err);
    due_ms = atl_upkeep_round(upkeep, sync->config, sync->store, wall_ms);
    *rest = rest_ms(sync, now_ms, due_ms > wall_ms ? due_ms - wall_ms : 0);
    return rc;
}

static void set_source(struct atl_sync *sync)
{
    (void)snprintf(sync->source, sizeof sync->source, "urn:atelier:store:%s/%s/%s",
                   sync->config->retailer, sync->config->store, atl_store_epoch(sync->store));
}

atl_code atl_sync_run(const struct atl_config *config, struct atl_process *process,
                      struct atl_store *store, const struct atl_sync_duties *duties,
                      struct atl_error *err)
{
    struct atl_upkeep upkeep = {.tasks = duties->tasks, .task_count = duties->task_count};
    struct atl_sync *sync = calloc(1, sizeof *sync);
    struct wal wal = {0};
    int64_t key_again_ms = 0, rest;
    atl_code rc;

    if (!sync)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    sync->config = config;
    sync->process = process;
    sync->store = store;
    sync->dice = duties->dice;
    sync->down.has_fresh = true; // some may wait since before
    sync->up.last_sent_ms = atl_clock_boot_ms() - ALIVE_MS;
    set_source(sync);
    rc = config->cloud_url[0] ? atl_tell_profile(store, config, atl_clock_now_ms(), err) : ATL_OK;
    while ((!rc || rc == ATL_E_BUSY) && !atl_process_is_stopping(process)) {
        try_net(sync, atl_clock_boot_ms(), &key_again_ms);
        rc = look(sync, &upkeep, duties, &wal, &rest, err);
        wait_for_something(sync, rc ? ONCE_MORE_MS : rest);
    }
    close_net(sync);
    free(sync);
    return rc == ATL_E_BUSY ? ATL_OK : rc;
}
