// SPDX-License-Identifier: Apache-2.0
// A process for the supervisor's test: supervised RUN NAME MODE. It takes its name and beats; in
// mode "ends" it exits 5, in mode "mute" it never beats again, in mode "stubborn" it stays at
// SIGTERM.
#include "plugin/agent/process.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    static struct atl_config config;
    struct atl_process process;
    struct atl_error err = {0};

    if (argc != 4)
        return 2;
    (void)snprintf(config.run, sizeof config.run, "%s", argv[1]);
    if (atl_process_open(&config, argv[2], &process, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    if (strcmp(argv[3], "ends") == 0)
        return 5;
    while (strcmp(argv[3], "stubborn") == 0 || !atl_process_is_stopping(&process)) {
        if (strcmp(argv[3], "mute") == 0)
            process.beaten_ms = INT64_MAX / 2; // so that no beat is due
        atl_process_wait(&process, -1, 1000);
    }
    atl_process_close(&process);
    return 0;
}
