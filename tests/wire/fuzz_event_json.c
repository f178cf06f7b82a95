// SPDX-License-Identifier: Apache-2.0
// What comes from the other side of the wire. The first byte chooses the parser. A valid event
// must write its data again, and that must be valid, too.
#include "plugin/wire/event_json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_event(const struct atl_cloudevent *event)
{
    struct atl_buf out;

    if (!event->is_valid) {
        must(event->code && event->detail);
        return;
    }
    must(event->id && event->source && event->epoch && event->data_json);
    atl_buf_init(&out, 1024 * 1024);
    // Escapes may make it longer than it came; else it must be written.
    must(atl_cloudevent_data_write(&event->data, &out, NULL) == ATL_OK ||
         out.len > ATL_CLOUDEVENT_DATA_MAX_BYTES);
    atl_buf_free(&out);
}

static void check_batch(const uint8_t *data, size_t size, struct atl_arena *arena)
{
    struct atl_cloudevent_batch batch;

    if (atl_cloudevent_batch_parse(data, size, ATL_CLOUDEVENTS_MAX, arena, &batch, NULL))
        return;
    for (size_t i = 0; i < batch.count; i++)
        check_event(&batch.events[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct atl_cloudevent_answer answer;
    struct atl_capabilities capabilities;
    struct atl_request request;
    struct atl_arena arena;
    struct atl_feed feed;
    uint8_t *copy;

    if (!size)
        return 0;
    copy = malloc(size);
    must(copy);
    memcpy(copy, data + 1, --size);
    atl_arena_init(&arena, 64 * 1024 * 1024);
    if (data[0] == 'b')
        check_batch(copy, size, &arena);
    else if (data[0] == 'a')
        (void)!atl_cloudevent_answer_parse(copy, size, &arena, &answer, NULL);
    else if (data[0] == 'f')
        (void)!atl_feed_parse(copy, size, &arena, &feed, NULL);
    else if (data[0] == 'r')
        (void)!atl_request_parse(copy, size, &arena, &request, NULL);
    else
        (void)!atl_capabilities_parse(copy, size, &capabilities, NULL);
    atl_arena_free(&arena);
    free(copy);
    return 0;
}
