// SPDX-License-Identifier: Apache-2.0
// What the cloud is told, as docs/sync.md says: written in the transaction of the change. What
// needs the catalogue (an order with its pieces' names) is put together in shop_outbox.c.
#ifndef ATL_AGENT_TELL_H
#define ATL_AGENT_TELL_H

#include "plugin/agent/config.h"
#include "plugin/core/order.h"
#include "plugin/store/store.h"

struct atl_cloudevent_data;

// One event, whatever it is. order_id and piece may be NULL. [in a transaction]
ATL_MUST_USE atl_code atl_tell(struct atl_store *store, const struct atl_cloudevent_data *data,
                               const char *order_id, const struct atl_piece *piece, int64_t now_ms,
                               struct atl_error *err);

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
