// SPDX-License-Identifier: Apache-2.0
#include "plugin/core/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define NBSP        "\xC2\xA0"
#define NNBSP       "\xE2\x80\xAF"
#define EURO        "\xE2\x82\xAC"
#define YEN         "\xC2\xA5"

static void currencies_have_their_own_digits(void **state)
{
    (void)state;
    assert_int_equal(atl_money_exponent("EUR"), 2);
    assert_int_equal(atl_money_exponent("JPY"), 0);
    assert_int_equal(atl_money_exponent("BHD"), 3);
    assert_int_equal(atl_money_exponent("CLF"), 4);
    assert_int_equal(atl_money_exponent("ZWG"), 2);
    assert_int_equal(atl_money_exponent("eur"), -1);
    assert_int_equal(atl_money_exponent("EU"), -1);
    assert_int_equal(atl_money_exponent("R E"), -1);
    assert_int_equal(atl_money_exponent("UR "), -1);
    assert_int_equal(atl_money_exponent("XXX"), -1);
    assert_int_equal(atl_money_exponent(""), -1);
    assert_int_equal(atl_money_exponent(NULL), -1);
}

static void amounts_read_as_in_the_language(void **state)
{
    static const struct {
        int64_t minor;
        const char *currency, *language, *text;
    } rows[] = {
        {1250,      "EUR", "en",    EURO "12.50"                            },
        {1250,      "EUR", "fr",    "12,50" NBSP EURO                       },
        {1250,      "EUR", "ja",    EURO "12.50"                            },
        {1200,      "JPY", "ja",    YEN "1,200"                             },
        {1200,      "JPY", "fr-FR", "1" NNBSP "200" NBSP YEN                },
        {123456789, "EUR", "fr",    "1" NNBSP "234" NNBSP "567,89" NBSP EURO},
        {5,         "EUR", "en",    EURO "0.05"                             },
        {0,         "JPY", "en",    YEN "0"                                 },
        {-1250,     "EUR", "en",    "-" EURO "12.50"                        },
        {12345,     "BHD", "en",    "BHD" NBSP "12.345"                     },
        {1250,      "USD", "fr",    "12,50" NBSP "USD"                      },
        {100000,    "USD", "en_US", "$1,000.00"                             },
        {1250,      "???", "de",    "???" NBSP "12.50"                      },
        {1250,      "EUR", NULL,    EURO "12.50"                            },
        {1250,      "EUR", "",      EURO "12.50"                            },
        {1250,      "EUR", "fro",   EURO "12.50"                            },
        {INT64_MIN, "JPY", "en",    "-" YEN "9,223,372,036,854,775,808"     },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_buf out;

        atl_buf_init(&out, 100);
        atl_money_format(&out, rows[i].minor, rows[i].currency, rows[i].language);
        assert_int_equal(atl_buf_check(&out, NULL), ATL_OK);
        assert_string_equal((const char *)out.data, rows[i].text);
        atl_buf_free(&out);
    }
}

static void what_does_not_fit_is_said_and_nothing_is_changed(void **state)
{
    int64_t out = 7;

    (void)state;
    assert_false(atl_money_add(INT64_MAX, 1, &out));
    assert_false(atl_money_add(INT64_MIN, -1, &out));
    assert_false(atl_money_multiply(INT64_MAX / 2, 3, &out));
    assert_false(atl_money_percent(INT64_MAX, 2, &out));
    assert_int_equal(out, 7);
    assert_true(atl_money_add(2, 3, &out));
    assert_int_equal(out, 5);
    assert_true(atl_money_multiply(-4, 3, &out));
    assert_true(out == -12);
}

static void percentages_round_half_away_from_zero(void **state)
{
    static const struct {
        int64_t amount, basis_points, result;
    } rows[] = {
        {1000,  2500,  250  },
        {999,   1000,  100  }, // 99.9
        {1,     5000,  1    }, // 0.5
        {-1,    5000,  -1   },
        {1,     4999,  0    },
        {-1,    4999,  0    },
        {333,   3333,  111  }, // 110.9889
        {10000, -2000, -2000},
        {15,    1000,  2    }, // 1.5
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t out = 0;

        assert_true(atl_money_percent(rows[i].amount, rows[i].basis_points, &out));
        assert_true(out == rows[i].result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(currencies_have_their_own_digits),
        cmocka_unit_test(amounts_read_as_in_the_language),
        cmocka_unit_test(what_does_not_fit_is_said_and_nothing_is_changed),
        cmocka_unit_test(percentages_round_half_away_from_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
