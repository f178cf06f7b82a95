// SPDX-License-Identifier: Apache-2.0
// A sheet's fields, out of the JSON that was gathered when a person asked for it. The makers of
// that JSON are commands of this program, so there are no pictures and no lists of bare texts in
// it.
#include "plugin/agent/document_parts.h"
#include "plugin/store/sheets.h"
#include "plugin/wire/json.h"

#include <string.h>

struct reader {
    struct atl_json_reader json;
    enum atl_template_kind kind;
};

static void read_group(struct reader *reader, const struct atl_json_at *at,
                       struct atl_data_group *group, const char *parent);

static void read_list(struct reader *reader, const struct atl_json_at *at,
                      struct atl_data_group *group, const char *path)
{
    struct atl_json_at item = {.up = at};

    (void)atl_json_count(&reader->json, at, 0, ATL_DATA_ITEMS_MAX);
    while (atl_json_next(at, &item))
        read_group(reader, &item, atl_data_item(group, at->key), path);
}

static void read_value(struct reader *reader, const struct atl_json_at *at,
                       struct atl_data_group *group, const struct atl_template_field *field)
{
    switch (field->type) {
    case ATL_DATA_TEXT:
        atl_data_text(group, at->key,
                      atl_json_text(&reader->json, at, 0, ATL_DATA_TEXT_MAX_BYTES - 1));
        break;
    case ATL_DATA_GROUP:
        read_group(reader, at, atl_data_group(group, at->key), field->path);
        break;
    case ATL_DATA_LIST:
        read_list(reader, at, group, field->path);
        break;
    case ATL_DATA_FLAG:
    case ATL_DATA_IMAGE:
        atl_json_fault(&reader->json, at, "is of a kind that no sheet has");
        break;
    }
}

// As deep as the table of fields: what is not in it is not entered.
static void read_group(struct reader *reader, const struct atl_json_at *at,
                       struct atl_data_group *group, const char *parent)
{
    struct atl_json_at item = {.up = at};

    while (atl_json_next(at, &item)) {
        const struct atl_template_field *field =
            atl_template_field_find(reader->kind, parent, strlen(parent), item.key ? item.key : "",
                                    item.key ? strlen(item.key) : 0);

        if (field)
            read_value(reader, &item, group, field);
        else
            atl_json_fault(&reader->json, &item, "is no field of a %s",
                           atl_template_kind_name(reader->kind));
    }
}

static atl_code read_sheet(enum atl_template_kind kind, const struct atl_buf *bytes,
                           struct atl_data *data, struct atl_error *err)
{
    struct reader reader = {.json = {.name = "sheet"}, .kind = kind};
    struct atl_json *json = NULL;
    struct atl_json_at root;
    atl_code rc = atl_json_parse("sheet", bytes->data, bytes->len, ATL_SHEET_BYTES_MAX, &json, err);

    if (rc)
        return rc;
    root = atl_json_root(json);
    read_group(&reader, &root, data->root, "");
    rc = atl_json_check(&reader.json, err);
    atl_json_free(json);
    return rc ? rc : atl_data_check(data, err);
}

atl_code atl_paper_put_sheet(struct atl_paper_about *about, enum atl_template_kind kind,
                             struct atl_data *data, struct atl_error *err)
{
    struct atl_buf bytes;
    atl_code rc;

    atl_buf_init(&bytes, ATL_SHEET_BYTES_MAX);
    rc = atl_sheets_find(about->shop->store, about->job->id, &bytes, err);
    if (!rc)
        rc = read_sheet(kind, &bytes, data, err);
    atl_buf_free(&bytes);
    return rc;
}
