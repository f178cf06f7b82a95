// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/data.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct atl_data_group *group_new(struct atl_data *data)
{
    struct atl_data_group *group = atl_arena_get(&data->arena, 1, sizeof(*group));

    if (group)
        group->data = data;
    return group;
}

void atl_data_init(struct atl_data *data)
{
    *data = (struct atl_data){0};
    atl_arena_init(&data->arena, ATL_DATA_LIMIT_BYTES);
    data->root = group_new(data);
}

void atl_data_free(struct atl_data *data)
{
    atl_arena_free(&data->arena);
    *data = (struct atl_data){0};
}

// Only the first fault is told: what follows it is mostly its echo.
static void fault(struct atl_data *data, const char *name, const char *what)
{
    if (!data->fault[0])
        snprintf(data->fault, sizeof data->fault, "the field %.40s %s", name, what);
}

// The field to set, new or of the same type; NULL after a failure.
static struct atl_data_field *field_of(struct atl_data_group *group, const char *name,
                                       enum atl_data_type type)
{
    struct atl_data_field *field;

    if (!group)
        return NULL;
    for (field = group->fields; field; field = field->next) {
        if (strcmp(field->name, name) == 0) {
            if (field->type == type)
                return field;
            fault(group->data, name, "is used for two types");
            return NULL;
        }
    }
    field = atl_arena_get(&group->data->arena, 1, sizeof(*field));
    if (!field)
        return NULL;
    field->name = atl_arena_text(&group->data->arena, name);
    if (!field->name)
        return NULL;
    field->type = type;
    field->text = "";
    if (group->last_field)
        group->last_field->next = field;
    else
        group->fields = field;
    group->last_field = field;
    return field;
}

void atl_data_text(struct atl_data_group *group, const char *name, const char *value)
{
    struct atl_data_field *field = field_of(group, name, ATL_DATA_TEXT);
    const char *copy;

    if (!field)
        return;
    if (value && strlen(value) > ATL_DATA_TEXT_MAX_BYTES) {
        fault(group->data, name, "is longer than 4096 bytes");
        return;
    }
    copy = atl_arena_text(&group->data->arena, value ? value : "");
    if (copy)
        field->text = copy;
}

void atl_data_textf(struct atl_data_group *group, const char *name, const char *fmt, ...)
{
    char text[ATL_DATA_TEXT_MAX_BYTES + 2];
    va_list args;
    int len;

    va_start(args, fmt);
    len = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (len >= 0)
        atl_data_text(group, name, text); // one byte too many is found there
}

void atl_data_flag(struct atl_data_group *group, const char *name, bool value)
{
    struct atl_data_field *field = field_of(group, name, ATL_DATA_FLAG);

    if (field)
        field->flag = value;
}

void atl_data_image(struct atl_data_group *group, const char *name, const struct atl_bitmap *image)
{
    struct atl_data_field *field = field_of(group, name, ATL_DATA_IMAGE);

    if (field)
        field->image = image;
}

struct atl_data_group *atl_data_group(struct atl_data_group *group, const char *name)
{
    struct atl_data_field *field = field_of(group, name, ATL_DATA_GROUP);

    if (!field)
        return NULL;
    if (!field->first)
        field->first = group_new(group->data);
    return field->first;
}

struct atl_data_group *atl_data_item(struct atl_data_group *group, const char *name)
{
    struct atl_data_field *field = field_of(group, name, ATL_DATA_LIST);
    struct atl_data_group *item;

    if (!field)
        return NULL;
    if (field->count == ATL_DATA_ITEMS_MAX) {
        fault(group->data, name, "has more than 500 elements");
        return NULL;
    }
    item = group_new(group->data);
    if (!item)
        return NULL;
    if (field->last)
        field->last->next = item;
    else
        field->first = item;
    field->last = item;
    field->count++;
    return item;
}

atl_code atl_data_check(const struct atl_data *data, struct atl_error *err)
{
    if (data->fault[0])
        return atl_fail(err, ATL_E_INVALID, "%s", data->fault);
    return atl_arena_check(&data->arena, err);
}

const struct atl_data_field *atl_data_find(const struct atl_data_group *group, const char *name,
                                           size_t len)
{
    const struct atl_data_field *field = group ? group->fields : NULL;

    while (field && (strncmp(field->name, name, len) != 0 || field->name[len]))
        field = field->next;
    return field;
}

bool atl_data_is_true(const struct atl_data_field *field)
{
    if (!field)
        return false;
    switch (field->type) {
    case ATL_DATA_TEXT:
        return field->text[0];
    case ATL_DATA_FLAG:
        return field->flag;
    case ATL_DATA_IMAGE:
        return field->image;
    case ATL_DATA_GROUP:
        return field->first;
    case ATL_DATA_LIST:
        return field->count > 0;
    }
    return false;
}
