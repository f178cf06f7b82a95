// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/font_sewn.h"

#include "plugin/core/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    SEWN_MAX_BYTES = 4 * 1024 * 1024,
    LINE_MAX_BYTES = 400,
    HEIGHT_MAX_UM = 1000000,
    APOSTROPHE = 0x27,
    RIGHT_QUOTE = 0x2019,
};

static const char first_line[] = "# atelier font qualification 1";

// A parse in progress.
struct sewing {
    const char *name;
    struct atl_arena *arena;
    struct atl_font_sewn sewn;
    struct atl_sewn_glyph *glyphs;
    size_t room;
    unsigned line;
};

static atl_code fault(const struct sewing *s, struct atl_error *err, const char *why)
{
    return atl_fail(err, ATL_E_INVALID, "%s:%u: %s", s->name, s->line, why);
}

// A height, and what follows it.
static bool read_um(const char **text, int32_t *out)
{
    char *stop;
    long um;

    if (**text < '0' || **text > '9')
        return false;
    um = strtol(*text, &stop, 10);
    if (um < 1 || um > HEIGHT_MAX_UM || (*stop && *stop != ' '))
        return false;
    *text = *stop ? stop + 1 : stop;
    *out = (int32_t)um;
    return true;
}

static atl_code read_heights(struct sewing *s, const char *text, struct atl_error *err)
{
    struct atl_font_sewn *sewn = &s->sewn;

    if (sewn->height_count)
        return fault(s, err, "the heights stand there twice");
    while (*text) {
        int32_t um;

        if (sewn->height_count == ATL_FONT_HEIGHTS_MAX || !read_um(&text, &um) ||
            (sewn->height_count && sewn->heights_um[sewn->height_count - 1] >= um))
            return fault(s, err, "heights_um takes 1 to 8 ascending heights in micrometres");
        sewn->heights_um[sewn->height_count++] = um;
    }
    return ATL_OK;
}

static atl_code read_glyph(struct sewing *s, const char *text, struct atl_error *err)
{
    const size_t count = s->sewn.height_count;
    struct atl_sewn_glyph glyph = {0};
    char *stop;
    unsigned long code_point = strtoul(text, &stop, 16);

    if (!count)
        return fault(s, err, "heights_um must stand before the first glyph");
    if (*text == ' ' || *text == '+' || *text == '-' || stop == text || *stop != ' ' ||
        code_point > 0x10FFFF || strspn(stop + 1, "+-") != count ||
        (stop[1 + count] && stop[1 + count] != ' '))
        return fault(s, err,
                     "a glyph is a hexadecimal code point, a space, + or - for each height");
    glyph.code_point = (uint32_t)code_point;
    for (size_t i = 0; i < count; i++)
        glyph.good |= stop[1 + i] == '+' ? 1u << i : 0;
    if (s->sewn.glyph_count && s->glyphs[s->sewn.glyph_count - 1].code_point >= glyph.code_point)
        return fault(s, err, "code points must ascend, each once");
    if (s->sewn.glyph_count == s->room)
        return fault(s, err, "more glyphs than lines");
    s->glyphs[s->sewn.glyph_count++] = glyph;
    return ATL_OK;
}

static atl_code read_line(struct sewing *s, const char *line, struct atl_error *err)
{
    if (line[0] == 0 || line[0] == '#')
        return ATL_OK;
    if (strncmp(line, "glyph ", 6) == 0)
        return read_glyph(s, line + 6, err);
    if (strncmp(line, "heights_um ", 11) == 0)
        return read_heights(s, line + 11, err);
    if (strncmp(line, "unjudged_um ", 12) == 0) {
        line += 12;
        if (read_um(&line, &s->sewn.unjudged_um) && !*line)
            return ATL_OK;
        return fault(s, err, "unjudged_um must be a height in micrometres");
    }
    if (strncmp(line, "family ", 7) == 0 && line[7]) {
        s->sewn.family = atl_arena_text(s->arena, line + 7);
        return ATL_OK;
    }
    return fault(s, err, "not known: take family, heights_um, unjudged_um or glyph");
}

