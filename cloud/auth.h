// SPDX-License-Identifier: Apache-2.0
// Who asks: the bearer key says which shop, the signature (Standard Webhooks 1.0.0) that the
// bytes are its own and new.
#ifndef ATL_CLOUD_AUTH_H
#define ATL_CLOUD_AUTH_H

#include "cloud/keys.h"

enum { ATL_AUTH_SKEW_S = 300 };

enum atl_auth {
    ATL_AUTH_OK,
    ATL_AUTH_UNSIGNED,  // a header is missing, or cannot be read
    ATL_AUTH_SIGNATURE, // no signature fits any secret of the key
    ATL_AUTH_SKEW,      // it fits, and its time is too far from ours
};

struct atl_signed {
    const char *id;        // webhook-id; any may be NULL
    const char *timestamp; // webhook-timestamp: seconds
    const char *signature; // webhook-signature: "v1,BASE64 v1,BASE64 …"
    const void *body;
    size_t body_len;
};

// "Bearer KEY" -> "KEY", or NULL.
const char *atl_auth_bearer(const char *authorization);

enum atl_auth atl_auth_check(const struct atl_key *key, const struct atl_signed *what,
                             int64_t now_s);

#endif
