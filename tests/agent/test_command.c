// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/command.h"
#include "plugin/agent/nearest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// What the command saw, for the test to look at.
static struct {
    char word[32];
    char reason[32];
    bool is_forced;
    int runs;
} seen;

static int note(const struct atl_call *call)
{
    const char *reason = atl_call_option(call, "reason");

    seen.runs++;
    seen.is_forced = atl_call_option(call, "force") != NULL;
    (void)snprintf(seen.word, sizeof seen.word, "%s", call->word_count ? call->words[0] : "");
    (void)snprintf(seen.reason, sizeof seen.reason, "%s", reason ? reason : "");
    return 7;
}

static const struct atl_option options[] = {
    {"reason", "TEXT", "why"},
    {"force",  NULL,   "now"},
    {NULL,     NULL,   NULL },
};
static const struct atl_command remake = {.name = "remake",
                                          .words = "CODE",
                                          .min_words = 1,
                                          .max_words = 1,
                                          .help = "make it again",
                                          .options = options,
                                          .run = note};
static const struct atl_command reprint = {.name = "reprint",
                                           .words = "CODE",
                                           .min_words = 1,
                                           .max_words = 1,
                                           .help = "print it again",
                                           .run = note};
static const struct atl_command wants_config = {
    .name = "status", .words = "", .help = "how it is", .needs_config = true, .run = note};
static const struct atl_command *const commands[] = {&remake, &reprint, &wants_config};

static char said[4096];

static void read_back(const char *file)
{
    FILE *stream = fopen(file, "re");
    size_t len;

    assert_non_null(stream);
    len = fread(said, 1, sizeof said - 1, stream);
    said[len] = '\0';
    (void)fclose(stream);
}

// Runs a command line; what it printed on standard error is in `said`.
static int call(int argc, const char *const *argv)
{
    char *copy[10] = {0};
    const int old = dup(2);
    int code;

    for (int i = 0; i < argc; i++)
        copy[i] = (char *)(uintptr_t)argv[i];
    memset(&seen, 0, sizeof seen);
    assert_non_null(freopen("said.txt", "we", stderr));
    code = atl_command_main(commands, 3, argc, copy);
    (void)fflush(stderr);
    assert_int_equal(dup2(old, 2), 2);
    close(old);
    read_back("said.txt");
    return code;
}

#define CALL(...)                                                                                  \
    call((int)(sizeof((const char *[]){"atelier-agent", __VA_ARGS__}) / sizeof(char *)),           \
         (const char *[]){"atelier-agent", __VA_ARGS__})

static void words_and_options_reach_the_command_in_any_order(void **state)
{
    (void)state;
    assert_int_equal(CALL("remake", "--reason", "thread broke", "K7F-2A1", "--force"), 7);
    assert_string_equal(seen.word, "K7F-2A1");
    assert_string_equal(seen.reason, "thread broke");
    assert_true(seen.is_forced);
    assert_int_equal(CALL("remake", "K7F-2A1", "--reason=hoop"), 7);
    assert_string_equal(seen.reason, "hoop");
    assert_false(seen.is_forced);
    assert_int_equal(CALL("remake", "--", "--force"), 7);
    assert_string_equal(seen.word, "--force");
}

static void a_mistake_is_said_with_the_nearest_that_there_is(void **state)
{
    static const struct {
        const char *argv[4];
        int argc;
        const char *sentence;
    } rows[] = {
        {{"a", "remaek", "x"},              3, "there is no command \"remaek\"; did you mean \"remake\"?"},
        {{"a", "frobnicate"},               2, "there is no command \"frobnicate\"\nHelp"                },
        {{"a", "remake", "x", "--resaon"},  4, "no option \"--resaon\"; did you mean \"--reason\"?"      },
        {{"a", "remake", "x", "--reason"},  4, "remake: a value must follow \"--reason\""                },
        {{"a", "remake", "x", "y"},         4, "remake: this is one word too many: \"y\""                },
        {{"a", "remake"},                   2, "remake: something is missing; it takes \"CODE\""         },
        {{"a", "remake", "x", "--force=1"}, 4, "there is no option \"--force=1\""                        },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(call(rows[i].argc, rows[i].argv), ATL_EXIT_USAGE);
        assert_int_equal(seen.runs, 0);
        if (!strstr(said, rows[i].sentence))
            fail_msg("\"%s\" has no \"%s\"", said, rows[i].sentence);
    }
}

static void a_command_that_needs_the_configuration_fails_without_it(void **state)
{
    (void)state;
    assert_int_equal(CALL("status", "--config", "/no/such.ini"), ATL_EXIT_FAILED);
    assert_int_equal(seen.runs, 0);
    assert_non_null(strstr(said, "atelier-agent status: /no/such.ini: No such file"));
}

static void help_runs_nothing(void **state)
{
    (void)state;
    assert_int_equal(CALL("remake", "--help"), ATL_EXIT_OK);
    assert_int_equal(CALL("--help"), ATL_EXIT_OK);
    assert_int_equal(seen.runs, 0);
}

static void the_nearest_word_is_near(void **state)
{
    static const char *const names[] = {"start", "status", "salvage"};

    (void)state;
    assert_string_equal(atl_nearest("stats", names, 3), "status");
    assert_string_equal(atl_nearest("slavage", names, 3), "salvage");
    assert_null(atl_nearest("print", names, 3));
    assert_null(atl_nearest("", names, 0));
    assert_null(atl_nearest("a-word-that-is-longer-than-all-names-of-ours", names, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_options_reach_the_command_in_any_order),
        cmocka_unit_test(a_mistake_is_said_with_the_nearest_that_there_is),
        cmocka_unit_test(a_command_that_needs_the_configuration_fails_without_it),
        cmocka_unit_test(help_runs_nothing),
        cmocka_unit_test(the_nearest_word_is_near),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
