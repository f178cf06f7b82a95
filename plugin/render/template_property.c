// SPDX-License-Identifier: Apache-2.0
// {…}: properties. Of the grammar's own: image, code, option, align, width, border, text, comment;
// of ours: file, dither, min, height, box, valign, fit, feed, cut, drawer. {command} is not spoken
// at all: it would let a template, or what somebody smuggled into one, send bytes to a printer.
#include "plugin/render/template_inner.h"
#include "plugin/render/template_near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FEED_UM_MAX = 100000 };

// One block while it is read: what it sets takes effect when all of it was understood.
struct block {
    struct atl_template_layout *layout;
    struct atl_row row; // what it prints
    bool has_row;
    bool is_empty; // a code without text, an image that is not there: no row
    const char *width;
    const char *file;
    bool is_photo; // {dither: photo}
    const char *code;
    bool is_sample;      // the code has a field in it, and the template is only being loaded
    bool is_image_value; // the value at hand is an image
    bool has_field;      // the value at hand has one in it
    struct atl_template_box box;
};

static atl_code fail(const struct block *block, struct atl_error *err, const char *sentence,
                     const char *value)
{
    return atl_template_fail(err, block->layout->tmpl, block->layout->line, "%s, not \"%.40s\"",
                             sentence, value);
}

static atl_code begin_row(struct block *block, enum atl_row_kind kind, struct atl_error *err)
{
    if (block->has_row)
        return atl_template_fail(err, block->layout->tmpl, block->layout->line,
                                 "one {…} prints one thing; write a second line");
    block->has_row = true;
    block->row.kind = kind;
    return ATL_OK;
}

static atl_code set_image(struct block *block, const char *value, struct atl_error *err)
{
    if (!block->is_image_value && *value)
        return atl_template_fail(err, block->layout->tmpl, block->layout->line,
                                 "{image} shows a field, as in {image: {{logo}}}; for a picture of "
                                 "your own use {file: name.png}");
    block->is_empty = !block->is_image_value;
    block->row.image = block->layout->image;
    return begin_row(block, ATL_ROW_IMAGE, err);
}

// Whether it is a photograph is known at the end of the block.
static atl_code set_file(struct block *block, const char *value, struct atl_error *err)
{
    block->file = value;
    return begin_row(block, ATL_ROW_IMAGE, err);
}

static atl_code set_dither(struct block *block, const char *value, struct atl_error *err)
{
    static const char *const NAMES[] = {"none", "photo"};
    const int dither = atl_template_choose(value, NAMES, 2);

    if (dither < 0)
        return fail(block, err, "dither is none, for drawings, or photo", value);
    block->is_photo = dither == 1;
    return ATL_OK;
}

static atl_code set_code(struct block *block, const char *value, struct atl_error *err)
{
    block->is_empty = !*value;
    block->code = value;
    block->is_sample = block->has_field && block->layout->loading;
    return begin_row(block, ATL_ROW_QR, err);
}

static atl_code set_option(struct block *block, const char *value, struct atl_error *err)
{
    return atl_template_option(block->layout, value, err);
}

static atl_code set_min(struct block *block, const char *value, struct atl_error *err)
{
    return atl_template_min(block->layout, value, err);
}

static atl_code set_height(struct block *block, const char *value, struct atl_error *err)
{
    return atl_template_height(block->layout, value, err);
}

static atl_code set_box(struct block *block, const char *value, struct atl_error *err)
{
    if (block->has_row)
        return atl_template_fail(err, block->layout->tmpl, block->layout->line,
                                 "{box} stands on a line of its own, above what is in it");
    block->box.place = value;
    return ATL_OK;
}

static atl_code set_valign(struct block *block, const char *value, struct atl_error *err)
{
    (void)err;
    block->box.valign = value;
    return ATL_OK;
}

static atl_code set_align(struct block *block, const char *value, struct atl_error *err)
{
    static const char *const NAMES[] = {"left", "center", "right"}; // as enum atl_align
    int align = strcasecmp(value, "centre") == 0 ? 1 : atl_template_choose(value, NAMES, 3);

    if (align < 0)
        return fail(block, err, "align is left, center or right", value);
    if (block->box.place) {
        block->box.align = value;
        return ATL_OK;
    }
    block->layout->align = (enum atl_align)align;
    return ATL_OK;
}

