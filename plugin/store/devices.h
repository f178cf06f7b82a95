// SPDX-License-Identifier: Apache-2.0
// Devices: how each lane's device is, in words for staff, so that serve can say it at the till.
#ifndef ATL_STORE_DEVICES_H
#define ATL_STORE_DEVICES_H

#include "plugin/store/store.h"

struct atl_device {
    char name[ATL_DEVICE_SIZE];
    char trouble[ATL_NOTE_SIZE]; // with its cure; "": all is well
    int64_t since_ms;            // so since
    int64_t seen_ms;             // last report
};

// Writes only when the words changed or the last report is older than a minute.
// [own transaction]
ATL_MUST_USE atl_code atl_devices_report(struct atl_store *store, const char *name,
                                         const char *trouble, int64_t now_ms,
                                         struct atl_error *err);

// All devices that ever reported, by name. *count: how many there are.
ATL_MUST_USE atl_code atl_devices_list(struct atl_store *store, struct atl_device *out, size_t max,
                                       size_t *count, struct atl_error *err);

#endif
