// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILE_BYTES = 64 * 1024 };

atl_code atl_config_zone(const struct atl_config *config, struct atl_zone *out,
                         struct atl_error *err)
{
    static uint8_t bytes[FILE_BYTES];
    char path[ATL_CONFIG_PATH_BYTES + 64];
    FILE *file;
    size_t len;
    atl_code rc;

    (void)snprintf(path, sizeof path, "%s/%s", config->zoneinfo, config->zone);
    file = fopen(path, "re");
    if (!file)
        return atl_fail(err, ATL_E_NOT_FOUND,
                        "time zone %s: %s; correct [shop] zone, or install the package tzdata",
                        path, strerror(errno));
    len = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    rc = atl_zone_parse(bytes, len, out, err);
    return rc ? atl_wrap(err, rc, "time zone %s", path) : ATL_OK;
}
