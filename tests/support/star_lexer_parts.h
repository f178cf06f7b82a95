// SPDX-License-Identifier: Apache-2.0
// What star_lexer.c and star_rows.c share.
#ifndef ATL_TESTS_SUPPORT_STAR_LEXER_PARTS_H
#define ATL_TESTS_SUPPORT_STAR_LEXER_PARTS_H

#include "tests/support/star_lexer.h"

#include <iconv.h>

enum { BAND_ROWS = 24, WIDE_BYTES = 104 };

struct star_reader {
    const uint8_t *bytes;
    size_t len, at;
    const struct star_limits *limits;
    struct escpos_paper *paper;
    char *why;
    bool is_fresh; // the next picture begins anew

    // Lines.
    iconv_t turn; // of the code page; NO_TURN: not said since the reset
    bool is_reset, is_usa;
    unsigned spacing_mm; // 0: not said since the reset
    uint8_t wide, high;  // ESC i
    bool is_bold, is_underlined, is_inverted;
    struct escpos_item line; // in the making
    size_t line_len;
    uint32_t line_columns;
    uint8_t band[BAND_ROWS * WIDE_BYTES]; // of ESC k, in the line's buffer
    bool has_band;

    // Rows.
    bool is_raster, is_continuous;
    unsigned eot_mode, ff_mode; // 0: not said
    uint8_t *rows;              // that wait to be printed
    uint32_t row_count;
};

// Writes why[] and is false.
bool star_fault(struct star_reader *reader, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

struct escpos_item *star_add(struct escpos_paper *paper, enum escpos_item_kind kind);

// Adds rows below the picture that is the last item, or begins one. dots NULL: white.
void star_add_rows(struct star_reader *reader, const uint8_t *dots, uint32_t row_bytes,
                   uint32_t rows);

// Takes n more bytes of a command; NULL at the end of the stream.
const uint8_t *star_take(struct star_reader *reader, size_t n);

// The same for dots, and says why not.
const uint8_t *star_take_dots(struct star_reader *reader, size_t n);

uint32_t star_wide_bytes(const struct star_reader *reader);

// The command that begins with this byte, in Graphic mode.
bool star_graphic_step(struct star_reader *reader, uint8_t byte);

#endif
