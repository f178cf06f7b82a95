// SPDX-License-Identifier: Apache-2.0
// Which removable volumes are there, and which one is meant. Read from /sys and from what udev
// knows; where udev knows nothing, from the volume's first sector.
#ifndef ATL_DRIVERS_LINK_VOLUME_FIND_H
#define ATL_DRIVERS_LINK_VOLUME_FIND_H

#include "drivers/link/volume.h"

struct volume_seen {
    char name[32];       // "sdb1", of the node in /dev
    char disk[32];       // "sdb", the same for a disk without partitions
    char number[16];     // "8:17", as mountinfo has it
    char label[40];      // "" when it has none
    char uuid[40];       // "1A2B-3C4D"
    char fs_type[16];    // "vfat"; "" when nobody can tell
    char serial[64];     // of the USB device
    uint16_t usb_vendor; // 0: not on USB
    uint16_t usb_product;
    bool is_write_protected;
};

enum { VOLUMES_MAX = 32 };

// Whatever is removable or on USB and has a medium: at most cap of them.
size_t volume_list(const struct atl_volume_options *options, struct volume_seen *out, size_t cap);

enum volume_way { VOLUME_BY_LABEL, VOLUME_BY_UUID, VOLUME_BY_USB, VOLUME_BY_PROFILE };

// What stands behind "volume:".
struct volume_wanted {
    enum volume_way way;
    char text[64]; // label, uuid or serial number; "": any
    uint16_t usb_vendor;
    uint16_t usb_product;
};

// ATL_E_INVALID: it names nothing, or the profile names no volume.
atl_code volume_wanted_parse(const char *rest, const struct atl_machine *machine,
                             struct volume_wanted *out, struct atl_error *err);

// Waits until it appears, appear_ms at most. ATL_E_NOT_FOUND says what is there instead;
// ATL_E_CONFLICT: more than one; ATL_E_UNSUPPORTED: it is there and is not FAT.
atl_code volume_find(const struct atl_volume_options *options, const struct volume_wanted *wanted,
                     struct volume_seen *out, struct atl_error *err);

// "BROTHER (sdb1, usb 04f9:2100)"
void volume_words(const struct volume_seen *seen, char *out, size_t size);

#endif
