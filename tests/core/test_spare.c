// SPDX-License-Identifier: Apache-2.0
// Tags that are printed before there is a piece: the shop knows its own.
#include "plugin/core/code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t ours[ATL_HASH_BYTES] = {1, 2, 3};
static const uint8_t theirs[ATL_HASH_BYTES] = {1, 2, 4};

static struct atl_scan scan(const char *text)
{
    struct atl_scan out;

    atl_scan_read(text, strlen(text), &out);
    return out;
}

static void a_code_is_read_back_in_either_case_and_known_as_ours(void **state)
{
    static const int64_t numbers[] = {1, 31, 32, 12345, ATL_SPARE_NUMBER_MAX};
    char seen[5][ATL_NAME_CODE_CAP];
    char again[ATL_NAME_CODE_CAP];

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        char small[ATL_NAME_CODE_CAP];
        struct atl_scan out;

        assert_int_equal(atl_spare_code_make(ours, numbers[i], seen[i], NULL), ATL_OK);
        assert_int_equal(strlen(seen[i]), 19);
        out = scan(seen[i]);
        assert_int_equal(out.kind, ATL_SCAN_SPARE);
        assert_true(atl_spare_code_is_ours(ours, out.name));
        assert_false(atl_spare_code_is_ours(theirs, out.name));
        assert_int_equal(atl_spare_code_write(out.name, again, NULL), ATL_OK);
        assert_string_equal(again, seen[i]);
        for (size_t k = 0; k <= strlen(seen[i]); k++)
            small[k] = (char)(seen[i][k] >= 'A' ? seen[i][k] + 32 : seen[i][k]);
        assert_string_equal(scan(small).name, out.name);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(seen[i], seen[k]);
    }
}

static void a_symbol_that_was_read_wrongly_is_damage_and_no_other_tag(void **state)
{
    char code[ATL_NAME_CODE_CAP];

    (void)state;
    assert_int_equal(atl_spare_code_make(ours, 4711, code, NULL), ATL_OK);
    for (size_t i = 2; code[i]; i++) {
        const char was = code[i];

        code[i] = was == '7' ? '8' : '7';
        assert_int_equal(scan(code).kind, ATL_SCAN_FOREIGN);
        assert_true(scan(code).is_damaged);
        code[i] = was;
    }
    assert_int_equal(scan(code).kind, ATL_SCAN_SPARE);
}

static void numbers_that_are_none_are_refused_and_so_are_made_up_codes(void **state)
{
    char code[ATL_NAME_CODE_CAP];

    (void)state;
    assert_int_equal(atl_spare_code_make(ours, 0, code, NULL), ATL_E_INVALID);
    assert_int_equal(atl_spare_code_make(ours, (int64_t)ATL_SPARE_NUMBER_MAX + 1, code, NULL),
                     ATL_E_INVALID);
    assert_false(atl_spare_code_is_ours(ours, ""));
    assert_false(atl_spare_code_is_ours(ours, "00000100000000000000"));
    assert_false(atl_spare_code_is_ours(ours, "0000010000000000"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_read_back_in_either_case_and_known_as_ours),
        cmocka_unit_test(a_symbol_that_was_read_wrongly_is_damage_and_no_other_tag),
        cmocka_unit_test(numbers_that_are_none_are_refused_and_so_are_made_up_codes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
