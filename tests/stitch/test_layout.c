// SPDX-License-Identifier: Apache-2.0
// Where letters stand, in fonts that packaging/install-packages installs.
#include "plugin/stitch/layout.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define DEJAVU      "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"

static struct atl_face *face;

static int open_face(void **state)
{
    struct atl_error err = {0};

    (void)state;
    return atl_face_open(DEJAVU, 0, &face, &err);
}

static int close_face(void **state)
{
    (void)state;
    atl_face_close(face);
    return 0;
}

// Sews it; the plan is freed by the caller.
static struct atl_layout_report sew(const struct atl_layout *wish, struct atl_plan *plan)
{
    struct atl_layout_report report = {0};
    struct atl_error err = {0};

    atl_plan_init(plan);
    if (atl_layout_sew(face, wish, plan, &report, &err))
        fail_msg("%s", err.text);
    assert_true(atl_plan_is_centred(plan));
    return report;
}

static void refuse(const struct atl_layout *wish, const char *sentence)
{
    struct atl_error err = {0};
    struct atl_plan plan;

    atl_plan_init(&plan);
    assert_int_equal(atl_layout_sew(face, wish, &plan, NULL, &err), ATL_E_INVALID);
    assert_string_equal(err.text, sentence);
    assert_int_equal(plan.count, 0);
    atl_plan_free(&plan);
}

// The box of the needle points in a band of heights, in dmm.
static struct atl_plan_bounds band(const struct atl_plan *plan, int32_t from, int32_t to)
{
    struct atl_plan_bounds box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};

    for (size_t i = 0; i < plan->count; i++) {
        const struct atl_stitch *s = &plan->acts[i];

        if (s->act != ATL_ACT_STITCH || s->y_dmm < from || s->y_dmm > to)
            continue;
        box.left_dmm = s->x_dmm < box.left_dmm ? s->x_dmm : box.left_dmm;
        box.right_dmm = s->x_dmm > box.right_dmm ? s->x_dmm : box.right_dmm;
        box.bottom_dmm = s->y_dmm < box.bottom_dmm ? s->y_dmm : box.bottom_dmm;
        box.top_dmm = s->y_dmm > box.top_dmm ? s->y_dmm : box.top_dmm;
    }
    return box;
}

static void near_to(double a, double b, double by)
{
    if (!(fabs(a - b) <= by))
        fail_msg("%g is not %g within %g", a, b, by);
}

// Two lines of one letter's height, the lower one much shorter.
static void lines_are_aligned_by_their_ink(void **state)
{
    static const enum atl_layout_align aligns[] = {ATL_LAYOUT_LEFT, ATL_LAYOUT_CENTRE,
                                                   ATL_LAYOUT_RIGHT};

    (void)state;
    for (size_t i = 0; i < COUNT(aligns); i++) {
        struct atl_layout wish = {
            .lines = {"HHHH", "I"},
            .line_count = 2,
            .align = aligns[i],
            .height_mm = 10,
            .pitch_mm = 20
        };
        struct atl_plan plan;
        struct atl_layout_report report = sew(&wish, &plan);
        struct atl_plan_bounds above = band(&plan, 0, 1000), below = band(&plan, -1000, 0);

        near_to(report.height_mm, 30.1, 0.4); // 20 mm from line to line, and the letters' 10 mm
        near_to(above.bottom_dmm - below.bottom_dmm, 200, 2);
        if (aligns[i] == ATL_LAYOUT_LEFT)
            near_to(above.left_dmm, below.left_dmm, 3);
        if (aligns[i] == ATL_LAYOUT_CENTRE)
            near_to(above.left_dmm + above.right_dmm, below.left_dmm + below.right_dmm, 6);
        if (aligns[i] == ATL_LAYOUT_RIGHT)
            near_to(above.right_dmm, below.right_dmm, 3);
        atl_plan_free(&plan);
    }
}

static void lines_never_touch_each_other(void **state)
{
    struct atl_layout wish = {
        .lines = {"HHH", "HHH"},
          .line_count = 2, .height_mm = 10
    };
    struct atl_plan plan;
    double plain, deep;

    (void)state;
    plain = sew(&wish, &plan).height_mm;
    near_to(plain, 24.5, 0.5);
    atl_plan_free(&plan);
    wish.lines[0] = "HgH";
    wish.lines[1] = "HÀH";
    deep = sew(&wish, &plan).height_mm;
    near_to(deep, plain + 1.7, 0.7); // the tail of g, the accent of A, and 1.2 mm between them
    atl_plan_free(&plan);
}

