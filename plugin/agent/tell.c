// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/tell.h"

#include "plugin/core/hash.h"
#include "plugin/store/outbox.h"
#include "plugin/wire/event_json.h"

#include <stdio.h>
#include <string.h>

// The setting that remembers what was told last.
#define PROFILE_TOLD "profile told"

static atl_code put_json(struct atl_store *store, enum atl_cloudevent_type type,
                         const char *order_id, const struct atl_piece *piece,
                         const struct atl_buf *json, int64_t now_ms, struct atl_error *err)
{
    struct atl_outbox_row row = {.attempt = piece ? piece->progress.attempt : 0,
                                 .version = piece ? piece->version : 0,
                                 .at_ms = now_ms};

    (void)snprintf(row.type, sizeof row.type, "%s", atl_cloudevent_type_name(type));
    atl_cloudevent_subject(type, order_id, piece ? piece->id : NULL, row.subject,
                           sizeof row.subject);
    return atl_outbox_add(store, &row, (const char *)json->data, NULL, err);
}

atl_code atl_tell(struct atl_store *store, const struct atl_cloudevent_data *data,
                  const char *order_id, const struct atl_piece *piece, int64_t now_ms,
                  struct atl_error *err)
{
    struct atl_buf json;
    atl_code rc;

    atl_buf_init(&json, ATL_OUTBOX_DATA_BYTES);
    rc = atl_cloudevent_data_write(data, &json, err);
    if (!rc)
        rc = atl_buf_check(&json, err);
    if (!rc)
        rc = put_json(store, data->type, order_id, piece, &json, now_ms, err);
    atl_buf_free(&json);
    return rc;
}

atl_code atl_tell_stage(struct atl_store *store, const struct atl_piece *piece, int64_t now_ms,
                        struct atl_error *err)
{
    const struct atl_cloudevent_data data = {
        .type = ATL_CLOUDEVENT_PIECE_STAGE,
        .stage = {.stage = piece->progress.stage,
                  .back = piece->progress.back,
                  .promise = {piece->promise.from_ms, piece->promise.until_ms},
                  .said = {piece->said.from_ms, piece->said.until_ms},
                  .is_late = piece->is_late,
                  .is_remake = piece->progress.attempt > 1},
    };

    return atl_tell(store, &data, piece->order_id, piece, now_ms, err);
}

atl_code atl_tell_erased(struct atl_store *store, const char *order_id, int64_t now_ms,
                         struct atl_error *err)
{
    const struct atl_cloudevent_data data = {.type = ATL_CLOUDEVENT_ORDER_ERASED};

    return atl_tell(store, &data, order_id, NULL, now_ms, err);
}

// ---- The shop itself ----

struct hours_text {
    char from[8];
    char until[8];
};

enum { HOURS_MAX = 7 * ATL_HOURS_PER_DAY_MAX };

static void put_clock(char out[8], int32_t minutes)
{
    (void)snprintf(out, 8, "%02d:%02d", (int)(minutes / 60) % 100, (int)(minutes % 60));
}

static size_t list_hours(const struct atl_hours *hours, struct hours_text *texts,
                         struct atl_cloudevent_hours *out)
{
    size_t count = 0;

    for (int32_t day = 0; day < 7; day++)
        for (uint32_t i = 0; i < hours->week[day].count; i++) {
            put_clock(texts[count].from, hours->week[day].open[i].from_minutes);
            put_clock(texts[count].until, hours->week[day].open[i].until_minutes);
            out[count] = (struct atl_cloudevent_hours){
                .day = day + 1, .from = texts[count].from, .until = texts[count].until};
            count++;
        }
    return count;
}

// " | " in the configuration is a line's end on paper and page.
static void put_lines(const char *address, char *out, size_t size)
{
    size_t len = 0;

    while (*address && len + 1 < size) {
        if (strncmp(address, " | ", 3) == 0) {
            out[len++] = '\n';
            address += 3;
        } else {
            out[len++] = *address++;
        }
    }
    out[len] = '\0';
}

static const char *or_null(const char *text)
{
    return text[0] ? text : NULL;
}

static atl_code write_profile(const struct atl_config *config, struct atl_buf *json,
                              struct atl_error *err)
{
    struct hours_text texts[HOURS_MAX];
    struct atl_cloudevent_hours hours[HOURS_MAX];
    char address[sizeof config->address];
    struct atl_cloudevent_data data = {
        .type = ATL_CLOUDEVENT_SHOP_PROFILE,
        .profile = {.name = config->name,
                    .phone = or_null(config->phone),
                    .zone = config->zone,
                    .map_url = or_null(config->map_url),
                    .hours = hours,
                    .hours_count = list_hours(&config->hours, texts, hours)},
    };

    put_lines(config->address, address, sizeof address);
    data.profile.address = or_null(address);
    for (size_t i = 0; i < config->guest_language_count; i++)
        data.profile.languages[data.profile.language_count++] = config->guest_languages[i];
    return atl_cloudevent_data_write(&data, json, err);
}

static atl_code put_profile(struct atl_store *store, const struct atl_buf *json, const char *hash,
                            int64_t now_ms, struct atl_error *err)
{
    atl_code rc = atl_store_begin(store, err);

    if (rc)
        return rc;
    rc = put_json(store, ATL_CLOUDEVENT_SHOP_PROFILE, NULL, NULL, json, now_ms, err);
    if (!rc)
        rc = atl_store_setting_put(store, PROFILE_TOLD, hash, err);
    if (!rc)
        return atl_store_commit(store, err);
    atl_store_rollback(store);
    return rc;
}

// A store put back from a backup has another epoch: the cloud is told anew.
static void hash_profile(struct atl_store *store, const struct atl_buf *json,
                         char out[ATL_HASH_HEX_CAP])
{
    uint8_t digest[ATL_HASH_BYTES];
    struct atl_hash hash;

    atl_hash_init(&hash);
    atl_hash_add_text(&hash, atl_store_epoch(store));
    atl_hash_add_bytes(&hash, json->data, json->len);
    atl_hash_end(&hash, digest);
    atl_hex_encode(digest, sizeof digest, out);
}

atl_code atl_tell_profile(struct atl_store *store, const struct atl_config *config, int64_t now_ms,
                          struct atl_error *err)
{
    char told[ATL_HASH_HEX_CAP] = "", hash[ATL_HASH_HEX_CAP];
    struct atl_buf json;
    atl_code rc;

    atl_buf_init(&json, ATL_OUTBOX_DATA_BYTES);
    rc = write_profile(config, &json, err);
    if (!rc) {
        hash_profile(store, &json, hash);
        rc = atl_store_setting_get(store, PROFILE_TOLD, told, sizeof told, err);
        if (rc == ATL_E_NOT_FOUND)
            rc = ATL_OK;
    }
    if (!rc && strcmp(told, hash) != 0)
        rc = put_profile(store, &json, hash, now_ms, err);
    atl_buf_free(&json);
    return rc;
}

atl_code atl_tell_alive(struct atl_store *store, int64_t now_ms, struct atl_error *err)
{
    static const struct atl_cloudevent_data data = {.type = ATL_CLOUDEVENT_SHOP_ALIVE};
    atl_code rc = atl_store_begin(store, err);

    if (rc)
        return rc;
    rc = atl_tell(store, &data, NULL, NULL, now_ms, err);
    if (!rc)
        return atl_store_commit(store, err);
    atl_store_rollback(store);
    return rc;
}
