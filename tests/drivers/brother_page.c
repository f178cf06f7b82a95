// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/brother_page.h"

#include "plugin/render/bitmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint32_t seed = 0x2545f491;

uint32_t brother_chance(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

void brother_chance_begin(uint32_t from)
{
    seed = from;
}

static const struct brother_facts facts[] = {
    {"ql-500",         {720, false, false, false, false, false}, 295, 11811, 200},
    {"ql-550",         {720, false, false, false, false, true},  295, 11811, 200},
    {"ql-560",         {720, false, false, false, false, true},  295, 11811, 200},
    {"ql-570",         {720, false, false, false, false, true},  150, 11811, 200},
    {"ql-580n",        {720, true, true, false, false, true},    150, 11811, 200},
    {"ql-650td",       {720, true, true, false, false, true},    295, 11811, 200},
    {"ql-700",         {720, false, false, false, false, true},  150, 11811, 200},
    {"ql-710w",        {720, true, true, false, false, true},    150, 11811, 200},
    {"ql-720nw",       {720, true, true, false, false, true},    150, 11811, 200},
    {"ql-800",         {720, false, true, false, true, true},    150, 11811, 400},
    {"ql-810w",        {720, true, true, false, true, true},     150, 11811, 400},
    {"ql-820nwb",      {720, true, true, false, true, true},     150, 11811, 400},
    {"ql-1050",        {1296, true, true, false, false, true},   295, 35433, 350},
    {"ql-1060n",       {1296, true, true, false, false, true},   295, 35433, 350},
    {"ql-1100",        {1296, true, true, false, false, true},   150, 35433, 350},
    {"ql-1110nwb",     {1296, true, true, false, false, true},   150, 35433, 350},
    {"ql-1115nwb",     {1296, true, true, false, false, true},   150, 35433, 350},
    {"pt-p700",        {128, true, true, true, false, true},     31,  7086,  100},
    {"pt-p750w",       {128, true, true, true, false, true},     31,  7086,  100},
    {"pt-p710bt",      {128, true, true, true, false, true},     31,  7086,  100},
    {"pt-h500",        {128, true, true, true, false, true},     31,  7086,  100},
    {"pt-e500",        {128, true, true, true, false, true},     31,  7086,  100},
    {"pt-e550w",       {128, true, true, true, false, true},     31,  7086,  100},
    {"ql-710w-net",    {720, true, true, false, false, true},    150, 11811, 200},
    {"ql-720nw-net",   {720, true, true, false, false, true},    150, 11811, 200},
    {"ql-810w-net",    {720, true, true, false, true, true},     150, 11811, 400},
    {"ql-820nwb-net",  {720, true, true, false, true, true},     150, 11811, 400},
    {"ql-1110nwb-net", {1296, true, true, false, false, true},   150, 35433, 350},
    {"pt-p750w-net",   {128, true, true, true, false, true},     31,  7086,  100},
};

const struct brother_facts *brother_facts_of(const char *id)
{
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (strcmp(facts[i].id, id) == 0)
            return &facts[i];
    }
    fail_msg("the references of %s were not read", id);
    return NULL;
}

size_t brother_facts_count(void)
{
    return sizeof facts / sizeof facts[0];
}

const struct atl_model *brother_model_of(const char *id)
{
    const struct atl_model *model = atl_model_find(atl_driver_find("brother"), id);

    assert_non_null(model);
    return model;
}

struct atl_model brother_loaded(const char *id, const char *media)
{
    struct atl_model model = *brother_model_of(id);

    model.media = atl_media_find(&model, media);
    assert_non_null(model.media);
    model.media_count = 1;
    return model;
}

// ---- A rasteriser that hands out a picture ----

static void draw_dots(const struct brother_canvas *canvas, struct atl_bitmap *bitmap)
{
    static const uint8_t spiteful[] = {0x1b, 0x40, 0x1a, 0x1b, 0x69, 0x53, 0x0c, 0x5a, 0x80, 0x00};

    for (uint32_t y = 0; y < bitmap->height_dots; y++) {
        uint8_t *row = bitmap->bits + (size_t)y * bitmap->row_bytes;
        const uint32_t kind = brother_chance(5);

        for (uint32_t i = 0; i < bitmap->row_bytes; i++) {
            if (kind == 0)
                row[i] = spiteful[(i + y) % sizeof spiteful];
            else if (kind == 1)
                row[i] = i / (1 + y % 40) % 2 ? 0xff : 0;
            else if (kind == 2)
                row[i] = (uint8_t)brother_chance(256);
            else if (kind == 3)
                row[i] = brother_chance(8) < canvas->density ? 0x81 : 0;
        }
        if (bitmap->width_dots % 8)
            row[bitmap->row_bytes - 1] &= (uint8_t)(0xff00 >> bitmap->width_dots % 8);
    }
}

