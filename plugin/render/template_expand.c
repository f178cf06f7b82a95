// SPDX-License-Identifier: Apache-2.0
// Puts the values in, line by line. Every value is data: it is written so that the line parser
// cannot read it as anything else.
#include "plugin/core/text.h"
#include "plugin/render/template_inner.h"

#include <string.h>

struct frame {
    size_t open;                       // index of the section's part
    const struct atl_data_group *item; // of a list: the element at hand
};

struct expander {
    struct atl_template_layout *layout;
    const struct atl_words_file *words;
    struct atl_buf line;
    struct frame frames[ATL_TEMPLATE_DEPTH_MAX];
    size_t depth;
    const struct atl_data_group *scopes[ATL_TEMPLATE_DEPTH_MAX + 1];
    size_t steps;
};

// What has no place on paper: controls, and what turns the direction of text.
static bool is_unprintable(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x61C || c == 0x200E || c == 0x200F ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

static bool is_break(uint32_t c)
{
    return (c >= '\t' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool is_plain(uint32_t c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// \xHH is the one escape that means the same in text, alone on a line, and in a property. Spaces
// at both ends would steer the alignment.
void atl_template_escape(struct atl_buf *out, const char *value)
{
    size_t len = strlen(value), at = 0, spaces = 0;
    uint32_t c;
    bool is_begun = false;

    while (at < len) {
        at += atl_text_next(value + at, len - at, &c);
        if (c == ' ' || is_break(c)) {
            spaces += is_begun;
            continue;
        }
        if (is_unprintable(c))
            continue;
        for (; spaces; spaces--)
            ATL_BUF_LIT(out, " ");
        is_begun = true;
        if (is_plain(c)) {
            char utf8[4];

            atl_buf_add(out, utf8, atl_text_encode(c, utf8));
        } else {
            atl_buf_addf(out, "\\x%02x", (unsigned)c);
        }
    }
}

static void add_mark(struct expander *ex, uint8_t mark)
{
    atl_buf_add(&ex->line, &mark, 1);
    ex->layout->has_tag = true;
}

static const struct atl_data_field *look_up(const struct expander *ex,
                                            const struct atl_template_part *part)
{
    const struct atl_data_group *group = ex->scopes[part->scope];
    const char *at = part->text, *end = at + part->len;

    for (;;) {
        const char *dot = memchr(at, '.', (size_t)(end - at));
        const struct atl_data_field *field =
            atl_data_find(group, at, (size_t)((dot ? dot : end) - at));

        if (!dot || !field)
            return field;
        group = field->first;
        at = dot + 1;
    }
}

static atl_code add_field(struct expander *ex, const struct atl_template_part *part,
                          struct atl_error *err)
{
    struct atl_template_layout *layout = ex->layout;
    const struct atl_data_field *field = look_up(ex, part);

    if (part->field->type == ATL_DATA_IMAGE) {
        if (layout->image)
            return atl_template_fail(err, layout->tmpl, part->line, "two images on one line");
        layout->image = field ? field->image : NULL;
        add_mark(ex, layout->image ? ATL_MARK_IMAGE : ATL_MARK_VALUE);
        return ATL_OK;
    }
    add_mark(ex, ATL_MARK_VALUE);
    if (field)
        atl_template_escape(&ex->line, field->text);
    return ATL_OK;
}

static atl_code add_word(struct expander *ex, const struct atl_template_part *part,
                         struct atl_error *err)
{
    const char *words = ex->words ? atl_words_file_find(ex->words, part->text, part->len) : "X";

    if (!words)
        return atl_template_fail(err, ex->layout->tmpl, part->line,
                                 "the words of \"%s\" have no key %.*s", ex->words->language,
                                 (int)(part->len < 40 ? part->len : 40), part->text);
    add_mark(ex, ATL_MARK_VALUE);
    atl_template_escape(&ex->line, words);
    return ATL_OK;
}

static atl_code end_line(struct expander *ex, unsigned line, struct atl_error *err)
{
    struct atl_template_layout *layout = ex->layout;
    const char *text = ex->line.len ? (const char *)ex->line.data : "";
    atl_code rc = atl_buf_check(&ex->line, err);

    if (rc)
        return rc;
    layout->line = line;
    rc = atl_template_line(layout, text, ex->line.len, err);
    ex->line.len = 0;
    layout->has_tag = false;
    layout->image = NULL;
    return rc;
}

// Goes into the section or over it; returns the index of the next part.
static size_t open_section(struct expander *ex, size_t at)
{
    const struct atl_template_part *part = &ex->layout->tmpl->parts[at];
    const struct atl_data_field *field = look_up(ex, part);
    const struct atl_data_group *group = NULL;

    ex->layout->has_tag = true;
    if (atl_data_is_true(field) != (part->kind == ATL_PART_OPEN))
        return part->other + 1;
    if (part->scope_opened) {
        ex->scopes[part->scope_opened] = field->first;
        group = field->type == ATL_DATA_LIST ? field->first : NULL;
    }
    ex->frames[ex->depth++] = (struct frame){.open = at, .item = group};
    return at + 1;
}

// Back to the beginning for the next element, or on.
static size_t close_section(struct expander *ex, size_t at)
{
    struct frame *frame = &ex->frames[ex->depth - 1];

    ex->layout->has_tag = true;
    if (frame->item && frame->item->next) {
        frame->item = frame->item->next;
        ex->scopes[ex->layout->tmpl->parts[frame->open].scope_opened] = frame->item;
        return frame->open + 1;
    }
    ex->depth--;
    return at + 1;
}

// One part; *at becomes the index of the next.
static atl_code step(struct expander *ex, size_t *at, struct atl_error *err)
{
    const struct atl_template_part *part = &ex->layout->tmpl->parts[*at];
    atl_code rc = ATL_OK;

    switch (part->kind) {
    case ATL_PART_OPEN:
    case ATL_PART_UNLESS:
        *at = open_section(ex, *at);
        return ATL_OK;
    case ATL_PART_CLOSE:
        *at = close_section(ex, *at);
        return ATL_OK;
    case ATL_PART_TEXT:
        atl_buf_add(&ex->line, part->text, part->len);
        break;
    case ATL_PART_COMMENT:
        ex->layout->has_tag = true;
        break;
    case ATL_PART_FIELD:
        rc = add_field(ex, part, err);
        break;
    case ATL_PART_WORD:
        rc = add_word(ex, part, err);
        break;
    case ATL_PART_NEWLINE:
        rc = end_line(ex, part->line, err);
        break;
    }
    ++*at;
    return rc;
}

atl_code atl_template_expand(struct atl_template_layout *layout, const struct atl_data *data,
                             const struct atl_words_file *words, struct atl_error *err)
{
    struct expander ex = {.layout = layout, .words = words, .scopes = {data->root}};
    const struct atl_template *tmpl = layout->tmpl;
    atl_code rc = ATL_OK;

    atl_buf_init(&ex.line, ATL_TEMPLATE_LINE_MAX_BYTES);
    for (size_t at = 0; !rc && at < tmpl->part_count;) {
        if (++ex.steps > ATL_TEMPLATE_STEPS_MAX)
            rc = atl_fail(err, ATL_E_NOMEM, "%s: the paper would be far too long", tmpl->name);
        else
            rc = step(&ex, &at, err);
    }
    atl_buf_free(&ex.line);
    return rc;
}
