// SPDX-License-Identifier: Apache-2.0
// atelier-check PLUGIN.so [--list] [--only NAME]: runs the checks and says what each found.
#include "sdk-shim/conformance/check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WATCHDOG_MS = 60000, PASSED = 0, FAILED = 1, SKIPPED = 2 };

static const struct check_group *const groups[] = {
    &checks_loading, &checks_arguments, &checks_order,  &checks_threads,
    &checks_agent,   &checks_host,      &checks_memory,
};

// In the child: where its sentence goes. The one global that changes, set once.
static int said_fd = -1;

static void say_and_end(int code, const char *fmt, va_list args) PRINTF(2, 0);
static void say_and_end(int code, const char *fmt, va_list args)
{
    char text[512];
    const int len = vsnprintf(text, sizeof text, fmt, args);

    if (len > 0)
        (void)!write(said_fd, text, strlen(text));
    _exit(code);
}

void fail(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    say_and_end(FAILED, fmt, args);
    va_end(args);
    abort();
}

void skip(const char *why)
{
    (void)!write(said_fd, why, strlen(why));
    _exit(SKIPPED);
}

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

void skip_when_sanitized(void)
{
    if (IS_SANITIZED)
        skip("a sanitizer's own memory would be measured");
}

static void become_check(const struct check *check, const struct lab *lab, int fd)
{
    struct lab own = *lab;
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

    setpgid(0, 0);
    said_fd = fd;
    for (int to = 0; to <= STDERR_FILENO; to++)
        dup2(nothing, to);
    close(nothing);
    check->run(&own);
    _exit(PASSED);
}

static void describe_end(int status, char *text, size_t size)
{
    if (WIFSIGNALED(status))
        snprintf(text, size, "it was ended by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else if (!text[0])
        snprintf(text, size, "it ended the process with code %d", WEXITSTATUS(status));
}

// Waits for the sentence and the end of the check. What is left of its group is ended, too.
static int await_check(pid_t child, int fd, char *text, size_t size)
{
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    int status = 0;
    ssize_t got = 0;

    if (poll(&readable, 1, WATCHDOG_MS) == 0) {
        snprintf(text, size, "it did not return within %d s", WATCHDOG_MS / 1000);
        kill(-child, SIGKILL);
        waitpid(child, &status, 0);
        return FAILED;
    }
    got = read(fd, text, size - 1);
    text[got > 0 ? got : 0] = '\0';
    waitpid(child, &status, 0);
    kill(-child, SIGKILL);
    if (WIFEXITED(status) && (WEXITSTATUS(status) == PASSED || WEXITSTATUS(status) == SKIPPED))
        return WEXITSTATUS(status);
    describe_end(status, text, size);
    return FAILED;
}

static int run_check(const struct check *check, const struct lab *lab)
{
    char text[512] = "";
    int ends[2];
    pid_t child;
    int end;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return FAILED;
    fflush(stdout);
    child = fork();
    if (child == 0) {
        close(ends[0]);
        become_check(check, lab, ends[1]);
    }
    close(ends[1]);
    end = await_check(child, ends[0], text, sizeof text);
    close(ends[0]);
    unlink(lab->socket);
    if (end == PASSED)
        printf("ok   %s: %s\n", check->name, check->sentence);
    else if (end == SKIPPED)
        printf("SKIP %s: %s: %s\n", check->name, check->sentence, text);
    else
        printf("FAIL %s: %s. But %s\n", check->name, check->sentence, text);
    return end;
}

struct wish {
    const char *library;
    const char *only;
    bool is_list;
};

static bool read_wish(int argc, char **argv, struct wish *out)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--list") == 0)
            out->is_list = true;
        else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
            out->only = argv[++i];
        else if (argv[i][0] != '-' && !out->library)
            out->library = argv[i];
        else
            return false;
    }
    return out->library || out->is_list;
}

static size_t run_all(const struct wish *wish, const struct lab *lab, size_t ends[3])
{
    size_t seen = 0;

    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        for (size_t k = 0; k < groups[i]->count; k++) {
            const struct check *check = &groups[i]->checks[k];

            if (wish->only && strcmp(wish->only, check->name) != 0)
                continue;
            seen++;
            if (wish->is_list)
                printf("%s: %s\n", check->name, check->sentence);
            else
                ends[run_check(check, lab)]++;
        }
    }
    return seen;
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/atelier-check-XXXXXX";
    char path[sizeof folder + 16];
    struct wish wish = {0};
    struct lab lab = {.socket = path};
    size_t ends[3] = {0};
    size_t seen;

    if (!read_wish(argc, argv, &wish)) {
        fprintf(stderr, "usage: atelier-check PLUGIN.so [--list] [--only NAME]\n");
        return 2;
    }
    if (!wish.is_list && access(wish.library, R_OK) != 0) {
        fprintf(stderr, "atelier-check: %s cannot be read: %s\n", wish.library, strerror(errno));
        return 2;
    }
    if (!mkdtemp(folder)) {
        fprintf(stderr, "atelier-check: no folder in /tmp: %s\n", strerror(errno));
        return 2;
    }
    snprintf(path, sizeof path, "%s/agent.sock", folder);
    lab.library = wish.library;
    seen = run_all(&wish, &lab, ends);
    rmdir(folder);
    if (!seen) {
        fprintf(stderr, "atelier-check: there is no check %s; see --list\n", wish.only);
        return 2;
    }
    if (wish.is_list)
        return 0;
    printf("atelier-check: %zu checks: %zu ok, %zu failed, %zu skipped\n", seen, ends[PASSED],
           ends[FAILED], ends[SKIPPED]);
    return ends[FAILED] ? 1 : 0;
}
