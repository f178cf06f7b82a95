// SPDX-License-Identifier: Apache-2.0
// {…}: properties. Of the grammar's own: image, code, option, align, width, border, text, comment;
// of ours: file, min, fit, feed, cut, drawer. {command} is not spoken at all: it would let a
// template, or what somebody smuggled into one, send bytes to a printer.
#include "plugin/render/template_inner.h"
#include "plugin/render/template_near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MODULE_UM_MIN = 250, MODULE_UM_MAX = 2000, FEED_UM_MAX = 100000 };

// One block while it is read: what it sets takes effect when all of it was understood.
struct block {
    struct atl_template_layout *layout;
    struct atl_row row; // what it prints
    bool has_row;
    bool is_empty; // a code without text, an image that is not there: no row
    const char *width;
    bool is_image_value; // the value at hand is an image
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

static atl_code set_file(struct block *block, const char *value, struct atl_error *err)
{
    atl_code rc = atl_template_picture(block->layout, value, &block->row.image, err);

    return rc ? rc : begin_row(block, ATL_ROW_IMAGE, err);
}

static atl_code set_code(struct block *block, const char *value, struct atl_error *err)
{
    block->is_empty = !*value;
    block->row.qr_text = value;
    return begin_row(block, ATL_ROW_QR, err);
}

// One word of {option: qrcode, auto, M}.
static bool set_option_word(struct atl_template_layout *layout, const char *word)
{
    if (strcasecmp(word, "qrcode") == 0) {
        layout->is_qr = true;
    } else if (strlen(word) == 1 && strchr("LMQHlmqh", *word)) {
        layout->qr_level = (char)(*word & ~0x20);
    } else if (strlen(word) == 1 && *word >= '3' && *word <= '8') {
        layout->qr_module_um = (uint32_t)(*word - '0') * 125; // dots of 203 dpi, as in the grammar
    } else {
        return strcasecmp(word, "auto") == 0;
    }
    return true;
}

// Cuts `text` at the next comma or space; returns the word, or NULL at the end.
static char *next_word(char **text)
{
    char *word = *text + strspn(*text, ", \t");
    size_t len = strcspn(word, ", \t");

    if (!len)
        return NULL;
    *text = word + len + (word[len] != '\0');
    word[len] = '\0';
    return word;
}

static atl_code set_option(struct block *block, const char *value, struct atl_error *err)
{
    char text[64], *rest = text, *word;

    if ((size_t)snprintf(text, sizeof text, "%s", value) >= sizeof text)
        return fail(block, err, "option is qrcode, auto, and L, M, Q or H", value);
    block->layout->is_qr = false;
    while ((word = next_word(&rest))) {
        if (!set_option_word(block->layout, word))
            return fail(block, err,
                        "option is qrcode, auto or 3 to 8, and L, M, Q or H; other codes are not "
                        "supported yet",
                        word);
    }
    return ATL_OK;
}

static atl_code set_min(struct block *block, const char *value, struct atl_error *err)
{
    uint32_t um;

    if (!atl_template_measure(value, "mm", &um) || um < MODULE_UM_MIN || um > MODULE_UM_MAX)
        return fail(block, err, "min is the smallest module, 0.25mm to 2mm", value);
    block->layout->qr_module_um = um;
    return ATL_OK;
}

// A value out of a few: its number, or -1.
static int choose(const char *value, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcasecmp(value, names[i]) == 0)
            return i;
    }
    return -1;
}

static atl_code set_align(struct block *block, const char *value, struct atl_error *err)
{
    static const char *const NAMES[] = {"left", "center", "right"}; // as enum atl_align
    int align = strcasecmp(value, "centre") == 0 ? 1 : choose(value, NAMES, 3);

    if (align < 0)
        return fail(block, err, "align is left, center or right", value);
    block->layout->align = (enum atl_align)align;
    return ATL_OK;
}

