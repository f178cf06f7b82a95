// SPDX-License-Identifier: Apache-2.0
// The work of a lane that gives designs to an embroidery machine: the stitches that were signed,
// as a file of the machine's own language and name, put where it reads. What must be so before a
// byte is written is asked in prepare: signature, hash, hoop, limits.
#ifndef ATL_AGENT_MACHINE_LANE_H
#define ATL_AGENT_MACHINE_LANE_H

#include "drivers/link/volume.h"
#include "drivers/machine.h"
#include "plugin/agent/lane.h"
#include "plugin/agent/machine_profile.h"
#include "plugin/agent/shop.h"

struct atl_machine_setup {
    const struct atl_config_machine *machine; // borrowed
    struct atl_shop *shop;                    // borrowed: catalogue, configuration, store
    struct atl_process *process;              // borrowed; NULL: nobody watches
    const struct atl_volume_options *options; // borrowed; NULL: the defaults
};

struct atl_machine_lane;

// Reads the machine's profile; touches no device. *out is the caller's to close. An error names
// the machine's key in the configuration.
ATL_MUST_USE atl_code atl_machine_lane_open(const struct atl_machine_setup *setup,
                                            struct atl_machine_lane **out, struct atl_error *err);
void atl_machine_lane_close(struct atl_machine_lane *lane); // NULL is fine

// Its ctx is a struct atl_machine_lane.
extern const struct atl_lane_work atl_machine_work;

#endif
