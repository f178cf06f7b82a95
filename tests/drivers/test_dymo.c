// SPDX-License-Identifier: Apache-2.0
// The encoder of LabelWriters: golden files of whole labels, and what each single rule promises.
// The golden files are written anew by `test_dymo --update`, to be read in the diff.
#include "drivers/driver.h"
#include "tests/support/dymo_lexer.h"
#include "tests/support/golden.h"
#include "tests/support/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct atl_page label_62x29 = {.width_um = 62000, .height_um = 29000};
static const struct atl_page label_25x25 = {.width_um = 25000, .height_um = 25000};
static const struct atl_page label_102x51 = {.width_um = 102000, .height_um = 51000};
static const struct atl_page roll_58 = {.width_um = 58000};
static const struct atl_page roll_80 = {.width_um = 80000};

// A model with one media, as the configuration makes it.
static struct atl_model model_of(const char *id, const char *media)
{
    const struct atl_model *found = atl_model_find(atl_driver_find("dymo"), id);
    struct atl_model model;

    assert_non_null(found);
    model = *found;
    if (media) {
        model.media = atl_media_find(found, media);
        assert_non_null(model.media);
        model.media_count = 1;
    }
    return model;
}

// One dot in the upper left corner, a black row in the middle, a dotted row below it and nothing
// else: what is short, what is long, and which side is which.
static atl_code draw_marks(void *ctx, const struct atl_page *page, uint32_t width_dots,
                           uint32_t height_dots, uint32_t dpi, struct atl_bitmap *out,
                           struct atl_error *err)
{
    const uint32_t row_bytes = (width_dots + 7) / 8;
    const uint32_t high = height_dots ? height_dots : 300;
    uint8_t *bits = calloc(high, row_bytes);

    (void)ctx;
    (void)page;
    (void)dpi;
    if (!bits)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    bits[0] = 0x80;
    for (uint32_t x = 0; x < width_dots; x++) {
        bits[(size_t)(high / 2) * row_bytes + x / 8] |= (uint8_t)(0x80u >> x % 8);
        if (x % 2)
            bits[(size_t)(high / 2 + 1) * row_bytes + x / 8] |= (uint8_t)(0x80u >> x % 8);
    }
    *out = (struct atl_bitmap){width_dots, high, row_bytes, bits};
    return ATL_OK;
}

static const struct atl_rasteriser marks = {.draw_page = draw_marks};

static struct atl_buf encode(const struct atl_page *page, const struct atl_model *model)
{
    struct atl_error err = {0};
    struct atl_buf out;

    atl_buf_init(&out, 1024 * 1024);
    if (atl_driver_find("dymo")->encode(page, model, &marks, &out, &err))
        fail_msg("%s on %s: %s", model->id, model->media->id, err.text);
    return out;
}

static struct dymo_label read_label(const struct atl_buf *bytes, const struct atl_model *model)
{
    const struct dymo_head head = {
        .bytes = model->width_dots / 8,
        .has_two_rolls = strstr(model->id, "twin") != NULL,
        .has_two_scales = model->dpi == 203,
    };
    struct dymo_label label;
    char why[DYMO_WHY_BYTES];

    if (!dymo_lex(bytes->data, bytes->len, &head, &label, why))
        fail_msg("%s on %s: %s", model->id, model->media->id, why);
    return label;
}

static bool is_black(const struct atl_bitmap *dots, uint32_t x, uint32_t y)
{
    return y < dots->height_dots && x < dots->width_dots &&
           dots->bits[(size_t)y * dots->row_bytes + x / 8] & 0x80u >> x % 8;
}

// Golden files ---------------------------------------------------------------------------------

// A line a command or row; the ESC before a job are counted.
static void dump(const struct atl_buf *bytes, struct atl_buf *out)
{
    size_t escapes = 0;

    while (escapes + 1 < bytes->len && bytes->data[escapes + 1] == 0x1b)
        escapes++;
    atl_buf_addf(out, "%zu x 1b", escapes);
    for (size_t i = escapes; i < bytes->len; i++) {
        const bool is_lead =
            bytes->data[i] == 0x1b || bytes->data[i] == 0x16 || bytes->data[i] == 0x17;

        atl_buf_addf(out, "%s%02x", is_lead ? "\n" : " ", bytes->data[i]);
    }
    ATL_BUF_LIT(out, "\n");
}

