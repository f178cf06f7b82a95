// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 4096 };

struct atl_arena_block {
    struct atl_arena_block *next;
    size_t used;
    size_t size;
    _Alignas(max_align_t) uint8_t bytes[];
};

void atl_arena_init(struct atl_arena *arena, size_t limit)
{
    *arena = (struct atl_arena){.limit = limit};
}

void atl_arena_free(struct atl_arena *arena)
{
    struct atl_arena_block *block = arena->blocks;

    while (block) {
        struct atl_arena_block *next = block->next;

        free(block);
        block = next;
    }
    atl_arena_init(arena, arena->limit);
}

// A new block in front; what is left of the one before stays unused.
static bool grow(struct atl_arena *arena, size_t bytes)
{
    size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
    struct atl_arena_block *block = calloc(1, sizeof(*block) + size);

    if (!block)
        return false;
    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    return true;
}

void *atl_arena_get(struct atl_arena *arena, size_t count, size_t size)
{
    const size_t step = _Alignof(max_align_t);
    size_t bytes;
    void *at;

    if (arena->failed || (size && count > (arena->limit - arena->used) / size)) {
        arena->failed = true;
        return NULL;
    }
    bytes = (count * size + step - 1) / step * step;
    if (bytes > arena->limit - arena->used ||
        ((!arena->blocks || bytes > arena->blocks->size - arena->blocks->used) &&
         !grow(arena, bytes))) {
        arena->failed = true;
        return NULL;
    }
    at = arena->blocks->bytes + arena->blocks->used;
    arena->blocks->used += bytes;
    arena->used += bytes;
    return at;
}

char *atl_arena_bytes(struct atl_arena *arena, const void *bytes, size_t len)
{
    char *copy = len == SIZE_MAX ? NULL : atl_arena_get(arena, len + 1, 1);

    if (copy && len)
        memcpy(copy, bytes, len);
    return copy;
}

char *atl_arena_text(struct atl_arena *arena, const char *text)
{
    return text ? atl_arena_bytes(arena, text, strlen(text)) : NULL;
}

char *atl_arena_textf(struct atl_arena *arena, const char *fmt, ...)
{
    char *text = NULL;
    va_list args;
    int len;

    va_start(args, fmt);
    len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (len >= 0)
        text = atl_arena_get(arena, (size_t)len + 1, 1);
    else
        arena->failed = true;
    if (!text)
        return NULL;
    va_start(args, fmt);
    vsnprintf(text, (size_t)len + 1, fmt, args);
    va_end(args);
    return text;
}

atl_code atl_arena_check(const struct atl_arena *arena, struct atl_error *err)
{
    if (arena->failed)
        return atl_fail(err, ATL_E_NOMEM, "more than %zu bytes at once, or out of memory",
                        arena->limit);
    return ATL_OK;
}
