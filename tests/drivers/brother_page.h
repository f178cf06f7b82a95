// SPDX-License-Identifier: Apache-2.0
// Papers, and what the references say of each model of Brother, for the tests of this folder.
#ifndef ATL_TESTS_DRIVERS_BROTHER_PAGE_H
#define ATL_TESTS_DRIVERS_BROTHER_PAGE_H

#include "drivers/driver.h"
#include "tests/support/brother_lexer.h"

enum { BROTHER_MM = 1000, BROTHER_JOB_MAX = 4 * 1024 * 1024 };

// What the references say, without a look at the driver.
struct brother_facts {
    const char *id;
    struct brother_limits limits;
    uint32_t shortest, longest; // rows of a continuous paper
    uint32_t nuls;              // that end a row that was broken off
};

const struct brother_facts *brother_facts_of(const char *id);
size_t brother_facts_count(void);

const struct atl_model *brother_model_of(const char *id);
struct atl_model brother_loaded(const char *id, const char *media); // with one roll in it

// A paper that fills the roll.
struct atl_page brother_page_for(const struct atl_model *model, const struct atl_media *media);

// The next number below that; always the same ones.
uint32_t brother_chance(uint32_t below);
void brother_chance_begin(uint32_t seed);

// What was drawn last, at random, with much of what printers obey.
struct brother_canvas {
    struct atl_bitmap bitmap;
    uint32_t height_dots; // of a page without a height
    unsigned density;     // of 8 dots so many are black
};

struct brother_print {
    struct brother_canvas canvas;
    struct atl_buf job;
    struct brother_paper paper;
};

atl_code brother_print_encode(const struct atl_model *model, const struct atl_page *page,
                              struct brother_print *print, struct atl_error *err);
// Encodes and reads it, or fails the test.
void brother_print_page(const struct atl_model *model, const struct atl_page *page,
                        struct brother_print *print);
void brother_print_free(struct brother_print *print);

// Every dot of the drawn picture is on the paper where it belongs, and no other dot is black.
bool brother_is_same(const struct atl_bitmap *drawn, const struct brother_paper *paper,
                     const struct brother_limits *limits, uint32_t offset);

#endif
