// SPDX-License-Identifier: Apache-2.0
// The table of sentences; for words*.c and its test only. Others ask atl_words_get().
#ifndef ATL_CORE_WORDS_TABLE_H
#define ATL_CORE_WORDS_TABLE_H

#include "plugin/core/words.h"

struct atl_words_row {
    enum atl_words_id id;
    const char *text[ATL_LANG_COUNT];
};

extern const struct atl_words_row atl_words_table[ATL_WORDS_COUNT];

#endif
