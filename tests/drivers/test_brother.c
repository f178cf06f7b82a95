// SPDX-License-Identifier: Apache-2.0
// The encoder, read by another hand (tests/support/brother_lexer.c), and golden files of whole
// jobs. These are written anew by `test_brother --update`, to be read in the diff.
#include "plugin/render/bitmap.h"
#include "plugin/render/raster.h"
#include "tests/drivers/brother_page.h"
#include "tests/drivers/escpos_page.h"
#include "tests/support/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RANDOM_PAGES = 20000 };

static void compare(const struct atl_bitmap *drawn, const struct brother_paper *paper,
                    const struct brother_limits *limits, uint32_t offset)
{
    assert_true(brother_is_same(drawn, paper, limits, offset));
}

// ---- Every model and roll ----

static void every_model_prints_on_every_roll_and_no_dot_is_lost_or_moved(void **state)
{
    const struct atl_driver *driver = atl_driver_find("brother");
    size_t count = 0;

    (void)state;
    for (size_t m = 0; m < driver->model_count; m++) {
        for (size_t i = 0; i < driver->models[m].media_count; i++, count++) {
            const struct atl_media *media = &driver->models[m].media[i];
            const struct atl_model model = brother_loaded(driver->models[m].id, media->id);
            const struct brother_facts *known = brother_facts_of(model.id);
            const struct atl_page page = brother_page_for(&model, media);
            struct brother_print print = {
                .canvas = {.height_dots = 300, .density = 3}
            };

            if ((m + i) % 5) // each roll on some models, each model with some rolls
                continue;
            brother_print_page(&model, &page, &print);
            compare(&print.canvas.bitmap, &print.paper, &known->limits, media->offset_dots);
            assert_int_equal(print.paper.width_mm, media->width_um / BROTHER_MM);
            assert_int_equal(print.paper.length_mm, media->length_um / BROTHER_MM);
            assert_int_equal(print.paper.margin_dots, media->length_um        ? 0
                                                      : known->limits.is_tape ? 14
                                                                              : 35);
            assert_int_equal(print.paper.is_cut, known->limits.cuts);
            assert_true(print.job.len > known->nuls && print.job.data[known->nuls - 1] == 0);
            assert_int_equal(print.paper.is_two_inks, strcmp(media->id, "62red") == 0);
            brother_print_free(&print);
        }
    }
    assert_int_equal(driver->model_count, brother_facts_count());
    assert_true(count > 400);
}

static void no_roll_reaches_over_the_head_or_over_its_paper(void **state)
{
    const struct atl_driver *driver = atl_driver_find("brother");

    (void)state;
    for (size_t m = 0; m < driver->model_count; m++) {
        const struct atl_model *model = &driver->models[m];

        for (size_t i = 0; i < model->media_count; i++) {
            const struct atl_media *media = &model->media[i];

            assert_true(media->offset_dots + media->width_dots <=
                        brother_facts_of(model->id)->limits.pins);
            assert_true(media->width_dots <= model->width_dots);
            assert_true((uint64_t)media->width_dots * 25400 / model->dpi < media->width_um);
            assert_true((uint64_t)media->length_dots * 25400 / model->dpi <= media->length_um);
            assert_int_equal(!media->length_um, !media->length_dots);
        }
    }
}

static void whatever_is_drawn_can_only_be_dots(void **state)
{
    static const char *const ids[] = {"ql-700", "ql-820nwb", "pt-p700", "ql-800", "ql-1100"};
    size_t packed = 0;

    (void)state;
    for (int i = 0; i < RANDOM_PAGES; i++) {
        struct atl_model model = *brother_model_of(ids[brother_chance(5)]);
        const struct brother_facts *known = brother_facts_of(model.id);
        const bool is_red = known->limits.two_inks && brother_chance(4) == 0;
        const uint32_t width = 1 + brother_chance(100);
        struct atl_media media = {.id = is_red ? "62red" : "label",
                                  .width_um = 20 * BROTHER_MM,
                                  .length_um = known->limits.is_tape ? 0 : 20 * BROTHER_MM,
                                  .width_dots = (uint16_t)width,
                                  .length_dots = (uint16_t)(1 + brother_chance(4))};
        struct atl_page page = {.width_um = 20 * BROTHER_MM, .height_um = 20 * BROTHER_MM};
        struct brother_print print = {.canvas = {.density = brother_chance(8)}};

        if (known->limits.is_tape) {
            media.length_dots = 0;
            page.width_um = 5 * BROTHER_MM;
        }
        media.offset_dots = (uint16_t)brother_chance(known->limits.pins - width + 1);
        model.media = &media;
        model.media_count = 1;
        brother_print_page(&model, &page, &print);
        compare(&print.canvas.bitmap, &print.paper, &known->limits, media.offset_dots);
        packed += print.paper.packed_rows;
        brother_print_free(&print);
    }
    assert_true(packed > RANDOM_PAGES);
}

// ---- That the reader sees what is wrong ----

static void a_job_that_is_cut_off_or_goes_on_is_seen(void **state)
{
    static const char *const ids[] = {"ql-820nwb", "ql-500", "pt-p700"};

    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const struct atl_model model = brother_loaded(ids[i], i == 2 ? "12" : "d12");
        const struct brother_limits *limits = &brother_facts_of(ids[i])->limits;
        struct atl_page page = brother_page_for(&model, model.media);
        struct brother_print print = {.canvas = {.density = 2}};
        struct brother_paper paper;
        char why[BROTHER_WHY_BYTES];

        brother_print_page(&model, &page, &print);
        for (size_t len = 0; len < print.job.len; len += len < 600 ? 1 : 53)
            assert_false(brother_lex(print.job.data, len, limits, &paper, why));
        ATL_BUF_LIT(&print.job, "\x1a");
        assert_false(brother_lex(print.job.data, print.job.len, limits, &paper, why));
        brother_print_free(&print);
    }
}

