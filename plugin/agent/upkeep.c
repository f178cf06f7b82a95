// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/upkeep.h"

#include "plugin/agent/log.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/tell.h"
#include "plugin/store/drafts.h"
#include "plugin/store/events.h"
#include "plugin/store/idem.h"
#include "plugin/store/jobs.h"
#include "plugin/store/orders.h"
#include "plugin/store/pieces.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    AT_ONCE = 50, // rows a transaction
    PIECES_AT_ONCE = 8,
    ERASE_AT_ONCE = 4,
    EVENTS_AT_ONCE = 500,
    IDEM_DAYS = 30,
    QUICK_CHECK_MS = 2000,
    PAUSE_MS = 50, // between two transactions of one task
};
#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

// Ends the transaction in hand, one way or the other.
static atl_code end(struct atl_store *store, atl_code rc, struct atl_error *err)
{
    if (!rc)
        return atl_store_commit(store, err);
    atl_store_rollback(store);
    return rc;
}

static atl_code drop_drafts(const struct atl_config *config, struct atl_store *store,
                            int64_t now_ms, bool *more, struct atl_error *err)
{
    int count = 0;
    atl_code rc = atl_store_begin(store, err);

    (void)config;
    if (rc)
        return rc;
    rc = end(store, atl_drafts_expire(store, now_ms, AT_ONCE, &count, err), err);
    *more = count == AT_ONCE;
    return rc;
}

// Sales that never came to an end.
static atl_code sweep_drafts(const struct atl_config *config, struct atl_store *store,
                             int64_t now_ms, bool *more, struct atl_error *err)
{
    const int64_t before_ms = now_ms - (int64_t)config->draft_hours * HOUR_MS;
    int count = 0;
    atl_code rc = atl_store_begin(store, err);

    if (rc)
        return rc;
    rc = end(store, atl_drafts_sweep(store, before_ms, PIECES_AT_ONCE, &count, err), err);
    *more = count == PIECES_AT_ONCE;
    return rc;
}

static atl_code sweep_keys(const struct atl_config *config, struct atl_store *store, int64_t now_ms,
                           bool *more, struct atl_error *err)
{
    int count = 0;
    atl_code rc = atl_store_begin(store, err);

    (void)config;
    if (rc)
        return rc;
    rc = end(store, atl_idem_sweep(store, now_ms - IDEM_DAYS * DAY_MS, AT_ONCE, &count, err), err);
    *more = count == AT_ONCE;
    return rc;
}

// Papers of a lane that runs no more: what was being sent is unknown, what is too late is expired.
static atl_code end_jobs(const struct atl_config *config, struct atl_store *store, int64_t now_ms,
                         bool *more, struct atl_error *err)
{
    int count = 0;
    const atl_code rc = atl_jobs_end_overdue(store, now_ms, &count, err);

    (void)config;
    *more = count == AT_ONCE;
    return rc;
}

static int32_t offset_min(const struct atl_config *config, int64_t now_ms)
{
    static struct atl_zone zone;
    struct atl_civil local;

    if (atl_config_zone(config, &zone, NULL))
        return 0;
    atl_zone_local(&zone, now_ms, &local);
    return local.offset_s / 60;
}

// The clock's acts stand in the chain like anybody's.
static struct atl_by by_clock(const struct atl_config *config, int64_t now_ms)
{
    return (struct atl_by){.origin = ATL_ORIGIN_CLOCK,
                           .device = "sync",
                           .at_ms = now_ms,
                           .offset_min = offset_min(config, now_ms)};
}

static atl_code expire_piece(struct atl_store *store, const struct atl_piece *piece,
                             const struct atl_by *by, struct atl_error *err)
{
    const struct atl_piece_act act = {
        .piece_id = piece->id, .version = piece->version, .act = ATL_ACT_EXPIRE};
    struct atl_piece after;
    atl_code rc = atl_pieces_act(store, &act, by, &after, err);

    if (rc == ATL_E_CONFLICT) // somebody was faster
        return ATL_OK;
    return rc ? rc : atl_tell_stage(store, &after, by->at_ms, err);
}

