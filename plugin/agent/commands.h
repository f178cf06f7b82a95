// SPDX-License-Identifier: Apache-2.0
// Every command of atelier-agent. A new one is declared here and stands in main.c's table.
#ifndef ATL_AGENT_COMMANDS_H
#define ATL_AGENT_COMMANDS_H

#include "plugin/agent/command.h"

extern const struct atl_command atl_command_start;
extern const struct atl_command atl_command_run;
extern const struct atl_command atl_command_migrate;
extern const struct atl_command atl_command_lane;
extern const struct atl_command atl_command_sync;
extern const struct atl_command atl_command_doctor;
extern const struct atl_command atl_command_backup;
extern const struct atl_command atl_command_salvage;

#endif
