// SPDX-License-Identifier: Apache-2.0
// Which roll a paper goes on, how long it becomes, and what is refused.
#include "drivers/brother/parts.h"
#include "tests/drivers/brother_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_short_paper_is_filled_with_white_and_a_long_one_refused(void **state)
{
    static const char *const ids[] = {"ql-700", "ql-550", "ql-1050"};

    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const struct atl_model model = brother_loaded(ids[i], "62");
        const struct atl_page page = {.width_um = 62 * BROTHER_MM};
        struct brother_print print = {.canvas = {.height_dots = 40}};
        struct atl_error err = {0};

        brother_print_page(&model, &page, &print);
        assert_int_equal(print.paper.rows, brother_facts_of(ids[i])->shortest);
        brother_print_free(&print);
        print = (struct brother_print){
            .canvas = {.height_dots = brother_facts_of(ids[i])->longest + 1}};
        assert_int_equal(brother_print_encode(&model, &page, &print, &err), ATL_E_INVALID);
        assert_non_null(strstr(err.text, "mm long"));
        assert_int_equal(print.job.len, 0);
        brother_print_free(&print);
    }
}

static void a_label_off_a_continuous_roll_is_as_long_as_the_label(void **state)
{
    const struct atl_model model = brother_loaded("ql-820nwb", "62");
    const struct atl_page page = {.width_um = 62 * BROTHER_MM, .height_um = 29 * BROTHER_MM};
    struct brother_print print = {0};

    (void)state;
    brother_print_page(&model, &page, &print);
    assert_int_equal(print.paper.kind, 0x0a);
    assert_int_equal(print.paper.rows + 2 * print.paper.margin_dots, 343); // 29 mm at 300 dpi
    brother_print_free(&print);
}

static void labels_are_taken_for_a_label_and_the_roll_for_a_long_paper(void **state)
{
    static const struct case_ {
        const char *model;
        uint32_t width_mm, height_mm;
        const char *media;
    } cases[] = {
        {"ql-700",    62,  29,  "62x29"  },
        {"ql-700",    62,  0,   "62"     },
        {"ql-820nwb", 62,  0,   "62"     },
        {"ql-700",    62,  40,  "62"     },
        {"ql-700",    29,  90,  "29x90"  },
        {"ql-700",    24,  24,  "d24"    },
        {"ql-700",    23,  23,  "23x23"  },
        {"ql-1100",   102, 51,  "102x51" },
        {"ql-1100",   102, 152, "102x152"},
        {"ql-1100",   102, 0,   "102"    },
        {"pt-p700",   60,  12,  "12"     },
        {"pt-p700",   70,  24,  "24"     },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct atl_page page = {.width_um = cases[i].width_mm * BROTHER_MM,
                                      .height_um = cases[i].height_mm * BROTHER_MM};
        const struct atl_media *media = NULL;
        struct atl_error err = {0};

        if (brother_media_for(brother_model_of(cases[i].model), &page, &media, &err))
            fail_msg("%s", err.text);
        assert_string_equal(media->id, cases[i].media);
    }
}

