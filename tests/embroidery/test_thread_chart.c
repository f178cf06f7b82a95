// SPDX-License-Identifier: Apache-2.0
// Thread charts, and colours as an eye sees them.
#include "drivers/thread_chart.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// sRGB primaries, white, black and a grey in L*a*b* under D65, from public tables.
static const struct known {
    uint32_t rgb;
    struct atl_lab lab;
} known[] = {
    {0xffffff, {100.00, 0.00, 0.00}   },
    {0x000000, {0.00, 0.00, 0.00}     },
    {0xff0000, {53.24, 80.09, 67.20}  },
    {0x00ff00, {87.73, -86.18, 83.18} },
    {0x0000ff, {32.30, 79.19, -107.86}},
    {0x777777, {50.03, 0.00, 0.00}    },
    {0x010101, {0.27, 0.00, 0.00}     },
};

static void colours_have_the_lab_values_of_the_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct atl_lab lab = atl_lab_of(known[i].rgb);

        assert_true(fabs(lab.l - known[i].lab.l) < 0.02);
        assert_true(fabs(lab.a - known[i].lab.a) < 0.02);
        assert_true(fabs(lab.b - known[i].lab.b) < 0.02);
    }
    assert_true(fabs(atl_lab_distance(atl_lab_of(0xffffff), atl_lab_of(0)) - 100) < 0.02);
}

static struct atl_thread_chart parse(const char *text)
{
    struct atl_thread_chart chart;
    struct atl_error err = {0};

    if (atl_thread_chart_parse("test.tsv", text, strlen(text), &chart, &err))
        fail_msg("%s", err.text);
    return chart;
}

// In RGB the first is nearer to 0000c0 (distance 90 against 107); the eye takes the second.
static void the_nearest_thread_is_the_nearest_to_the_eye_not_in_rgb(void **state)
{
    struct atl_thread_chart chart = parse("chart\tTest\n1\tGreenish\t004878\n2\tViolet\t4800ff\n");

    (void)state;
    assert_string_equal(atl_thread_chart_nearest(&chart, 0x0000c0)->name, "Violet");
    assert_string_equal(atl_thread_chart_nearest(&chart, 0x004878)->name, "Greenish");
    atl_thread_chart_free(&chart);
    assert_null(atl_thread_chart_nearest(&chart, 0));
}

static void a_thread_is_found_by_its_number_and_knows_its_chart(void **state)
{
    struct atl_thread_chart chart = parse("# c\n\nchart\tTest 40\n0015\tWhite\tFFFFFF\r\n");
    const struct atl_thread *white = atl_thread_chart_find(&chart, "0015");

    (void)state;
    assert_non_null(white);
    assert_int_equal(white->rgb, 0xffffff);
    assert_string_equal(white->chart, "Test 40");
    assert_null(atl_thread_chart_find(&chart, "15"));
    atl_thread_chart_free(&chart);
}

static const struct fault {
    const char *text;
    const char *sentence;
} faults[] = {
    {"",                                            "t.tsv: it has no line \"chart<tab>NAME\""      },
    {"chart\tA\n",                                  "t.tsv: it has no thread"                       },
    {"chart\tA\n1 White FFFFFF\n",
     "t.tsv:2: write number, name and colour with one tab between them"                             },
    {"chart\tA\n1\tWhite\tFFFFF\n",                 "t.tsv:2: \"FFFFF\" is no colour: write RRGGBB" },
    {"chart\tA\n1\tWhite\tFFFFGG\n",                "t.tsv:2: \"FFFFGG\" is no colour: write RRGGBB"},
    {"chart\tA\n1\t\tFFFFFF\n",                     "t.tsv:2: the name is missing or too long"      },
    {"chart\tA\n1234567890123\tB\tFFFFFF\n",        "t.tsv:2: the number is missing or too long"    },
    {"chart\tA\n1\tB\tFFFFFF\n1\tC\t000000\n",      "t.tsv:3: the number 1 is there already"        },
    {"chart\tA\nchart\tB\n",                        "t.tsv:2: the chart has a name already"         },
    {"chart\tA name that is far too long for it\n",
     "t.tsv:1: the chart's name is missing or too long"                                             },
};

static void each_fault_of_a_chart_is_said_with_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct atl_thread_chart chart = {.count = 77};
        struct atl_error err = {0};

        assert_int_equal(
            atl_thread_chart_parse("t.tsv", faults[i].text, strlen(faults[i].text), &chart, &err),
            ATL_E_INVALID);
        assert_string_equal(err.text, faults[i].sentence);
        assert_int_equal(chart.count, 77);
    }
}

static void the_shipped_charts_have_names_numbers_and_the_catalogues_threads(void **state)
{
    static const char *const files[] = {"madeira-polyneon", "isacord", "brother-embroidery"};
    static const char *const sold[] = {"1643", "1800", "1803", "1839",
                                       "1713", "1750", "1810", "1672"}; // the tote bag's
    struct atl_error err = {0};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct atl_thread_chart chart;
        char path[512];

        snprintf(path, sizeof path, ATL_SOURCE_DIR "/drivers/embroidery/threads/%s.tsv", files[i]);
        if (atl_thread_chart_load(path, &chart, &err))
            fail_msg("%s", err.text);
        assert_true(chart.count >= 60);
        for (size_t k = 0; i == 0 && k < sizeof sold / sizeof sold[0]; k++)
            assert_non_null(atl_thread_chart_find(&chart, sold[k]));
        atl_thread_chart_free(&chart);
    }
    assert_int_equal(atl_thread_chart_load("/nowhere/x.tsv", NULL, &err), ATL_E_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_have_the_lab_values_of_the_tables),
        cmocka_unit_test(the_nearest_thread_is_the_nearest_to_the_eye_not_in_rgb),
        cmocka_unit_test(a_thread_is_found_by_its_number_and_knows_its_chart),
        cmocka_unit_test(each_fault_of_a_chart_is_said_with_its_line),
        cmocka_unit_test(the_shipped_charts_have_names_numbers_and_the_catalogues_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
