// SPDX-License-Identifier: Apache-2.0
// What holds for every format: what is written is read back, act by act; nothing of a label gets
// out; nothing that is cut short is taken; what cannot be sewn is not written.
#include "tests/embroidery/plans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct atl_buf write_plan(const struct atl_stitch_format *format,
                                 const struct atl_plan *plan, unsigned pes_version,
                                 const char *code)
{
    const struct atl_stitch_label label = {.code = code, .stamp = "20261125101112"};
    struct atl_stitch_rules rules = atl_stitch_rules_default;
    struct atl_error err = {0};
    struct atl_buf out;

    rules.pes_version = (uint8_t)pes_version;
    atl_buf_init(&out, ATL_STITCH_FILE_MAX_BYTES);
    if (format->write(plan, &rules, &label, &out, &err))
        fail_msg("%s: %s", format->name, err.text);
    return out;
}

static struct atl_plan read_plan(const struct atl_stitch_format *format, const struct atl_buf *file,
                                 struct atl_stitch_info *info)
{
    struct atl_error err = {0};
    struct atl_plan back;

    if (format->read(file->data, file->len, &atl_stitch_rules_default, &back, info, &err))
        fail_msg("%s: %s", format->name, err.text);
    return back;
}

// Formats, PES in both versions.
static const struct way {
    const char *name;
    unsigned pes_version;
    bool keeps_stops;
    bool keeps_threads;
} ways[] = {
    {"dst", 1, true,  false},
    {"pes", 1, true,  false},
    {"pes", 6, true,  true },
    {"exp", 1, false, false},
    {"jef", 1, true,  false},
    {"vp3", 1, true,  true },
};
enum { WAYS = sizeof ways / sizeof ways[0] };

static void assert_same_threads(const struct atl_plan *a, const struct atl_plan *b)
{
    assert_int_equal(a->thread_count, b->thread_count);
    for (size_t i = 0; i < a->thread_count; i++) {
        assert_int_equal(a->threads[i].rgb, b->threads[i].rgb);
        assert_string_equal(a->threads[i].chart, b->threads[i].chart);
        assert_string_equal(a->threads[i].number, b->threads[i].number);
        assert_string_equal(a->threads[i].name, b->threads[i].name);
    }
}

static void two_thousand_plans_come_back_act_by_act_from_every_format(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 2000; seed++) {
        const struct way *way = &ways[seed % WAYS];
        const struct atl_stitch_format *format = atl_stitch_format_find(way->name);
        struct atl_plan plan, back;
        struct atl_buf out;

        plan_random(seed, 50 + seed % 700, way->keeps_stops ? PLAN_WITH_STOPS : 0, &plan);
        out = write_plan(format, &plan, way->pes_version, "K7F-2A1/2");
        back = read_plan(format, &out, NULL);
        if (!atl_plan_sews_same(&plan, &back))
            fail_msg("seed %u: %s did not come back", seed, way->name);
        assert_int_equal(plan.thread_count, back.thread_count);
        if (way->keeps_threads)
            assert_same_threads(&plan, &back);
        atl_plan_free(&plan);
        atl_plan_free(&back);
        atl_buf_free(&out);
    }
}

// The control of the test above: one stitch a tenth of a millimetre beside is not the same.
static void a_stitch_that_moved_by_a_tenth_is_found(void **state)
{
    struct atl_plan plan, other;

    (void)state;
    plan_by_hand(&plan);
    plan_by_hand(&other);
    assert_true(atl_plan_sews_same(&plan, &other));
    other.acts[8].y_dmm++;
    assert_false(atl_plan_sews_same(&plan, &other));
    other.acts[8].y_dmm--;
    other.acts[8].act = ATL_ACT_JUMP;
    assert_false(atl_plan_sews_same(&plan, &other));
    atl_plan_free(&plan);
    atl_plan_free(&other);
}

static void jumps_of_any_length_come_back_where_the_format_has_a_jump(void **state)
{
    static const char *const names[] = {"pes", "exp", "vp3"}; // to the others a long one is a trim

    (void)state;
    for (uint32_t seed = 1; seed <= 300; seed++) {
        const struct atl_stitch_format *format = atl_stitch_format_find(names[seed % 3]);
        struct atl_plan plan, back;
        struct atl_buf out;

        plan_random(seed, 300, PLAN_WITH_LONG_JUMPS, &plan);
        out = write_plan(format, &plan, 1, "X");
        back = read_plan(format, &out, NULL);
        assert_true(atl_plan_sews_same(&plan, &back));
        atl_plan_free(&plan);
        atl_plan_free(&back);
        atl_buf_free(&out);
    }
}

