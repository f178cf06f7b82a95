// SPDX-License-Identifier: Apache-2.0
// The picture on the work tag: black dots, the whole width of the field, its measures. Where the
// field is much higher than the words, only the strip around them is shown, open above and below.
#include "plugin/render/bitmap.h"
#include "plugin/render/proof_parts.h"
#include "plugin/render/raster_parts.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH_MIN_DOTS = 96, MARGIN_DOTS = 4, LABEL_DOTS = 26 };

struct strip {
    const struct atl_proof_request *request;
    const struct proof_text *text;
    cairo_t *cr;
    double scale; // dots a micrometre
    int width, height;
    double left, top, right, bottom; // of the field, or of the strip of it
    bool is_cropped;
};

static struct strip strip_of(const struct atl_proof_request *request, const struct proof_text *text,
                             uint32_t width_dots)
{
    double ink_w = text->ink.right - text->ink.left;
    double ink_h = text->ink.bottom - text->ink.top;
    double field = request->field_um ? request->field_um : ink_w * 1.1;
    double inner = width_dots - 2.0 * MARGIN_DOTS;
    double high = ink_h * 1.25 + field * 0.08;
    struct strip strip = {.request = request, .text = text, .width = (int)width_dots};

    strip.is_cropped = !request->field_high_um || high < request->field_high_um;
    if (!strip.is_cropped)
        high = request->field_high_um;
    strip.scale = inner / field;
    strip.left = MARGIN_DOTS;
    strip.right = strip.left + inner;
    strip.top = MARGIN_DOTS;
    strip.bottom = strip.top + round(high * strip.scale);
    strip.height = (int)strip.bottom + MARGIN_DOTS + LABEL_DOTS;
    return strip;
}

static void dash(const struct strip *strip, double x, double y, double w, double h)
{
    cairo_rectangle(strip->cr, round(x), round(y), round(w), round(h));
}

static void draw_border(const struct strip *strip)
{
    if (!strip->request->field_um)
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

static void draw_words(const struct strip *strip)
{
    const struct proof_box *ink = &strip->text->ink;

    cairo_save(strip->cr);
    cairo_translate(strip->cr,
                    (strip->left + strip->right) / 2 - (ink->left + ink->right) / 2 * strip->scale,
                    (strip->top + strip->bottom) / 2 - (ink->top + ink->bottom) / 2 * strip->scale);
    cairo_scale(strip->cr, strip->scale, strip->scale);
    proof_text_path(strip->text, strip->cr);
    cairo_restore(strip->cr);
    cairo_fill(strip->cr);
}

static void draw_measures(const struct strip *strip)
{
    const struct proof_box *ink = &strip->text->ink;
    char wide[32], high[32], words[80];
    struct proof_label label = {
        .text = words,
        .font = "DejaVu Sans 18px",
        .x = strip->width / 2.0,
        .y = strip->height - LABEL_DOTS / 2.0,
        .max_width = strip->width,
    };

    proof_mm(ink->right - ink->left, strip->request->decimal_mark, wide, sizeof wide);
    proof_mm(ink->bottom - ink->top, strip->request->decimal_mark, high, sizeof high);
    snprintf(words, sizeof words, "%s \u00d7 %s", wide, high);
    proof_label(strip->cr, &label);
}

atl_code proof_draw_tag(const struct atl_proof_request *request, const struct proof_text *text,
                        uint32_t width_dots, struct atl_bitmap *bitmap, struct atl_error *err)
{
    struct strip strip;
    cairo_surface_t *surface;
    cairo_font_options_t *options;
    atl_code rc;

    if (width_dots < WIDTH_MIN_DOTS || width_dots > ATL_BITMAP_WIDTH_MAX)
        return atl_fail(err, ATL_E_INVALID, "a proof %u dots wide: at least %d", width_dots,
                        WIDTH_MIN_DOTS);
    strip = strip_of(request, text, width_dots);
    rc = atl_bitmap_init(bitmap, width_dots, (uint32_t)strip.height, err);
    if (rc)
        return rc;
    surface = cairo_image_surface_create(CAIRO_FORMAT_A1, strip.width, strip.height);
    strip.cr = cairo_create(surface);
    options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_NONE);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_FULL);
    cairo_set_font_options(strip.cr, options);
    cairo_font_options_destroy(options);
    cairo_set_antialias(strip.cr, CAIRO_ANTIALIAS_NONE);
    draw_border(&strip);
    draw_words(&strip);
    draw_measures(&strip);
    raster_take(surface, bitmap);
    cairo_destroy(strip.cr);
    cairo_surface_destroy(surface);
    return ATL_OK;
}
