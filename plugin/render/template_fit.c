// SPDX-License-Identifier: Apache-2.0
// {fit: shrink} and {fit: clip}: "Jo" may be very large, "Bartholomew of Canterbury" stands on one
// line all the same. Counted in ordinary letters, so that every printer comes to the same size.
#include "plugin/core/text.h"
#include "plugin/render/template_inner.h"

#include <string.h>

// Blocks whose letters take two columns in every fixed-width font (East Asian Width W and F).
static const struct {
    uint32_t first;
    uint32_t last;
} WIDE[] = {
    {0x1100,  0x115F },
    {0x2E80,  0x303E },
    {0x3041,  0x33FF },
    {0x3400,  0x4DBF },
    {0x4E00,  0x9FFF },
    {0xA000,  0xA4CF },
    {0xAC00,  0xD7A3 },
    {0xF900,  0xFAFF },
    {0xFE30,  0xFE6F },
    {0xFF00,  0xFF60 },
    {0xFFE0,  0xFFE6 },
    {0x1F300, 0x1FAFF},
    {0x20000, 0x3FFFD},
};

static uint32_t columns_of(uint32_t c)
{
    if (c < 0x300)
        return 1;
    for (size_t i = 0; i < sizeof WIDE / sizeof *WIDE; i++) {
        if (c >= WIDE[i].first && c <= WIDE[i].last)
            return 2;
    }
    return !atl_text_is_mark(c);
}

uint32_t atl_template_columns_of(const char *text)
{
    size_t len = strlen(text), at = 0;
    uint32_t c, sum = 0;

    while (at < len) {
        at += atl_text_next(text + at, len - at, &c);
        sum += columns_of(c);
    }
    return sum;
}

static bool fits(const struct atl_span *spans, size_t count, uint32_t columns)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += (uint64_t)atl_template_columns_of(spans[i].text) * spans[i].scale_x;
    return sum <= columns;
}

static void shrink(struct atl_span *spans, size_t count, uint32_t columns, int least)
{
    for (int most = ATL_TEMPLATE_SCALE_MAX; most > least && !fits(spans, count, columns); most--) {
        for (size_t i = 0; i < count; i++) {
            struct atl_span *span = &spans[i];

            span->scale_x = span->scale_x < most ? span->scale_x : (uint8_t)(most - 1);
            span->scale_y = span->scale_y < most ? span->scale_y : (uint8_t)(most - 1);
        }
    }
}

// As many letters of the text as take so many columns.
static size_t bytes_within(const char *text, uint32_t columns)
{
    const size_t len = strlen(text);
    size_t at = 0;
    uint32_t c, used = 0;

    while (at < len) {
        const size_t taken = atl_text_next(text + at, len - at, &c);

        used += columns_of(c);
        if (used > columns)
            return at;
        at += taken;
    }
    return at;
}

// Leaves out what does not stand on one line; two dots say so, which every printer has.
static atl_code clip(const struct atl_template_layout *layout, struct atl_span *spans, size_t count,
                     uint32_t columns, struct atl_error *err)
{
    static const char DOTS[] = "..";

    if (fits(spans, count, columns))
        return ATL_OK;
    for (size_t i = 0; i < count; i++) {
        const uint32_t scale = spans[i].scale_x, room = columns / scale;
        const uint32_t wide = atl_template_columns_of(spans[i].text);

        if (wide + 2 <= room && i + 1 < count) {
            columns -= wide * scale;
            continue;
        }
        spans[i].text = atl_arena_textf(layout->arena, "%.*s%s",
                                        (int)bytes_within(spans[i].text, room > 2 ? room - 2 : 0),
                                        spans[i].text, room > 2 ? DOTS : "");
        for (size_t k = i + 1; k < count; k++)
            spans[k].text = "";
        break;
    }
    return atl_arena_check(layout->arena, err);
}

atl_code atl_template_fit(const struct atl_template_layout *layout, struct atl_span *const *spans,
                          const struct atl_cell *cells, size_t cell_count, struct atl_error *err)
{
    const struct atl_row row = {.kind = ATL_ROW_TEXT, .cells = cells, .cell_count = cell_count};
    uint32_t widths[ATL_ROW_CELLS_MAX];
    atl_code rc = atl_row_columns(&row, layout->columns, widths, err);

    for (size_t i = 0; !rc && i < cell_count; i++) {
        if (layout->is_clipped)
            rc = clip(layout, spans[i], cells[i].span_count, widths[i], err);
        else
            shrink(spans[i], cells[i].span_count, widths[i], layout->fit_least);
    }
    return rc;
}
