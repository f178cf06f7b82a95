// SPDX-License-Identifier: Apache-2.0
// Runs: pieces with the same product, thread and hoop are sewn one after the other, so that nobody
// threads or hoops anew between them. See store/runs.h.
#ifndef ATL_AGENT_SHOP_RUN_H
#define ATL_AGENT_SHOP_RUN_H

#include "drivers/machine.h"
#include "plugin/agent/shop.h"
#include "plugin/store/pieces.h"
#include "plugin/store/runs.h"

enum { ATL_PROPOSALS_MAX = 64 };

// What could be sewn together now.
struct atl_proposal {
    char sku[ATL_REF_SIZE];
    char thread[ATL_REF_SIZE]; // the answer
    size_t count;              // pieces, at least two
};

// Signed pieces that wait to be made, were given to no machine and are in no run, grouped.
ATL_MUST_USE atl_code atl_shop_proposals(struct atl_shop *shop, struct atl_proposal *out,
                                         size_t max, size_t *count, struct atl_error *err);

// The pieces of a run, in its order, without those that have left it: cancelled, or changed to
// another thread. `out` has room for ATL_RUN_PIECES_MAX.
ATL_MUST_USE atl_code atl_shop_run_pieces(struct atl_shop *shop, const struct atl_run *run,
                                          struct atl_piece *out, size_t *count,
                                          struct atl_error *err);

// Makes a run of at most `most` of them, the nearest promise first. A piece that the machine could
// not sew is left out. ATL_E_NOT_FOUND: nothing is left; the sentence says of a piece why.
// [own transaction]
ATL_MUST_USE atl_code atl_shop_run_make(struct atl_shop *shop, const struct atl_proposal *wish,
                                        const struct atl_config_machine *machine,
                                        const struct atl_machine *profile, size_t most,
                                        const struct atl_by *by, struct atl_run *out,
                                        struct atl_error *err);

// Queues the designs of the run that were not sent yet, in its order, all or none. *count: how many
// that were. What has left the run is passed over; what is no longer as it was signed refuses all.
// [own transaction]
ATL_MUST_USE atl_code atl_shop_run_send(struct atl_shop *shop, const struct atl_run *run,
                                        const struct atl_machine *profile, const struct atl_by *by,
                                        size_t *count, struct atl_error *err);

// Takes it back: designs that wait are cancelled. *written: those that the machine has already,
// which stay there. [own transaction]
ATL_MUST_USE atl_code atl_shop_run_undo(struct atl_shop *shop, const struct atl_run *run,
                                        const struct atl_by *by, size_t *written,
                                        struct atl_error *err);

#endif