static void compare_with_golden(const char *name, const struct atl_buf *bytes)
{
    struct atl_buf text;
    char path[128];

    atl_buf_init(&text, 64 * 1024);
    dump(bytes, &text);
    (void)snprintf(path, sizeof path, "drivers/dymo/%s", name);
    golden_compare(path, &text);
    atl_buf_free(&text);
}

static void a_label_on_each_kind_of_printer_is_the_golden_file(void **state)
{
    static const struct case_ {
        const char *model, *media;
        const struct atl_page *page;
        const char *golden;
    } cases[] = {
        {"lw-450",            NULL,         &label_25x25,  "lw-450"           },
        {"lw-450",            "99012",      &label_62x29,  "lw-450-across"    },
        {"lw-450",            "continuous", &roll_58,      "lw-450-continuous"},
        {"lw-450-twin-left",  "11353",      &label_25x25,  "lw-450-twin-left" },
        {"lw-450-twin-right", "11353",      &label_25x25,  "lw-450-twin-right"},
        {"lw-4xl",            "S0904980",   &label_102x51, "lw-4xl"           },
        {"lw-se450",          "30334",      &label_25x25,  "lw-se450"         },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct atl_model model = model_of(cases[i].model, cases[i].media);
        struct atl_buf bytes = encode(cases[i].page, &model);
        struct dymo_label label = read_label(&bytes, &model);

        compare_with_golden(cases[i].golden, &bytes);
        free(label.dots.bits);
        atl_buf_free(&bytes);
    }
}

// Labels ---------------------------------------------------------------------------------------

static void every_label_of_every_model_is_within_its_head_and_its_paper(void **state)
{
    const struct atl_driver *driver = atl_driver_find("dymo");

    (void)state;
    for (size_t i = 0; i < driver->model_count; i++) {
        const struct atl_model *model = &driver->models[i];

        for (size_t k = 0; k < model->media_count; k++) {
            const struct atl_media *media = &model->media[k];
            const uint64_t width_um = (uint64_t)media->width_dots * 25400 / model->dpi;
            const uint64_t length_um = (uint64_t)media->length_dots * 25400 / model->dpi;

            assert_true(media->width_dots && media->width_dots <= model->width_dots);
            assert_true(width_um <= media->width_um);
            assert_true(length_um <= media->length_um);
            assert_true(!media->length_um == !media->length_dots);
            assert_ptr_equal(atl_media_find(model, media->id), media); // no two of one name
        }
    }
}

static void a_label_that_is_wider_than_the_roll_is_turned_to_the_right(void **state)
{
    const struct atl_model model = model_of("lw-450", "99012");
    struct atl_buf bytes = encode(&label_62x29, &model);
    struct dymo_label label = read_label(&bytes, &model);

    (void)state;
    assert_int_equal(label.length_dots, 1045); // 88.6 mm
    // Drawn 961 dots wide and 392 high: the upper left corner leaves the printer first, at the
    // right.
    assert_true(is_black(&label.dots, 391, 0));
    assert_false(is_black(&label.dots, 0, 0));
    // The black row in the middle is a column now: 196 from above is 195 from the right.
    for (uint32_t y = 0; y < 961; y++)
        assert_true(is_black(&label.dots, 195, y));
    assert_int_equal(label.dots.height_dots, 961);
    free(label.dots.bits);
    atl_buf_free(&bytes);
}

