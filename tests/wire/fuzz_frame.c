// SPDX-License-Identifier: Apache-2.0
// Any bytes as a question, as the answer to each call and as a notice. What is read as a question
// must go out again and come back the same.
#include "plugin/wire/pos.h"

#include "tests/wire/pos_sample.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct atl_frame frame;
static _Alignas(16) uint8_t memory[2][ATL_POS_ARENA_BYTES];

static void load(const uint8_t *data, size_t size)
{
    memcpy(frame.bytes, data, size);
    frame.len = size;
    // What is read past the end must not look like anything.
    memset(frame.bytes + size, 0xa5, size < sizeof frame.bytes - 64 ? 64 : 0);
}

static const void *part_of(const struct atl_pos_ask *ask, uint8_t part)
{
    const unsigned number = part & ~(unsigned)ATL_POS_OPTIONAL;
    const struct atl_pos_part_row *row = atl_pos_part_find(number);
    const char *at = (const char *)ask + row->ask_at;

    if (!(ask->present & 1u << number))
        return NULL;
    return row->table ? at : *(const char *const *)at;
}

static void ask_again(const struct atl_pos_ask *ask)
{
    const struct atl_pos_call *call = atl_pos_call_find(ask->kind);
    struct atl_pos_arena arena = {.bytes = memory[1], .size = sizeof memory[1]};
    const void *parts[ATL_POS_PARTS_MAX] = {NULL};
    struct atl_pos_ask again;

    for (size_t i = 0; i < ATL_POS_PARTS_MAX && call->asks[i]; i++)
        parts[i] = part_of(ask, call->asks[i]);
    if (atl_pos_put_ask(&frame, ask->kind, ask->number, parts, NULL))
        return; // zeros that were left out make it longer than a frame
    if (atl_pos_get_ask(&frame, &arena, &again, NULL))
        abort();
    for (size_t i = 0; i < ATL_POS_PARTS_MAX && parts[i]; i++) {
        const struct atl_pos_table *table =
            atl_pos_part_find(call->asks[i] & ~(unsigned)ATL_POS_OPTIONAL)->table;

        if (table && sample_difference(table, parts[i], part_of(&again, call->asks[i])))
            abort();
    }
}

static void as_question(const uint8_t *data, size_t size)
{
    struct atl_pos_arena arena = {.bytes = memory[0], .size = sizeof memory[0]};
    struct atl_pos_ask ask;

    load(data, size);
    if (!atl_pos_get_ask(&frame, &arena, &ask, NULL))
        ask_again(&ask);
}

static void as_answer(const uint8_t *data, size_t size)
{
    struct atl_pos_arena arena = {.bytes = memory[0], .size = sizeof memory[0]};
    uint32_t structs[ATL_POS_REPLIES_MAX][ATL_POS_STRUCT_MAX_BYTES / 4] = {{0}};
    void *const outs[ATL_POS_REPLIES_MAX] = {structs[0], structs[1]};
    struct atl_frame_head head;
    struct atl_error err;

    structs[0][0] = structs[1][0] = ATL_POS_STRUCT_MAX_BYTES;
    load(data, size);
    atl_frame_begin_read(&frame, &head);
    if (atl_pos_check_outs(head.kind, outs, NULL) ||
        atl_pos_get_reply(&frame, head.kind, NULL, &arena, outs, &err))
        return;
    (void)!atl_pos_check_outs(head.kind, outs, NULL);
}

static void as_refusal_and_notice(const uint8_t *data, size_t size)
{
    struct atl_pos_arena arena = {.bytes = memory[0], .size = sizeof memory[0]};
    struct atl_pos_notice notice;
    struct atl_frame_head head;
    struct atl_error err;

    load(data, size);
    atl_frame_begin_read(&frame, &head);
    if (!atl_pos_get_refusal(&frame, &head, &err))
        abort(); // never OK
    load(data, size);
    atl_frame_begin_read(&frame, &head);
    (void)!atl_pos_get_notice(&frame, &arena, &notice, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > sizeof frame.bytes)
        return 0;
    as_question(data, size);
    as_answer(data, size);
    as_refusal_and_notice(data, size);
    return 0;
}
