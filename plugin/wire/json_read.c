// SPDX-License-Identifier: Apache-2.0
// Values at a place, and the table of rows that reads a whole object.
#include "plugin/wire/json.h"

#include "plugin/core/zone.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX_BYTES = 4096, KEY_MAX_BYTES = 40 };

static const int64_t whole_max = INT64_C(1) << 53; // what a double holds exactly

static const cJSON *item_of(const struct atl_json_at *at)
{
    return (const cJSON *)at->value;
}

static const char *keep(struct atl_json_reader *reader, const char *text)
{
    return reader->arena ? atl_arena_text(reader->arena, text) : text;
}

const char *atl_json_text(struct atl_json_reader *reader, const struct atl_json_at *at, size_t min,
                          size_t max)
{
    const char *text = at->value ? cJSON_GetStringValue(item_of(at)) : NULL;
    size_t len = text ? strlen(text) : 0;

    if (text && len >= min && len <= max)
        return keep(reader, text);
    if (!text)
        atl_json_fault(reader, at, "must be a text in double quotes");
    else if (len < min)
        atl_json_fault(reader, at, len ? "must be longer" : "must not be empty");
    else
        atl_json_fault(reader, at, "must have at most %zu bytes", max);
    return NULL;
}

int64_t atl_json_int(struct atl_json_reader *reader, const struct atl_json_at *at, int64_t min,
                     int64_t max)
{
    const cJSON *item = item_of(at);

    if (cJSON_IsNumber(item) && item->valuedouble >= -(double)whole_max &&
        item->valuedouble <= (double)whole_max) {
        int64_t number = (int64_t)item->valuedouble;

        if ((double)number >= item->valuedouble && (double)number <= item->valuedouble &&
            number >= min && number <= max)
            return number;
    }
    atl_json_fault(reader, at, "must be a whole number %lld..%lld", (long long)min, (long long)max);
    return 0;
}

static bool read_rgb(const char *text, uint32_t *rgb)
{
    char *end;
    unsigned long number;

    if (!text || text[0] != '#' || strspn(text + 1, "0123456789abcdefABCDEF") != 6 || text[7])
        return false;
    number = strtoul(text + 1, &end, 16);
    *rgb = (uint32_t)number;
    return true;
}

static void fault_names(struct atl_json_reader *reader, const struct atl_json_at *at,
                        const char *const *names)
{
    char list[160];
    size_t len = 0;

    for (size_t i = 0; names[i] && len < sizeof(list); i++) {
        int step = snprintf(list + len, sizeof(list) - len, "%s%s", i ? ", " : "", names[i]);

        len += step > 0 ? (size_t)step : 0;
    }
    atl_json_fault(reader, at, "must be one of: %s", list);
}

static int read_name(struct atl_json_reader *reader, const struct atl_json_at *at,
                     const char *const *names)
{
    const char *text = cJSON_GetStringValue(item_of(at));

    for (int i = 0; text && names[i]; i++) {
        if (strcmp(names[i], text) == 0)
            return i;
    }
    fault_names(reader, at, names);
    return 0;
}

// ---- Rows ----

static void read_plain(struct atl_json_reader *reader, const struct atl_json_at *at,
                       const struct atl_json_row *row, void *target)
{
    int64_t max = row->max ? row->max : INT32_MAX;

    if (row->type == ATL_JSON_TEXT) {
        const char *text = atl_json_text(reader, at, (size_t)row->min,
                                         row->max ? (size_t)row->max : TEXT_MAX_BYTES);

        memcpy(target, &text, sizeof(text));
    } else if (row->type == ATL_JSON_INT32) {
        int32_t number = (int32_t)atl_json_int(reader, at, row->min, max);

        memcpy(target, &number, sizeof(number));
    } else if (row->type == ATL_JSON_INT64) {
        int64_t number = atl_json_int(reader, at, row->min, row->max ? row->max : whole_max);

        memcpy(target, &number, sizeof(number));
    } else if (row->type == ATL_JSON_NAME) {
        int name = read_name(reader, at, row->names);

        memcpy(target, &name, sizeof(name));
    }
}

