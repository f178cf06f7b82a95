// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/symbol.h"

static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char atl_symbol_of(uint8_t value)
{
    return symbols[value & 31];
}

int atl_symbol_value(char symbol)
{
    if (symbol >= 'a' && symbol <= 'z')
        symbol = (char)(symbol - 'a' + 'A');
    if (symbol == 'O')
        return 0;
    if (symbol == 'I' || symbol == 'L')
        return 1;
    for (int i = 0; i < 32; i++) {
        if (symbols[i] == symbol)
            return i;
    }
    return -1;
}

size_t atl_symbols_read(const char *text, size_t len, uint8_t *values, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++) {
        int value = atl_symbol_value(text[i]);

        if (text[i] == '-')
            continue;
        if (value < 0 || count == max)
            return 0;
        values[count++] = (uint8_t)value;
    }
    return count;
}

void atl_symbols_write(const uint8_t *values, size_t count, char *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = atl_symbol_of(values[i]);
    out[count] = 0;
}

// Times alpha in GF(32): x^5 = x^2 + 1.
static uint8_t times_alpha(uint8_t value)
{
    return (uint8_t)((value << 1 & 31) ^ (value & 16 ? 5 : 0));
}

uint8_t atl_symbols_check(const uint8_t *values, size_t count)
{
    uint8_t sum = 0;

    // Horner's rule from the last value: each step weighs all that came so far by alpha once more.
    for (size_t i = count; i; i--)
        sum = (uint8_t)(times_alpha(sum) ^ values[i - 1]);
    return times_alpha(sum);
}
