// SPDX-License-Identifier: Apache-2.0
// The driver with a printer on the desk: what it says before, during and after a paper, with the
// printer of tests/support/sim_brother.c, which nobody here has seen work on hardware.
#include "plugin/render/bitmap.h"
#include "tests/support/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MM = 1000, ROWS = 200, PATIENCE_MS = 8000, HEAD_BYTES = 70 };

static const struct atl_page label = {.width_um = 62 * MM, .height_um = 29 * MM};
static const struct atl_page roll = {.width_um = 62 * MM};
static const struct atl_page strip = {.width_um = 60 * MM, .height_um = 12 * MM};

// ---- A desk ----

struct desk {
    const struct atl_driver *driver;
    struct atl_model model;
    struct sim *sim;
    struct atl_link *link;
    struct atl_buf job;
};

static atl_code draw_page(void *ctx, const struct atl_page *page, uint32_t width_dots,
                          uint32_t height_dots, uint32_t dpi, struct atl_bitmap *out,
                          struct atl_error *err)
{
    (void)ctx;
    (void)page;
    (void)dpi;
    if (atl_bitmap_init(out, width_dots, height_dots ? height_dots : ROWS, err))
        return ATL_E_NOMEM;
    for (uint32_t y = 0; y < out->height_dots; y++)
        out->bits[(size_t)y * out->row_bytes + y % (width_dots / 8)] = (uint8_t)(0x80 | y);
    return ATL_OK;
}

static void open_link(struct desk *desk)
{
    struct atl_error err = {0};

    if (sim_open_link(desk->sim, &desk->link, &err))
        fail_msg("%s", err.text);
}

static struct desk desk_with(const char *model, const char *media, const struct atl_page *page)
{
    const struct atl_rasteriser rasteriser = {.draw_page = draw_page};
    struct desk desk = {.driver = atl_driver_find("brother")};
    struct atl_error err = {0};

    desk.model = *atl_model_find(desk.driver, model);
    desk.model.media = atl_media_find(&desk.model, media);
    assert_non_null(desk.model.media);
    desk.model.media_count = 1;
    desk.sim = sim_make(desk.driver, atl_model_find(desk.driver, model), media);
    atl_buf_init(&desk.job, 1024 * 1024);
    if (desk.driver->encode(page, &desk.model, &rasteriser, &desk.job, &err))
        fail_msg("%s", err.text);
    open_link(&desk);
    return desk;
}

static void clear(struct desk *desk)
{
    if (desk->link)
        desk->link->ops->close(desk->link);
    assert_string_equal(sim_garbage_count(desk->sim) ? sim_garbage_why(desk->sim) : "", "");
    sim_free(desk->sim);
    atl_buf_free(&desk->job);
}

static void close_link(struct desk *desk)
{
    desk->link->ops->close(desk->link);
    desk->link = NULL;
}

static atl_code send(struct desk *desk, size_t len)
{
    return desk->link->ops->write(desk->link, desk->job.data, len, 5000, NULL);
}

static atl_code confirm(struct desk *desk, struct atl_error *err)
{
    char evidence[120] = "";
    const atl_code rc = desk->driver->confirm(desk->link, &desk->model, PATIENCE_MS, evidence,
                                              sizeof evidence, err);

    assert_int_equal(rc != ATL_OK, evidence[0] == '\0');
    return rc;
}

static uint32_t status(struct desk *desk)
{
    struct atl_error err = {0};
    uint32_t trouble = 0xdead;

    if (desk->driver->status(desk->link, &desk->model, &trouble, &err))
        fail_msg("%s", err.text);
    return trouble;
}

static size_t whole_papers(struct desk *desk)
{
    const struct sim_paper *papers;
    size_t whole = 0;

    for (size_t i = 0, count = sim_papers(desk->sim, &papers); i < count; i++)
        whole += papers[i].is_whole;
    return whole;
}

// ---- When all is well ----

static void a_paper_comes_out_on_each_kind_of_printer_and_is_confirmed(void **state)
{
    static const struct case_ {
        const char *model, *media;
        const struct atl_page *page;
    } cases[] = {
        {"ql-500",    "62",    &roll },
        {"ql-700",    "62x29", &label},
        {"ql-800",    "62red", &roll },
        {"ql-820nwb", "62red", &label},
        {"ql-820nwb", "62",    &label},
        {"ql-1100",   "62",    &roll },
        {"pt-p700",   "12",    &strip},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk = desk_with(cases[i].model, cases[i].media, cases[i].page);
        struct atl_error err = {0};

        assert_int_equal(status(&desk), ATL_TROUBLE_NONE);
        if (desk.driver->fits(desk.link, &desk.model, cases[i].page, &err))
            fail_msg("%s", err.text);
        assert_int_equal(send(&desk, desk.job.len), ATL_OK);
        if (confirm(&desk, &err))
            fail_msg("%s: %s", cases[i].model, err.text);
        assert_int_equal(whole_papers(&desk), 1);
        assert_int_equal(status(&desk), ATL_TROUBLE_NONE);
        clear(&desk);
    }
}

