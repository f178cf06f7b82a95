// SPDX-License-Identifier: Apache-2.0
// udisks2 by its command. Its D-Bus interface would cost a library for three calls a delivery; the
// command is in the same package, and what it says on failure is what a person can look up.
#include "drivers/link/parts.h"
#include "drivers/link/volume_mount.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// What it says, to its end or the deadline. False: it was too slow.
static bool take_words(int fd, int64_t deadline_ms, char *out, size_t size)
{
    size_t len = 0;

    for (;;) {
        char more[256];
        ssize_t got;

        if (!link_wait(fd, POLLIN, deadline_ms))
            return false;
        got = read(fd, more, sizeof more);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        for (ssize_t i = 0; i < got && len + 1 < size; i++)
            out[len++] = more[i];
    }
    out[len] = 0;
    return true;
}

static int start(char *const *arguments, int out, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    int why = posix_spawn_file_actions_init(&actions);

    if (why)
        return why;
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, out, 2);
    why = posix_spawnp(child, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return why;
}

static const struct cause {
    const char *sign; // in what udisksctl said
    atl_code code;
    const char *words;
} causes[] = {
    {"NotAuthorized",           ATL_E_IO,
     "no right to mount it: log in at this machine, or allow it in polkit"                                   },
    {"DeviceBusy",              ATL_E_BUSY,        "it is open in another program: close that, then eject it"},
    {"target is busy",          ATL_E_BUSY,        "it is open in another program: close that, then eject it"},
    {"write-protected",         ATL_E_DEVICE,      "it is write-protected: move the stick's switch"          },
    {"wrong fs type",           ATL_E_UNSUPPORTED,
     "it is not FAT, or damaged: let the machine format it, or format it as FAT32"                           },
    {"Error looking up object", ATL_E_IO,          "it vanished: plug it in again"                           },
    {"Error connecting",        ATL_E_IO,          "udisks2 does not run: systemctl start udisks2"           },
};

static atl_code fail_as_said(const char *word, char *said, struct atl_error *err)
{
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        if (strstr(said, causes[i].sign))
            return atl_fail(err, causes[i].code, "%s", causes[i].words);
    }
    said[strcspn(said, "\n")] = 0;
    return atl_fail(err, ATL_E_IO, "udisksctl %s: %.120s", word, said);
}

static atl_code wait_for(pid_t child, int fd, unsigned limit_ms, const char *word,
                         struct atl_error *err)
{
    char said[512] = "";
    int status = 0;
    bool is_in_time = take_words(fd, link_now_ms() + limit_ms, said, sizeof said);

    if (!is_in_time)
        kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!is_in_time)
        return atl_fail(err, ATL_E_TIMEOUT, "udisksctl %s takes longer than %u s: plug it in again",
                        word, limit_ms / 1000);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? ATL_OK : fail_as_said(word, said, err);
}

atl_code volume_udisks(const struct atl_volume_options *options, const char *word,
                       const struct volume_seen *seen, struct atl_error *err)
{
    bool is_mount = strcmp(word, "mount") == 0;
    bool is_disk = strcmp(word, "power-off") == 0;
    char program[VOLUME_PATH_CAP], verb[16], device[VOLUME_PATH_CAP];
    char quiet[] = "--no-user-interaction", by_device[] = "-b", with[] = "-o";
    char words[] = "sync,nodev,nosuid,noexec,shortname=winnt";
    char *arguments[] = {program, verb, quiet, by_device, device, is_mount ? with : NULL,
                         words,   NULL};
    pid_t child = -1;
    int ends[2], why;
    atl_code rc;

    snprintf(program, sizeof program, "%s", options->udisksctl);
    snprintf(verb, sizeof verb, "%s", word);
    snprintf(device, sizeof device, "%s/%s", options->dev_path, is_disk ? seen->disk : seen->name);
    if (pipe2(ends, O_CLOEXEC))
        return atl_fail(err, ATL_E_IO, "a pipe for udisksctl: %s", strerror(errno));
    why = start(arguments, ends[1], &child);
    close(ends[1]);
    if (why)
        rc = atl_fail(err, ATL_E_UNSUPPORTED,
                      "%.80s: %s: install udisks2, or let the agent run as root on a kiosk",
                      program, strerror(why));
    else
        rc = wait_for(child, ends[0], options->slow_ms, word, err);
    close(ends[0]);
    return rc;
}
