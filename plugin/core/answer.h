// SPDX-License-Identifier: Apache-2.0
// Answers to a form: names of fields and what was said. Plain and borrowed; whoever made the list
// owns it. A checkbox is answered "yes" or "no".
#ifndef ATL_CORE_ANSWER_H
#define ATL_CORE_ANSWER_H

#include <stddef.h>
#include <string.h>

enum {
    ATL_ANSWERS_MAX = 64,              // answers in one list
    ATL_ANSWER_NAME_MAX_BYTES = 64,    // without the NUL
    ATL_ANSWER_VALUE_MAX_BYTES = 4096, // without the NUL
};

struct atl_answer {
    const char *name;  // atl_field.name; NULL is a question of no form
    const char *value; // UTF-8; NULL is the same as ""
};

// The value of that name, or NULL when there is none.
static inline const char *atl_answers_find(const struct atl_answer *answers, size_t count,
                                           const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (answers[i].name && strcmp(answers[i].name, name) == 0)
            return answers[i].value ? answers[i].value : "";
    }
    return NULL;
}

#endif
