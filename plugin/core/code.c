// SPDX-License-Identifier: Apache-2.0
// Making and reading the codes. What a scanner delivers is sorted in scan.c, names are in name.c.
#include "plugin/core/code.h"

#include "plugin/core/symbol.h"

#include <stdio.h>
#include <string.h>

enum {
    BITS_PER_SYMBOL = 5,
    ORDER_DATA = 5,
    ORDER_SYMBOLS = 6, // with the check symbol
    UNIT_SYMBOLS = 3,
    REVISION_SYMBOLS = 3,
    MAC_SYMBOLS = 15,
    TAG_DATA = ORDER_SYMBOLS + UNIT_SYMBOLS + REVISION_SYMBOLS + MAC_SYMBOLS,
};

// Bits first .. first + 4 of the bytes, the highest bit of each byte first.
static uint8_t five_bits(const uint8_t *bytes, size_t first)
{
    unsigned value = 0;

    for (size_t bit = first; bit < first + BITS_PER_SYMBOL; bit++)
        value = value << 1 | ((unsigned)bytes[bit / 8] >> (7 - bit % 8) & 1u);
    return (uint8_t)value;
}

void atl_token_make(const uint8_t random[ATL_TOKEN_RANDOM_BYTES], char out[ATL_TOKEN_CAP])
{
    for (size_t i = 0; i < ATL_TOKEN_LEN; i++)
        out[i] = atl_symbol_of(five_bits(random, BITS_PER_SYMBOL * i));
    out[ATL_TOKEN_LEN] = 0;
}

atl_code atl_token_read(const char *text, size_t len, char out[ATL_TOKEN_CAP],
                        struct atl_error *err)
{
    uint8_t values[ATL_TOKEN_LEN];

    if (atl_symbols_read(text, len, values, ATL_TOKEN_LEN) != ATL_TOKEN_LEN)
        return atl_fail(err, ATL_E_INVALID, "not a token: %d letters and digits are needed",
                        ATL_TOKEN_LEN);
    atl_symbols_write(values, ATL_TOKEN_LEN, out);
    return ATL_OK;
}

void atl_token_hash(const char token[ATL_TOKEN_CAP], uint8_t out[ATL_HASH_BYTES])
{
    atl_hash_sha256(token, ATL_TOKEN_LEN, out);
}

// Nobody wants these on a ticket, in the letters that the alphabet has and with digits for others.
static const char *const unwanted[] = {
    "ARSE", "ASS",  "BASTARD", "BEATCH", "B1TCH", "BTCH", "CACA",  "CNT", "C0CK", "C0N",
    "CRAP", "CVM",  "DAMN",    "DEAD",   "D1CK",  "FAG",  "FAT",   "FKK", "FVCK", "FCK",
    "GAY",  "HATE", "H0M0",    "JEW",    "K1KE",  "KKK",  "MERDE", "N1G", "NAZ1", "NAZ",
    "PD",   "P1SS", "P0RN",    "PVTE",   "RAPE",  "SEX",  "SH1T",  "SHT", "S1EG", "S1VT",
    "SS",   "TARD", "TETTE",   "T1T",    "TWAT",  "WTF",  "XXX",
};

static bool is_unwanted(const char *symbols)
{
    for (size_t i = 0; i < sizeof unwanted / sizeof unwanted[0]; i++) {
        if (strstr(symbols, unwanted[i]))
            return true;
    }
    return false;
}

static void write_order_code(const uint8_t values[ORDER_SYMBOLS], char out[ATL_ORDER_CODE_CAP])
{
    char symbols[ORDER_SYMBOLS + 1];

    atl_symbols_write(values, ORDER_SYMBOLS, symbols);
    memcpy(out, symbols, 3);
    out[3] = '-';
    memcpy(out + 4, symbols + 3, 4);
}

bool atl_order_code_make(const uint8_t random[ATL_ORDER_CODE_RANDOM_BYTES],
                         char out[ATL_ORDER_CODE_CAP])
{
    uint8_t values[ORDER_SYMBOLS];
    char symbols[ORDER_SYMBOLS + 1];

    for (size_t i = 0; i < ORDER_DATA; i++)
        values[i] = five_bits(random, BITS_PER_SYMBOL * i);
    values[ORDER_DATA] = atl_symbols_check(values, ORDER_DATA);
    atl_symbols_write(values, ORDER_SYMBOLS, symbols);
    if (is_unwanted(symbols))
        return false;
    write_order_code(values, out);
    return true;
}

atl_code atl_order_code_read(const char *text, size_t len, char out[ATL_ORDER_CODE_CAP],
                             struct atl_error *err)
{
    uint8_t values[ORDER_SYMBOLS];

