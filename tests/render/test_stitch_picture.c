// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/png.h"
#include "plugin/render/stitch_picture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CLOTH = 0xe8dfcc, RED = 0xb0102a, BLUE = 0x1d4fa0 };

// A block of zigzag, 0.2 mm from thread to thread, its stitches along x or along y.
static void add_block(struct atl_plan *plan, int left, int bottom, int right, int top,
                      bool is_level)
{
    int from = is_level ? bottom : left, to = is_level ? top : right;

    for (int at = from; at <= to; at += 2) {
        bool is_odd = (at - from) / 2 % 2;

        if (is_level)
            atl_plan_stitch(plan, is_odd ? right : left, at);
        else
            atl_plan_stitch(plan, at, is_odd ? top : bottom);
    }
}

static struct atl_plan plan_of_block(int left, int bottom, int right, int top, bool is_level)
{
    struct atl_plan plan;

    atl_plan_init(&plan);
    atl_plan_jump(&plan, left, bottom);
    add_block(&plan, left, bottom, right, top, is_level);
    atl_plan_end(&plan);
    return plan;
}

static const struct atl_stitch_thread red = {RED, ""};

static struct atl_stitch_picture plain_look(void)
{
    return (struct atl_stitch_picture){
        .width_px = 600, .fabric_rgb = CLOTH, .threads = &red, .thread_count = 1};
}

static struct atl_picture draw(const struct atl_plan *plan, const struct atl_stitch_picture *look)
{
    struct atl_picture picture = {0};
    struct atl_error err = {0};

    if (atl_stitch_picture_draw(plan, look, &picture, &err))
        fail_msg("%s", err.text);
    return picture;
}

static const uint8_t *pixel(const struct atl_picture *picture, int x, int y)
{
    return picture->pixels + ((size_t)y * picture->width_px + (size_t)x) * 3;
}

static int apart(const uint8_t *rgb, uint32_t colour)
{
    return abs(rgb[0] - (int)(colour >> 16 & 0xff)) + abs(rgb[1] - (int)(colour >> 8 & 0xff)) +
           abs(rgb[2] - (int)(colour & 0xff));
}

// The box of pixels that look more like the thread than like the cloth.
struct box {
    int left, top, right, bottom;
};

static struct box box_of(const struct atl_picture *picture, uint32_t thread, uint32_t cloth)
{
    struct box box = {(int)picture->width_px, (int)picture->height_px, -1, -1};

    for (int y = 0; y < (int)picture->height_px; y++) {
        for (int x = 0; x < (int)picture->width_px; x++) {
            if (apart(pixel(picture, x, y), thread) >= apart(pixel(picture, x, y), cloth))
                continue;
            box.left = x < box.left ? x : box.left;
            box.right = x > box.right ? x : box.right;
            box.top = y < box.top ? y : box.top;
            box.bottom = y > box.bottom ? y : box.bottom;
        }
    }
    return box;
}

static double light(const struct atl_picture *picture, int left, int top, int right, int bottom)
{
    double sum = 0;

    for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
            const uint8_t *rgb = pixel(picture, x, y);

            sum += (rgb[0] + rgb[1] + rgb[2]) / 3.0;
        }
    }
    return sum / ((right - left) * (bottom - top));
}

static void proportions_are_true_and_the_design_is_in_the_middle(void **state)
{
    struct atl_plan plan = plan_of_block(-200, -50, 200, 50, false);
    const struct atl_stitch_picture look = plain_look();
    struct atl_picture picture = draw(&plan, &look);
    struct box box = box_of(&picture, RED, CLOTH);
    double wide = box.right - box.left + 1, high = box.bottom - box.top + 1;

    (void)state;
    assert_int_equal(picture.width_px, 600);
    // Thread is 0.4 mm wide, and an end comes out of the cloth a tenth beyond the needle's hole.
    assert_true(fabs(wide / high - 40.4 / 10.2) < 0.1);
    assert_true(abs(box.left - (599 - box.right)) <= 3);
    assert_true(abs(box.top - ((int)picture.height_px - 1 - box.bottom)) <= 6);
    atl_picture_free(&picture);
    atl_plan_free(&plan);
}

