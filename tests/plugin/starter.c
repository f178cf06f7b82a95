// SPDX-License-Identifier: Apache-2.0
// Stands in for `atelier-agent start`: writes down how it was started, puts an agent into the
// background, and ends. The agent ends by itself after a while, whatever becomes of the test.
#include "tests/plugin/fake_agent.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static int count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = -3; // "." and "..", and that of the folder

    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count;
}

static int count_environment(void)
{
    extern char **environ;
    int count = 0;

    while (environ[count])
        count++;
    return count;
}

static void serve(int listener)
{
    const int fd = fake_accept(listener);
    struct atl_pos_ask ask;

    for (;;) {
        const struct atl_pos_reply up = {
            .health = {.is_agent_up = 1, .waiting_count = getpid()}
        };

        fake_receive(fd, &ask);
        fake_reply(fd, &ask, &up);
    }
}

int main(int argc, char **argv)
{
    FILE *log = fopen("starter.log", "a");
    sigset_t mask;
    int listener;

    sigprocmask(SIG_BLOCK, NULL, &mask);
    if (!log)
        return 1;
    fprintf(log, "command=%s descriptors=%d environment=%d usr1_blocked=%d leader=%d\n",
            argc == 2 ? argv[1] : "?", count_descriptors() - 1, count_environment(),
            sigismember(&mask, SIGUSR1), getsid(0) == getpid());
    fclose(log);
    listener = fake_listen("started.sock");
    if (fork() != 0)
        return 0;
    alarm(20);
    serve(listener);
    return 0;
}
