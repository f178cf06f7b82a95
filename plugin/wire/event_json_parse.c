// SPDX-License-Identifier: Apache-2.0
// What the cloud makes of a batch: each event by itself, so that one bad one hides no good one.
#include "plugin/wire/event_json.h"

#include "plugin/core/hours.h"
#include "plugin/core/id.h"
#include "plugin/wire/json.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64, SENTENCE_MAX_BYTES = 500, HEX_EPOCH_LEN = 16 };

static const char hex_digits[] = "0123456789abcdef";
static const char source_prefix[] = "urn:atelier:store:";

// ---- Data ----

static void read_hours(struct atl_json_reader *reader, const struct atl_json_at *list,
                       struct atl_cloudevent_profile *profile)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct atl_cloudevent_hours, day, INT32, 1, 7),
        ATL_JSON_NEED(struct atl_cloudevent_hours, from, TEXT, 4, 5),
        ATL_JSON_NEED(struct atl_cloudevent_hours, until, TEXT, 4, 5),
    };
    size_t count = atl_json_count(reader, list, 0, ATL_CLOUDEVENT_HOURS_MAX);
    struct atl_cloudevent_hours *hours = atl_arena_get(reader->arena, count, sizeof(*hours));
    struct atl_json_at item = {0};
    int32_t minutes;

    profile->hours = hours;
    for (size_t i = 0; hours && i < count && atl_json_next(list, &item); i++) {
        atl_json_read(reader, &item, ATL_ROWS(rows), &hours[i]);
        if ((hours[i].from &&
             atl_minutes_parse(hours[i].from, strlen(hours[i].from), &minutes, NULL)) ||
            (hours[i].until &&
             atl_minutes_parse(hours[i].until, strlen(hours[i].until), &minutes, NULL)))
            atl_json_fault(reader, &item, "must be times such as \"10:00\"");
    }
    profile->hours_count = hours ? count : 0;
}

// BCP 47 as far as it can do harm: letters, digits and dashes.
static const char *read_language(struct atl_json_reader *reader, const struct atl_json_at *at)
{
    const char *text = atl_json_text(reader, at, 2, 35);

    if (text &&
        text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")])
        atl_json_fault(reader, at, "must be a language such as \"fr\"");
    return text;
}

static void read_languages(struct atl_json_reader *reader, const struct atl_json_at *list,
                           struct atl_cloudevent_profile *profile)
{
    size_t count = atl_json_count(reader, list, 1, ATL_CLOUDEVENT_LANGUAGES_MAX);
    struct atl_json_at item = {0};

    for (size_t i = 0; i < count && atl_json_next(list, &item); i++)
        profile->languages[profile->language_count++] = read_language(reader, &item);
}

static void read_profile(struct atl_json_reader *reader, const struct atl_json_at *at,
                         struct atl_cloudevent_profile *out)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct atl_cloudevent_profile, name, TEXT, 1, 200),
        ATL_JSON_MAY(struct atl_cloudevent_profile, phone, TEXT, 0, 64),
        ATL_JSON_MAY(struct atl_cloudevent_profile, address, TEXT, 0, 400),
        ATL_JSON_NEED(struct atl_cloudevent_profile, zone, TEXT, 1, 64),
        ATL_JSON_MAY(struct atl_cloudevent_profile, map_url, TEXT, 0, 500),
    };
    struct atl_json_at languages = atl_json_find(at, "languages");
    struct atl_json_at hours = atl_json_find(at, "hours");

    atl_json_read(reader, at, ATL_ROWS(rows), out);
    if (out->zone && (out->zone[0] == '/' || strstr(out->zone, "..")))
        atl_json_fault(reader, at, "zone must be an IANA name such as \"Europe/Paris\"");
    if (out->map_url && out->map_url[0] && strncmp(out->map_url, "https://", 8) != 0)
        atl_json_fault(reader, at, "map_url must begin with https://");
    read_languages(reader, &languages, out);
    read_hours(reader, &hours, out);
}

