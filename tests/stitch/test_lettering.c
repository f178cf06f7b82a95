// SPDX-License-Identifier: Apache-2.0
// Whole letters, in fonts that Debian ships and packaging/install-packages installs.
#include "plugin/stitch/lettering.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
#define COMFORTAA   "/usr/share/fonts/truetype/comfortaa/Comfortaa-Bold.ttf"
#define DEJAVU      "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
#define DEJAVU_BOLD "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"
#define LIBERATION  "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf"
#define CJK         "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"

static const char *const fonts[] = {COMFORTAA, DEJAVU, LIBERATION};

static struct atl_face *open_face(const char *path)
{
    struct atl_face *face = NULL;
    struct atl_error err = {0};

    if (atl_face_open(path, 0, &face, &err))
        fail_msg("%s", err.text);
    return face;
}

static atl_code sew(struct atl_face *face, const char *text, double height, struct atl_plan *plan,
                    struct atl_error *err)
{
    struct atl_lettering wish = {.text = text, .height_mm = height};

    atl_plan_init(plan);
    return atl_lettering_sew(face, &wish, plan, NULL, err);
}

static double move_mm(const struct atl_plan *plan, size_t i)
{
    double dx = plan->acts[i].x_dmm - plan->acts[i - 1].x_dmm;
    double dy = plan->acts[i].y_dmm - plan->acts[i - 1].y_dmm;

    return sqrt(dx * dx + dy * dy) / 10;
}

// Every stitch is 0.3 to 7 mm; a jump comes only behind a trim or at the start; each trim stands
// between at least three short stitches on both sides.
static void check_plan(const struct atl_plan *plan, const char *text)
{
    for (size_t i = 1; i < plan->count; i++) {
        enum atl_needle before = plan->acts[i - 1].act;

        if (plan->acts[i].act == ATL_ACT_STITCH && before == ATL_ACT_STITCH &&
            (move_mm(plan, i) < 0.299 || move_mm(plan, i) > 7.001))
            fail_msg("%s: stitch %zu is %.2f mm long", text, i, move_mm(plan, i));
        if (plan->acts[i].act == ATL_ACT_JUMP && before != ATL_ACT_TRIM)
            fail_msg("%s: act %zu jumps with the thread uncut", text, i);
        if (plan->acts[i].act == ATL_ACT_TRIM || plan->acts[i].act == ATL_ACT_END) {
            for (size_t k = 0; k < 3; k++)
                assert_true(move_mm(plan, i - 1 - k) <= 1.05);
        }
        if (before == ATL_ACT_JUMP) {
            for (size_t k = 1; k <= 3; k++)
                assert_true(move_mm(plan, i + k) <= 1.05);
        }
    }
}

static void every_stitch_is_one_that_a_machine_sews(void **state)
{
    static const char *const texts[] = {"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz",
                                        "0123456789", "ÀÂÇÉÈÊËÎÏÔÙÛÜŒÆàâçéèêëîïôùûüœæÿñß",
                                        "&!?.,;:'’-–«»()/@#%*+="};
    static const double heights[] = {5, 8, 15, 25, 40};

    (void)state;
    for (size_t f = 0; f < COUNT(fonts); f++) {
        struct atl_face *face = open_face(fonts[f]);

        for (size_t t = 0; t < COUNT(texts); t++) {
            for (size_t h = 0; h < COUNT(heights); h++) {
                struct atl_plan plan;
                struct atl_error err = {0};

                if (sew(face, texts[t], heights[h], &plan, &err))
                    fail_msg("%s", err.text);
                check_plan(&plan, texts[t]);
                assert_true(atl_plan_is_centred(&plan));
                atl_plan_free(&plan);
            }
        }
        atl_face_close(face);
    }
}

static void a_letter_that_the_font_lacks_is_named(void **state)
{
    struct atl_face *face = open_face(COMFORTAA);
    struct atl_plan plan;
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(sew(face, "Zoé 田中", 15, &plan, &err), ATL_E_INVALID);
    assert_string_equal(err.text,
                        "the font has no letter \"田\": take another font, or write it otherwise");
    assert_int_equal(plan.count, 0);
    atl_plan_free(&plan);
    assert_int_equal(sew(face, "   ", 15, &plan, &err), ATL_E_INVALID);
    assert_string_equal(err.text, "there is nothing to sew in this text");
    atl_plan_free(&plan);
    atl_face_close(face);
}

