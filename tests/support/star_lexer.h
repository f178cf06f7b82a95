// SPDX-License-Identifier: Apache-2.0
// A second hand: reads a stream of Star Line mode, StarPRNT or Star Graphic mode as a strict
// printer would, and says what would stand on the paper. Written from the maker's references, not
// from our encoder; its letters are glibc's iconv, not our tables. Anything that is not on its list
// of commands is a fault.
#ifndef ATL_TESTS_SUPPORT_STAR_LEXER_H
#define ATL_TESTS_SUPPORT_STAR_LEXER_H

#include "tests/support/escpos_lexer.h"

enum star_language {
    STAR_LANGUAGE_LINE,
    STAR_LANGUAGE_PRNT,
    STAR_LANGUAGE_GRAPHIC,
};

struct star_limits {
    enum star_language language;
    uint32_t columns;
    uint32_t width_dots;
    bool is_mending; // what only a printer in doubt is sent, is on the list: CAN, NUL, ESC * r C
};

// As escpos_lex(), and a paper of the same kind: CUT 65 is full, 66 partial. A reset begins a new
// picture, also below another.
bool star_lex(const void *bytes, size_t len, const struct star_limits *limits,
              struct escpos_paper *paper, char why[ESCPOS_WHY_BYTES]);

#endif
