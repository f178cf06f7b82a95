// SPDX-License-Identifier: Apache-2.0
// Every command of atelier-agent. A new one is declared here and stands in main.c's table.
#ifndef ATL_AGENT_COMMANDS_H
#define ATL_AGENT_COMMANDS_H

#include "plugin/agent/command.h"

extern const struct atl_command atl_command_start;
extern const struct atl_command atl_command_run;
extern const struct atl_command atl_command_migrate;
extern const struct atl_command atl_command_lane;
extern const struct atl_command atl_command_machine;
extern const struct atl_command atl_command_runs;
extern const struct atl_command atl_command_send;
extern const struct atl_command atl_command_sync;
extern const struct atl_command atl_command_doctor;
extern const struct atl_command atl_command_catalogue;
extern const struct atl_command atl_command_font_facts;
extern const struct atl_command atl_command_backup;
extern const struct atl_command atl_command_salvage;
extern const struct atl_command atl_command_serve;
extern const struct atl_command atl_command_render;
extern const struct atl_command atl_command_status;
extern const struct atl_command atl_command_find;
extern const struct atl_command atl_command_scan;
extern const struct atl_command atl_command_scanner;
extern const struct atl_command atl_command_scans;
extern const struct atl_command atl_command_advance;
extern const struct atl_command atl_command_place;
extern const struct atl_command atl_command_hold;
extern const struct atl_command atl_command_resume;
extern const struct atl_command atl_command_undo;
extern const struct atl_command atl_command_amend;
extern const struct atl_command atl_command_remake;
extern const struct atl_command atl_command_hand_over;
extern const struct atl_command atl_command_reprint;
extern const struct atl_command atl_command_bind_tag;
extern const struct atl_command atl_command_label;
extern const struct atl_command atl_command_move;
extern const struct atl_command atl_command_preprint;
extern const struct atl_command atl_command_codes;
extern const struct atl_command atl_command_attendance;
extern const struct atl_command atl_command_erase;
extern const struct atl_command atl_command_export;
extern const struct atl_command atl_command_late;
extern const struct atl_command atl_command_workshop;

#endif