bool atl_json_bool(struct atl_json_reader *reader, const struct atl_json_at *at)
{
    if (!cJSON_IsBool(item_of(at)))
        atl_json_fault(reader, at, "must be true or false");
    return cJSON_IsTrue(item_of(at));
}

static void read_bool(struct atl_json_reader *reader, const struct atl_json_at *at, void *target)
{
    bool value = atl_json_bool(reader, at);

    memcpy(target, &value, sizeof(value));
}

static void read_time(struct atl_json_reader *reader, const struct atl_json_at *at, void *target)
{
    const char *text = cJSON_GetStringValue(item_of(at));
    int64_t ms = 0;

    if (!text || atl_time_parse(text, strlen(text), &ms, NULL, NULL))
        atl_json_fault(reader, at, "must be a time such as \"2026-11-22T10:00:00+01:00\"");
    memcpy(target, &ms, sizeof(ms));
}

static void read_row(struct atl_json_reader *reader, const struct atl_json_at *at,
                     const struct atl_json_row *row, void *target)
{
    uint32_t rgb = 0;

    switch (row->type) {
    case ATL_JSON_TEXT:
    case ATL_JSON_INT32:
    case ATL_JSON_INT64:
    case ATL_JSON_NAME:
        read_plain(reader, at, row, target);
        return;
    case ATL_JSON_BOOL:
        read_bool(reader, at, target);
        return;
    case ATL_JSON_RGB:
        if (!read_rgb(cJSON_GetStringValue(item_of(at)), &rgb))
            atl_json_fault(reader, at, "must be a colour such as \"#1B2A49\"");
        memcpy(target, &rgb, sizeof(rgb));
        return;
    case ATL_JSON_TIME:
        read_time(reader, at, target);
        return;
    case ATL_JSON_ITEM:
        if (!atl_json_is_object(at) && !atl_json_is_list(at)) {
            atl_json_fault(reader, at, "must be { … } or [ … ]");
            return;
        }
        memcpy(target, &at->value, sizeof(at->value));
        return;
    case ATL_JSON_NONE:
        return;
    }
}

// How many letters must change; both short.
static size_t distance(const char *a, const char *b)
{
    size_t row[KEY_MAX_BYTES + 1];
    size_t len = strlen(b);

    if (len > KEY_MAX_BYTES || strlen(a) > KEY_MAX_BYTES)
        return KEY_MAX_BYTES;
    for (size_t j = 0; j <= len; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= len; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[len];
}

static void fault_unknown(struct atl_json_reader *reader, const struct atl_json_at *at,
                          const struct atl_json_row *rows, size_t row_count)
{
    const char *nearest = NULL;
    size_t best = strlen(at->key) / 2 + 1; // a short key is near to everything

    if (best > 3)
        best = 3;
    for (size_t i = 0; i < row_count; i++) {
        size_t away = distance(at->key, rows[i].key);

        if (away < best) {
            best = away;
            nearest = rows[i].key;
        }
    }
    if (nearest)
        atl_json_fault(reader, at, "not a known key (did you mean \"%s\"?)", nearest);
    else
        atl_json_fault(reader, at, "not a known key");
}

static bool is_row(const struct atl_json_row *rows, size_t row_count, const char *key)
{
    for (size_t i = 0; i < row_count; i++) {
        if (strcmp(rows[i].key, key) == 0)
            return true;
    }
    return false;
}

void atl_json_read(struct atl_json_reader *reader, const struct atl_json_at *at,
                   const struct atl_json_row *rows, size_t row_count, void *out)
{
    struct atl_json_at member = {0};

    if (!at->value || !atl_json_is_object(at)) {
        atl_json_fault(reader, at, "must be an object { … }");
        return;
    }
    for (size_t i = 0; i < row_count; i++) {
        struct atl_json_at found = atl_json_find(at, rows[i].key);

        if (found.value)
            read_row(reader, &found, &rows[i], (char *)out + rows[i].offset);
        else if (rows[i].is_required)
            atl_json_fault(reader, &found, "is missing");
    }
    while (!reader->is_tolerant && atl_json_next(at, &member)) {
        if (!is_row(rows, row_count, member.key))
            fault_unknown(reader, &member, rows, row_count);
    }
}