static void each_cloth_has_its_own_structure_and_the_same_colour(void **state)
{
    struct atl_plan plan = plan_of_block(-200, -50, 200, 50, false);
    struct atl_picture pictures[3];

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct atl_stitch_picture look = plain_look();

        look.cloth = (enum atl_stitch_cloth)i;
        pictures[i] = draw(&plan, &look);
        assert_true(fabs(light(&pictures[i], 200, 5, 400, 40) - (0xe8 + 0xdf + 0xcc) / 3.0) < 9);
        for (int k = 0; k < i; k++)
            assert_memory_not_equal(pictures[i].pixels, pictures[k].pixels, 600 * 20 * 3);
    }
    for (int i = 0; i < 3; i++)
        atl_picture_free(&pictures[i]);
    atl_plan_free(&plan);
}

static void the_same_plan_gives_the_same_picture_at_every_width(void **state)
{
    static const uint32_t widths[] = {ATL_STITCH_PICTURE_MIN_PX, 777, 1200};
    struct atl_plan plan = plan_of_block(-200, -50, 200, 50, true);

    (void)state;
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        struct atl_stitch_picture look = plain_look();
        struct atl_picture one, other;

        look.width_px = widths[i];
        one = draw(&plan, &look);
        other = draw(&plan, &look);
        assert_int_equal(one.width_px, widths[i]);
        assert_int_equal(one.height_px, other.height_px);
        assert_memory_equal(one.pixels, other.pixels, (size_t)one.width_px * one.height_px * 3);
        atl_picture_free(&one);
        atl_picture_free(&other);
    }
    atl_plan_free(&plan);
}

static void thread_looks_as_light_as_its_chart_says(void **state)
{
    static const uint32_t colours[] = {0x3a2c28, 0xb0102a, 0xd4a72c, 0xf4f2ec, 0x1d4fa0};
    struct atl_plan plan = plan_of_block(-150, -40, 150, 40, false);

    (void)state;
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++) {
        const struct atl_stitch_thread thread = {colours[i], ""};
        struct atl_stitch_picture look = plain_look();
        struct atl_picture picture;
        double want =
            ((colours[i] >> 16 & 0xff) + (colours[i] >> 8 & 0xff) + (colours[i] & 0xff)) / 3.0;
        int middle;

        look.threads = &thread;
        picture = draw(&plan, &look);
        middle = (int)picture.height_px / 2;
        assert_true(fabs(light(&picture, 150, middle - 40, 450, middle + 40) - want) < 32);
        atl_picture_free(&picture);
    }
    atl_plan_free(&plan);
}

// Two needles' widths of stitches along the light and across it: the shine is not the same, and
// along a stitch it is a band, not a plain.
static void thread_shines_by_the_direction_of_the_stitch(void **state)
{
    double mean[2], band[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct atl_plan plan = plan_of_block(-60, -60, 60, 60, i == 1);
        const struct atl_stitch_picture look = plain_look();
        struct atl_picture picture = draw(&plan, &look);
        struct box box = box_of(&picture, RED, CLOTH);
        double least = 255, most = 0;
        int fifth = (box.right - box.left) / 5;

        mean[i] = light(&picture, box.left + 9, box.top + 9, box.right - 9, box.bottom - 9);
        for (int k = 0; k < 5; k++) {
            int from = (i ? box.left : box.top) + k * fifth;
            double part = i ? light(&picture, from, box.top + 9, from + fifth, box.bottom - 9)
                            : light(&picture, box.left + 9, from, box.right - 9, from + fifth);

            least = fmin(least, part);
            most = fmax(most, part);
        }
        band[i] = most - least;
        atl_picture_free(&picture);
        atl_plan_free(&plan);
    }
    assert_true(fabs(mean[0] - mean[1]) > 1);
    assert_true(band[0] > 10 && band[1] > 10);
}

