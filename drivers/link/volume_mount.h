// SPDX-License-Identifier: Apache-2.0
// Mounting and letting go, by mount(2) or by udisks2.
#ifndef ATL_DRIVERS_LINK_VOLUME_MOUNT_H
#define ATL_DRIVERS_LINK_VOLUME_MOUNT_H

#include "drivers/link/volume_find.h"

enum { VOLUME_PATH_CAP = 512 };

struct volume_mounted {
    char path[VOLUME_PATH_CAP];
    char fs_type[16];
    bool is_read_only;
};

// Where it is mounted, by mountinfo. False: nowhere.
bool volume_mounted_find(const struct atl_volume_options *options, const struct volume_seen *seen,
                         struct volume_mounted *out);

// Mounts it when nobody has. *is_ours: by us.
atl_code volume_mount(const struct atl_volume_options *options, const struct volume_seen *seen,
                      struct volume_mounted *out, bool *is_ours, struct atl_error *err);

// Everything written, unmounted. The error says who is in the way.
atl_code volume_unmount(const struct atl_volume_options *options, const struct volume_seen *seen,
                        const struct volume_mounted *mounted, struct atl_error *err);

// Tells the device that it may be pulled out. Not all devices care: false is no fault.
bool volume_eject(const struct atl_volume_options *options, const struct volume_seen *seen);

// udisksctl WORD -b /dev/NAME … without asking anybody anything.
atl_code volume_udisks(const struct atl_volume_options *options, const char *word,
                       const struct volume_seen *seen, struct atl_error *err);

#endif
