// SPDX-License-Identifier: Apache-2.0
// What a cloth changes in the stitches: spacing, pull across a column, push along it, underlay.
#include "plugin/stitch/lettering.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LIBERATION "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf"

struct sewn {
    struct atl_plan plan;
    struct atl_plan_bounds box;
    size_t long_ones; // needle moves over 2.55 mm: satin and lattice of a wide column
    size_t others;    // shorter ones
};

static void sew(const char *text, const char *cloth, double height, struct sewn *out)
{
    struct atl_lettering wish = {text, height, atl_fabric_find(cloth)};
    struct atl_face *face = NULL;
    struct atl_error err = {0};

    assert_non_null(wish.fabric);
    *out = (struct sewn){0};
    atl_plan_init(&out->plan);
    if (atl_face_open(LIBERATION, 0, &face, &err) ||
        atl_lettering_sew(face, &wish, &out->plan, NULL, &err))
        fail_msg("%s on %s: %s", text, cloth, err.text);
    out->box = atl_plan_bounds(&out->plan);
    for (size_t i = 1; i < out->plan.count; i++) {
        double dx = out->plan.acts[i].x_dmm - out->plan.acts[i - 1].x_dmm;
        double dy = out->plan.acts[i].y_dmm - out->plan.acts[i - 1].y_dmm;

        if (out->plan.acts[i].act == ATL_ACT_STITCH)
            *(hypot(dx, dy) > 25.5 ? &out->long_ones : &out->others) += 1;
    }
    atl_face_close(face);
    atl_plan_free(&out->plan);
}

static int width(const struct sewn *s)
{
    return s->box.right_dmm - s->box.left_dmm;
}

static int height(const struct sewn *s)
{
    return s->box.top_dmm - s->box.bottom_dmm;
}

// An I is one column: pull makes it wider, push makes it shorter, on each side by the cloth's
// value.
static void a_cloth_that_moves_is_met_half_way(void **state)
{
    static const char *const cloths[] = {"jersey", "fleece", "leather"};
    const struct atl_fabric *canvas = atl_fabric_find("canvas");
    struct sewn firm;

    (void)state;
    sew("I", "canvas", 15, &firm);
    for (size_t i = 0; i < 3; i++) {
        const struct atl_fabric *cloth = atl_fabric_find(cloths[i]);
        double wider = 20 * (cloth->pull_mm - canvas->pull_mm);
        double shorter = 20 * (cloth->push_mm - canvas->push_mm);
        struct sewn other;

        sew("I", cloths[i], 15, &other);
        if (fabs(width(&other) - width(&firm) - wider) > 1.01 ||
            fabs(height(&firm) - height(&other) - shorter) > 2.01)
            fail_msg("%s: %d x %d, on canvas %d x %d", cloths[i], width(&other), height(&other),
                     width(&firm), height(&firm));
    }
}

// Push cannot eat what is short: a hyphen and an accent stay.
static void what_is_short_stays(void **state)
{
    struct sewn firm, knit;

    (void)state;
    sew("-", "canvas", 5, &firm);
    sew("-", "fleece", 5, &knit);
    assert_true(width(&knit) > 0.7 * width(&firm));
}

// The satin of an I of 15 mm is about 15 / (spacing / 2) long stitches; a lattice adds its own.
static void underlay_differs_by_cloth(void **state)
{
    static const struct {
        const char *cloth;
        bool has_lattice, has_edges;
    } rows[] = {
        {"canvas",  false, true },
        {"jersey",  true,  true },
        {"fleece",  true,  true },
        {"leather", false, false},
    };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const struct atl_fabric *cloth = atl_fabric_find(rows[i].cloth);
        double length = 15 - 2 * cloth->push_mm;
        double satin = length / (cloth->spacing_mm / 2);
        double run = length / cloth->run_mm;
        double lattice = rows[i].has_lattice ? 2 * length / (cloth->lattice_step_mm / 2) : 0;
        struct sewn s;

        sew("I", rows[i].cloth, 15, &s);
        if (fabs((double)s.long_ones - satin - lattice) > 0.06 * satin + 3)
            fail_msg("%s: %zu long stitches, not %.0f of satin and %.0f of lattice", rows[i].cloth,
                     s.long_ones, satin, lattice);
        // The middle and one edge are as long as the column each; the ties are eight or nine.
        if ((double)s.others < run || ((double)s.others > 2 * run + 10) != rows[i].has_edges)
            fail_msg("%s: %zu short stitches, a run has %.0f", rows[i].cloth, s.others, run);
    }
}

static void leather_has_the_fewest_holes(void **state)
{
    static const char *const cloths[] = {"canvas", "jersey", "fleece"};
    struct sewn leather, other;

    (void)state;
    sew("Amélie", "leather", 15, &leather);
    for (size_t i = 0; i < 3; i++) {
        sew("Amélie", cloths[i], 15, &other);
        assert_true((double)(leather.long_ones + leather.others) <
                    0.8 * (double)(other.long_ones + other.others));
    }
}

static void cloths_are_found_by_name(void **state)
{
    unsigned n = 0;

    (void)state;
    for (; atl_fabric_at(n); n++)
        assert_ptr_equal(atl_fabric_find(atl_fabric_at(n)->name), atl_fabric_at(n));
    assert_int_equal(n, 4);
    assert_null(atl_fabric_find("velvet"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cloth_that_moves_is_met_half_way),
        cmocka_unit_test(what_is_short_stays),
        cmocka_unit_test(underlay_differs_by_cloth),
        cmocka_unit_test(leather_has_the_fewest_holes),
        cmocka_unit_test(cloths_are_found_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
