// SPDX-License-Identifier: Apache-2.0
// Commands that look after the store's file: migrate, backup, salvage.
#include "plugin/agent/commands.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/process.h"
#include "plugin/agent/supervisor.h"
#include "plugin/store/salvage.h"
#include "plugin/store/store.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// "data/backups/WHY-20261122T100000.db"
static struct atl_path new_backup_path(const struct atl_config *config, const char *why)
{
    char name[64], time[ATL_TIME_CAP];

    atl_time_format(atl_clock_now_ms(), time);
    (void)snprintf(name, sizeof name, "backups/%s-%.4s%.2s%.2sT%.2s%.2s%.2s.db", why, time,
                   time + 5, time + 8, time + 11, time + 14, time + 17);
    return atl_path_data(config, name);
}

// ---- migrate ----

static int migrate(const struct atl_call *call)
{
    const struct atl_path path = atl_path_store(call->config);
    const struct atl_path backup = new_backup_path(call->config, "before-migration");
    struct atl_error err = {0};
    int steps = 0;
    atl_code rc = atl_paths_make(call->config, &err);

    if (rc)
        return atl_call_fail(call, &err);
    if (access(path.text, F_OK) != 0)
        rc = atl_store_create(path.text, &err);
    if (!rc)
        rc = atl_store_migrate(path.text, backup.text, &steps, &err);
    if (rc)
        return atl_call_fail(call, &err);
    if (steps)
        printf("the store was brought up to date in %d steps; as it was before: %s\n", steps,
               backup.text);
    return ATL_EXIT_OK;
}

const struct atl_command atl_command_migrate = {
    .name = "migrate",
    .words = "",
    .help = "make the store, or bring an older one up to date (the agent does this by itself)",
    .details = "A backup is made first. Refused while a paper is being printed, and when the store "
               "was there\nbefore and its file is gone: then put a backup back, or salvage.",
    .needs_config = true,
    .run = migrate,
};

// ---- backup ----

static int backup(const struct atl_call *call)
{
    const struct atl_path standard = new_backup_path(call->config, "by-hand");
    const char *to = call->word_count ? call->words[0] : standard.text;
    struct atl_store *store = NULL;
    struct atl_error err = {0};
    atl_code rc;

    rc = atl_store_open(atl_path_store(call->config).text, ATL_STORE_WORKER, &store, &err);
    if (!rc)
        rc = atl_store_backup(store, to, &err);
    atl_store_close(store);
    if (rc)
        return atl_call_fail(call, &err);
    printf("the store was copied to %s, and the copy was verified\n", to);
    return ATL_EXIT_OK;
}

const struct atl_command atl_command_backup = {
    .name = "backup",
    .words = "[FILE]",
    .max_words = 1,
    .help = "copy the store while the shop goes on, and verify the copy",
    .details = "Without FILE: into the folder backups of the data folder. The copy has the guests' "
               "words in it;\nkeep it as safe as the store.",
    .needs_config = true,
    .run = backup,
};

// ---- salvage ----

static void print_report(const struct atl_salvage_report *report)
{
    for (size_t i = 0; i < report->table_count; i++) {
        const struct atl_salvage_count *count = &report->tables[i];

        printf("  %-20s saved %" PRId64, count->table, count->saved);
        if (count->damaged)
            printf(", damaged %" PRId64, count->damaged);
        if (count->missing > 0)
            printf(", missing %" PRId64, count->missing);
        else if (count->missing < 0)
            printf(", missing: cannot be told");
        printf("\n");
    }
    if (report->jobs_unknown)
        printf("  %" PRId64 " papers may or may not have been printed: look at \"atelier-agent "
               "status\"\n",
               report->jobs_unknown);
    if (report->chain_gaps)
        printf("  the chain of events has %" PRId64 " gaps, each marked by an event\n",
               report->chain_gaps);
    if (!report->has_keys)
        printf("  the key of the work tags was lost: old tags open by their piece code only\n");
}

// The file, its journal and shared memory go from one name to another.
static atl_code move_store(const char *from, const char *to, struct atl_error *err)
{
    static const char *const parts[] = {"", "-wal", "-shm"};
    char old[ATL_PATH_BYTES + 8], fresh[ATL_PATH_BYTES + 8];

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        (void)snprintf(old, sizeof old, "%s%s", from, parts[i]);
        (void)snprintf(fresh, sizeof fresh, "%s%s", to, parts[i]);
        if (rename(old, fresh) != 0 && parts[i][0] == '\0')
            return atl_fail(err, ATL_E_IO, "cannot move %s to %s", old, fresh);
    }
    return ATL_OK;
}

// What stands in the store's place steps aside first, and comes back when nothing came of it. A
// power cut in between leaves the place empty and marked: no empty store is begun there.
static atl_code salvage_in_place(const struct atl_config *config, const char *damaged,
                                 struct atl_salvage_report *report, struct atl_error *err)
{
    const struct atl_path store = atl_path_store(config);
    const struct atl_path aside = new_backup_path(config, "damaged");
    const bool is_ours = strcmp(damaged, store.text) == 0;
    const bool is_there = access(store.text, F_OK) == 0;
    atl_code rc = ATL_OK;

    if (is_there)
        rc = move_store(store.text, aside.text, err);
    if (rc)
        return rc;
    rc = atl_store_salvage(is_ours ? aside.text : damaged, store.text, atl_clock_now_ms(), report,
                           err);
    if (rc && is_there)
        (void)move_store(aside.text, store.text, NULL);
    return rc;
}

static int salvage(const struct atl_call *call)
{
    const struct atl_path store = atl_path_store(call->config);
    const char *damaged = call->word_count ? call->words[0] : store.text;
    struct atl_salvage_report report = {0};
    struct atl_error err = {0};
    const pid_t agent = atl_supervisor_holder(call->config->run);
    atl_code rc;

    if (agent)
        rc = atl_fail(&err, ATL_E_BUSY,
                      "the agent runs (pid %ld) and uses the store; stop it first: systemctl stop "
                      "atelier, or kill %ld",
                      (long)agent, (long)agent);
    else
        rc = salvage_in_place(call->config, damaged, &report, &err);
    if (rc)
        return atl_call_fail(call, &err);
    printf("what could be read of %s is the new store %s:\n", damaged, store.text);
    print_report(&report);
    printf("start the agent again; the cloud sees this as a new store of the same shop\n");
    return ATL_EXIT_OK;
}

const struct atl_command atl_command_salvage = {
    .name = "salvage",
    .words = "[DAMAGED-FILE]",
    .max_words = 1,
    .help = "make a new store of what can be read of a damaged one",
    .details = "Without a file: of the shop's own store, which is put aside in the folder backups. "
               "Every row is\nkept only when its checksum is right. Try the newest backup first.",
    .needs_config = true,
    .run = salvage,
};
