// SPDX-License-Identifier: Apache-2.0
// What a program is called with, as a table: --name VALUE, --name=VALUE, --flag. Shared by the
// programs that stand beside the agent; what a combination means is theirs. [any-thread]
#ifndef ATL_CORE_ARGUMENT_H
#define ATL_CORE_ARGUMENT_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>

// A row; one without a name is a heading of the help.
struct atl_argument {
    const char *name;  // without its dashes
    size_t offset;     // in the program's struct: of a const char *, or of a bool
    bool has_value;    // else it is a flag
    const char *value; // what stands for it in the help: "FILE"
    const char *help;
};

struct atl_arguments {
    const struct atl_argument *rows;
    size_t count;
};

// The row of a word of the command line, NULL when there is none; *value: what stands behind "=".
const struct atl_argument *atl_argument_find(struct atl_arguments list, const char *word,
                                             const char **value);

// The name that begins most like the word, with at least two letters; NULL: none does.
const char *atl_argument_near(struct atl_arguments list, const char *word);

// Whether it was given already.
bool atl_argument_is_given(const struct atl_argument *row, const void *into);

// Writes it into the program's struct. A value that find() did not see is the next word: *at moves
// on. What is written points into argv. ATL_E_INVALID: no value, or one too many.
ATL_MUST_USE atl_code atl_argument_take(const struct atl_argument *row, const char *value, int argc,
                                        char **argv, int *at, void *into, struct atl_error *err);

#endif
