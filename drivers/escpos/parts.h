// SPDX-License-Identifier: Apache-2.0
// What the files of this driver share; nobody else includes it.
#ifndef ATL_DRIVERS_ESCPOS_PARTS_H
#define ATL_DRIVERS_ESCPOS_PARTS_H

#include "drivers/driver.h"

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
