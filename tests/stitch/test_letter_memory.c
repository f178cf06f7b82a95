// SPDX-License-Identifier: Apache-2.0
// Every allocation of ours fails once, in turn: lettering says so, leaks nothing and crashes
// nowhere.
#include "plugin/stitch/lettering.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_allocation_that_fails_is_an_error_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
