// SPDX-License-Identifier: Apache-2.0
// The shipped papers for labels and tape, with real fonts: what another hand reads out of the
// stream is the preview, bit for bit, and zbarimg reads the code on it.
#include "plugin/render/bitmap.h"
#include "plugin/render/png.h"
#include "plugin/render/raster.h"
#include "plugin/render/template.h"
#include "tests/drivers/brother_page.h"
#include "tests/support/escpos_lexer.h"
#include "tests/support/sample_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER ATL_SOURCE_DIR "/printer-templates"

static const struct paper {
    const char *name;
    enum atl_template_kind kind;
    const char *model, *media;
    uint32_t width_dots, height_dots; // drawn; height 0: as long as it gets
} papers[] = {
    {"bag-62x29.ticket",  ATL_TEMPLATE_BAG, "ql-700",    "62x29",  696,  271},
    {"bag-62x29.ticket",  ATL_TEMPLATE_BAG, "ql-820nwb", "62",     696,  273},
    {"bag-102x51.ticket", ATL_TEMPLATE_BAG, "ql-1100",   "102x51", 1164, 526},
    {"bag-62.ticket",     ATL_TEMPLATE_BAG, "ql-820nwb", "62red",  696,  0  },
    {"tag-62.ticket",     ATL_TEMPLATE_TAG, "ql-820nwb", "62",     696,  0  },
    {"tag-60x12.ticket",  ATL_TEMPLATE_TAG, "pt-p700",   "12",     397,  70 },
    {"tag-70x24.ticket",  ATL_TEMPLATE_TAG, "pt-p750w",  "24",     468,  128},
};
static const char *const languages[] = {"en", "fr", "ja"};

static struct atl_raster *raster;

static struct atl_page *page_of(const struct paper *paper, const char *language,
                                enum sample_data_case which)
{
    const struct atl_template_folders folders = {NULL, FOLDER};
    struct atl_template *tmpl = NULL;
    struct atl_words_file words;
    struct atl_data data;
    struct atl_page *page = NULL;
    struct atl_error err = {0};

    if (atl_template_load_file(&folders, paper->name, &tmpl, &err) ||
        atl_words_file_load(NULL, FOLDER, language, &words, &err))
        fail_msg("%s", err.text);
    sample_data(&data, paper->kind, language, which);
    if (atl_template_page(tmpl, &data, &words, &page, &err))
        fail_msg("%s", err.text);
    atl_data_free(&data);
    atl_words_file_free(&words);
    atl_template_close(tmpl);
    return page;
}

// The caller frees both.
static void print(const struct paper *paper, const struct atl_page *page, struct brother_paper *out,
                  struct atl_bitmap *preview)
{
    const struct atl_model model = brother_loaded(paper->model, paper->media);
    const struct atl_rasteriser rasteriser = atl_raster_rasteriser(raster);
    struct atl_error err = {0};
    char why[BROTHER_WHY_BYTES];
    struct atl_buf job;

    atl_buf_init(&job, BROTHER_JOB_MAX);
    if (atl_driver_find("brother")->encode(page, &model, &rasteriser, &job, &err) ||
        rasteriser.draw_page(rasteriser.ctx, page, paper->width_dots, paper->height_dots, model.dpi,
                             preview, &err))
        fail_msg("%s on %s: %s", paper->name, paper->model, err.text);
    if (!brother_lex(job.data, job.len, &brother_facts_of(paper->model)->limits, out, why))
        fail_msg("%s on %s: %s", paper->name, paper->model, why);
    atl_buf_free(&job);
}