static void what_is_sewn_later_hides_what_lies_below(void **state)
{
    const struct atl_stitch_thread threads[] = {
        {RED,  ""},
        {BLUE, ""},
    };
    struct atl_stitch_picture look = plain_look();
    struct atl_plan plan;
    struct atl_picture picture;
    struct box box;
    int reddish = 0, seen = 0;

    (void)state;
    atl_plan_init(&plan);
    add_block(&plan, -80, -30, 80, 30, true);
    atl_plan_colour(&plan);
    add_block(&plan, -100, -50, 100, 50, false);
    atl_plan_end(&plan);
    look.threads = threads;
    look.thread_count = 2;
    picture = draw(&plan, &look);
    box = box_of(&picture, BLUE, CLOTH);
    for (int y = box.top + 8; y < box.bottom - 8; y++) {
        for (int x = box.left + 8; x < box.right - 8; x++, seen++)
            reddish += pixel(&picture, x, y)[0] > pixel(&picture, x, y)[2];
    }
    assert_true(seen > 10000);
    assert_int_equal(reddish, 0);
    atl_picture_free(&picture);
    atl_plan_free(&plan);

    // The other way round the red lies on the blue, and is seen.
    atl_plan_init(&plan);
    add_block(&plan, -100, -50, 100, 50, false);
    atl_plan_colour(&plan);
    add_block(&plan, -80, -30, 80, 30, true);
    atl_plan_end(&plan);
    look.threads = (const struct atl_stitch_thread[]){
        {BLUE, ""},
        {RED,  ""},
    };
    picture = draw(&plan, &look);
    assert_true(apart(pixel(&picture, 300, (int)picture.height_px / 2), RED) <
                apart(pixel(&picture, 300, (int)picture.height_px / 2), BLUE));
    atl_picture_free(&picture);
    atl_plan_free(&plan);
}

// What the machine leaves on the cloth is on the picture; what it cuts is not.
static void a_move_shows_its_thread_unless_it_was_cut(void **state)
{
    double seen[2];

    (void)state;
    for (int is_cut = 0; is_cut < 2; is_cut++) {
        const struct atl_stitch_picture look = plain_look();
        struct atl_plan plan;
        struct atl_picture picture;
        int middle;

        atl_plan_init(&plan);
        atl_plan_jump(&plan, -200, -40);
        add_block(&plan, -200, -40, -100, 40, false);
        if (is_cut)
            atl_plan_trim(&plan);
        atl_plan_jump(&plan, 100, -40);
        add_block(&plan, 100, -40, 200, 40, false);
        atl_plan_end(&plan);
        picture = draw(&plan, &look);
        middle = (int)picture.height_px / 2;
        seen[is_cut] = light(&picture, 290, middle - 60, 310, middle + 60);
        atl_picture_free(&picture);
        atl_plan_free(&plan);
    }
    assert_true(seen[1] - seen[0] > 2);
}

static void a_product_is_left_as_it_is_where_nothing_is_sewn(void **state)
{
    struct atl_plan plan = plan_of_block(-50, -20, 50, 20, false);
    struct atl_stitch_picture look = plain_look();
    struct atl_picture bag = {0}, picture;
    struct atl_stitch_product product = {&bag, 90, 40, 5};
    struct box box;

    (void)state;
    assert_int_equal(atl_picture_init(&bag, 120, 100, NULL), ATL_OK);
    for (size_t i = 0; i < (size_t)120 * 100 * 3; i++)
        bag.pixels[i] = (uint8_t)(i % 3 == 1 ? 0xb0 : 0x90);
    look.product = &product;
    picture = draw(&plan, &look); // five times as large as the bag's picture
    assert_int_equal(picture.height_px, 500);
    assert_int_equal(apart(pixel(&picture, 10, 10), 0x90b090), 0);
    assert_int_equal(apart(pixel(&picture, 590, 490), 0x90b090), 0);
    box = box_of(&picture, RED, 0x90b090);
    assert_true(abs((box.left + box.right) / 2 - 450) <= 3);
    assert_true(abs((box.top + box.bottom) / 2 - 200) <= 4);
    assert_true(fabs((box.right - box.left) / 25.0 - 10.4) < 0.3); // 25 pixels a mm
    atl_picture_free(&picture);
    atl_picture_free(&bag);
    atl_plan_free(&plan);
}

