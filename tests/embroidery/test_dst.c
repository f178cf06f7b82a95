// SPDX-License-Identifier: Apache-2.0
// DST: records as the format's description has them, a header that is true, the rules of machines.
#include "tests/embroidery/plans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct atl_stitch_format *dst(void)
{
    return atl_stitch_format_find("dst");
}

static struct atl_buf write_plan(const struct atl_plan *plan, const struct atl_stitch_rules *rules,
                                 const char *code)
{
    const struct atl_stitch_label label = {.code = code};
    struct atl_error err = {0};
    struct atl_buf out;

    atl_buf_init(&out, ATL_STITCH_FILE_MAX_BYTES);
    if (dst()->write(plan, rules, &label, &out, &err))
        fail_msg("%s", err.text);
    return out;
}

static void one_thread(struct atl_plan *plan)
{
    struct atl_thread thread = plan_thread(0);

    atl_plan_init(plan);
    atl_plan_thread(plan, &thread);
}

// The vectors stand in public descriptions of the format.
static void records_are_those_of_the_formats_description(void **state)
{
    // (+1,0) (0,+1) (-12,+64) change - (+121,+121) jump(+2,+2) jump(-2,-2) - - end
    static const char *const known[] = {"010003", "800003", "a81223", "0000c3", NULL,    "a5a527",
                                        "428183", "814283", NULL,     NULL,     "0000f3"};
    struct atl_stitch_rules rules = atl_stitch_rules_default;
    struct atl_thread thread = plan_thread(1);
    struct atl_plan plan;
    struct atl_buf out;

    (void)state;
    rules.dst_trim_jumps = 2;
    one_thread(&plan);
    atl_plan_stitch(&plan, 1, 0);
    atl_plan_stitch(&plan, 1, 1);
    atl_plan_stitch(&plan, -11, 65);
    atl_plan_colour(&plan);
    atl_plan_thread(&plan, &thread);
    atl_plan_stitch(&plan, -64, -56);
    atl_plan_stitch(&plan, 57, 65);
    atl_plan_trim(&plan);
    atl_plan_stitch(&plan, 64, -56);
    atl_plan_stitch(&plan, 60, -65);
    atl_plan_end(&plan);
    out = write_plan(&plan, &rules, "X");
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        char hex[8];
        const uint8_t *at = out.data + 512 + 3 * i;

        snprintf(hex, sizeof hex, "%02x%02x%02x", at[0], at[1], at[2]);
        if (known[i])
            assert_string_equal(hex, known[i]);
    }
    assert_int_equal(out.len, 512 + 3 * sizeof known / sizeof known[0]);
    atl_buf_free(&out);
    atl_plan_free(&plan);
}

// One record each way through a decoder that is written down here again, bit by bit.
static int decoded(const uint8_t *record, const uint8_t places[5][2])
{
    static const int weights[5] = {1, 9, 3, 27, 81};
    int sum = 0;

    for (int i = 0; i < 5; i++) {
        sum += weights[i] * (record[places[i][0] >> 4] >> (places[i][0] & 15) & 1);
        sum -= weights[i] * (record[places[i][1] >> 4] >> (places[i][1] & 15) & 1);
    }
    return sum;
}

static void all_59049_moves_of_a_record_are_decoded_as_themselves(void **state)
{
    // byte << 4 | bit of plus and minus, from the table of the description
    static const uint8_t x_places[5][2] = {
        {0x00, 0x01},
        {0x02, 0x03},
        {0x10, 0x11},
        {0x12, 0x13},
        {0x22, 0x23}
    };
    static const uint8_t y_places[5][2] = {
        {0x07, 0x06},
        {0x05, 0x04},
        {0x17, 0x16},
        {0x15, 0x14},
        {0x25, 0x24}
    };
    struct atl_plan plan;
    struct atl_buf out;
    size_t at = 512;

    (void)state;
    one_thread(&plan);
    for (int x = -121; x <= 121; x++) {
        for (int y = -121; y <= 121; y++) {
            atl_plan_stitch(&plan, x, y);
            atl_plan_stitch(&plan, 0, 0);
        }
    }
    atl_plan_end(&plan);
    out = write_plan(&plan, &atl_stitch_rules_default, "X");
    for (int x = -121; x <= 121; x++) {
        for (int y = -121; y <= 121; y++, at += 6) {
            assert_int_equal(decoded(out.data + at, x_places), x);
            assert_int_equal(decoded(out.data + at, y_places), y);
            assert_int_equal(decoded(out.data + at + 3, x_places), -x);
            assert_int_equal(decoded(out.data + at + 3, y_places), -y);
            assert_int_equal(out.data[at + 2] & 0xc3, 3);
        }
    }
    assert_int_equal(at + 3, out.len);
    atl_buf_free(&out);
    atl_plan_free(&plan);
}

