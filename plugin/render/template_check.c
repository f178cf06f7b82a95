// SPDX-License-Identifier: Apache-2.0
// Reads every line of a template before any guest stands there: the template is laid out with
// made-up values, once with everything, and once more for each section with what that section asks
// for, so that what is inside {{^field}} or an alternative is read, too.
#include "plugin/render/template_inner.h"

#include <string.h>

static const struct atl_bitmap DOT = {
    .width_dots = 1, .height_dots = 1, .row_bytes = 1, .bits = (uint8_t[]){0x80}};

// What the section at hand wants of the fields around it.
struct wish {
    const struct atl_template_field *field;
    bool is_true;
};

struct wishes {
    struct wish at[ATL_TEMPLATE_DEPTH_MAX];
    size_t count;
};

static bool wanted(const struct wishes *wishes, const struct atl_template_field *field)
{
    for (size_t i = wishes->count; i--;) { // the innermost decides
        if (wishes->at[i].field == field)
            return wishes->at[i].is_true;
    }
    return true;
}

static void make_up(struct atl_data_group *group, const char *name, enum atl_data_type type,
                    bool is_true)
{
    switch (type) {
    case ATL_DATA_TEXT:
        atl_data_text(group, name, is_true ? "X" : "");
        break;
    case ATL_DATA_FLAG:
        atl_data_flag(group, name, is_true);
        break;
    case ATL_DATA_IMAGE:
        atl_data_image(group, name, is_true ? &DOT : NULL);
        break;
    case ATL_DATA_GROUP:
        if (is_true)
            (void)atl_data_group(group, name);
        break;
    case ATL_DATA_LIST: // two, because the second begins with what the first has set
        for (int i = 0; is_true && i < 2; i++)
            (void)atl_data_item(group, name);
        break;
    }
}

// In every element of the lists on the path. As deep as the table, not as the template.
static void make_up_below(struct atl_data_group *group, const char *path,
                          const struct atl_template_field *field, bool is_true)
{
    const char *dot = strchr(path, '.');
    const struct atl_data_field *parent;

    if (!dot) {
        make_up(group, path, field->type, is_true);
        return;
    }
    parent = atl_data_find(group, path, (size_t)(dot - path));
    for (struct atl_data_group *in = parent ? parent->first : NULL; in; in = in->next)
        make_up_below(in, dot + 1, field, is_true);
}

static atl_code lay_out(struct atl_template *tmpl, const struct wishes *wishes,
                        struct atl_error *err)
{
    struct atl_template_layout layout;
    struct atl_arena arena;
    struct atl_data data;
    size_t count;
    const struct atl_template_field *fields = atl_template_fields(&count);
    atl_code rc;

    atl_arena_init(&arena, ATL_TEMPLATE_PAGE_LIMIT_BYTES);
    atl_data_init(&data);
    atl_template_layout_init(&layout, tmpl, &arena);
    layout.loading = tmpl;
    for (size_t i = 0; i < count; i++) {
        if (fields[i].kinds & (1u << tmpl->kind))
            make_up_below(data.root, fields[i].path, &fields[i], wanted(wishes, &fields[i]));
    }
    rc = atl_data_check(&data, err);
    if (!rc)
        rc = atl_template_expand(&layout, &data, NULL, err);
    atl_template_layout_free(&layout);
    atl_data_free(&data);
    atl_arena_free(&arena);
    return rc;
}

atl_code atl_template_check(struct atl_template *tmpl, struct atl_error *err)
{
    struct wishes wishes = {.count = 0};
    atl_code rc = lay_out(tmpl, &wishes, err);

    for (size_t i = 0; !rc && i < tmpl->part_count; i++) {
        const struct atl_template_part *part = &tmpl->parts[i];

        if (part->kind == ATL_PART_CLOSE)
            wishes.count--;
        if (part->kind != ATL_PART_OPEN && part->kind != ATL_PART_UNLESS)
            continue;
        wishes.at[wishes.count++] =
            (struct wish){.field = part->field, .is_true = part->kind == ATL_PART_OPEN};
        rc = lay_out(tmpl, &wishes, err);
    }
    return rc;
}