static void without_words_there_is_no_card_and_each_word_makes_it_higher(void **state)
{
    struct atl_plan plan = plan_of_block(-200, -50, 200, 50, false);
    struct atl_stitch_picture look = plain_look();
    struct atl_picture bare, titled;

    (void)state;
    look.threads = &(const struct atl_stitch_thread){RED, NULL};
    bare = draw(&plan, &look);
    look.title = "Tote bag";
    look.place = "front, centre";
    look.facts[0] = "40.0 × 10.0 mm";
    look.facts[1] = "";
    look.facts[2] = "402 stitches";
    look.fact_count = 3;
    titled = draw(&plan, &look);
    assert_true(titled.height_px > bare.height_px + 100);
    assert_int_equal(apart(pixel(&titled, 5, (int)titled.height_px - 5), 0xfbfaf7), 0);
    atl_picture_free(&bare);
    atl_picture_free(&titled);
    atl_plan_free(&plan);
}

static size_t count_of(const char *text, const char *what)
{
    size_t count = 0;

    for (const char *at = text; (at = strstr(at, what)); at++)
        count++;
    return count;
}

static void an_svg_has_each_piece_of_thread_and_nothing_from_outside(void **state)
{
    struct atl_plan plan = plan_of_block(-200, -50, 200, 50, false);
    struct atl_stitch_picture look = plain_look();
    struct atl_buf one, other;
    const char *text;

    (void)state;
    look.title = "<script>&\"\n";
    look.has_measures = true;
    look.decimal_mark = ',';
    atl_buf_init(&one, 1 << 20);
    atl_buf_init(&other, 1 << 20);
    assert_int_equal(atl_stitch_picture_svg(&plan, &look, &one, NULL), ATL_OK);
    assert_int_equal(atl_stitch_picture_svg(&plan, &look, &other, NULL), ATL_OK);
    assert_int_equal(one.len, other.len);
    assert_memory_equal(one.data, other.data, one.len);
    text = (const char *)one.data;
    assert_int_equal(count_of(text, "class=\"t0-"), atl_plan_counts(&plan).stitches - 1);
    assert_non_null(strstr(text, "&lt;script&gt;&amp;&quot; </text>"));
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "href"));
    assert_int_equal(count_of(text, "http"), 1); // the name of the language
    assert_int_equal(count_of(text, "url("), count_of(text, "url(#"));
    assert_non_null(strstr(text, "40 mm"));
    atl_buf_free(&one);
    atl_buf_free(&other);
    atl_plan_free(&plan);
}

static size_t black_dots(const struct atl_bitmap *bitmap, uint32_t left, uint32_t right)
{
    size_t count = 0;

    for (uint32_t y = 0; y < bitmap->height_dots; y++) {
        for (uint32_t x = left; x < right; x++)
            count += atl_bitmap_get(bitmap, x, y);
    }
    return count;
}

