// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { NO_LANDLOCK = 77 };

static int try_open(const char *path, int flags)
{
    const int fd = open(path, flags | O_CLOEXEC, 0600);

    if (fd >= 0)
        close(fd);
    return fd >= 0 ? 0 : errno;
}

// In a child, since there is no way back: 0 when everything is as it should be, else the line.
static int look_around(void)
{
    const struct atl_sandbox_path paths[] = {
        {"ours",       true },
        {"shown",      false},
        {"shown-file", false},
        {"",           true },
        {"not-there",  true },
    };

    if (!atl_sandbox_enter(paths, sizeof paths / sizeof paths[0]))
        return NO_LANDLOCK;
    if (try_open("ours/new", O_WRONLY | O_CREAT) != 0)
        return __LINE__;
    if (try_open("ours/new", O_WRONLY | O_TRUNC) != 0)
        return __LINE__;
    if (unlink("ours/new") != 0)
        return __LINE__;
    if (try_open("shown/file", O_RDONLY) != 0 || try_open("shown-file", O_RDONLY) != 0)
        return __LINE__;
    if (try_open("shown/file", O_WRONLY) != EACCES || try_open("shown-file", O_WRONLY) != EACCES)
        return __LINE__;
    if (try_open("shown/new", O_WRONLY | O_CREAT) != EACCES || unlink("shown/file") == 0)
        return __LINE__;
    if (try_open("/etc/passwd", O_RDONLY) != EACCES || try_open("hidden", O_RDONLY) != EACCES)
        return __LINE__;
    if (symlink("/etc/passwd", "ours/link") == 0)
        return __LINE__;
    return prctl(PR_GET_NO_NEW_PRIVS, 0L, 0L, 0L, 0L) == 1 ? 0 : __LINE__;
}

static void only_what_is_listed_can_be_reached(void **state)
{
    static const char *const files[] = {"shown/file", "shown-file", "hidden"};
    int status;
    pid_t child;

    (void)state;
    (void)mkdir("ours", 0700);
    (void)mkdir("shown", 0700);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(try_open(files[i], O_WRONLY | O_CREAT), 0);
    child = fork();
    if (child == 0)
        _exit(look_around());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_LANDLOCK) {
        print_message("SKIP: this kernel has no Landlock\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int try_socket(int domain)
{
    const int fd = socket(domain, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0)
        close(fd);
    return fd >= 0 ? 0 : errno;
}

static int draw_something(void)
{
    atl_sandbox_enter_drawing();
    if (try_socket(AF_INET) != EACCES || try_socket(AF_INET6) != EACCES ||
        try_socket(AF_NETLINK) != EACCES)
        return __LINE__;
    if (try_socket(AF_UNIX) != 0)
        return __LINE__;
    if (try_open("/usr", O_RDONLY) != 0 || try_open("/dev/null", O_WRONLY) != 0)
        return __LINE__;
    if (prctl(PR_GET_NO_NEW_PRIVS, 0L, 0L, 0L, 0L) != 1)
        return __LINE__;
    return try_open("store", O_RDONLY) == EACCES ? 0 : NO_LANDLOCK;
}

static void who_draws_reaches_neither_the_store_nor_the_network(void **state)
{
    int status;
    pid_t child;

    (void)state;
    assert_int_equal(try_open("store", O_WRONLY | O_CREAT), 0);
    assert_int_equal(try_socket(AF_INET), 0); // it is the sandbox that refuses
    child = fork();
    if (child == 0)
        _exit(draw_something());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_LANDLOCK) {
        print_message("SKIP: this kernel has no Landlock\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_listed_can_be_reached),
        cmocka_unit_test(who_draws_reaches_neither_the_store_nor_the_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
