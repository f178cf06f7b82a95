// SPDX-License-Identifier: Apache-2.0
#include "plugin/wire/pos_utf8.h"

#include <stdint.h>

// Table 3-7 of the Unicode standard: lead bytes, the range of the second byte, and the length.
static const struct lead {
    uint8_t first, last;
    uint8_t second_first, second_last;
    uint8_t len;
} leads[] = {
    {0x01, 0x7f, 0,    0,    1},
    {0xc2, 0xdf, 0x80, 0xbf, 2},
    {0xe0, 0xe0, 0xa0, 0xbf, 3},
    {0xe1, 0xec, 0x80, 0xbf, 3},
    {0xed, 0xed, 0x80, 0x9f, 3},
    {0xee, 0xef, 0x80, 0xbf, 3},
    {0xf0, 0xf0, 0x90, 0xbf, 4},
    {0xf1, 0xf3, 0x80, 0xbf, 4},
    {0xf4, 0xf4, 0x80, 0x8f, 4},
};

// The length of the character there; 0: it is none.
static size_t character_len(const uint8_t *bytes, size_t left)
{
    const struct lead *lead = NULL;

    for (size_t i = 0; !lead && i < sizeof leads / sizeof leads[0]; i++) {
        if (bytes[0] >= leads[i].first && bytes[0] <= leads[i].last)
            lead = &leads[i];
    }
    if (!lead || lead->len > left)
        return 0;
    if (lead->len > 1 && (bytes[1] < lead->second_first || bytes[1] > lead->second_last))
        return 0;
    for (size_t i = 2; i < lead->len; i++) {
        if (bytes[i] < 0x80 || bytes[i] > 0xbf)
            return 0;
    }
    return lead->len;
}

bool atl_pos_is_utf8(const char *text, size_t len)
{
    size_t at = 0;

    while (at < len) {
        const size_t step = character_len((const uint8_t *)text + at, len - at);

        if (!step)
            return false;
        at += step;
    }
    return true;
}
