// SPDX-License-Identifier: Apache-2.0
// The shipped papers on every model, with real fonts: the stream is right to a strict reader, the
// guest's words stand on it, and the symbol on the picture leads to the page.
#include "drivers/driver.h"
#include "plugin/render/png.h"
#include "plugin/render/raster.h"
#include "plugin/render/template.h"
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
    bool is_narrow;
} papers[] = {
    {"claim.ticket",    ATL_TEMPLATE_CLAIM, false},
    {"gift.ticket",     ATL_TEMPLATE_GIFT,  false},
    {"tag.ticket",      ATL_TEMPLATE_TAG,   false},
    {"claim-58.ticket", ATL_TEMPLATE_CLAIM, true },
    {"gift-58.ticket",  ATL_TEMPLATE_GIFT,  true },
    {"tag-58.ticket",   ATL_TEMPLATE_TAG,   true },
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

static void print(const struct atl_page *page, const struct atl_model *model,
                  struct escpos_paper *paper)
{
    const struct escpos_limits limits = {model->columns, model->width_dots, model->band_rows,
                                         false};
    const struct atl_rasteriser rasteriser = atl_raster_rasteriser(raster);
    struct atl_error err = {0};
    char why[ESCPOS_WHY_BYTES];
    struct atl_buf out;

    atl_buf_init(&out, 4 * 1024 * 1024);
    if (atl_driver_find("escpos")->encode(page, model, &rasteriser, &out, &err))
        fail_msg("%s: %s", model->id, err.text);
    if (!escpos_lex(out.data, out.len, &limits, paper, why))
        fail_msg("%s: %s", model->id, why);
    atl_buf_free(&out);
}

static const char *symbol_of(const struct atl_page *page)
{
    for (size_t i = 0; i < page->row_count; i++) {
        if (page->rows[i].kind == ATL_ROW_QR)
            return page->rows[i].qr_text;
    }
    return NULL;
}

static void every_paper_in_every_language_prints_on_every_model(void **state)
{
    const struct atl_driver *driver = atl_driver_find("escpos");

    (void)state;
    for (size_t p = 0; p < sizeof papers / sizeof papers[0]; p++) {
        for (size_t l = 0; l < sizeof languages / sizeof languages[0]; l++) {
            struct atl_page *page = page_of(&papers[p], languages[l], SAMPLE_FULL);

            for (size_t m = 0; m < driver->model_count; m++) {
                struct escpos_paper paper = {0};

                if ((driver->models[m].width_dots < 500) != papers[p].is_narrow)
                    continue;
                print(page, &driver->models[m], &paper);
                assert_true(paper.count > 10);
                escpos_paper_free(&paper);
            }
            atl_page_free(page);
        }
    }
}

static void the_guests_words_leave_as_letters_where_the_printer_has_them(void **state)
{
    struct atl_page *page = page_of(&papers[0], "fr", SAMPLE_FULL);
    struct escpos_paper paper = {0};
    const struct escpos_item *item;

    (void)state;
    print(page, atl_model_find(atl_driver_find("escpos"), "tm-t20"), &paper);
    item = escpos_paper_find(&paper, "L'\u00e9t\u00e9 d'\u00c9lodie");
    assert_non_null(item);
    assert_non_null(strchr(item->style, 'W')); // large
    assert_non_null(escpos_paper_find(&paper, "K7F-2A1"));
    assert_non_null(escpos_paper_find(&paper, "\u20ac"));
    escpos_paper_free(&paper);
    atl_page_free(page);
}

static void the_symbol_in_the_stream_and_on_the_preview_leads_to_the_page(void **state)
{
    (void)state;
    for (size_t p = 0; p < sizeof papers / sizeof papers[0]; p++) {
        struct atl_page *page = page_of(&papers[p], "fr", SAMPLE_PLAIN);
        const struct atl_model *model = atl_model_find(
            atl_driver_find("escpos"), papers[p].is_narrow ? "generic-58" : "generic-80");
        struct escpos_paper paper = {0};
        struct atl_bitmap preview = {0};
        char read[512] = "";
        struct atl_buf png;
        FILE *file;

        print(page, model, &paper);
        assert_true(escpos_paper_png(&paper, model->width_dots, "stream.png"));
        if (zbar_read("stream.png", read, sizeof read) < 0) {
            print_message("SKIP: zbarimg is not installed\n");
            skip();
        }
        assert_string_equal(read, symbol_of(page));

        assert_int_equal(atl_raster_page(raster, page, model->width_dots, model->dpi,
                                         ATL_RASTER_PAPER, &preview, NULL),
                         ATL_OK);
        atl_buf_init(&png, 1024 * 1024);
        assert_int_equal(atl_png_write_bitmap(&preview, model->dpi, &png, NULL), ATL_OK);
        file = fopen("preview.png", "wbe");
        assert_non_null(file);
        fwrite(png.data, 1, png.len, file);
        fclose(file);
        zbar_read("preview.png", read, sizeof read);
        assert_string_equal(read, symbol_of(page));
        atl_buf_free(&png);
        free(preview.bits);
        escpos_paper_free(&paper);
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
        cmocka_unit_test(every_paper_in_every_language_prints_on_every_model),
        cmocka_unit_test(the_guests_words_leave_as_letters_where_the_printer_has_them),
        cmocka_unit_test(the_symbol_in_the_stream_and_on_the_preview_leads_to_the_page),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
