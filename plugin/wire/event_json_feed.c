// SPDX-License-Identifier: Apache-2.0
// The answers: to a batch, of the feed, of the capabilities. And the requests that it carries.
#include "plugin/wire/event_json.h"

#include "plugin/core/id.h"
#include "plugin/wire/json.h"

#include <stddef.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64, REQUESTS_MAX = 1000, CURSOR_MAX_BYTES = 200 };

// ---- The answer to a batch ----

static const char *const status_names[] = {"accepted", "duplicate", "stale", "rejected", NULL};

atl_code atl_cloudevent_answer_write(const struct atl_cloudevent_answer *answer,
                                     struct atl_buf *out, struct atl_error *err)
{
    struct atl_json_writer writer;

    atl_json_writer_init(&writer, out);
    atl_json_open(&writer, '{');
    atl_json_int_of(&writer, "accepted", answer->accepted);
    atl_json_int_of(&writer, "duplicate", answer->duplicate);
    atl_json_key(&writer, "results");
    atl_json_open(&writer, '[');
    for (size_t i = 0; i < answer->result_count; i++) {
        const struct atl_cloudevent_result *result = &answer->results[i];

        atl_json_open(&writer, '{');
        atl_json_text_of(&writer, "id", result->id);
        atl_json_text_of(&writer, "status", status_names[result->status]);
        if (result->code)
            atl_json_text_of(&writer, "code", result->code);
        if (result->detail)
            atl_json_text_of(&writer, "detail", result->detail);
        atl_json_shut(&writer, '}');
    }
    atl_json_shut(&writer, ']');
    atl_json_time_of(&writer, "server_time", answer->server_time_ms);
    atl_json_shut(&writer, '}');
    return atl_buf_check(out, err);
}

static void read_results(struct atl_json_reader *reader, const struct atl_json_at *list,
                         struct atl_cloudevent_answer *answer)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_MAY(struct atl_cloudevent_result, id, TEXT, 0, NAME_MAX_BYTES),
        ATL_JSON_NEED_NAME(struct atl_cloudevent_result, status, status_names),
        ATL_JSON_MAY(struct atl_cloudevent_result, code, TEXT, 0, NAME_MAX_BYTES),
        ATL_JSON_MAY(struct atl_cloudevent_result, detail, TEXT, 0, 1000),
    };
    size_t count = atl_json_count(reader, list, 0, ATL_CLOUDEVENTS_MAX);
    struct atl_cloudevent_result *results = atl_arena_get(reader->arena, count, sizeof(*results));
    struct atl_json_at item = {0};
    size_t i = 0;

    for (; results && i < count && atl_json_next(list, &item); i++)
        atl_json_read(reader, &item, ATL_ROWS(rows), &results[i]);
    answer->results = results;
    answer->result_count = i;
}

atl_code atl_cloudevent_answer_parse(const void *bytes, size_t len, struct atl_arena *arena,
                                     struct atl_cloudevent_answer *out, struct atl_error *err)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct atl_cloudevent_answer, accepted, INT32, 0, ATL_CLOUDEVENTS_MAX),
        ATL_JSON_MAY(struct atl_cloudevent_answer, duplicate, INT32, 0, ATL_CLOUDEVENTS_MAX),
        ATL_JSON_MAY_AS("server_time", struct atl_cloudevent_answer, server_time_ms, TIME, 0, 0),
    };
    struct atl_json_reader reader = {.name = "answer", .arena = arena, .is_tolerant = true};
    struct atl_cloudevent_answer answer = {0};
    struct atl_json_at results;
    struct atl_json_at root;
    struct atl_json *json;
    atl_code rc = atl_json_parse("answer", bytes, len, ATL_CLOUDEVENTS_MAX_BYTES, &json, err);

    if (rc)
        return rc;
    root = atl_json_root(json);
    atl_json_read(&reader, &root, ATL_ROWS(rows), &answer);
    results = atl_json_find(&root, "results");
    read_results(&reader, &results, &answer);
    rc = atl_json_check(&reader, err);
    atl_json_free(json);
    if (!rc)
        *out = answer;
    return rc;
}

// ---- Requests ----

const char *atl_request_type_name(enum atl_request_type type)
{
    switch (type) {
    case ATL_REQUEST_CANCEL:
        return "atelier.request.cancel.v1";
    case ATL_REQUEST_SCAN:
        return "atelier.request.scan.v1";
    case ATL_REQUEST_MESSAGE:
        return "atelier.request.message.v1";
    case ATL_REQUEST_UNKNOWN:
    case ATL_REQUEST_TYPE_COUNT:
        break;
    }
    return "unknown";
}

