// SPDX-License-Identifier: Apache-2.0
// Memory that is given back all at once: for what is built together and dies together, such as a
// loaded catalogue or the findings of one check.
//
// What comes out is zeroed, aligned for any type, and lives until atl_arena_free(). A failure is
// sticky like that of a buffer: allocations return NULL from then on, and atl_arena_check() says
// so once, at the end. [one-thread]
#ifndef ATL_CORE_ARENA_H
#define ATL_CORE_ARENA_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>

struct atl_arena_block;

struct atl_arena {
    struct atl_arena_block *blocks; // owned
    size_t used;                    // bytes given out
    size_t limit;                   // never gives out more than this many bytes
    bool failed;
};

void atl_arena_init(struct atl_arena *arena, size_t limit);
void atl_arena_free(struct atl_arena *arena); // safe on a freed or zeroed arena

// count elements of size bytes, zeroed; NULL when over the limit or out of memory.
void *atl_arena_get(struct atl_arena *arena, size_t count, size_t size);

// A copy with a NUL behind it. NULL for NULL, and on failure.
char *atl_arena_text(struct atl_arena *arena, const char *text);
char *atl_arena_bytes(struct atl_arena *arena, const void *bytes, size_t len);
char *atl_arena_textf(struct atl_arena *arena, const char *fmt, ...) ATL_PRINTF(2, 3);

// ATL_OK, or ATL_E_NOMEM when any allocation since init failed.
ATL_MUST_USE atl_code atl_arena_check(const struct atl_arena *arena, struct atl_error *err);

#endif
