// SPDX-License-Identifier: Apache-2.0
// A digitised letter as bytes, and back. Numbers are this machine's: nobody else reads them.
#ifndef ATL_STITCH_CACHE_CODE_H
#define ATL_STITCH_CACHE_CODE_H

#include "plugin/core/buf.h"
#include "plugin/stitch/letter.h"

void atl_cache_encode(const struct atl_letter *letter, struct atl_buf *out);

// False: these bytes are no letter, or there is no memory for it. Every number is looked at; what
// it gives lives in the arena.
bool atl_cache_decode(const uint8_t *bytes, size_t len, struct atl_arena *arena,
                      struct atl_letter *out);

#endif
