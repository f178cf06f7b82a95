// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/commands.h"

int main(int argc, char **argv)
{
    static const struct atl_command *const commands[] = {
        &atl_command_start,  &atl_command_run,    &atl_command_sync,    &atl_command_migrate,
        &atl_command_doctor, &atl_command_backup, &atl_command_salvage,
    };

    return atl_command_main(commands, sizeof commands / sizeof commands[0], argc, argv);
}
