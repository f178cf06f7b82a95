// SPDX-License-Identifier: Apache-2.0
// What the references say of each model of Star, and how the tests of this folder print on it.
#ifndef ATL_TESTS_DRIVERS_STAR_PAGE_H
#define ATL_TESTS_DRIVERS_STAR_PAGE_H

#include "drivers/driver.h"
#include "tests/drivers/escpos_page.h"
#include "tests/support/star_lexer.h"

struct star_facts {
    const char *id;
    struct star_limits limits;
    uint32_t paper_mm;
};

// The index-th; NULL behind the last. Without a look at the driver.
const struct star_facts *star_facts_at(size_t index);
const struct star_facts *star_facts_of(const char *id);

const struct atl_model *star_model_of(const char *id);

struct star_printed {
    struct atl_buf bytes;
    struct escpos_paper paper; // as the second hand reads it
};

// Encodes and reads; whatever is wrong fails the test.
struct star_printed star_print(const struct atl_page *page, const char *id,
                               const struct atl_rasteriser *rasteriser);
void star_printed_free(struct star_printed *printed);

// A claim ticket as it comes out of a template, with one of everything.
extern const struct atl_page star_ticket;

#endif