static void a_height_out_of_range_is_refused(void **state)
{
    static const double heights[] = {0, -1, 2.9, 151, INFINITY, NAN};
    struct atl_face *face = open_face(COMFORTAA);

    (void)state;
    for (size_t i = 0; i < COUNT(heights); i++) {
        struct atl_plan plan;
        struct atl_error err = {0};

        assert_int_equal(sew(face, "A", heights[i], &plan, &err), ATL_E_INVALID);
        assert_non_null(strstr(err.text, "letters are 3 to 150 mm high"));
        atl_plan_free(&plan);
    }
    atl_face_close(face);
}

static void the_same_text_is_the_same_stitches(void **state)
{
    struct atl_plan plans[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct atl_face *face = open_face(DEJAVU);
        struct atl_error err = {0};

        assert_int_equal(sew(face, "L'été d'Élodie", 15, &plans[i], &err), ATL_OK);
        atl_face_close(face);
    }
    assert_true(atl_plan_sews_same(&plans[0], &plans[1]));
    atl_plan_free(&plans[0]);
    atl_plan_free(&plans[1]);
}

static void the_design_is_as_large_as_the_letters(void **state)
{
    struct atl_face *face = open_face(DEJAVU);
    struct atl_plan plan;
    struct atl_plan_bounds box;
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(sew(face, "H", 20, &plan, &err), ATL_OK);
    box = atl_plan_bounds(&plan);
    assert_in_range(box.top_dmm - box.bottom_dmm, 195, 206);
    atl_plan_free(&plan);
    atl_face_close(face);
}

static void collections_and_cubic_outlines_are_read(void **state)
{
    struct atl_face *face = open_face(CJK);
    struct atl_plan plan;
    struct atl_error err = {0};

    (void)state;
    if (sew(face, "さくら田中", 25, &plan, &err))
        fail_msg("%s", err.text);
    check_plan(&plan, "さくら田中");
    atl_plan_free(&plan);
    atl_face_close(face);
}

static void a_file_that_is_no_font_is_said(void **state)
{
    struct atl_face *face = NULL;
    struct atl_error err = {0};

    (void)state;
    assert_int_equal(atl_face_open("/nowhere/a.ttf", 0, &face, &err), ATL_E_IO);
    assert_string_equal(err.text, "font /nowhere/a.ttf cannot be read: is it a font, and whole?");
    assert_int_equal(atl_face_open("/proc/self/exe", 0, &face, &err), ATL_E_IO);
    assert_null(face);
}

// The bar between the bowls of a 3, the foot of an l, the top of a stroke that two others meet, a
// leg that hangs on by a neck: each is a part of a letter whose columns once left it out.
static void strokes_that_are_easily_missed_are_sewn(void **state)
{
    static const struct {
        const char *font, *text;
        double height, most; // of a part, missed
    } rows[] = {
        {DEJAVU_BOLD, "3",   15, 0.02},
        {DEJAVU_BOLD, "3",   25, 0.02},
        {CJK,         "l",   25, 0.03},
        {CJK,         "横", 15, 0.04},
        {CJK,         "悠", 25, 0.07},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct atl_face *face = open_face(rows[i].font);
        struct atl_lettering wish = {.text = rows[i].text, .height_mm = rows[i].height};
        struct atl_lettering_report report = {0};
        struct atl_plan plan;
        struct atl_error err = {0};

        atl_plan_init(&plan);
        assert_int_equal(atl_lettering_sew(face, &wish, &plan, &report, &err), ATL_OK);
        assert_int_equal(report.fills, 0);
        if (report.worst_miss > rows[i].most)
            fail_msg("%s at %g mm: %g of a part are missed", rows[i].text, rows[i].height,
                     report.worst_miss);
        atl_plan_free(&plan);
        atl_face_close(face);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strokes_that_are_easily_missed_are_sewn),
        cmocka_unit_test(every_stitch_is_one_that_a_machine_sews),
        cmocka_unit_test(a_letter_that_the_font_lacks_is_named),
        cmocka_unit_test(a_height_out_of_range_is_refused),
        cmocka_unit_test(the_same_text_is_the_same_stitches),
        cmocka_unit_test(the_design_is_as_large_as_the_letters),
        cmocka_unit_test(collections_and_cubic_outlines_are_read),
        cmocka_unit_test(a_file_that_is_no_font_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
