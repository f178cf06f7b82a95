// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/font_file.h"

#include "plugin/render/proof_font.h"

#include <string.h>

atl_code atl_font_file_find(const char *family, struct atl_font_file *out, struct atl_error *err)
{
    struct proof_font font = {0};
    const atl_code rc = proof_font_open(family, &font, err);

    if (rc)
        return rc;
    *out = (struct atl_font_file){.index = font.index, .revision = font.revision};
    memcpy(out->path, font.path, sizeof out->path);
    proof_font_close(&font);
    return ATL_OK;
}