static void completed_is_not_enough_while_the_last_rows_are_inside(void **state)
{
    struct desk desk = desk_with("ql-820nwb", "62", &roll);
    const struct sim_fault pulled = {.trigger = SIM_AT_ROW, .at = ROWS - 2, .set = SIM_UNPLUGGED};
    struct atl_error err = {0};

    (void)state;
    sim_plan(desk.sim, &pulled, 1);
    assert_int_equal(send(&desk, desk.job.len), ATL_OK);
    assert_int_not_equal(confirm(&desk, &err), ATL_OK);
    clear(&desk);
}

// ---- Another roll ----

static void a_wrong_roll_is_seen_before_a_byte_is_sent_and_else_by_the_printer(void **state)
{
    static const struct case_ {
        const char *model, *set, *loaded, *words;
        const struct atl_page *page;
    } cases[] = {
        {"ql-700",    "62x29", "62",    "62 x 29 mm, and it is loaded with 62 mm, continuous", &label},
        {"ql-700",    "62",    "29x90", "62 mm, continuous, and it is loaded with 29 x 90 mm", &roll },
        {"ql-820nwb", "62",    "62red", "two colours",                                         &roll },
        {"ql-820nwb", "62red", "62",    "loaded with a black one",                             &roll },
        {"pt-p700",   "12",    "24",    "change the tape",                                     &strip},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk = desk_with(cases[i].model, cases[i].set, cases[i].page);
        struct atl_error err = {0};

        sim_load(desk.sim, cases[i].loaded);
        assert_int_equal(desk.driver->fits(desk.link, &desk.model, cases[i].page, &err),
                         ATL_E_DEVICE);
        assert_non_null(strstr(err.text, cases[i].words));
        assert_int_equal(send(&desk, desk.job.len), ATL_OK); // who sends all the same
        assert_int_equal(confirm(&desk, &err), ATL_E_DEVICE);
        assert_non_null(strstr(err.text, "wrong media"));
        assert_int_equal(whole_papers(&desk), 0);
        clear(&desk);
    }
}

// ---- Trouble ----

static const struct trouble {
    uint32_t condition, trouble;
} troubles[] = {
    {SIM_PAPER_OUT,  ATL_TROUBLE_MEDIA_OUT },
    {SIM_COVER_OPEN, ATL_TROUBLE_COVER_OPEN},
    {SIM_CUTTER_JAM, ATL_TROUBLE_JAM       },
    {SIM_HOT,        ATL_TROUBLE_HOT       },
};

static void trouble_before_a_paper_is_named_and_goes_away(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof troubles / sizeof troubles[0]; i++) {
        struct desk desk = desk_with("ql-820nwb", "62", &roll);
        struct atl_error err = {0};
        const int64_t begun_ms = sim_now_ms(desk.sim);

        sim_set(desk.sim, troubles[i].condition);
        assert_int_equal(status(&desk), troubles[i].trouble);
        assert_in_range(sim_now_ms(desk.sim) - begun_ms, 0, 1999);
        assert_int_equal(desk.driver->fits(desk.link, &desk.model, &roll, &err), ATL_E_DEVICE);
        sim_clear(desk.sim, troubles[i].condition);
        assert_int_equal(status(&desk), ATL_TROUBLE_NONE);
        clear(&desk);
    }
}

static void trouble_inside_of_a_paper_is_named_and_the_next_paper_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct desk desk = desk_with("ql-820nwb", "62", &roll);
        const struct sim_fault fault = {
            .trigger = SIM_AT_ROW, .at = 50, .set = troubles[i].condition};
        struct atl_error err = {0};

        sim_plan(desk.sim, &fault, 1);
        assert_int_equal(send(&desk, desk.job.len), ATL_OK);
        assert_int_equal(confirm(&desk, &err), ATL_E_DEVICE);
        assert_int_equal(status(&desk), troubles[i].trouble);
        sim_clear(desk.sim, troubles[i].condition);
        assert_int_equal(status(&desk), ATL_TROUBLE_NONE);
        assert_int_equal(whole_papers(&desk), 0);
        assert_int_equal(send(&desk, desk.job.len), ATL_OK);
        assert_int_equal(confirm(&desk, &err), ATL_OK);
        clear(&desk);
    }
}

static void a_head_that_cools_down_in_time_spoils_nothing(void **state)
{
    for (int too_long = 0; too_long < 2; too_long++) {
        struct desk desk = desk_with("ql-820nwb", "62", &roll);
        const struct sim_fault hot = {
            .trigger = SIM_AT_ROW, .at = 50, .set = SIM_HOT, .for_ms = too_long ? 60000 : 4000};
        struct atl_error err = {0};

        (void)state;
        sim_plan(desk.sim, &hot, 1);
        assert_int_equal(send(&desk, desk.job.len), ATL_OK);
        assert_int_equal(confirm(&desk, &err), ATL_E_BUSY); // it is told at once
        assert_non_null(strstr(err.text, "its head is hot"));
        assert_in_range(sim_now_ms(desk.sim), 0, 1999);
        assert_int_equal(confirm(&desk, &err), too_long ? ATL_E_TIMEOUT : ATL_OK);
        sim_pass(desk.sim, 60000);
        assert_int_equal(whole_papers(&desk), 1); // it was not lost
        assert_int_equal(status(&desk), ATL_TROUBLE_NONE);
        clear(&desk);
    }
}

