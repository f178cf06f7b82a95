// SPDX-License-Identifier: Apache-2.0
// The shipped papers for rolls on every model, with real fonts: the stream is right to a strict
// reader, what it draws is the preview dot for dot, what it writes are the guest's words, and the
// symbol leads to the page.
#include "plugin/render/bitmap.h"
#include "plugin/render/raster.h"
#include "plugin/render/template.h"
#include "tests/drivers/star_page.h"
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

// Dots that are changed because they would be obeyed on arrival.
enum { CHANGED_MAX = 4, NARROW_MM = 58, SEGMENTS_MAX = 256 };

static const char *const papers[] = {"claim", "gift",  "tag",  "bag",
                                     "run",   "codes", "roll", "seats"};
static const char *const languages[] = {"en", "fr", "ja"};

static struct atl_raster *raster;

static struct atl_page *page_of(const char *name, bool is_narrow, const char *language)
{
    const struct atl_template_folders folders = {NULL, FOLDER};
    struct atl_template *tmpl = NULL;
    struct atl_words_file words;
    struct atl_data data;
    struct atl_page *page = NULL;
    struct atl_error err = {0};
    char file[64];

    snprintf(file, sizeof file, "%s%s.ticket", name, is_narrow ? "-58" : "");
    if (atl_template_load_file(&folders, file, &tmpl, &err) ||
        atl_words_file_load(NULL, FOLDER, language, &words, &err))
        fail_msg("%s", err.text);
    sample_data(&data, atl_template_kind(tmpl), language, SAMPLE_FULL);
    if (atl_template_page(tmpl, &data, &words, &page, &err))
        fail_msg("%s: %s", file, err.text);
    atl_data_free(&data);
    atl_words_file_free(&words);
    atl_template_close(tmpl);
    return page;
}

// What was asked to be drawn ------------------------------------------------------------------

struct watcher {
    struct atl_rasteriser inner;
    const struct atl_row *rows[1024];
    struct atl_bitmap bitmaps[1024];
    size_t count;
};

static atl_code watch_draw(void *ctx, const struct atl_page *page, const struct atl_row *row,
                           uint32_t width_dots, uint32_t dpi, struct atl_bitmap *out,
                           struct atl_error *err)
{
    struct watcher *watcher = ctx;
    const atl_code rc =
        watcher->inner.draw(watcher->inner.ctx, page, row, width_dots, dpi, out, err);
    struct atl_bitmap *copy = &watcher->bitmaps[watcher->count];

    assert_int_equal(rc, ATL_OK);
    assert_true(watcher->count < 1024);
    assert_int_equal(atl_bitmap_init(copy, out->width_dots, out->height_dots, NULL), ATL_OK);
    atl_bitmap_blit(copy, 0, 0, out);
    watcher->rows[watcher->count++] = row;
    return rc;
}

// The pictures of a paper, top to bottom: drawn rows and feeds that follow each other are one.
static size_t expect(const struct atl_page *page, const struct watcher *watcher, uint32_t width,
                     uint32_t dpi, struct atl_bitmap segments[SEGMENTS_MAX])
{
    struct atl_bitmap whole = {0};
    size_t count = 0, drawn = 0;
    bool is_open = false;

    for (size_t i = 0; i < page->row_count; i++) {
        const struct atl_row *row = &page->rows[i];
        const bool is_drawn = drawn < watcher->count && watcher->rows[drawn] == row;
        const uint32_t rows = is_drawn ? watcher->bitmaps[drawn].height_dots
                              : row->kind == ATL_ROW_FEED
                                  ? (uint32_t)(((uint64_t)row->height_um * dpi + 12700) / 25400)
                                  : 0;

        if (!is_drawn && row->kind != ATL_ROW_FEED) {
            is_open = false;
            continue;
        }
        if (!rows)
            continue;
        if (!is_open) {
            assert_true(count < SEGMENTS_MAX);
            segments[count++] = (struct atl_bitmap){0};
        }
        is_open = true;
        whole = segments[count - 1];
        assert_int_equal(
            atl_bitmap_init(&segments[count - 1], width, whole.height_dots + rows, NULL), ATL_OK);
        if (whole.bits)
            atl_bitmap_blit(&segments[count - 1], 0, 0, &whole);
        if (is_drawn)
            atl_bitmap_blit(&segments[count - 1], 0, whole.height_dots, &watcher->bitmaps[drawn++]);
        free(whole.bits);
    }
    assert_int_equal(drawn, watcher->count);
    return count;
}

static unsigned differences(const struct atl_bitmap *a, const struct atl_bitmap *b)
{
    unsigned count = 0;

    for (uint32_t y = 0; y < a->height_dots; y++) {
        for (uint32_t x = 0; x < a->row_bytes; x++)
            count += (unsigned)__builtin_popcount(a->bits[(size_t)y * a->row_bytes + x] ^
                                                  b->bits[(size_t)y * b->row_bytes + x]);
    }
    return count;
}

static void compare(const char *name, const struct escpos_paper *paper,
                    const struct atl_bitmap *segments, size_t count)
{
    unsigned changed = 0;
    size_t at = 0;

    for (size_t i = 0; i < paper->count; i++) {
        const struct atl_bitmap *dots = &paper->items[i].dots;

        if (paper->items[i].kind != ESCPOS_DOTS)
            continue;
        assert_true(at < count);
        if (dots->height_dots != segments[at].height_dots ||
            dots->row_bytes != segments[at].row_bytes)
            fail_msg("%s: picture %zu has %u rows, its preview %u", name, at, dots->height_dots,
                     segments[at].height_dots);
        changed += differences(dots, &segments[at++]);
    }
    assert_int_equal(at, count);
    if (changed > CHANGED_MAX)
        fail_msg("%s: %u dots differ from the preview", name, changed);
}

