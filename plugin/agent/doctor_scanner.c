// SPDX-License-Identifier: Apache-2.0
// Whether each scanner is there, may be read, and is not grabbed by another program.
#include "drivers/scanner.h"
#include "plugin/agent/doctor.h"
#include "plugin/agent/paths.h"
#include "plugin/agent/process.h"
#include "plugin/store/devices.h"

#include <stdio.h>

// What its lane says of it; "": nothing, or the store cannot be asked, which its own check says.
static void ask_lane(const struct atl_config *config, const char *name, char *words, size_t size)
{
    struct atl_device device;
    struct atl_store *store = NULL;

    words[0] = '\0';
    if (atl_store_open(atl_path_store(config).text, ATL_STORE_READER, &store, NULL))
        return;
    if (!atl_devices_find(store, name, &device, NULL))
        (void)snprintf(words, size, "%s", device.trouble);
    atl_store_close(store);
}

// A lane that runs has it grabbed: then it is looked at, and the lane is asked.
static bool is_scanner_well(const struct atl_config *config,
                            const struct atl_config_scanner *scanner, char *words, size_t size)
{
    struct atl_error err = {0};
    struct atl_pulse pulse;
    char process[40];

    if (!atl_key_layout_find(scanner->layout)) {
        (void)snprintf(words, size, "there is no layout %s", scanner->layout);
        return false;
    }
    (void)snprintf(process, sizeof process, "scan@%s", scanner->name);
    pulse = atl_process_pulse(config->run, process);
    if (atl_scanner_look(scanner->link, pulse.is_running ? pulse.pid : 0, words, size, &err)) {
        (void)snprintf(words, size, "%s", err.text);
        return false;
    }
    if (pulse.is_running) {
        char said[ATL_NOTE_SIZE];

        ask_lane(config, scanner->name, said, sizeof said);
        if (said[0]) { // it has not got it, so that it can be tried
            (void)snprintf(words, size, "%s",
                           atl_scanner_look(scanner->link, 0, words, size, &err) ? err.text : said);
            return false;
        }
    }
    return true;
}

static enum atl_finding check_scanners(const struct atl_config *config, char *text, size_t size)
{
    size_t len = 0, bad = 0;

    if (!config->scanner_count)
        return ATL_FINDING_NONE;
    for (size_t i = 0; i < config->scanner_count && len < size; i++) {
        char words[sizeof((struct atl_error *)0)->text];
        const bool is_well = is_scanner_well(config, &config->scanners[i], words, sizeof words);
        const int more = snprintf(text + len, size - len, "%s%s: %s", len ? "; " : "",
                                  config->scanners[i].name, words);

        bad += !is_well;
        len += more > 0 ? (size_t)more : 0;
    }
    return bad ? ATL_FINDING_WRONG : ATL_FINDING_OK;
}

const struct atl_check atl_doctor_scanners[] = {
    {"scanners", check_scanners},
    {NULL,       NULL          },
};
