// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/font.h"

#include "plugin/core/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    FACTS_MAX_BYTES = 4 * 1024 * 1024,
    LINE_MAX_BYTES = 160,
    UNITS_MIN = 16,
    UNITS_MAX = 65536,
    APOSTROPHE = 0x27,
    RIGHT_QUOTE = 0x2019,
};

static const char first_line[] = "# atelier font facts 1";

// A parse in progress.
struct facts {
    const char *name;
    struct atl_arena *arena;
    struct atl_font font;
    struct atl_glyph *glyphs;
    size_t room;
    unsigned line;
};

static atl_code fault(const struct facts *facts, struct atl_error *err, const char *why)
{
    return atl_fail(err, ATL_E_INVALID, "%s:%u: %s", facts->name, facts->line, why);
}

// A number that fills the text up to `end`, in that base, 1..max.
static bool read_number(const char *text, const char *end, int base, uint32_t max, uint32_t *out)
{
    char *stop;
    unsigned long number;

    if (text == end || *text == '+' || *text == '-' || *text == ' ')
        return false;
    number = strtoul(text, &stop, base);
    if (stop != end || number > max)
        return false;
    *out = (uint32_t)number;
    return true;
}

static atl_code add_glyph(struct facts *facts, const char *text, struct atl_error *err)
{
    const char *space = strchr(text, ' ');
    struct atl_glyph glyph;

    if (!space || !read_number(text, space, 16, 0x10FFFF, &glyph.code_point) ||
        !read_number(space + 1, text + strlen(text), 10, UNITS_MAX, &glyph.advance))
        return fault(facts, err, "a glyph is a hexadecimal code point, a space, an advance");
    if (facts->font.glyph_count &&
        facts->glyphs[facts->font.glyph_count - 1].code_point >= glyph.code_point)
        return fault(facts, err, "code points must ascend, each once");
    if (facts->font.glyph_count == facts->room)
        return fault(facts, err, "more glyphs than lines");
    facts->glyphs[facts->font.glyph_count++] = glyph;
    return ATL_OK;
}

// One line without its end. What is not known is a fault: a typing error would else be silent.
static atl_code read_line(struct facts *facts, const char *line, struct atl_error *err)
{
    const char *end = line + strlen(line);

    if (line[0] == 0 || line[0] == '#')
        return ATL_OK;
    if (strncmp(line, "glyph ", 6) == 0)
        return add_glyph(facts, line + 6, err);
    if (strncmp(line, "family ", 7) == 0 && line[7]) {
        facts->font.family = atl_arena_text(facts->arena, line + 7);
        return ATL_OK;
    }
    if (strncmp(line, "units ", 6) == 0) {
        if (read_number(line + 6, end, 10, UNITS_MAX, &facts->font.units) &&
            facts->font.units >= UNITS_MIN)
            return ATL_OK;
        return fault(facts, err, "units must be a whole number 16..65536");
    }
    if (strncmp(line, "cap_height ", 11) == 0) {
        if (read_number(line + 11, end, 10, UNITS_MAX, &facts->font.cap_height) &&
            facts->font.cap_height)
            return ATL_OK;
        return fault(facts, err, "cap_height must be a whole number 1..65536");
    }
    return fault(facts, err, "not known: take family, units, cap_height or glyph");
}

static atl_code read_lines(struct facts *facts, const char *text, size_t len, struct atl_error *err)
{
    const char *end = text + len;
    char line[LINE_MAX_BYTES];
    atl_code rc = ATL_OK;

    while (text < end && !rc) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t line_len = (size_t)((stop ? stop : end) - text);

        facts->line++;
        if (line_len >= sizeof(line) || memchr(text, 0, line_len))
            return fault(facts, err, "the line is too long, or holds a NUL");
        memcpy(line, text, line_len);
        line[line_len] = 0;
        if (line_len && line[line_len - 1] == '\r')
            line[line_len - 1] = 0;
        if (facts->line == 1 && strcmp(line, first_line) != 0)
            return fault(facts, err, "the first line must be \"# atelier font facts 1\"");
        rc = read_line(facts, line, err);
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

static atl_code check_whole(const struct facts *facts, struct atl_error *err)
{
    if (facts->line == 0)
        return atl_fail(err, ATL_E_INVALID, "%s: is empty", facts->name);
    if (!facts->font.family || !facts->font.units || !facts->font.cap_height)
        return atl_fail(err, ATL_E_INVALID, "%s: needs a family, units and cap_height",
                        facts->name);
    if (!facts->font.glyph_count)
        return atl_fail(err, ATL_E_INVALID, "%s: has no glyph", facts->name);
    return ATL_OK;
}

atl_code atl_font_parse(const char *name, const char *text, size_t len, struct atl_arena *arena,
                        struct atl_font *out, struct atl_error *err)
{
    struct facts facts = {.name = name, .arena = arena};
    atl_code rc;

    if (len > FACTS_MAX_BYTES)
        return atl_fail(err, ATL_E_INVALID, "%s: is over 4 MiB", name);
    facts.room = count_lines(text, len);
    facts.glyphs = atl_arena_get(arena, facts.room, sizeof(*facts.glyphs));
    rc = atl_arena_check(arena, err);
    if (!rc)
        rc = read_lines(&facts, text, len, err);
    if (!rc)
        rc = atl_arena_check(arena, err);
    if (!rc)
        rc = check_whole(&facts, err);
    if (rc)
        return rc;
    facts.font.glyphs = facts.glyphs;
    *out = facts.font;
    return ATL_OK;
}

static const struct atl_glyph *find(const struct atl_font *font, uint32_t code_point)
{
    size_t low = 0;
    size_t high = font->glyph_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (font->glyphs[middle].code_point == code_point)
            return &font->glyphs[middle];
        if (font->glyphs[middle].code_point < code_point)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

// With the one letter that the layout may exchange without anybody seeing it.
static const struct atl_glyph *find_folded(const struct atl_font *font, uint32_t code_point)
{
    const struct atl_glyph *glyph = find(font, code_point);

    if (!glyph && code_point == RIGHT_QUOTE)
        return find(font, APOSTROPHE);
    if (!glyph && code_point == APOSTROPHE)
        return find(font, RIGHT_QUOTE);
    return glyph;
}

bool atl_font_has(const struct atl_font *font, uint32_t code_point)
{
    return find_folded(font, code_point);
}

uint32_t atl_font_lacks(const struct atl_font *font, const char *text)
{
    size_t len = strlen(text);
    uint32_t code_point;
    size_t step;

    for (; (step = atl_text_next(text, len, &code_point)) > 0; text += step, len -= step) {
        if (!find_folded(font, code_point))
            return code_point;
    }
    return 0;
}

int32_t atl_font_width_um(const struct atl_font *font, const char *text, int32_t cap_um)
{
    size_t len = strlen(text);
    int64_t advances = 0;
    int64_t width_um;
    uint32_t code_point;
    size_t step;

    if (cap_um <= 0 || len > INT32_MAX / 4)
        return cap_um <= 0 ? 0 : INT32_MAX;
    for (; (step = atl_text_next(text, len, &code_point)) > 0; text += step, len -= step) {
        const struct atl_glyph *glyph = find_folded(font, code_point);

        advances += glyph ? glyph->advance : font->units;
    }
    if (advances > INT64_MAX / cap_um)
        return INT32_MAX;
    width_um = advances * cap_um / font->cap_height;
    return width_um > INT32_MAX ? INT32_MAX : (int32_t)width_um;
}
