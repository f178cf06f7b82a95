// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/fabric.h"

#include <stddef.h>
#include <string.h>

// clang-format off
static const struct atl_fabric fabrics[] = {
    // name     spacing pull  push  narrow edge inset lattice step run  long short lock trim
    {"canvas",  0.36,   0.15, 0,    0.85,  2.0, 0.4,  0,      0,   2.0, 6.8, 0.3,  0.4, 1.0},
    {"jersey",  0.40,   0.20, 0.3,  1.1,   1.6, 0.4,  1.4,    2.4, 1.8, 6.8, 0.3,  0.4, 1.0},
    {"fleece",  0.38,   0.25, 0.4,  1.2,   1.6, 0.3,  1.2,    1.8, 1.8, 6.8, 0.3,  0.4, 1.0},
    {"leather", 0.50,   0.10, 0.1,  1.2,   0,   0.4,  0,      0,   2.5, 6.8, 0.5,  0.6, 1.5},
};
// clang-format on

const struct atl_fabric *atl_fabric_at(unsigned i)
{
    return i < sizeof fabrics / sizeof fabrics[0] ? &fabrics[i] : NULL;
}

const struct atl_fabric *atl_fabric_find(const char *name)
{
    for (unsigned i = 0; atl_fabric_at(i); i++) {
        if (!strcmp(atl_fabric_at(i)->name, name))
            return atl_fabric_at(i);
    }
    return NULL;
}