static void a_paper_that_suits_no_roll_is_refused_with_both_sizes(void **state)
{
    static const struct case_ {
        const char *model, *media;
        uint32_t width_mm, height_mm;
        const char *words;
    } cases[] = {
        {"ql-700",    "62",    80,  0,
         "this paper is 80 mm wide, and the Brother QL-700 is set to 62 mm, continuous: choose "
         "other templates, or another media"                 },
        {"ql-700",    "62x29", 102, 51,
         "this paper is 102 x 51 mm, and the Brother QL-700 is set to 62 x 29 mm: choose other "
         "templates, or another media"                       },
        {"pt-p700",   NULL,    62,  29,
         "this paper is 62 x 29 mm, and the Brother PT-P700 takes tape of 12, 24, 18, 9, 6, 3.5 "
         "mm, as labels that are as high as the tape is wide"},
        {"ql-820nwb", "62red", 58,  0,
         "this paper is 58 mm wide, and the Brother QL-820NWB is set to 62 mm, continuous: choose "
         "other templates, or another media"                 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct atl_model model = cases[i].media
                                           ? brother_loaded(cases[i].model, cases[i].media)
                                           : *brother_model_of(cases[i].model);
        const struct atl_page page = {.width_um = cases[i].width_mm * BROTHER_MM,
                                      .height_um = cases[i].height_mm * BROTHER_MM};
        struct brother_print print = {0};
        struct atl_error err = {0};

        assert_int_equal(brother_print_encode(&model, &page, &print, &err), ATL_E_INVALID);
        assert_string_equal(err.text, cases[i].words);
        assert_int_equal(print.job.len, 0);
        brother_print_free(&print);
    }
}

static void a_paper_of_a_roll_goes_on_labels_only_when_they_are_named(void **state)
{
    const struct atl_model model = brother_loaded("ql-700", "62x100");
    const struct atl_page page = {.width_um = 62 * BROTHER_MM};
    struct brother_print print = {0};

    (void)state;
    brother_print_page(&model, &page, &print);
    assert_int_equal(print.paper.kind, 0x0b);
    assert_int_equal(print.paper.rows, 1109);
    brother_print_free(&print);
}

static void a_page_that_ends_without_a_cut_is_not_cut(void **state)
{
    static const struct atl_row none[] = {
        {.kind = ATL_ROW_CUT, .cut = ATL_CUT_FULL},
        {.kind = ATL_ROW_CUT, .cut = ATL_CUT_NONE}
    };
    const struct atl_page page = {.width_um = 62 * BROTHER_MM, .rows = none, .row_count = 2};
    struct brother_print print = {.canvas = {.height_dots = 300}};

    (void)state;
    brother_print_page(brother_model_of("ql-820nwb"), &page, &print);
    assert_false(print.paper.is_cut);
    brother_print_free(&print);
}

static void rows_come_out_of_their_packets_as_they_went_in(void **state)
{
    (void)state;
    for (int i = 0; i < 4000; i++) {
        uint8_t row[BROTHER_ROW_BYTES_MAX], packed[BROTHER_PACKED_BYTES_MAX + 1], again[400];
        const size_t len =
            i < BROTHER_ROW_BYTES_MAX ? (size_t)i + 1 : 1 + brother_chance(sizeof row);
        size_t used;

        for (size_t k = 0; k < len; k++)
            row[k] = k && brother_chance(1 + (uint32_t)i % 7) ? row[k - 1]
                                                              : (uint8_t)brother_chance(256);
        packed[BROTHER_PACKED_BYTES_MAX] = 0xa5;
        used = brother_pack(row, len, packed);
        assert_true(used <= len + 4);
        assert_int_equal(packed[BROTHER_PACKED_BYTES_MAX], 0xa5);
        assert_int_equal(brother_unpack(packed, used, again, sizeof again), len);
        assert_memory_equal(again, row, len);
    }
}

static void what_a_broken_job_left_is_ended_and_thrown_away(void **state)
{
    const struct atl_driver *driver = atl_driver_find("brother");
    const uint8_t job[4] = {0};
    struct atl_buf out;

    (void)state;
    for (int i = 0; i < 2; i++) {
        atl_buf_init(&out, 1024);
        assert_int_equal(driver->resync(i ? job : NULL, i ? 4 : 0, 0, &out, NULL), ATL_OK);
        assert_int_equal(out.len, 402);
        for (size_t k = 0; k < 400; k++)
            assert_int_equal(out.data[k], 0);
        assert_memory_equal(out.data + 400, "\x1b@", 2);
        atl_buf_free(&out);
    }
    atl_buf_init(&out, 1024);
    assert_int_equal(driver->resync(job, sizeof job, 5, &out, NULL), ATL_E_INVALID);
    atl_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_paper_is_filled_with_white_and_a_long_one_refused),
        cmocka_unit_test(a_label_off_a_continuous_roll_is_as_long_as_the_label),
        cmocka_unit_test(labels_are_taken_for_a_label_and_the_roll_for_a_long_paper),
        cmocka_unit_test(a_paper_that_suits_no_roll_is_refused_with_both_sizes),
        cmocka_unit_test(a_paper_of_a_roll_goes_on_labels_only_when_they_are_named),
        cmocka_unit_test(a_page_that_ends_without_a_cut_is_not_cut),
        cmocka_unit_test(rows_come_out_of_their_packets_as_they_went_in),
        cmocka_unit_test(what_a_broken_job_left_is_ended_and_thrown_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
