// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/escpos_page.h"

#include <stdlib.h>

atl_code escpos_draw_count(void *ctx, const struct atl_page *page, const struct atl_row *row,
                           uint32_t width_dots, uint32_t dpi, struct atl_bitmap *out,
                           struct atl_error *err)
{
    uint8_t *count = ctx;
    const uint32_t row_bytes = (width_dots + 7) / 8;
    uint8_t *bits = calloc(8, row_bytes);

    (void)page;
    (void)row;
    (void)dpi;
    if (!bits)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    ++*count;
    for (int y = 0; y < 8; y++)
        bits[y * (int)row_bytes] = *count;
    *out = (struct atl_bitmap){width_dots, 8, row_bytes, bits};
    return ATL_OK;
}