static void what_fits_neither_way_is_refused_with_both_sizes_and_the_cure(void **state)
{
    static const struct case_ {
        const char *model, *media;
        const struct atl_page *page;
        const char *words;
    } cases[] = {
        {"lw-450", NULL,         &label_62x29,
         "the paper is 62 x 29 mm, and the DYMO LabelWriter 450 is set to labels 30252 of 28 x 89 "
         "mm: put in larger ones and name them with media"},
        {"lw-450", "30334",      &label_102x51,
         "the paper is 102 x 51 mm, and the DYMO LabelWriter 450 is set to labels 30334 of 57 x 32 "
         "mm: put in larger ones and name them with media"},
        {"lw-450", "11353",      &roll_58,
         "the paper is 58 mm, and the DYMO LabelWriter 450 is set to labels 11353 of 25 x 25 mm: "
         "put in larger ones and name them with media"    },
        {"lw-450", "continuous", &roll_80,
         "the paper is 80 mm, and the DYMO LabelWriter 450 is set to the roll continuous of 54 mm: "
         "put in larger ones and name them with media"    },
    };
    const struct atl_driver *driver = atl_driver_find("dymo");

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct atl_model model = model_of(cases[i].model, cases[i].media);
        struct atl_error err = {0};
        struct atl_buf out;

        atl_buf_init(&out, 4096);
        assert_int_equal(driver->encode(cases[i].page, &model, &marks, &out, &err), ATL_E_INVALID);
        assert_string_equal(err.text, cases[i].words);
        assert_int_equal(out.len, 0);
        assert_int_equal(driver->fits(NULL, &model, cases[i].page, &err), ATL_E_DEVICE);
        assert_int_equal(err.code, ATL_E_DEVICE); // it waits for a person, and is not thrown away
        assert_string_equal(err.text, cases[i].words);
        atl_buf_free(&out);
    }
}

static void nothing_that_cannot_be_drawn_is_sent(void **state)
{
    const struct atl_model model = model_of("lw-450", NULL);
    struct atl_error err = {0};
    struct atl_buf out;

    (void)state;
    atl_buf_init(&out, 4096);
    assert_int_equal(atl_driver_find("dymo")->encode(&label_25x25, &model, NULL, &out, &err),
                     ATL_E_UNSUPPORTED);
    assert_int_equal(out.len, 0);
    atl_buf_free(&out);
}

static void white_rows_are_skipped_and_the_end_needs_none(void **state)
{
    const struct atl_model model = model_of("lw-450", "continuous");
    struct atl_buf bytes = encode(&roll_58, &model);
    struct dymo_label label = read_label(&bytes, &model);

    (void)state;
    assert_int_equal(label.length_dots, 0xffff);
    assert_int_equal(label.dots.height_dots, 152); // of 300: the last black row is the 152nd
    assert_true(bytes.len < 300);
    free(label.dots.bits);
    atl_buf_free(&bytes);
}

// A broken job ----------------------------------------------------------------------------------

// As it comes out of a printer that nothing happens to.
static struct sim_paper print_whole(struct sim *sim, const struct atl_buf *job)
{
    const struct sim_paper *papers;
    struct atl_link *link = NULL;

    assert_int_equal(sim_open_link(sim, &link, NULL), ATL_OK);
    assert_int_equal(link->ops->write(link, job->data, job->len, 5000, NULL), ATL_OK);
    sim_pass(sim, 20000);
    link->ops->close(link);
    assert_int_equal(sim_papers(sim, &papers), 1);
    assert_string_equal(sim_garbage_why(sim), "");
    assert_true(papers[0].is_whole);
    return papers[0];
}

