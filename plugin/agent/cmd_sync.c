// SPDX-License-Identifier: Apache-2.0
// The command that the supervisor runs for the way to the cloud.
#include "plugin/agent/cmd_process.h"
#include "plugin/agent/commands.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/sandbox.h"
#include "plugin/agent/sync.h"
#include "plugin/store/store.h"

static atl_code work(const struct atl_config *config, const void *of, struct atl_process *process,
                     struct atl_error *err)
{
    const struct atl_sync_duties duties = {.tasks = atl_upkeep_tasks,
                                           .task_count = atl_upkeep_task_count,
                                           .answer = atl_shop_answer_request};
    struct atl_store *store = NULL;
    atl_code rc;

    (void)of;
    atl_sandbox_enter_shop(config, NULL, 0);
    rc = atl_store_open(atl_path_store(config).text, ATL_STORE_WORKER, &store, err);
    if (!rc)
        rc = atl_sync_run(config, process, store, &duties, err);
    atl_store_close(store);
    return rc;
}

static int run(const struct atl_call *call)
{
    return atl_call_as_process(call, "sync", work, NULL);
}

const struct atl_command atl_command_sync = {
    .name = "sync",
    .words = "",
    .help = "carry news to the cloud and look after the store (the agent does this by itself)",
    .needs_config = true,
    .run = run,
};