static struct watcher watcher; // too large for a stack

static struct star_printed print(const struct atl_page *page, const char *id)
{
    const struct atl_rasteriser rasteriser = {.ctx = &watcher, .draw = watch_draw};

    watcher.inner = atl_raster_rasteriser(raster);
    watcher.count = 0;
    return star_print(page, id, &rasteriser);
}

static void forget_drawn(void)
{
    for (size_t i = 0; i < watcher.count; i++)
        free(watcher.bitmaps[i].bits);
    watcher.count = 0;
}

static void check_paper(const char *name, const struct atl_page *page,
                        const struct star_facts *facts)
{
    static struct atl_bitmap segments[SEGMENTS_MAX];
    struct star_printed printed = print(page, facts->id);
    const size_t count = expect(page, &watcher, facts->limits.width_dots, 203, segments);

    assert_true(printed.paper.count > 1);
    compare(name, &printed.paper, segments, count);
    for (size_t i = 0; i < count; i++)
        free(segments[i].bits);
    forget_drawn();
    star_printed_free(&printed);
}

static void every_paper_in_every_language_is_its_preview_on_every_model(void **state)
{
    // The others have the same language and width as one of these.
    static const char *const ids[] = {"tsp100",   "raster-58", "tsp650ii",
                                      "tsp800ii", "mc-print2", "mc-print3"};

    (void)state;
    for (size_t p = 0; p < sizeof papers / sizeof papers[0]; p++) {
        for (size_t l = 0; l < sizeof languages / sizeof languages[0]; l++) {
            struct atl_page *wide = page_of(papers[p], false, languages[l]);
            struct atl_page *narrow = page_of(papers[p], true, languages[l]);

            for (size_t m = 0; m < sizeof ids / sizeof ids[0]; m++) {
                const struct star_facts *facts = star_facts_of(ids[m]);

                check_paper(papers[p], facts->paper_mm == NARROW_MM ? narrow : wide, facts);
            }
            atl_page_free(wide);
            atl_page_free(narrow);
        }
    }
}

// A paper of nothing but rows is one picture, and that is the preview of the whole page.
static void a_ticket_of_rows_is_the_preview_of_the_whole_page(void **state)
{
    struct atl_page *page = page_of("claim", false, "ja");
    struct star_printed printed = print(page, "tsp100");
    struct atl_bitmap preview = {0};
    const struct atl_bitmap *dots = NULL;
    struct atl_error err = {0};

    (void)state;
    for (size_t i = 0; i < printed.paper.count; i++) {
        if (printed.paper.items[i].kind == ESCPOS_DOTS) {
            assert_null(dots);
            dots = &printed.paper.items[i].dots;
        }
    }
    assert_non_null(dots);
    if (atl_raster_page(raster, page, 576, 203, ATL_RASTER_DOTS, &preview, &err))
        fail_msg("%s", err.text);
    assert_int_equal(dots->row_bytes, preview.row_bytes);
    assert_int_equal(dots->height_dots, preview.height_dots);
    assert_true(differences(dots, &preview) <= CHANGED_MAX);
    free(preview.bits);
    forget_drawn();
    star_printed_free(&printed);
    atl_page_free(page);
}

static void the_guests_words_leave_as_letters_where_the_printer_has_them(void **state)
{
    static const char *const ids[] = {"tsp650ii", "mc-print3", "tsp800ii"};
    struct atl_page *page = page_of("claim", false, "fr");

    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        struct star_printed printed = print(page, ids[i]);
        const struct escpos_item *item =
            escpos_paper_find(&printed.paper, "L'\u00e9t\u00e9 d'\u00c9lodie");

        assert_non_null(item);
        assert_non_null(strchr(item->style, 'W')); // large
        assert_non_null(escpos_paper_find(&printed.paper, "K7F-2A1"));
        assert_non_null(escpos_paper_find(&printed.paper, "\u20ac"));
        forget_drawn();
        star_printed_free(&printed);
    }
    atl_page_free(page);
}

static void the_symbol_in_the_stream_leads_to_the_page(void **state)
{
    static const char *const ids[] = {"tsp100", "tsp650ii", "mc-print2"};

    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const struct star_facts *facts = star_facts_of(ids[i]);
        struct atl_page *page = page_of("claim", facts->paper_mm == NARROW_MM, "fr");
        struct star_printed printed = print(page, ids[i]);
        const char *symbol = NULL;
        char read[512] = "";

        for (size_t k = 0; k < page->row_count; k++)
            symbol = page->rows[k].kind == ATL_ROW_QR ? page->rows[k].qr_text : symbol;
        assert_true(escpos_paper_png(&printed.paper, facts->limits.width_dots, "star.png"));
        if (zbar_read("star.png", read, sizeof read) < 0) {
            print_message("SKIP: zbarimg is not installed\n");
            skip();
        }
        assert_non_null(symbol);
        assert_string_equal(read, symbol);
        forget_drawn();
        star_printed_free(&printed);
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
        cmocka_unit_test(every_paper_in_every_language_is_its_preview_on_every_model),
        cmocka_unit_test(a_ticket_of_rows_is_the_preview_of_the_whole_page),
        cmocka_unit_test(the_guests_words_leave_as_letters_where_the_printer_has_them),
        cmocka_unit_test(the_symbol_in_the_stream_leads_to_the_page),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