// The cable is pulled after so many bytes of a job, and put back; then comes the resync, and the
// job once more. The last label is a whole one, as if nothing had been before it.
static void print_once_more(struct sim *sim, const struct atl_buf *job, size_t accepted,
                            const struct atl_buf *resync, const struct sim_paper *whole)
{
    const struct sim_fault fault = {SIM_AT_BYTE, accepted, SIM_UNPLUGGED, 0};
    const struct sim_paper *papers;
    struct atl_link *link = NULL;
    size_t count;

    sim_reset(sim);
    assert_int_equal(sim_open_link(sim, &link, NULL), ATL_OK);
    sim_plan(sim, &fault, 1);
    assert_int_equal(link->ops->write(link, job->data, job->len, 5000, NULL), ATL_E_IO);
    assert_int_equal(link->accepted_bytes, accepted);
    link->ops->close(link);
    sim_clear(sim, SIM_UNPLUGGED);
    assert_int_equal(sim_open_link(sim, &link, NULL), ATL_OK);
    assert_int_equal(link->ops->write(link, resync->data, resync->len, 5000, NULL), ATL_OK);
    assert_int_equal(link->ops->write(link, job->data, job->len, 5000, NULL), ATL_OK);
    sim_pass(sim, 20000);
    link->ops->close(link);
    count = sim_papers(sim, &papers);
    if (sim_garbage_count(sim) || !count || !papers[count - 1].is_whole ||
        !sim_is_same(&papers[count - 1], whole))
        fail_msg("cut after %zu of %zu bytes: %zu labels; %s", accepted, job->len, count,
                 sim_garbage_count(sim) ? sim_garbage_why(sim) : "the last is not the job");
    for (size_t i = 0; i + 1 < count; i++)
        assert_true(sim_is_part(&papers[i], whole));
}

static void a_job_broken_at_any_byte_takes_nothing_of_the_next_one(void **state)
{
    static const char *const models[] = {"lw-450", "lw-4xl", "lw-450-twin-left", "lw-se450"};
    const struct atl_driver *driver = atl_driver_find("dymo");

    (void)state;
    for (size_t m = 0; m < sizeof models / sizeof models[0]; m++) {
        const struct atl_model model = model_of(models[m], "11353");
        struct atl_buf job = encode(&label_25x25, &model);
        struct sim *sim = sim_make(driver, &model, NULL);
        struct sim *other = sim_make(driver, &model, NULL);
        struct sim_paper whole = print_whole(other, &job);

        for (size_t accepted = 1; accepted < job.len; accepted++) {
            struct atl_buf out;

            atl_buf_init(&out, 4096);
            assert_int_equal(driver->resync(job.data, job.len, accepted, &out, NULL), ATL_OK);
            print_once_more(sim, &job, accepted, &out, &whole);
            atl_buf_free(&out);
        }
        sim_free(sim);
        sim_free(other);
        atl_buf_free(&job);
    }
}

// The control: what the test above would find.
static void without_a_resync_the_next_job_stands_on_the_spoiled_label(void **state)
{
    const struct atl_driver *driver = atl_driver_find("dymo");
    const struct atl_model model = model_of("lw-4xl", "11353");
    struct atl_buf job = encode(&label_25x25, &model);
    struct sim *sim = sim_make(driver, &model, NULL);
    struct atl_link *link = NULL;
    const struct sim_paper *papers;

    (void)state;
    assert_int_equal(sim_open_link(sim, &link, NULL), ATL_OK);
    assert_int_equal(link->ops->write(link, job.data, job.len - 10, 5000, NULL), ATL_OK);
    assert_int_equal(link->ops->write(link, job.data, job.len, 5000, NULL), ATL_OK);
    sim_pass(sim, 20000);
    assert_int_equal(sim_papers(sim, &papers), 1);
    link->ops->close(link);
    sim_free(sim);
    atl_buf_free(&job);
}

static void when_nobody_knows_how_far_a_job_got_a_label_is_fed(void **state)
{
    const struct atl_driver *driver = atl_driver_find("dymo");
    struct atl_buf out;

    (void)state;
    atl_buf_init(&out, 4096);
    assert_int_equal(driver->resync(NULL, 0, 0, &out, NULL), ATL_OK);
    assert_int_equal(out.len, 164);
    for (size_t i = 0; i < 161; i++)
        assert_int_equal(out.data[i], 0x1b);
    assert_memory_equal(out.data + 161,
                        "@\x1b"
                        "E",
                        3);
    atl_buf_free(&out);
}

