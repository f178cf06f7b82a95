// SPDX-License-Identifier: Apache-2.0
// One question of a till, from its frame to the frame of its answer. The table in serve_call.c
// has a row a call: what it does, and whether it changes anything.
#ifndef ATL_AGENT_SERVE_CALL_H
#define ATL_AGENT_SERVE_CALL_H

#include "plugin/agent/shop_pos.h"
#include "plugin/wire/pos.h"

// Answers *ask into *frame. *file_fd is -1, or the picture that goes with it, now the caller's.
// Whatever happens there is an answer: a failure is a refusal with its sentence. `language` is
// that of the till's staff.
void atl_serve_answer(struct atl_shop *shop, const struct atl_pos_ask *ask, const char *language,
                      struct atl_frame *frame, int *file_fd);

#endif
