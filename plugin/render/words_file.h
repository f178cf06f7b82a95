// SPDX-License-Identifier: Apache-2.0
// The labels on paper in one language: `printer-templates/words.fr.ini`, lines of
//
//     order = Commande
//
// and comments that begin with '#'. A shop's own file of the same name, in its own folder, wins key
// by key. A key of its own invention begins with "my_"; any other key that the shipped file
// does not have is refused, because it is a slip of the pen that would do nothing. Templates show
// them as {{i18n.order}}. Guests' sentences, which the page needs too, are in core/words.h.
#ifndef ATL_RENDER_WORDS_FILE_H
#define ATL_RENDER_WORDS_FILE_H

#include "plugin/core/arena.h"

#include <stddef.h>

enum {
    ATL_WORDS_FILE_MAX_BYTES = 64 * 1024,
    ATL_WORDS_FILE_KEYS_MAX = 256,
    ATL_WORDS_FILE_LANGUAGE_CAP = 16,
};

struct atl_words_file_row {
    const char *key;
    const char *words; // UTF-8, may be empty
    struct atl_words_file_row *next;
};

struct atl_words_file {
    struct atl_arena arena;                     // owns the rows
    char language[ATL_WORDS_FILE_LANGUAGE_CAP]; // "fr"
    struct atl_words_file_row *rows;
    size_t count;
};

// Reads words.<language>.ini from `dir_shipped`, then from `dir_override` (may be NULL, and the
// file may be missing there). *out is the caller's to free.
// ATL_E_NOT_FOUND: no shipped file of that language; ATL_E_INVALID: "words.fr.ini:12: …".
ATL_MUST_USE atl_code atl_words_file_load(const char *dir_override, const char *dir_shipped,
                                          const char *language, struct atl_words_file *out,
                                          struct atl_error *err);

// The same from memory. override_text may be NULL. The names stand in errors.
struct atl_words_file_source {
    const char *name; // "words.fr.ini"
    const char *text;
    size_t len;
};
ATL_MUST_USE atl_code atl_words_file_parse(const char *language,
                                           const struct atl_words_file_source *shipped,
                                           const struct atl_words_file_source *override,
                                           struct atl_words_file *out, struct atl_error *err);

void atl_words_file_free(struct atl_words_file *words); // safe on a freed or zeroed one

// NULL when there is no such key. `key` need not end with a NUL.
const char *atl_words_file_find(const struct atl_words_file *words, const char *key, size_t len);

// The key that is most like the given one, for "did you mean"; NULL: none is.
const char *atl_words_file_near(const struct atl_words_file *words, const char *key, size_t len);

#endif
