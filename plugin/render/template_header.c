// SPDX-License-Identifier: Apache-2.0
// The first lines of a template: "# kind: claim", "# paper: 80mm", "# font: sans 8pt".
#include "plugin/render/template_inner.h"
#include "plugin/render/template_near.h"

#include <stdio.h>
#include <string.h>

enum {
    VALUE_CAP = 64,
    FONT_UM_MIN = 1500,
    FONT_UM_MAX = 10000,
    LABEL_UM_MIN = 10000,
    LABEL_UM_MAX = 300000,
    COLUMN_UM = ATL_TEMPLATE_COLUMN_UM,
};

// Rolls. Columns: ordinary letters of 12 dots at 203 dpi on what is printed of the paper.
static const struct {
    const char *name;
    uint32_t paper_um;
    uint32_t columns;
} PAPERS[] = {
    {"80mm",  80000,  48},
    {"58mm",  58000,  32},
    {"62mm",  62000,  39},
    {"102mm", 102000, 66},
};

static atl_code set_kind(struct atl_template *tmpl, unsigned line, char *value,
                         struct atl_error *err)
{
    char names[128] = "";

    if (atl_template_kind_find(value, &tmpl->kind))
        return ATL_OK;
    for (int kind = 0; kind < ATL_TEMPLATE_KIND_COUNT; kind++) {
        const char *joint = kind == 0 ? "" : kind + 1 < ATL_TEMPLATE_KIND_COUNT ? ", " : " or ";
        const size_t used = strlen(names);

        snprintf(names + used, sizeof names - used, "%s%s", joint,
                 atl_template_kind_name((enum atl_template_kind)kind));
    }
    return atl_template_fail(err, tmpl, line, "kind is %s, not \"%s\"", names, value);
}

// "62x29mm": a label, with boxes on it.
static bool set_label(struct atl_template *tmpl, char *value)
{
    char *cross = strchr(value, 'x');
    uint32_t width, height;
    bool is_label;

    if (!cross)
        return false;
    *cross = '\0';
    is_label = atl_template_measure(value, "", &width) &&
               atl_template_measure(cross + 1, "mm", &height) && width >= LABEL_UM_MIN &&
               width <= LABEL_UM_MAX && height >= LABEL_UM_MIN && height <= LABEL_UM_MAX;
    *cross = 'x';
    if (is_label) {
        tmpl->paper_um = width;
        tmpl->height_um = height;
        tmpl->columns = width / COLUMN_UM;
    }
    return is_label;
}

static atl_code set_paper(struct atl_template *tmpl, unsigned line, char *value,
                          struct atl_error *err)
{
    for (size_t i = 0; i < sizeof PAPERS / sizeof *PAPERS; i++) {
        if (strcmp(value, PAPERS[i].name) == 0) {
            tmpl->paper_um = PAPERS[i].paper_um;
            tmpl->columns = PAPERS[i].columns;
            return ATL_OK;
        }
    }
    if (set_label(tmpl, value))
        return ATL_OK;
    return atl_template_fail(err, tmpl, line,
                             "paper is a roll of 80mm, 58mm, 62mm or 102mm, or a label of 10 to "
                             "300 mm as in 62x29mm, not \"%s\"",
                             value);
}

// "sans 8pt": the last word is the size, what stands before it the family.
static atl_code set_font(struct atl_template *tmpl, unsigned line, char *value,
                         struct atl_error *err)
{
    char *size = strrchr(value, ' ');
    uint32_t points;

    if (!size || !atl_template_measure(size + 1, "pt", &points))
        return atl_template_fail(err, tmpl, line, "font is a family and a size, as in sans 8pt");
    *size = '\0';
    tmpl->font_um = (uint32_t)((uint64_t)points * 25400 / 72000);
    if (tmpl->font_um < FONT_UM_MIN || tmpl->font_um > FONT_UM_MAX)
        return atl_template_fail(err, tmpl, line, "font sizes are 5pt to 28pt");
    tmpl->font = atl_arena_text(&tmpl->arena, value);
    return ATL_OK;
}

