// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/font.h"

#include "plugin/core/font_lines.h"
#include "plugin/core/text.h"

#include <stdlib.h>
#include <string.h>

enum { UNITS_MIN = 16, UNITS_MAX = 65536 };

// A parse in progress.
struct facts {
    struct atl_font_lines lines;
    struct atl_arena *arena;
    struct atl_font font;
    struct atl_glyph *glyphs;
    size_t room;
};

static atl_code fault(const struct facts *facts, struct atl_error *err, const char *why)
{
    return atl_font_fault(&facts->lines, err, why);
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
static atl_code read_line(void *ctx, const char *line, struct atl_error *err)
{
    struct facts *facts = ctx;
    const char *end = line + strlen(line);

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

static atl_code check_whole(const struct facts *facts, struct atl_error *err)
{
    if (facts->lines.number == 0)
        return atl_fail(err, ATL_E_INVALID, "%s: is empty", facts->lines.name);
    if (!facts->font.family || !facts->font.units || !facts->font.cap_height)
        return atl_fail(err, ATL_E_INVALID, "%s: needs a family, units and cap_height",
                        facts->lines.name);
    if (!facts->font.glyph_count)
        return atl_fail(err, ATL_E_INVALID, "%s: has no glyph", facts->lines.name);
    return ATL_OK;
}

atl_code atl_font_parse(const char *name, const char *text, size_t len, struct atl_arena *arena,
                        struct atl_font *out, struct atl_error *err)
{
    struct facts facts = {
        .lines = {.name = name,
                  .first_line = "# atelier font facts 1",
                  .take = read_line,
                  .ctx = &facts},
        .arena = arena
    };
    atl_code rc;

    facts.room = atl_font_lines_count(text, len);
    facts.glyphs = atl_arena_get(arena, facts.room, sizeof(*facts.glyphs));
    rc = atl_arena_check(arena, err);
    if (!rc)
        rc = atl_font_lines_read(&facts.lines, text, len, err);
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
    return atl_font_row(font->glyphs, font->glyph_count, sizeof *font->glyphs, code_point);
}

bool atl_font_has(const struct atl_font *font, uint32_t code_point)
{
    return find(font, code_point);
}

uint32_t atl_font_lacks(const struct atl_font *font, const char *text)
{
    size_t len = strlen(text);
    uint32_t code_point;
    size_t step;

    for (; (step = atl_text_next(text, len, &code_point)) > 0; text += step, len -= step) {
        if (!find(font, code_point))
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
        const struct atl_glyph *glyph = find(font, code_point);

        advances += glyph ? glyph->advance : font->units;
    }
    if (advances > INT64_MAX / cap_um)
        return INT32_MAX;
    width_um = advances * cap_um / font->cap_height;
    return width_um > INT32_MAX ? INT32_MAX : (int32_t)width_um;
}