static const struct atl_cloudevent_link *read_links(struct atl_json_reader *reader,
                                                    const struct atl_json_at *at, size_t min,
                                                    size_t *out_count)
{
    static const char *const scopes[] = {"buyer", "gift", NULL};
    struct row {
        const char *sha256;
        int scope;
    };
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct row, sha256, TEXT, 64, 64),
        ATL_JSON_NEED_NAME(struct row, scope, scopes),
    };
    struct atl_json_at list = atl_json_find(at, "links");
    struct atl_json_at item = {0};
    size_t count;
    struct atl_cloudevent_link *links;

    if (!list.value)
        atl_json_fault(reader, &list, "is missing");
    count = atl_json_count(reader, &list, list.value ? min : 0, ATL_CLOUDEVENT_LINKS_MAX);
    links = atl_arena_get(reader->arena, count, sizeof(*links));
    for (size_t i = 0; links && i < count && atl_json_next(&list, &item); i++) {
        struct row row = {0};

        atl_json_read(reader, &item, ATL_ROWS(rows), &row);
        links[i].scope = row.scope == 0 ? ATL_LINK_BUYER : ATL_LINK_GIFT;
        if (row.sha256 && strspn(row.sha256, hex_digits) == 64)
            memcpy(links[i].sha256, row.sha256, sizeof(links[i].sha256));
        else
            atl_json_fault(reader, &item, "sha256 must be 64 digits 0-9 a-f");
    }
    *out_count = links ? count : 0;
    return links;
}

static const char *read_id(struct atl_json_reader *reader, const struct atl_json_at *at,
                           const char *key)
{
    struct atl_json_at found = atl_json_find(at, key);
    const char *id = atl_json_text(reader, &found, 1, NAME_MAX_BYTES);

    if (id && !atl_id_is_valid(id, strlen(id)))
        atl_json_fault(reader, &found, "must be a ULID of 26 symbols");
    return id;
}

static void read_what(struct atl_json_reader *reader, const struct atl_json_at *at,
                      struct atl_cloudevent_piece *piece)
{
    struct atl_json_at what = atl_json_find(at, "what");
    struct atl_json_at item = {0};

    if (!atl_json_is_object(&what)) {
        atl_json_fault(reader, &what, "must be an object of languages");
        return;
    }
    while (atl_json_next(&what, &item)) {
        if (piece->what_count == ATL_CLOUDEVENT_LANGUAGES_MAX) {
            atl_json_fault(reader, &what, "more than %d languages", ATL_CLOUDEVENT_LANGUAGES_MAX);
            return;
        }
        piece->what[piece->what_count++] = (struct atl_cloudevent_what){
            .language = atl_arena_text(reader->arena, item.key),
            .text = atl_json_text(reader, &item, 1, 200),
        };
    }
}

static void read_piece(struct atl_json_reader *reader, const struct atl_json_at *at,
                       struct atl_cloudevent_piece *piece)
{
    static const char *const kinds[] = {"embroidery", "name-number", "design", "seat", NULL};
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct atl_cloudevent_piece, index, INT32, 1, 32767),
        ATL_JSON_NEED_NAME(struct atl_cloudevent_piece, kind, kinds),
    };

    atl_json_read(reader, at, ATL_ROWS(rows), piece);
    piece->id = read_id(reader, at, "id");
    read_what(reader, at, piece);
}

// By its form alone: whether its check symbol is right is the shop's to know.
static bool is_order_code(const char *code)
{
    static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    return strspn(code, symbols) == 3 && code[3] == '-' && strspn(code + 4, symbols) == 3 &&
           !code[7];
}

static void read_opened(struct atl_json_reader *reader, const struct atl_json_at *at,
                        struct atl_cloudevent_opened *out)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct atl_cloudevent_opened, code, TEXT, 7, 7),
        ATL_JSON_MAY(struct atl_cloudevent_opened, is_training, BOOL, 0, 0),
        ATL_JSON_NEED_AS("created", struct atl_cloudevent_opened, created_ms, TIME, 0, 0),
    };
    struct atl_json_at language = atl_json_find(at, "language");
    struct atl_json_at list = atl_json_find(at, "pieces");
    struct atl_json_at item = {0};
    struct atl_cloudevent_piece *pieces;
    size_t count;

    atl_json_read(reader, at, ATL_ROWS(rows), out);
    if (out->code && !is_order_code(out->code))
        atl_json_fault(reader, at, "code must be an order code such as \"K7F-2A1\"");
    if (language.value)
        out->language = read_language(reader, &language);
    out->links = read_links(reader, at, 1, &out->link_count);
    count = atl_json_count(reader, &list, 1, ATL_CLOUDEVENT_PIECES_MAX);
    pieces = atl_arena_get(reader->arena, count, sizeof(*pieces));
    out->pieces = pieces;
    for (; pieces && out->piece_count < count && atl_json_next(&list, &item); out->piece_count++)
        read_piece(reader, &item, &pieces[out->piece_count]);
}

