// SPDX-License-Identifier: Apache-2.0
// The commands about embroidery machines: the lane that the supervisor runs once for each, and what
// a person does with a piece and a machine.
#include "plugin/agent/cmd_process.h"
#include "plugin/agent/cmd_shop.h"
#include "plugin/agent/commands.h"
#include "plugin/agent/log.h"
#include "plugin/agent/machine_lane.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/sandbox.h"
#include "plugin/agent/shop_design.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A delivery takes as long as a stick takes; only this process claims jobs of its machine. A stick
// that is not there is said soon: when it comes, the lane looks again.
enum { LEASE_MS = 180000, APPEAR_MS = 1500, SLOW_MS = 25000 };

// ---- the lane ----

// Landlock holds to what is there now: a folder that is made or mounted later would be another one.
// So a folder is reached through the one that it is in; one of the root has none.
static void folder_above(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/');

    (void)snprintf(out, size, "%s", path);
    if (slash && slash[1] && slash != path && (size_t)(slash - path) < size)
        out[slash - path] = 0;
}

// A volume is mounted where nobody knows before, and a process that Landlock holds cannot mount; so
// only who delivers into a folder is held to it.
static void enter_sandbox(const struct atl_config *config, const struct atl_config_machine *machine)
{
    char above[sizeof machine->link] = "";
    const struct atl_sandbox_path more[] = {
        {above,                   true },
        {config->machines_folder, false},
        {machine->profile,        false},
    };

    if (strncmp(machine->link, "dir:", 4) != 0)
        return;
    folder_above(machine->link + 4, above, sizeof above);
    atl_sandbox_enter_shop(config, more, machine->profile[0] == '/' ? 3 : 2);
}

static atl_code work(const struct atl_config *config, const void *of, struct atl_process *process,
                     struct atl_error *err)
{
    const struct atl_config_machine *machine = of;
    const struct atl_volume_options options = {.appear_ms = APPEAR_MS, .slow_ms = SLOW_MS};
    struct atl_shop *shop = calloc(1, sizeof *shop);
    struct atl_machine_setup setup = {
        .machine = machine, .shop = shop, .process = process, .options = &options};
    struct atl_machine_lane *sewing = NULL;
    atl_code rc;

    if (!shop)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    enter_sandbox(config, machine);
    rc = atl_shop_open(config, ATL_STORE_WORKER, shop, err);
    if (!rc)
        rc = atl_machine_lane_open(&setup, &sewing, err);
    if (!rc) {
        const struct atl_lane lane = {.device = machine->name,
                                      .lease_ms = LEASE_MS,
                                      .process = process,
                                      .now_ms = atl_clock_now_ms,
                                      .work = &atl_machine_work,
                                      .ctx = sewing,
                                      .store = shop->store};

        rc = atl_lane_run(&lane, err);
    }
    atl_machine_lane_close(sewing);
    atl_shop_close(shop);
    free(shop);
    return rc;
}

static int run_machine(const struct atl_call *call)
{
    const struct atl_config_machine *machine =
        atl_config_machine_find(call->config, call->words[0]);
    struct atl_error err = {0};
    char name[48];

    if (!machine) {
        (void)atl_fail(&err, ATL_E_NOT_FOUND, "%s has no [machine %s]", call->config->file,
                       call->words[0]);
        return atl_call_fail(call, &err);
    }
    (void)snprintf(name, sizeof name, "machine@%s", machine->name);
    return atl_call_as_process(call, name, work, machine);
}

const struct atl_command atl_command_machine = {
    .name = "machine",
    .words = "MACHINE",
    .min_words = 1,
    .max_words = 1,
    .help = "give one machine its designs (the agent does this by itself)",
    .needs_config = true,
    .run = run_machine,
};

// ---- send ----

atl_code atl_cmd_machine(struct atl_cmd *cmd, const char *word,
                         const struct atl_config_machine **machine, struct atl_machine *profile)
{
    const struct atl_config *config = cmd->shop->config;
    char list[256] = "";
    size_t len = 0;

    *machine = atl_shop_machine(cmd->shop, word);
    if (*machine)
        return atl_machine_profile(config, *machine, profile, &cmd->err);
    for (size_t i = 0; i < config->machine_count && len < sizeof list; i++)
        len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i ? ", " : "",
                                config->machines[i].name);
    return atl_fail(&cmd->err, ATL_E_NOT_FOUND, "there is no machine %.40s; %s%s", word,
                    list[0] ? "there are " : "add a [machine NAME] to the configuration", list);
}

static int run_send(const struct atl_call *call)
{
    const struct atl_config_machine *machine = NULL;
    struct atl_machine profile;
    struct atl_piece piece;
    struct atl_cmd cmd;
    atl_code rc = atl_cmd_open(call, ATL_STORE_WORKER, &cmd);

    if (rc)
        return ATL_EXIT_FAILED;
    cmd.by.employee_ref = atl_call_option(call, "employee");
    cmd.by.station = atl_call_option(call, "station");
    rc = atl_cmd_piece_to_make(&cmd, call->words[0], &piece);
    if (!rc)
        rc = atl_cmd_machine(&cmd, call->words[1], &machine, &profile);
    if (!rc)
        rc =
            atl_shop_send_design(cmd.shop, piece.id, machine, &profile,
                                 atl_call_option(call, "again") != NULL, &cmd.by, &piece, &cmd.err);
    if (!rc) {
        char name[ATL_MACHINE_FILE_NAME_CAP];

        atl_cmd_print_piece(&cmd, &piece);
        rc = atl_machine_file_name(&profile, piece.code, 0, name, &cmd.err);
        if (!rc)
            printf("design\t%s\t%s\n", machine->name, name);
    }
    return atl_cmd_close(&cmd, rc);
}

static const struct atl_option send_options[] = {
    ATL_CMD_WHO,
    {"again", NULL, "it was sent already, here or to another machine; send it all the same"},
    {NULL,    NULL, NULL                                                                   },
};

const struct atl_command atl_command_send = {
    .name = "send",
    .words = "CODE MACHINE",
    .min_words = 2,
    .max_words = 2,
    .help = "gives the design of a piece to an embroidery machine",
    .details = "Scan the work tag, then the machine's code, or write its name. What was signed is "
               "checked before\nanything is written: the signature, the stitches, the hoop and the "
               "machine's limits.\n",
    .options = send_options,
    .needs_config = true,
    .run = run_send,
};