static void the_largest_design_of_two_metres_comes_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < WAYS; i++) {
        const struct atl_stitch_format *format = atl_stitch_format_find(ways[i].name);
        struct atl_thread thread = plan_thread(0);
        struct atl_plan plan, back;
        struct atl_buf out;

        atl_plan_init(&plan);
        atl_plan_thread(&plan, &thread);
        atl_plan_jump(&plan, -10000, -10000);
        atl_plan_stitch(&plan, -10000, -10000);
        atl_plan_trim(&plan);
        atl_plan_jump(&plan, 10000, 10000);
        atl_plan_stitch(&plan, 10000, 10000);
        atl_plan_end(&plan);
        out = write_plan(format, &plan, ways[i].pes_version, "X");
        back = read_plan(format, &out, NULL);
        assert_true(atl_plan_sews_same(&plan, &back));
        atl_plan_free(&plan);
        atl_plan_free(&back);
        atl_buf_free(&out);
    }
}

static void a_stop_is_a_change_to_the_same_thread_and_exp_reads_it_as_a_change(void **state)
{
    struct atl_plan plan, back;
    struct atl_buf out;

    (void)state;
    plan_by_hand(&plan);
    out = write_plan(atl_stitch_format_find("exp"), &plan, 1, "X");
    back = read_plan(atl_stitch_format_find("exp"), &out, NULL);
    assert_int_equal(atl_plan_counts(&back).stops, 0);
    assert_int_equal(atl_plan_counts(&back).colour_changes, 2);
    atl_plan_free(&plan);
    atl_plan_free(&back);
    atl_buf_free(&out);
}

static bool is_code_letter(uint8_t byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-' ||
           byte == '_';
}

// A label is the last thing that a person could have typed; whatever it is, the bytes of a file
// with it differ from those of a file without it only in places that hold code letters.
static void no_byte_of_a_label_leaves_that_is_no_letter_of_a_code(void **state)
{
    static const char *const labels[] = {
        "",         "\xc3\x89lodie", "../../x",       "a\rST:      1\r",
        "%s%s%n",   "\x1a\x1a",      "\x1b@\xff\xfe", "0123456789012345678901234567890123456789",
        "<script>", "K7F-2A1/2",     "'; DROP TABLE"};
    struct atl_plan plan;

    (void)state;
    plan_by_hand(&plan);
    for (size_t i = 0; i < WAYS; i++) {
        const struct atl_stitch_format *format = atl_stitch_format_find(ways[i].name);

        for (size_t k = 0; k < sizeof labels / sizeof labels[0]; k++) {
            struct atl_buf out = write_plan(format, &plan, ways[i].pes_version, labels[k]);
            struct atl_stitch_info info = {0};
            struct atl_plan back = read_plan(format, &out, &info);

            assert_true(strlen(info.label) <= 16);
            for (size_t n = 0; info.label[n]; n++)
                assert_true(is_code_letter((uint8_t)info.label[n]));
            assert_null(memmem(out.data, out.len, "lodie", 5));
            assert_null(memmem(out.data, out.len, "script>", 7));
            assert_null(memmem(out.data, out.len, "..", 2));
            assert_true(atl_plan_sews_same(&plan, &back) || !ways[i].keeps_stops);
            atl_plan_free(&back);
            atl_buf_free(&out);
        }
    }
    atl_plan_free(&plan);
}

static void the_same_plan_gives_the_same_bytes_behind_whatever_stands_in_the_buffer(void **state)
{
    struct atl_plan plan;

    (void)state;
    plan_random(7, 500, 0, &plan);
    for (size_t i = 0; i < WAYS; i++) {
        const struct atl_stitch_format *format = atl_stitch_format_find(ways[i].name);
        struct atl_stitch_rules rules = atl_stitch_rules_default;
        struct atl_buf one = write_plan(format, &plan, ways[i].pes_version, NULL);
        struct atl_buf two;

        rules.pes_version = (uint8_t)ways[i].pes_version;
        atl_buf_init(&two, 1 << 20);
        ATL_BUF_LIT(&two, "before");
        assert_int_equal(format->write(&plan, &rules,
                                       &(struct atl_stitch_label){.stamp = "20261125101112"}, &two,
                                       NULL),
                         ATL_OK);
        assert_int_equal(two.len, one.len + 6);
        assert_memory_equal(two.data + 6, one.data, one.len);
        atl_buf_free(&one);
        atl_buf_free(&two);
    }
    atl_plan_free(&plan);
}

