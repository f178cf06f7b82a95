// SPDX-License-Identifier: Apache-2.0
// Text as the eye reads it, for screen.c only: one atom a letter, whatever script, case, width or
// accent it was written with; what stands between letters is gone but remembered as borders.
#ifndef ATL_CORE_SCREEN_FOLD_H
#define ATL_CORE_SCREEN_FOLD_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>

struct atl_atom {
    uint32_t letter;       // folded code point
    const char *also;      // ASCII letters that it passes for; NULL: none but itself
    uint32_t offset_bytes; // of the code point that it comes from
    uint32_t len_bytes;
    uint32_t token;       // atoms between two spaces have the same number
    uint32_t token_count; // letters and digits in it
    bool is_digit;
    bool is_symbol;   // '$', '@', … : a letter or a border, as one likes
    bool starts_word; // something stands before it
    bool is_excepted; // screen.c: part of a word that is always fine
};

struct atl_atoms {
    struct atl_atom *list; // owned
    size_t count;
};

// ATL_E_NOMEM. Free with atl_atoms_free(), also after a failure.
ATL_MUST_USE atl_code atl_atoms_init(struct atl_atoms *atoms, const char *text, size_t len,
                                     struct atl_error *err);
void atl_atoms_free(struct atl_atoms *atoms);

enum atl_fit {
    ATL_FIT_NONE,
    ATL_FIT_LOOSE, // passes for it: '1' for 'i', '$' for 's', 'l' for 'i'
    ATL_FIT_EXACT
};

// Whether an atom of a text may be read as this letter of a word.
enum atl_fit atl_atom_fit(uint32_t word_letter, const struct atl_atom *atom);

#endif
