// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/machine_profile.h"

#include <stdio.h>
#include <string.h>

atl_code atl_machine_profile(const struct atl_config *config,
                             const struct atl_config_machine *machine, struct atl_machine *out,
                             struct atl_error *err)
{
    char path[2 * ATL_CONFIG_PATH_BYTES + 16];
    struct atl_error why = {0};
    atl_code rc;

    if (machine->profile[0] == '/')
        (void)snprintf(path, sizeof path, "%s", machine->profile);
    else
        (void)snprintf(path, sizeof path, "%s/%s.machine", config->machines_folder,
                       machine->profile);
    rc = atl_machine_load(path, out, &why);
    return rc ? atl_fail(err, rc, "[machine %s] profile: %s", machine->name, why.text) : ATL_OK;
}

static bool same_size(const struct atl_hoop *hoop, const char *name)
{
    char size[sizeof hoop->name + 16];

    (void)snprintf(size, sizeof size, "%dx%d", (int)hoop->width_dmm / 10,
                   (int)hoop->height_dmm / 10);
    return strcmp(size, name) == 0;
}

const struct atl_hoop *atl_machine_hoop_like(const struct atl_machine *machine, const char *name)
{
    const struct atl_hoop *found = atl_machine_hoop(machine, name);

    for (size_t i = 0; !found && i < machine->hoop_count; i++) {
        if (same_size(&machine->hoops[i], name))
            found = &machine->hoops[i];
    }
    return found;
}
