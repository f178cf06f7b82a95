// SPDX-License-Identifier: Apache-2.0
// The command that the supervisor runs once for each scanner.
#include "plugin/agent/cmd_process.h"
#include "plugin/agent/commands.h"
#include "plugin/agent/log.h"
#include "plugin/agent/sandbox.h"
#include "plugin/agent/scan_lane.h"
#include "plugin/store/devices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lane {
    struct atl_scan_desk desk;
    struct atl_scanner *scanner;
    struct atl_process *process;
    struct atl_scanned code;
    bool was_told; // how the scanner is
    char trouble[sizeof((struct atl_error *)0)->text];
};

// A scanner gets another node each time it is plugged in, directly below /dev where it is a raw
// one; which it may open is what udev gave it. It reads what strangers printed, so it has no
// network: what tells it of new devices is open by now.
static void enter_sandbox(const struct atl_config *config)
{
    static const struct atl_sandbox_path more[] = {
        {"/dev",  true },
        {"/sys",  false},
        {"/proc", false},
    };

    atl_sandbox_enter_shop(config, more, sizeof more / sizeof more[0]);
    atl_sandbox_refuse_network();
}

static void log_scan(const struct lane *lane, const struct atl_scan_told *told)
{
    atl_log(ATL_LOG_INFO, "scan", "scanned", "scanner=%s outcome=%s kind=%s code=%s words=%s",
            lane->desk.scanner->name, atl_scan_outcome_name(told->outcome),
            atl_scan_kind_name(told->kind), told->code[0] ? told->code : "-",
            atl_log_value(told->words).text);
}

static atl_code do_scan(struct lane *lane, struct atl_error *err)
{
    struct atl_scan_told told;
    atl_code rc = atl_scan_take(&lane->desk, &lane->code, &told, err);

    if (rc || told.outcome == ATL_SCAN_REPEAT)
        return rc;
    if (told.outcome == ATL_SCAN_REFUSED)
        atl_scanner_refuse(lane->scanner);
    rc = atl_scan_list_add(lane->desk.shop->store, lane->desk.scanner->name, &told, err);
    log_scan(lane, &told);
    return rc == ATL_E_BUSY || rc == ATL_E_FULL ? ATL_OK : rc; // what was done is done
}

// Said when it changes, and every now and then that it still is so.
static void tell_trouble(struct lane *lane)
{
    const char *trouble = atl_scanner_trouble(lane->scanner);
    const char *name = lane->desk.scanner->name;
    const bool is_news = !lane->was_told || strcmp(lane->trouble, trouble) != 0;
    struct atl_error err = {0};

    if (is_news)
        atl_log(trouble[0] ? ATL_LOG_WARN : ATL_LOG_INFO, "scan",
                trouble[0] ? "scanner is not there" : "scanner is there", "scanner=%s why=%s", name,
                atl_log_value(trouble).text);
    (void)snprintf(lane->trouble, sizeof lane->trouble, "%s", trouble);
    lane->was_told = true;
    if (atl_devices_report(lane->desk.shop->store, name, 0, trouble, atl_clock_now_ms(), &err))
        atl_log(ATL_LOG_WARN, "scan", "trouble not written down", "scanner=%s why=%s", name,
                atl_log_value(err.text).text);
}

static atl_code run_lane(struct lane *lane, struct atl_error *err)
{
    atl_code rc = ATL_OK;

    while (!rc && !atl_process_is_stopping(lane->process)) {
        while (!rc && atl_scanner_next(lane->scanner, &lane->code)) {
            rc = do_scan(lane, err);
            atl_process_beat(lane->process);
            if (atl_process_is_stopping(lane->process))
                return rc;
        }
        tell_trouble(lane);
        if (!rc)
            atl_process_wait(lane->process, atl_scanner_wake_fd(lane->scanner),
                             atl_scanner_wait_ms(lane->scanner));
    }
    return rc;
}

static atl_code work(const struct atl_config *config, const void *of, struct atl_process *process,
                     struct atl_error *err)
{
    const struct atl_config_scanner *scanner = of;
    struct atl_shop *shop = calloc(1, sizeof *shop);
    struct lane *lane = calloc(1, sizeof *lane);
    atl_code rc = shop && lane ? ATL_OK : atl_fail(err, ATL_E_NOMEM, "out of memory");

    if (rc)
        goto out;
    lane->process = process;
    rc = atl_scan_desk_open(shop, config, scanner, &lane->desk, err);
    if (!rc)
        rc = atl_scanner_open(scanner->link, lane->desk.layout, &lane->scanner, err);
    if (rc)
        goto out;
    enter_sandbox(config);
    rc = atl_shop_open(config, ATL_STORE_WORKER, shop, err);
    if (!rc)
        rc = run_lane(lane, err);
    atl_shop_close(shop);
out:
    if (lane)
        atl_scanner_close(lane->scanner);
    free(lane);
    free(shop);
    return rc;
}

static int run(const struct atl_call *call)
{
    const struct atl_config_scanner *scanner =
        atl_config_scanner_find(call->config, call->words[0]);
    struct atl_error err = {0};
    char name[48];

    if (!scanner) {
        (void)atl_fail(&err, ATL_E_NOT_FOUND, "%s has no [scanner %s]", call->config->file,
                       call->words[0]);
        return atl_call_fail(call, &err);
    }
    (void)snprintf(name, sizeof name, "scan@%s", scanner->name);
    return atl_call_as_process(call, name, work, scanner);
}

const struct atl_command atl_command_scanner = {
    .name = "scanner",
    .words = "SCANNER",
    .min_words = 1,
    .max_words = 1,
    .help = "read one scanner (the agent does this by itself)",
    .needs_config = true,
    .run = run,
};