static atl_code draw_page(void *ctx, const struct atl_page *page, uint32_t width_dots,
                          uint32_t height_dots, uint32_t dpi, struct atl_bitmap *out,
                          struct atl_error *err)
{
    struct brother_canvas *canvas = ctx;
    struct atl_bitmap made = {0};

    (void)page;
    (void)dpi;
    if (atl_bitmap_init(&made, width_dots, height_dots ? height_dots : canvas->height_dots, err))
        return ATL_E_NOMEM;
    draw_dots(canvas, &made);
    atl_bitmap_free(&canvas->bitmap);
    canvas->bitmap = made;
    canvas->bitmap.bits = malloc((size_t)made.row_bytes * made.height_dots);
    assert_non_null(canvas->bitmap.bits);
    memcpy(canvas->bitmap.bits, made.bits, (size_t)made.row_bytes * made.height_dots);
    *out = made;
    return ATL_OK;
}

static void read_job(const struct atl_buf *job, const struct brother_limits *limits,
                     struct brother_paper *paper)
{
    char why[BROTHER_WHY_BYTES];

    if (!brother_lex(job->data, job->len, limits, paper, why))
        fail_msg("%s", why);
}

atl_code brother_print_encode(const struct atl_model *model, const struct atl_page *page,
                              struct brother_print *print, struct atl_error *err)
{
    const struct atl_rasteriser rasteriser = {.ctx = &print->canvas, .draw_page = draw_page};

    atl_buf_init(&print->job, BROTHER_JOB_MAX);
    return atl_driver_find("brother")->encode(page, model, &rasteriser, &print->job, err);
}

void brother_print_page(const struct atl_model *model, const struct atl_page *page,
                        struct brother_print *print)
{
    struct atl_error err = {0};

    if (brother_print_encode(model, page, print, &err))
        fail_msg("%s: %s", model->id, err.text);
    read_job(&print->job, &brother_facts_of(model->id)->limits, &print->paper);
}

void brother_print_free(struct brother_print *print)
{
    brother_paper_free(&print->paper);
    atl_bitmap_free(&print->canvas.bitmap);
    atl_buf_free(&print->job);
}

struct atl_page brother_page_for(const struct atl_model *model, const struct atl_media *media)
{
    if (brother_facts_of(model->id)->limits.is_tape)
        return (struct atl_page){.width_um = 60 * BROTHER_MM, .height_um = media->width_um};
    return (struct atl_page){.width_um = media->width_um, .height_um = media->length_um};
}

static bool dot_of(const struct atl_bitmap *bitmap, uint32_t x, uint32_t y)
{
    return bitmap->bits[(size_t)y * bitmap->row_bytes + x / 8] >> (7 - x % 8) & 1;
}

bool brother_is_same(const struct atl_bitmap *drawn, const struct brother_paper *paper,
                     const struct brother_limits *limits, uint32_t offset)
{
    const uint32_t width = limits->is_tape ? drawn->height_dots : drawn->width_dots;
    const uint32_t left = limits->pins - offset - width;
    uint32_t black = 0, seen = 0;

    for (uint32_t y = 0; y < drawn->height_dots; y++) {
        for (uint32_t x = 0; x < drawn->width_dots; x++) {
            if (!dot_of(drawn, x, y))
                continue;
            black++;
            // Tape: what is left comes first, and the upper edge is at the first pin.
            if (!(limits->is_tape ? brother_paper_dot(paper, limits->pins - 1 - offset - y, x)
                                  : brother_paper_dot(paper, left + x, y)))
                return false;
        }
    }
    for (size_t i = 0; i < (size_t)paper->black.row_bytes * paper->black.height_dots; i++)
        seen += (uint32_t)__builtin_popcount(paper->black.bits[i]);
    return seen == black && !paper->red_dots;
}
