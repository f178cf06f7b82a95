// SPDX-License-Identifier: Apache-2.0
// What a plugin must never do to its host, each looked at before and after everything it can do.
#include "sdk-shim/conformance/check.h"

#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HOST_ERRNO = 4242, LOWEST_FREE = 3 };

static void use_everything(struct lab *lab, atl_pos_till till)
{
    (void)lab->plugin->event_fd(till);
    for (size_t i = 0; i < call_count; i++)
        (void)call_plain(lab, &calls[i], till);
    (void)lab->plugin->error_text(till);
}

// Everything a plugin can do, from loading to close(), with agents of several manners.
static void exercise(struct lab *lab)
{
    static const enum manner manners[] = {AGENT_POLITE, AGENT_DYING, AGENT_NONSENSE};
    atl_pos_till till;

    lab_load(lab);
    till = lab_open(lab);
    use_everything(lab, till);
    for (size_t i = 0; i < sizeof manners / sizeof manners[0]; i++) {
        const pid_t agent = agent_start(lab, manners[i]);

        use_everything(lab, till);
        agent_stop(lab, agent);
    }
    if (lab->plugin->close(till))
        fail("close() does not work");
}

static void keeps(struct lab *lab, enum aspect aspect)
{
    static struct aspect_text before, after;
    char difference[400];

    aspect_read(aspect, &before);
    if (!before.text[0] && aspect != ASPECT_CHILDREN)
        fail("the check cannot read that of its own process");
    exercise(lab);
    aspect_read(aspect, &after);
    aspect_difference(&before, &after, difference, sizeof difference);
    if (difference[0])
        fail("%s", difference);
}

#define KEEPS(name, aspect)                                                                        \
    static void check_##name(struct lab *lab)                                                      \
    {                                                                                              \
        keeps(lab, aspect);                                                                        \
    }

KEEPS(signals, ASPECT_SIGNALS)
KEEPS(locale, ASPECT_LOCALE)
KEEPS(folder, ASPECT_FOLDER)
KEEPS(umask, ASPECT_UMASK)
KEEPS(environment, ASPECT_ENVIRONMENT)
KEEPS(descriptors, ASPECT_DESCRIPTORS)
KEEPS(threads, ASPECT_THREADS)
KEEPS(limits, ASPECT_LIMITS)
KEEPS(children, ASPECT_CHILDREN)
KEEPS(process, ASPECT_PROCESS)

// A host may have its own rounding; what the plugin does must neither need nor change it.
static void check_floating_point(struct lab *lab)
{
    fesetround(FE_DOWNWARD);
    keeps(lab, ASPECT_FLOATING_POINT);
}

static void expect_errno(const char *name)
{
    if (errno != HOST_ERRNO)
        fail("%s sets errno to %d and reports success", name, errno);
}

static void check_errno(struct lab *lab)
{
    const struct atl_pos_host host = {.size = sizeof host, .abi = ATL_POS_ABI};
    const pid_t agent = agent_start(lab, AGENT_POLITE);
    atl_pos_till till = 0;

    lab_load(lab);
    errno = HOST_ERRNO;
    if (lab->plugin->open(&host, lab->socket, &till, NULL, 0))
        fail("open() does not work");
    expect_errno("open()");
    for (size_t i = 0; i < call_count; i++) {
        errno = HOST_ERRNO;
        if (call_plain(lab, &calls[i], till) == ATL_POS_OK)
            expect_errno(calls[i].name);
    }
    agent_stop(lab, agent);
    errno = HOST_ERRNO;
    if (!call_plain(lab, &calls[call_count - 2], till)) // health, with the agent away
        expect_errno("health() while the agent is away");
    errno = HOST_ERRNO;
    if (lab->plugin->close(till))
        fail("close() does not work");
    expect_errno("close()");
}

static void check_streams(struct lab *lab)
{
    const int streams = memfd_create("streams", 0);
    struct stat about = {0};

    if (streams < 0 || dup2(streams, STDOUT_FILENO) < 0 || dup2(streams, STDERR_FILENO) < 0)
        fail("the check's own file cannot be had");
    exercise(lab);
    fflush(NULL);
    if (fstat(streams, &about) != 0 || about.st_size > 0)
        fail("it wrote %lld bytes", (long long)about.st_size);
}

// In a host without standard streams the numbers 0 to 2 are free, and whatever the plugin opens
// there the host would print into.
static void check_closed_streams(struct lab *lab)
{
    const pid_t agent = agent_start(lab, AGENT_POLITE);
    atl_pos_till till;

    lab_load(lab);
    for (int fd = 0; fd < LOWEST_FREE; fd++)
        close(fd);
    till = lab_open(lab);
    use_everything(lab, till);
    for (int fd = 0; fd < LOWEST_FREE; fd++) {
        if (fcntl(fd, F_GETFD) != -1)
            fail("it takes the number %d", fd);
    }
    if (lab->plugin->close(till))
        fail("close() does not work");
    agent_stop(lab, agent);
}

static void check_close_on_exec(struct lab *lab)
{
    const pid_t agent = agent_start(lab, AGENT_POLITE);
    bool was_open[256];
    atl_pos_till till;

    for (int fd = 0; fd < 256; fd++)
        was_open[fd] = fcntl(fd, F_GETFD) != -1;
    till = lab_open(lab);
    use_everything(lab, till);
    for (int fd = 0; fd < 256; fd++) {
        const int flags = fcntl(fd, F_GETFD);

        if (!was_open[fd] && flags != -1 && !(flags & FD_CLOEXEC))
            fail("descriptor %d would be inherited by a program that the host starts", fd);
    }
    agent_stop(lab, agent);
}

// A handler of its own for the end of the process would run after the library is gone.
static void check_exit(struct lab *lab)
{
    skip_when_sanitized(); // it reports what a host in a hurry leaves
    exercise(lab);
    lab_open(lab); // not closed: a host that ends in a hurry
    lab_unload(lab);
    exit(0);
}

static const struct check rows[] = {
    {"keeps_signals",        "signal handlers, mask and stack stay",                                check_signals       },
    {"keeps_locale",         "the locale stays",                                                    check_locale        },
    {"keeps_folder",         "the working folder stays",                                            check_folder        },
    {"keeps_umask",          "the umask stays",                                                     check_umask         },
    {"keeps_environment",    "the environment stays",                                               check_environment   },
    {"keeps_descriptors",    "after close() no descriptor is left, and none of the host's is gone",
     check_descriptors                                                                                                  },
    {"keeps_threads",        "no thread is left",                                                   check_threads       },
    {"keeps_limits",         "the resource limits stay",                                            check_limits        },
    {"keeps_children",       "no process is left",                                                  check_children      },
    {"keeps_process",        "name, priority, timer, session and dumpable flag stay",               check_process       },
    {"keeps_floating_point", "rounding and traps stay",                                             check_floating_point},
    {"keeps_errno",          "errno stays when a call succeeds",                                    check_errno         },
    {"keeps_streams",        "nothing is written to standard output or error",                      check_streams       },
    {"closed_streams",       "without standard streams their numbers are not taken",
     check_closed_streams                                                                                               },
    {"close_on_exec",        "each descriptor is close-on-exec",                                    check_close_on_exec },
    {"exit",                 "the process ends well after the library was unloaded",                check_exit          },
};

const struct check_group checks_host = {rows, sizeof rows / sizeof rows[0]};
