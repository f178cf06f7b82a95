// SPDX-License-Identifier: Apache-2.0
// What stands on the cloth beside the words: the field as a running stitch, and measures like a
// tailor's. And the paper of the card.
#include "plugin/render/proof_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { EDGE = 8, ALONG = 18 }; // units: free at the picture's edge, from a line to words along it

void proof_font_name(const char *family, double px, char *out, size_t cap)
{
    snprintf(out, cap, "%s %.1fpx", family, px);
}

static void small_font(const struct proof_marks *marks, double size, char *out, size_t cap)
{
    proof_font_name("Liberation Sans", fmax(size * marks->unit, 9), out, cap);
}

static void set_chalk(const struct proof_marks *marks, double alpha)
{
    if (proof_lightness(marks->cloth_rgb) > 0.45)
        proof_set_rgb(marks->cr, 0x1e1a16, alpha);
    else
        proof_set_rgb(marks->cr, 0xffffff, alpha);
}

// Each stitch with its shadow.
void proof_marks_border(const struct proof_marks *marks)
{
    const double dash[] = {11 * marks->unit, 8 * marks->unit};
    const struct proof_box *field = marks->field;
    cairo_t *cr = marks->cr;
    double radius = 14 * marks->unit;
    double left = field->left + 0.5 + radius;
    double right = field->right + 0.5 - radius;

    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_dash(cr, dash, 2, 0);
    for (int pass = 0; pass < 2; pass++) {
        double shift = pass ? 0 : 1.6 * marks->unit;
        double top = field->top + 0.5 + radius + shift;
        double bottom = field->bottom + 0.5 - radius + shift;

        cairo_new_sub_path(cr);
        cairo_arc(cr, right, top, radius, -G_PI_2, 0);
        cairo_arc(cr, right, bottom, radius, 0, G_PI_2);
        cairo_arc(cr, left, bottom, radius, G_PI_2, G_PI);
        cairo_arc(cr, left, top, radius, G_PI, 3 * G_PI_2);
        cairo_close_path(cr);
        cairo_set_line_width(cr, 2.4 * marks->unit);
        if (pass)
            set_chalk(marks, 0.30);
        else
            proof_set_rgb(cr, 0, 0.13);
        cairo_stroke(cr);
    }
    cairo_set_dash(cr, NULL, 0, 0);
}

static void line(cairo_t *cr, double x1, double y1, double x2, double y2)
{
    cairo_move_to(cr, x1, y1);
    cairo_line_to(cr, x2, y2);
}

static void draw_width(const struct proof_marks *marks, const struct proof_box *ink, double y,
                       double um)
{
    double tick = 5 * marks->unit;
    char face[64], words[32];
    struct proof_label label = {.text = words, .font = face, .x = (ink->left + ink->right) / 2};

    cairo_set_line_width(marks->cr, 1.2 * marks->unit);
    line(marks->cr, ink->left, y, ink->right, y);
    line(marks->cr, ink->left, y - tick, ink->left, y + tick);
    line(marks->cr, ink->right, y - tick, ink->right, y + tick);
    set_chalk(marks, 0.55);
    cairo_stroke(marks->cr);
    small_font(marks, 19, face, sizeof face);
    proof_mm(um, marks->decimal_mark, words, sizeof words);
    label.y = y + 19 * marks->unit;
    set_chalk(marks, 0.75);
    proof_label(marks->cr, &label);
}

static void draw_height(const struct proof_marks *marks, const struct proof_box *ink, double x,
                        double um)
{
    double tick = 5 * marks->unit;
    char face[64], words[32];
    struct proof_label label = {.text = words, .font = face, .align = -1};

    cairo_set_line_width(marks->cr, 1.2 * marks->unit);
    line(marks->cr, x, ink->top, x, ink->bottom);
    line(marks->cr, x - tick, ink->top, x + tick, ink->top);
    line(marks->cr, x - tick, ink->bottom, x + tick, ink->bottom);
    set_chalk(marks, 0.55);
    cairo_stroke(marks->cr);
    small_font(marks, 19, face, sizeof face);
    proof_mm(um, marks->decimal_mark, words, sizeof words);
    set_chalk(marks, 0.75);
    label.x = x + 10 * marks->unit;
    label.y = (ink->top + ink->bottom) / 2;
    if (label.x + proof_label_width(marks->cr, &label) <= marks->width - EDGE * marks->unit) {
        proof_label(marks->cr, &label);
        return;
    }
    cairo_save(marks->cr);
    cairo_translate(marks->cr, round(x + ALONG * marks->unit), round(label.y));
    cairo_rotate(marks->cr, -G_PI_2);
    label.x = label.y = label.align = 0;
    proof_label(marks->cr, &label);
    cairo_restore(marks->cr);
}