static void resync_refuses_what_is_no_job_of_ours(void **state)
{
    const struct atl_driver *driver = atl_driver_find("dymo");
    struct atl_error err = {0};
    struct atl_buf out;

    (void)state;
    atl_buf_init(&out, 4096);
    assert_int_equal(driver->resync("\x1b@hello", 7, 4, &out, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "byte 2 of the job is no command of ours");
    assert_int_equal(driver->resync("\x1b@", 2, 3, &out, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "3 bytes of a job of 2 were taken");
    assert_int_equal(out.len, 0);
    atl_buf_free(&out);
}

// The conversation ------------------------------------------------------------------------------

static atl_code status_from(const char *recording, uint32_t *trouble, struct atl_error *err)
{
    const struct atl_model model = model_of("lw-450", NULL);
    struct atl_link *link = NULL;
    char path[512];
    atl_code rc;

    snprintf(path, sizeof path, "replay:%s/drivers/dymo/%s", ATL_TESTS_DIR, recording);
    if (atl_link_open(path, &link, err))
        fail_msg("%s", err->text);
    rc = atl_driver_find("dymo")->status(link, &model, trouble, err);
    link->ops->close(link);
    return rc;
}

static void a_status_is_shown_as_it_is_and_given_no_meaning(void **state)
{
    static const struct case_ {
        const char *recording;
        atl_code code;
        const char *words;
    } cases[] = {
        {"answers-03.replay",   ATL_E_UNSUPPORTED,
         "DYMO LabelWriter 450: it is there and answers 03, which nobody knows to read: its lamp "
         "says whether it can print"                                     },
        {"answers-late.replay", ATL_E_UNSUPPORTED,
         "DYMO LabelWriter 450: it is there and answers 03, which nobody knows to read: its lamp "
         "says whether it can print"                                     },
        {"answers-a0.replay",   ATL_E_UNSUPPORTED,
         "DYMO LabelWriter 450: it is there and answers a0, which nobody knows to read: its lamp "
         "says whether it can print"                                     },
        {"silent.replay",       ATL_E_TIMEOUT,
         "DYMO LabelWriter 450: status: replay: recorded timeout, line 3"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct atl_error err = {0};
        uint32_t trouble = 0xdead;

        assert_int_equal(status_from(cases[i].recording, &trouble, &err), cases[i].code);
        assert_string_equal(err.text, cases[i].words);
        assert_int_equal(trouble, 0xdead);
    }
}

static void no_model_is_asked_between_jobs_and_none_proves_more_than_that_it_took_them(void **state)
{
    const struct atl_driver *driver = atl_driver_find("dymo");
    const struct atl_link link = {.carries = ATL_LINK_CARRIES_ANSWERS};

    (void)state;
    assert_null(driver->confirm);
    for (size_t i = 0; i < driver->model_count; i++) {
        assert_true(driver->models[i].quirks & ATL_QUIRK_NO_STATUS);
        assert_int_equal(atl_driver_proof(driver, &driver->models[i], &link), ATL_PROOF_TAKEN);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_on_each_kind_of_printer_is_the_golden_file),
        cmocka_unit_test(every_label_of_every_model_is_within_its_head_and_its_paper),
        cmocka_unit_test(a_label_that_is_wider_than_the_roll_is_turned_to_the_right),
        cmocka_unit_test(what_fits_neither_way_is_refused_with_both_sizes_and_the_cure),
        cmocka_unit_test(nothing_that_cannot_be_drawn_is_sent),
        cmocka_unit_test(white_rows_are_skipped_and_the_end_needs_none),
        cmocka_unit_test(a_job_broken_at_any_byte_takes_nothing_of_the_next_one),
        cmocka_unit_test(without_a_resync_the_next_job_stands_on_the_spoiled_label),
        cmocka_unit_test(when_nobody_knows_how_far_a_job_got_a_label_is_fed),
        cmocka_unit_test(resync_refuses_what_is_no_job_of_ours),
        cmocka_unit_test(a_status_is_shown_as_it_is_and_given_no_meaning),
        cmocka_unit_test(
            no_model_is_asked_between_jobs_and_none_proves_more_than_that_it_took_them),
    };

    golden_begin(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
