// SPDX-License-Identifier: Apache-2.0
// The command that the supervisor runs for the way to the cloud.
#include "plugin/agent/commands.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/sandbox.h"
#include "plugin/agent/sync.h"
#include "plugin/store/store.h"

static int run(const struct atl_call *call)
{
    const struct atl_sync_duties duties = {.tasks = atl_upkeep_tasks,
                                           .task_count = atl_upkeep_task_count,
                                           .answer = atl_shop_answer_request};
    struct atl_process process;
    struct atl_store *store = NULL;
    struct atl_error err = {0};
    atl_code rc = atl_process_open(call->config, "sync", &process, &err);

    if (rc == ATL_E_BUSY) {
        (void)atl_call_fail(call, &err);
        return ATL_EXIT_RUNNING;
    }
    if (rc)
        return atl_call_fail(call, &err);
    atl_sandbox_enter_shop(call->config, NULL, 0);
    rc = atl_store_open(atl_path_store(call->config).text, ATL_STORE_WORKER, &store, &err);
    if (!rc)
        rc = atl_sync_run(call->config, &process, store, &duties, &err);
    atl_store_close(store);
    atl_process_close(&process);
    return rc ? atl_call_fail(call, &err) : ATL_EXIT_OK;
}

const struct atl_command atl_command_sync = {
    .name = "sync",
    .words = "",
    .help = "carry news to the cloud and look after the store (the agent does this by itself)",
    .needs_config = true,
    .run = run,
};