void proof_marks_measures(const struct proof_marks *marks, const struct proof_box *ink,
                          double wide_um, double high_um)
{
    double gap = 24 * marks->unit;
    double x = ink->right + gap;
    double y = ink->bottom + gap;

    if (marks->field && x + 100 * marks->unit > marks->field->right)
        x = marks->field->right + gap;
    if (marks->field && y + 40 * marks->unit > marks->field->bottom)
        y = marks->field->bottom + gap;
    // On a product's picture the design may stand at the edge: then on its other side.
    if (x + 2 * ALONG * marks->unit > marks->width)
        x = fmax(ink->left - gap - ALONG * marks->unit, EDGE * marks->unit);
    if (y + 34 * marks->unit > marks->height)
        y = fmax(ink->top - gap - ALONG * marks->unit, EDGE * marks->unit);
    cairo_set_line_cap(marks->cr, CAIRO_LINE_CAP_BUTT);
    draw_width(marks, ink, round(y) + 0.5, wide_um);
    draw_height(marks, ink, round(x) + 0.5, high_um);
}

void proof_marks_field(const struct proof_marks *marks, double wide_um, double high_um)
{
    char face[64], wide[32], high[32], words[80];
    struct proof_label label = {.text = words, .font = face, .align = 1};

    small_font(marks, 17, face, sizeof face);
    proof_mm(wide_um, marks->decimal_mark, wide, sizeof wide);
    proof_mm(high_um, marks->decimal_mark, high, sizeof high);
    wide[strlen(wide) - 3] = 0; // the unit stands once
    snprintf(words, sizeof words, "%s \u00d7 %s", wide, high);
    label.x = marks->field->right - 8 * marks->unit;
    label.y = marks->field->top - 17 * marks->unit;
    set_chalk(marks, 0.5);
    proof_label(marks->cr, &label);
}

void proof_paper(cairo_t *cr, double top, double width, double height)
{
    cairo_rectangle(cr, 0, top, width, height - top);
    proof_set_rgb(cr, PROOF_PAPER, 1);
    cairo_fill(cr);
    cairo_rectangle(cr, 0, top, width, fmax(1, width / 1000));
    proof_set_rgb(cr, PROOF_HAIRLINE, 1);
    cairo_fill(cr);
}

void proof_swatch(cairo_t *cr, double x, double y, double unit, uint32_t rgb)
{
    cairo_new_path(cr);
    cairo_arc(cr, x, y, 13 * unit, 0, 2 * G_PI);
    proof_set_rgb(cr, rgb, 1);
    cairo_fill_preserve(cr);
    cairo_set_line_width(cr, 1.2 * unit);
    proof_set_rgb(cr, PROOF_INK, 0.25);
    cairo_stroke(cr);
}

atl_code proof_take(cairo_surface_t *surface, struct atl_picture *picture, struct atl_error *err)
{
    uint32_t width = (uint32_t)cairo_image_surface_get_width(surface);
    uint32_t height = (uint32_t)cairo_image_surface_get_height(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    const uint8_t *data;
    atl_code rc = atl_picture_init(picture, width, height, err);

    if (rc)
        return rc;
    cairo_surface_flush(surface);
    data = cairo_image_surface_get_data(surface);
    for (uint32_t y = 0; y < height; y++) {
        const uint32_t *row = (const uint32_t *)(const void *)(data + y * stride);
        uint8_t *to = picture->pixels + (size_t)y * width * 3;

        for (uint32_t x = 0; x < width; x++, to += 3) {
            to[0] = (uint8_t)(row[x] >> 16);
            to[1] = (uint8_t)(row[x] >> 8);
            to[2] = (uint8_t)row[x];
        }
    }
    return ATL_OK;
}
