// SPDX-License-Identifier: Apache-2.0
// What a scanner may deliver: anything. Whatever is taken for ours is written in our way.
#include "plugin/core/code.h"
#include "plugin/core/id.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool is_so)
{
    if (!is_so)
        abort();
}

static void check_tag(const struct atl_scan *scan)
{
    static const uint8_t key[ATL_HASH_BYTES];

    demand(scan->unit >= 1 && scan->revision >= 1 && strlen(scan->tag_code) == ATL_TAG_CODE_LEN);
    (void)atl_tag_code_is_ours(key, scan->tag_code, key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    char code[ATL_PIECE_CODE_CAP];
    struct atl_scan scan;
    int64_t time;

    atl_scan_read(text, size, &scan);
    if (scan.kind == ATL_SCAN_TOKEN)
        demand(strlen(scan.token) == ATL_TOKEN_LEN);
    if (scan.kind == ATL_SCAN_ORDER)
        demand(!atl_piece_code_make(scan.order_code, 1, code, NULL));
    if (scan.kind == ATL_SCAN_PIECE)
        demand(!atl_piece_code_make(scan.order_code, scan.unit, code, NULL));
    if (scan.kind == ATL_SCAN_TAG)
        check_tag(&scan);
    if (scan.kind == ATL_SCAN_ACTION || scan.kind == ATL_SCAN_PLACE)
        demand(scan.name[0] && strlen(scan.name) <= ATL_NAME_MAX);
    (void)!atl_id_time(text, size, &time, NULL);
    return 0;
}
