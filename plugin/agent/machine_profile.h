// SPDX-License-Identifier: Apache-2.0
// The profiles of the shop's machines, and their hoops as a catalogue calls them.
#ifndef ATL_AGENT_MACHINE_PROFILE_H
#define ATL_AGENT_MACHINE_PROFILE_H

#include "drivers/machine.h"
#include "plugin/agent/config.h"

// The profile that the configuration names: [paths] machines and [machine NAME] profile.
ATL_MUST_USE atl_code atl_machine_profile(const struct atl_config *config,
                                          const struct atl_config_machine *machine,
                                          struct atl_machine *out, struct atl_error *err);

// The machine's hoop of that name or, as machines call them differently, of that size; NULL.
const struct atl_hoop *atl_machine_hoop_like(const struct atl_machine *machine, const char *name);

#endif
