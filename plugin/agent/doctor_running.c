// SPDX-License-Identifier: Apache-2.0
// Checks of what runs: printers, the agent's processes, the store, the cloud.
#include "drivers/driver.h"
#include "drivers/link/usb_list.h"
#include "plugin/agent/doctor.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/print_lane.h"
#include "plugin/agent/process.h"
#include "plugin/agent/supervisor.h"
#include "plugin/agent/sync.h"
#include "plugin/store/events.h"
#include "plugin/store/jobs.h"
#include "plugin/store/outbox.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CLOUD_TIMEOUT_MS = 5000,
    QUICK_CHECK_MS = 3000,
    SKEW_MS = 120000,
    OLD_NEWS_MS = 15 * 60 * 1000,
};

// ---- Printers ----

static bool is_on_usb(const struct atl_config_printer *printer)
{
    return strncmp(printer->link, "usb:", 4) == 0;
}

// A printer that is never asked prints on whatever is in it.
static void add_labels(const struct atl_config_printer *printer, char *words, size_t size)
{
    const struct atl_driver *driver = atl_driver_find(printer->driver);
    const struct atl_model *model = driver ? atl_model_find(driver, printer->model) : NULL;
    const size_t len = strlen(words);

    if (model && model->media_count > 1 && model->quirks & ATL_QUIRK_NO_STATUS &&
        !printer->media[0])
        (void)snprintf(words + len, size - len,
                       ", and cannot tell what it is loaded with: say it with media");
}

// In `words` how the printer is: that it answers, or why not. A lane that runs has its USB printer
// to itself: then it is looked at, and not opened.
static bool is_printer_well(const struct atl_config *config,
                            const struct atl_config_printer *printer, char *words, size_t size)
{
    struct atl_error err = {0};
    struct atl_pulse pulse = {0};
    char process[40];
    atl_code rc;

    (void)snprintf(words, size, "answers");
    (void)snprintf(process, sizeof process, "print@%s", printer->name);
    if (is_on_usb(printer))
        pulse = atl_process_pulse(config->run, process);
    rc = pulse.is_running ? ATL_OK : atl_print_probe(printer, &err);
    if (!rc && is_on_usb(printer))
        rc = atl_usb_look(printer->link, pulse.is_running ? pulse.pid : 0, words, size, &err);
    if (rc)
        (void)snprintf(words, size, "%s", err.text);
    else
        add_labels(printer, words, size);
    return rc == ATL_OK;
}

static enum atl_finding check_printers(const struct atl_config *config, char *text, size_t size)
{
    size_t len = 0, bad = 0;

    if (!config->printer_count)
        return atl_find(ATL_FINDING_NOTE, text, size,
                        "there are none; tickets and tags will not be printed: add a section "
                        "[printer NAME]");
    for (size_t i = 0; i < config->printer_count && len < size; i++) {
        char words[sizeof((struct atl_error *)0)->text];
        const bool is_well = is_printer_well(config, &config->printers[i], words, sizeof words);
        const int more = snprintf(text + len, size - len, "%s%s: %s", len ? "; " : "",
                                  config->printers[i].name, words);

        bad += !is_well;
        len += more > 0 ? (size_t)more : 0;
    }
    return bad ? ATL_FINDING_WRONG : ATL_FINDING_OK;
}

static enum atl_finding check_usb_rules(const struct atl_config *config, char *text, size_t size)
{
    const char *path = atl_usb_rules_path();
    bool is_needed = config->scanner_count > 0;

    for (size_t i = 0; i < config->printer_count; i++)
        is_needed = is_needed || is_on_usb(&config->printers[i]);
    if (!is_needed)
        return ATL_FINDING_NONE;
    if (path)
        return atl_find(ATL_FINDING_OK, text, size, "%s", path);
    return atl_find(ATL_FINDING_NOTE, text, size,
                    "udev has no " ATL_USB_RULES_FILE
                    ", so that only root may be let to printers and scanners on USB: copy it to "
                    "/etc/udev/rules.d, then udevadm control --reload and udevadm trigger");
}

