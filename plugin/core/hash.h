// SPDX-License-Identifier: Apache-2.0
// SHA-256, HMAC-SHA256, hex, base64. The one door to libsodium; nothing here can fail but decoding.
// (libsodium needs no start-up for these, so there is none.)
#ifndef ATL_CORE_HASH_H
#define ATL_CORE_HASH_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    ATL_HASH_BYTES = 32,
    ATL_HASH_HEX_CAP = 65,    // with the NUL
    ATL_HASH_BASE64_CAP = 45, // with the NUL
};

// A hash in the making. May be copied to fork it.
struct atl_hash {
    uint64_t opaque[14];
};

void atl_hash_init(struct atl_hash *hash);
void atl_hash_add(struct atl_hash *hash, const void *bytes, size_t len);
void atl_hash_end(struct atl_hash *hash, uint8_t out[ATL_HASH_BYTES]);

// Fields that cannot run into each other: each is framed by its type and its length.
void atl_hash_add_bytes(struct atl_hash *hash, const void *bytes, size_t len); // NULL is "none"
void atl_hash_add_text(struct atl_hash *hash, const char *text);               // NULL is "none"
void atl_hash_add_number(struct atl_hash *hash, int64_t number);

// Ends the hash of a row: the first 8 bytes, big-endian. Never 0, so that 0 can mean "not yet".
int64_t atl_hash_end_row(struct atl_hash *hash);

void atl_hash_sha256(const void *bytes, size_t len, uint8_t out[ATL_HASH_BYTES]);

// HMAC-SHA256 with a key of any length.
struct atl_mac {
    uint64_t opaque[26];
};
void atl_mac_init(struct atl_mac *mac, const void *key, size_t key_len);
void atl_mac_add(struct atl_mac *mac, const void *bytes, size_t len);
void atl_mac_end(struct atl_mac *mac, uint8_t out[ATL_HASH_BYTES]); // wipes the state
void atl_hash_hmac(const void *key, size_t key_len, const void *bytes, size_t len,
                   uint8_t out[ATL_HASH_BYTES]);

// Takes the same time wherever they differ.
bool atl_hash_equal(const void *a, const void *b, size_t len);

// For keys and PINs that are no longer needed; the compiler cannot leave it out.
void atl_hash_wipe(void *bytes, size_t len);

// 0..15 of one digit, upper or lower case; -1: it is none.
int atl_hex_value(char digit);

// Lower-case hex, NUL-terminated; out has 2 * len + 1 bytes.
void atl_hex_encode(const void *bytes, size_t len, char *out);
// Reads exactly out_len bytes from 2 * out_len digits of either case. Out is unchanged on failure.
ATL_MUST_USE atl_code atl_hex_decode(const char *text, size_t len, uint8_t *out, size_t out_len,
                                     struct atl_error *err);

// RFC 4648 base64 with padding, NUL-terminated; out has atl_base64_cap(len) bytes.
size_t atl_base64_cap(size_t len);
void atl_base64_encode(const void *bytes, size_t len, char *out, size_t cap);
// Strict: padded, no white space. *out_len is set on success; out is undefined on failure.
ATL_MUST_USE atl_code atl_base64_decode(const char *text, size_t len, uint8_t *out, size_t cap,
                                        size_t *out_len, struct atl_error *err);

#endif
