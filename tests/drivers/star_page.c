// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/star_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct star_facts facts[] = {
    {"raster-80", {STAR_LANGUAGE_GRAPHIC, 0, 576, false}, 80 },
    {"raster-58", {STAR_LANGUAGE_GRAPHIC, 0, 384, false}, 58 },
    {"tsp100",    {STAR_LANGUAGE_GRAPHIC, 0, 576, false}, 80 },
    {"tsp650ii",  {STAR_LANGUAGE_LINE, 48, 576, false},   80 },
    {"tsp700ii",  {STAR_LANGUAGE_LINE, 48, 576, false},   80 },
    {"tsp800ii",  {STAR_LANGUAGE_LINE, 69, 832, false},   112},
    {"mc-print2", {STAR_LANGUAGE_PRNT, 32, 384, false},   58 },
    {"mc-print3", {STAR_LANGUAGE_PRNT, 48, 576, false},   80 },
    {"mpop",      {STAR_LANGUAGE_PRNT, 32, 384, false},   58 },
};

const struct star_facts *star_facts_at(size_t index)
{
    return index < sizeof facts / sizeof facts[0] ? &facts[index] : NULL;
}

const struct star_facts *star_facts_of(const char *id)
{
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (strcmp(facts[i].id, id) == 0)
            return &facts[i];
    }
    fail_msg("no facts about %s", id);
    return NULL;
}

const struct atl_model *star_model_of(const char *id)
{
    const struct atl_model *model = atl_model_find(atl_driver_find("star"), id);

    assert_non_null(model);
    return model;
}

struct star_printed star_print(const struct atl_page *page, const char *id,
                               const struct atl_rasteriser *rasteriser)
{
    struct star_printed made = {.paper = {0}};
    struct atl_error err = {0};
    char why[ESCPOS_WHY_BYTES];

    atl_buf_init(&made.bytes, 4 * 1024 * 1024);
    if (atl_driver_find("star")->encode(page, star_model_of(id), rasteriser, &made.bytes, &err))
        fail_msg("%s: %s", id, err.text);
    if (!star_lex(made.bytes.data, made.bytes.len, &star_facts_of(id)->limits, &made.paper, why))
        fail_msg("%s: %s", id, why);
    return made;
}

void star_printed_free(struct star_printed *printed)
{
    atl_buf_free(&printed->bytes);
    escpos_paper_free(&printed->paper);
}

static const uint8_t logo_bits[] = {0x1b, 0x06, 0xff, 0x00, 0x1b, 0x1b, 0x81, 0x00};
static const struct atl_bitmap logo = {
    .width_dots = 16, .height_dots = 4, .row_bytes = 2, .bits = (uint8_t *)(uintptr_t)logo_bits};

static const struct atl_span name_spans[] = {
    {"Maison Lumi\u00e8re", 2, 2, true, false, false}
};
static const struct atl_span work_spans[] = {
    SPAN("Tote bag, broderie \u00ab L'\u00e9t\u00e9 \u00bb sur le devant, au centre")};
static const struct atl_span count_spans[] = {SPAN("1")};
static const struct atl_span price_spans[] = {SPAN("42,00 \u20ac")};
static const struct atl_span note_spans[] = {
    {"DUPLICATE 2", 1, 1, true,  false, true },
    SPAN(" "), {"see staff",   1, 1, false, true,  false}
};
static const struct atl_span kanji_spans[] = {SPAN("\u523a\u7e4d \u685c")};
static const struct atl_cell name_cells[] = {
    {name_spans, 1, ATL_ALIGN_CENTRE, 0}
};
static const struct atl_cell work_cells[] = {
    {work_spans,  1, ATL_ALIGN_LEFT,  0 },
    {count_spans, 1, ATL_ALIGN_RIGHT, 3 },
    {price_spans, 1, ATL_ALIGN_RIGHT, 10},
};
static const struct atl_cell kanji_cells[] = {
    {kanji_spans, 1, ATL_ALIGN_LEFT, 0}
};
static const struct atl_cell note_cells[] = {
    {note_spans, 3, ATL_ALIGN_RIGHT, 0}
};

// clang-format off
static const struct atl_row ticket[] = {
    {.kind = ATL_ROW_DRAWER, .drawer_pin = 2},
    {.kind = ATL_ROW_IMAGE, .image = &logo, .align = ATL_ALIGN_CENTRE},
    {.kind = ATL_ROW_TEXT, .cell_count = 1, .cells = name_cells},
    {.kind = ATL_ROW_RULE},
    {.kind = ATL_ROW_TEXT, .cell_count = 3, .cells = work_cells},
    {.kind = ATL_ROW_TEXT, .cell_count = 1, .cells = kanji_cells},
    {.kind = ATL_ROW_TEXT, .cell_count = 1, .cells = note_cells},
    {.kind = ATL_ROW_QR, .qr_text = "HTTPS://A.EXAMPLE/O/X", .qr_level = 'M'},
    {.kind = ATL_ROW_FEED, .height_um = 20000},
    {.kind = ATL_ROW_CUT, .cut = ATL_CUT_PARTIAL},
};
// clang-format on
const struct atl_page star_ticket = PAGE(ticket);
