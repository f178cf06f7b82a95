// SPDX-License-Identifier: Apache-2.0
// The sink: whatever is drawn, only rows of it leave, and they are all of it, bit for bit. What
// guests write reaches this printer as dots alone.
#include "drivers/driver.h"
#include "plugin/render/raster.h"
#include "plugin/render/template.h"
#include "tests/support/dymo_lexer.h"
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

enum { PAGES = 20000, ROWS_MAX = 40 };

static uint32_t seed = 0x2545f491;

static uint32_t chance(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

static struct atl_buf encode(const struct atl_page *page, const struct atl_model *model,
                             const struct atl_rasteriser *rasteriser)
{
    struct atl_error err = {0};
    struct atl_buf out;

    atl_buf_init(&out, 1024 * 1024);
    if (atl_driver_find("dymo")->encode(page, model, rasteriser, &out, &err))
        fail_msg("%s on %s: %s", model->id, model->media->id, err.text);
    return out;
}

static struct dymo_label read_label(const struct atl_buf *bytes, const struct atl_model *model)
{
    const struct dymo_head head = {model->width_dots / 8, strstr(model->id, "twin") != NULL,
                                   model->dpi == 203};
    struct dymo_label label;
    char why[DYMO_WHY_BYTES];

    if (!dymo_lex(bytes->data, bytes->len, &head, &label, why))
        fail_msg("%s on %s: %s", model->id, model->media->id, why);
    return label;
}

static bool is_black(const struct atl_bitmap *dots, uint32_t x, uint32_t y)
{
    return x < dots->width_dots && y < dots->height_dots &&
           dots->bits[(size_t)y * dots->row_bytes + x / 8] & 0x80u >> x % 8;
}

// Random pictures ------------------------------------------------------------------------------

// What the guest may have written is here the worst that dots can look like: bytes that are
// commands of this language, of others, and any others.
static void any_row(uint8_t *row, uint32_t row_bytes)
{
    static const uint8_t evil[] = {0x1b, 0x16, 0x17, 0x1b, 'E', '@', 'A', 'L', 0xff, 0, 0, 0x1d};
    const uint32_t kind = chance(4);

    for (uint32_t i = 0; i < row_bytes; i++)
        row[i] = kind == 0   ? (uint8_t)chance(256)
                 : kind == 1 ? evil[chance(sizeof evil)]
                 : kind == 2 ? (uint8_t)(chance(30) ? 0 : 0xff)
                             : (uint8_t)(i & 1 ? 0x1b : 'E');
}

static atl_code draw_anything(void *ctx, const struct atl_page *page, uint32_t width_dots,
                              uint32_t height_dots, uint32_t dpi, struct atl_bitmap *out,
                              struct atl_error *err)
{
    struct atl_bitmap *drawn = ctx;
    const uint32_t row_bytes = (width_dots + 7) / 8;
    const uint32_t high = height_dots ? height_dots : 1 + chance(600);
    uint8_t *bits = calloc(high, row_bytes);

    (void)page;
    (void)dpi;
    (void)err;
    assert_non_null(bits);
    for (uint32_t n = chance(ROWS_MAX); n; n--)
        any_row(bits + (size_t)chance(high) * row_bytes, row_bytes);
    *out = (struct atl_bitmap){width_dots, high, row_bytes, bits};
    drawn->bits = realloc(drawn->bits, (size_t)high * row_bytes);
    assert_non_null(drawn->bits);
    memcpy(drawn->bits, bits, (size_t)high * row_bytes);
    *drawn = (struct atl_bitmap){width_dots, high, row_bytes, drawn->bits};
    return ATL_OK;
}

// Bytes, but for the last of a row, and its dots one by one.
static void assert_same_dots(const struct atl_bitmap *want, const struct atl_bitmap *got)
{
    const uint32_t whole = want->width_dots / 8;

    assert_true(got->height_dots <= want->height_dots);
    assert_true(!got->bits || got->row_bytes == want->row_bytes);
    for (uint32_t y = 0; y < want->height_dots; y++) {
        static const uint8_t white[160];
        const uint8_t *row = y < got->height_dots ? got->bits + (size_t)y * got->row_bytes : white;

        assert_memory_equal(row, want->bits + (size_t)y * want->row_bytes, whole);
        for (uint32_t x = whole * 8; x < want->width_dots; x++)
            assert_int_equal(is_black(want, x, y), (row[x / 8] & 0x80u >> x % 8) != 0);
        // What hangs over the picture's width is white.
        if (want->width_dots % 8)
            assert_int_equal(row[whole] & 0xffu >> want->width_dots % 8, 0);
    }
}

static void whatever_is_drawn_only_its_rows_leave_and_all_of_them_do(void **state)
{
    static const struct atl_page page = {.width_um = 15000, .height_um = 15000};
    const struct atl_driver *driver = atl_driver_find("dymo");
    struct atl_bitmap drawn = {0};
    const struct atl_rasteriser rasteriser = {.ctx = &drawn, .draw_page = draw_anything};

    (void)state;
    for (int n = 0; n < PAGES; n++) {
        struct atl_model model = driver->models[chance((uint32_t)driver->model_count)];
        struct dymo_label label;
        struct atl_buf bytes;

        // Short labels, so that there is time for many.
        do
            model.media = atl_media_find(
                &model, (const char *const[]){"11353", "30332", "11355", "continuous"}[chance(4)]);
        while (!model.media);
        model.media_count = 1;
        bytes = encode(&page, &model, &rasteriser);
        label = read_label(&bytes, &model);
        assert_same_dots(&drawn, &label.dots);
        free(label.dots.bits);
        atl_buf_free(&bytes);
    }
    free(drawn.bits);
}

// The shipped labels ----------------------------------------------------------------------------

static struct atl_page *page_of(const char *name, const char *language)
{
    const struct atl_template_folders folders = {NULL, FOLDER};
    struct atl_template *tmpl = NULL;
    struct atl_page *page = NULL;
    struct atl_words_file words;
    struct atl_error err = {0};
    struct atl_data data;

    if (atl_template_load_file(&folders, name, &tmpl, &err) ||
        atl_words_file_load(NULL, FOLDER, language, &words, &err))
        fail_msg("%s", err.text);
    sample_data(&data, atl_template_kind(tmpl), language, SAMPLE_FULL);
    if (atl_template_page(tmpl, &data, &words, &page, &err))
        fail_msg("%s: %s", name, err.text);
    atl_data_free(&data);
    atl_words_file_free(&words);
    atl_template_close(tmpl);
    return page;
}

static void assert_is_preview(const struct atl_bitmap *preview, const struct atl_bitmap *label,
                              bool is_across)
{
    uint32_t black = 0;

    for (uint32_t y = 0; y < preview->height_dots; y++) {
        for (uint32_t x = 0; x < preview->width_dots; x++) {
            const bool is_there = is_across ? is_black(label, preview->height_dots - 1 - y, x)
                                            : is_black(label, x, y);

            if (is_black(preview, x, y) != is_there)
                fail_msg("dot %u, %u of the preview is not the label's", x, y);
            black += is_there;
        }
    }
    assert_true(black > 2000); // or nothing was compared
}

static void a_shipped_label_comes_out_as_its_preview_in_each_language(void **state)
{
    static const struct case_ {
        const char *name, *model, *media;
        bool is_across;
    } cases[] = {
        {"bag-62x29.ticket",  "lw-450",   "99012",      true },
        {"bag-62x29.ticket",  "lw-se450", "30321",      true },
        {"bag-62x29.ticket",  "lw-450",   "continuous", true },
        {"bag-102x51.ticket", "lw-4xl",   "S0904980",   false},
        {"bag-58.ticket",     "lw-450",   "99014",      false},
    };
    static const char *const languages[] = {"en", "fr", "ja"};
    const struct atl_driver *driver = atl_driver_find("dymo");
    struct atl_rasteriser rasteriser;
    struct atl_raster *raster = NULL;

    (void)state;
    assert_int_equal(atl_raster_open(&raster, NULL), ATL_OK);
    rasteriser = atl_raster_rasteriser(raster);
    for (size_t i = 0; i < 3 * sizeof cases / sizeof cases[0]; i++) {
        const struct case_ *one = &cases[i / 3];
        struct atl_page *page = page_of(one->name, languages[i % 3]);
        struct atl_model model = *atl_model_find(driver, one->model);
        struct atl_bitmap preview = {0};
        struct atl_error err = {0};
        struct dymo_label label;
        struct atl_buf bytes;

        model.media = atl_media_find(&model, one->media);
        assert_int_equal(atl_media_lies_across(model.media, page), one->is_across);
        bytes = encode(page, &model, &rasteriser);
        label = read_label(&bytes, &model);
        if (atl_media_draw(model.media, page, model.dpi, &rasteriser, &preview, &err))
            fail_msg("%s", err.text);
        assert_is_preview(&preview, &label.dots, one->is_across);
        free(preview.bits);
        free(label.dots.bits);
        atl_buf_free(&bytes);
        atl_page_free(page);
    }
    atl_raster_close(raster);
}

// The reader must be able to say no, or the tests above mean nothing.
static void the_reader_refuses_what_a_printer_would_obey(void **state)
{
#define START "\x1b@\x1b\x42\x00\x1b\x44\x02\x1bL\x00\x10"
    static const struct bad {
        const char *bytes;
        size_t len;
        const char *why;
    } bads[] = {
        {START "\x16\xff\xff",             15, "byte 16: the label does not come out"       },
        {START "\x16\xff",                 14, "byte 13: a row that is no row of 2 bytes"   },
        {START "\x17\x0e\x1b"
               "E",               16, "byte 13: a row that is no row of 2 bytes"   },
        {START "\x17\x0f\x1b"
               "Ehello",          21, "byte 17: 68 after the label"                },
        {START "Jane",                     16, "byte 13: 4a outside of a row"               },
        {START "\x1bZ",                    14, "byte 13: ESC 5a is not on the list"         },
        {START "\x1bq1",                   15, "byte 13: ESC q 31"                          },
        {START "\x16\xff\xff\x1b\x44\x01", 18, "byte 16: ESC 44 between rows"               },
        {START "\x1b\x66\x01\x00",         16, "byte 13: ESC f 1 0"                         },
        {"\x1b\x42\x00",                   3,  "byte 1: ESC 42 before ESC @"                },
        {"\x1b@\x16\xff\xff",              5,  "byte 3: a row before ESC B, ESC D and ESC L"},
        {"\x1b@\x1b\x44\x60",              5,  "byte 3: a row of 96 bytes, the head has 84" },
    };
    static const struct dymo_head head = {.bytes = 84};

    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof bads[0]; i++) {
        struct dymo_label label;
        char why[DYMO_WHY_BYTES];

        assert_false(dymo_lex(bads[i].bytes, bads[i].len, &head, &label, why));
        assert_string_equal(why, bads[i].why);
        assert_null(label.dots.bits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_drawn_only_its_rows_leave_and_all_of_them_do),
        cmocka_unit_test(a_shipped_label_comes_out_as_its_preview_in_each_language),
        cmocka_unit_test(the_reader_refuses_what_a_printer_would_obey),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
