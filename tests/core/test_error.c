// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void failing_stores_code_and_sentence_and_returns_the_code(void **state)
{
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(atl_fail(&err, ATL_E_IO, "open %s: no such file", "x.ini"), ATL_E_IO);
    assert_int_equal(err.code, ATL_E_IO);
    assert_string_equal(err.text, "open x.ini: no such file");
    assert_int_equal(atl_fail(NULL, ATL_E_BUSY, "nobody listens"), ATL_E_BUSY);
}

static void wrapping_puts_the_outer_fact_in_front(void **state)
{
    struct atl_error err = {0};

    (void)state;
    (void)atl_fail(&err, ATL_E_IO, "short write");
    assert_int_equal(atl_wrap(&err, ATL_E_DEVICE, "ticket %d", 7), ATL_E_DEVICE);
    assert_int_equal(err.code, ATL_E_DEVICE);
    assert_string_equal(err.text, "ticket 7: short write");
    assert_int_equal(atl_wrap(NULL, ATL_E_IO, "x"), ATL_E_IO);
}

static void a_long_sentence_is_cut_and_still_ends(void **state)
{
    struct atl_error err = {0};
    char words[1000];

    (void)state;
    memset(words, 'w', sizeof words - 1);
    words[sizeof words - 1] = 0;
    (void)atl_fail(&err, ATL_E_IO, "%s", words);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    (void)atl_wrap(&err, ATL_E_IO, "%s", words);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void every_code_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (atl_code a = ATL_OK; a <= ATL_E_FULL; a++) {
        assert_string_not_equal(atl_code_name(a), "unknown");
        for (atl_code b = ATL_OK; b < a; b++)
            assert_string_not_equal(atl_code_name(a), atl_code_name(b));
    }
    assert_string_equal(atl_code_name(-1), "unknown");
    assert_string_equal(atl_code_name(ATL_E_FULL + 1), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failing_stores_code_and_sentence_and_returns_the_code),
        cmocka_unit_test(wrapping_puts_the_outer_fact_in_front),
        cmocka_unit_test(a_long_sentence_is_cut_and_still_ends),
        cmocka_unit_test(every_code_has_a_name_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
