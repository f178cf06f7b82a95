// SPDX-License-Identifier: Apache-2.0
// What the shop's scanners read last, as it happens, and which scanners are plugged in.
#include "plugin/agent/cmd_shop.h"
#include "plugin/agent/commands.h"
#include "plugin/agent/scan_list.h"
#include "plugin/core/hours.h"

#include "drivers/scanner.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

// We are woken when a commit begins to be written, which is before it can be seen; the last is for
// a volume that tells nobody of writes.
static const int look_again_ms[] = {20, 50, 200, 2000};

// ---- devices ----

static void print_device(const struct atl_scanner_listed *one)
{
    printf("%s\t%s\t%s\n", one->link, one->words,
           one->is_known ? "-" : "may be a person's keyboard: then leave it alone");
}

static int print_devices(void)
{
    struct atl_scanner_listed list[ATL_SCANNER_LIST_MAX];
    size_t count = 0;

    atl_scanner_list(list, ATL_SCANNER_LIST_MAX, &count);
    for (size_t i = 0; i < count; i++)
        print_device(&list[i]);
    if (!count)
        printf("nothing that reads codes is plugged in over USB\n");
    return ATL_EXIT_OK;
}

// ---- scans ----

struct seen {
    int64_t numbers[ATL_CONFIG_MAX_SCANNERS]; // printed so far, of each
};

static void print_scan(struct atl_cmd *cmd, const char *scanner, const struct atl_scan_told *told)
{
    char time[ATL_TIME_CAP];

    atl_time_format_local(&cmd->shop->zone, told->at_ms, time);
    printf("%.19s\t%s\t%s\t%s\t%s\t%s\t%s\n", time, scanner, atl_scan_outcome_name(told->outcome),
           atl_scan_kind_name(told->kind), told->code[0] ? told->code : "-",
           told->stage == ATL_STAGE_NONE ? "-" : atl_stage_name(told->stage), told->words);
}

static atl_code print_new(struct atl_cmd *cmd, struct seen *seen)
{
    const struct atl_config *config = cmd->shop->config;

    for (size_t i = 0; i < config->scanner_count; i++) {
        struct atl_scan_told list[ATL_SCAN_LIST_MAX];
        size_t count = 0;
        const atl_code rc =
            atl_scan_list_get(cmd->shop->store, config->scanners[i].name, list, &count, &cmd->err);

        if (rc)
            return rc;
        for (size_t k = 0; k < count; k++) {
            if (list[k].number <= seen->numbers[i])
                continue;
            print_scan(cmd, config->scanners[i].name, &list[k]);
            seen->numbers[i] = list[k].number;
        }
    }
    return fflush(stdout) ? atl_fail(&cmd->err, ATL_E_IO, "nobody takes the list") : ATL_OK;
}

// Until somebody ends it: every commit of the shop changes a file of the data folder.
static atl_code follow(struct atl_cmd *cmd, struct seen *seen)
{
    struct pollfd watch = {.fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC), .events = POLLIN};
    size_t step = 0;
    atl_code rc = ATL_OK;

    if (watch.fd < 0 || inotify_add_watch(watch.fd, cmd->shop->config->data, IN_MODIFY) < 0)
        rc =
            atl_fail(&cmd->err, ATL_E_IO, "watch %s: %s", cmd->shop->config->data, strerror(errno));
    while (!rc) {
        char events[4096];

        if (poll(&watch, 1, look_again_ms[step]) > 0)
            step = 0;
        else if (step + 1 < sizeof look_again_ms / sizeof look_again_ms[0])
            step++;
        while (read(watch.fd, events, sizeof events) > 0)
            ; // what it was does not matter
        rc = print_new(cmd, seen);
        if (rc == ATL_E_BUSY)
            rc = ATL_OK;
    }
    if (watch.fd >= 0)
        close(watch.fd);
    return rc;
}

static int run(const struct atl_call *call)
{
    struct seen seen = {{0}};
    struct atl_cmd cmd;
    atl_code rc;

    if (atl_call_option(call, "devices"))
        return print_devices();
    rc = atl_cmd_open(call, ATL_STORE_READER, &cmd);
    if (rc)
        return ATL_EXIT_FAILED;
    if (!call->config->scanner_count)
        rc = atl_fail(&cmd.err, ATL_E_NOT_FOUND,
                      "%s has no [scanner NAME]; \"atelier-agent scans --devices\" shows what is "
                      "plugged in",
                      call->config->file);
    if (!rc)
        rc = print_new(&cmd, &seen);
    if (!rc && atl_call_option(call, "follow"))
        rc = follow(&cmd, &seen);
    return atl_cmd_close(&cmd, rc);
}

static const struct atl_option options[] = {
    {"follow",  NULL, "goes on with each scan as it happens, until Ctrl+C"            },
    {"devices", NULL, "which scanners are plugged in, as [scanner NAME] link wants it"},
    {NULL,      NULL, NULL                                                            },
};

const struct atl_command atl_command_scans = {
    .name = "scans",
    .words = "",
    .help = "what the scanners read last, and what came of it",
    .details = "One line a scan: time, scanner, outcome (opened, advanced, placed, sent, refused), "
               "kind of code,\npiece or order, stage, words. The last 16 of each scanner are kept; "
               "the codes themselves never are.\n",
    .options = options,
    .needs_config = true,
    .run = run,
};
