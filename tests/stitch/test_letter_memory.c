// SPDX-License-Identifier: Apache-2.0
// Every allocation of ours fails once, in turn: lettering says so, leaks nothing and crashes
// nowhere.
#include "plugin/stitch/cache.h"
#include "plugin/stitch/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static long left = -1; // allocations until the one that fails; below 0 none does

static int fails(void)
{
    return left >= 0 && left-- == 0;
}

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

static void an_allocation_that_fails_is_an_error_and_nothing_else(void **state)
{
    struct atl_face *face = NULL;
    struct atl_error err = {0};
    long failures = 0;

    (void)state;
    assert_int_equal(
        atl_face_open("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 0, &face, &err), ATL_OK);
    for (long n = 0;; n++) {
        struct atl_lettering wish = {.text = "Ré8", .height_mm = 15};
        struct atl_plan plan;
        atl_code rc;

        atl_plan_init(&plan);
        left = n;
        rc = atl_lettering_sew(face, &wish, &plan, NULL, &err);
        atl_plan_free(&plan);
        if (left >= 0) { // all were granted
            left = -1;
            assert_int_equal(rc, ATL_OK);
            break;
        }
        failures += rc == ATL_E_NOMEM;
        assert_true(rc == ATL_E_NOMEM || rc == ATL_OK); // some only cost a little beauty
    }
    assert_true(failures > 50);
    atl_face_close(face);
}

// The same of a framed monogram with a cache, first empty, then warm: what is not kept costs time.
static void a_layout_with_a_cache_survives_it_as_well(void **state)
{
    struct atl_face *face = NULL;
    struct atl_error err = {0};
    long failures = 0;

    (void)state;
    assert_int_equal(
        atl_face_open("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 0, &face, &err), ATL_OK);
    for (long n = 0;; n++) {
        struct atl_layout wish = {.kind = ATL_LAYOUT_MONOGRAM,
                                  .lines = {"IL"},
                                  .line_count = 1,
                                  .height_mm = 8,
                                  .frame = ATL_FRAME_DIAMOND};
        atl_code rc = ATL_OK;

        left = n;
        rc = atl_cache_open(NULL, NULL, &wish.cache, &err);
        for (int round = 0; round < 2 && !rc; round++) {
            struct atl_plan plan;

            atl_plan_init(&plan);
            rc = atl_layout_sew(face, &wish, &plan, NULL, &err);
            atl_plan_free(&plan);
        }
        atl_cache_close(wish.cache);
        if (left >= 0) { // all were granted
            left = -1;
            assert_int_equal(rc, ATL_OK);
            break;
        }
        failures += rc == ATL_E_NOMEM;
        assert_true(rc == ATL_E_NOMEM || rc == ATL_OK);
    }
    assert_true(failures > 50);
    atl_face_close(face);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_allocation_that_fails_is_an_error_and_nothing_else),
        cmocka_unit_test(a_layout_with_a_cache_survives_it_as_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