static void a_file_cut_short_anywhere_is_refused_or_is_all_there(void **state)
{
    struct atl_plan plan;

    (void)state;
    plan_by_hand(&plan);
    for (size_t i = 0; i < WAYS; i++) {
        const struct atl_stitch_format *format = atl_stitch_format_find(ways[i].name);
        struct atl_buf out = write_plan(format, &plan, ways[i].pes_version, "X");
        size_t taken = 0;

        for (size_t len = 0; len < out.len; len++) {
            uint8_t *exact = malloc(len + !len); // so that a sanitizer sees a byte too far
            struct atl_plan back = {0};

            memcpy(exact, out.data, len);
            if (!format->read(exact, len, &atl_stitch_rules_default, &back, NULL, NULL)) {
                taken++;
                // EXP has no end; of PES only pictures and names stand behind the stitches.
                if (strcmp(format->name, "exp") != 0)
                    assert_true(atl_plan_sews_same(&plan, &back));
            }
            atl_plan_free(&back);
            free(exact);
        }
        if (strcmp(format->name, "dst") == 0 || strcmp(format->name, "jef") == 0)
            assert_int_equal(taken, 0);
        atl_buf_free(&out);
    }
    atl_plan_free(&plan);
}

static void no_memory_and_a_full_buffer_are_said(void **state)
{
    struct atl_plan plan;

    (void)state;
    plan_random(3, 400, 0, &plan);
    for (size_t i = 0; i < WAYS; i++) {
        const struct atl_stitch_format *format = atl_stitch_format_find(ways[i].name);
        struct atl_stitch_rules rules = atl_stitch_rules_default;
        struct atl_buf whole = write_plan(format, &plan, ways[i].pes_version, "X");

        rules.pes_version = (uint8_t)ways[i].pes_version;
        for (size_t limit = 0; limit < whole.len; limit += 7) {
            struct atl_buf out;

            atl_buf_init(&out, limit);
            assert_int_equal(format->write(&plan, &rules, NULL, &out, NULL), ATL_E_NOMEM);
            atl_buf_free(&out);
        }
        atl_buf_free(&whole);
    }
    atl_plan_free(&plan);
}

static void what_is_not_centred_or_cannot_be_sewn_is_not_written(void **state)
{
    struct atl_thread thread = plan_thread(0);
    struct atl_error err = {0};
    struct atl_plan plan;

    (void)state;
    for (size_t i = 0; atl_stitch_format_at(i); i++) {
        const struct atl_stitch_format *format = atl_stitch_format_at(i);
        struct atl_buf out;

        atl_buf_init(&out, 1 << 20);
        atl_plan_init(&plan);
        atl_plan_thread(&plan, &thread);
        atl_plan_stitch(&plan, 10, 10);
        atl_plan_end(&plan);
        assert_int_equal(format->write(&plan, &atl_stitch_rules_default, NULL, &out, &err),
                         ATL_E_INVALID);
        assert_string_equal(err.text, "the design is not centred: machines refuse it or sew beside "
                                      "the middle of the hoop");
        atl_plan_free(&plan);
        assert_int_equal(format->write(&plan, &atl_stitch_rules_default, NULL, &out, &err),
                         ATL_E_INVALID);
        assert_string_equal(err.text, "the design has no end");
        assert_int_equal(out.len, 0);
        atl_buf_free(&out);
    }
}

static void a_format_is_known_by_its_bytes_and_exp_by_its_name(void **state)
{
    struct atl_plan plan;

    (void)state;
    plan_by_hand(&plan);
    for (size_t i = 0; i < WAYS; i++) {
        const struct atl_stitch_format *format = atl_stitch_format_find(ways[i].name);
        struct atl_buf out = write_plan(format, &plan, ways[i].pes_version, "X");
        bool is_exp = strcmp(format->name, "exp") == 0;

        assert_ptr_equal(atl_stitch_format_of(is_exp ? "A.EXP" : "A.TXT", out.data, out.len),
                         format);
        assert_ptr_equal(atl_stitch_format_of(NULL, out.data, out.len), is_exp ? NULL : format);
        atl_buf_free(&out);
    }
    assert_null(atl_stitch_format_of("x.dst", (const uint8_t *)"", 0));
    assert_ptr_equal(atl_stitch_format_find("DST"), atl_stitch_format_find("dst"));
    assert_null(atl_stitch_format_find("tbf"));
    atl_plan_free(&plan);
}

