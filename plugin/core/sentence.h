// SPDX-License-Identifier: Apache-2.0
// One sentence in each language of staff, with {1} to {9} where a value stands.
//
// What fails says so in English, once, for the log, the doctor and the command line. Who shows it
// to a cashier or to the workshop has it said again in their language, by a table of such rows: the
// English of a row is what the source writes, so the values are found in what was said. {-} stands
// for what only an engineer wants to know: the errno, the sector. It is said in English alone.
#ifndef ATL_CORE_SENTENCE_H
#define ATL_CORE_SENTENCE_H

#include "plugin/core/words.h"

struct atl_sentence {
    const char *in[ATL_LANG_COUNT]; // en, fr, ja; the same values in each, in any order
};

// The row that `said` was written by, in `lang`, with its values; cut at a whole letter. What
// stands around it (a path, what was being done) is left out. A sentence that atl_fail() cut short
// is still found, and what it lost becomes "…". False, and out "": none of the rows says it.
// English is said as it was, always.
bool atl_sentence_again(const struct atl_sentence *rows, size_t count, const char *said,
                        enum atl_lang lang, char *out, size_t size);

// The words with one value put in at {1}; cut at a whole letter.
void atl_sentence_fill(const char *words, const char *value, char *out, size_t size);

// Copies as much as fits, never half a letter.
void atl_sentence_copy(char *out, size_t size, const char *text);

#endif