static atl_code expire_uncollected(const struct atl_config *config, struct atl_store *store,
                                   int64_t now_ms, bool *more, struct atl_error *err)
{
    const int64_t before_ms = now_ms - (int64_t)config->uncollected_days * DAY_MS;
    struct atl_piece pieces[PIECES_AT_ONCE];
    struct atl_by by;
    size_t count = 0;
    atl_code rc = atl_pieces_uncollected(store, before_ms, pieces, PIECES_AT_ONCE, &count, err);

    if (rc || !count)
        return rc;
    *more = count > PIECES_AT_ONCE;
    by = by_clock(config, now_ms);
    rc = atl_store_begin(store, err);
    if (rc)
        return rc;
    for (size_t i = 0; !rc && i < count && i < PIECES_AT_ONCE; i++)
        rc = expire_piece(store, &pieces[i], &by, err);
    return end(store, rc, err);
}

// The retention clock: words, contact and tokens go; the chain still verifies.
static atl_code erase_orders(const struct atl_config *config, struct atl_store *store,
                             int64_t now_ms, bool *more, struct atl_error *err)
{
    const int64_t before_ms = now_ms - (int64_t)config->order_days * DAY_MS;
    char ids[ERASE_AT_ONCE][ATL_ORDER_ID_SIZE];
    struct atl_by by;
    size_t count = 0;
    atl_code rc = atl_orders_to_erase(store, before_ms, ids, ERASE_AT_ONCE, &count, err);

    if (rc || !count)
        return rc;
    *more = count == ERASE_AT_ONCE;
    by = by_clock(config, now_ms);
    rc = atl_store_begin(store, err);
    if (rc)
        return rc;
    for (size_t i = 0; !rc && i < count; i++) {
        rc = atl_orders_erase(store, ids[i], false, &by, err);
        if (!rc)
            rc = atl_tell_erased(store, ids[i], now_ms, err);
    }
    rc = end(store, rc, err);
    return rc ? rc : atl_store_checkpoint(store, true, NULL, err); // the words leave the log, too
}

static atl_code keep_ballast(const struct atl_config *config, struct atl_store *store,
                             int64_t now_ms, bool *more, struct atl_error *err)
{
    (void)config;
    (void)now_ms;
    (void)more;
    return atl_store_ballast_keep(store, err);
}

static atl_code check_structure(const struct atl_config *config, struct atl_store *store,
                                int64_t now_ms, bool *more, struct atl_error *err)
{
    const atl_code rc = atl_store_quick_check(store, QUICK_CHECK_MS, err);

    (void)config;
    (void)now_ms;
    (void)more;
    return rc == ATL_E_TIMEOUT ? ATL_OK : rc; // what it saw was sound
}

// One stretch of the chain at a time; where it stopped is kept for the next.
static atl_code check_chain(const struct atl_config *config, struct atl_store *store,
                            int64_t now_ms, bool *more, struct atl_error *err)
{
    struct atl_chain chain = {0};
    char text[32] = "";
    atl_code rc = atl_store_setting_get(store, "chain checked", text, sizeof text, err);

    (void)config;
    (void)now_ms;
    if (rc && rc != ATL_E_NOT_FOUND)
        return rc;
    chain.next = strtoll(text, NULL, 10);
    rc = atl_events_verify(store, EVENTS_AT_ONCE, &chain, err);
    if (rc)
        return rc;
    *more = chain.count >= EVENTS_AT_ONCE;
    (void)snprintf(text, sizeof text, "%" PRId64, *more ? chain.next : INT64_C(0));
    rc = atl_store_begin(store, err);
    return rc ? rc : end(store, atl_store_setting_put(store, "chain checked", text, err), err);
}

// ---- Backups ----

