// SPDX-License-Identifier: Apache-2.0
// The one door to libsodium. SHA-256, HMAC, comparing and wiping need no sodium_init(): that
// chooses faster code for other primitives and opens the random source, which core does not use.
#include "plugin/core/hash.h"

#include <sodium.h>
#include <string.h>

_Static_assert(sizeof(struct atl_hash) >= sizeof(crypto_hash_sha256_state), "hash state");
_Static_assert(sizeof(struct atl_mac) >= sizeof(crypto_auth_hmacsha256_state), "mac state");
_Static_assert((int)ATL_HASH_BYTES == (int)crypto_hash_sha256_BYTES, "hash size");

static crypto_hash_sha256_state *hash_state(struct atl_hash *hash)
{
    return (crypto_hash_sha256_state *)(void *)hash->opaque;
}

static crypto_auth_hmacsha256_state *mac_state(struct atl_mac *mac)
{
    return (crypto_auth_hmacsha256_state *)(void *)mac->opaque;
}

void atl_hash_init(struct atl_hash *hash)
{
    crypto_hash_sha256_init(hash_state(hash));
}

void atl_hash_add(struct atl_hash *hash, const void *bytes, size_t len)
{
    if (len)
        crypto_hash_sha256_update(hash_state(hash), bytes, len);
}

void atl_hash_end(struct atl_hash *hash, uint8_t out[ATL_HASH_BYTES])
{
    crypto_hash_sha256_final(hash_state(hash), out);
}

// A frame: what it is and how long, so that "ab","c" is not "a","bc", and 1 is not "1".
static void add_frame(struct atl_hash *hash, char type, uint64_t len)
{
    uint8_t frame[9] = {(uint8_t)type};

    for (int i = 0; i < 8; i++)
        frame[1 + i] = (uint8_t)(len >> (8 * i));
    atl_hash_add(hash, frame, sizeof frame);
}

void atl_hash_add_bytes(struct atl_hash *hash, const void *bytes, size_t len)
{
    add_frame(hash, bytes ? 'b' : '0', bytes ? len : 0);
    if (bytes)
        atl_hash_add(hash, bytes, len);
}

void atl_hash_add_text(struct atl_hash *hash, const char *text)
{
    size_t len = text ? strlen(text) : 0;

    add_frame(hash, text ? 't' : '0', len);
    atl_hash_add(hash, text, len);
}

void atl_hash_add_number(struct atl_hash *hash, int64_t number)
{
    add_frame(hash, 'n', (uint64_t)number);
}

int64_t atl_hash_end_row(struct atl_hash *hash)
{
    uint8_t out[ATL_HASH_BYTES];
    uint64_t value = 0;
    int64_t row;

    atl_hash_end(hash, out);
    for (int i = 0; i < 8; i++)
        value = value << 8 | out[i];
    memcpy(&row, &value, sizeof row);
    return row ? row : 1;
}

void atl_hash_sha256(const void *bytes, size_t len, uint8_t out[ATL_HASH_BYTES])
{
    struct atl_hash hash;

    atl_hash_init(&hash);
    atl_hash_add(&hash, bytes, len);
    atl_hash_end(&hash, out);
}

void atl_mac_init(struct atl_mac *mac, const void *key, size_t key_len)
{
    static const uint8_t none[1];

    crypto_auth_hmacsha256_init(mac_state(mac), key_len ? key : none, key_len);
}

void atl_mac_add(struct atl_mac *mac, const void *bytes, size_t len)
{
    if (len)
        crypto_auth_hmacsha256_update(mac_state(mac), bytes, len);
}

void atl_mac_end(struct atl_mac *mac, uint8_t out[ATL_HASH_BYTES])
{
    crypto_auth_hmacsha256_final(mac_state(mac), out);
    sodium_memzero(mac, sizeof *mac);
}

void atl_hash_hmac(const void *key, size_t key_len, const void *bytes, size_t len,
                   uint8_t out[ATL_HASH_BYTES])
{
    struct atl_mac mac;

    atl_mac_init(&mac, key, key_len);
    atl_mac_add(&mac, bytes, len);
    atl_mac_end(&mac, out);
}

bool atl_hash_equal(const void *a, const void *b, size_t len)
{
    return !len || sodium_memcmp(a, b, len) == 0;
}

void atl_hash_wipe(void *bytes, size_t len)
{
    if (len)
        sodium_memzero(bytes, len);
}

void atl_hex_encode(const void *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *in = bytes;

    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[in[i] >> 4];
        out[2 * i + 1] = digits[in[i] & 15];
    }
    out[2 * len] = 0;
}

int atl_hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

atl_code atl_hex_decode(const char *text, size_t len, uint8_t *out, size_t out_len,
                        struct atl_error *err)
{
    if (len != 2 * out_len)
        return atl_fail(err, ATL_E_INVALID, "%zu hex digits where %zu are needed", len,
                        2 * out_len);
    for (size_t i = 0; i < len; i++) {
        if (atl_hex_value(text[i]) < 0)
            return atl_fail(err, ATL_E_INVALID, "character %zu is no hex digit", i + 1);
    }
    for (size_t i = 0; i < out_len; i++)
        out[i] = (uint8_t)(atl_hex_value(text[2 * i]) << 4 | atl_hex_value(text[2 * i + 1]));
    return ATL_OK;
}

size_t atl_base64_cap(size_t len)
{
    return (len + 2) / 3 * 4 + 1;
}

void atl_base64_encode(const void *bytes, size_t len, char *out, size_t cap)
{
    if (cap < atl_base64_cap(len)) // sodium would end the process
        return;
    sodium_bin2base64(out, cap, bytes, len, sodium_base64_VARIANT_ORIGINAL);
}

atl_code atl_base64_decode(const char *text, size_t len, uint8_t *out, size_t cap, size_t *out_len,
                           struct atl_error *err)
{
    size_t used;
    const char *end;

    if (sodium_base642bin(out, cap, text, len, NULL, &used, &end, sodium_base64_VARIANT_ORIGINAL) ||
        end != text + len)
        return atl_fail(err, ATL_E_INVALID, "not base64, or over %zu bytes", cap);
    *out_len = used;
    return ATL_OK;
}
