// SPDX-License-Identifier: Apache-2.0
// Walks a table of sentences and fails the test where a row could not be shown to a person.
#ifndef ATL_TESTS_SUPPORT_SENTENCES_H
#define ATL_TESTS_SUPPORT_SENTENCES_H

#include "plugin/core/sentence.h"

typedef bool sentences_again_fn(const char *said, enum atl_lang lang, char *out, size_t size);

// What is wrong with the row, in words; NULL: nothing. Each language has words, with the same
// values, French is typeset as French, Japanese is Japanese, and none is longer than a refusal can
// carry.
const char *sentences_fault(const struct atl_sentence *row);

// The row with its values put in: "V1" for {1}; {-} is "E5" in English.
void sentences_fill(const char *text, char *out, size_t size);

// sentences_fault() of each row; and what the source says by a row is said again by that row,
// though something stands before it, and not by a neighbour's.
void sentences_check(const struct atl_sentence *rows, size_t count, sentences_again_fn *again);

#endif
