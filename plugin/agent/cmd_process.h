// SPDX-License-Identifier: Apache-2.0
// Commands that are a long-lived process: lanes, sync. There is one of each name at a time.
#ifndef ATL_AGENT_CMD_PROCESS_H
#define ATL_AGENT_CMD_PROCESS_H

#include "plugin/agent/command.h"
#include "plugin/agent/process.h"

// Takes the name, works until `work` returns, gives the name back. Returns the exit code: 3 when
// such a process runs already.
int atl_call_as_process(const struct atl_call *call, const char *name,
                        atl_code (*work)(const struct atl_config *config, const void *of,
                                         struct atl_process *process, struct atl_error *err),
                        const void *of);

#endif
