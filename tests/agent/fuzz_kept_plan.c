// SPDX-License-Identifier: Apache-2.0
// What is read as a kept plan is written again as the very same bytes; anything else is refused.
#include "plugin/agent/kept_plan.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct atl_kept_plan kept = {0};
    struct atl_buf again;

    if (atl_kept_plan_read(data, size, &kept, NULL) != ATL_OK)
        return 0;
    atl_buf_init(&again, ATL_KEPT_PLAN_MAX_BYTES);
    if (atl_kept_plan_write(&kept, &again, NULL) != ATL_OK || again.len != size ||
        memcmp(again.data, data, size) != 0)
        abort();
    atl_buf_free(&again);
    atl_kept_plan_free(&kept);
    return 0;
}