static void every_label_and_tape_is_its_preview_in_every_language(void **state)
{
    (void)state;
    for (size_t p = 0; p < sizeof papers / sizeof papers[0]; p++) {
        const struct atl_model model = brother_loaded(papers[p].model, papers[p].media);

        for (size_t l = 0; l < sizeof languages / sizeof languages[0]; l++) {
            struct atl_page *page =
                page_of(&papers[p], languages[l], l ? SAMPLE_FULL : SAMPLE_PLAIN);
            struct atl_bitmap preview = {0};
            struct brother_paper paper;

            print(&papers[p], page, &paper, &preview);
            if (!brother_is_same(&preview, &paper, &brother_facts_of(papers[p].model)->limits,
                                 model.media->offset_dots))
                fail_msg("%s, %s: the paper is not the preview", papers[p].name, languages[l]);
            brother_paper_free(&paper);
            atl_bitmap_free(&preview);
            atl_page_free(page);
        }
    }
}

// What lies on the table: tape is turned until its text can be read.
static void write_png(const struct brother_paper *paper, bool is_tape, uint32_t dpi,
                      const char *path)
{
    const struct atl_bitmap *dots = &paper->black;
    struct atl_bitmap turned = {0};
    struct atl_buf png;
    FILE *file;

    assert_int_equal(atl_bitmap_init(&turned, is_tape ? dots->height_dots : dots->width_dots,
                                     is_tape ? dots->width_dots : dots->height_dots, NULL),
                     ATL_OK);
    for (uint32_t y = 0; y < dots->height_dots; y++) {
        for (uint32_t x = 0; x < dots->width_dots; x++) {
            const uint32_t to_x = is_tape ? y : x;
            const uint32_t to_y = is_tape ? dots->width_dots - 1 - x : y;

            if (brother_paper_dot(paper, x, y))
                turned.bits[(size_t)to_y * turned.row_bytes + to_x / 8] |=
                    (uint8_t)(0x80 >> to_x % 8);
        }
    }
    atl_buf_init(&png, 1024 * 1024);
    assert_int_equal(atl_png_write_bitmap(&turned, dpi, &png, NULL), ATL_OK);
    file = fopen(path, "wbe");
    assert_non_null(file);
    fwrite(png.data, 1, png.len, file);
    fclose(file);
    atl_buf_free(&png);
    atl_bitmap_free(&turned);
}

static const char *symbol_in(const struct atl_row *rows, size_t count)
{
    const char *symbol = NULL;

    for (size_t i = 0; i < count && !symbol; i++) {
        if (rows[i].kind == ATL_ROW_QR)
            symbol = rows[i].qr_text;
        for (size_t b = 0; b < rows[i].box_count && !symbol; b++) {
            for (size_t k = 0; k < rows[i].boxes[b].row_count; k++) {
                if (rows[i].boxes[b].rows[k].kind == ATL_ROW_QR)
                    symbol = rows[i].boxes[b].rows[k].qr_text;
            }
        }
    }
    return symbol;
}

static void the_code_on_every_paper_is_read(void **state)
{
    (void)state;
    for (size_t p = 0; p < sizeof papers / sizeof papers[0]; p++) {
        struct atl_page *page = page_of(&papers[p], "fr", SAMPLE_FULL);
        const char *symbol = symbol_in(page->rows, page->row_count);
        const struct brother_facts *facts = brother_facts_of(papers[p].model);
        struct atl_bitmap preview = {0};
        struct brother_paper paper;
        char path[64], read[512] = "";

        assert_non_null(symbol);
        print(&papers[p], page, &paper, &preview);
        (void)snprintf(path, sizeof path, "%s-%s.png", papers[p].name, papers[p].media);
        write_png(&paper, facts->limits.is_tape, facts->limits.is_tape ? 180 : 300, path);
        if (zbar_read(path, read, sizeof read) < 0) {
            print_message("SKIP: zbarimg is not installed\n");
            skip();
        }
        if (!strstr(read, symbol))
            fail_msg("%s: zbarimg reads \"%s\", not %s", path, read, symbol);
        brother_paper_free(&paper);
        atl_bitmap_free(&preview);
        atl_page_free(page);
    }
}

static int begin(void **state)
{
    (void)state;
    return atl_raster_open(&raster, NULL);
}

static int end(void **state)
{
    (void)state;
    atl_raster_close(raster);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_label_and_tape_is_its_preview_in_every_language),
        cmocka_unit_test(the_code_on_every_paper_is_read),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