static void a_printer_that_was_switched_off_has_forgotten_the_paper(void **state)
{
    struct desk desk = desk_with("ql-820nwb", "62", &roll);
    const struct sim_fault off = {.trigger = SIM_AT_ROW, .at = 50, .set = SIM_OFF};
    struct atl_error err = {0};

    (void)state;
    sim_plan(desk.sim, &off, 1);
    assert_int_equal(send(&desk, desk.job.len), ATL_OK);
    assert_int_not_equal(confirm(&desk, &err), ATL_OK);
    close_link(&desk);
    sim_clear(desk.sim, SIM_OFF);
    open_link(&desk);
    assert_int_equal(status(&desk), ATL_TROUBLE_NONE);
    sim_pass(desk.sim, 10000);
    assert_int_equal(whole_papers(&desk), 0);
    clear(&desk);
}

static void silence_is_a_timeout_within_two_seconds(void **state)
{
    struct desk desk = desk_with("ql-820nwb", "62", &roll);
    struct atl_error err = {0};
    uint32_t trouble = 0xdead;

    (void)state;
    sim_set(desk.sim, SIM_SILENT);
    assert_int_equal(desk.driver->status(desk.link, &desk.model, &trouble, &err), ATL_E_TIMEOUT);
    assert_in_range(sim_now_ms(desk.sim), 0, 1999);
    assert_int_equal(trouble, 0xdead);
    clear(&desk);
}

// ---- A job that was broken off ----

static void cut_off_at_any_byte_nothing_of_it_is_printed_and_the_next_one_is(void **state)
{
    static const char *const models[] = {"ql-820nwb", "ql-700", "pt-p700"};

    (void)state;
    for (size_t m = 0; m < sizeof models / sizeof models[0]; m++) {
        struct desk desk = desk_with(models[m], m == 2 ? "12" : "62", m == 2 ? &strip : &roll);
        size_t nuls = 0;

        while (!desk.job.data[nuls]) // all alike
            nuls++;
        for (size_t at = nuls - 1; at < desk.job.len; at += at < nuls + HEAD_BYTES ? 1 : 131) {
            struct atl_buf resync;

            sim_reset(desk.sim);
            close_link(&desk);
            open_link(&desk);
            assert_int_equal(send(&desk, at), ATL_OK);
            // It is asked before it is mended, and answers, whatever it was in the middle of.
            assert_int_equal(status(&desk), ATL_TROUBLE_NONE);
            atl_buf_init(&resync, 1024);
            assert_int_equal(desk.driver->resync(desk.job.data, desk.job.len, at, &resync, NULL),
                             ATL_OK);
            assert_int_equal(desk.link->ops->write(desk.link, resync.data, resync.len, 1000, NULL),
                             ATL_OK);
            atl_buf_free(&resync);
            sim_pass(desk.sim, 3000);
            assert_int_equal(whole_papers(&desk), 0);
            assert_int_equal(send(&desk, desk.job.len), ATL_OK);
            assert_int_equal(confirm(&desk, NULL), ATL_OK);
            assert_int_equal(whole_papers(&desk), 1);
            if (sim_garbage_count(desk.sim))
                fail_msg("%s, cut at %zu: %s", models[m], at, sim_garbage_why(desk.sim));
        }
        clear(&desk);
    }
}

// The positive control: without what mends it the next paper is not the one that was meant.
static void without_being_mended_the_printer_takes_the_next_job_for_the_rest(void **state)
{
    struct desk desk = desk_with("ql-700", "62", &roll);
    size_t nuls = 0;

    (void)state;
    while (!desk.job.data[nuls])
        nuls++;
    assert_int_equal(send(&desk, desk.job.len - 20), ATL_OK);
    assert_int_equal(
        desk.link->ops->write(desk.link, desk.job.data + nuls, desk.job.len - nuls, 5000, NULL),
        ATL_OK);
    sim_pass(desk.sim, 10000);
    assert_true(sim_garbage_count(desk.sim) > 0);
    sim_reset(desk.sim);
    clear(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paper_comes_out_on_each_kind_of_printer_and_is_confirmed),
        cmocka_unit_test(completed_is_not_enough_while_the_last_rows_are_inside),
        cmocka_unit_test(a_wrong_roll_is_seen_before_a_byte_is_sent_and_else_by_the_printer),
        cmocka_unit_test(trouble_before_a_paper_is_named_and_goes_away),
        cmocka_unit_test(trouble_inside_of_a_paper_is_named_and_the_next_paper_is_whole),
        cmocka_unit_test(a_head_that_cools_down_in_time_spoils_nothing),
        cmocka_unit_test(a_printer_that_was_switched_off_has_forgotten_the_paper),
        cmocka_unit_test(silence_is_a_timeout_within_two_seconds),
        cmocka_unit_test(cut_off_at_any_byte_nothing_of_it_is_printed_and_the_next_one_is),
        cmocka_unit_test(without_being_mended_the_printer_takes_the_next_job_for_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
