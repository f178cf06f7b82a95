// SPDX-License-Identifier: Apache-2.0
// Delivers one file, for trials at a real machine and for a guest of its own kernel:
//
//     deliver URI MACHINE.machine FILE NAME [key=value …]
//
//     replace        NAME may be there already
//     finished=NAME  a design that is sewn; may repeat
//     appear=MS slow=MS mount=auto|direct|udisks|never stays
//     wait=PATH      once everything is looked at, wait until that file is there (before the first
//                    byte)
//
// It says what it did on one line, "delivered NAME to WHERE …" or "refused STATE CODE: sentence";
// STATE is untouched or doubt. Exit: 0 delivered, 1 refused untouched, 2 wrong use, 3 in doubt.
#include "drivers/link/volume.h"
#include "drivers/machine.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FINISHED_MAX = 64 };

struct wish {
    struct atl_delivery what;
    struct atl_volume_options options;
    const char *names[1];
    const char *finished[FINISHED_MAX];
    const char *wait_path;
};

static const char *value_of(const char *word, const char *key)
{
    size_t len = strlen(key);

    return strncmp(word, key, len) == 0 ? word + len : NULL;
}

static bool take_mount(const char *value, struct wish *wish)
{
    static const char *const names[] = {"auto", "direct", "udisks", "never"};

    for (size_t i = 0; i < 4; i++) {
        if (strcmp(value, names[i]) == 0) {
            wish->options.mount = (enum atl_volume_mount)i;
            return true;
        }
    }
    return false;
}

static bool take(const char *word, struct wish *wish)
{
    const char *value;

    if (strcmp(word, "replace") == 0)
        wish->what.may_replace = true;
    else if (strcmp(word, "stays") == 0)
        wish->options.stays_plugged = true;
    else if ((value = value_of(word, "finished=")) && wish->what.finished_count < FINISHED_MAX)
        wish->finished[wish->what.finished_count++] = value;
    else if ((value = value_of(word, "appear=")))
        wish->options.appear_ms = (unsigned)strtoul(value, NULL, 10);
    else if ((value = value_of(word, "slow=")))
        wish->options.slow_ms = (unsigned)strtoul(value, NULL, 10);
    else if ((value = value_of(word, "mount=")))
        return take_mount(value, wish);
    else if ((value = value_of(word, "wait=")))
        wish->wait_path = value;
    else
        return false;
    return true;
}

static atl_code begin(void *context, const char *where, const char *name, struct atl_error *err)
{
    const struct wish *wish = context;

    (void)err;
    printf("sending %s to %s\n", name, where);
    fflush(stdout);
    while (wish->wait_path && access(wish->wait_path, F_OK) != 0)
        poll(NULL, 0, 5);
    return ATL_OK;
}

static void *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(ATL_DELIVERY_MAX_BYTES + 1);

    if (!file || !bytes) {
        perror(path);
        exit(2);
    }
    *len = fread(bytes, 1, ATL_DELIVERY_MAX_BYTES + 1, file);
    fclose(file);
    return bytes;
}

static int finish(atl_code rc, const struct atl_delivery_report *report,
                  const struct atl_error *err)
{
    if (rc) {
        printf("refused %s %s: %s\n",
               report->state == ATL_DELIVERY_UNTOUCHED ? "untouched" : "doubt", atl_code_name(rc),
               err->text);
        return report->state == ATL_DELIVERY_UNTOUCHED ? 1 : 3;
    }
    printf("delivered %s to %s removed=%u free=%llu let_go=%s ejected=%s%s%s\n", report->name,
           report->where, report->removed, (unsigned long long)report->free_bytes,
           report->is_let_go ? "yes" : "no", report->is_ejected ? "yes" : "no",
           report->let_go_why[0] ? ": " : "", report->let_go_why);
    return 0;
}

int main(int argc, char **argv)
{
    struct atl_machine machine;
    struct atl_delivery_report report;
    struct atl_error err = {0};
    struct wish wish = {
        .what = {.machine = &machine, .name_count = 1, .begin = begin}
    };
    void *bytes;
    atl_code rc;

    for (int i = 5; i < argc; i++) {
        if (!take(argv[i], &wish))
            argc = 0;
    }
    if (argc < 5) {
        fprintf(stderr, "usage: deliver URI MACHINE.machine FILE NAME [replace] [finished=NAME] "
                        "[appear=MS] [slow=MS] [mount=auto|direct|udisks|never] [stays] "
                        "[wait=PATH]\n");
        return 2;
    }
    if (atl_machine_load(argv[2], &machine, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    bytes = read_file(argv[3], &wish.what.len);
    wish.what.bytes = bytes;
    wish.names[0] = argv[4];
    wish.what.names = wish.names;
    wish.what.finished = wish.finished;
    wish.what.context = &wish;
    rc = atl_volume_deliver(argv[1], &wish.what, &wish.options, &report, &err);
    free(bytes);
    return finish(rc, &report, &err);
}
