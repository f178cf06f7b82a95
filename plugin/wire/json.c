// SPDX-License-Identifier: Apache-2.0
// Documents, places in them, and faults. cJSON builds the tree, after json_scan.c has looked at
// every byte; json_read.c reads values.
#include "plugin/wire/json.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SHOWN_BYTES = 40 };

struct atl_json {
    cJSON *root;
};

static const cJSON *item_of(const struct atl_json_at *at)
{
    return (const cJSON *)at->value;
}

static const struct atl_json_value *value_of(const cJSON *item)
{
    return (const struct atl_json_value *)item;
}

// ---- Documents ----

static const cJSON *find_twice(const cJSON *object, size_t *count)
{
    *count = 0;
    for (const cJSON *a = object->child; a; a = a->next) {
        if (++*count > ATL_JSON_KEYS_MAX)
            return NULL;
        for (const cJSON *b = object->child; b != a; b = b->next) {
            if (strcmp(a->string, b->string) == 0)
                return a;
        }
    }
    return NULL;
}

static atl_code check_object(const char *name, const struct atl_json_at *at, struct atl_error *err)
{
    char path[ATL_JSON_PATH_MAX_BYTES];
    const cJSON *twice;
    size_t count;

    if (!cJSON_IsObject(item_of(at)))
        return ATL_OK;
    twice = find_twice(item_of(at), &count);
    atl_json_path(at, path, sizeof(path));
    if (twice)
        return atl_fail(err, ATL_E_INVALID, "%s: %s: the key \"%.*s\" stands there twice", name,
                        path, KEY_SHOWN_BYTES, twice->string);
    if (count > ATL_JSON_KEYS_MAX)
        return atl_fail(err, ATL_E_INVALID, "%s: %s: more than %d keys", name, path,
                        ATL_JSON_KEYS_MAX);
    return ATL_OK;
}

// Walks the whole tree; the scan has bounded its depth.
static atl_code check_keys(const char *name, const cJSON *root, struct atl_error *err)
{
    struct atl_json_at stack[ATL_JSON_DEPTH_MAX + 2] = {{.value = value_of(root)}};
    size_t depth = 1; // stack[depth] is the step inside stack[depth - 1]
    atl_code rc = check_object(name, &stack[0], err);

    stack[1] = (struct atl_json_at){.up = &stack[0]};
    while (depth && !rc) {
        if (!atl_json_next(&stack[depth - 1], &stack[depth])) {
            depth--;
            continue;
        }
        rc = check_object(name, &stack[depth], err);
        if (item_of(&stack[depth])->child) {
            stack[depth + 1] = (struct atl_json_at){.up = &stack[depth]};
            depth++;
        }
    }
    return rc;
}

atl_code atl_json_parse(const char *name, const void *bytes, size_t len, size_t limit,
                        struct atl_json **out, struct atl_error *err)
{
    struct atl_json *json;
    atl_code rc;

    if (len > limit)
        return atl_fail(err, ATL_E_INVALID, "%s: over %zu bytes", name, limit);
    rc = atl_json_scan(name, bytes, len, err);
    if (rc)
        return rc;
    json = calloc(1, sizeof(*json));
    if (json)
        json->root = cJSON_ParseWithLengthOpts(bytes, len, NULL, 0);
    if (!json || !json->root)
        rc = atl_fail(err, ATL_E_NOMEM, "%s: out of memory", name);
    if (!rc)
        rc = check_keys(name, json->root, err);
    if (rc) {
        atl_json_free(json);
        return rc;
    }
    *out = json;
    return ATL_OK;
}

void atl_json_free(struct atl_json *json)
{
    if (!json)
        return;
    cJSON_Delete(json->root);
    free(json);
}

// ---- Places ----

struct atl_json_at atl_json_root(const struct atl_json *json)
{
    return (struct atl_json_at){.value = value_of(json->root)};
}