// Little-endian word of a JEF header.
static uint32_t word(const struct atl_buf *file, size_t at)
{
    return (uint32_t)file->data[at] | (uint32_t)file->data[at + 1] << 8 |
           (uint32_t)file->data[at + 2] << 16 | (uint32_t)file->data[at + 3] << 24;
}

static void a_jef_header_has_date_counts_hoop_margins_and_colours(void **state)
{
    struct atl_plan plan;
    struct atl_buf out;

    (void)state;
    plan_by_hand(&plan);
    out = write_plan(atl_stitch_format_find("jef"), &plan, 1, "X");
    assert_int_equal(word(&out, 0), 0x74 + 3 * 8);
    assert_int_equal(word(&out, 4), 0x14);
    assert_memory_equal(out.data + 8, "20261125101112\0\0", 16);
    assert_int_equal(word(&out, 24), 3); // two colours and a stop
    // 10 stitches, a trim of 3 jumps, the first jump 2, the second 1, the third 1, 2 changes, end
    assert_int_equal(word(&out, 28), 10 + 2 * (3 + 2 + 2 + 1) + 2 * 2 + 1);
    assert_int_equal(word(&out, 32), 1); // 50 x 50 is enough
    assert_int_equal(word(&out, 36), 200);
    assert_int_equal(word(&out, 40), 100);
    assert_int_equal(word(&out, 52), 550 - 200);
    assert_int_equal(word(&out, 56), 550 - 100);
    assert_int_equal(word(&out, 0x74), word(&out, 0x74) & 0x7f);
    assert_int_not_equal(word(&out, 0x74), word(&out, 0x78));
    assert_int_equal(word(&out, 0x78), word(&out, 0x7c)); // the stop
    assert_int_equal(word(&out, 0x80), 0x0d);
    atl_buf_free(&out);
    atl_plan_free(&plan);
}

static void a_stamp_that_is_no_date_is_not_taken(void **state)
{
    static const char *const stamps[] = {"2026-11-25 10:00", "", "2026112510111X", "99"};
    struct atl_plan plan;

    (void)state;
    plan_by_hand(&plan);
    for (size_t i = 0; i < sizeof stamps / sizeof stamps[0]; i++) {
        struct atl_buf out;

        atl_buf_init(&out, 1 << 20);
        assert_int_equal(atl_stitch_format_find("jef")->write(
                             &plan, &atl_stitch_rules_default,
                             &(struct atl_stitch_label){.stamp = stamps[i]}, &out, NULL),
                         ATL_OK);
        assert_memory_equal(out.data + 8, "20000101000000\0\0", 16);
        atl_buf_free(&out);
    }
    atl_plan_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_thousand_plans_come_back_act_by_act_from_every_format),
        cmocka_unit_test(a_stitch_that_moved_by_a_tenth_is_found),
        cmocka_unit_test(jumps_of_any_length_come_back_where_the_format_has_a_jump),
        cmocka_unit_test(the_largest_design_of_two_metres_comes_back),
        cmocka_unit_test(a_stop_is_a_change_to_the_same_thread_and_exp_reads_it_as_a_change),
        cmocka_unit_test(no_byte_of_a_label_leaves_that_is_no_letter_of_a_code),
        cmocka_unit_test(the_same_plan_gives_the_same_bytes_behind_whatever_stands_in_the_buffer),
        cmocka_unit_test(a_file_cut_short_anywhere_is_refused_or_is_all_there),
        cmocka_unit_test(no_memory_and_a_full_buffer_are_said),
        cmocka_unit_test(what_is_not_centred_or_cannot_be_sewn_is_not_written),
        cmocka_unit_test(a_format_is_known_by_its_bytes_and_exp_by_its_name),
        cmocka_unit_test(a_jef_header_has_date_counts_hoop_margins_and_colours),
        cmocka_unit_test(a_stamp_that_is_no_date_is_not_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
