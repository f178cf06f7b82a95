// SPDX-License-Identifier: Apache-2.0
// Headers of strangers: three lines are webhook-id, -timestamp and -signature; nothing of them
// fits.
#include "cloud/auth.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct atl_key key = {
        .secret_lens = {32, 24},
          .secret_count = 2
    };
    const char *lines[4] = {NULL};
    char *text = malloc(len + 1);
    if (!text)
        return 0;
    memcpy(text, bytes, len);
    text[len] = '\0';
    char *at = text;
    for (int i = 0; i < 4 && at; i++) {
        lines[i] = at;
        at = strchr(at, '\n');
        if (at)
            *at++ = '\0';
    }
    const struct atl_signed what = {lines[0], lines[1], lines[2], "body", 4};
    if (atl_auth_check(&key, &what, 1795312345) == ATL_AUTH_OK)
        abort();
    (void)atl_auth_bearer(lines[3]);
    free(text);
    return 0;
}
