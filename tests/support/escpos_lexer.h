// SPDX-License-Identifier: Apache-2.0
// A second hand: reads an ESC/POS stream as a strict printer would, and says what would stand on
// the paper. Written from the maker's reference, not from our encoder; its letters are glibc's
// iconv, not our tables. Anything that is not on its list of commands is a fault.
#ifndef ATL_TESTS_SUPPORT_ESCPOS_LEXER_H
#define ATL_TESTS_SUPPORT_ESCPOS_LEXER_H

#include "plugin/render/page.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ESCPOS_LINE_BYTES = 1024, ESCPOS_WHY_BYTES = 160 };

// The paper's limits; a line or picture that leaves them is a fault.
struct escpos_limits {
    uint32_t columns;
    uint32_t width_dots;
    uint32_t band_rows;
    bool may_be_mended; // NUL ends what was cut off, and is passed over elsewhere
};

enum escpos_item_kind {
    ESCPOS_LINE, // text, perhaps empty
    ESCPOS_DOTS, // pictures that follow each other directly are one
    ESCPOS_CUT,
    ESCPOS_DRAWER,
};

struct escpos_item {
    enum escpos_item_kind kind;
    char text[ESCPOS_LINE_BYTES]; // LINE: UTF-8
    char style[8];                // LINE: which of b u i W H (double or more) occurred
    struct atl_bitmap dots;       // DOTS
    int number;                   // CUT: 65 full, 66 partial. DRAWER: its pin
};

struct escpos_paper {
    struct escpos_item *items;
    size_t count;
    size_t cap;
};

// False: why[] says what is wrong and at which byte; *paper then holds what came before.
bool escpos_lex(const void *bytes, size_t len, const struct escpos_limits *limits,
                struct escpos_paper *paper, char why[ESCPOS_WHY_BYTES]);
void escpos_paper_free(struct escpos_paper *paper);

// The first line that contains the text, or NULL.
const struct escpos_item *escpos_paper_find(const struct escpos_paper *paper, const char *text);

// All pictures below each other, with white for each line of text, as a PNG file: for programs
// that look for symbols. width_dots as above. False when it cannot be written.
bool escpos_paper_png(const struct escpos_paper *paper, uint32_t width_dots, const char *path);

// What zbarimg reads on that picture, its lines joined by '\n'. -1: zbarimg is not installed;
// otherwise the number of bytes in out.
int zbar_read(const char *png_path, char *out, size_t size);

#endif
