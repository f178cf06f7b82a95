// SPDX-License-Identifier: Apache-2.0
// Devices: how each lane's device is, so that serve can say it at the till. The bits mean what the
// lane says (drivers/trouble.h) and are said in each reader's language; the words are for the log
// and for whoever looks closely.
#ifndef ATL_STORE_DEVICES_H
#define ATL_STORE_DEVICES_H

#include "plugin/store/store.h"

struct atl_device {
    char name[ATL_DEVICE_SIZE];
    uint32_t bits;               // 0: nothing is wrong, or only the words say what
    char trouble[ATL_NOTE_SIZE]; // English, with its cure; "": all is well
    int64_t since_ms;            // so since
    int64_t seen_ms;             // last report
};

// Writes only when bits or words changed or the last report is older than a minute.
// [own transaction]
ATL_MUST_USE atl_code atl_devices_report(struct atl_store *store, const char *name,
                                         uint32_t bits, const char *trouble, int64_t now_ms,
                                         struct atl_error *err);

// ATL_E_NOT_FOUND: it never reported.
ATL_MUST_USE atl_code atl_devices_find(struct atl_store *store, const char *name,
                                       struct atl_device *out, struct atl_error *err);

// All devices that ever reported, by name. *count: how many there are.
ATL_MUST_USE atl_code atl_devices_list(struct atl_store *store, struct atl_device *out, size_t max,
                                       size_t *count, struct atl_error *err);

#endif
