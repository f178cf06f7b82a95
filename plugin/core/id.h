// SPDX-License-Identifier: Apache-2.0
// ULID: our ids of orders, pieces, events. 48 bits of time, 80 random bits, 26 Crockford symbols
// that sort by time. https://github.com/ulid/spec
#ifndef ATL_CORE_ID_H
#define ATL_CORE_ID_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    ATL_ID_LEN = 26,
    ATL_ID_CAP = 27, // with the NUL
    ATL_ID_RANDOM_BYTES = 10,
};

// Time is in ms since the epoch, 0..2^48-1; what is outside is brought to the nearer end.
void atl_id_make(int64_t time_ms, const uint8_t random[ATL_ID_RANDOM_BYTES], char out[ATL_ID_CAP]);

// Exactly 26 upper-case symbols, the first 0..7. Ids are ours and never typed: no other spelling.
bool atl_id_is_valid(const char *text, size_t len);

// The time in it. ATL_E_INVALID when it is no id.
ATL_MUST_USE atl_code atl_id_time(const char *text, size_t len, int64_t *time_ms,
                                  struct atl_error *err);

#endif
