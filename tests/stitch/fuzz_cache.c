// SPDX-License-Identifier: Apache-2.0
// Bytes of a kept letter that may be anything: no letter, or one that is written as it was read.
#include "plugin/stitch/cache_code.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool is_so)
{
    if (!is_so)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct atl_letter letter = {0};
    struct atl_arena arena;
    struct atl_buf bytes;

    atl_arena_init(&arena, 64 << 20);
    atl_buf_init(&bytes, 64 << 20);
    if (atl_cache_decode(data, size, &arena, &letter)) {
        for (size_t i = 0; i < letter.count; i++) {
            const struct atl_letter_piece *piece = &letter.pieces[i];

            for (size_t k = 0; k < piece->columns.count; k++) {
                demand(piece->columns.v[k].axis.n >= 2);
                demand(piece->columns.v[k].step > 0);
                demand((unsigned)piece->columns.v[k].ends[0].kind <= ATL_END_NONE);
            }
            for (size_t k = 0; k < piece->row_count; k++)
                demand(piece->row_starts[k] <= piece->row_starts[k + 1]);
        }
        atl_cache_encode(&letter, &bytes);
        demand(!bytes.failed && bytes.len == size);
        demand(!memcmp(bytes.data, data, size));
    }
    atl_buf_free(&bytes);
    atl_arena_free(&arena);
    return 0;
}
