// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/id.h"

#include <string.h>

static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { TIME_SYMBOLS = 10, RANDOM_SYMBOLS = 16 };

void atl_id_make(int64_t time_ms, const uint8_t random[ATL_ID_RANDOM_BYTES], char out[ATL_ID_CAP])
{
    const int64_t last = ((int64_t)1 << 48) - 1;
    uint64_t time = (uint64_t)(time_ms < 0 ? 0 : time_ms > last ? last : time_ms);

    for (int i = TIME_SYMBOLS - 1; i >= 0; i--, time >>= 5)
        out[i] = symbols[time & 31];
    for (int i = 0; i < RANDOM_SYMBOLS; i++) {
        int bit = 5 * i;
        unsigned pair = (unsigned)random[bit / 8] << 8;

        if (bit / 8 + 1 < ATL_ID_RANDOM_BYTES)
            pair |= random[bit / 8 + 1];
        out[TIME_SYMBOLS + i] = symbols[pair >> (11 - bit % 8) & 31];
    }
    out[ATL_ID_LEN] = 0;
}

static int value_of(char symbol)
{
    const char *at = symbol ? strchr(symbols, symbol) : NULL;

    return at ? (int)(at - symbols) : -1;
}

bool atl_id_is_valid(const char *text, size_t len)
{
    if (len != ATL_ID_LEN || text[0] > '7')
        return false;
    for (size_t i = 0; i < len; i++) {
        if (value_of(text[i]) < 0)
            return false;
    }
    return true;
}

atl_code atl_id_time(const char *text, size_t len, int64_t *time_ms, struct atl_error *err)
{
    int64_t time = 0;

    if (!atl_id_is_valid(text, len))
        return atl_fail(err, ATL_E_INVALID, "not an id: %d upper-case symbols are needed",
                        ATL_ID_LEN);
    for (int i = 0; i < TIME_SYMBOLS; i++)
        time = time << 5 | value_of(text[i]);
    *time_ms = time;
    return ATL_OK;
}
