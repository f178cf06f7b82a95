// SPDX-License-Identifier: Apache-2.0
// Broken: health() hands out a sentence that lies on the stack.
#include "sdk-shim/conformance/broken/broken.h"

#include <stdint.h>

static int32_t health(atl_pos_till till, struct atl_pos_health *health)
{
    static const char words[] = "Nobody answers at the moment.";
    volatile char sentence[sizeof words]; // both volatile, so that no compiler sees what we do
    volatile uintptr_t out = (uintptr_t)sentence;
    const int32_t rc = REAL->health(till, health);

    for (size_t i = 0; i < sizeof words; i++)
        sentence[i] = words[i];
    if (!rc)
        health->sentence = (const char *)out;
    return rc;
}

PLUGIN_BUT(table.health = health)
