// SPDX-License-Identifier: Apache-2.0
// The folder of a cache: files under a key, and no more of them than fit.
#ifndef ATL_STITCH_CACHE_DISK_H
#define ATL_STITCH_CACHE_DISK_H

#include "plugin/core/buf.h"

#include <stdbool.h>

enum { ATL_CACHE_KEY_BYTES = 32, ATL_CACHE_FILE_MAX_BYTES = 16 << 20 };

struct atl_cache_disk {
    int folder; // -1: none
    size_t limit;
    size_t used;      // as last counted, and what was written since
    uint32_t unknown; // files written since the folder was counted
    uint32_t made;    // names of fresh files
};

ATL_MUST_USE atl_code atl_cache_disk_open(const char *path, size_t limit,
                                          struct atl_cache_disk *out, struct atl_error *err);
void atl_cache_disk_close(struct atl_cache_disk *disk);

// Appends the file's bytes. False: there is none, or none of ours to be read.
bool atl_cache_disk_read(const struct atl_cache_disk *disk, const uint8_t *key,
                         struct atl_buf *out);
bool atl_cache_disk_write(struct atl_cache_disk *disk, const uint8_t *key, const uint8_t *bytes,
                          size_t len);

#endif
