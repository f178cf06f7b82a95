// SPDX-License-Identifier: Apache-2.0
// The printers that are simulated: one row a family.
#include "tests/support/sim.h"

#include <string.h>

extern const struct sim_persona sim_persona_brother;
extern const struct sim_persona sim_persona_dymo;
extern const struct sim_persona sim_persona_escpos;
extern const struct sim_persona sim_persona_star;
extern const struct sim_persona sim_persona_zpl;

static const struct sim_persona *const personas[] = {
    &sim_persona_escpos,
    &sim_persona_brother,
    &sim_persona_dymo,
    &sim_persona_star,
    &sim_persona_zpl,
};

const struct sim_persona *sim_persona_at(size_t index)
{
    return index < sizeof personas / sizeof personas[0] ? personas[index] : NULL;
}

const struct sim_persona *sim_persona_find(const char *driver)
{
    for (size_t i = 0; i < sizeof personas / sizeof personas[0]; i++) {
        if (strcmp(personas[i]->driver, driver) == 0)
            return personas[i];
    }
    return NULL;
}