static atl_code set_border(struct block *block, const char *value, struct atl_error *err)
{
    static const char *const NAMES[] = {"0", "1", "2", "none", "space"};
    static const uint16_t COLUMNS[] = {0, 1, 2, 0, 1};
    int border = atl_template_choose(value, NAMES, 5);

    if (border < 0)
        return fail(block, err, "border is space, none, 0, 1 or 2", value);
    block->layout->border = COLUMNS[border];
    return ATL_OK;
}

static atl_code set_text(struct block *block, const char *value, struct atl_error *err)
{
    static const char *const NAMES[] = {"wrap", "nowrap"};
    const int text = atl_template_choose(value, NAMES, 2);

    if (text < 0)
        return fail(block, err, "text is wrap or nowrap; see {fit: shrink} and {fit: clip}", value);
    block->layout->is_clipped = text == 1;
    return ATL_OK;
}

// "shrink 2": on one line if that takes letters of twice the size or more, else it wraps.
static bool shrink_of(const char *value, uint8_t *least)
{
    static const char SHRINK[] = "shrink";
    const char *size = value + sizeof SHRINK - 1;

    if (strncmp(value, SHRINK, sizeof SHRINK - 1) != 0)
        return false;
    if (*size &&
        (size[0] != ' ' || size[1] < '1' || size[1] > '0' + ATL_TEMPLATE_SCALE_MAX || size[2]))
        return false;
    *least = *size ? (uint8_t)(size[1] - '0') : 1;
    return true;
}

static atl_code set_fit(struct block *block, const char *value, struct atl_error *err)
{
    uint8_t least = 0;

    if (block->box.place) {
        block->box.fit = value;
        return ATL_OK;
    }
    if (strcmp(value, "wrap") != 0 && strcmp(value, "clip") != 0 && !shrink_of(value, &least))
        return fail(block, err, "fit is wrap, clip, shrink, or shrink 2 to shrink 6", value);
    block->layout->fit_least = least;
    block->layout->is_clipped = strcmp(value, "clip") == 0;
    return ATL_OK;
}

static atl_code set_feed(struct block *block, const char *value, struct atl_error *err)
{
    uint32_t um;

    if (!atl_template_measure(value, "mm", &um) || !um || um > FEED_UM_MAX)
        return fail(block, err, "feed is a length of paper, as in 3mm", value);
    block->row.height_um = um;
    return begin_row(block, ATL_ROW_FEED, err);
}

static atl_code set_cut(struct block *block, const char *value, struct atl_error *err)
{
    static const char *const NAMES[] = {"none", "partial", "full"}; // as enum atl_cut
    int cut = atl_template_choose(value, NAMES, 3);

    if (cut < 0)
        return fail(block, err, "cut is partial, full or none", value);
    block->row.cut = (enum atl_cut)cut;
    return begin_row(block, ATL_ROW_CUT, err);
}

static atl_code set_drawer(struct block *block, const char *value, struct atl_error *err)
{
    if (strcmp(value, "2") != 0 && strcmp(value, "5") != 0)
        return fail(block, err, "drawer is its pin, 2 or 5", value);
    block->row.drawer_pin = *value - '0';
    return begin_row(block, ATL_ROW_DRAWER, err);
}

// A width needs to know whether it is that of a picture: it waits for the end of the block.
static atl_code set_width(struct block *block, const char *value, struct atl_error *err)
{
    (void)err;
    block->width = value;
    return ATL_OK;
}

static atl_code set_comment(struct block *block, const char *value, struct atl_error *err)
{
    (void)block, (void)value, (void)err;
    return ATL_OK;
}

static const struct property {
    const char *name;
    const char *short_name; // of the grammar; NULL: none
    // NULL: refused, whatever its value.
    atl_code (*set)(struct block *block, const char *value, struct atl_error *err);
} PROPERTIES[] = {
    {"image",   "i",  set_image  },
    {"file",    NULL, set_file   },
    {"dither",  NULL, set_dither },
    {"code",    "c",  set_code   },
    {"option",  "o",  set_option },
    {"min",     NULL, set_min    },
    {"height",  NULL, set_height },
    {"box",     NULL, set_box    },
    {"valign",  NULL, set_valign },
    {"align",   "a",  set_align  },
    {"width",   "w",  set_width  },
    {"border",  "b",  set_border },
    {"text",    "t",  set_text   },
    {"fit",     NULL, set_fit    },
    {"feed",    NULL, set_feed   },
    {"cut",     NULL, set_cut    },
    {"drawer",  NULL, set_drawer },
    {"comment", "_",  set_comment},
    {"command", "x",  NULL       },
};