static void a_blank_line_keeps_its_place(void **state)
{
    struct atl_layout wish = {
        .lines = {"H", "", "H"},
          .line_count = 3, .height_mm = 10, .pitch_mm = 15
    };
    struct atl_plan plan;

    (void)state;
    near_to(sew(&wish, &plan).height_mm, 40, 0.5);
    atl_plan_free(&plan);
}

// The circle through three far points of the tops of "IIIII…" is the one that was asked for.
static void letters_on_an_arc_stand_on_their_circle(void **state)
{
    static const double radii[] = {40, -50};

    (void)state;
    for (size_t i = 0; i < COUNT(radii); i++) {
        struct atl_layout wish = {.kind = ATL_LAYOUT_ARC,
                                  .lines = {"IIIIIIIIIIIIIII"},
                                  .line_count = 1,
                                  .height_mm = 10,
                                  .arc_radius_mm = radii[i]};
        double radius = fabs(radii[i]), far = 0, near = INFINITY, centre;
        struct atl_plan plan;

        (void)sew(&wish, &plan);
        // The middle letter is upright: its foot is on the baseline, exactly above or below.
        centre = radii[i] > 0 ? atl_plan_bounds(&plan).top_dmm / 10.0 - 10 - radius
                              : atl_plan_bounds(&plan).bottom_dmm / 10.0 + radius;
        for (size_t k = 0; k < plan.count; k++) {
            double x = plan.acts[k].x_dmm / 10.0, y = plan.acts[k].y_dmm / 10.0;

            if (plan.acts[k].act != ATL_ACT_STITCH)
                continue;
            far = fmax(far, hypot(x, y - centre));
            near = fmin(near, hypot(x, y - centre));
        }
        near_to(far, radii[i] > 0 ? radius + 10 : radius, 0.5);
        near_to(near, radii[i] > 0 ? radius : radius - 10, 0.5);
        atl_plan_free(&plan);
    }
}

// The box of the left letter of two, turned by an angle.
static struct atl_plan_bounds left_letter(const struct atl_plan *plan, double angle)
{
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};

    for (size_t i = 0; i < plan->count; i++) {
        double x = plan->acts[i].x_dmm, y = plan->acts[i].y_dmm;
        double at[2] = {x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)};

        for (int k = 0; k < 2 && x < 0 && plan->acts[i].act == ATL_ACT_STITCH; k++) {
            low[k] = fmin(low[k], at[k]);
            high[k] = fmax(high[k], at[k]);
        }
    }
    return (struct atl_plan_bounds){(int32_t)low[0], (int32_t)low[1], (int32_t)high[0],
                                    (int32_t)high[1]};
}

// Turned back, a letter with a mark of its own is as it is in a straight line.
static void an_accent_turns_with_its_letter(void **state)
{
    static const char text[] = "x\xCC\x82x\xCC\x82"; // there is no letter of its own for these two
    struct atl_layout arc = {.kind = ATL_LAYOUT_ARC,
                             .lines = {text},
                             .line_count = 1,
                             .height_mm = 20,
                             .arc_radius_mm = 40};
    struct atl_layout line = {.lines = {text}, .line_count = 1, .height_mm = 20};
    struct atl_layout one = {.lines = {"x\xCC\x82"}, .line_count = 1, .height_mm = 20};
    struct atl_plan plan;
    struct atl_plan_bounds straight, turned;
    double advance;

    (void)state;
    advance = -sew(&one, &plan).width_mm;
    atl_plan_free(&plan);
    advance += sew(&line, &plan).width_mm;
    straight = left_letter(&plan, 0);
    atl_plan_free(&plan);
    (void)sew(&arc, &plan);
    turned = left_letter(&plan, -advance / 2 / 40);
    near_to(turned.right_dmm - turned.left_dmm, straight.right_dmm - straight.left_dmm, 3);
    near_to(turned.top_dmm - turned.bottom_dmm, straight.top_dmm - straight.bottom_dmm, 3);
    turned = left_letter(&plan, 0); // and it was turned
    assert_true(
        abs((turned.top_dmm - turned.bottom_dmm) - (straight.top_dmm - straight.bottom_dmm)) > 5);
    atl_plan_free(&plan);
}

