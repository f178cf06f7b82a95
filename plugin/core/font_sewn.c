// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/font_sewn.h"

#include "plugin/core/font_lines.h"
#include "plugin/core/text.h"

#include <stdlib.h>
#include <string.h>

enum { HEIGHT_MAX_UM = 1000000 };

// A parse in progress.
struct sewing {
    struct atl_font_lines lines;
    struct atl_arena *arena;
    struct atl_font_sewn sewn;
    struct atl_sewn_glyph *glyphs;
    size_t room;
};

static atl_code fault(const struct sewing *s, struct atl_error *err, const char *why)
{
    return atl_font_fault(&s->lines, err, why);
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

static atl_code read_line(void *ctx, const char *line, struct atl_error *err)
{
    struct sewing *s = ctx;

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

atl_code atl_font_sewn_parse(const char *name, const char *text, size_t len,
                             struct atl_arena *arena, struct atl_font_sewn *out,
                             struct atl_error *err)
{
    struct sewing s = {
        .lines = {.name = name,
                  .first_line = "# atelier font qualification 1",
                  .take = read_line,
                  .ctx = &s},
        .arena = arena
    };
    atl_code rc;

    s.room = atl_font_lines_count(text, len);
    s.glyphs = atl_arena_get(arena, s.room, sizeof *s.glyphs);
    rc = atl_arena_check(arena, err);
    if (!rc)
        rc = atl_font_lines_read(&s.lines, text, len, err);
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
        glyph = atl_font_row(sewn->glyphs, sewn->glyph_count, sizeof *glyph, code_point);
        if (level == sewn->height_count ||
            (glyph ? !(glyph->good >> level & 1) : cap_um < sewn->unjudged_um))
            return code_point;
    }
    return 0;
}
