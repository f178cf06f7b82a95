// SPDX-License-Identifier: Apache-2.0
#include "plugin/print/fields.h"

#include "plugin/print/files.h"
#include "plugin/render/bitmap.h"
#include "plugin/render/png.h"
#include "plugin/wire/json.h"

#include <stdio.h>
#include <string.h>

enum { JSON_BYTES_MAX = 1024 * 1024, PATH_CAP = 1024, IMAGE_DOTS_MAX = 1200 };

struct reader {
    struct atl_json_reader json;
    struct print_fields *fields;
    enum atl_template_kind kind;
    const char *file;
};

// ---- pictures ----

static atl_code load_image(const struct reader *reader, const char *name, struct atl_bitmap *out,
                           struct atl_error *err)
{
    const char *slash = strrchr(reader->file, '/');
    struct atl_picture picture = {0};
    struct atl_buf bytes;
    char path[PATH_CAP];
    uint32_t width;
    atl_code rc;

    if (name[0] == '/' || !slash)
        (void)snprintf(path, sizeof path, "%s", name);
    else
        (void)snprintf(path, sizeof path, "%.*s/%s", (int)(slash - reader->file), reader->file,
                       name);
    atl_buf_init(&bytes, ATL_PNG_BYTES_MAX);
    rc = print_file_read(path, &bytes, err);
    if (!rc)
        rc = atl_png_read(path, bytes.data, bytes.len, &picture, err);
    width = picture.width_px < IMAGE_DOTS_MAX ? picture.width_px : IMAGE_DOTS_MAX;
    if (!rc)
        rc = atl_bitmap_from_picture(&picture, width, ATL_TONE_THRESHOLD, out, err);
    atl_picture_free(&picture);
    atl_buf_free(&bytes);
    return rc;
}

static void read_image(struct reader *reader, const struct atl_json_at *at,
                       struct atl_data_group *group, const char *name)
{
    const char *file = atl_json_text(&reader->json, at, 1, PATH_CAP / 2);
    struct print_fields *fields = reader->fields;
    struct atl_error why = {0};

    if (!file)
        return;
    if (fields->image_count == PRINT_IMAGES_MAX) {
        atl_json_fault(&reader->json, at, "is one picture too many: at most %d", PRINT_IMAGES_MAX);
        return;
    }
    if (load_image(reader, file, &fields->images[fields->image_count], &why)) {
        atl_json_fault(&reader->json, at, "is no picture that can be read: %s", why.text);
        return;
    }
    atl_data_image(group, name, &fields->images[fields->image_count++]);
}

// ---- values ----

static void read_group(struct reader *reader, const struct atl_json_at *at,
                       struct atl_data_group *group, const char *parent);

// An element is an object, or a text where the list has lines.
static void read_element(struct reader *reader, const struct atl_json_at *item,
                         struct atl_data_group *group, const struct atl_template_field *field)
{
    struct atl_data_group *element = atl_data_item(
        group, strrchr(field->path, '.') ? strrchr(field->path, '.') + 1 : field->path);
    const char *text;

    if (!atl_json_is_text(item)) {
        read_group(reader, item, element, field->path);
        return;
    }
    if (!atl_template_field_find(reader->kind, field->path, strlen(field->path), "line", 4)) {
        atl_json_fault(&reader->json, item, "must be an object in { }");
        return;
    }
    text = atl_json_text(&reader->json, item, 0, ATL_DATA_TEXT_MAX_BYTES);
    atl_data_text(element, "line", text);
}

static void read_list(struct reader *reader, const struct atl_json_at *at,
                      struct atl_data_group *group, const struct atl_template_field *field)
{
    struct atl_json_at item = {.up = at};

    if (!atl_json_is_list(at)) {
        atl_json_fault(&reader->json, at, "must be a list in [ ]");
        return;
    }
    (void)atl_json_count(&reader->json, at, 0, ATL_DATA_ITEMS_MAX);
    while (atl_json_next(at, &item))
        read_element(reader, &item, group, field);
}

static void read_value(struct reader *reader, const struct atl_json_at *at,
                       struct atl_data_group *group, const struct atl_template_field *field)
{
    const char *name = at->key;

    switch (field->type) {
    case ATL_DATA_TEXT:
        atl_data_text(group, name,
                      atl_json_text(&reader->json, at, 0, ATL_DATA_TEXT_MAX_BYTES - 1));
        break;
    case ATL_DATA_FLAG:
        atl_data_flag(group, name, atl_json_bool(&reader->json, at));
        break;
    case ATL_DATA_IMAGE:
        read_image(reader, at, group, name);
        break;
    case ATL_DATA_GROUP:
        read_group(reader, at, atl_data_group(group, name), field->path);
        break;
    case ATL_DATA_LIST:
        read_list(reader, at, group, field);
        break;
    }
}

// As deep as the table of fields, not as the input: what is not in the table is not entered.
static void read_group(struct reader *reader, const struct atl_json_at *at,
                       struct atl_data_group *group, const char *parent)
{
    struct atl_json_at item = {.up = at};

    if (!atl_json_is_object(at)) {
        atl_json_fault(&reader->json, at, "must be an object in { }");
        return;
    }
    while (atl_json_next(at, &item)) {
        const struct atl_template_field *field = atl_template_field_find(
            reader->kind, parent, strlen(parent), item.key, strlen(item.key));
        const char *near = field ? NULL
                                 : atl_template_field_near(reader->kind, parent, strlen(parent),
                                                           item.key, strlen(item.key));

        if (field)
            read_value(reader, &item, group, field);
        else
            atl_json_fault(&reader->json, &item, "is no field of a %s%s%s%s",
                           atl_template_kind_name(reader->kind), near ? "; did you mean " : "",
                           near ? near : "", near ? "?" : "");
    }
}

static void note_language(struct print_fields *fields)
{
    const struct atl_data_field *field = atl_data_find(fields->data.root, "language", 8);

    (void)snprintf(fields->language, sizeof fields->language, "%s", field ? field->text : "");
}

atl_code print_fields_read(const char *path, enum atl_template_kind kind, struct print_fields *out,
                           struct atl_error *err)
{
    struct reader reader = {.json = {.name = path}, .fields = out, .kind = kind, .file = path};
    struct atl_json *json = NULL;
    struct atl_json_at root;
    struct atl_buf bytes;
    atl_code rc;

    *out = (struct print_fields){.image_count = 0};
    atl_data_init(&out->data);
    atl_buf_init(&bytes, JSON_BYTES_MAX);
    rc = print_file_read(path, &bytes, err);
    if (!rc)
        rc = atl_json_parse(path, bytes.data, bytes.len, JSON_BYTES_MAX, &json, err);
    if (!rc) {
        root = atl_json_root(json);
        read_group(&reader, &root, out->data.root, "");
        rc = atl_json_check(&reader.json, err);
    }
    if (!rc) {
        note_language(out);
        rc = atl_template_fields_check(kind, &out->data, err);
        if (rc)
            rc = atl_wrap(err, rc, "%s", path);
    }
    atl_json_free(json);
    atl_buf_free(&bytes);
    if (rc)
        print_fields_free(out);
    return rc;
}

void print_fields_free(struct print_fields *fields)
{
    for (size_t i = 0; i < fields->image_count; i++)
        atl_bitmap_free(&fields->images[i]);
    atl_data_free(&fields->data);
    fields->image_count = 0;
}
