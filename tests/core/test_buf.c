// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void what_is_added_stands_in_order_and_ends_with_nul(void **state)
{
    struct atl_buf buf;

    (void)state;
    atl_buf_init(&buf, 100);
    ATL_BUF_LIT(&buf, "one ");
    atl_buf_addf(&buf, "%d %s", 2, "three");
    atl_buf_add(&buf, NULL, 0);
    assert_int_equal(atl_buf_check(&buf, NULL), ATL_OK);
    assert_int_equal(buf.len, 11);
    assert_string_equal((const char *)buf.data, "one 2 three");
    atl_buf_free(&buf);
    atl_buf_free(&buf);
}

static void the_limit_is_hard_and_a_failure_sticks(void **state)
{
    struct atl_buf buf;
    struct atl_error err = {0};

    (void)state;
    atl_buf_init(&buf, 4);
    ATL_BUF_LIT(&buf, "1234");
    assert_int_equal(atl_buf_check(&buf, &err), ATL_OK);
    ATL_BUF_LIT(&buf, "5");
    ATL_BUF_LIT(&buf, "");
    assert_int_equal(buf.len, 4);
    assert_int_equal(atl_buf_check(&buf, &err), ATL_E_NOMEM);
    assert_non_null(strstr(err.text, "4 bytes"));
    atl_buf_addf(&buf, "%s", "");
    assert_int_equal(atl_buf_check(&buf, NULL), ATL_E_NOMEM);
    atl_buf_free(&buf);
    assert_int_equal(atl_buf_check(&buf, NULL), ATL_OK);
}

static void many_small_additions_grow_it(void **state)
{
    struct atl_buf buf;

    (void)state;
    atl_buf_init(&buf, 10000);
    for (int i = 0; i < 10000; i++)
        ATL_BUF_LIT(&buf, "x");
    assert_int_equal(buf.len, 10000);
    assert_int_equal(atl_buf_check(&buf, NULL), ATL_OK);
    assert_int_equal(strspn((const char *)buf.data, "x"), 10000);
    atl_buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_added_stands_in_order_and_ends_with_nul),
        cmocka_unit_test(the_limit_is_hard_and_a_failure_sticks),
        cmocka_unit_test(many_small_additions_grow_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
