// SPDX-License-Identifier: Apache-2.0
// What the files of this driver share; nobody else includes it.
#ifndef ATL_DRIVERS_ESCPOS_PARTS_H
#define ATL_DRIVERS_ESCPOS_PARTS_H

#include "drivers/driver.h"

enum { ESCPOS_LETTERS_MAX = 512 }; // of one cell that is written natively

struct escpos_style {
    uint8_t scale_x;
    uint8_t scale_y;
    bool is_bold;
    bool is_underlined;
    bool is_inverted;
};

// The state that the printer is in as far as it has been told, and where the bytes go.
struct escpos_encoder {
    const struct atl_page *page;
    const struct atl_model *model;
    const struct atl_rasteriser *rasteriser;
    struct atl_buf *out;
    int code_page;           // index into the model's; -1: not said yet
    const uint16_t *letters; // of that page; NULL: what all pages share
    struct escpos_style style;
};

// Rows of text ---------------------------------------------------------------------------------

// Which of the model's code pages have every letter of the row, as bits; all bits for a row of
// plain ASCII. 0: the row must be drawn.
uint32_t escpos_row_pages(const struct atl_model *model, const struct atl_row *row);

// Writes the row in the printer's own letters; its pages are not 0, and one is chosen already.
// ATL_E_UNSUPPORTED, with nothing written: it does not fit that way (a letter wider than its
// column, more text than a cell takes) and must be drawn.
ATL_MUST_USE atl_code escpos_text(struct escpos_encoder *encoder, const struct atl_row *row,
                                  struct atl_error *err);

// Dots -----------------------------------------------------------------------------------------

// GS v 0 in bands of the model, without the white at the right.
void escpos_dots(struct escpos_encoder *encoder, const struct atl_bitmap *bitmap);

// Feeds by exactly so many rows of dots, whatever the printer's units are.
void escpos_feed(struct escpos_encoder *encoder, uint32_t height_dots);

// Changes a dot where dots would be taken for a command that printers obey even inside pictures
// (DLE EOT, DLE ENQ, DLE DC4). Returns how many were changed.
size_t escpos_disarm(uint8_t *bytes, size_t len);

// The driver's functions -----------------------------------------------------------------------

atl_code escpos_encode(const struct atl_page *page, const struct atl_model *model,
                       const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                       struct atl_error *err);
atl_code escpos_resync(const void *bytes, size_t len, uint64_t accepted, struct atl_buf *out,
                       struct atl_error *err);
atl_code escpos_status(struct atl_link *link, const struct atl_model *model, uint32_t *trouble,
                       struct atl_error *err);
atl_code escpos_confirm(struct atl_link *link, const struct atl_model *model, unsigned timeout_ms,
                        char *evidence, size_t evidence_size, struct atl_error *err);

#endif
