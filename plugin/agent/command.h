// SPDX-License-Identifier: Apache-2.0
// The commands of atelier-agent: one table in main.c, one function each.
//
// Exit codes: 0 done; 1 not done, the last line on standard error says why and what helps;
// 2 called wrongly; 3 it runs already.
#ifndef ATL_AGENT_COMMAND_H
#define ATL_AGENT_COMMAND_H

#include "plugin/agent/config.h"

enum {
    ATL_EXIT_OK = 0,
    ATL_EXIT_FAILED = 1,
    ATL_EXIT_USAGE = 2,
    ATL_EXIT_RUNNING = 3,
};

// An option of a command: "--reason TEXT". A flag has no value.
struct atl_option {
    const char *name;  // "reason", without the dashes
    const char *value; // "TEXT"; NULL: a flag
    const char *help;
};

enum { ATL_COMMAND_MAX_OPTIONS = 16, ATL_COMMAND_MAX_WORDS = 8 };

// What the person typed, already checked against the command's table. Texts are argv's.
struct atl_call {
    const struct atl_command *command;
    const char *config_file;                  // as by atl_config_file()
    struct atl_config *config;                // NULL for commands with needs_config false
    const char *words[ATL_COMMAND_MAX_WORDS]; // what is no option, in order
    size_t word_count;
    const char *options[ATL_COMMAND_MAX_OPTIONS]; // as in the table; NULL: not given; flag: ""
};

struct atl_command {
    const char *name;  // "hand-over"
    const char *words; // shown in the help: "CODE [UNIT]"; "" when it takes none
    size_t min_words;
    size_t max_words;
    const char *help;                 // one line
    const char *details;              // paragraphs for `COMMAND --help`; NULL: none
    const struct atl_option *options; // ends with a row without a name; NULL: none
    bool needs_config;                // false: call->config is NULL, the command reads it itself
    int (*run)(const struct atl_call *call); // returns an exit code
};

// The value of an option of the command's table; NULL when it was not given. Asking for one that
// is not in the table is a bug (assert).
const char *atl_call_option(const struct atl_call *call, const char *name);

// Prints "atelier-agent COMMAND: sentence" on standard error and returns ATL_EXIT_FAILED.
int atl_call_fail(const struct atl_call *call, const struct atl_error *err);

// Finds, checks and runs. argv as in main. Prints help and mistakes.
int atl_command_main(const struct atl_command *const *commands, size_t count, int argc,
                     char **argv);

#endif
