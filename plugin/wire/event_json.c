// SPDX-License-Identifier: Apache-2.0
// Names of events, and what a shop writes: data for its outbox, envelopes for its batches.
#include "plugin/wire/event_json.h"

#include "plugin/core/catalogue.h"
#include "plugin/wire/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *atl_cloudevent_type_name(enum atl_cloudevent_type type)
{
    switch (type) {
    case ATL_CLOUDEVENT_SHOP_PROFILE:
        return "atelier.shop.profile.v1";
    case ATL_CLOUDEVENT_ORDER_OPENED:
        return "atelier.order.opened.v1";
    case ATL_CLOUDEVENT_ORDER_LINKS:
        return "atelier.order.links.v1";
    case ATL_CLOUDEVENT_PIECE_STAGE:
        return "atelier.piece.stage.v1";
    case ATL_CLOUDEVENT_ORDER_ERASED:
        return "atelier.order.erased.v1";
    case ATL_CLOUDEVENT_REQUEST_ANSWERED:
        return "atelier.request.answered.v1";
    case ATL_CLOUDEVENT_SHOP_ALIVE:
        return "atelier.shop.alive.v1";
    case ATL_CLOUDEVENT_UNKNOWN:
    case ATL_CLOUDEVENT_TYPE_COUNT:
        break;
    }
    return "unknown";
}

enum atl_cloudevent_type atl_cloudevent_type_find(const char *name)
{
    for (int type = ATL_CLOUDEVENT_UNKNOWN + 1; type < ATL_CLOUDEVENT_TYPE_COUNT; type++) {
        if (strcmp(atl_cloudevent_type_name((enum atl_cloudevent_type)type), name) == 0)
            return (enum atl_cloudevent_type)type;
    }
    return ATL_CLOUDEVENT_UNKNOWN;
}

const char *atl_link_scope_name(enum atl_link_scope scope)
{
    switch (scope) {
    case ATL_LINK_BUYER:
        return "buyer";
    case ATL_LINK_GIFT:
        return "gift";
    }
    return "unknown";
}

void atl_cloudevent_subject(enum atl_cloudevent_type type, const char *order_id,
                            const char *piece_id, char *out, size_t size)
{
    if (type == ATL_CLOUDEVENT_SHOP_PROFILE || type == ATL_CLOUDEVENT_SHOP_ALIVE)
        snprintf(out, size, "shop");
    else if (type == ATL_CLOUDEVENT_PIECE_STAGE)
        snprintf(out, size, "order/%s/piece/%s", order_id, piece_id);
    else
        snprintf(out, size, "order/%s", order_id);
}

// ---- Data ----

static void write_hours(struct atl_json_writer *writer,
                        const struct atl_cloudevent_profile *profile)
{
    atl_json_key(writer, "hours");
    atl_json_open(writer, '[');
    for (size_t i = 0; i < profile->hours_count; i++) {
        atl_json_open(writer, '{');
        atl_json_int_of(writer, "day", profile->hours[i].day);
        atl_json_text_of(writer, "from", profile->hours[i].from);
        atl_json_text_of(writer, "until", profile->hours[i].until);
        atl_json_shut(writer, '}');
    }
    atl_json_shut(writer, ']');
}

static void write_profile(struct atl_json_writer *writer,
                          const struct atl_cloudevent_profile *profile)
{
    atl_json_text_of(writer, "name", profile->name);
    atl_json_text_of(writer, "phone", profile->phone);
    atl_json_text_of(writer, "address", profile->address);
    atl_json_text_of(writer, "zone", profile->zone);
    atl_json_text_of(writer, "map_url", profile->map_url);
    atl_json_key(writer, "languages");
    atl_json_open(writer, '[');
    for (size_t i = 0; i < profile->language_count; i++)
        atl_json_put_text(writer, profile->languages[i]);
    atl_json_shut(writer, ']');
    write_hours(writer, profile);
}

static void write_links(struct atl_json_writer *writer, const struct atl_cloudevent_link *links,
                        size_t count)
{
    atl_json_key(writer, "links");
    atl_json_open(writer, '[');
    for (size_t i = 0; i < count; i++) {
        atl_json_open(writer, '{');
        atl_json_text_of(writer, "sha256", links[i].sha256);
        atl_json_text_of(writer, "scope", atl_link_scope_name(links[i].scope));
        atl_json_shut(writer, '}');
    }
    atl_json_shut(writer, ']');
}

static void write_piece(struct atl_json_writer *writer, const struct atl_cloudevent_piece *piece)
{
    atl_json_open(writer, '{');
    atl_json_text_of(writer, "id", piece->id);
    atl_json_int_of(writer, "index", piece->index);
    atl_json_text_of(writer, "kind", atl_kind_name(piece->kind));
    atl_json_key(writer, "what");
    atl_json_open(writer, '{');
    for (size_t i = 0; i < piece->what_count; i++)
        atl_json_text_of(writer, piece->what[i].language, piece->what[i].text);
    atl_json_shut(writer, '}');
    atl_json_shut(writer, '}');
}

