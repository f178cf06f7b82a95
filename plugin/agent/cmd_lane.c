// SPDX-License-Identifier: Apache-2.0
// The command that the supervisor runs once for each printer.
#include "plugin/agent/cmd_process.h"
#include "plugin/agent/commands.h"
#include "plugin/agent/document.h"
#include "plugin/agent/log.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/print_lane.h"
#include "plugin/agent/sandbox.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

// Only this process claims jobs of its device, so a lease is never lost to another: it only says
// how soon upkeep calls an interrupted job unknown where no lane starts anew.
enum { LEASE_MS = 15000 };

static atl_code make_page(void *ctx, struct atl_store *store, const struct atl_job *job,
                          const struct atl_model *model, const struct atl_page **page,
                          struct atl_error *err)
{
    return atl_documents_page(ctx, store, job, model, page, err);
}

// A printer may be a file, for trying things out: its folder is the lane's to write in. One on USB
// gets another node each time it is plugged in; /proc has the names of programs that hold it.
static void enter_sandbox(const struct atl_config *config, const struct atl_config_printer *printer)
{
    char folder[ATL_CONFIG_PATH_BYTES] = "";
    const bool is_usb = strncmp(printer->link, "usb:", 4) == 0;
    const struct atl_sandbox_path more[] = {
        {printer->previews,            true },
        {folder,                       true },
        {is_usb ? "/dev/bus/usb" : "", true },
        {is_usb ? "/sys" : "",         false},
        {is_usb ? "/proc" : "",        false},
    };
    char *slash;

    if (strncmp(printer->link, "file:/", 6) == 0)
        (void)snprintf(folder, sizeof folder, "%s", printer->link + 5);
    slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
    if (printer->previews[0])
        (void)mkdir(printer->previews, 0700);
    atl_sandbox_enter_shop(config, more, sizeof more / sizeof more[0]);
}

// Everything the lane needs, and its end in reverse order.
static atl_code work(const struct atl_config *config, const void *of, struct atl_process *process,
                     struct atl_error *err)
{
    const struct atl_config_printer *printer = of;
    struct atl_print_setup setup = {.printer = printer, .process = process, .document = make_page};
    struct atl_documents *documents = NULL;
    struct atl_print_lane *printing = NULL;
    struct atl_store *store = NULL;
    atl_code rc;

    enter_sandbox(config, printer);
    rc = atl_store_open(atl_path_store(config).text, ATL_STORE_WORKER, &store, err);
    if (!rc)
        rc = atl_documents_open(config, printer, &documents, err);
    setup.store = store;
    setup.document_ctx = documents;
    if (!rc)
        rc = atl_print_lane_open(&setup, &printing, err);
    if (!rc) {
        const struct atl_lane lane = {.device = printer->name,
                                      .lease_ms = LEASE_MS,
                                      .process = process,
                                      .now_ms = atl_clock_now_ms,
                                      .work = &atl_print_work,
                                      .ctx = printing,
                                      .store = store};

        rc = atl_lane_run(&lane, err);
    }
    atl_print_lane_close(printing);
    atl_documents_close(documents);
    atl_store_close(store);
    return rc;
}

static int run(const struct atl_call *call)
{
    const struct atl_config_printer *printer =
        atl_config_printer_find(call->config, call->words[0]);
    struct atl_error err = {0};
    char name[48];

    if (!printer) {
        (void)atl_fail(&err, ATL_E_NOT_FOUND, "%s has no [printer %s]", call->config->file,
                       call->words[0]);
        return atl_call_fail(call, &err);
    }
    (void)snprintf(name, sizeof name, "print@%s", printer->name);
    return atl_call_as_process(call, name, work, printer);
}

const struct atl_command atl_command_lane = {
    .name = "lane",
    .words = "PRINTER",
    .min_words = 1,
    .max_words = 1,
    .help = "work through the papers of one printer (the agent does this by itself)",
    .needs_config = true,
    .run = run,
};