struct atl_json_at atl_json_find(const struct atl_json_at *at, const char *key)
{
    const cJSON *item = at->value ? cJSON_GetObjectItemCaseSensitive(item_of(at), key) : NULL;

    return (struct atl_json_at){
        .up = at, .key = key, .value = item && !cJSON_IsNull(item) ? value_of(item) : NULL};
}

bool atl_json_next(const struct atl_json_at *list, struct atl_json_at *item)
{
    const cJSON *next;

    if (!list->value)
        return false;
    item->up = list;
    next = item->value ? item_of(item)->next : item_of(list)->child;
    item->index = item->value ? item->index + 1 : 0;
    item->value = value_of(next);
    item->key = next ? next->string : NULL;
    return next;
}

bool atl_json_is_object(const struct atl_json_at *at)
{
    return cJSON_IsObject(item_of(at));
}

bool atl_json_is_list(const struct atl_json_at *at)
{
    return cJSON_IsArray(item_of(at));
}

bool atl_json_is_text(const struct atl_json_at *at)
{
    return cJSON_IsString(item_of(at));
}

// Written from the end to the front, so that the nearest part survives a cut.
void atl_json_path(const struct atl_json_at *at, char *out, size_t size)
{
    char path[ATL_JSON_PATH_MAX_BYTES];
    size_t left = sizeof(path) - 1;

    path[left] = 0;
    for (; at->up; at = at->up) {
        char part[KEY_SHOWN_BYTES + 24];
        size_t len;

        if (at->key)
            snprintf(part, sizeof(part), "%s%.*s", at->up->up ? "." : "", KEY_SHOWN_BYTES, at->key);
        else
            snprintf(part, sizeof(part), "[%zu]", at->index);
        len = strlen(part);
        if (len > left)
            break;
        left -= len;
        memcpy(path + left, part, len);
    }
    snprintf(out, size, "%s", path[left] ? path + left : "the whole");
}

// ---- Faults ----

void atl_json_fault(struct atl_json_reader *reader, const struct atl_json_at *at, const char *fmt,
                    ...)
{
    char path[ATL_JSON_PATH_MAX_BYTES];
    char why[sizeof(reader->first.text)];
    struct atl_error fault;
    va_list args;

    va_start(args, fmt);
    vsnprintf(why, sizeof(why), fmt, args);
    va_end(args);
    atl_json_path(at, path, sizeof(path));
    atl_fail(&fault, ATL_E_INVALID, "%s: %s: %s", reader->name, path, why);
    if (reader->fault_count++ == 0)
        reader->first = fault;
    if (reader->report)
        atl_buf_addf(reader->report, "%s\n", fault.text);
}

atl_code atl_json_check(const struct atl_json_reader *reader, struct atl_error *err)
{
    if (reader->fault_count > 1)
        return atl_fail(err, reader->first.code, "%s (and %u more)", reader->first.text,
                        reader->fault_count - 1);
    if (reader->fault_count)
        return atl_fail(err, reader->first.code, "%s", reader->first.text);
    return reader->arena ? atl_arena_check(reader->arena, err) : ATL_OK;
}

size_t atl_json_count(struct atl_json_reader *reader, const struct atl_json_at *list, size_t min,
                      size_t max)
{
    size_t count = 0;

    if (list->value && !atl_json_is_list(list)) {
        atl_json_fault(reader, list, "must be a list [ … ]");
        return 0;
    }
    for (const cJSON *item = list->value ? item_of(list)->child : NULL; item; item = item->next)
        count++;
    if (count < min || count > max) {
        atl_json_fault(reader, list, "must have %zu..%zu entries, and has %zu", min, max, count);
        return 0;
    }
    return count;
}

void atl_json_print(const struct atl_json_value *value, struct atl_buf *out)
{
    char *text = value ? cJSON_PrintUnformatted((const cJSON *)value) : NULL;

    if (text)
        atl_buf_add(out, text, strlen(text));
    else
        out->failed = true;
    cJSON_free(text);
}