static enum atl_finding check_papers(const struct atl_config *config, char *text, size_t size)
{
    if (!config->printer_count)
        return ATL_FINDING_NONE;
    if (!atl_config_printer_for(config, ATL_PAPER_CLAIM))
        return atl_find(ATL_FINDING_WRONG, text, size,
                        "no printer prints claim tickets; add claim to its documents");
    if (!atl_config_printer_for(config, ATL_PAPER_TAG))
        return atl_find(ATL_FINDING_WRONG, text, size,
                        "no printer prints work tags; add tag to its documents");
    if (!atl_config_printer_for(config, ATL_PAPER_GIFT))
        return atl_find(ATL_FINDING_NOTE, text, size,
                        "no printer prints gift tickets; add gift to its documents");
    return atl_find(ATL_FINDING_OK, text, size, "each has its printer");
}

// ---- The agent ----

// The first process that is not as it should be.
static bool find_trouble(const struct atl_config *config, char *text, size_t size)
{
    static const char *const names[] = {"serve", "render-1", "render-2", "sync"};
    struct atl_pulse pulse;
    char name[48];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        pulse = atl_process_pulse(config->run, names[i]);
        atl_pulse_trouble(&pulse, names[i], text, size);
        if (text[0])
            return true;
    }
    for (size_t i = 0; i < config->printer_count; i++) {
        (void)snprintf(name, sizeof name, "print@%s", config->printers[i].name);
        pulse = atl_process_pulse(config->run, name);
        atl_pulse_trouble(&pulse, name, text, size);
        if (text[0])
            return true;
    }
    for (size_t i = 0; i < config->machine_count; i++) {
        (void)snprintf(name, sizeof name, "machine@%s", config->machines[i].name);
        pulse = atl_process_pulse(config->run, name);
        atl_pulse_trouble(&pulse, name, text, size);
        if (text[0])
            return true;
    }
    for (size_t i = 0; i < config->scanner_count; i++) {
        (void)snprintf(name, sizeof name, "scan@%s", config->scanners[i].name);
        pulse = atl_process_pulse(config->run, name);
        atl_pulse_trouble(&pulse, name, text, size);
        if (text[0])
            return true;
    }
    return false;
}

static enum atl_finding check_agent(const struct atl_config *config, char *text, size_t size)
{
    const pid_t pid = atl_supervisor_holder(config->run);

    if (!pid)
        return atl_find(ATL_FINDING_WRONG, text, size,
                        "it does not run; start it: systemctl start atelier, or atelier-agent "
                        "start");
    if (find_trouble(config, text, size))
        return ATL_FINDING_WRONG;
    return atl_find(ATL_FINDING_OK, text, size, "runs (pid %ld), and all its processes answer",
                    (long)pid);
}

// ---- The store ----

static enum atl_finding corrupt(const struct atl_error *err, char *text, size_t size)
{
    return atl_find(
        ATL_FINDING_WRONG, text, size,
        "%s; stop the agent, keep a copy of the file, put the newest backup back or run "
        "\"atelier-agent salvage\"",
        err->text);
}

static enum atl_finding look_into_store(struct atl_store *store, char *text, size_t size)
{
    struct atl_chain chain = {0};
    struct atl_error err = {0};
    int64_t bad = 0;
    atl_code rc = atl_store_quick_check(store, QUICK_CHECK_MS, &err);

    if (rc && rc != ATL_E_TIMEOUT)
        return corrupt(&err, text, size);
    if (atl_store_verify_rows(store, &bad, &err))
        return corrupt(&err, text, size);
    if (atl_events_verify(store, 0, &chain, &err))
        return corrupt(&err, text, size);
    return atl_find(ATL_FINDING_OK, text, size, "sound; the chain of %" PRId64 " events holds%s",
                    chain.count, rc ? " (too large to look at all of its structure here)" : "");
}

static enum atl_finding check_store(const struct atl_config *config, char *text, size_t size)
{
    struct atl_store *store = NULL;
    struct atl_error err = {0};
    enum atl_finding finding;
    const atl_code rc = atl_store_open(atl_path_store(config).text, ATL_STORE_READER, &store, &err);

