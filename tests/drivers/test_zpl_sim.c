// SPDX-License-Identifier: Apache-2.0
// The driver and the made up printer of sim_zpl.c: what the one believes and the other does.
#include "drivers/driver.h"
#include "tests/support/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CONFIRM_MS = 8000, WRITE_MS = 5000, MINUTE_MS = 60000 };

struct desk {
    const struct atl_model *model;
    struct sim *sim;
    struct atl_link *link;
    struct atl_buf job;
    struct atl_error err;
    char evidence[160];
};

static const struct atl_driver *zpl(void)
{
    return atl_driver_find("zpl");
}

static atl_code draw_bars(void *ctx, const struct atl_page *page, uint32_t width_dots,
                          uint32_t height_dots, uint32_t dpi, struct atl_bitmap *out,
                          struct atl_error *err)
{
    const uint32_t row_bytes = (width_dots + 7) / 8;

    (void)ctx;
    (void)page;
    (void)dpi;
    (void)err;
    *out = (struct atl_bitmap){width_dots, height_dots, row_bytes, calloc(row_bytes, height_dots)};
    assert_non_null(out->bits);
    for (uint32_t y = 0; y < height_dots; y++)
        out->bits[(size_t)y * row_bytes + y % (row_bytes - 1)] = 0xa5;
    return ATL_OK;
}

static struct desk begin(const char *id, const char *media)
{
    static const struct atl_page page = {.width_um = 62000, .height_um = 29000};
    const struct atl_rasteriser rasteriser = {.draw_page = draw_bars};
    struct desk desk = {.model = atl_model_find(zpl(), id)};

    desk.sim = sim_make(zpl(), desk.model, media);
    atl_buf_init(&desk.job, 1024 * 1024);
    if (zpl()->encode(&page, desk.model, &rasteriser, &desk.job, &desk.err) ||
        sim_open_link(desk.sim, &desk.link, &desk.err))
        fail_msg("%s", desk.err.text);
    return desk;
}

static void end(struct desk *desk)
{
    assert_int_equal(sim_garbage_count(desk->sim), 0);
    desk->link->ops->close(desk->link);
    sim_free(desk->sim);
    atl_buf_free(&desk->job);
}

static void send(struct desk *desk, size_t from, size_t to)
{
    if (desk->link->ops->write(desk->link, desk->job.data + from, to - from, WRITE_MS, &desk->err))
        fail_msg("%s", desk->err.text);
}

static atl_code confirm(struct desk *desk)
{
    return zpl()->confirm(desk->link, desk->model, CONFIRM_MS, desk->evidence,
                          sizeof desk->evidence, &desk->err);
}

static size_t whole_papers(const struct desk *desk)
{
    const struct sim_paper *papers;
    size_t whole = 0;

    for (size_t i = 0, count = sim_papers(desk->sim, &papers); i < count; i++)
        whole += papers[i].is_whole;
    return whole;
}

static void a_label_is_confirmed_when_it_is_out_and_not_before(void **state)
{
    static const char *const ids[] = {"zd420", "zd420-cut", "zd420-300", "gk420-peel"};

    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        struct desk desk = begin(ids[i], "62x29");

        send(&desk, 0, desk.job.len);
        if (confirm(&desk))
            fail_msg("%s: %s", ids[i], desk.err.text);
        assert_int_equal(whole_papers(&desk), 1);
        assert_int_equal(strncmp(desk.evidence, "~HS twice 030,0,0,", 18), 0);
        end(&desk);
    }
}

// Why it is asked twice: in between nothing is counted anywhere.
static void the_made_up_printer_says_once_that_nothing_is_left_before_it_prints(void **state)
{
    struct desk desk = begin("zd420", "62x29");
    char answer[256] = "";
    size_t got = 0;

    (void)state;
    send(&desk, 0, desk.job.len);
    assert_int_equal(desk.link->ops->write(desk.link, "~HS", 3, WRITE_MS, NULL), ATL_OK);
    assert_int_equal(desk.link->ops->read(desk.link, answer, sizeof answer - 1, &got, 100, NULL),
                     ATL_OK);
    assert_non_null(strstr(answer, "\002030,0,0,0231,000,0,0,0,000,0,0,0\3"));
    assert_non_null(strstr(answer, ",0,00000000,1,000\3"));
    assert_int_equal(whole_papers(&desk), 0);
    end(&desk);
}

static void labels_that_end_in_the_middle_are_told_at_once_and_printed_anew(void **state)
{
    (void)state;
    for (int is_silent = 0; is_silent < 2; is_silent++) {
        struct desk desk = begin("zd420", "62x29");
        const struct sim_fault out = {
            .trigger = SIM_AT_ROW, .at = 100, .set = SIM_PAPER_OUT | (is_silent ? SIM_SILENT : 0u)};
        int64_t before;

        sim_plan(desk.sim, &out, 1);
        send(&desk, 0, desk.job.len);
        before = sim_now_ms(desk.sim);
        assert_int_equal(confirm(&desk), ATL_E_DEVICE);
        assert_string_equal(desk.err.text,
                            "Zebra ZD420 family 203 dpi: paper is out: put in a new roll");
        assert_true(sim_now_ms(desk.sim) - before < 2000);
        sim_pass(desk.sim, MINUTE_MS);
        assert_int_equal(whole_papers(&desk), 0);
        sim_clear(desk.sim, SIM_PAPER_OUT | SIM_SILENT);
        sim_pass(desk.sim, MINUTE_MS);
        assert_int_equal(whole_papers(&desk), 1);
        end(&desk);
    }
}