static enum atl_stage read_stage_name(struct atl_json_reader *reader, const struct atl_json_at *at)
{
    const char *name = atl_json_text(reader, at, 1, NAME_MAX_BYTES);

    for (int stage = ATL_STAGE_NONE + 1; name && stage < ATL_STAGE_COUNT; stage++) {
        if (strcmp(atl_stage_name((enum atl_stage)stage), name) == 0)
            return (enum atl_stage)stage;
    }
    if (name)
        atl_json_fault(reader, at, "must be a stage such as \"in_production\"");
    return ATL_STAGE_NONE;
}

static void read_range(struct atl_json_reader *reader, const struct atl_json_at *at,
                       const char *key, struct atl_cloudevent_range *out)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED_AS("from", struct atl_cloudevent_range, from_ms, TIME, 0, 0),
        ATL_JSON_NEED_AS("until", struct atl_cloudevent_range, until_ms, TIME, 0, 0),
    };
    struct atl_json_at range = atl_json_find(at, key);

    if (!range.value)
        return;
    atl_json_read(reader, &range, ATL_ROWS(rows), out);
    if (out->until_ms < out->from_ms)
        atl_json_fault(reader, &range, "until lies before from");
}

static void read_stage(struct atl_json_reader *reader, const struct atl_json_at *at,
                       struct atl_cloudevent_stage *out)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_MAY(struct atl_cloudevent_stage, is_late, BOOL, 0, 0),
        ATL_JSON_MAY(struct atl_cloudevent_stage, is_remake, BOOL, 0, 0),
    };
    struct atl_json_at stage = atl_json_find(at, "stage");
    struct atl_json_at back = atl_json_find(at, "back");

    atl_json_read(reader, at, ATL_ROWS(rows), out);
    out->stage = read_stage_name(reader, &stage);
    if (back.value)
        out->back = read_stage_name(reader, &back);
    if (back.value && out->stage != ATL_STAGE_ON_HOLD && out->stage != ATL_STAGE_CANCEL_REQUESTED)
        atl_json_fault(reader, &back, "belongs to on_hold and cancel_requested only");
    read_range(reader, at, "promise", &out->promise);
    read_range(reader, at, "said", &out->said);
}

static void read_answered(struct atl_json_reader *reader, const struct atl_json_at *at,
                          struct atl_cloudevent_answered *out)
{
    static const struct atl_json_row rows[] = {
        ATL_JSON_NEED(struct atl_cloudevent_answered, request, TEXT, 1, NAME_MAX_BYTES),
        ATL_JSON_NEED(struct atl_cloudevent_answered, is_accepted, BOOL, 0, 0),
        ATL_JSON_MAY(struct atl_cloudevent_answered, reason, TEXT, 0, SENTENCE_MAX_BYTES),
    };

    atl_json_read(reader, at, ATL_ROWS(rows), out);
}

static void read_data(struct atl_json_reader *reader, const struct atl_json_at *at,
                      struct atl_cloudevent_data *data)
{
    switch (data->type) {
    case ATL_CLOUDEVENT_SHOP_PROFILE:
        read_profile(reader, at, &data->profile);
        return;
    case ATL_CLOUDEVENT_ORDER_OPENED:
        read_opened(reader, at, &data->opened);
        return;
    case ATL_CLOUDEVENT_ORDER_LINKS:
        data->links.links = read_links(reader, at, 0, &data->links.count);
        return;
    case ATL_CLOUDEVENT_PIECE_STAGE:
        read_stage(reader, at, &data->stage);
        return;
    case ATL_CLOUDEVENT_REQUEST_ANSWERED:
        read_answered(reader, at, &data->answered);
        return;
    case ATL_CLOUDEVENT_ORDER_ERASED:
    case ATL_CLOUDEVENT_SHOP_ALIVE:
    case ATL_CLOUDEVENT_UNKNOWN:
    case ATL_CLOUDEVENT_TYPE_COUNT:
        return;
    }
}

// ---- Envelopes ----

static bool is_part(const char *text, size_t len)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    return len > 0 && len <= NAME_MAX_BYTES && strspn(text, allowed) >= len;
}