    if (atl_symbols_read(text, len, values, ORDER_SYMBOLS) != ORDER_SYMBOLS)
        return atl_fail(err, ATL_E_INVALID,
                        "not an order code: it has %d letters and digits, as K7F-2A1",
                        ORDER_SYMBOLS);
    if (values[ORDER_DATA] != atl_symbols_check(values, ORDER_DATA))
        return atl_fail(err, ATL_E_INVALID, "no such order code: a letter or digit of it is wrong");
    write_order_code(values, out);
    return ATL_OK;
}

static bool is_canonical(const char *order_code)
{
    char same[ATL_ORDER_CODE_CAP];

    return order_code && !atl_order_code_read(order_code, strlen(order_code), same, NULL) &&
           strcmp(order_code, same) == 0;
}

atl_code atl_piece_code_make(const char *order_code, uint32_t unit, char out[ATL_PIECE_CODE_CAP],
                             struct atl_error *err)
{
    if (!is_canonical(order_code))
        return atl_fail(err, ATL_E_INVALID, "a piece code needs an order code, as K7F-2A1");
    if (unit < 1 || unit > ATL_UNIT_MAX)
        return atl_fail(err, ATL_E_INVALID, "unit %u is not within 1..%d", unit, ATL_UNIT_MAX);
    snprintf(out, ATL_PIECE_CODE_CAP, "%s/%u", order_code, unit);
    return ATL_OK;
}

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// Digits at the end of the text: their number, 0 when it is no unit. *start is where they begin.
static uint32_t unit_at_end(const char *text, size_t len, size_t *start)
{
    uint32_t unit = 0;
    size_t at = len;

    while (at && len - at < 5 && text[at - 1] >= '0' && text[at - 1] <= '9')
        at--;
    if (at == len || text[at] == '0')
        return 0;
    for (size_t i = at; i < len; i++)
        unit = 10 * unit + (uint32_t)(text[i] - '0');
    *start = at;
    return unit <= ATL_UNIT_MAX ? unit : 0;
}

atl_code atl_piece_code_read(const char *text, size_t len, char order_code[ATL_ORDER_CODE_CAP],
                             uint32_t *unit, struct atl_error *err)
{
    size_t start = 0;
    uint32_t number = unit_at_end(text, len, &start);
    atl_code rc;

    if (!number || start < 2 || is_alphanumeric(text[start - 1]))
        return atl_fail(err, ATL_E_INVALID,
                        "not a piece code: order code, '/' and a number, as "
                        "K7F-2A1/2");
    rc = atl_order_code_read(text, start - 1, order_code, err);
    if (rc)
        return rc;
    *unit = number;
    return ATL_OK;
}

bool atl_pin_make(const uint8_t random[ATL_PIN_RANDOM_BYTES], char out[ATL_PIN_CAP])
{
    enum { PINS = 10000, FAIR = 65536 / PINS * PINS }; // values above would favour small PINs

    for (int i = 0; i + 1 < ATL_PIN_RANDOM_BYTES; i += 2) {
        unsigned value = (unsigned)random[i] << 8 | random[i + 1];

        if (value < FAIR) {
            snprintf(out, ATL_PIN_CAP, "%04u", value % PINS);
            return true;
        }
    }
    return false;
}

static void put_number(uint8_t *values, size_t count, uint32_t number)
{
    for (size_t i = count; i; i--, number >>= BITS_PER_SYMBOL)
        values[i - 1] = number & 31;
}

static uint32_t get_number(const uint8_t *values, size_t count)
{
    uint32_t number = 0;

    for (size_t i = 0; i < count; i++)
        number = number << BITS_PER_SYMBOL | values[i];
    return number;
}

// 75 bits over everything the tag says and what was signed.
static void put_mac(const uint8_t key[ATL_HASH_BYTES], const uint8_t *said,
                    const uint8_t signed_hash[ATL_HASH_BYTES], uint8_t *values)
{
    static const char purpose[] = "atelier tag 1";
    uint8_t out[ATL_HASH_BYTES];
    struct atl_mac mac;

    atl_mac_init(&mac, key, ATL_HASH_BYTES);
    atl_mac_add(&mac, purpose, sizeof purpose);
    atl_mac_add(&mac, said, TAG_DATA - MAC_SYMBOLS);
    atl_mac_add(&mac, signed_hash, ATL_HASH_BYTES);
    atl_mac_end(&mac, out);
    for (size_t i = 0; i < MAC_SYMBOLS; i++)
        values[i] = five_bits(out, BITS_PER_SYMBOL * i);
}

