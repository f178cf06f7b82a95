// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/page.h"

// Takes a column from the widest until the sum fits. Every cell keeps at least one.
static void give_way(uint32_t *widths, size_t count, uint32_t sum, uint32_t total)
{
    while (sum > total) {
        size_t widest = 0;

        for (size_t i = 1; i < count; i++) {
            if (widths[i] > widths[widest])
                widest = i;
        }
        widths[widest]--;
        sum--;
    }
}

// Cells without a width share `left`; the first ones get what does not divide.
static void share(const struct atl_row *row, uint32_t left, uint32_t sharing, uint32_t *widths)
{
    for (size_t i = 0; i < row->cell_count; i++) {
        if (row->cells[i].columns == 0) {
            widths[i] = (left + sharing - 1) / sharing;
            left -= widths[i];
            sharing--;
        }
    }
}

atl_code atl_row_columns(const struct atl_row *row, uint32_t total, uint32_t *widths,
                         struct atl_error *err)
{
    uint32_t fixed = 0;
    uint32_t sharing = 0;

    if (row->cell_count > total || row->cell_count > ATL_ROW_CELLS_MAX)
        return atl_fail(err, ATL_E_INVALID, "%zu columns of text do not fit on %u letters",
                        row->cell_count, total);
    for (size_t i = 0; i < row->cell_count; i++) {
        uint32_t asked = row->cells[i].columns;

        sharing += asked == 0;
        fixed += asked;
        widths[i] = asked;
    }
    if (fixed + sharing <= total) {
        share(row, total - fixed, sharing, widths);
        return ATL_OK;
    }
    share(row, sharing, sharing, widths);
    give_way(widths, row->cell_count, fixed + sharing, total);
    return ATL_OK;
}
