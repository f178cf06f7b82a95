// SPDX-License-Identifier: Apache-2.0
// What sync itself has to tell the cloud: of the shop, and of what happened as time went by. What
// people do is told by shop_outbox.c.
#ifndef ATL_AGENT_TELL_H
#define ATL_AGENT_TELL_H

#include "plugin/agent/config.h"
#include "plugin/core/order.h"
#include "plugin/store/store.h"

// Stage, promise or attempt of a piece changed; piece is as it is afterwards. [in a transaction]
ATL_MUST_USE atl_code atl_tell_stage(struct atl_store *store, const struct atl_piece *piece,
                                     int64_t now_ms, struct atl_error *err);

// [in a transaction]
ATL_MUST_USE atl_code atl_tell_erased(struct atl_store *store, const char *order_id, int64_t now_ms,
                                      struct atl_error *err);

// The shop's name, hours, languages, when they are not as last told. [own transaction]
ATL_MUST_USE atl_code atl_tell_profile(struct atl_store *store, const struct atl_config *config,
                                       int64_t now_ms, struct atl_error *err);

// "The shop is there." [own transaction]
ATL_MUST_USE atl_code atl_tell_alive(struct atl_store *store, int64_t now_ms,
                                     struct atl_error *err);

#endif
