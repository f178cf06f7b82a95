// SPDX-License-Identifier: Apache-2.0
// Pages written short, and a rasteriser that needs no font, for the tests of this folder.
#ifndef ATL_TESTS_DRIVERS_ESCPOS_PAGE_H
#define ATL_TESTS_DRIVERS_ESCPOS_PAGE_H

#include "drivers/driver.h"

#define SPAN(words)                                                                                \
    {                                                                                              \
        .text = (words), .scale_x = 1, .scale_y = 1                                                \
    }
#define SPANS(...)                                                                                 \
    (const struct atl_span[])                                                                      \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define CELLS(...)                                                                                 \
    (const struct atl_cell[])                                                                      \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

// One cell across the paper with one plain span.
#define LINE(words)                                                                                \
    {                                                                                              \
        .kind = ATL_ROW_TEXT, .cell_count = 1, .cells = CELLS({SPANS(SPAN(words)), 1, 0, 0})       \
    }

#define PAGE(rows_)                                                                                \
    {                                                                                              \
        .width_um = 80000, .rows = (rows_), .row_count = sizeof(rows_) / sizeof(rows_)[0]          \
    }

// Draws 8 rows whose first byte counts the calls from 1 and whose others are 0; ctx is a uint8_t.
atl_code escpos_draw_count(void *ctx, const struct atl_page *page, const struct atl_row *row,
                           uint32_t width_dots, uint32_t dpi, struct atl_bitmap *out,
                           struct atl_error *err);

#endif
