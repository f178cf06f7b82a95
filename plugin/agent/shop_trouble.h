// SPDX-License-Identifier: Apache-2.0
// How printers, machines and scanners are, in a sentence for whoever asks, in his language.
#ifndef ATL_AGENT_SHOP_TROUBLE_H
#define ATL_AGENT_SHOP_TROUBLE_H

#include "plugin/agent/process.h"
#include "plugin/agent/shop.h"
#include "plugin/store/devices.h"

// A device and the process that works for it.
struct atl_shop_device {
    const char *kind; // "print", "machine", "scan"
    const char *name;
};

// All of the configuration: printers, machines, scanners. At most ATL_SHOP_DEVICES_MAX.
enum {
    ATL_SHOP_DEVICES_MAX =
        ATL_CONFIG_MAX_PRINTERS + ATL_CONFIG_MAX_MACHINES + ATL_CONFIG_MAX_SCANNERS
};
size_t atl_shop_devices(const struct atl_config *config,
                        struct atl_shop_device out[ATL_SHOP_DEVICES_MAX]);

// What is known of it now.
struct atl_shop_health {
    bool is_dead;             // its process does not run, or does nothing any more
    struct atl_device device; // as it last reported; zeroed when it never did
};
struct atl_shop_health atl_shop_device_health(struct atl_shop *shop,
                                              const struct atl_shop_device *device);

// Nothing comes out until somebody does something. Paper that runs low is no such thing.
bool atl_shop_health_stops(const struct atl_shop_health *health);

// How the cloud is, when it is in trouble and has something to be told; NULL: nothing is to be said
// of it. Of the arena.
const char *atl_shop_cloud_say(struct atl_shop *shop, const char *language,
                               struct atl_arena *arena);

// "front: paper is out: put in a new roll."; NULL: it is well. Of the arena.
const char *atl_shop_health_say(const struct atl_shop_health *health,
                                const struct atl_shop_device *device, const char *language,
                                struct atl_arena *arena);

#endif