enum { PROPERTY_COUNT = sizeof PROPERTIES / sizeof *PROPERTIES };

static atl_code find(const struct block *block, const char *key, const struct property **out,
                     struct atl_error *err)
{
    const struct atl_template_layout *layout = block->layout;
    struct atl_template_near near = {.name = key, .len = strlen(key)};

    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const struct property *property = &PROPERTIES[i];

        atl_template_near_offer(&near, property->name);
        if (strcmp(key, property->name) != 0 &&
            (!property->short_name || strcmp(key, property->short_name) != 0))
            continue;
        *out = property;
        return property->set ? ATL_OK
                             : atl_template_fail(err, layout->tmpl, layout->line,
                                                 "{command} is not spoken here; see cut and "
                                                 "drawer");
    }
    return atl_template_fail(err, layout->tmpl, layout->line, "there is no property %.40s%s%s", key,
                             near.best ? "; did you mean " : "", near.best ? near.best : "");
}

// What stands between ':' and ';', in the page's arena.
static atl_code read_value(struct block *block, const char *text, size_t len, const char **value,
                           struct atl_error *err)
{
    struct atl_template_layout *layout = block->layout;
    struct atl_buf out;
    atl_code rc = ATL_OK;

    while (len && strchr(" \t", *text))
        text++, len--;
    while (len && strchr(" \t", text[len - 1]))
        len--;
    block->is_image_value = len == 1 && *text == ATL_MARK_IMAGE;
    block->has_field = memchr(text, ATL_MARK_VALUE, len) != NULL;
    if (!len)
        return atl_template_fail(err, layout->tmpl, layout->line, "a property without a value");
    atl_buf_init(&out, ATL_TEMPLATE_LINE_MAX_BYTES);
    if (!block->is_image_value)
        rc = atl_template_unescape(layout, text, len, "\\|{};", &out, err);
    if (!rc)
        rc = atl_buf_check(&out, err);
    if (!rc) {
        *value = atl_arena_bytes(layout->arena, out.data, out.len);
        rc = atl_arena_check(layout->arena, err);
    }
    atl_buf_free(&out);
    return rc;
}

// One "key: value".
static atl_code read_member(struct block *block, const char *text, size_t len,
                            struct atl_error *err)
{
    const struct atl_template_layout *layout = block->layout;
    const struct property *property = NULL;
    const char *colon = memchr(text, ':', len), *value = NULL;
    char key[24];
    size_t key_len;
    atl_code rc;

    while (len && strchr(" \t", *text))
        text++, len--;
    if (!len)
        return ATL_OK; // "{width: 3;}"
    key_len = colon ? (size_t)(colon - text) : len;
    while (key_len && strchr(" \t", text[key_len - 1]))
        key_len--;
    if (!colon || !key_len || key_len >= sizeof key || memchr(text, ATL_MARK_VALUE, key_len) ||
        memchr(text, ATL_MARK_IMAGE, key_len))
        return atl_template_fail(err, layout->tmpl, layout->line,
                                 "a property is {name: value}, and a field is {{name}}");
    memcpy(key, text, key_len);
    key[key_len] = '\0';
    rc = find(block, key, &property, err);
    if (!rc)
        rc = read_value(block, colon + 1, len - (size_t)(colon + 1 - text), &value, err);
    if (rc)
        return rc;
    if (block->is_image_value && property->set != set_image)
        return atl_template_fail(err, layout->tmpl, layout->line,
                                 "an image goes into {image: …}, not into {%s: …}", key);
    return property->set(block, value, err);
}

// "60%" of the paper, or "40mm".
static atl_code image_width(struct block *block, struct atl_error *err)
{
    const struct atl_template_layout *layout = block->layout;
    const uint32_t area_um = layout->box_count ? layout->width_um : layout->tmpl->paper_um;
    uint32_t value;

    if (atl_template_measure(block->width, "%", &value) && value && value <= 100000)
        block->row.image_width_um = (uint32_t)((uint64_t)area_um * value / 100000);
    else if (atl_template_measure(block->width, "mm", &value) && value && value <= area_um)
        block->row.image_width_um = value;
    else
        return fail(block, err, "the width of a picture is 1% to 100% of the paper, or millimetres",
                    block->width);
    return ATL_OK;
}

