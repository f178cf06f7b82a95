// SPDX-License-Identifier: Apache-2.0
// The picture on the work tag: black dots where thread lies, the field's border, the measures.
// Where the field is much higher than the design only the strip around it is shown, open above and
// below.
#include "plugin/render/raster_parts.h"
#include "plugin/render/stitch_picture_parts.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH_MIN_DOTS = 96, MARGIN_DOTS = 4, LABEL_DOTS = 26 };

struct strip {
    struct stitch_scene scene; // its box is the strip's
    cairo_t *cr;
    double left, top, right, bottom;
    bool is_cropped;
};

static void place(struct strip *strip, uint32_t width_dots)
{
    struct stitch_scene *scene = &strip->scene;
    const struct atl_stitch_picture *look = scene->look;
    struct atl_plan_bounds box = atl_plan_bounds(scene->plan);
    double field = look->field_um > scene->ink_wide_um
                       ? look->field_um
                       : fmax(scene->ink_wide_um, scene->ink_high_um * 0.6) * 1.1;
    double inner = width_dots - 2.0 * MARGIN_DOTS;
    double high = scene->ink_high_um * 1.25 + field * 0.08;

    strip->is_cropped = !look->field_high_um || high < look->field_high_um;
    if (!strip->is_cropped)
        high = fmax(look->field_high_um, scene->ink_high_um);
    scene->px_per_mm = inner / field * 1000;
    strip->left = MARGIN_DOTS;
    strip->right = strip->left + inner;
    strip->top = MARGIN_DOTS;
    strip->bottom = strip->top + round(high / field * inner);
    scene->x =
        (strip->left + strip->right) / 2 - (box.left_dmm + box.right_dmm) / 20.0 * scene->px_per_mm;
    scene->y =
        (strip->top + strip->bottom) / 2 + (box.bottom_dmm + box.top_dmm) / 20.0 * scene->px_per_mm;
    scene->width = width_dots;
    scene->height = strip->bottom + MARGIN_DOTS + LABEL_DOTS;
}

static void dash(const struct strip *strip, double x, double y, double w, double h)
{
    cairo_rectangle(strip->cr, round(x), round(y), round(w), round(h));
}

static void draw_border(const struct strip *strip)
{
    if (!strip->scene.look->field_um)
        return;
    for (double y = strip->top; y < strip->bottom; y += 12) {
        double len = fmin(7, strip->bottom - y);

        dash(strip, strip->left, y, 2, len);
        dash(strip, strip->right - 2, y, 2, len);
    }
    for (double x = strip->left; x < strip->right && !strip->is_cropped; x += 12) {
        double len = fmin(7, strip->right - x);

        dash(strip, x, strip->top, len, 2);
        dash(strip, x, strip->bottom - 2, len, 2);
    }
    cairo_fill(strip->cr);
}

static void draw_thread(const struct strip *strip)
{
    struct stitch_pieces pieces = stitch_pieces(&strip->scene);
    struct stitch_piece piece;

    cairo_set_line_cap(strip->cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width(strip->cr, fmax(1.2, STITCH_THREAD_MM * strip->scene.px_per_mm));
    while (stitch_pieces_next(&pieces, &piece)) {
        cairo_move_to(strip->cr, piece.x1, piece.y1);
        cairo_line_to(strip->cr, piece.x2, piece.y2);
        cairo_stroke(strip->cr);
    }
}

static void draw_measures(const struct strip *strip)
{
    const struct stitch_scene *scene = &strip->scene;
    char wide[32], high[32], words[80];
    struct proof_label label = {
        .text = words,
        .font = "DejaVu Sans 18px",
        .x = scene->width / 2,
        .y = scene->height - LABEL_DOTS / 2.0,
        .max_width = scene->width,
    };

    proof_mm(scene->ink_wide_um, scene->look->decimal_mark, wide, sizeof wide);
    proof_mm(scene->ink_high_um, scene->look->decimal_mark, high, sizeof high);
    snprintf(words, sizeof words, "%s \u00d7 %s", wide, high);
    proof_label(strip->cr, &label);
}

atl_code atl_stitch_picture_draw_tag(const struct atl_plan *plan,
                                     const struct atl_stitch_picture *look, uint32_t width_dots,
                                     struct atl_bitmap *out, struct atl_error *err)
{
    struct strip strip;
    cairo_surface_t *surface;
    cairo_font_options_t *options;
    atl_code rc = stitch_scene_of(plan, look, &strip.scene, err);

    if (rc)
        return rc;
    if (width_dots < WIDTH_MIN_DOTS || width_dots > ATL_BITMAP_WIDTH_MAX)
        return atl_fail(err, ATL_E_INVALID, "a proof %u dots wide: at least %d", width_dots,
                        WIDTH_MIN_DOTS);
    place(&strip, width_dots);
    rc = atl_bitmap_init(out, width_dots, (uint32_t)strip.scene.height, err);
    if (rc)
        return rc;
    surface = cairo_image_surface_create(CAIRO_FORMAT_A1, (int)width_dots, (int)strip.scene.height);
    strip.cr = cairo_create(surface);
    options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_NONE);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_FULL);
    cairo_set_font_options(strip.cr, options);
    cairo_font_options_destroy(options);
    cairo_set_antialias(strip.cr, CAIRO_ANTIALIAS_NONE);
    draw_border(&strip);
    draw_thread(&strip);
    draw_measures(&strip);
    raster_take(surface, out);
    cairo_destroy(strip.cr);
    cairo_surface_destroy(surface);
    return ATL_OK;
}
