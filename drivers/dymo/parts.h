// SPDX-License-Identifier: Apache-2.0
// What the files of this driver share; nobody else includes it.
#ifndef ATL_DRIVERS_DYMO_PARTS_H
#define ATL_DRIVERS_DYMO_PARTS_H

#include "drivers/driver.h"

enum {
    DYMO_ROW_BYTES_MAX = 156, // of the widest head, the 4XL's

    // So many ESC end any command and any row that was begun, and begin none.
    DYMO_WAKE_ESCAPES = DYMO_ROW_BYTES_MAX + 4,
};

// Labels -----------------------------------------------------------------------------------------

struct dymo_labels {
    const struct atl_media *media;
    bool is_across; // the page is turned by a quarter
};

// The labels that this printer is set to; it cannot tell by itself. ATL_E_INVALID: the page does
// not fit on them, and the sentence has both sizes and the cure.
ATL_MUST_USE atl_code dymo_labels_for(const struct atl_model *model, const struct atl_page *page,
                                      struct dymo_labels *out, struct atl_error *err);

// The picture as the head prints it: row 0 leaves the printer first. *out is the caller's to free.
ATL_MUST_USE atl_code dymo_draw(const struct dymo_labels *labels, const struct atl_model *model,
                                const struct atl_page *page,
                                const struct atl_rasteriser *rasteriser, struct atl_bitmap *out,
                                struct atl_error *err);

// Rows -------------------------------------------------------------------------------------------

// Appends all rows: white ones as a skip, the others packed where that is shorter.
void dymo_add_rows(const struct atl_bitmap *bitmap, uint32_t row_bytes, struct atl_buf *out);

// Whatever the printer is in the middle of is over, and all settings are as switched on.
void dymo_add_wake(struct atl_buf *out);

// The driver's functions -------------------------------------------------------------------------

atl_code dymo_encode(const struct atl_page *page, const struct atl_model *model,
                     const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                     struct atl_error *err);
atl_code dymo_resync(const void *bytes, size_t len, uint64_t accepted, struct atl_buf *out,
                     struct atl_error *err);
atl_code dymo_status(struct atl_link *link, const struct atl_model *model, uint32_t *trouble,
                     struct atl_error *err);
atl_code dymo_fits(struct atl_link *link, const struct atl_model *model,
                   const struct atl_page *page, struct atl_error *err);

#endif
