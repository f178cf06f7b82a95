// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t zeroes[ATL_ID_RANDOM_BYTES] = {0};
static const uint8_t ones[ATL_ID_RANDOM_BYTES] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                                  0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
static const uint8_t mixed[ATL_ID_RANDOM_BYTES] = {0x00, 0x44, 0x32, 0x14, 0xC7,
                                                   0x42, 0x54, 0xB6, 0x35, 0xCF};

static void ids_are_made_of_time_and_random_bits(void **state)
{
    char id[ATL_ID_CAP];

    (void)state;
    atl_id_make(0, zeroes, id);
    assert_string_equal(id, "00000000000000000000000000");
    atl_id_make((INT64_C(1) << 48) - 1, ones, id);
    assert_string_equal(id, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
    atl_id_make(1469918176385, mixed, id); // the specification's own time
    assert_string_equal(id, "01ARYZ6S410123456789ABCDEF");
}

static void the_time_comes_back(void **state)
{
    char id[ATL_ID_CAP];
    int64_t time = 5;

    (void)state;
    atl_id_make(1795312345123, mixed, id);
    assert_int_equal(atl_id_time(id, ATL_ID_LEN, &time, NULL), ATL_OK);
    assert_true(time == 1795312345123);
    atl_id_make(-1, mixed, id);
    assert_int_equal(atl_id_time(id, ATL_ID_LEN, &time, NULL), ATL_OK);
    assert_int_equal(time, 0);
    atl_id_make(INT64_MAX, mixed, id);
    assert_true(atl_id_is_valid(id, ATL_ID_LEN));
}

static void later_ids_sort_after_earlier_ones(void **state)
{
    char before[ATL_ID_CAP];
    char after[ATL_ID_CAP];

    (void)state;
    for (int64_t time = 1; time < INT64_C(1) << 47; time *= 3) {
        atl_id_make(time, ones, before);
        atl_id_make(time + 1, zeroes, after);
        assert_true(strcmp(before, after) < 0);
    }
}

static void other_spellings_are_no_ids(void **state)
{
    static const char *const rows[] = {
        "",
        "01ARYZ6S410123456789ABCDE",
        "01ARYZ6S410123456789ABCDEF0",
        "01aryz6s410123456789abcdef",
        "81ARYZ6S410123456789ABCDEF", // beyond 48 bits
        "01ARYZ6S41O123456789ABCDEF",
        "01ARYZ6S41-123456789ABCDEF",
    };
    int64_t time = 5;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_false(atl_id_is_valid(rows[i], strlen(rows[i])));
        assert_int_equal(atl_id_time(rows[i], strlen(rows[i]), &time, NULL), ATL_E_INVALID);
        assert_int_equal(time, 5);
    }
    assert_false(atl_id_is_valid("01ARYZ6S41\0"
                                 "123456789ABCDEF",
                                 ATL_ID_LEN));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_made_of_time_and_random_bits),
        cmocka_unit_test(the_time_comes_back),
        cmocka_unit_test(later_ids_sort_after_earlier_ones),
        cmocka_unit_test(other_spellings_are_no_ids),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