static int is_backup(const struct dirent *entry)
{
    return strncmp(entry->d_name, "atelier-", 8) == 0 && strlen(entry->d_name) == 21 &&
           strcmp(entry->d_name + 18, ".db") == 0;
}

// Names sort by day, so the first are the oldest.
static void remove_old_backups(const char *folder, unsigned keep)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, is_backup, alphasort);

    for (int i = 0; i < count; i++) {
        char path[ATL_PATH_BYTES + 260];

        (void)snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (i + (int)keep < count)
            (void)unlink(path);
        free(entries[i]);
    }
    free(entries);
}

static atl_code back_up(const struct atl_config *config, struct atl_store *store, int64_t now_ms,
                        bool *more, struct atl_error *err)
{
    const struct atl_path folder = atl_path_data(config, "backups");
    char day[ATL_DATE_CAP], path[ATL_PATH_BYTES + 32];
    atl_code rc;

    (void)more;
    atl_date_format(now_ms / DAY_MS, day);
    (void)snprintf(path, sizeof path, "%s/atelier-%s.db", folder.text, day);
    rc = atl_store_backup(store, path, err);
    if (rc && rc != ATL_E_CONFLICT) // there: today's was made already
        return rc;
    remove_old_backups(folder.text, config->backup_count);
    return ATL_OK;
}

const struct atl_upkeep_task atl_upkeep_tasks[] = {
    {"tell anew",          MINUTE_MS,      atl_upkeep_tell_anew},
    {"drop drafts",        MINUTE_MS,      drop_drafts         },
    {"sweep drafts",       HOUR_MS,        sweep_drafts        },
    {"sweep keys",         HOUR_MS,        sweep_keys          },
    {"end jobs",           MINUTE_MS,      end_jobs            },
    {"say late",           MINUTE_MS,      atl_upkeep_say_late },
    {"expire uncollected", 10 * MINUTE_MS, expire_uncollected  },
    {"erase orders",       HOUR_MS,        erase_orders        },
    {"keep ballast",       10 * MINUTE_MS, keep_ballast        },
    {"check structure",    DAY_MS,         check_structure     },
    {"check chain",        DAY_MS,         check_chain         },
    {"back up",            HOUR_MS,        back_up             },
};
const size_t atl_upkeep_task_count = sizeof atl_upkeep_tasks / sizeof atl_upkeep_tasks[0];

static void run_task(const struct atl_upkeep_task *task, int64_t *due_ms,
                     const struct atl_config *config, struct atl_store *store, int64_t now_ms)
{
    struct atl_error err = {0};
    bool more = false;
    const atl_code rc = task->run(config, store, now_ms, &more, &err);

    *due_ms = now_ms + (more && !rc ? PAUSE_MS : task->every_ms);
    if (rc == ATL_E_BUSY)
        *due_ms = now_ms + PAUSE_MS;
    else if (rc)
        atl_log(rc == ATL_E_CORRUPT ? ATL_LOG_ERROR : ATL_LOG_WARN, "upkeep", task->name, "why=%s",
                atl_log_value(err.text).text);
}

int64_t atl_upkeep_round(struct atl_upkeep *upkeep, const struct atl_config *config,
                         struct atl_store *store, int64_t now_ms)
{
    int64_t next_ms = INT64_MAX;
    bool has_run = false;

    for (size_t i = 0; i < upkeep->task_count; i++) {
        // A clock that was set back must not put a task to sleep for years.
        if (upkeep->due_ms[i] > now_ms + upkeep->tasks[i].every_ms)
            upkeep->due_ms[i] = now_ms + upkeep->tasks[i].every_ms;
        if (!has_run && upkeep->due_ms[i] <= now_ms) {
            run_task(&upkeep->tasks[i], &upkeep->due_ms[i], config, store, now_ms);
            has_run = true;
        }
        if (upkeep->due_ms[i] < next_ms)
            next_ms = upkeep->due_ms[i];
    }
    return next_ms;
}