static atl_code check_tag(const struct atl_tag *tag, struct atl_error *err)
{
    if (!is_canonical(tag->order_code))
        return atl_fail(err, ATL_E_INVALID, "a tag needs an order code, as K7F-2A1");
    if (tag->unit < 1 || tag->unit > ATL_UNIT_MAX || tag->revision < 1 ||
        tag->revision > ATL_REVISION_MAX)
        return atl_fail(err, ATL_E_INVALID,
                        "a tag needs a unit and a revision of 1..%d, not %u "
                        "and %u",
                        ATL_UNIT_MAX, tag->unit, tag->revision);
    return ATL_OK;
}

atl_code atl_tag_code_make(const uint8_t key[ATL_HASH_BYTES], const struct atl_tag *tag,
                           const uint8_t signed_hash[ATL_HASH_BYTES], char out[ATL_TAG_CODE_CAP],
                           struct atl_error *err)
{
    uint8_t values[ATL_TAG_CODE_LEN];
    uint8_t *at = values;

    if (check_tag(tag, err))
        return ATL_E_INVALID;
    at += atl_symbols_read(tag->order_code, strlen(tag->order_code), at, ORDER_SYMBOLS);
    put_number(at, UNIT_SYMBOLS, tag->unit);
    put_number(at + UNIT_SYMBOLS, REVISION_SYMBOLS, tag->revision);
    put_mac(key, values, signed_hash, at + UNIT_SYMBOLS + REVISION_SYMBOLS);
    values[TAG_DATA] = atl_symbols_check(values, TAG_DATA);
    atl_symbols_write(values, ATL_TAG_CODE_LEN, out);
    return ATL_OK;
}

atl_code atl_tag_code_read(const char *text, size_t len, struct atl_tag *tag,
                           char out[ATL_TAG_CODE_CAP], struct atl_error *err)
{
    uint8_t values[ATL_TAG_CODE_LEN];
    struct atl_tag read = {0};

    if (atl_symbols_read(text, len, values, ATL_TAG_CODE_LEN) != ATL_TAG_CODE_LEN)
        return atl_fail(err, ATL_E_INVALID, "not a tag code: %d letters and digits are needed",
                        ATL_TAG_CODE_LEN);
    if (values[TAG_DATA] != atl_symbols_check(values, TAG_DATA))
        return atl_fail(err, ATL_E_INVALID, "the tag was not read well: scan it again");
    write_order_code(values, read.order_code);
    read.unit = get_number(values + ORDER_SYMBOLS, UNIT_SYMBOLS);
    read.revision = get_number(values + ORDER_SYMBOLS + UNIT_SYMBOLS, REVISION_SYMBOLS);
    if (check_tag(&read, err))
        return ATL_E_INVALID;
    *tag = read;
    if (out)
        atl_symbols_write(values, ATL_TAG_CODE_LEN, out);
    return ATL_OK;
}

bool atl_tag_code_is_ours(const uint8_t key[ATL_HASH_BYTES], const char *tag_code,
                          const uint8_t signed_hash[ATL_HASH_BYTES])
{
    char canonical[ATL_TAG_CODE_CAP];
    char expected[ATL_TAG_CODE_CAP];
    struct atl_tag tag;

    if (atl_tag_code_read(tag_code, strlen(tag_code), &tag, canonical, NULL) ||
        atl_tag_code_make(key, &tag, signed_hash, expected, NULL))
        return false;
    return atl_hash_equal(canonical, expected, ATL_TAG_CODE_LEN);
}

atl_code atl_link_make(const char *base, const char token[ATL_TOKEN_CAP], char out[ATL_LINK_CAP],
                       struct atl_error *err)
{
    static const char qr_set[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    char link[ATL_LINK_CAP];
    size_t len = strlen(base);

    while (len && base[len - 1] == '/')
        len--;
    if (len + 3 + ATL_TOKEN_LEN >= ATL_LINK_CAP)
        return atl_fail(err, ATL_E_INVALID, "page address of %zu characters: at most %d", len,
                        ATL_LINK_CAP - ATL_TOKEN_LEN - 4);
    for (size_t i = 0; i < len; i++) {
        link[i] = (char)(base[i] >= 'a' && base[i] <= 'z' ? base[i] - 'a' + 'A' : base[i]);
        if (link[i] == ' ' || !strchr(qr_set, link[i]))
            return atl_fail(err, ATL_E_INVALID,
                            "page address: character %zu is not A-Z 0-9 - . / : $ %% * +", i + 1);
    }
    link[len] = 0;
    if (strncmp(link, "HTTPS://", 8) != 0 && strncmp(link, "HTTP://", 7) != 0)
        return atl_fail(err, ATL_E_INVALID, "page address must begin with https://");
    snprintf(out, ATL_LINK_CAP, "%.*s/O/%.*s", (int)len, link, ATL_TOKEN_LEN, token);
    return ATL_OK;
}
