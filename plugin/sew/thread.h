// SPDX-License-Identifier: Apache-2.0
// Which thread is meant: "1771", "isacord:1902", "gold", "Christmas Red", "D4A72C".
#ifndef ATL_SEW_THREAD_H
#define ATL_SEW_THREAD_H

#include "plugin/sew/options.h"
#include "plugin/stitch/plan.h"

// ATL_E_NOT_FOUND, ATL_E_INVALID: no chart has it, or several have; the sentence says what would
// do.
ATL_MUST_USE atl_code sew_thread_find(const struct sew_options *options, struct atl_thread *out,
                                      struct atl_error *err);

#endif
