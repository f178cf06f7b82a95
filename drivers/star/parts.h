// SPDX-License-Identifier: Apache-2.0
// What the files of this driver share; nobody else includes it.
#ifndef ATL_DRIVERS_STAR_PARTS_H
#define ATL_DRIVERS_STAR_PARTS_H

#include "drivers/driver.h"

// Which of Star's languages a model speaks; without a bit it is Star Line mode.
enum star_quirk {
    STAR_QUIRK_RASTER = 1u << 24, // pictures only: Star Graphic mode
    STAR_QUIRK_PRNT = 1u << 25,   // StarPRNT: as Line mode, with pictures of any height
};

enum {
    STAR_ASB_MIN = 7, // bytes of an automatic status
    STAR_ASB_MAX = 15,
    STAR_BAND_ROWS = 24, // of ESC k
};

// One automatic status ("ASB"), from its header on.
struct star_asb {
    uint8_t bytes[STAR_ASB_MAX];
    size_t len;
};

// ATL_TROUBLE_* bits of it.
uint32_t star_asb_trouble(const struct star_asb *asb);

// The names of the bits that make trouble, as in the maker's tables: "cover open, offline".
void star_asb_names(const struct star_asb *asb, char *out, size_t size);

// Its ETB counter, 0..31; -1: this printer's status is too short to have one.
int star_asb_counter(const struct star_asb *asb);

atl_code star_encode(const struct atl_page *page, const struct atl_model *model,
                     const struct atl_rasteriser *rasteriser, struct atl_buf *out,
                     struct atl_error *err);
atl_code star_resync(const void *bytes, size_t len, uint64_t accepted, struct atl_buf *out,
                     struct atl_error *err);
atl_code star_status(struct atl_link *link, const struct atl_model *model, uint32_t *trouble,
                     struct atl_error *err);
atl_code star_confirm(struct atl_link *link, const struct atl_model *model, unsigned timeout_ms,
                      char *evidence, size_t evidence_size, struct atl_error *err);

#endif