// "*": shares what is left; 0: no such column. False when it is neither of them nor a number.
static bool set_column(struct atl_template_layout *layout, const char *word)
{
    size_t at = layout->width_count;
    uint32_t value = 0;

    if (at == ATL_TEMPLATE_COLUMNS_MAX)
        return false;
    if (strcmp(word, "*") != 0 &&
        (!atl_template_measure(word, "", &value) || value % 1000 || value > layout->columns * 1000))
        return false;
    layout->widths[at] = (uint16_t)(value / 1000);
    layout->is_dropped[at] = strcmp(word, "*") != 0 && !value;
    layout->width_count++;
    return true;
}

static atl_code column_widths(struct block *block, struct atl_error *err)
{
    struct atl_template_layout *layout = block->layout;
    char text[64], *rest = text, *word;

    layout->is_width_auto = strcasecmp(block->width, "auto") == 0;
    layout->width_count = 0;
    if (layout->is_width_auto)
        return ATL_OK;
    if ((size_t)snprintf(text, sizeof text, "%s", block->width) < sizeof text) {
        while ((word = atl_template_next_word(&rest))) {
            if (!set_column(layout, word))
                break;
        }
        if (!word && layout->width_count)
            return ATL_OK;
    }
    return atl_template_fail(
        err, layout->tmpl, layout->line,
        "width is up to 7 columns of up to %u letters, as in *, 3, 10; or auto", layout->columns);
}

static atl_code picture_row(struct block *block, struct atl_error *err)
{
    struct atl_template_layout *layout = block->layout;
    struct atl_row *row = &block->row;
    atl_code rc = ATL_OK;

    if (block->file && block->is_photo)
        rc = atl_template_photo(layout, block->file, &row->photo, err);
    else if (block->file)
        rc = atl_template_picture(layout, block->file, &row->image, err);
    else if (block->is_photo)
        rc = atl_template_fail(err, layout->tmpl, layout->line,
                               "{dither} is for {file: name.png}; the pictures of fields are black "
                               "and white already");
    if (rc || block->is_empty)
        return rc;
    if (row->photo)
        return atl_template_grey_copy(layout->arena, row->photo, &row->photo, err);
    return atl_template_bitmap_copy(layout->arena, row->image, &row->image, err);
}

static atl_code finish(struct block *block, enum atl_align align, struct atl_error *err)
{
    struct atl_template_layout *layout = block->layout;
    struct atl_row *row = &block->row;
    atl_code rc = ATL_OK;

    if (block->box.place)
        rc = block->has_row ? atl_template_fail(err, layout->tmpl, layout->line,
                                                "{box} stands on a line of its own, above what is "
                                                "in it")
                            : atl_template_box_open(layout, &block->box, err);
    else if (block->box.valign)
        rc = atl_template_fail(err, layout->tmpl, layout->line,
                               "valign is for boxes: {box: 3, 3, 40, 12; valign: middle}");
    if (!rc && block->width)
        rc = block->has_row && row->kind == ATL_ROW_IMAGE ? image_width(block, err)
                                                          : column_widths(block, err);
    if (rc || !block->has_row)
        return rc;
    row->align = align;
    if (block->code)
        rc = atl_template_code_row(layout, block->code, block->is_sample, row, err);
    else if (row->kind == ATL_ROW_IMAGE)
        rc = picture_row(block, err);
    return rc || block->is_empty ? rc : atl_template_row(layout, row, err);
}

atl_code atl_template_property(struct atl_template_layout *layout, const char *text, size_t len,
                               enum atl_align align, struct atl_error *err)
{
    struct block block = {.layout = layout};
    const char *at = text, *end = text + len, *next;
    atl_code rc = ATL_OK;

    for (; !rc && at < end; at = next < end ? next + 1 : end) {
        for (next = at; next < end && *next != ';'; next++) {
            if (*next == '\\' && next + 1 < end)
                next++;
        }
        rc = read_member(&block, at, (size_t)(next - at), err);
    }
    return rc ? rc : finish(&block, align, err);
}
