// SPDX-License-Identifier: Apache-2.0
// Screening of a guest's words against the shop's lists.
//
// A list is data: words with a reason each, and exceptions that win. Text and words are brought to
// the same form first, so that case, accents, digits for letters, spaced or dotted letters,
// repeated letters, look-alikes of other scripts and the reversed word are all found. The caller
// shows a courteous sentence for the reason and never repeats or logs what was found.
#ifndef ATL_CORE_SCREEN_H
#define ATL_CORE_SCREEN_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>

struct atl_screen_word {
    const char *word;   // UTF-8; two letters at least after folding
    const char *reason; // stable code: "profanity", "mark", "player", …
    bool is_substring;  // found inside other words, too
};

// Borrowed; immutable. Several lists may be asked one after the other.
struct atl_screen_list {
    const struct atl_screen_word *words;
    size_t word_count;
    const char *const *exceptions; // whole words or phrases that are always fine ("Scunthorpe")
    size_t exception_count;
};

struct atl_screen_hit {
    const char *reason;  // of the word that was found; borrowed from the list
    size_t word_index;   // in list->words
    size_t offset_bytes; // where in the text it begins
    size_t len_bytes;    // how much of the text it covers
};

// ATL_OK: *is_hit says whether a word of the list was found, and *hit which and where (the first in
// the list's order). ATL_E_NOMEM: text over 1 KiB or no memory. `hit` may be NULL.
ATL_MUST_USE atl_code atl_screen_check(const struct atl_screen_list *list, const char *text,
                                       size_t len, bool *is_hit, struct atl_screen_hit *hit,
                                       struct atl_error *err);

// A list's word can be used: it has two letters or more after folding, and a reason. For the
// loader of the catalogue.
ATL_MUST_USE atl_code atl_screen_word_check(const struct atl_screen_word *word,
                                            struct atl_error *err);

#endif
