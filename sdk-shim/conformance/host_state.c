// SPDX-License-Identifier: Apache-2.0
// What a host has that a plugin must not touch, as text, so that two moments can be compared.
#include "sdk-shim/conformance/check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static void add(struct aspect_text *out, const char *fmt, ...) PRINTF(2, 3);
static void add(struct aspect_text *out, const char *fmt, ...)
{
    const size_t used = strlen(out->text);
    va_list args;

    va_start(args, fmt);
    vsnprintf(out->text + used, sizeof out->text - used, fmt, args);
    va_end(args);
}

static void read_signals(struct aspect_text *out)
{
    sigset_t mask;
    stack_t stack = {0};

    sigprocmask(SIG_BLOCK, NULL, &mask);
    for (int number = 1; number < SIGRTMAX; number++) {
        struct sigaction action = {0};

        if (sigaction(number, NULL, &action) != 0)
            continue;
        add(out, "signal %d: handler %p flags %#x blocked %d\n", number,
            (void *)(uintptr_t)action.sa_handler, (unsigned)action.sa_flags,
            sigismember(&mask, number));
    }
    sigaltstack(NULL, &stack);
    add(out, "alternate stack %p\n", stack.ss_sp);
}

static void read_locale(struct aspect_text *out)
{
    const struct lconv *words = localeconv();

    add(out, "locale %s\n", setlocale(LC_ALL, NULL));
    add(out, "decimal point %s thousands %s\n", words->decimal_point, words->thousands_sep);
}

static void read_folder(struct aspect_text *out)
{
    char path[4096];

    add(out, "working folder %s\n", getcwd(path, sizeof path) ? path : "none");
}

static void read_umask(struct aspect_text *out)
{
    const mode_t mask = umask(0);

    umask(mask);
    add(out, "umask %03o\n", mask);
}

static void read_environment(struct aspect_text *out)
{
    extern char **environ;

    add(out, "environment at %p\n", (void *)environ);
    for (char **variable = environ; *variable; variable++)
        add(out, "%.120s\n", *variable);
}

static void add_folder(struct aspect_text *out, const char *path, bool is_linked)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;

    while (folder && (entry = readdir(folder))) {
        char name[300], target[256] = "";

        if (entry->d_name[0] == '.' ||
            (is_linked && strtol(entry->d_name, NULL, 10) == dirfd(folder)))
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (is_linked && readlink(name, target, sizeof target - 1) < 0)
            continue;
        add(out, "%s %s\n", entry->d_name, target);
    }
    if (folder)
        closedir(folder);
}

static void read_limits(struct aspect_text *out)
{
    for (int which = 0; which < (int)RLIMIT_NLIMITS; which++) {
        struct rlimit limit = {0};

        getrlimit((__rlimit_resource_t)which, &limit);
        add(out, "limit %d: %llu of %llu\n", which, (unsigned long long)limit.rlim_cur,
            (unsigned long long)limit.rlim_max);
    }
}

static void read_floating_point(struct aspect_text *out)
{
    add(out, "rounding %d\n", fegetround());
    add(out, "traps %d\n", fegetexcept());
}

static void read_children(struct aspect_text *out)
{
    char path[64], text[1024] = "";
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    file = fopen(path, "re");
    if (file && fgets(text, sizeof text, file))
        add(out, "children %s\n", text);
    if (file)
        fclose(file);
}

static void read_process(struct aspect_text *out)
{
    struct itimerval timer;
    char name[17] = "";

    prctl(PR_GET_NAME, name);
    getitimer(ITIMER_REAL, &timer);
    add(out, "name %s\n", name);
    add(out, "dumpable %d\n", prctl(PR_GET_DUMPABLE));
    add(out, "priority %d\n", getpriority(PRIO_PROCESS, 0));
    add(out, "alarm %ld\n", (long)timer.it_value.tv_sec);
    add(out, "session %d group %d user %d\n", (int)getsid(0), (int)getpgrp(), (int)geteuid());
}

void aspect_read(enum aspect aspect, struct aspect_text *out)
{
    out->text[0] = '\0';
    switch (aspect) {
    case ASPECT_SIGNALS:
        read_signals(out);
        break;
    case ASPECT_LOCALE:
        read_locale(out);
        break;
    case ASPECT_FOLDER:
        read_folder(out);
        break;
    case ASPECT_UMASK:
        read_umask(out);
        break;
    case ASPECT_ENVIRONMENT:
        read_environment(out);
        break;
    case ASPECT_DESCRIPTORS:
        add_folder(out, "/proc/self/fd", true);
        break;
    case ASPECT_THREADS:
        add_folder(out, "/proc/self/task", false);
        break;
    case ASPECT_LIMITS:
        read_limits(out);
        break;
    case ASPECT_FLOATING_POINT:
        read_floating_point(out);
        break;
    case ASPECT_CHILDREN:
        read_children(out);
        break;
    case ASPECT_PROCESS:
        read_process(out);
        break;
    case ASPECT_COUNT:
        break;
    }
}

static bool has_line(const char *text, const char *line, size_t len)
{
    while (*text) {
        const char *end = strchr(text, '\n');

        if ((size_t)(end - text) == len && strncmp(text, line, len) == 0)
            return true;
        text = end + 1;
    }
    return false;
}

void aspect_difference(const struct aspect_text *one, const struct aspect_text *two, char *out,
                       size_t size)
{
    const struct aspect_text *const pair[2] = {one, two};

    out[0] = '\0';
    for (int i = 0; i < 2 && !out[0]; i++) {
        const char *line = pair[1 - i]->text;

        while (*line && !out[0]) {
            const size_t len = strcspn(line, "\n");

            if (!has_line(pair[i]->text, line, len))
                snprintf(out, size, "%s \"%.*s\"", i == 0 ? "now there is" : "there is no more",
                         (int)len, line);
            line += len + 1;
        }
    }
}

long resident_bytes(void)
{
    FILE *file = fopen("/proc/self/status", "re");
    char line[128];
    long kib = 0;

    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "RssAnon:", 8) == 0)
            kib = strtol(line + 8, NULL, 10);
    }
    if (file)
        fclose(file);
    return kib * 1024;
}

long library_bytes(const char *library)
{
    const char *name = strrchr(library, '/') ? strrchr(library, '/') + 1 : library;
    FILE *file = fopen("/proc/self/smaps", "re");
    char line[1024];
    bool is_it = false;
    long kib = 0;

    while (file && fgets(line, sizeof line, file)) {
        if (strchr(line, '-') && strchr(line, '-') < line + 17) // a mapping begins
            is_it = strstr(line, name) != NULL;
        else if (is_it && strncmp(line, "Rss:", 4) == 0)
            kib += strtol(line + 4, NULL, 10);
    }
    if (file)
        fclose(file);
    return kib * 1024;
}