static void an_arc_that_is_too_small_says_what_would_do(void **state)
{
    struct atl_layout wish = {.kind = ATL_LAYOUT_ARC,
                              .lines = {"Marie"},
                              .line_count = 1,
                              .height_mm = 10,
                              .arc_radius_mm = 12};

    (void)state;
    refuse(&wish, "this text of 10 mm letters needs an arc of 20 mm radius or more, not 12 mm");
    wish.arc_radius_mm = -12;
    refuse(&wish, "this text of 10 mm letters needs an arc of 27 mm radius or more, not 12 mm");
    wish.arc_radius_mm = NAN;
    refuse(&wish, "an arc has a radius in mm, above 0 on top of the circle, below 0 under it");
    wish.arc_radius_mm = 0;
    refuse(&wish, "an arc has a radius in mm, above 0 on top of the circle, below 0 under it");
    wish.arc_radius_mm = 40;
    wish.line_count = 2;
    wish.lines[1] = "x";
    refuse(&wish, "an arc takes 1 to 1 lines, not 2");
}

static void the_middle_letter_of_a_traditional_monogram_is_larger(void **state)
{
    struct atl_layout wish = {
        .kind = ATL_LAYOUT_MONOGRAM, .lines = {"HIH"}, .line_count = 1, .height_mm = 30};
    struct atl_plan plan;
    struct atl_plan_bounds box;

    (void)state;
    near_to(sew(&wish, &plan).smallest_mm, 20, 0.01);
    box = band(&plan, 105, 1000); // only the middle one reaches so high
    assert_true(box.left_dmm > -30 && box.right_dmm < 30);
    assert_in_range(box.top_dmm, 148, 154);
    atl_plan_free(&plan);
    wish.monogram = ATL_MONOGRAM_BLOCK;
    near_to(sew(&wish, &plan).smallest_mm, 30, 0.01);
    box = band(&plan, 105, 1000);
    assert_true(box.left_dmm < -150 && box.right_dmm > 150);
    atl_plan_free(&plan);
}

static void a_monogram_is_one_to_three_letters(void **state)
{
    struct atl_layout wish = {
        .kind = ATL_LAYOUT_MONOGRAM, .lines = {"ABCD"}, .line_count = 1, .height_mm = 20};
    struct atl_plan plan;

    (void)state;
    refuse(&wish, "a monogram has 1 to 3 letters, not 4; shorten it");
    wish.lines[0] = "  ";
    refuse(&wish, "a monogram has 1 to 3 letters, not 0; shorten it");
    wish.lines[0] = "A 田";
    refuse(&wish, "the font has no letter \"田\": take another font, or write it otherwise");
    wish.lines[0] = "ABC";
    wish.height_mm = 4;
    refuse(&wish, "the outer letters would be 2.7 mm high; take a monogram of 4.5 mm or more");
    wish.height_mm = 20;
    wish.lines[0] = "É Ç"; // an accent is no letter of its own, a space none at all
    (void)sew(&wish, &plan);
    atl_plan_free(&plan);
}

