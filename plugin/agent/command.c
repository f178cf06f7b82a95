// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/command.h"

#include "plugin/agent/nearest.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *atl_call_option(const struct atl_call *call, const char *name)
{
    const struct atl_option *options = call->command->options;
    size_t i = 0;

    while (options[i].name && strcmp(options[i].name, name) != 0)
        i++;
    assert(options[i].name); // in the command's table
    return call->options[i];
}

int atl_call_fail(const struct atl_call *call, const struct atl_error *err)
{
    fprintf(stderr, "atelier-agent %s: %s\n", call->command->name, err->text);
    return ATL_EXIT_FAILED;
}

static void print_commands(const struct atl_command *const *commands, size_t count)
{
    printf("atelier-agent COMMAND [--config FILE] ...\n\n");
    for (size_t i = 0; i < count; i++)
        printf("  %-10s %s\n", commands[i]->name, commands[i]->help);
    printf("\nEach command explains itself: atelier-agent COMMAND --help. The configuration is "
           "the file of --config,\nelse of $ATELIER_CONFIG, else %s.\n"
           "Exit codes: 0 done, 1 not done (the last line says why), 2 called wrongly, 3 runs "
           "already.\n",
           ATL_CONFIG_DEFAULT_FILE);
}

static void print_help(const struct atl_command *command)
{
    printf("atelier-agent %s%s%s\n\n%s\n", command->name, command->words[0] ? " " : "",
           command->words, command->help);
    if (command->details)
        printf("\n%s\n", command->details);
    printf("\n  --config FILE          the shop's configuration\n");
    for (const struct atl_option *option = command->options; option && option->name; option++) {
        char shown[64];

        (void)snprintf(shown, sizeof shown, "--%s%s%s", option->name, option->value ? " " : "",
                       option->value ? option->value : "");
        printf("  %-22s %s\n", shown, option->help);
    }
}

// Why a call was refused, and what to type instead.
static int refuse(const char *command, const char *what, const char *word, const char *nearest)
{
    fprintf(stderr, "atelier-agent%s%s: %s \"%.60s\"", command[0] ? " " : "", command, what, word);
    if (nearest)
        fprintf(stderr, "; did you mean \"%s\"?", nearest);
    fprintf(stderr, "\nHelp: atelier-agent%s%s --help\n", command[0] ? " " : "", command);
    return ATL_EXIT_USAGE;
}

static const struct atl_command *find_command(const struct atl_command *const *commands,
                                              size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int refuse_command(const struct atl_command *const *commands, size_t count, const char *name)
{
    const char *names[64];
    size_t used = 0;

    for (; used < count && used < sizeof names / sizeof names[0]; used++)
        names[used] = commands[used]->name;
    return refuse("", "there is no command", name, atl_nearest(name, names, used));
}

static int refuse_option(const struct atl_command *command, const char *given)
{
    const char *names[ATL_COMMAND_MAX_OPTIONS + 2] = {"config", "help"};
    const char *nearest;
    char shown[ATL_NEAREST_MAX + 4];
    size_t used = 2;

    for (size_t i = 0; command->options && command->options[i].name; i++)
        names[used++] = command->options[i].name;
    nearest = atl_nearest(given + 2, names, used);
    if (!nearest)
        return refuse(command->name, "there is no option", given, NULL);
    (void)snprintf(shown, sizeof shown, "--%s", nearest);
    return refuse(command->name, "there is no option", given, shown);
}

// "--name=VALUE" or "--name VALUE". Takes one or two of the arguments; 0: it is not this option.
static int match_option(const char *name, bool has_value, char **argv, const char **value)
{
    const size_t len = strlen(name);

    if (strncmp(argv[0], "--", 2) != 0 || strncmp(argv[0] + 2, name, len) != 0)
        return 0;
    if (argv[0][2 + len] == '=' && has_value) {
        *value = argv[0] + 3 + len;
        return 1;
    }
    if (argv[0][2 + len] != '\0')
        return 0;
    *value = has_value ? argv[1] : "";
    return has_value ? 2 : 1;
}

// One option of the command or of all commands; returns the arguments taken, 0 for "no such".
static int take_option(struct atl_call *call, char **argv)
{
    const struct atl_option *options = call->command->options;
    int taken = match_option("config", true, argv, &call->config_file);

    for (size_t i = 0; !taken && options && options[i].name; i++)
        taken = match_option(options[i].name, options[i].value != NULL, argv, &call->options[i]);
    return taken;
}

// Returns ATL_EXIT_OK, or an exit code after having said why.
static int read_arguments(struct atl_call *call, char **argv)
{
    const struct atl_command *command = call->command;
    bool only_words = false;

    while (*argv) {
        int taken = 1;

        if (!only_words && strcmp(*argv, "--") == 0) {
            only_words = true;
        } else if (!only_words && strncmp(*argv, "--", 2) == 0) {
            taken = take_option(call, argv);
            if (!taken)
                return refuse_option(command, *argv);
            if (taken == 2 && !argv[1])
                return refuse(command->name, "a value must follow", *argv, NULL);
        } else if (call->word_count < command->max_words) {
            call->words[call->word_count++] = *argv;
        } else {
            return refuse(command->name, "this is one word too many:", *argv, NULL);
        }
        argv += taken;
    }
    if (call->word_count < command->min_words)
        return refuse(command->name, "something is missing; it takes", command->words, NULL);
    return ATL_EXIT_OK;
}

static int run_command(struct atl_call *call)
{
    struct atl_error err = {0};
    int code;

    call->config_file = atl_config_file(call->config_file);
    if (!call->command->needs_config)
        return call->command->run(call);
    call->config = calloc(1, sizeof *call->config);
    if (!call->config) {
        (void)atl_fail(&err, ATL_E_NOMEM, "out of memory");
        return atl_call_fail(call, &err);
    }
    code = atl_config_read(call->config_file, call->config, &err) ? atl_call_fail(call, &err)
                                                                  : call->command->run(call);
    free(call->config);
    return code;
}

static bool asks_for_help(char **argv)
{
    for (; *argv && strcmp(*argv, "--") != 0; argv++)
        if (strcmp(*argv, "--help") == 0 || strcmp(*argv, "-h") == 0)
            return true;
    return false;
}

int atl_command_main(const struct atl_command *const *commands, size_t count, int argc, char **argv)
{
    struct atl_call call = {0};
    int code;

    if (argc < 2) {
        print_commands(commands, count);
        return ATL_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_commands(commands, count);
        return ATL_EXIT_OK;
    }
    call.command = find_command(commands, count, argv[1]);
    if (!call.command)
        return refuse_command(commands, count, argv[1]);
    if (asks_for_help(argv + 2)) {
        print_help(call.command);
        return ATL_EXIT_OK;
    }
    code = read_arguments(&call, argv + 2);
    return code ? code : run_command(&call);
}
