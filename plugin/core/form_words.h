// SPDX-License-Identifier: Apache-2.0
// The sentences of findings: one row a code, for staff and for the guest, in each language. Only
// for form*.c.
#ifndef ATL_CORE_FORM_WORDS_H
#define ATL_CORE_FORM_WORDS_H

#include "plugin/core/arena.h"
#include "plugin/core/words.h"

struct atl_form_words {
    const char *code;                  // may have a variant behind a '+': "no_glyph+other"
    const char *staff[ATL_LANG_COUNT]; // {values} in braces
    const char *guest[ATL_LANG_COUNT];
};

// The row of the code; that of "other" for a code nobody knows. Never NULL.
const struct atl_form_words *atl_form_words_find(const char *code);

// All rows, for tests.
const struct atl_form_words *atl_form_words_all(size_t *count);

// The sentence with its values put in; a {name} that nobody gave becomes "…". Belongs to the arena;
// NULL only when that failed.
const char *atl_form_words_fill(struct atl_arena *arena, const char *sentence,
                                const struct atl_words_value *values, size_t count);

// What a text field takes, in words: "letters and . only".
const char *atl_form_words_allowed(int characters, enum atl_lang lang);

// "yes", "no" as people say them.
const char *atl_form_words_yes(bool yes, enum atl_lang lang);

#endif
