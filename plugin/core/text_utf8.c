// SPDX-License-Identifier: Apache-2.0
// UTF-8 in and out, strictly (Unicode 15, table 3-7).
#include "plugin/core/text.h"

// What may follow a lead byte: how many more bytes, and the range of the first of them. The others
// are 80..BF.
static const struct lead {
    uint8_t first, last;
    uint8_t more;
    uint8_t low, high;
    uint8_t bits; // of the lead byte that belong to the code point
} leads[] = {
    {0xC2, 0xDF, 1, 0x80, 0xBF, 0x1F},
    {0xE0, 0xE0, 2, 0xA0, 0xBF, 0x0F},
    {0xE1, 0xEC, 2, 0x80, 0xBF, 0x0F},
    {0xED, 0xED, 2, 0x80, 0x9F, 0x0F}, // no surrogates
    {0xEE, 0xEF, 2, 0x80, 0xBF, 0x0F},
    {0xF0, 0xF0, 3, 0x90, 0xBF, 0x07},
    {0xF1, 0xF3, 3, 0x80, 0xBF, 0x07},
    {0xF4, 0xF4, 3, 0x80, 0x8F, 0x07},
};

static const struct lead *find_lead(uint8_t byte)
{
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++) {
        if (byte >= leads[i].first && byte <= leads[i].last)
            return &leads[i];
    }
    return NULL;
}

// Bytes of a valid sequence, or 0.
static size_t decode(const char *text, size_t len, uint32_t *code_point)
{
    const uint8_t *bytes = (const uint8_t *)text;
    const struct lead *lead;
    uint32_t value;

    if (bytes[0] < 0x80) {
        *code_point = bytes[0];
        return 1;
    }
    lead = find_lead(bytes[0]);
    if (!lead || len <= lead->more || bytes[1] < lead->low || bytes[1] > lead->high)
        return 0;
    value = bytes[0] & lead->bits;
    for (size_t i = 1; i <= lead->more; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (bytes[i] & 0x3F);
    }
    *code_point = value;
    return (size_t)lead->more + 1;
}

size_t atl_text_next(const char *text, size_t len, uint32_t *code_point)
{
    size_t used;

    if (!len)
        return 0;
    used = decode(text, len, code_point);
    if (used)
        return used;
    *code_point = ATL_TEXT_REPLACEMENT;
    return 1;
}

bool atl_text_is_utf8(const char *text, size_t len)
{
    uint32_t code_point;
    size_t used;

    for (size_t i = 0; i < len; i += used) {
        used = decode(text + i, len - i, &code_point);
        if (!used)
            return false;
    }
    return true;
}

size_t atl_text_encode(uint32_t code_point, char out[4])
{
    static const uint8_t lead[] = {0, 0xC0, 0xE0, 0xF0};
    size_t more;

    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        code_point = ATL_TEXT_REPLACEMENT;
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    more = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
    for (size_t i = more; i; i--) {
        out[i] = (char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    out[0] = (char)(lead[more] | code_point);
    return more + 1;
}

size_t atl_text_code_points(const char *text, size_t len)
{
    uint32_t code_point;
    size_t count = 0;

    for (size_t i = 0; i < len; i += atl_text_next(text + i, len - i, &code_point))
        count++;
    return count;
}