static void write_opened(struct atl_json_writer *writer, const struct atl_cloudevent_opened *opened)
{
    atl_json_text_of(writer, "code", opened->code);
    atl_json_text_of(writer, "language", opened->language);
    atl_json_bool_of(writer, "is_training", opened->is_training);
    atl_json_time_of(writer, "created", opened->created_ms);
    write_links(writer, opened->links, opened->link_count);
    atl_json_key(writer, "pieces");
    atl_json_open(writer, '[');
    for (size_t i = 0; i < opened->piece_count; i++)
        write_piece(writer, &opened->pieces[i]);
    atl_json_shut(writer, ']');
}

static void write_range(struct atl_json_writer *writer, const char *key,
                        const struct atl_cloudevent_range *range)
{
    atl_json_key(writer, key);
    if (!range->from_ms && !range->until_ms) {
        atl_json_put_null(writer);
        return;
    }
    atl_json_open(writer, '{');
    atl_json_time_of(writer, "from", range->from_ms);
    atl_json_time_of(writer, "until", range->until_ms);
    atl_json_shut(writer, '}');
}

static void write_stage(struct atl_json_writer *writer, const struct atl_cloudevent_stage *stage)
{
    atl_json_text_of(writer, "stage", atl_stage_name(stage->stage));
    if (stage->back != ATL_STAGE_NONE)
        atl_json_text_of(writer, "back", atl_stage_name(stage->back));
    write_range(writer, "promise", &stage->promise);
    write_range(writer, "said", &stage->said);
    atl_json_bool_of(writer, "is_late", stage->is_late);
    atl_json_bool_of(writer, "is_remake", stage->is_remake);
}

static void write_answered(struct atl_json_writer *writer,
                           const struct atl_cloudevent_answered *answered)
{
    atl_json_text_of(writer, "request", answered->request);
    atl_json_bool_of(writer, "is_accepted", answered->is_accepted);
    atl_json_text_of(writer, "reason", answered->reason);
}

static void write_members(struct atl_json_writer *writer, const struct atl_cloudevent_data *data)
{
    switch (data->type) {
    case ATL_CLOUDEVENT_SHOP_PROFILE:
        write_profile(writer, &data->profile);
        return;
    case ATL_CLOUDEVENT_ORDER_OPENED:
        write_opened(writer, &data->opened);
        return;
    case ATL_CLOUDEVENT_ORDER_LINKS:
        write_links(writer, data->links.links, data->links.count);
        return;
    case ATL_CLOUDEVENT_PIECE_STAGE:
        write_stage(writer, &data->stage);
        return;
    case ATL_CLOUDEVENT_REQUEST_ANSWERED:
        write_answered(writer, &data->answered);
        return;
    case ATL_CLOUDEVENT_ORDER_ERASED:
    case ATL_CLOUDEVENT_SHOP_ALIVE:
    case ATL_CLOUDEVENT_UNKNOWN:
    case ATL_CLOUDEVENT_TYPE_COUNT:
        return;
    }
}

atl_code atl_cloudevent_data_write(const struct atl_cloudevent_data *data, struct atl_buf *out,
                                   struct atl_error *err)
{
    struct atl_json_writer writer;
    size_t before = out->len;

    atl_json_writer_init(&writer, out);
    atl_json_open(&writer, '{');
    write_members(&writer, data);
    atl_json_shut(&writer, '}');
    if (out->len - before > ATL_CLOUDEVENT_DATA_MAX_BYTES)
        return atl_fail(err, ATL_E_INVALID, "%s: over %d bytes",
                        atl_cloudevent_type_name(data->type), ATL_CLOUDEVENT_DATA_MAX_BYTES);
    return atl_buf_check(out, err);
}

// ---- Batches ----

void atl_cloudevent_batch_begin(struct atl_buf *out)
{
    ATL_BUF_LIT(out, "[");
}

void atl_cloudevent_batch_add(struct atl_buf *out, const struct atl_cloudevent_row *row)
{
    struct atl_json_writer writer;
    char sequence[ATL_CLOUDEVENT_SEQUENCE_DIGITS + 1];

    if (out->len && out->data[out->len - 1] != '[')
        ATL_BUF_LIT(out, ",\n");
    snprintf(sequence, sizeof(sequence), "%0*" PRIu64, ATL_CLOUDEVENT_SEQUENCE_DIGITS,
             row->sequence);
    atl_json_writer_init(&writer, out);
    atl_json_open(&writer, '{');
    atl_json_text_of(&writer, "specversion", "1.0");
    atl_json_text_of(&writer, "id", row->id);
    atl_json_text_of(&writer, "source", row->source);
    atl_json_text_of(&writer, "type", row->type);
    atl_json_text_of(&writer, "subject", row->subject);
    atl_json_time_of(&writer, "time", row->time_ms);
    atl_json_text_of(&writer, "sequence", sequence);
    if (row->attempt) {
        atl_json_int_of(&writer, "attempt", row->attempt);
        atl_json_int_of(&writer, "version", row->version);
    }
    atl_json_text_of(&writer, "datacontenttype", "application/json");
    atl_json_key(&writer, "data");
    atl_json_put_raw(&writer, row->data, row->data_len);
    atl_json_shut(&writer, '}');
}

void atl_cloudevent_batch_end(struct atl_buf *out)
{
    ATL_BUF_LIT(out, "]");
}