// "urn:atelier:store:<retailer>/<store>/<epoch>"
static void read_source(struct atl_json_reader *reader, const struct atl_json_at *at,
                        struct atl_cloudevent *event)
{
    const char *parts = event->source ? event->source + sizeof(source_prefix) - 1 : NULL;
    const char *store;
    const char *epoch;

    if (!event->source)
        return;
    if (strncmp(event->source, source_prefix, sizeof(source_prefix) - 1) != 0)
        parts = "";
    store = strchr(parts, '/');
    epoch = store ? strchr(store + 1, '/') : NULL;
    if (!epoch || !is_part(parts, (size_t)(store - parts)) ||
        !is_part(store + 1, (size_t)(epoch - store - 1)) || strlen(epoch + 1) != HEX_EPOCH_LEN ||
        strspn(epoch + 1, hex_digits) != HEX_EPOCH_LEN) {
        atl_json_fault(reader, at, "source must be urn:atelier:store:<retailer>/<store>/<epoch>");
        return;
    }
    event->retailer = atl_arena_bytes(reader->arena, parts, (size_t)(store - parts));
    event->store = atl_arena_bytes(reader->arena, store + 1, (size_t)(epoch - store - 1));
    event->epoch = epoch + 1;
}

// Takes "word/<ULID>" from *at: the ULID, or NULL.
static const char *take_id(struct atl_arena *arena, const char **at, const char *word)
{
    size_t len = strlen(word);

    if (strncmp(*at, word, len) != 0 || strnlen(*at + len, ATL_ID_LEN) != ATL_ID_LEN ||
        !atl_id_is_valid(*at + len, ATL_ID_LEN))
        return NULL;
    *at += len + ATL_ID_LEN;
    return atl_arena_bytes(arena, *at - ATL_ID_LEN, ATL_ID_LEN);
}

static void read_subject(struct atl_json_reader *reader, const struct atl_json_at *at,
                         struct atl_cloudevent *event, const char *subject)
{
    const enum atl_cloudevent_type type = event->data.type;
    bool is_shop = type == ATL_CLOUDEVENT_SHOP_PROFILE || type == ATL_CLOUDEVENT_SHOP_ALIVE;
    const char *rest = subject ? subject : "";

    if (!subject)
        return;
    if (strcmp(subject, "shop") != 0) {
        event->order_id = take_id(reader->arena, &rest, "order/");
        event->piece_id = event->order_id ? take_id(reader->arena, &rest, "/piece/") : NULL;
    } else {
        rest = "";
    }
    if (*rest || (type != ATL_CLOUDEVENT_UNKNOWN &&
                  (is_shop == !!event->order_id ||
                   (type == ATL_CLOUDEVENT_PIECE_STAGE) != !!event->piece_id)))
        atl_json_fault(reader, at, "subject does not fit the type");
    if (event->piece_id && (event->attempt < 1 || event->version < 1))
        atl_json_fault(reader, at, "an event of a piece needs attempt and version");
}

static void read_sequence(struct atl_json_reader *reader, const struct atl_json_at *at,
                          const char *text, uint64_t *out)
{
    uint64_t sequence = 0;
    bool fits = true;

    if (!text)
        return;
    for (const char *digit = text; *digit; digit++) {
        if (*digit < '0' || *digit > '9' ||
            __builtin_mul_overflow(sequence, UINT64_C(10), &sequence) ||
            __builtin_add_overflow(sequence, (uint64_t)(*digit - '0'), &sequence))
            fits = false;
    }
    if (!fits || sequence > INT64_MAX || strlen(text) != ATL_CLOUDEVENT_SEQUENCE_DIGITS)
        atl_json_fault(reader, at, "sequence must be a number of 20 digits");
    else
        *out = sequence;
}

struct envelope {
    const char *specversion;
    const char *type;
    const char *subject;
    const char *sequence;
    const char *source;
    int64_t time_ms;
    int32_t attempt;
    int32_t version;
    const struct atl_json_value *data;
};

