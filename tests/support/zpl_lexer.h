// SPDX-License-Identifier: Apache-2.0
// A second hand: reads a ZPL stream as a strict printer would, and says what would stand on the
// labels. Written from the maker's programming guide, not from our encoder; its base64, CRC and
// inflate are its own. Anything that is not on its list of commands, or not with parameters that a
// printer takes, is a fault.
#ifndef ATL_TESTS_SUPPORT_ZPL_LEXER_H
#define ATL_TESTS_SUPPORT_ZPL_LEXER_H

#include "plugin/render/page.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ZPL_WHY_BYTES = 160, ZPL_LABELS_MAX = 64 };

struct zpl_label {
    struct atl_bitmap dots; // as wide as ^PW and as long as ^LL
    char mode;              // of ^MM: T, P, C; 0: not said
    unsigned pictures;
};

struct zpl_labels {
    struct zpl_label labels[ZPL_LABELS_MAX];
    size_t count;
};

// head_dots: a wider label is a fault. False: why[] says what is wrong and at which byte; *labels
// then holds what came before. Freed by zpl_labels_free(), on failure too.
bool zpl_lex(const void *bytes, size_t len, uint32_t head_dots, struct zpl_labels *labels,
             char why[ZPL_WHY_BYTES]);
void zpl_labels_free(struct zpl_labels *labels);

// ---- Parts, for other readers of the language ----

// "…:CRC" behind ":Z64:" into exactly size bytes. False: *why says what is wrong.
bool zpl_unpack_z64(const char *text, size_t len, uint8_t *out, size_t size, const char **why);

// Hexadecimal with run letters, comma, exclamation mark and colon, into rows of row_bytes.
bool zpl_unpack_hex(const char *text, size_t len, uint32_t row_bytes, uint8_t *out, size_t size,
                    const char **why);

#endif
