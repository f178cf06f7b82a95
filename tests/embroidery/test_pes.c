// SPDX-License-Identifier: Apache-2.0
// What is PES's own: the PEC block, its palette, its pictures.
#include "tests/embroidery/plans.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct atl_buf write_plan(const struct atl_plan *plan, unsigned version, int32_t hoop_mm)
{
    struct atl_stitch_rules rules = atl_stitch_rules_default;
    const struct atl_stitch_label label = {.code = "K7F-2A1/2"};
    struct atl_error err = {0};
    struct atl_buf out;

    rules.pes_version = (uint8_t)version;
    rules.hoop_width_dmm = rules.hoop_height_dmm = hoop_mm * 10;
    atl_buf_init(&out, ATL_STITCH_FILE_MAX_BYTES);
    if (atl_stitch_format_find("pes")->write(plan, &rules, &label, &out, &err))
        fail_msg("%s", err.text);
    return out;
}

static uint32_t little(const uint8_t *at, unsigned bytes)
{
    uint32_t value = 0;

    while (bytes--)
        value = value << 8 | at[bytes];
    return value;
}

static void pec_stands_where_the_head_says_and_its_block_is_as_long_as_it_says(void **state)
{
    struct atl_plan plan;

    (void)state;
    plan_by_hand(&plan);
    for (unsigned version = 1; version <= 6; version += 5) {
        struct atl_buf out = write_plan(&plan, version, 100);
        const uint8_t *pec = out.data + little(out.data + 8, 4);
        const uint8_t *block = pec + 512;
        uint32_t len;

        assert_memory_equal(out.data, version == 1 ? "#PES0001" : "#PES0060", 8);
        assert_memory_equal(pec, "LA:K7F-2A1_        \r", 20);
        assert_int_equal(pec[34], 6);
        assert_int_equal(pec[35], 38);
        assert_int_equal(pec[48], 2); // three blocks
        assert_int_equal(pec[50], pec[51]);
        assert_int_not_equal(pec[49], pec[50]);
        assert_memory_equal(block, "\0\0", 2);
        len = little(block + 2, 3);
        assert_memory_equal(block + 5, "\x31\xff\xf0", 3);
        assert_int_equal(little(block + 8, 2), 400);
        assert_int_equal(little(block + 10, 2), 200);
        assert_int_equal(block[len - 1], 0xff);
        assert_int_equal(block[len], 0); // peers know the end by FF 00
        if (version == 1)
            assert_int_equal(block + len + 4 * 228 - out.data, out.len);
        atl_buf_free(&out);
    }
    atl_plan_free(&plan);
}

static void the_hoop_of_version_1_is_the_small_one_only_where_it_is(void **state)
{
    struct atl_plan plan;
    struct atl_buf small, large;

    (void)state;
    plan_by_hand(&plan);
    small = write_plan(&plan, 1, 100);
    large = write_plan(&plan, 1, 130);
    assert_int_equal(little(small.data + 14, 2), 0);
    assert_int_equal(little(large.data + 14, 2), 1);
    atl_buf_free(&small);
    atl_buf_free(&large);
    atl_plan_free(&plan);
}

static void two_threads_of_nearly_one_colour_are_two_rows_of_the_palette(void **state)
{
    struct atl_thread thread = plan_thread(0);
    struct atl_plan plan, back;
    struct atl_buf out;

    (void)state;
    atl_plan_init(&plan);
    for (uint32_t i = 0; i < 5; i++) {
        thread.rgb = 0x0a0a0a + i;
        if (i)
            atl_plan_colour(&plan);
        atl_plan_thread(&plan, &thread);
        atl_plan_stitch(&plan, 0, 0);
    }
    atl_plan_end(&plan);
    out = write_plan(&plan, 1, 100);
    assert_int_equal(atl_stitch_format_find("pes")->read(
                         out.data, out.len, &atl_stitch_rules_default, &back, NULL, NULL),
                     ATL_OK);
    assert_true(atl_plan_sews_same(&plan, &back)); // changes, not stops
    assert_int_equal(back.thread_count, 5);
    assert_string_equal(back.threads[0].name, "Black");
    assert_int_not_equal(back.threads[1].rgb, back.threads[0].rgb);
    assert_int_equal(back.threads[2].rgb, back.threads[0].rgb);
    atl_buf_free(&out);
    atl_plan_free(&plan);
    atl_plan_free(&back);
}

