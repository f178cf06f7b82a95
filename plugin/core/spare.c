// SPDX-License-Identifier: Apache-2.0
// Codes of tags that are printed before there is a piece: a number, and a MAC by which the shop
// knows its own.
#include "plugin/core/name.h"
#include "plugin/core/symbol.h"

#include <string.h>

enum { MAC_LEN = ATL_SPARE_NAME_LEN - ATL_SPARE_NUMBER_LEN, BITS_PER_SYMBOL = 5 };

static void put_mac(const uint8_t key[ATL_HASH_BYTES], char name[ATL_SPARE_NAME_LEN + 1])
{
    static const char purpose[] = "atelier spare tag 1";
    uint8_t bytes[ATL_HASH_BYTES];
    struct atl_mac mac;

    atl_mac_init(&mac, key, ATL_HASH_BYTES);
    atl_mac_add(&mac, purpose, sizeof purpose);
    atl_mac_add(&mac, name, ATL_SPARE_NUMBER_LEN);
    atl_mac_end(&mac, bytes);
    for (size_t i = 0; i < MAC_LEN; i++) {
        const size_t bit = i * BITS_PER_SYMBOL;
        const unsigned two = (unsigned)bytes[bit / 8] << 8 | bytes[bit / 8 + 1];
        const unsigned shift = 16 - BITS_PER_SYMBOL - (unsigned)(bit % 8);

        name[ATL_SPARE_NUMBER_LEN + i] = atl_symbol_of((uint8_t)(two >> shift & 31));
    }
    name[ATL_SPARE_NAME_LEN] = '\0';
}

atl_code atl_spare_code_make(const uint8_t key[ATL_HASH_BYTES], int64_t number,
                             char out[ATL_NAME_CODE_CAP], struct atl_error *err)
{
    char name[ATL_SPARE_NAME_LEN + 1];

    if (number < 1 || number > ATL_SPARE_NUMBER_MAX)
        return atl_fail(err, ATL_E_INVALID, "spare tags have numbers from 1 to %d",
                        ATL_SPARE_NUMBER_MAX);
    for (size_t i = ATL_SPARE_NUMBER_LEN; i-- > 0; number /= 32)
        name[i] = atl_symbol_of((uint8_t)(number % 32));
    put_mac(key, name);
    return atl_name_code_make('S', name, out, err);
}

bool atl_spare_code_is_ours(const uint8_t key[ATL_HASH_BYTES], const char *name)
{
    char expected[ATL_SPARE_NAME_LEN + 1];

    if (strlen(name) != ATL_SPARE_NAME_LEN)
        return false;
    memcpy(expected, name, ATL_SPARE_NUMBER_LEN);
    put_mac(key, expected);
    return atl_hash_equal(expected, name, ATL_SPARE_NAME_LEN);
}

atl_code atl_spare_code_write(const char *name, char out[ATL_NAME_CODE_CAP], struct atl_error *err)
{
    return atl_name_code_make('S', name, out, err);
}
