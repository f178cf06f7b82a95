// SPDX-License-Identifier: Apache-2.0
// A page as text, for tests to compare and for people to read in a diff:
//
//     text [> ^3x3 * "Jo"] [1] [3 < "12.00"]   a cell: width, alignment, spans; empty: its width
//     rule | image > 120x40 40000um | qr = M 400um "HTTPS://…" | feed 3000um | cut partial
//
// Alignment is < = >; a span is its style (^2x1 scale, * bold, _ underlined, ` inverted) and text.
#ifndef ATL_TESTS_SUPPORT_PAGE_DUMP_H
#define ATL_TESTS_SUPPORT_PAGE_DUMP_H

#include "plugin/core/buf.h"
#include "plugin/render/page.h"

// Appends one line a row.
void page_dump(const struct atl_page *page, struct atl_buf *out);

// The same without texts and sizes: what a hostile value must not be able to change.
void page_dump_shape(const struct atl_page *page, struct atl_buf *out);

#endif