static const struct atl_json_row envelope_rows[] = {
    ATL_JSON_NEED(struct envelope, specversion, TEXT, 1, 8),
    ATL_JSON_NEED(struct envelope, type, TEXT, 1, 100),
    ATL_JSON_NEED(struct envelope, subject, TEXT, 1, 100),
    ATL_JSON_NEED(struct envelope, sequence, TEXT, 1, NAME_MAX_BYTES),
    ATL_JSON_NEED(struct envelope, source, TEXT, 1, 200),
    ATL_JSON_NEED_AS("time", struct envelope, time_ms, TIME, 0, 0),
    ATL_JSON_MAY(struct envelope, attempt, INT32, 1, 1000000),
    ATL_JSON_MAY(struct envelope, version, INT32, 1, 1000000000),
    ATL_JSON_NEED(struct envelope, data, ITEM, 0, 0),
};

static void read_envelope(struct atl_json_reader *reader, const struct atl_json_at *at,
                          struct atl_cloudevent *event)
{
    struct envelope envelope = {0};
    struct atl_json_at data = atl_json_find(at, "data");

    event->id = read_id(reader, at, "id");
    atl_json_read(reader, at, ATL_ROWS(envelope_rows), &envelope);
    if (envelope.specversion && strcmp(envelope.specversion, "1.0") != 0)
        atl_json_fault(reader, at, "specversion must be \"1.0\"");
    event->source = envelope.source;
    event->time_ms = envelope.time_ms;
    event->attempt = envelope.attempt;
    event->version = envelope.version;
    event->data.type =
        envelope.type ? atl_cloudevent_type_find(envelope.type) : ATL_CLOUDEVENT_UNKNOWN;
    read_source(reader, at, event);
    read_subject(reader, at, event, envelope.subject);
    read_sequence(reader, at, envelope.sequence, &event->sequence);
    if (data.value && !atl_json_is_object(&data))
        atl_json_fault(reader, &data, "must be an object { … }");
    else if (data.value)
        read_data(reader, &data, &event->data);
}

// The data as it came, for whoever keeps or hands on events.
static bool keep_data(struct atl_json_reader *reader, const struct atl_json_at *at,
                      struct atl_cloudevent *event)
{
    struct atl_json_at data = atl_json_find(at, "data");
    struct atl_buf text;
    bool fits;

    atl_buf_init(&text, ATL_CLOUDEVENT_MAX_BYTES);
    if (data.value)
        atl_json_print(data.value, &text);
    fits = !text.failed;
    if (fits && text.data)
        event->data_json = atl_arena_bytes(reader->arena, text.data, text.len);
    atl_buf_free(&text);
    return fits;
}

static void read_event(const struct atl_json_at *at, struct atl_arena *arena,
                       struct atl_cloudevent *event)
{
    struct atl_json_reader reader = {.name = "event", .arena = arena, .is_tolerant = true};

    if (!atl_json_is_object(at)) {
        atl_json_fault(&reader, at, "must be an object { … }");
    } else if (!keep_data(&reader, at, event)) {
        struct atl_json_at id = atl_json_find(at, "id");

        event->id = atl_json_text(&reader, &id, 1, NAME_MAX_BYTES);
        event->code = "too_large";
        atl_json_fault(&reader, at, "data is over %d bytes", ATL_CLOUDEVENT_MAX_BYTES);
    } else {
        read_envelope(&reader, at, event);
    }
    event->is_valid = reader.fault_count == 0;
    if (!event->is_valid) {
        event->code = event->code ? event->code : "schema";
        event->detail = atl_arena_text(arena, reader.first.text);
    }
}

atl_code atl_cloudevent_batch_parse(const void *bytes, size_t len, size_t max_events,
                                    struct atl_arena *arena, struct atl_cloudevent_batch *out,
                                    struct atl_error *err)
{
    struct atl_json_reader reader = {.name = "batch"};
    struct atl_cloudevent_batch batch = {0};
    struct atl_json_at item = {0};
    struct atl_json_at root;
    struct atl_json *json;
    size_t count;
    atl_code rc = atl_json_parse("batch", bytes, len, ATL_CLOUDEVENTS_MAX_BYTES, &json, err);

    if (rc)
        return rc;
    root = atl_json_root(json);
    count = atl_json_count(&reader, &root, 1, max_events);
    rc = atl_json_check(&reader, err);
    batch.events = atl_arena_get(arena, count, sizeof(*batch.events));
    for (; !rc && batch.events && batch.count < count && atl_json_next(&root, &item); batch.count++)
        read_event(&item, arena, &batch.events[batch.count]);
    if (!rc)
        rc = atl_arena_check(arena, err);
    atl_json_free(json);
    if (!rc)
        *out = batch;
    return rc;
}
