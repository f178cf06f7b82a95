// SPDX-License-Identifier: Apache-2.0
// The few SCSI commands that a stick knows: who are you, are you ready, how large, read, write,
// write down what you cache, eject.
#ifndef ATL_DRIVERS_LINK_SCSI_H
#define ATL_DRIVERS_LINK_SCSI_H

#include "drivers/link/bulk.h"
#include "drivers/link/fat.h"

struct scsi_disk {
    struct bulk bulk;
    char words[28]; // "Kingston DataTraveler", its own claim
    uint32_t block_bytes;
    uint64_t block_count;
    bool is_write_protected;
    bool has_no_cache_command; // it does not know SYNCHRONIZE CACHE: then it caches nothing
};

// Waits until the medium is ready, ready_ms at most. ATL_E_NOT_FOUND: no medium is in;
// ATL_E_UNSUPPORTED: no disk, or one of a strange size; ATL_E_TIMEOUT: it does not get ready.
ATL_MUST_USE atl_code scsi_open(struct scsi_disk *disk, struct bulk_transport *transport,
                                unsigned timeout_ms, unsigned ready_ms, struct atl_error *err);
// The disk as the FAT writer wants it; `disk` must live as long.
struct fat_disk scsi_as_fat_disk(struct scsi_disk *disk);
// False: it does not know how, or does not want to.
bool scsi_eject(struct scsi_disk *disk);

#endif
