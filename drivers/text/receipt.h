// SPDX-License-Identifier: Apache-2.0
// What the languages of receipt printers share: a page is written row by row, in the printer's own
// letters where one of its code pages has them all, in dots otherwise. A language says only how
// each step is spelled.
#ifndef ATL_DRIVERS_TEXT_RECEIPT_H
#define ATL_DRIVERS_TEXT_RECEIPT_H

#include "drivers/driver.h"

enum { ATL_RECEIPT_LETTERS_MAX = 512 }; // of one cell that is written natively

struct atl_receipt_style {
    uint8_t scale_x;
    uint8_t scale_y;
    bool is_bold;
    bool is_underlined;
    bool is_inverted;
};

struct atl_receipt;

// Everything is appended to receipt->out.
struct atl_receipt_language {
    uint8_t scale_max; // letters larger than this are drawn
    void (*begin)(struct atl_receipt *receipt);
    void (*choose_page)(struct atl_buf *out, uint8_t slot);
    void (*style)(struct atl_buf *out, const struct atl_receipt_style *from,
                  const struct atl_receipt_style *to);
    void (*dots)(struct atl_receipt *receipt, const struct atl_bitmap *bitmap);
    void (*feed)(struct atl_receipt *receipt, uint32_t height_dots); // exactly
    void (*cut)(struct atl_receipt *receipt, enum atl_cut cut);      // not NONE
    void (*drawer)(struct atl_receipt *receipt, bool is_second);
    void (*end)(struct atl_receipt *receipt); // NULL: nothing
};

// The state that the printer is in as far as it has been told, and where the bytes go.
struct atl_receipt {
    const struct atl_receipt_language *language;
    const struct atl_page *page;
    const struct atl_model *model;
    const struct atl_rasteriser *rasteriser;
    struct atl_buf *out;
    size_t row;              // the page's row that is being written
    int code_page;           // index into the model's; -1: not said yet
    const uint16_t *letters; // of that page; NULL: what all pages share
    struct atl_receipt_style style;
    bool is_open; // the language's own: what it began stands open
};

// A driver's encode(). A model with columns 0 has no letters of its own. [one-thread]
ATL_MUST_USE atl_code atl_receipt_encode(const struct atl_receipt_language *language,
                                         const struct atl_page *page, const struct atl_model *model,
                                         const struct atl_rasteriser *rasteriser,
                                         struct atl_buf *out, struct atl_error *err);

// Which of the model's code pages have every letter of the row, as bits; all bits for a row of
// plain ASCII. 0: the row must be drawn.
uint32_t atl_receipt_row_pages(const struct atl_model *model, const struct atl_row *row);

// Writes the row in the printer's own letters; its pages are not 0, and one is chosen already.
// ATL_E_UNSUPPORTED, with nothing written: it does not fit that way (a letter wider than its
// column, more text than a cell takes) and must be drawn.
ATL_MUST_USE atl_code atl_receipt_text(struct atl_receipt *receipt, const struct atl_row *row,
                                       struct atl_error *err);

// Bytes of rows [from, from + rows) up to their last black dot; at least 1.
uint32_t atl_receipt_used_bytes(const struct atl_bitmap *bitmap, uint32_t from, uint32_t rows);

#endif
