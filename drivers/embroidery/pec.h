// SPDX-License-Identifier: Apache-2.0
// PEC: the part of a PES file that Brother machines sew from. It has its own palette, its own
// pictures, and its own way of counting, y down.
#ifndef ATL_DRIVERS_EMBROIDERY_PEC_H
#define ATL_DRIVERS_EMBROIDERY_PEC_H

#include "drivers/embroidery/parts.h"

enum {
    PEC_BLOCKS_MAX = 100, // changes of colour and stops, and one
    PEC_ICON_WIDTH = 48,
    PEC_ICON_HEIGHT = 38,
    PEC_ICON_BYTES = PEC_ICON_WIDTH / 8 * PEC_ICON_HEIGHT,
};

// The palette's row of each block; stops are blocks of the colour before.
struct pec_blocks {
    uint8_t rows[PEC_BLOCKS_MAX];
    uint8_t threads[PEC_BLOCKS_MAX]; // index into the plan's
    uint32_t count;
};
ATL_MUST_USE atl_code pec_blocks(const struct atl_plan *plan, struct pec_blocks *out,
                                 struct atl_error *err);

void pec_write(const struct atl_plan *plan, const struct pec_blocks *blocks,
               const struct atl_stitch_label *label, struct atl_buf *out);

// One picture of the whole, then one a block.
void pec_write_icons(const struct atl_plan *plan, uint32_t blocks, struct atl_buf *out);

// in->at stands on "LA:". `named` are threads that the PES part gave, one a block; 0 of them: the
// palette's colours are taken. Adds to *plan, which has neither acts nor threads.
ATL_MUST_USE atl_code pec_read(struct stitch_in *in, const struct atl_thread *named,
                               uint32_t named_count, struct atl_plan *plan,
                               struct atl_stitch_info *seen, struct atl_error *err);

#endif