static void a_picture_that_is_moved_or_has_a_dot_too_many_is_seen(void **state)
{
    const struct atl_model model = brother_loaded("ql-820nwb", "d24");
    const struct brother_limits *limits = &brother_facts_of("ql-820nwb")->limits;
    const struct atl_page page = brother_page_for(&model, model.media);
    struct brother_print print = {.canvas = {.density = 3}};

    (void)state;
    brother_print_page(&model, &page, &print);
    assert_true(
        brother_is_same(&print.canvas.bitmap, &print.paper, limits, model.media->offset_dots));
    assert_false(
        brother_is_same(&print.canvas.bitmap, &print.paper, limits, model.media->offset_dots + 1));
    print.paper.black.bits[0] ^= 0x80;
    assert_false(
        brother_is_same(&print.canvas.bitmap, &print.paper, limits, model.media->offset_dots));
    brother_print_free(&print);
}

// ---- Letters, with real fonts ----

static const char hostile[] =
    "\u00ab L'\u00e9t\u00e9 \u00bb \u202e\u05d0\u05d1 \u4e2d \u0627\u0644 "
    "{command:\\x1b@} =\\x1a ^^^ %s";

static void a_guests_words_are_dots_and_the_preview_is_the_paper(void **state)
{
    const struct atl_row row = {
        .kind = ATL_ROW_TEXT, .cell_count = 1, .cells = CELLS({SPANS(SPAN(hostile)), 1, 0, 0})};
    static const char *const ids[] = {"ql-700", "ql-820nwb", "ql-1100"};
    struct atl_raster *raster = NULL;
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(atl_raster_open(&raster, &err), ATL_OK);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const struct atl_page page = {.width_um = 62 * BROTHER_MM, .rows = &row, .row_count = 1};
        const struct atl_model model = brother_loaded(ids[i], "62");
        const struct atl_rasteriser rasteriser = atl_raster_rasteriser(raster);
        struct atl_bitmap preview = {0};
        char why[BROTHER_WHY_BYTES];
        struct brother_paper paper;
        struct atl_buf job;

        atl_buf_init(&job, BROTHER_JOB_MAX);
        if (atl_driver_find("brother")->encode(&page, &model, &rasteriser, &job, &err) ||
            rasteriser.draw_page(rasteriser.ctx, &page, model.media->width_dots, 0, model.dpi,
                                 &preview, &err))
            fail_msg("%s", err.text);
        if (!brother_lex(job.data, job.len, &brother_facts_of(ids[i])->limits, &paper, why))
            fail_msg("%s", why);
        compare(&preview, &paper, &brother_facts_of(ids[i])->limits, model.media->offset_dots);
        brother_paper_free(&paper);
        atl_bitmap_free(&preview);
        atl_buf_free(&job);
    }
    atl_raster_close(raster);
}

// ---- Golden files ----

static void dump(const struct atl_buf *job, struct atl_buf *text)
{
    size_t nuls = 0;

    while (nuls < job->len && !job->data[nuls])
        nuls++;
    atl_buf_addf(text, "%zu NUL", nuls);
    for (size_t i = nuls; i < job->len; i++) {
        const bool is_command = job->data[i] == 0x1b && (i - nuls) < 60;

        atl_buf_addf(text, "%s%02x", is_command || (i - nuls) % 32 == 0 ? "\n" : " ", job->data[i]);
    }
    ATL_BUF_LIT(text, "\n");
}

static void compare_with_golden(const char *name, const struct atl_buf *job)
{
    struct atl_buf text;
    char path[128];

    atl_buf_init(&text, 128 * 1024);
    dump(job, &text);
    (void)snprintf(path, sizeof path, "drivers/brother/%s", name);
    golden_compare(path, &text);
    atl_buf_free(&text);
}

static void a_job_on_each_kind_of_printer_is_the_golden_file(void **state)
{
    static const struct case_ {
        const char *model, *media;
    } cases[] = {
        {"ql-500",    "d12"  },
        {"ql-820nwb", "d12"  },
        {"ql-820nwb", "62red"},
        {"ql-1100",   "12"   },
        {"pt-p700",   "12"   },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct atl_model model = brother_loaded(cases[i].model, cases[i].media);
        struct atl_page page = brother_page_for(&model, model.media);
        struct brother_print print = {
            .canvas = {.height_dots = 20, .density = 2}
        };
        char name[64];

        brother_chance_begin(77);
        if (page.width_um == 60 * BROTHER_MM)
            page.width_um = 8 * BROTHER_MM;
        brother_print_page(&model, &page, &print);
        (void)snprintf(name, sizeof name, "%s-%s", cases[i].model, cases[i].media);
        compare_with_golden(name, &print.job);
        brother_print_free(&print);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_on_each_kind_of_printer_is_the_golden_file),
        cmocka_unit_test(every_model_prints_on_every_roll_and_no_dot_is_lost_or_moved),
        cmocka_unit_test(no_roll_reaches_over_the_head_or_over_its_paper),
        cmocka_unit_test(whatever_is_drawn_can_only_be_dots),
        cmocka_unit_test(a_job_that_is_cut_off_or_goes_on_is_seen),
        cmocka_unit_test(a_picture_that_is_moved_or_has_a_dot_too_many_is_seen),
        cmocka_unit_test(a_guests_words_are_dots_and_the_preview_is_the_paper),
    };

    golden_begin(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
