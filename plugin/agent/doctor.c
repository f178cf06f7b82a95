// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/doctor.h"

#include "plugin/agent/commands.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum atl_finding atl_find(enum atl_finding finding, char *text, size_t size, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(text, size, fmt, args);
    va_end(args);
    return finding;
}

struct tally {
    int notes;
    int wrongs;
};

static void say(struct tally *tally, const char *name, enum atl_finding finding, const char *text)
{
    static const char *const words[] = {"ok   ", "warn ", "WRONG"};

    if (finding == ATL_FINDING_NONE)
        return;
    tally->notes += finding == ATL_FINDING_NOTE;
    tally->wrongs += finding == ATL_FINDING_WRONG;
    printf("%s %s: %s\n", words[finding], name, text);
}

static void look_at(struct tally *tally, const struct atl_check *checks,
                    const struct atl_config *config)
{
    for (; checks->name; checks++) {
        char text[ATL_FINDING_BYTES] = "";
        const enum atl_finding finding = checks->look(config, text, sizeof text);

        say(tally, checks->name, finding, text);
        (void)fflush(stdout); // a slow check does not hide what was found before
    }
}

static int close_with(const struct tally *tally)
{
    if (tally->wrongs)
        printf("%d thing%s wrong, %d to look at\n", tally->wrongs,
               tally->wrongs == 1 ? " is" : "s are", tally->notes);
    else if (tally->notes)
        printf("nothing is wrong; %d thing%s to look at\n", tally->notes,
               tally->notes == 1 ? "" : "s");
    else
        printf("all is well\n");
    return tally->wrongs ? ATL_EXIT_FAILED : ATL_EXIT_OK;
}

int atl_doctor_say(const struct atl_check *checks, const struct atl_config *config)
{
    struct tally tally = {0};

    look_at(&tally, checks, config);
    return close_with(&tally);
}

static int doctor(const struct atl_call *call)
{
    static struct atl_config config;
    struct tally tally = {0};
    struct atl_error err = {0};

    if (atl_config_read(call->config_file, &config, &err)) {
        say(&tally, "configuration", ATL_FINDING_WRONG, err.text);
        return close_with(&tally);
    }
    say(&tally, "configuration", ATL_FINDING_OK, config.file);
    look_at(&tally, atl_doctor_machine, &config);
    look_at(&tally, atl_doctor_catalogue, &config);
    look_at(&tally, atl_doctor_sewing, &config);
    look_at(&tally, atl_doctor_scanners, &config);
    look_at(&tally, atl_doctor_running, &config);
    return close_with(&tally);
}

const struct atl_command atl_command_doctor = {
    .name = "doctor",
    .words = "",
    .help = "say what is wrong with this machine, and what helps",
    .details = "Changes nothing and may be called at any time, while the shop sells too. One line "
               "a thing: ok, warn\nor WRONG. The exit code is 1 when anything is wrong.",
    .run = doctor,
};
