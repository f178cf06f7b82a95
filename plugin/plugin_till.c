// SPDX-License-Identifier: Apache-2.0
#include "plugin/plugin_till.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

// A place is emptied and its generation raised by vacate(), so that an old handle finds nothing.
// Whoever set is_busy may touch `till`; owner and generation may be looked at by anybody.
static struct place {
    atomic_flag is_busy;
    atomic_uint generation;
    atomic_int owner; // the process that opened it; 0: the place is free
    struct atl_till *till;
} places[ATL_TILL_COUNT];

static bool is_handle_of(atl_pos_till handle, struct place *place)
{
    return atomic_load(&place->generation) == handle >> 32 &&
           atomic_load(&place->owner) == (int)getpid();
}

static struct place *place_of(atl_pos_till handle)
{
    const uint64_t index = handle & UINT32_MAX;

    return index < ATL_TILL_COUNT ? &places[index] : NULL;
}

atl_code atl_till_enter(atl_pos_till handle, struct atl_till **out)
{
    struct place *place = place_of(handle);

    if (!place || !is_handle_of(handle, place))
        return ATL_E_INVALID;
    if (atomic_flag_test_and_set_explicit(&place->is_busy, memory_order_acquire))
        return ATL_E_BUSY;
    if (!is_handle_of(handle, place)) { // it was closed meanwhile
        atomic_flag_clear_explicit(&place->is_busy, memory_order_release);
        return ATL_E_INVALID;
    }
    *out = place->till;
    return ATL_OK;
}

void atl_till_leave(atl_pos_till handle)
{
    atomic_flag_clear_explicit(&place_of(handle)->is_busy, memory_order_release);
}

// Generation 0 is never given out, so that no handle is 0.
static atl_pos_till take_place(uint32_t index, struct atl_till *till)
{
    struct place *place = &places[index];
    uint32_t generation;

    if (place->till)
        return 0;
    generation = atomic_load(&place->generation);
    if (!generation)
        atomic_store(&place->generation, generation = 1);
    place->till = till;
    atomic_store(&place->owner, (int)getpid());
    return (atl_pos_till)generation << 32 | index;
}

atl_pos_till atl_till_settle(struct atl_till *till)
{
    for (uint32_t i = 0; i < ATL_TILL_COUNT; i++) {
        atl_pos_till handle;

        // Another's till is not even asked: for that moment a call on it would be busy.
        if (atomic_load(&places[i].owner) != 0 ||
            atomic_flag_test_and_set_explicit(&places[i].is_busy, memory_order_acquire))
            continue;
        handle = take_place(i, till);
        atomic_flag_clear_explicit(&places[i].is_busy, memory_order_release);
        if (handle)
            return handle;
    }
    return 0;
}

void atl_till_vacate(atl_pos_till handle)
{
    struct place *place = place_of(handle);

    atomic_store(&place->owner, 0);
    place->till = NULL;
    atomic_fetch_add(&place->generation, 1);
    atl_till_leave(handle);
}

struct atl_till *atl_till_make(void)
{
    struct atl_till *till = calloc(1, sizeof *till);

    if (!till)
        return NULL;
    till->fd = -1;
    till->poll_fd = -1;
    till->bell_fd = -1;
    till->arena = (struct atl_pos_arena){.bytes = till->memory, .size = sizeof till->memory};
    return till;
}

void atl_till_free(struct atl_till *till)
{
    if (!till)
        return;
    if (till->poll_fd >= 0)
        close(till->poll_fd);
    if (till->bell_fd >= 0)
        close(till->bell_fd);
    if (till->fd >= 0)
        close(till->fd);
    atl_packet_file_unmap(&till->picture);
    free(till);
}