static enum atl_request_type find_request_type(const char *name)
{
    for (int type = ATL_REQUEST_UNKNOWN + 1; type < ATL_REQUEST_TYPE_COUNT; type++) {
        if (strcmp(atl_request_type_name((enum atl_request_type)type), name) == 0)
            return (enum atl_request_type)type;
    }
    return ATL_REQUEST_UNKNOWN;
}

// The members of data, and which request wants which: the one table for both directions.
struct member {
    const char *key;
    size_t offset;
    enum atl_request_type type;
    bool is_required;
    bool is_id;
    size_t max;
};
static const struct member members[] = {
    {"order",  offsetof(struct atl_request, order),  ATL_REQUEST_CANCEL,  true,  true,  64 },
    {"piece",  offsetof(struct atl_request, piece),  ATL_REQUEST_CANCEL,  false, true,  64 },
    {"reason", offsetof(struct atl_request, reason), ATL_REQUEST_CANCEL,  false, false, 500},
    {"code",   offsetof(struct atl_request, code),   ATL_REQUEST_SCAN,    true,  false, 200},
    {"act",    offsetof(struct atl_request, act),    ATL_REQUEST_SCAN,    true,  false, 64 },
    {"device", offsetof(struct atl_request, device), ATL_REQUEST_SCAN,    false, false, 64 },
    {"scan",   offsetof(struct atl_request, scan),   ATL_REQUEST_SCAN,    true,  true,  64 },
    {"order",  offsetof(struct atl_request, order),  ATL_REQUEST_MESSAGE, true,  true,  64 },
    {"choice", offsetof(struct atl_request, choice), ATL_REQUEST_MESSAGE, true,  false, 64 },
};
enum { MEMBER_COUNT = sizeof(members) / sizeof(members)[0] };

static const char *get_member(const struct atl_request *request, const struct member *member)
{
    const char *value;

    memcpy(&value, (const char *)request + member->offset, sizeof(value));
    return value;
}

atl_code atl_request_write(const struct atl_request *request, struct atl_buf *out,
                           struct atl_error *err)
{
    struct atl_json_writer writer;

    atl_json_writer_init(&writer, out);
    atl_json_open(&writer, '{');
    atl_json_text_of(&writer, "specversion", "1.0");
    if (request->id)
        atl_json_text_of(&writer, "id", request->id);
    atl_json_text_of(&writer, "type", atl_request_type_name(request->type));
    if (request->time_ms)
        atl_json_time_of(&writer, "time", request->time_ms);
    atl_json_key(&writer, "data");
    atl_json_open(&writer, '{');
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (members[i].type == request->type && get_member(request, &members[i]))
            atl_json_text_of(&writer, members[i].key, get_member(request, &members[i]));
    }
    atl_json_shut(&writer, '}');
    atl_json_shut(&writer, '}');
    return atl_buf_check(out, err);
}

static void read_member(struct atl_json_reader *reader, const struct atl_json_at *data,
                        const struct member *member, struct atl_request *request)
{
    struct atl_json_at at = atl_json_find(data, member->key);
    const char *value;

    if (!at.value) {
        if (member->is_required)
            atl_json_fault(reader, &at, "is missing");
        return;
    }
    value = atl_json_text(reader, &at, 1, member->max);
    if (value && member->is_id && !atl_id_is_valid(value, strlen(value)))
        atl_json_fault(reader, &at, "must be a ULID of 26 symbols");
    memcpy((char *)request + member->offset, &value, sizeof(value));
}

static void read_request(struct atl_json_reader *reader, const struct atl_json_at *at,
                         struct atl_request *request)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_MAY(struct atl_request, id, TEXT, 1, NAME_MAX_BYTES),
        ATL_JSON_NEED_AS("type", struct atl_request, type_name, TEXT, 1, 100),
        ATL_JSON_MAY_AS("time", struct atl_request, time_ms, TIME, 0, 0),
    };
    struct atl_json_at data = atl_json_find(at, "data");

    atl_json_read(reader, at, ATL_ROWS(rows), request);
    request->type =
        request->type_name ? find_request_type(request->type_name) : ATL_REQUEST_UNKNOWN;
    if (!atl_json_is_object(&data)) {
        atl_json_fault(reader, &data, "must be an object { … }");
        return;
    }
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (members[i].type == request->type)
            read_member(reader, &data, &members[i], request);
    }
}

atl_code atl_request_parse(const void *bytes, size_t len, struct atl_arena *arena,
                           struct atl_request *out, struct atl_error *err)
{
    struct atl_json_reader reader = {.name = "request", .arena = arena, .is_tolerant = true};
    struct atl_request request = {0};
    struct atl_json_at root;
    struct atl_json *json;
    atl_code rc = atl_json_parse("request", bytes, len, ATL_CLOUDEVENT_MAX_BYTES, &json, err);