    if (rc == ATL_E_NOT_FOUND)
        return atl_find(ATL_FINDING_NOTE, text, size,
                        "there is none yet; the agent makes it when it starts for the first time");
    if (rc == ATL_E_CORRUPT)
        return corrupt(&err, text, size);
    if (rc)
        return atl_find(ATL_FINDING_WRONG, text, size, "%s", err.text);
    finding = look_into_store(store, text, size);
    atl_store_close(store);
    return finding;
}

static enum atl_finding count_jobs(struct atl_store *store, char *text, size_t size)
{
    struct atl_job_counts counts = {0};
    struct atl_error err = {0};

    if (atl_jobs_count(store, NULL, &counts, &err))
        return atl_find(ATL_FINDING_WRONG, text, size, "%s", err.text);
    if (counts.held || counts.unknown)
        return atl_find(ATL_FINDING_NOTE, text, size,
                        "%" PRId64 " held and %" PRId64
                        " of which nobody knows whether they came out: look at \"atelier-agent "
                        "status\", and print again what is missing",
                        counts.held, counts.unknown);
    return atl_find(ATL_FINDING_OK, text, size, "%" PRId64 " waiting", counts.waiting);
}

static enum atl_finding count_news(struct atl_store *store, char *text, size_t size)
{
    struct atl_outbox_stats stats = {0};
    struct atl_error err = {0};
    int64_t age_ms;

    if (atl_outbox_stats(store, &stats, &err))
        return atl_find(ATL_FINDING_WRONG, text, size, "%s", err.text);
    age_ms = stats.oldest_ms ? atl_clock_now_ms() - stats.oldest_ms : 0;
    if (stats.quarantined)
        return atl_find(ATL_FINDING_NOTE, text, size,
                        "the cloud refused %" PRId64 " pieces of news; ask who runs it",
                        stats.quarantined);
    if (age_ms > OLD_NEWS_MS)
        return atl_find(ATL_FINDING_NOTE, text, size,
                        "%" PRId64 " wait, the oldest for %" PRId64
                        " minutes; guests' pages are as old as that",
                        stats.waiting, age_ms / 60000);
    return atl_find(ATL_FINDING_OK, text, size, "%" PRId64 " waiting", stats.waiting);
}

static enum atl_finding ask_store(const struct atl_config *config, char *text, size_t size,
                                  enum atl_finding (*ask)(struct atl_store *, char *, size_t))
{
    struct atl_store *store = NULL;
    enum atl_finding finding;

    if (atl_store_open(atl_path_store(config).text, ATL_STORE_READER, &store, NULL))
        return ATL_FINDING_NONE; // said by the store's own line
    finding = ask(store, text, size);
    atl_store_close(store);
    return finding;
}

static enum atl_finding check_jobs(const struct atl_config *config, char *text, size_t size)
{
    return ask_store(config, text, size, count_jobs);
}

static enum atl_finding check_news(const struct atl_config *config, char *text, size_t size)
{
    return config->cloud_url[0] ? ask_store(config, text, size, count_news) : ATL_FINDING_NONE;
}

// ---- The cloud ----

static enum atl_finding check_cloud(const struct atl_config *config, char *text, size_t size)
{
    struct atl_error err = {0};
    int64_t skew_ms = 0;

    if (!config->cloud_url[0])
        return atl_find(ATL_FINDING_OK, text, size, "this shop has none");
    if (atl_sync_probe(config, CLOUD_TIMEOUT_MS, &skew_ms, &err))
        return atl_find(ATL_FINDING_NOTE, text, size,
                        "%s; sales go on without it, and guests' pages wait", err.text);
    if (llabs(skew_ms) > SKEW_MS)
        return atl_find(ATL_FINDING_WRONG, text, size,
                        "it answers, but this machine's clock is %lld s off; set it, and let it be "
                        "kept (systemd-timesyncd, chrony)",
                        (long long)(-skew_ms / 1000));
    return atl_find(ATL_FINDING_OK, text, size, "%s answers", config->cloud_url);
}

const struct atl_check atl_doctor_running[] = {
    {"printers",        check_printers },
    {"rules for USB",   check_usb_rules},
    {"papers",          check_papers   },
    {"agent",           check_agent    },
    {"store",           check_store    },
    {"papers to print", check_jobs     },
    {"news for guests", check_news     },
    {"cloud",           check_cloud    },
    {NULL,              NULL           },
};
