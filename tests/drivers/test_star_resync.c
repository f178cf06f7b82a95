// SPDX-License-Identifier: Apache-2.0
// A job that is broken off anywhere: after the resync the next one is read whole by the second
// hand, and nothing of the first is added to it.
#include "tests/drivers/star_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { STREAM_MAX = 256 * 1024 };

static const struct atl_row next_rows[] = {
    LINE("next \u00e9t\u00e9"),
    {.kind = ATL_ROW_RULE},
    { .kind = ATL_ROW_CUT, .cut = ATL_CUT_FULL},
};
static const struct atl_page next_page = PAGE(next_rows);

static struct star_printed print(const struct atl_page *page, const char *id)
{
    uint8_t count = 0;
    const struct atl_rasteriser rasteriser = {.ctx = &count, .draw = escpos_draw_count};

    return star_print(page, id, &rasteriser);
}

static bool is_same(const struct escpos_item *a, const struct escpos_item *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == ESCPOS_DOTS)
        return a->dots.height_dots == b->dots.height_dots &&
               a->dots.row_bytes == b->dots.row_bytes &&
               memcmp(a->dots.bits, b->dots.bits,
                      (size_t)a->dots.height_dots * a->dots.row_bytes) == 0;
    return a->number == b->number && strcmp(a->text, b->text) == 0 &&
           strcmp(a->style, b->style) == 0;
}

// The paper ends with all of `next`, and before it stands not more than the broken job has.
static bool ends_with(const struct escpos_paper *paper, const struct escpos_paper *next)
{
    if (paper->count < next->count)
        return false;
    for (size_t i = 0; i < next->count; i++) {
        if (!is_same(&paper->items[paper->count - next->count + i], &next->items[i]))
            return false;
    }
    return true;
}

// What is read of the first bytes of the job, `mending` and the next job.
static bool is_mended(const struct star_printed *job, size_t accepted,
                      const struct atl_buf *mending, const struct star_printed *next,
                      const char *id, char why[ESCPOS_WHY_BYTES])
{
    struct star_limits limits = star_facts_of(id)->limits;
    struct escpos_paper paper;
    struct atl_buf stream;
    bool is_right;

    limits.is_mending = true;
    atl_buf_init(&stream, STREAM_MAX);
    atl_buf_add(&stream, job->bytes.data, accepted);
    atl_buf_add(&stream, mending->data, mending->len);
    atl_buf_add(&stream, next->bytes.data, next->bytes.len);
    assert_int_equal(atl_buf_check(&stream, NULL), ATL_OK);
    is_right = star_lex(stream.data, stream.len, &limits, &paper, why);
    if (is_right && !ends_with(&paper, &next->paper)) {
        snprintf(why, ESCPOS_WHY_BYTES, "the next paper is another one");
        is_right = false;
    }
    escpos_paper_free(&paper);
    atl_buf_free(&stream);
    return is_right;
}

static void the_next_ticket_is_whole_wherever_the_one_before_broke_off(void **state)
{
    static const char *const ids[] = {"tsp100", "tsp650ii", "mc-print2"};

    (void)state;
    for (size_t m = 0; m < sizeof ids / sizeof ids[0]; m++) {
        struct star_printed job = print(&star_ticket, ids[m]);
        struct star_printed next = print(&next_page, ids[m]);

        assert_true(job.bytes.len > 200);
        for (size_t accepted = 1; accepted < job.bytes.len; accepted++) {
            struct atl_error err = {0};
            struct atl_buf mending;
            char why[ESCPOS_WHY_BYTES];

            atl_buf_init(&mending, STREAM_MAX);
            if (atl_driver_find("star")->resync(job.bytes.data, job.bytes.len, accepted, &mending,
                                                &err))
                fail_msg("%s after %zu bytes: %s", ids[m], accepted, err.text);
            if (!is_mended(&job, accepted, &mending, &next, ids[m], why))
                fail_msg("%s after %zu bytes: %s", ids[m], accepted, why);
            atl_buf_free(&mending);
        }
        star_printed_free(&job);
        star_printed_free(&next);
    }
}

// A command whose bytes were cut ends in NUL, which a strict reader refuses and a printer passes
// over: then the reader has to begin with the next byte, which is white.
static bool is_cut_command(const char *why, size_t accepted)
{
    size_t at = 0;

    return sscanf(why, "byte %zu:", &at) == 1 && at > accepted && at <= accepted + 8;
}

static void so_it_is_where_nobody_knows_which_job_it_was(void **state)
{
    static const char *const ids[] = {"tsp100", "tsp800ii", "mc-print3"};
    struct atl_buf mending;

    (void)state;
    atl_buf_init(&mending, STREAM_MAX);
    assert_int_equal(atl_driver_find("star")->resync(NULL, 0, 0, &mending, NULL), ATL_OK);
    for (size_t m = 0; m < sizeof ids / sizeof ids[0]; m++) {
        struct star_printed job = print(&star_ticket, ids[m]);
        struct star_printed next = print(&next_page, ids[m]);
        char why[ESCPOS_WHY_BYTES];
        unsigned mended = 0;

        assert_true(is_mended(&job, 0, &mending, &next, ids[m], why));
        for (size_t accepted = 1; accepted < job.bytes.len; accepted++) {
            bool is_right = is_mended(&job, accepted, &mending, &next, ids[m], why);

            if (!is_right && !is_cut_command(why, accepted))
                fail_msg("%s after %zu bytes: %s", ids[m], accepted, why);
            mended += is_right;
        }
        assert_true(mended > job.bytes.len / 2);
        star_printed_free(&job);
        star_printed_free(&next);
    }
    atl_buf_free(&mending);
}

// The control: without a resync the next ticket becomes dots of the one before.
static void without_a_resync_the_reader_sees_the_damage(void **state)
{
    static const char *const ids[] = {"tsp100", "tsp650ii", "mc-print2"};
    const struct atl_buf nothing = {0};

    (void)state;
    for (size_t m = 0; m < sizeof ids / sizeof ids[0]; m++) {
        struct star_printed job = print(&star_ticket, ids[m]);
        struct star_printed next = print(&next_page, ids[m]);
        unsigned seen = 0;

        for (size_t accepted = 1; accepted < job.bytes.len; accepted++) {
            char why[ESCPOS_WHY_BYTES];

            seen += !is_mended(&job, accepted, &nothing, &next, ids[m], why);
        }
        assert_true(seen > job.bytes.len / 4);
        star_printed_free(&job);
        star_printed_free(&next);
    }
}

static void what_was_never_sent_is_refused(void **state)
{
    struct atl_error err = {0};
    struct atl_buf out;

    (void)state;
    atl_buf_init(&out, 4096);
    assert_int_equal(atl_driver_find("star")->resync("\x1b@", 2, 3, &out, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "3 bytes of a job of 2 were taken");
    assert_int_equal(atl_driver_find("star")->resync("\x1bk\x05", 3, 2, &out, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "byte 0 of the job is no command of ours");
    atl_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_ticket_is_whole_wherever_the_one_before_broke_off),
        cmocka_unit_test(so_it_is_where_nobody_knows_which_job_it_was),
        cmocka_unit_test(without_a_resync_the_reader_sees_the_damage),
        cmocka_unit_test(what_was_never_sent_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
