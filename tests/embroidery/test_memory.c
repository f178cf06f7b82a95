// SPDX-License-Identifier: Apache-2.0
// The n-th allocation fails, for n = 1, 2, …, until all goes well: each time a sentence comes back,
// nothing is handed over and nothing is lost (a sanitizer's leak checker looks on).
#include "drivers/machine.h"
#include "drivers/thread_chart.h"
#include "tests/embroidery/plans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static unsigned countdown; // 0: nothing fails

static int fails(void)
{
    return countdown && --countdown == 0;
}

// The linker sends the library's calls here (--wrap).
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

static void writers_and_readers_say_that_memory_is_out(void **state)
{
    struct atl_plan plan;

    (void)state;
    plan_random(5, 3000, 0, &plan);
    for (size_t i = 0; atl_stitch_format_at(i); i++) {
        const struct atl_stitch_format *format = atl_stitch_format_at(i);
        unsigned failures = 0;

        for (unsigned n = 1;; n++) {
            struct atl_error err = {0};
            struct atl_plan back = {0};
            struct atl_buf out;
            atl_code rc;

            atl_buf_init(&out, ATL_STITCH_FILE_MAX_BYTES);
            countdown = n;
            rc = format->write(&plan, &atl_stitch_rules_default, NULL, &out, &err);
            if (!rc)
                rc = format->read(out.data, out.len, &atl_stitch_rules_default, &back, NULL, &err);
            countdown = countdown ? 0 : 1; // 1: it went off
            atl_buf_free(&out);
            if (!rc) {
                assert_int_equal(countdown, 0);
                assert_true(atl_plan_sews_same(&plan, &back));
                atl_plan_free(&back);
                break;
            }
            countdown = 0;
            failures++;
            assert_int_equal(rc, ATL_E_NOMEM);
            assert_true(strlen(err.text) > 0);
            assert_null(back.acts);
        }
        assert_true(failures > 5);
    }
    atl_plan_free(&plan);
}

static void a_chart_that_finds_no_memory_is_none(void **state)
{
    static const char path[] = ATL_SOURCE_DIR "/drivers/embroidery/threads/isacord.tsv";
    unsigned failures = 0;

    (void)state;
    for (unsigned n = 1;; n++) {
        struct atl_thread_chart chart = {0};
        struct atl_error err = {0};
        atl_code rc;

        countdown = n;
        rc = atl_thread_chart_load(path, &chart, &err);
        countdown = 0;
        if (!rc) {
            atl_thread_chart_free(&chart);
            break;
        }
        failures++;
        assert_true(rc == ATL_E_NOMEM || rc == ATL_E_IO); // fopen itself
        assert_null(chart.threads);
    }
    assert_true(failures >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writers_and_readers_say_that_memory_is_out),
        cmocka_unit_test(a_chart_that_finds_no_memory_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
