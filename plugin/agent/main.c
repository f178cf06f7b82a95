// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/commands.h"

int main(int argc, char **argv)
{
    static const struct atl_command *const commands[] = {
        &atl_command_start,      &atl_command_run,        &atl_command_serve,
        &atl_command_render,     &atl_command_lane,       &atl_command_sync,
        &atl_command_migrate,    &atl_command_doctor,     &atl_command_backup,
        &atl_command_salvage,    &atl_command_status,     &atl_command_find,
        &atl_command_scan,       &atl_command_advance,    &atl_command_place,
        &atl_command_hold,       &atl_command_resume,     &atl_command_amend,
        &atl_command_remake,     &atl_command_undo,       &atl_command_hand_over,
        &atl_command_reprint,    &atl_command_bind_tag,   &atl_command_late,
        &atl_command_workshop,   &atl_command_erase,      &atl_command_export,
        &atl_command_move,       &atl_command_preprint,   &atl_command_label,
        &atl_command_codes,      &atl_command_attendance, &atl_command_catalogue,
        &atl_command_font_facts, &atl_command_machine,    &atl_command_send,
        &atl_command_runs,       &atl_command_scanner,    &atl_command_scans,
    };

    return atl_command_main(commands, sizeof commands / sizeof commands[0], argc, argv);
}