static const struct {
    const char *key;
    atl_code (*set)(struct atl_template *tmpl, unsigned line, char *value, struct atl_error *err);
} KEYS[] = {
    {"kind",  set_kind },
    {"paper", set_paper},
    {"font",  set_font },
};

static size_t spaces(const char *text, size_t len)
{
    size_t at = 0;

    while (at < len && (text[at] == ' ' || text[at] == '\t'))
        at++;
    return at;
}

static atl_code set_key(struct atl_template *tmpl, unsigned line, const char *key, char *value,
                        struct atl_error *err)
{
    struct atl_template_near near = {.name = key, .len = strlen(key)};

    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        if (strcmp(key, KEYS[i].key) == 0)
            return KEYS[i].set(tmpl, line, value, err);
        atl_template_near_offer(&near, KEYS[i].key);
    }
    if (near.best)
        return atl_template_fail(err, tmpl, line, "the header has no \"%s\"; did you mean %s?", key,
                                 near.best);
    return atl_template_fail(err, tmpl, line,
                             "the header has kind, paper and font, not \"%s\"; a comment begins "
                             "with ##",
                             key);
}

// A copy without the comment behind " #" and the spaces around it.
static bool copy_value(const char *text, size_t len, char *out, size_t cap)
{
    size_t skip = spaces(text, len);

    for (size_t i = skip + 1; i < len; i++) {
        if (text[i] == '#' && text[i - 1] == ' ')
            len = i;
    }
    while (len > skip && strchr(" \t\r", text[len - 1]))
        len--;
    if (len - skip >= cap)
        return false;
    memcpy(out, text + skip, len - skip);
    out[len - skip] = '\0';
    return true;
}

// One line without its '#'. "word: value" sets; anything else is a comment.
static atl_code header_line(struct atl_template *tmpl, unsigned line, const char *text, size_t len,
                            struct atl_error *err)
{
    char key[VALUE_CAP], value[VALUE_CAP];
    size_t start = spaces(text, len), end = start;

    while (end < len && ((text[end] >= 'a' && text[end] <= 'z') || text[end] == '_'))
        end++;
    if (end == start || end == len || text[end] != ':')
        return ATL_OK;
    if (!copy_value(text + start, end - start, key, sizeof key) ||
        !copy_value(text + end + 1, len - end - 1, value, sizeof value))
        return atl_template_fail(err, tmpl, line, "the header line is too long");
    return set_key(tmpl, line, key, value, err);
}

static atl_code check_complete(const struct atl_template *tmpl, struct atl_error *err)
{
    if (tmpl->kind == ATL_TEMPLATE_KIND_COUNT)
        return atl_template_fail(err, tmpl, 1,
                                 "the first line has to say what it is, as in "
                                 "\"# kind: claim\"");
    if (!tmpl->paper_um)
        return atl_template_fail(err, tmpl, 1,
                                 "the header has to name the paper, as in "
                                 "\"# paper: 80mm\"");
    return ATL_OK;
}

// Empty lines between header and body are for the eye.
static void find_body(struct atl_template *tmpl, const char *at, const char *end, unsigned line)
{
    const char *next;

    for (; at < end; at = next, line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop ? stop : end) - at);

        next = stop ? stop + 1 : end;
        if (len && at[len - 1] == '\r')
            len--;
        if (spaces(at, len) < len)
            break;
    }
    tmpl->body = at;
    tmpl->body_len = (size_t)(end - at);
    tmpl->body_line = line;
}

atl_code atl_template_header(struct atl_template *tmpl, const char *text, size_t len,
                             struct atl_error *err)
{
    const char *at = text, *end = text + len;
    unsigned line = 1;
    atl_code rc;

    tmpl->kind = ATL_TEMPLATE_KIND_COUNT;
    for (; at < end && *at == '#'; line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t line_len = (size_t)((stop ? stop : end) - at);

        rc = header_line(tmpl, line, at + 1, line_len - 1, err);
        if (rc)
            return rc;
        at = stop ? stop + 1 : end;
    }
    find_body(tmpl, at, end, line);
    return check_complete(tmpl, err);
}