static void the_header_is_laid_out_to_the_letter(void **state)
{
    const char *expected = "LA:K7F-2A1_2       \rST:     22\rCO:  3\r+X:  200\r-X:  200\r"
                           "+Y:  100\r-Y:  100\rAX:+  190\rAY:+   70\rMX:+    0\rMY:+    0\r"
                           "PD:******\r\x1a";
    struct atl_plan plan;
    struct atl_buf out;

    (void)state;
    plan_by_hand(&plan);
    out = write_plan(&plan, &atl_stitch_rules_default, "k7f-2A1/2");
    assert_int_equal(strlen(expected), 125);
    assert_memory_equal(out.data, expected, 125);
    for (size_t i = 125; i < 512; i++)
        assert_int_equal(out.data[i], ' ');
    assert_int_equal(out.len, 512 + 22 * 3);
    atl_buf_free(&out);
    atl_plan_free(&plan);
}

static void the_header_agrees_with_the_records_of_a_thousand_plans(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 1000; seed++) {
        struct atl_stitch_rules rules = atl_stitch_rules_default;
        struct atl_stitch_info info = {0};
        struct atl_plan plan, back;
        struct atl_error err = {0};
        struct atl_buf out;

        rules.dst_trim_jumps = (uint8_t)(2 + seed % 7);
        plan_random(seed, 60 + seed % 400, PLAN_WITH_STOPS, &plan);
        out = write_plan(&plan, &rules, "X");
        if (dst()->read(out.data, out.len, &rules, &back, &info, &err))
            fail_msg("seed %u: %s", seed, err.text);
        assert_true(info.header_agrees);
        assert_int_equal(info.header_st, (out.len - 512) / 3);
        assert_int_equal(info.records, info.header_st);
        atl_buf_free(&out);
        atl_plan_free(&back);
        atl_plan_free(&plan);
    }
}

// The control of the test above: a header that is wrong by one is seen.
static void a_header_that_is_wrong_by_one_is_found(void **state)
{
    static const size_t digits[] = {29, 45, 54, 63, 72}; // last digit of ST +X -X +Y -Y
    struct atl_stitch_info info = {0};
    struct atl_plan plan, back;
    struct atl_buf out;

    (void)state;
    plan_by_hand(&plan);
    out = write_plan(&plan, &atl_stitch_rules_default, "X");
    for (size_t i = 0; i < sizeof digits / sizeof digits[0]; i++) {
        assert_in_range(out.data[digits[i]], '0', '9');
        out.data[digits[i]] ^= 1;
        assert_int_equal(
            dst()->read(out.data, out.len, &atl_stitch_rules_default, &back, &info, NULL), ATL_OK);
        assert_false(info.header_agrees);
        atl_plan_free(&back);
        out.data[digits[i]] ^= 1;
    }
    atl_buf_free(&out);
    atl_plan_free(&plan);
}

static void a_trim_is_as_many_jumps_as_the_machine_wants_and_goes_nowhere(void **state)
{
    (void)state;
    for (unsigned jumps = 2; jumps <= 8; jumps++) {
        struct atl_stitch_rules rules = atl_stitch_rules_default;
        struct atl_plan plan, back;
        struct atl_buf out;
        size_t run = 0;

        rules.dst_trim_jumps = (uint8_t)jumps;
        one_thread(&plan);
        atl_plan_stitch(&plan, -5, 0);
        atl_plan_trim(&plan);
        atl_plan_stitch(&plan, 5, 0);
        atl_plan_end(&plan);
        out = write_plan(&plan, &rules, "X");
        for (size_t at = 512; at < out.len; at += 3)
            run += (out.data[at + 2] & 0xc0) == 0x80;
        assert_int_equal(run, jumps);
        assert_int_equal(dst()->read(out.data, out.len, &rules, &back, NULL, NULL), ATL_OK);
        assert_true(atl_plan_sews_same(&plan, &back));
        atl_plan_free(&back);
        rules.dst_trim_jumps = (uint8_t)(jumps + 1); // a machine that wants more does not trim
        assert_int_equal(dst()->read(out.data, out.len, &rules, &back, NULL, NULL), ATL_OK);
        assert_int_equal(atl_plan_counts(&back).trims, 0);
        atl_plan_free(&back);
        atl_buf_free(&out);
        atl_plan_free(&plan);
    }
}

