// SPDX-License-Identifier: Apache-2.0
// Pages of text at random, always the same ones, with all that is dangerous in it; and whether a
// receipt printer's paper shows them.
#ifndef ATL_TESTS_DRIVERS_RANDOM_PAGE_H
#define ATL_TESTS_DRIVERS_RANDOM_PAGE_H

#include "tests/drivers/escpos_page.h"
#include "tests/support/escpos_lexer.h"

enum { RANDOM_ROWS_MAX = 3, RANDOM_TEXT_BYTES = 90 * 4 + 1 };

struct random_page {
    char texts[RANDOM_ROWS_MAX][RANDOM_TEXT_BYTES];
    struct atl_span spans[RANDOM_ROWS_MAX];
    struct atl_cell cells[RANDOM_ROWS_MAX];
    struct atl_row rows[RANDOM_ROWS_MAX];
    struct atl_page page;
};

// The next number below that.
uint32_t random_page_chance(uint32_t below);

void random_page_make(struct random_page *one);

// Either the row was drawn by escpos_draw_count(), or its letters stand in the lines in their
// order. *at is the next item of the paper.
void random_page_check_row(const struct random_page *one, size_t row,
                           const struct escpos_paper *paper, size_t *at);

#endif