static bool has_dot(const uint8_t *icon, int x, int y)
{
    return icon[y * 6 + x / 8] >> x % 8 & 1;
}

static int dots_inside(const uint8_t *icon)
{
    int count = 0;

    for (int y = 4; y < 34; y++) {
        for (int x = 4; x < 44; x++)
            count += has_dot(icon, x, y);
    }
    return count;
}

// A line from the lower left to the upper right in the first colour, one dot in the second.
static void the_pictures_show_the_whole_and_each_colour_the_right_way_up(void **state)
{
    struct atl_thread thread = plan_thread(0);
    const uint8_t *icons;
    struct atl_stitch_info info = {0};
    struct atl_plan plan, back;
    struct atl_buf out;

    (void)state;
    atl_plan_init(&plan);
    atl_plan_thread(&plan, &thread);
    thread = plan_thread(1);
    atl_plan_thread(&plan, &thread);
    atl_plan_jump(&plan, -140, -140);
    for (int32_t i = -140; i <= 140; i += 70)
        atl_plan_stitch(&plan, i, i);
    atl_plan_colour(&plan);
    atl_plan_jump(&plan, 140, -140);
    atl_plan_stitch(&plan, 140, -140);
    atl_plan_end(&plan);
    out = write_plan(&plan, 1, 100);
    icons = out.data + out.len - 3 * 228;
    assert_true(has_dot(icons, 37, 5)); // upper right
    assert_false(has_dot(icons, 10, 5));
    assert_true(has_dot(icons, 37, 32));
    assert_true(has_dot(icons + 228, 37, 5));
    assert_false(has_dot(icons + 228, 37, 32));
    assert_int_equal(dots_inside(icons + 2 * 228), 1);
    assert_int_equal(dots_inside(icons), dots_inside(icons + 228) + 1);
    assert_int_equal(atl_stitch_format_find("pes")->read(
                         out.data, out.len, &atl_stitch_rules_default, &back, &info, NULL),
                     ATL_OK);
    assert_int_equal(info.thumbnails, 3);
    atl_buf_free(&out);
    atl_plan_free(&plan);
    atl_plan_free(&back);
}

static void a_hundred_blocks_are_too_many_and_said(void **state)
{
    struct atl_thread thread = plan_thread(0);
    struct atl_error err = {0};
    struct atl_plan plan;
    struct atl_buf out;

    (void)state;
    atl_plan_init(&plan);
    atl_plan_thread(&plan, &thread);
    atl_plan_stitch(&plan, 0, 0);
    for (int i = 0; i < 100; i++) {
        atl_plan_stop(&plan);
        atl_plan_stitch(&plan, 0, 0);
    }
    atl_plan_end(&plan);
    atl_buf_init(&out, 1 << 20);
    assert_int_equal(
        atl_stitch_format_find("pes")->write(&plan, &atl_stitch_rules_default, NULL, &out, &err),
        ATL_E_UNSUPPORTED);
    assert_string_equal(err.text, "PES holds 99 changes of colour and stops at most");
    atl_buf_free(&out);
    atl_plan_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pec_stands_where_the_head_says_and_its_block_is_as_long_as_it_says),
        cmocka_unit_test(the_hoop_of_version_1_is_the_small_one_only_where_it_is),
        cmocka_unit_test(two_threads_of_nearly_one_colour_are_two_rows_of_the_palette),
        cmocka_unit_test(the_pictures_show_the_whole_and_each_colour_the_right_way_up),
        cmocka_unit_test(a_hundred_blocks_are_too_many_and_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
