// SPDX-License-Identifier: Apache-2.0
// Designs and machines, as staff act upon them.
#ifndef ATL_AGENT_SHOP_DESIGN_H
#define ATL_AGENT_SHOP_DESIGN_H

#include "drivers/machine.h"
#include "plugin/agent/cmd_shop.h"
#include "plugin/agent/shop.h"
#include "plugin/store/jobs.h"
#include "plugin/store/pieces.h"

// Queues the design of a piece for a machine, and puts the piece there. Everything that can be
// refused is refused now, by design.h. ATL_E_CONFLICT: it was sent already, here or elsewhere, and
// nobody said "again"; the sentence says where it is. [own transaction]
ATL_MUST_USE atl_code atl_shop_send_design(struct atl_shop *shop, const char *piece_id,
                                           const struct atl_config_machine *machine,
                                           const struct atl_machine *profile, bool is_again,
                                           const struct atl_by *by, struct atl_piece *after,
                                           struct atl_error *err);

// The same inside a transaction of the caller's.
ATL_MUST_USE atl_code atl_shop_queue_design(struct atl_shop *shop, const char *piece_id,
                                            const struct atl_config_machine *machine,
                                            const struct atl_machine *profile, bool is_again,
                                            const struct atl_by *by, struct atl_piece *after,
                                            struct atl_error *err);

// The last design of the piece's present attempt that was not cancelled; out->id 0: there is none.
ATL_MUST_USE atl_code atl_shop_last_design(struct atl_shop *shop, const struct atl_piece *piece,
                                           struct atl_job *out, struct atl_error *err);

// The machine of a name, or of the place code that hangs beside it; NULL: there is none.
const struct atl_config_machine *atl_shop_machine(const struct atl_shop *shop, const char *text);

// For commands: the same with its profile, or a sentence that lists the machines.
ATL_MUST_USE atl_code atl_cmd_machine(struct atl_cmd *cmd, const char *word,
                                      const struct atl_config_machine **machine,
                                      struct atl_machine *profile);

#endif
