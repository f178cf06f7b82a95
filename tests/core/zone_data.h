// SPDX-License-Identifier: Apache-2.0
// Reads a zone of the machine for tests; core itself never opens a file.
#ifndef ATL_TESTS_CORE_ZONE_DATA_H
#define ATL_TESTS_CORE_ZONE_DATA_H

#include "plugin/core/zone.h"

#include <stdio.h>

// False: it is not there.
static inline bool zone_data_load(const char *name, struct atl_zone *out, struct atl_error *err)
{
    uint8_t bytes[65536];
    char path[200];
    size_t len;
    FILE *file;

    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    file = fopen(path, "rb");
    if (!file) {
        (void)atl_fail(err, ATL_E_IO, "%s is missing: install tzdata", path);
        return false;
    }
    len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return atl_zone_parse(bytes, len, out, err) == ATL_OK;
}

#endif
