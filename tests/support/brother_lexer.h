// SPDX-License-Identifier: Apache-2.0
// A strict reader of Brother's raster language, written from the command references apart from the
// encoder: whatever is not a job of one paper, whole and in the order of the references, is refused
// with a reason.
#ifndef ATL_TESTS_SUPPORT_BROTHER_LEXER_H
#define ATL_TESTS_SUPPORT_BROTHER_LEXER_H

#include "plugin/render/page.h"

enum { BROTHER_WHY_BYTES = 160 };

// What the printer at hand can do, out of its reference.
struct brother_limits {
    unsigned pins;
    bool packs;     // M 2, Z
    bool has_modes; // ESC i a, ESC i !
    bool is_tape;   // G instead of g
    bool two_inks;
    bool cuts;
};

// What came out. The picture has all pins, as one sees it on the paper: its right edge is pin 0.
struct brother_paper {
    uint8_t kind; // ESC i z: 0a continuous, 0b labels
    uint8_t width_mm;
    uint8_t length_mm;
    uint32_t rows;
    uint32_t margin_dots;
    bool is_cut;
    bool is_two_inks;
    uint32_t red_dots;
    uint32_t packed_rows;
    struct atl_bitmap black;
};

// False: why says what is wrong and where. *paper is the caller's to free on success.
bool brother_lex(const void *bytes, size_t len, const struct brother_limits *limits,
                 struct brother_paper *paper, char why[BROTHER_WHY_BYTES]);
void brother_paper_free(struct brother_paper *paper);

bool brother_paper_dot(const struct brother_paper *paper, uint32_t x, uint32_t y);

// How many bytes n of PackBits in `packed` come out as; SIZE_MAX when they are cut off or too many.
size_t brother_unpack(const uint8_t *packed, size_t len, uint8_t *out, size_t cap);

#endif
