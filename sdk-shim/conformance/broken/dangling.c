// SPDX-License-Identifier: Apache-2.0
// Broken: health() hands out a sentence that lies on the stack.
#include "sdk-shim/conformance/broken/broken.h"

#include <string.h>

static int32_t health(atl_pos_till till, struct atl_pos_health *health)
{
    char sentence[32];
    char *volatile out = sentence; // so that no compiler sees what we do
    const int32_t rc = REAL->health(till, health);

    memcpy(sentence, "Nobody answers at the moment.", 30);
    if (!rc)
        health->sentence = out;
    return rc;
}

PLUGIN_BUT(table.health = health)
