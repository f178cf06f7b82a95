// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/cmd_process.h"

int atl_call_as_process(const struct atl_call *call, const char *name,
                        atl_code (*work)(const struct atl_config *config, const void *of,
                                         struct atl_process *process, struct atl_error *err),
                        const void *of)
{
    struct atl_process process;
    struct atl_error err = {0};
    atl_code rc = atl_process_open(call->config, name, &process, &err);

    if (rc) {
        (void)atl_call_fail(call, &err);
        return rc == ATL_E_BUSY ? ATL_EXIT_RUNNING : ATL_EXIT_FAILED;
    }
    rc = work(call->config, of, &process, &err);
    atl_process_close(&process);
    return rc ? atl_call_fail(call, &err) : ATL_EXIT_OK;
}
