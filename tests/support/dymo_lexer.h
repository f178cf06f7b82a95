// SPDX-License-Identifier: Apache-2.0
// A second hand: reads a LabelWriter's stream as a strict printer of the 450 family would, and says
// what would stand on the label. Written from the maker's technical reference, not from our
// encoder. Anything that is not on its list of commands is a fault.
#ifndef ATL_TESTS_SUPPORT_DYMO_LEXER_H
#define ATL_TESTS_SUPPORT_DYMO_LEXER_H

#include "plugin/render/page.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DYMO_WHY_BYTES = 160 };

// What one printer is told apart by.
struct dymo_head {
    uint32_t bytes;      // of a row, at most
    bool has_two_rolls;  // ESC q
    bool has_two_scales; // ESC y
};

struct dymo_label {
    struct atl_bitmap dots; // as wide as the rows were said to be; the caller's to free
    uint32_t length_dots;   // of ESC L
    char roll;              // '1', '2'; 0: not said
};

// One label of one job. False: why[] says what is wrong and at which byte, and *label is empty.
bool dymo_lex(const void *bytes, size_t len, const struct dymo_head *head, struct dymo_label *label,
              char why[DYMO_WHY_BYTES]);

// One row out of its runs. Returns the bytes that it took, 0: they do not make up a row of so many
// bytes, or end before it does.
size_t dymo_unpack(const uint8_t *runs, size_t len, uint8_t *row, uint32_t row_bytes);

#endif
