// SPDX-License-Identifier: Apache-2.0
// {{…}}: the logic-less pass. Here the names are looked up, once, when the template is loaded.
#include "plugin/render/template_inner.h"

#include <string.h>

struct parser {
    struct atl_template *tmpl;
    const char *at;
    const char *end;
    unsigned line;
    size_t part_cap;
    size_t open[ATL_TEMPLATE_DEPTH_MAX]; // indexes of the parts that wait for their {{/…}}
    size_t depth;
    size_t section_count;
    const char *scopes[ATL_TEMPLATE_DEPTH_MAX + 1]; // paths; [0] is ""
    size_t scope;                                   // the innermost
};

// "claim.ticket:12: the field x …" with the name as written, cut for the eye.
#define NAME(part) (int)((part)->len < 40 ? (part)->len : 40), (part)->text

static atl_code add_part(struct parser *parser, const struct atl_template_part *part,
                         struct atl_error *err)
{
    struct atl_template *tmpl = parser->tmpl;

    if (tmpl->part_count == parser->part_cap)
        return atl_template_fail(err, tmpl, part->line,
                                 "the template has too many {{fields}} and "
                                 "lines");
    tmpl->parts[tmpl->part_count] = *part;
    tmpl->parts[tmpl->part_count++].line = parser->line;
    return ATL_OK;
}

static atl_code fail_unknown(const struct parser *parser, const struct atl_template_part *part,
                             struct atl_error *err)
{
    const struct atl_template *tmpl = parser->tmpl;
    size_t len = strcspn(part->text, ".}");
    const char *near = NULL;

    if (len > part->len)
        len = part->len;
    for (size_t scope = parser->scope + 1; scope-- && !near;)
        near = atl_template_field_near(tmpl->kind, parser->scopes[scope],
                                       strlen(parser->scopes[scope]), part->text, len);
    if (near)
        return atl_template_fail(err, tmpl, parser->line,
                                 "a %s has no field %.*s; did you mean %s?",
                                 atl_template_kind_name(tmpl->kind), NAME(part), near);
    return atl_template_fail(err, tmpl, parser->line,
                             "a %s has no field %.*s here; README.md lists the fields",
                             atl_template_kind_name(tmpl->kind), NAME(part));
}

// The rest of the path, below `field`.
static atl_code resolve_rest(const struct parser *parser, struct atl_template_part *part, size_t at,
                             struct atl_error *err)
{
    const struct atl_template_field *field = part->field;

    while (at < part->len) {
        const char *name = part->text + at + 1; // behind the '.'
        size_t len = 0;

        while (at + 1 + len < part->len && name[len] != '.')
            len++;
        if (field->type == ATL_DATA_LIST)
            return atl_template_fail(err, parser->tmpl, parser->line,
                                     "%s is a list: write {{#%s}}…{{/%s}} around it", field->path,
                                     field->path, field->path);
        field = atl_template_field_find(parser->tmpl->kind, field->path, strlen(field->path), name,
                                        len);
        if (!field) {
            const char *near = atl_template_field_near(parser->tmpl->kind, part->field->path,
                                                       strlen(part->field->path), name, len);

            return atl_template_fail(err, parser->tmpl, parser->line, "%s has no field %.*s%s%s",
                                     part->field->path, (int)len, name,
                                     near ? "; did you mean " : "", near ? near : "");
        }
        part->field = field;
        at += 1 + len;
    }
    return ATL_OK;
}

// Looks the path up from the innermost scope outwards, as Mustache does.
static atl_code resolve(const struct parser *parser, struct atl_template_part *part,
                        struct atl_error *err)
{
    size_t len = 0;

    while (len < part->len && part->text[len] != '.')
        len++;
    for (size_t scope = parser->scope + 1; scope--;) {
        const char *path = parser->scopes[scope];

        part->field =
            atl_template_field_find(parser->tmpl->kind, path, strlen(path), part->text, len);
        if (part->field) {
            part->scope = scope;
            return resolve_rest(parser, part, len, err);
        }
    }
    return fail_unknown(parser, part, err);
}

static atl_code add_field(struct parser *parser, struct atl_template_part *part,
                          struct atl_error *err)
{
    static const char I18N[] = "i18n.";
    size_t skip = sizeof I18N - 1;
    atl_code rc;

    if (part->len > skip && strncmp(part->text, I18N, skip) == 0) {
        part->kind = ATL_PART_WORD;
        part->text += skip;
        part->len -= skip;
        return add_part(parser, part, err);
    }
    rc = resolve(parser, part, err);
    if (rc)
        return rc;
    if (part->field->type != ATL_DATA_TEXT && part->field->type != ATL_DATA_IMAGE)
        return atl_template_fail(err, parser->tmpl, parser->line,
                                 "%.*s is not a text: write {{#%.*s}}…{{/%.*s}}", NAME(part),
                                 NAME(part), NAME(part));
    return add_part(parser, part, err);
}

static atl_code add_section(struct parser *parser, struct atl_template_part *part,
                            struct atl_error *err)
{
    struct atl_template *tmpl = parser->tmpl;
    atl_code rc = resolve(parser, part, err);

    if (rc)
        return rc;
    if (parser->depth == ATL_TEMPLATE_DEPTH_MAX ||
        ++parser->section_count > ATL_TEMPLATE_SECTIONS_MAX)
        return atl_template_fail(err, tmpl, parser->line,
                                 "too many {{#sections}}: at most 8 inside each other, 128 in all");
    if (part->kind == ATL_PART_OPEN &&
        (part->field->type == ATL_DATA_LIST || part->field->type == ATL_DATA_GROUP)) {
        part->scope_opened = ++parser->scope;
        parser->scopes[parser->scope] = part->field->path;
    }
    parser->open[parser->depth++] = tmpl->part_count;
    return add_part(parser, part, err);
}

