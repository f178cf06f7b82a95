// SPDX-License-Identifier: Apache-2.0
// The machine's time zones, each read once.
#ifndef ATL_CLOUD_ZONES_H
#define ATL_CLOUD_ZONES_H

#include "plugin/core/zone.h"

struct atl_zones;

struct atl_zones *atl_zones_open(const char *folder); // NULL: out of memory
void atl_zones_close(struct atl_zones *zones);        // accepts NULL

// The zone of that IANA name, or NULL when this machine does not know it.
const struct atl_zone *atl_zones_find(struct atl_zones *zones, const char *name);
const struct atl_zone *atl_zones_utc(const struct atl_zones *zones);

#endif