static void a_tag_is_black_where_thread_lies_and_shows_the_field(void **state)
{
    struct atl_plan plan = plan_of_block(-200, -50, 200, 50, false);
    struct atl_stitch_picture look = plain_look();
    struct atl_bitmap alone = {0}, in_field = {0};

    (void)state;
    look.threads = NULL;
    look.thread_count = 0;
    atl_plan_thread(&plan, &(struct atl_thread){.rgb = RED});
    assert_int_equal(atl_stitch_picture_draw_tag(&plan, &look, 400, &alone, NULL), ATL_OK);
    assert_int_equal(alone.width_dots, 400);
    assert_true(atl_bitmap_get(&alone, 200, (alone.height_dots - 30) / 2));
    assert_int_equal(black_dots(&alone, 0, 12), 0);
    look.field_um = 80000;
    look.field_high_um = 60000;
    assert_int_equal(atl_stitch_picture_draw_tag(&plan, &look, 400, &in_field, NULL), ATL_OK);
    assert_true(black_dots(&in_field, 0, 12) > 30); // its left side
    assert_int_equal(black_dots(&in_field, 20, 90), 0);
    atl_bitmap_free(&alone);
    atl_bitmap_free(&in_field);
    atl_plan_free(&plan);
}

static void refuse(const struct atl_plan *plan, const struct atl_stitch_picture *look,
                   const char *says)
{
    struct atl_picture picture = {1, 2, NULL};
    struct atl_error err = {0};
    struct atl_buf svg;

    assert_int_equal(atl_stitch_picture_draw(plan, look, &picture, &err), ATL_E_INVALID);
    if (!strstr(err.text, says))
        fail_msg("\"%s\" does not say \"%s\"", err.text, says);
    assert_int_equal(picture.width_px, 1);
    assert_null(picture.pixels);
    atl_buf_init(&svg, 1 << 20);
    assert_int_equal(atl_stitch_picture_svg(plan, look, &svg, &err), ATL_E_INVALID);
    assert_int_equal(svg.len, 0);
    atl_buf_free(&svg);
}

static void what_makes_no_sense_is_refused_in_words(void **state)
{
    struct atl_plan plan = plan_of_block(-200, -50, 200, 50, false);
    struct atl_picture bag = {10, 10, (uint8_t[300]){0}};
    struct atl_stitch_product product = {&bag, 5, 5, 1};
    struct atl_stitch_picture look = plain_look();
    struct atl_plan nothing;

    (void)state;
    atl_plan_init(&nothing);
    atl_plan_end(&nothing);
    refuse(&nothing, &look, "sews nothing");
    look.thread_count = 0;
    refuse(&plan, &look, "0 threads for 1 blocks");
    look = plain_look();
    look.width_px = 100;
    refuse(&plan, &look, "240 to 4096");
    look = plain_look();
    look.field_um = -1;
    refuse(&plan, &look, "at most 2 m");
    look = plain_look();
    look.cloth = (enum atl_stitch_cloth)3;
    refuse(&plan, &look, "cloth 3 is not known");
    look = plain_look();
    look.fact_count = 7;
    refuse(&plan, &look, "7 facts");
    look = plain_look();
    look.product = &product;
    product.px_per_mm = 0;
    refuse(&plan, &look, "0.05 to 200");
    product.px_per_mm = NAN;
    refuse(&plan, &look, "0.05 to 200");
    product.px_per_mm = 100;
    refuse(&plan, &look, "make it narrower than 20 pixels");
    product = (struct atl_stitch_product){&bag, 11, 5, 1};
    refuse(&plan, &look, "outside the product's picture");
    product = (struct atl_stitch_product){&(struct atl_picture){0}, 5, 5, 1};
    refuse(&plan, &look, "is empty");
    atl_plan_free(&nothing);
    atl_plan_free(&plan);
}