static void a_long_jump_without_a_trim_is_read_as_the_trim_the_machine_makes_of_it(void **state)
{
    struct atl_plan plan, back;
    struct atl_buf out;

    (void)state;
    one_thread(&plan);
    atl_plan_jump(&plan, -200, 0);
    atl_plan_stitch(&plan, -200, 0);
    atl_plan_jump(&plan, 200, 0); // 40 mm: four records
    atl_plan_stitch(&plan, 200, 0);
    atl_plan_end(&plan);
    out = write_plan(&plan, &atl_stitch_rules_default, "X");
    assert_int_equal(dst()->read(out.data, out.len, &atl_stitch_rules_default, &back, NULL, NULL),
                     ATL_OK);
    assert_int_equal(atl_plan_counts(&plan).trims, 0);
    assert_int_equal(atl_plan_counts(&back).trims, 1);
    atl_plan_free(&back);
    atl_buf_free(&out);
    atl_plan_free(&plan);
}

static long co_of(enum atl_dst_co rule, unsigned changes)
{
    struct atl_stitch_rules rules = atl_stitch_rules_default;
    struct atl_plan plan;
    struct atl_buf out;
    long co;

    rules.dst_co = rule;
    one_thread(&plan);
    atl_plan_stitch(&plan, 0, 0);
    for (unsigned i = 0; i < changes; i++) {
        struct atl_thread thread = plan_thread(i + 1);

        atl_plan_colour(&plan);
        atl_plan_thread(&plan, &thread);
        atl_plan_stitch(&plan, 0, 0);
    }
    atl_plan_end(&plan);
    out = write_plan(&plan, &rules, "X");
    co = strtol((const char *)out.data + 34, NULL, 10);
    atl_buf_free(&out);
    atl_plan_free(&plan);
    return co;
}

static void co_follows_the_machines_rule(void **state)
{
    (void)state;
    assert_int_equal(co_of(ATL_DST_CO_AT_LEAST_ONE, 0), 1);
    assert_int_equal(co_of(ATL_DST_CO_AT_LEAST_ONE, 3), 3);
    assert_int_equal(co_of(ATL_DST_CO_CHANGES, 0), 0);
    assert_int_equal(co_of(ATL_DST_CO_CHANGES, 3), 3);
    assert_int_equal(co_of(ATL_DST_CO_COLOURS, 0), 1);
    assert_int_equal(co_of(ATL_DST_CO_COLOURS, 3), 4);
}

static void the_end_has_a_1a_behind_it_only_where_the_machine_wants_it(void **state)
{
    struct atl_stitch_rules rules = atl_stitch_rules_default;
    struct atl_plan plan, back;
    struct atl_buf plain, with;

    (void)state;
    plan_by_hand(&plan);
    plain = write_plan(&plan, &rules, "X");
    rules.dst_ends_1a = true;
    with = write_plan(&plan, &rules, "X");
    assert_int_equal(with.len, plain.len + 1);
    assert_memory_equal(with.data, plain.data, plain.len);
    assert_memory_equal(with.data + with.len - 4, "\0\0\xf3\x1a", 4);
    assert_int_equal(dst()->read(with.data, with.len, &rules, &back, NULL, NULL), ATL_OK);
    assert_true(atl_plan_sews_same(&plan, &back));
    atl_plan_free(&back);
    atl_buf_free(&plain);
    atl_buf_free(&with);
    atl_plan_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_those_of_the_formats_description),
        cmocka_unit_test(all_59049_moves_of_a_record_are_decoded_as_themselves),
        cmocka_unit_test(the_header_is_laid_out_to_the_letter),
        cmocka_unit_test(the_header_agrees_with_the_records_of_a_thousand_plans),
        cmocka_unit_test(a_header_that_is_wrong_by_one_is_found),
        cmocka_unit_test(a_trim_is_as_many_jumps_as_the_machine_wants_and_goes_nowhere),
        cmocka_unit_test(a_long_jump_without_a_trim_is_read_as_the_trim_the_machine_makes_of_it),
        cmocka_unit_test(co_follows_the_machines_rule),
        cmocka_unit_test(the_end_has_a_1a_behind_it_only_where_the_machine_wants_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
