// SPDX-License-Identifier: Apache-2.0
// What stands in a ^GF or ~DG, as dots.
#include "tests/support/inflate.h"
#include "tests/support/zpl_lexer.h"

#include <stdlib.h>
#include <string.h>

// ---- Z64 ----

// The CRC that modems of XMODEM used, a bit at a time.
static unsigned crc_of(const char *text, size_t len)
{
    unsigned crc = 0;

    for (size_t i = 0; i < len; i++) {
        for (int bit = 7; bit >= 0; bit--) {
            const unsigned out = (crc >> 15 & 1) ^ ((unsigned)(uint8_t)text[i] >> bit & 1);

            crc = (crc << 1 & 0xffff) ^ (out ? 0x1021u : 0u);
        }
    }
    return crc;
}

static int value_of(char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return letter - 'A';
    if (letter >= 'a' && letter <= 'z')
        return letter - 'a' + 26;
    if (letter >= '0' && letter <= '9')
        return letter - '0' + 52;
    return letter == '+' ? 62 : letter == '/' ? 63 : -1;
}

static bool unbase64(const char *text, size_t len, uint8_t *out, size_t *out_len)
{
    size_t letters = len;

    while (letters && len - letters < 2 && text[letters - 1] == '=')
        letters--;
    if (len % 4 || !len)
        return false;
    *out_len = 0;
    for (size_t i = 0, bits = 0, hold = 0; i < letters; i++) {
        const int value = value_of(text[i]);

        if (value < 0)
            return false;
        hold = (hold << 6 | (size_t)value) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[(*out_len)++] = (uint8_t)(hold >> bits);
        }
    }
    return true;
}

bool zpl_unpack_z64(const char *text, size_t len, uint8_t *out, size_t size, const char **why)
{
    const char *colon = memchr(text, ':', len);
    const size_t letters = colon ? (size_t)(colon - text) : 0;
    char crc[5] = "";
    uint8_t *packed;
    size_t packed_len = 0;
    bool is_good;

    *why = "no CRC of four digits";
    if (!colon || len - letters != 5)
        return false;
    memcpy(crc, colon + 1, 4);
    *why = "its CRC is wrong";
    if (strspn(crc, "0123456789ABCDEFabcdef") != 4 ||
        strtoul(crc, NULL, 16) != crc_of(text, letters))
        return false;
    packed = malloc(letters + 1);
    if (!packed)
        abort();
    *why = "it is not base64";
    is_good = unbase64(text, letters, packed, &packed_len) &&
              inflate_zlib(packed, packed_len, out, size, why);
    free(packed);
    return is_good;
}

// ---- Hexadecimal ----

struct hex {
    uint8_t *out;
    size_t row_digits, size_digits, at; // half bytes
};

static void put(struct hex *hex, unsigned digit)
{
    if (hex->at >= hex->size_digits)
        return;
    if (hex->at % 2)
        hex->out[hex->at / 2] = (uint8_t)(hex->out[hex->at / 2] | digit);
    else
        hex->out[hex->at / 2] = (uint8_t)(digit << 4);
    hex->at++;
}

static void fill_row(struct hex *hex, unsigned digit)
{
    do
        put(hex, digit);
    while (hex->at % hex->row_digits && hex->at < hex->size_digits);
}

static bool same_row(struct hex *hex)
{
    const size_t row = hex->row_digits / 2, at = hex->at / 2;

    if (hex->at % hex->row_digits || at < row || hex->at + hex->row_digits > hex->size_digits)
        return false;
    memcpy(hex->out + at, hex->out + at - row, row);
    hex->at += hex->row_digits;
    return true;
}

static bool digit(struct hex *hex, char letter, unsigned *run)
{
    const char *digits = "0123456789ABCDEF";
    const char *found = letter ? strchr(digits, letter) : NULL;

    if (letter >= 'a' && letter <= 'f')
        found = digits + 10 + (letter - 'a');
    if (!found)
        return false;
    for (unsigned i = 0; i < (*run ? *run : 1); i++)
        put(hex, (unsigned)(found - digits));
    *run = 0;
    return true;
}

bool zpl_unpack_hex(const char *text, size_t len, uint32_t row_bytes, uint8_t *out, size_t size,
                    const char **why)
{
    struct hex hex = {.out = out, .row_digits = (size_t)row_bytes * 2, .size_digits = size * 2};
    unsigned run = 0;

    *why = "it is not hexadecimal";
    memset(out, 0, size);
    for (size_t i = 0; i < len; i++) {
        const char letter = text[i];

        if (letter == '\r' || letter == '\n' || letter == ' ')
            continue;
        if (letter >= 'G' && letter <= 'Y')
            run += (unsigned)(letter - 'G' + 1);
        else if (letter >= 'g' && letter <= 'z')
            run += (unsigned)(letter - 'g' + 1) * 20;
        else if (letter == ',' || letter == '!')
            fill_row(&hex, letter == '!' ? 15 : 0);
        else if (letter == ':' ? !same_row(&hex) : !digit(&hex, letter, &run))
            return false;
    }
    *why = "fewer dots than it says";
    return hex.at == hex.size_digits;
}
