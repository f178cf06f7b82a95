// SPDX-License-Identifier: Apache-2.0
// What is written beside the stitches of a picture is written wholly.
#include "plugin/render/stitch_picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { CLOTH = 0xe8dfcc, RED = 0xb0102a };

static const struct atl_stitch_thread red = {RED, ""};

static struct atl_plan plan_of_corners(int wide, int high)
{
    struct atl_plan plan;

    atl_plan_init(&plan);
    atl_plan_jump(&plan, -wide, -high);
    for (int x = -wide; x <= wide; x += 20)
        atl_plan_stitch(&plan, x, x / 20 % 2 ? high : -high);
    atl_plan_stitch(&plan, wide, high);
    atl_plan_end(&plan);
    return plan;
}

static int darkness(const struct atl_picture *picture, int x, int y)
{
    const uint8_t *rgb = picture->pixels + ((size_t)y * picture->width_px + (size_t)x) * 3;

    return (CLOTH >> 16 & 0xff) - rgb[0] + (CLOTH >> 8 & 0xff) - rgb[1] + (CLOTH & 0xff) - rgb[2];
}

// Words in chalk, dark on this cloth, in columns of the picture's cloth.
static size_t chalk_dots(const struct atl_picture *picture, int left, int right)
{
    size_t count = 0;

    for (int y = 0; y < (int)picture->height_px; y++) {
        for (int x = left; x < right; x++)
            count += darkness(picture, x, y) > 200;
    }
    return count;
}

static void measures_are_never_cut_off_at_the_edge(void **state)
{
    static const uint32_t widths[] = {240, 300, 1000};
    static const int highs[] = {3, 127, 400};

    (void)state;
    for (size_t i = 0; i < 9; i++) {
        struct atl_plan plan = plan_of_corners(733, highs[i % 3]); // 146.6 mm
        const struct atl_stitch_picture look = {.width_px = widths[i / 3],
                                                .fabric_rgb = CLOTH,
                                                .threads = &red,
                                                .thread_count = 1,
                                                .has_measures = true};
        struct atl_picture picture = {0};
        struct atl_error err = {0};

        if (atl_stitch_picture_draw(&plan, &look, &picture, &err))
            fail_msg("%s", err.text);
        assert_int_equal(chalk_dots(&picture, (int)look.width_px - 2, (int)look.width_px), 0);
        // Words there are: right of the stitches and of the line beside them.
        assert_in_range(chalk_dots(&picture, (int)look.width_px * 911 / 1000, (int)look.width_px),
                        10, 100000);
        atl_picture_free(&picture);
        atl_plan_free(&plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_are_never_cut_off_at_the_edge),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