static atl_code add_close(struct parser *parser, struct atl_template_part *part,
                          struct atl_error *err)
{
    struct atl_template *tmpl = parser->tmpl;
    struct atl_template_part *open;

    if (!parser->depth)
        return atl_template_fail(err, tmpl, parser->line, "{{/%.*s}} closes nothing", NAME(part));
    part->other = parser->open[--parser->depth];
    open = &tmpl->parts[part->other];
    if (open->len != part->len || memcmp(open->text, part->text, part->len) != 0)
        return atl_template_fail(err, tmpl, parser->line,
                                 "{{/%.*s}} stands where {{/%.*s}} of line %u is missing",
                                 NAME(part), NAME(open), open->line);
    open->other = tmpl->part_count;
    if (open->scope_opened)
        parser->scope = open->scope_opened - 1;
    return add_part(parser, part, err);
}

static bool is_path(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool is_dot = text[i] == '.' && i && i + 1 < len && text[i - 1] != '.';

        if (!is_dot && text[i] != '_' && !(text[i] >= 'a' && text[i] <= 'z') &&
            !(text[i] >= '0' && text[i] <= '9'))
            return false;
    }
    return len > 0;
}

static void trim(const char **text, size_t *len)
{
    while (*len && (**text == ' ' || **text == '\t'))
        (*text)++, (*len)--;
    while (*len && ((*text)[*len - 1] == ' ' || (*text)[*len - 1] == '\t'))
        (*len)--;
}

// What stands between {{ and }}.
static atl_code add_tag(struct parser *parser, const char *text, size_t len, struct atl_error *err)
{
    struct atl_template_part part = {.kind = ATL_PART_FIELD};
    char sign = len ? *text : '\0';

    if (sign == '!') {
        part.kind = ATL_PART_COMMENT;
        return add_part(parser, &part, err);
    }
    if (sign && strchr("#^/", sign)) {
        part.kind = sign == '#' ? ATL_PART_OPEN : sign == '^' ? ATL_PART_UNLESS : ATL_PART_CLOSE;
        text++;
        len--;
    }
    trim(&text, &len);
    part.text = text;
    part.len = len;
    if (!is_path(text, len))
        return atl_template_fail(
            err, parser->tmpl, parser->line,
            "{{%.*s}} is no name of a field: lower case letters, digits, _ and "
            ". only",
            NAME(&part));
    if (part.kind == ATL_PART_CLOSE)
        return add_close(parser, &part, err);
    return part.kind == ATL_PART_FIELD ? add_field(parser, &part, err)
                                       : add_section(parser, &part, err);
}

// "{{{" is a brace of a property and then a field, as in {code: {{url}}}.
static const char *find_tag(const char *at, const char *stop)
{
    for (; stop - at >= 2; at++) {
        if (at[0] == '{' && at[1] == '{' && !(stop - at >= 3 && at[2] == '{'))
            return at;
    }
    return NULL;
}

static const char *find_end(const char *at, const char *stop)
{
    for (; stop - at >= 2; at++) {
        if (at[0] == '}' && at[1] == '}')
            return at;
    }
    return NULL;
}

// One line without its end.
static atl_code parse_line(struct parser *parser, const char *at, const char *stop,
                           struct atl_error *err)
{
    atl_code rc = ATL_OK;

    while (!rc && at < stop) {
        const char *tag = find_tag(at, stop);
        const char *end = tag ? find_end(tag + 2, stop) : NULL;

        if (tag && !end)
            return atl_template_fail(err, parser->tmpl, parser->line,
                                     "{{ without }} on the same line");
        if (at < (tag ? tag : stop))
            rc = add_part(parser,
                          &(struct atl_template_part){.kind = ATL_PART_TEXT,
                                                      .text = at,
                                                      .len = (size_t)((tag ? tag : stop) - at)},
                          err);
        if (!rc && tag)
            rc = add_tag(parser, tag + 2, (size_t)(end - tag - 2), err);
        at = tag ? end + 2 : stop;
    }
    return rc;
}

// A line is at most its text, its tags with text between them, and its end.
static size_t most_parts(const char *text, size_t len)
{
    size_t most = 2;

    for (size_t i = 0; i < len; i++) {
        bool is_tag = text[i] == '{' && i + 1 < len && text[i + 1] == '{';

        most += is_tag || text[i] == '\n' ? 2 : 0;
    }
    return most < ATL_TEMPLATE_PARTS_MAX ? most : ATL_TEMPLATE_PARTS_MAX;
}

atl_code atl_template_parts(struct atl_template *tmpl, struct atl_error *err)
{
    struct parser parser = {.tmpl = tmpl, .line = tmpl->body_line, .scopes = {""}};
    const char *at = tmpl->body, *end = at + tmpl->body_len;
    atl_code rc = ATL_OK;

    parser.part_cap = most_parts(tmpl->body, tmpl->body_len);
    tmpl->parts = atl_arena_get(&tmpl->arena, parser.part_cap, sizeof *tmpl->parts);
    if (!tmpl->parts)
        return atl_arena_check(&tmpl->arena, err);
    for (; !rc && at < end; parser.line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const char *eol = stop ? stop : end;

        if (eol > at && eol[-1] == '\r')
            eol--;
        rc = parse_line(&parser, at, eol, err);
        if (!rc)
            rc = add_part(&parser, &(struct atl_template_part){.kind = ATL_PART_NEWLINE}, err);
        at = stop ? stop + 1 : end;
    }
    if (!rc && parser.depth) {
        const struct atl_template_part *open = &tmpl->parts[parser.open[parser.depth - 1]];

        rc = atl_template_fail(err, tmpl, open->line, "{{/%.*s}} is missing", NAME(open));
    }
    return rc;
}