    if (rc)
        return rc;
    root = atl_json_root(json);
    read_request(&reader, &root, &request);
    if (request.type_name && request.type == ATL_REQUEST_UNKNOWN)
        atl_json_fault(&reader, &root, "type is none of the requests that a shop takes");
    rc = atl_json_check(&reader, err);
    atl_json_free(json);
    if (!rc)
        *out = request;
    return rc;
}

// ---- The feed ----

void atl_feed_write(const char *const *items, size_t count, const char *next, bool more,
                    struct atl_buf *out)
{
    struct atl_json_writer writer;

    atl_json_writer_init(&writer, out);
    atl_json_open(&writer, '{');
    atl_json_key(&writer, "events");
    atl_json_open(&writer, '[');
    for (size_t i = 0; i < count; i++)
        atl_json_put_raw(&writer, items[i], strlen(items[i]));
    atl_json_shut(&writer, ']');
    atl_json_text_of(&writer, "next", next);
    atl_json_bool_of(&writer, "more", more);
    atl_json_shut(&writer, '}');
}

// A request that is broken in itself is handed on as UNKNOWN, so that it can be answered and the
// cursor moves on; only one without an id is a fault of the whole.
static void read_feed(struct atl_json_reader *reader, const struct atl_json_at *list,
                      struct atl_feed *feed)
{
    size_t count = atl_json_count(reader, list, 0, REQUESTS_MAX);
    struct atl_request *requests = atl_arena_get(reader->arena, count, sizeof(*requests));
    struct atl_json_at item = {0};

    feed->requests = requests;
    for (; requests && feed->count < count && atl_json_next(list, &item); feed->count++) {
        struct atl_json_reader own = {
            .name = reader->name, .arena = reader->arena, .is_tolerant = true};
        struct atl_request *request = &requests[feed->count];

        read_request(&own, &item, request);
        if (!request->id)
            atl_json_fault(reader, &item, "id is missing");
        if (own.fault_count)
            request->type = ATL_REQUEST_UNKNOWN;
    }
}

atl_code atl_feed_parse(const void *bytes, size_t len, struct atl_arena *arena,
                        struct atl_feed *out, struct atl_error *err)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct atl_feed, next, TEXT, 0, CURSOR_MAX_BYTES),
        ATL_JSON_MAY(struct atl_feed, more, BOOL, 0, 0),
    };
    struct atl_json_reader reader = {.name = "feed", .arena = arena, .is_tolerant = true};
    struct atl_feed feed = {0};
    struct atl_json_at events;
    struct atl_json_at root;
    struct atl_json *json;
    atl_code rc = atl_json_parse("feed", bytes, len, ATL_CLOUDEVENTS_MAX_BYTES, &json, err);

    if (rc)
        return rc;
    root = atl_json_root(json);
    atl_json_read(&reader, &root, ATL_ROWS(rows), &feed);
    events = atl_json_find(&root, "events");
    read_feed(&reader, &events, &feed);
    rc = atl_json_check(&reader, err);
    atl_json_free(json);
    if (!rc)
        *out = feed;
    return rc;
}

// ---- Capabilities ----

void atl_capabilities_write(const struct atl_capabilities *capabilities, struct atl_buf *out)
{
    struct atl_json_writer writer;

    atl_json_writer_init(&writer, out);
    atl_json_open(&writer, '{');
    atl_json_int_of(&writer, "max_events", capabilities->max_events);
    atl_json_int_of(&writer, "max_bytes", capabilities->max_bytes);
    atl_json_key(&writer, "encodings");
    atl_json_open(&writer, '[');
    atl_json_shut(&writer, ']');
    atl_json_int_of(&writer, "wait_max", capabilities->wait_max);
    atl_json_time_of(&writer, "server_time", capabilities->server_time_ms);
    atl_json_shut(&writer, '}');
}

atl_code atl_capabilities_parse(const void *bytes, size_t len, struct atl_capabilities *out,
                                struct atl_error *err)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct atl_capabilities, max_events, INT32, 1, 1000000),
        ATL_JSON_NEED(struct atl_capabilities, max_bytes, INT32, 1024, INT32_MAX),
        ATL_JSON_MAY(struct atl_capabilities, wait_max, INT32, 0, 3600),
        ATL_JSON_MAY_AS("server_time", struct atl_capabilities, server_time_ms, TIME, 0, 0),
    };
    struct atl_json_reader reader = {.name = "capabilities", .is_tolerant = true};
    struct atl_capabilities capabilities = {0};
    struct atl_json_at root;
    struct atl_json *json;
    atl_code rc = atl_json_parse("capabilities", bytes, len, ATL_JSON_LIMIT_BYTES, &json, err);

    if (rc)
        return rc;
    root = atl_json_root(json);
    atl_json_read(&reader, &root, ATL_ROWS(rows), &capabilities);
    rc = atl_json_check(&reader, err);
    atl_json_free(json);
    if (!rc)
        *out = capabilities;
    return rc;
}
