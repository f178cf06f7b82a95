// SPDX-License-Identifier: Apache-2.0
// The keys of the shops: a text file, mode 0600, one line a key. Several lines may name one shop,
// so that it can change over without a pause; removing a line revokes it.
//
//   maison/paris-1 sha256=<64 hex of the bearer's hash> whsec_<base64> [whsec_<base64> …]
#ifndef ATL_CLOUD_KEYS_H
#define ATL_CLOUD_KEYS_H

#include "plugin/core/hash.h"

enum {
    ATL_STORE_NAME_CAP = 130, // "retailer/store", 64 bytes each, with the NUL
    ATL_KEY_SECRETS_MAX = 4,
    ATL_KEY_SECRET_MAX_BYTES = 64, // Standard Webhooks: 24..64
    ATL_KEY_BEARER_CAP = 64,
    ATL_KEY_SECRET_CAP = 96, // "whsec_" and base64
};

struct atl_key {
    char store[ATL_STORE_NAME_CAP];
    uint8_t bearer_sha256[ATL_HASH_BYTES];
    uint8_t secrets[ATL_KEY_SECRETS_MAX][ATL_KEY_SECRET_MAX_BYTES];
    size_t secret_lens[ATL_KEY_SECRETS_MAX];
    size_t secret_count;
};

struct atl_keys;

// Reads the file. The sentence names file, line, cause and cure, and no secret.
ATL_MUST_USE atl_code atl_keys_open(struct atl_keys **out, const char *path, struct atl_error *err);
void atl_keys_close(struct atl_keys *keys); // wipes; accepts NULL
size_t atl_keys_count(const struct atl_keys *keys);

// Reads the file again if it was changed. When it cannot be read the keys stay as they are.
ATL_MUST_USE atl_code atl_keys_refresh(struct atl_keys *keys, struct atl_error *err);

// The key with this bearer, or NULL. Borrowed until the next refresh.
const struct atl_key *atl_keys_find(const struct atl_keys *keys, const char *bearer);

// "retailer/store": each 1..64 of A-Z a-z 0-9 . _ -
bool atl_store_name_is_valid(const char *name);

// What only the shop will know.
struct atl_key_made {
    char bearer[ATL_KEY_BEARER_CAP];
    char secret[ATL_KEY_SECRET_CAP];
};
// Makes a key for a shop and puts it into the file, which is made when it does not exist.
// ATL_E_CONFLICT: the shop has one, and is_another is false. The caller wipes *out.
ATL_MUST_USE atl_code atl_keys_add(const char *path, const char *store, bool is_another,
                                   struct atl_key_made *out, struct atl_error *err);

#endif