static atl_code set_border(struct block *block, const char *value, struct atl_error *err)
{
    static const char *const NAMES[] = {"0", "1", "2", "none", "space"};
    static const uint16_t COLUMNS[] = {0, 1, 2, 0, 1};
    int border = choose(value, NAMES, 5);

    if (border < 0)
        return fail(block, err, "border is space, none, 0, 1 or 2", value);
    block->layout->border = COLUMNS[border];
    return ATL_OK;
}

static atl_code set_text(struct block *block, const char *value, struct atl_error *err)
{
    if (strcasecmp(value, "wrap") == 0)
        return ATL_OK;
    return fail(block, err, "text is wrap: nothing is ever cut off; see {fit: shrink}", value);
}

// "shrink 2": on one line if that takes letters of twice the size or more, else it wraps.
static atl_code set_fit(struct block *block, const char *value, struct atl_error *err)
{
    static const char SHRINK[] = "shrink";
    const char *least = value + sizeof SHRINK - 1;

    if (strcmp(value, "wrap") == 0)
        block->layout->fit_least = 0;
    else if (strcmp(value, SHRINK) == 0)
        block->layout->fit_least = 1;
    else if (strncmp(value, SHRINK, sizeof SHRINK - 1) == 0 && least[0] == ' ' && least[1] >= '1' &&
             least[1] <= '0' + ATL_TEMPLATE_SCALE_MAX && !least[2])
        block->layout->fit_least = (uint8_t)(least[1] - '0');
    else
        return fail(block, err, "fit is wrap, shrink, or shrink 2 to shrink 6", value);
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
    int cut = choose(value, NAMES, 3);

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
    {"code",    "c",  set_code   },
    {"option",  "o",  set_option },
    {"min",     NULL, set_min    },
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
    if (strcmp(key, "box") == 0)
        return atl_template_fail(err, layout->tmpl, layout->line,
                                 "{box} is for labels, which are not supported yet");
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
    const struct atl_template *tmpl = block->layout->tmpl;
    uint32_t value;

    if (atl_template_measure(block->width, "%", &value) && value && value <= 100000)
        block->row.image_width_um = (uint32_t)((uint64_t)tmpl->paper_um * value / 100000);
    else if (atl_template_measure(block->width, "mm", &value) && value && value <= tmpl->paper_um)
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
    if (strcmp(word, "*") != 0 && (!atl_template_measure(word, "", &value) || value % 1000 ||
                                   value > layout->tmpl->columns * 1000))
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
        while ((word = next_word(&rest))) {
            if (!set_column(layout, word))
                break;
        }
        if (!word && layout->width_count)
            return ATL_OK;
    }
    return atl_template_fail(
        err, layout->tmpl, layout->line,
        "width is up to 7 columns of up to %u letters, as in *, 3, 10; or auto",
        layout->tmpl->columns);
}

static atl_code finish(struct block *block, enum atl_align align, struct atl_error *err)
{
    struct atl_template_layout *layout = block->layout;
    struct atl_row *row = &block->row;
    atl_code rc = ATL_OK;

    if (block->width)
        rc = block->has_row && row->kind == ATL_ROW_IMAGE ? image_width(block, err)
                                                          : column_widths(block, err);
    if (rc || !block->has_row)
        return rc;
    row->align = align;
    if (row->kind == ATL_ROW_QR && !layout->is_qr)
        return atl_template_fail(err, layout->tmpl, layout->line,
                                 "name the code: {code: …; option: qrcode, auto, M; min: 0.4mm}");
    if (block->is_empty)
        return ATL_OK;
    if (row->kind == ATL_ROW_QR) {
        row->qr_level = layout->qr_level;
        row->qr_module_um = layout->qr_module_um;
    }
    if (row->image)
        rc = atl_template_bitmap_copy(layout->arena, row->image, &row->image, err);
    return rc ? rc : atl_template_row(layout, row, err);
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
