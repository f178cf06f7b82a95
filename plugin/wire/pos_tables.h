// SPDX-License-Identifier: Apache-2.0
// The structs and calls of the ABI as tables. Only pos.c and the tests look at them.
//
// The order of rows is the wire's: append at the end of a table, never move. `min_size` is what
// the struct was in 1.0 and stays.
#ifndef ATL_WIRE_POS_TABLES_H
#define ATL_WIRE_POS_TABLES_H

#include "plugin/wire/pos.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ATL_POS_STRUCT_MAX_BYTES = 256, ATL_POS_STEP_MAX_BYTES = 4096 };

enum atl_pos_type {
    ATL_POS_I32,
    ATL_POS_I64,
    ATL_POS_TEXT,   // const char *
    ATL_POS_NEEDED, // const char * that may be neither NULL nor ""
    ATL_POS_BYTES,  // const uint8_t * and a count of bytes
    ATL_POS_SQUARE, // const uint8_t * and a width: width * width bytes; the width has a row before
    ATL_POS_ARRAY,  // pointer, count of elements, size of one element
    ATL_POS_TEXTS,  // const char *const * and a count
};

struct atl_pos_row {
    const char *name;
    enum atl_pos_type type;
    uint16_t at;       // offset of the field; of all below, too
    uint16_t count_at; // of its uint32_t count
    uint16_t step_at;  // ARRAY: of its uint32_t element size
    uint32_t max;      // bytes of a text or of bytes; elements; the width of a square
    const struct atl_pos_table *element; // ARRAY
};

struct atl_pos_table {
    const char *name; // "line": in errors, "line.sku"
    uint16_t size;
    uint16_t min_size;
    bool has_size; // begins with uint32_t size
    const struct atl_pos_row *rows;
    size_t row_count;
};

struct atl_pos_part_row {
    const struct atl_pos_table *table; // NULL: a text
    uint16_t ask_at;                   // offset in struct atl_pos_ask
    uint16_t reply_at;                 // in struct atl_pos_reply
};

enum { ATL_POS_OPTIONAL = 0x80 }; // beside a part: may be NULL

struct atl_pos_call {
    const char *name;
    uint8_t asks[ATL_POS_PARTS_MAX]; // enum atl_pos_part; NONE ends them
    uint8_t replies[ATL_POS_REPLIES_MAX];
};

const struct atl_pos_part_row *atl_pos_part_find(unsigned part); // never NULL for a valid part
const struct atl_pos_call *atl_pos_call_find(uint16_t kind);     // NULL: no such call

#endif
