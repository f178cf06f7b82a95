// SPDX-License-Identifier: Apache-2.0
// The design of a piece: the plan that was signed, and whether a machine may have it.
#ifndef ATL_AGENT_DESIGN_H
#define ATL_AGENT_DESIGN_H

#include "drivers/machine.h"
#include "plugin/agent/kept_plan.h"
#include "plugin/agent/shop.h"

struct atl_design {
    struct atl_kept_plan kept; // owned
    const struct atl_hoop *hoop;
};

void atl_design_free(struct atl_design *design); // safe on a zeroed one

// Reads it and asks, in this order: is the piece to be made now, is it signed, is the signature
// that of these answers and this proof, are the stitches on the disk those that were signed, has
// the machine the product's hoop, is the design within hoop and limits. ATL_E_CONFLICT,
// ATL_E_CORRUPT, ATL_E_INVALID, ATL_E_NOT_FOUND: waiting cannot help; the sentence has the cure.
// *out is the caller's to free, unchanged on failure.
ATL_MUST_USE atl_code atl_design_open(struct atl_shop *shop, const struct atl_piece *piece,
                                      const struct atl_machine *machine, struct atl_design *out,
                                      struct atl_error *err);

// The hoop that the product is sewn in, as this machine calls it; NULL: it has none of that size.
// A product that names no hoop takes the smallest that holds the plan.
const struct atl_hoop *atl_design_hoop(const struct atl_product *product,
                                       const struct atl_machine *machine,
                                       const struct atl_plan *plan);

#endif
