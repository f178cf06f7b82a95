// SPDX-License-Identifier: Apache-2.0
// The shipped papers with real fonts: what a strict reader makes of the stream is the preview, dot
// by dot, labels in each language and resolution; and no word of anybody is a command.
#include "drivers/driver.h"
#include "plugin/render/bitmap.h"
#include "plugin/render/raster.h"
#include "plugin/render/template.h"
#include "tests/hostile/inputs.h"
#include "tests/support/sample_data.h"
#include "tests/support/zpl_lexer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>

#define FOLDER ATL_SOURCE_DIR "/printer-templates"

enum { OUT_BYTES = 8 * 1024 * 1024, TEXT_BYTES = 8192, LABELS_LEAST = 2, ROLLS_LEAST = 12 };

static const struct atl_template_folders folders = {NULL, FOLDER};
static struct atl_raster *raster;
static struct atl_error refused; // why the last page could not be drawn

static struct atl_template *load(const char *name)
{
    struct atl_template *tmpl = NULL;
    struct atl_error err = {0};

    if (atl_template_load_file(&folders, name, &tmpl, &err))
        fail_msg("%s: %s", name, err.text);
    return tmpl;
}

// NULL: the template does not take these words.
static struct atl_page *fill(const struct atl_template *tmpl, const char *language,
                             const struct atl_data *data)
{
    struct atl_words_file words;
    struct atl_page *page = NULL;
    struct atl_error err = {0};

    if (atl_words_file_load(NULL, FOLDER, language, &words, &err))
        fail_msg("%s", err.text);
    if (atl_template_page(tmpl, data, &words, &page, &err))
        page = NULL;
    atl_words_file_free(&words);
    return page;
}

static bool is_black(const struct atl_bitmap *bitmap, uint32_t x, uint32_t y)
{
    return bitmap->bits[(size_t)y * bitmap->row_bytes + x / 8] >> (7 - x % 8) & 1;
}

static void assert_same(const struct atl_bitmap *label, const struct atl_bitmap *preview,
                        const char *name)
{
    const uint32_t left = (label->width_dots - preview->width_dots) / 2;

    if (label->height_dots != preview->height_dots)
        fail_msg("%s: %u rows, and the preview has %u", name, label->height_dots,
                 preview->height_dots);
    for (uint32_t y = 0; y < label->height_dots; y++) {
        for (uint32_t x = 0; x < label->width_dots; x++) {
            const bool is_drawn =
                x >= left && x - left < preview->width_dots && is_black(preview, x - left, y);

            if (is_black(label, x, y) != is_drawn)
                fail_msg("%s: the dot %u, %u is not as in the preview", name, x, y);
        }
    }
}

// False: the page cannot be drawn on this model, which says so.
static bool print(const struct atl_page *page, const char *model_id, const char *name)
{
    const struct atl_driver *driver = atl_driver_find("zpl");
    const struct atl_model *model = atl_model_find(driver, model_id);
    const struct atl_rasteriser rasteriser = atl_raster_rasteriser(raster);
    struct atl_bitmap preview = {0};
    struct zpl_labels labels;
    struct atl_error err = {0};
    char why[ZPL_WHY_BYTES];
    struct atl_buf out;
    atl_code rc;

    atl_buf_init(&out, OUT_BYTES);
    rc = driver->encode(page, model, &rasteriser, &out, &err);
    if (!rc) {
        if (!zpl_lex(out.data, out.len, model->width_dots, &labels, why))
            fail_msg("%s on %s: %s", name, model_id, why);
        assert_int_equal(labels.count, 1);
        assert_int_equal(atl_raster_page(raster, page, atl_driver_dots(driver, model, page),
                                         model->dpi, ATL_RASTER_DOTS, &preview, NULL),
                         ATL_OK);
        assert_same(&labels.labels[0].dots, &preview, name);
        atl_bitmap_free(&preview);
        zpl_labels_free(&labels);
    } else {
        assert_int_equal(rc, ATL_E_INVALID);
        refused = err;
    }
    atl_buf_free(&out);
    return !rc;
}

static void print_in_each_language(const char *name, unsigned *labels, unsigned *rolls)
{
    static const char *const languages[] = {"en", "fr", "ja"};
    struct atl_template *tmpl = load(name);

    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        struct atl_data data;
        struct atl_page *page;

        sample_data(&data, atl_template_kind(tmpl), languages[i], SAMPLE_FULL);
        page = fill(tmpl, languages[i], &data);
        assert_non_null(page);
        if (!page->height_um && i) { // long, and like each other
            atl_page_free(page);
            atl_data_free(&data);
            break;
        }
        if (print(page, "gk420", name) && (!page->height_um || print(page, "zd420-300", name)))
            ++*(page->height_um ? labels : rolls);
        else if (!strstr(refused.text, "smaller modules")) // made for a finer head
            fail_msg("%s %s: %s", name, languages[i], refused.text);
        atl_page_free(page);
        atl_data_free(&data);
    }
    atl_template_close(tmpl);
}

static void every_shipped_paper_is_its_preview_and_labels_are_in_every_language(void **state)
{
    DIR *folder = opendir(FOLDER);
    const struct dirent *entry;
    unsigned labels = 0, rolls = 0;

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder))) {
        const char *end = strrchr(entry->d_name, '.');

        if (end && strcmp(end, ".ticket") == 0)
            print_in_each_language(entry->d_name, &labels, &rolls);
    }
    closedir(folder);
    assert_true(labels >= 3 * LABELS_LEAST && rolls >= ROLLS_LEAST);
}

static const char *text_of(const struct hostile_input *input)
{
    static char text[TEXT_BYTES];
    size_t len = 0;

    for (size_t i = 0; i < input->repeat && len + strlen(input->text) < sizeof text; i++) {
        memcpy(text + len, input->text, strlen(input->text));
        len += strlen(input->text);
    }
    text[len] = '\0';
    return text;
}

static void no_words_of_anybody_are_a_command(void **state)
{
    static const char *const more[] = {"^XA^FO0,0^FDx^FS^XZ", "~JR", "~JA", "^JUF", "_5EXA", "~HS"};
    struct atl_template *tmpl = load("bag-102x51.ticket");
    unsigned printed = 0;

    (void)state;
    for (size_t i = 0; i < HOSTILE_INPUT_COUNT + sizeof more / sizeof more[0]; i++) {
        const char *text =
            i < HOSTILE_INPUT_COUNT ? text_of(&hostile_inputs[i]) : more[i - HOSTILE_INPUT_COUNT];
        struct atl_data data;
        struct atl_page *page;

        sample_data_all(&data, ATL_TEMPLATE_BAG, text, 2);
        page = fill(tmpl, "en", &data);
        printed += page && print(page, "gk420", text);
        atl_page_free(page);
        atl_data_free(&data);
    }
    atl_template_close(tmpl);
    assert_true(printed >= HOSTILE_INPUT_COUNT / 2);
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
        cmocka_unit_test(every_shipped_paper_is_its_preview_and_labels_are_in_every_language),
        cmocka_unit_test(no_words_of_anybody_are_a_command),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