static atl_code read_lines(struct sewing *s, const char *text, size_t len, struct atl_error *err)
{
    const char *end = text + len;
    char line[LINE_MAX_BYTES];
    atl_code rc = ATL_OK;

    while (text < end && !rc) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t line_len = (size_t)((stop ? stop : end) - text);

        s->line++;
        if (line_len >= sizeof line || memchr(text, 0, line_len))
            return fault(s, err, "the line is too long, or holds a NUL");
        memcpy(line, text, line_len);
        line[line_len] = 0;
        if (line_len && line[line_len - 1] == '\r')
            line[line_len - 1] = 0;
        if (s->line == 1 && strcmp(line, first_line) != 0)
            return fault(s, err, "the first line must be \"# atelier font qualification 1\"");
        rc = read_line(s, line, err);
        text += line_len + 1;
    }
    return rc;
}

static size_t count_lines(const char *text, size_t len)
{
    size_t count = 1;

    for (size_t i = 0; i < len; i++)
        count += text[i] == '\n';
    return count;
}

atl_code atl_font_sewn_parse(const char *name, const char *text, size_t len,
                             struct atl_arena *arena, struct atl_font_sewn *out,
                             struct atl_error *err)
{
    struct sewing s = {.name = name, .arena = arena};
    atl_code rc;

    if (len > SEWN_MAX_BYTES)
        return atl_fail(err, ATL_E_INVALID, "%s: is over 4 MiB", name);
    s.room = count_lines(text, len);
    s.glyphs = atl_arena_get(arena, s.room, sizeof *s.glyphs);
    rc = atl_arena_check(arena, err);
    if (!rc)
        rc = read_lines(&s, text, len, err);
    if (!rc)
        rc = atl_arena_check(arena, err);
    if (!rc &&
        (!s.sewn.family || !s.sewn.height_count || !s.sewn.unjudged_um || !s.sewn.glyph_count))
        rc = atl_fail(err, ATL_E_INVALID, "%s: needs a family, heights_um, unjudged_um and a glyph",
                      name);
    if (rc)
        return rc;
    s.sewn.glyphs = s.glyphs;
    *out = s.sewn;
    return ATL_OK;
}

static const struct atl_sewn_glyph *find(const struct atl_font_sewn *sewn, uint32_t code_point)
{
    size_t low = 0;
    size_t high = sewn->glyph_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (sewn->glyphs[middle].code_point == code_point)
            return &sewn->glyphs[middle];
        if (sewn->glyphs[middle].code_point < code_point)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

// The highest judged height that is not above; height_count: it is below all of them.
static size_t level_of(const struct atl_font_sewn *sewn, int32_t cap_um)
{
    size_t level = sewn->height_count;

    for (size_t i = 0; i < sewn->height_count && sewn->heights_um[i] <= cap_um; i++)
        level = i;
    return level;
}

uint32_t atl_font_sewn_lacks(const struct atl_font_sewn *sewn, const char *text, int32_t cap_um)
{
    size_t len = strlen(text), step, level;
    uint32_t code_point;

    if (!sewn)
        return 0;
    level = level_of(sewn, cap_um);
    for (; (step = atl_text_next(text, len, &code_point)) > 0; text += step, len -= step) {
        const struct atl_sewn_glyph *glyph;

        if (atl_text_is_space(code_point))
            continue;
        glyph = find(sewn, code_point);
        if (!glyph && (code_point == RIGHT_QUOTE || code_point == APOSTROPHE))
            glyph = find(sewn, RIGHT_QUOTE + APOSTROPHE - code_point);
        if (level == sewn->height_count ||
            (glyph ? !(glyph->good >> level & 1) : cap_um < sewn->unjudged_um))
            return code_point;
    }
    return 0;
}
