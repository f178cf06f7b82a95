// SPDX-License-Identifier: Apache-2.0
#include "cloud/auth.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *atl_auth_bearer(const char *authorization)
{
    static const char scheme[] = "Bearer ";
    size_t len = sizeof scheme - 1;
    if (!authorization || strncasecmp(authorization, scheme, len) != 0)
        return NULL;
    return authorization + len + strspn(authorization + len, " ");
}

static void sign(const struct atl_signed *what, const uint8_t *secret, size_t len,
                 uint8_t out[ATL_HASH_BYTES])
{
    struct atl_mac mac;
    atl_mac_init(&mac, secret, len);
    atl_mac_add(&mac, what->id, strlen(what->id));
    atl_mac_add(&mac, ".", 1);
    atl_mac_add(&mac, what->timestamp, strlen(what->timestamp));
    atl_mac_add(&mac, ".", 1);
    atl_mac_add(&mac, what->body, what->body_len);
    atl_mac_end(&mac, out);
}

// One of the header's signatures is `expected`.
static bool has_signature(const char *header, const uint8_t expected[ATL_HASH_BYTES])
{
    bool found = false;
    for (const char *word = header; *word;) {
        size_t len = strcspn(word, " "), got_len = 0;
        uint8_t got[ATL_HASH_BYTES];
        if (len > 3 && memcmp(word, "v1,", 3) == 0 &&
            !atl_base64_decode(word + 3, len - 3, got, sizeof got, &got_len, NULL) &&
            got_len == sizeof got)
            found |= atl_hash_equal(got, expected, sizeof got);
        word += len;
        word += strspn(word, " ");
    }
    return found;
}

static bool read_seconds(const char *text, int64_t *out)
{
    size_t digits = strspn(text, "0123456789");
    if (digits < 1 || digits > 12 || text[digits] != '\0')
        return false;
    *out = strtoll(text, NULL, 10);
    return true;
}

enum atl_auth atl_auth_check(const struct atl_key *key, const struct atl_signed *what,
                             int64_t now_s)
{
    int64_t at_s;
    if (!what->id || !what->timestamp || !what->signature || !*what->id || strlen(what->id) > 128 ||
        strlen(what->signature) > 1024 || !read_seconds(what->timestamp, &at_s))
        return ATL_AUTH_UNSIGNED;
    bool fits = false;
    for (size_t i = 0; i < key->secret_count; i++) {
        uint8_t expected[ATL_HASH_BYTES];
        sign(what, key->secrets[i], key->secret_lens[i], expected);
        fits |= has_signature(what->signature, expected);
    }
    if (!fits)
        return ATL_AUTH_SIGNATURE;
    return llabs((long long)(at_s - now_s)) > ATL_AUTH_SKEW_S ? ATL_AUTH_SKEW : ATL_AUTH_OK;
}