// Why the format says ^JZY: a printer that gives half a label up has nothing left to print, too.
static void without_that_the_counters_would_prove_a_label_that_never_came_out(void **state)
{
    const struct sim_fault out = {.trigger = SIM_AT_ROW, .at = 100, .set = SIM_PAPER_OUT};
    struct desk desk = begin("zd420", "62x29");
    char *told = strstr((char *)desk.job.data, "^JZY");

    (void)state;
    assert_non_null(told);
    told[3] = 'N';
    sim_plan(desk.sim, &out, 1);
    send(&desk, 0, desk.job.len);
    sim_pass(desk.sim, MINUTE_MS);
    sim_clear(desk.sim, SIM_PAPER_OUT);
    assert_int_equal(confirm(&desk), ATL_OK);
    assert_int_equal(whole_papers(&desk), 0);
    end(&desk);
}

static void a_pause_lets_the_label_in_print_come_out_and_none_after_it(void **state)
{
    const struct sim_fault pause = {.trigger = SIM_AT_ROW, .at = 100, .set = SIM_PAUSED};
    struct desk desk = begin("zd420", "62x29");

    (void)state;
    sim_plan(desk.sim, &pause, 1);
    send(&desk, 0, desk.job.len);
    send(&desk, 0, desk.job.len);
    assert_int_equal(confirm(&desk), ATL_E_DEVICE);
    assert_string_equal(desk.err.text,
                        "Zebra ZD420 family 203 dpi: it is paused: press its pause button");
    sim_pass(desk.sim, MINUTE_MS);
    assert_int_equal(whole_papers(&desk), 1);
    sim_clear(desk.sim, SIM_PAUSED);
    assert_int_equal(confirm(&desk), ATL_OK);
    assert_int_equal(whole_papers(&desk), 2);
    end(&desk);
}

static void a_label_cut_off_anywhere_is_forgotten_and_the_next_comes_out_alone(void **state)
{
    (void)state;
    for (size_t at = 1; at < 120; at++) {
        struct desk desk = begin("zd420", "62x29");
        const size_t cut = at < 110 ? at : desk.job.len - (120 - at);
        struct atl_buf rest;

        atl_buf_init(&rest, 4096);
        send(&desk, 0, cut);
        assert_int_equal(zpl()->resync(desk.job.data, desk.job.len, cut, &rest, NULL), ATL_OK);
        assert_int_equal(desk.link->ops->write(desk.link, rest.data, rest.len, 1000, NULL), 0);
        atl_buf_free(&rest);
        send(&desk, 0, desk.job.len);
        if (confirm(&desk))
            fail_msg("cut behind byte %zu: %s", cut, desk.err.text);
        // A cut behind ^XZ leaves a whole label, which is printed: that is what was sent.
        assert_int_equal(whole_papers(&desk), desk.job.len - cut <= 1 ? 2 : 1);
        end(&desk);
    }
}

static void another_roll_is_refused_before_the_first_byte(void **state)
{
    static const struct {
        const char *media;
        struct atl_page page;
        bool fits;
    } rows[] = {
        {"62x29",  {.width_um = 62000, .height_um = 29000},  true },
        {"102x51", {.width_um = 62000, .height_um = 29000},  false},
        {"62x29",  {.width_um = 102000, .height_um = 51000}, false},
        {"62x29",  {.width_um = 80000},                      false},
        {"80mm",   {.width_um = 80000},                      true },
        {"80mm",   {.width_um = 62000, .height_um = 29000},  true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct desk desk = begin("zd420", rows[i].media);
        const atl_code rc = zpl()->fits(desk.link, desk.model, &rows[i].page, &desk.err);

        assert_int_equal(rc, rows[i].fits ? ATL_OK : ATL_E_DEVICE);
        end(&desk);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_is_confirmed_when_it_is_out_and_not_before),
        cmocka_unit_test(the_made_up_printer_says_once_that_nothing_is_left_before_it_prints),
        cmocka_unit_test(labels_that_end_in_the_middle_are_told_at_once_and_printed_anew),
        cmocka_unit_test(without_that_the_counters_would_prove_a_label_that_never_came_out),
        cmocka_unit_test(a_pause_lets_the_label_in_print_come_out_and_none_after_it),
        cmocka_unit_test(a_label_cut_off_anywhere_is_forgotten_and_the_next_comes_out_alone),
        cmocka_unit_test(another_roll_is_refused_before_the_first_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
