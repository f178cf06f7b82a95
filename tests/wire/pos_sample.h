// SPDX-License-Identifier: Apache-2.0
// Structs of the ABI filled by their tables, so that a new field is in the tests the day it is in a
// table. Each number is another one, each text says its field and number.
#ifndef ATL_TESTS_POS_SAMPLE_H
#define ATL_TESTS_POS_SAMPLE_H

#include "plugin/wire/pos_tables.h"

#include <stdbool.h>

struct sample {
    uint8_t bytes[2 * 1024 * 1024]; // memory of texts and arrays
    size_t used;
    uint32_t elements;   // of each array
    size_t text_bytes;   // of each text; 0: its name and number
    uint32_t next_value; // of numbers
};

// Fills the struct, whose memory is zeroed first.
void sample_fill(struct sample *sample, const struct atl_pos_table *table, void *out);

// The name of the first field that differs; NULL: none. Element sizes and padding do not count.
const char *sample_difference(const struct atl_pos_table *table, const void *one, const void *two);

#endif