// How far the frame's needle points, the last of the plan, are from the middle: all of a circle.
static void a_frame_goes_around_all_letters(void **state)
{
    static const char *const texts[] = {"J", "JB", "MWQ"};

    (void)state;
    for (size_t t = 0; t < COUNT(texts); t++) {
        struct atl_layout wish = {
            .kind = ATL_LAYOUT_MONOGRAM, .lines = {texts[t]}, .line_count = 1, .height_mm = 15};
        struct atl_plan bare, framed;
        double far = 0, near = INFINITY;
        struct atl_plan_bounds box;

        (void)sew(&wish, &bare);
        wish.frame = ATL_FRAME_CIRCLE;
        (void)sew(&wish, &framed);
        for (size_t i = bare.count + 6; i < framed.count; i++) {
            double r = hypot(framed.acts[i].x_dmm, framed.acts[i].y_dmm);

            far = fmax(far, framed.acts[i].act == ATL_ACT_STITCH ? r : 0);
            near = fmin(near, framed.acts[i].act == ATL_ACT_STITCH ? r : INFINITY);
        }
        near_to(far - near, 14 + 3, 3); // the satin's width, and pull on both sides
        box = atl_plan_bounds(&bare);
        assert_true(near - hypot(box.right_dmm, 0) > 15);
        assert_true(near - hypot(box.top_dmm, 0) > 15);
        for (int kind = ATL_FRAME_OVAL; kind <= ATL_FRAME_SQUARE; kind++) {
            struct atl_plan other;

            wish.frame = (enum atl_monogram_frame)kind;
            (void)sew(&wish, &other);
            assert_true(atl_plan_bounds(&other).right_dmm - box.right_dmm > 15);
            assert_true(atl_plan_bounds(&other).top_dmm - box.top_dmm > 15);
            atl_plan_free(&other);
        }
        atl_plan_free(&bare);
        atl_plan_free(&framed);
    }
}

// The first letter is the middle one, then each lies further out to the right, then to the left.
static void centre_out_begins_in_the_middle_of_the_lowest_line(void **state)
{
    struct atl_layout wish = {
        .lines = {"III", "IIIII"},
          .line_count = 2, .height_mm = 10, .centre_out = true
    };
    static const int way[] = {0, 1, 2, -1, -2, 0, 1, -1};
    double pitch;
    struct atl_plan plan;
    size_t letter = 0;
    double x[COUNT(way)] = {0}, y[COUNT(way)] = {0};

    (void)state;
    (void)sew(&wish, &plan);
    for (size_t i = 0; i < plan.count; i++) {
        if (plan.acts[i].act == ATL_ACT_TRIM)
            letter++;
        assert_in_range(letter, 0, COUNT(way) - 1);
        x[letter] = plan.acts[i].x_dmm / 10.0;
        y[letter] = plan.acts[i].y_dmm / 10.0;
    }
    assert_int_equal(letter, COUNT(way) - 1);
    pitch = x[1] - x[0];
    assert_true(pitch > 1);
    for (size_t i = 0; i < COUNT(way); i++) {
        near_to(x[i], way[i] * pitch, 0.8);
        assert_true(i < 5 ? y[i] < 0 : y[i] > 0);
    }
    atl_plan_free(&plan);
}

static void what_makes_no_sense_is_said(void **state)
{
    struct atl_layout wish = {.lines = {"a"}, .line_count = 0, .height_mm = 10};

    (void)state;
    refuse(&wish, "a text takes 1 to 4 lines, not 0");
    wish.line_count = 1;
    wish.frame = ATL_FRAME_CIRCLE;
    refuse(&wish, "only a monogram has a frame");
    wish.frame = ATL_FRAME_NONE;
    wish.pitch_mm = 5;
    refuse(&wish, "lines of 10 mm letters stand 10.5 to 50 mm from each other, not 5 mm");
    wish.pitch_mm = NAN;
    refuse(&wish, "lines of 10 mm letters stand 10.5 to 50 mm from each other, not nan mm");
    wish.pitch_mm = 0;
    wish.align = (enum atl_layout_align)7;
    refuse(&wish, "frame, alignment or style of the layout is not known");
    wish.align = ATL_LAYOUT_CENTRE;
    wish.kind = (enum atl_layout_kind)9;
    refuse(&wish, "layout 9 is not known");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_aligned_by_their_ink),
        cmocka_unit_test(lines_never_touch_each_other),
        cmocka_unit_test(a_blank_line_keeps_its_place),
        cmocka_unit_test(letters_on_an_arc_stand_on_their_circle),
        cmocka_unit_test(an_accent_turns_with_its_letter),
        cmocka_unit_test(an_arc_that_is_too_small_says_what_would_do),
        cmocka_unit_test(the_middle_letter_of_a_traditional_monogram_is_larger),
        cmocka_unit_test(a_monogram_is_one_to_three_letters),
        cmocka_unit_test(a_frame_goes_around_all_letters),
        cmocka_unit_test(centre_out_begins_in_the_middle_of_the_lowest_line),
        cmocka_unit_test(what_makes_no_sense_is_said),
    };

    return cmocka_run_group_tests(tests, open_face, close_face);
}