// A metre of cloth and a single stitch are pictures, too; nothing is written beside them.
static void the_largest_and_the_smallest_design_are_drawn(void **state)
{
    static const int reaches[] = {1, ATL_PLAN_REACH_DMM};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct atl_stitch_picture look = plain_look();
        struct atl_picture picture;
        struct atl_plan plan;

        atl_plan_init(&plan);
        for (int at = -reaches[i]; at <= reaches[i]; at += 50)
            atl_plan_stitch(&plan, at, at);
        atl_plan_stitch(&plan, reaches[i], reaches[i]);
        atl_plan_end(&plan);
        look.has_measures = true;
        picture = draw(&plan, &look);
        assert_true(picture.height_px >= 200 && picture.height_px <= 900);
        atl_picture_free(&picture);
        atl_plan_free(&plan);
    }
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void add_random(struct atl_plan *plan, uint32_t *seed, size_t *blocks)
{
    int32_t x = (int32_t)(next_random(seed) % 4001) - 2000;
    int32_t y = (int32_t)(next_random(seed) % 4001) - 2000;

    switch (next_random(seed) % 12) {
    case 0:
        atl_plan_jump(plan, x, y);
        break;
    case 1:
        atl_plan_trim(plan);
        break;
    case 2:
        *blocks += *blocks < 9;
        if (*blocks < 9)
            atl_plan_colour(plan);
        break;
    default:
        atl_plan_stitch(plan, x / 8, y / 8);
    }
}

// Also over the edges of a product's picture: the sanitizers watch every pixel.
static void any_plan_is_drawn_or_refused_and_nothing_beside_it_is_touched(void **state)
{
    uint8_t pixels[40 * 30 * 3] = {0};
    struct atl_picture bag = {40, 30, pixels};
    struct atl_stitch_thread threads[10] = {{0}};
    uint32_t seed = 7;
    size_t drawn = 0;

    (void)state;
    for (int round = 0; round < 150; round++) {
        struct atl_stitch_product product = {&bag, next_random(&seed) % 41, next_random(&seed) % 31,
                                             (double)(next_random(&seed) % 300 + 5) / 100};
        struct atl_stitch_picture look = {
            .width_px = ATL_STITCH_PICTURE_MIN_PX + next_random(&seed) % 100,
            .product = round % 2 ? &product : NULL,
            .threads = threads,
            .thread_count = 10,
            .field_um = (int32_t)(next_random(&seed) % 200000),
            .field_high_um = (int32_t)(next_random(&seed) % 200000),
            .has_measures = true,
        };
        struct atl_picture picture = {0};
        struct atl_bitmap tag = {0};
        struct atl_plan plan;
        size_t blocks = 0;

        atl_plan_init(&plan);
        for (int i = 0; i < 60; i++)
            add_random(&plan, &seed, &blocks);
        atl_plan_end(&plan);
        drawn += !atl_stitch_picture_draw(&plan, &look, &picture, NULL);
        if (!atl_stitch_picture_draw_tag(&plan, &look, 96 + next_random(&seed) % 300, &tag, NULL))
            atl_bitmap_free(&tag);
        atl_picture_free(&picture);
        atl_plan_free(&plan);
    }
    assert_true(drawn > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proportions_are_true_and_the_design_is_in_the_middle),
        cmocka_unit_test(each_cloth_has_its_own_structure_and_the_same_colour),
        cmocka_unit_test(the_same_plan_gives_the_same_picture_at_every_width),
        cmocka_unit_test(thread_looks_as_light_as_its_chart_says),
        cmocka_unit_test(thread_shines_by_the_direction_of_the_stitch),
        cmocka_unit_test(what_is_sewn_later_hides_what_lies_below),
        cmocka_unit_test(a_move_shows_its_thread_unless_it_was_cut),
        cmocka_unit_test(a_product_is_left_as_it_is_where_nothing_is_sewn),
        cmocka_unit_test(without_words_there_is_no_card_and_each_word_makes_it_higher),
        cmocka_unit_test(an_svg_has_each_piece_of_thread_and_nothing_from_outside),
        cmocka_unit_test(a_tag_is_black_where_thread_lies_and_shows_the_field),
        cmocka_unit_test(what_makes_no_sense_is_refused_in_words),
        cmocka_unit_test(the_largest_and_the_smallest_design_are_drawn),
        cmocka_unit_test(any_plan_is_drawn_or_refused_and_nothing_beside_it_is_touched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
