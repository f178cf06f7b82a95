// SPDX-License-Identifier: Apache-2.0
// The guest's picture: cloth with the words on it, the field as a running stitch, measures like a
// tailor's, and a card below that says what it is.
#include "plugin/render/proof_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PAPER = 0xfbfaf7, INK = 0x2b2723, PALE_INK = 0x8b857d, HAIRLINE = 0xded9d0 };

// Where things are, in pixels; `scale` is pixels a micrometre.
struct scene {
    const struct atl_proof_request *request;
    const struct proof_text *text;
    cairo_t *cr;
    double width, cloth, height; // of the picture; where the card begins; of the whole
    double unit;                 // a thousandth of the width
    double scale;
    double field_x, field_y, field_w, field_h;
    double text_x, text_y; // of the text's origin
};

static double ink_width(const struct proof_text *text)
{
    return text->ink.right - text->ink.left;
}

static double ink_height(const struct proof_text *text)
{
    return text->ink.bottom - text->ink.top;
}

static struct scene scene_of(const struct atl_proof_request *request, const struct proof_text *text)
{
    double width = request->width_px ? request->width_px : ATL_PROOF_PX;
    double field_um = request->field_um ? request->field_um : ink_width(text) * 1.3;
    double high_um = request->field_high_um ? request->field_high_um
                                            : fmax(ink_height(text) * 2.2, field_um * 0.3);
    struct scene scene = {.request = request, .text = text, .width = width, .unit = width / 1000};

    scene.scale = fmin(width * 0.74 / field_um, width * 0.8 / high_um);
    scene.field_w = round(field_um * scene.scale);
    scene.field_h = round(high_um * scene.scale);
    scene.field_x = round((width - scene.field_w) / 2);
    scene.field_y = round(width * 0.1);
    scene.cloth = round(scene.field_y + scene.field_h + width * 0.1);
    scene.height = round(scene.cloth + width * 0.15);
    scene.text_x =
        scene.field_x + scene.field_w / 2 - (text->ink.left + ink_width(text) / 2) * scene.scale;
    scene.text_y =
        scene.field_y + scene.field_h / 2 - (text->ink.top + ink_height(text) / 2) * scene.scale;
    return scene;
}

// What is written on the cloth: dark on light cloth, light on dark.
static void set_chalk(const struct scene *scene, double alpha)
{
    if (proof_lightness(scene->request->fabric_rgb) > 0.45)
        proof_set_rgb(scene->cr, 0x1e1a16, alpha);
    else
        proof_set_rgb(scene->cr, 0xffffff, alpha);
}

static void font(const struct scene *scene, const char *name, double size, char *out, size_t cap)
{
    snprintf(out, cap, "%s %.1fpx", name, fmax(size * scene->unit, 9));
}

// The sewable field as a running stitch, each stitch with its shadow.
static void draw_border(const struct scene *scene)
{
    const double dash[] = {11 * scene->unit, 8 * scene->unit};
    cairo_t *cr = scene->cr;
    double x = scene->field_x + 0.5;
    double y = scene->field_y + 0.5;
    double radius = 14 * scene->unit;

    if (!scene->request->field_um)
        return;
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_dash(cr, dash, 2, 0);
    for (int pass = 0; pass < 2; pass++) {
        double shift = pass ? 0 : 1.6 * scene->unit;

        cairo_new_sub_path(cr);
        cairo_arc(cr, x + scene->field_w - radius, y + radius + shift, radius, -G_PI_2, 0);
        cairo_arc(cr, x + scene->field_w - radius, y + scene->field_h - radius + shift, radius, 0,
                  G_PI_2);
        cairo_arc(cr, x + radius, y + scene->field_h - radius + shift, radius, G_PI_2, G_PI);
        cairo_arc(cr, x + radius, y + radius + shift, radius, G_PI, 3 * G_PI_2);
        cairo_close_path(cr);
        cairo_set_line_width(cr, 2.4 * scene->unit);
        if (pass)
            set_chalk(scene, 0.30);
        else
            proof_set_rgb(cr, 0, 0.13);
        cairo_stroke(cr);
    }
    cairo_set_dash(cr, NULL, 0, 0);
}

static void text_path(const struct scene *scene, double dx, double dy)
{
    cairo_new_path(scene->cr);
    cairo_save(scene->cr);
    cairo_translate(scene->cr, scene->text_x + dx, scene->text_y + dy);
    cairo_scale(scene->cr, scene->scale, scene->scale);
    proof_text_path(scene->text, scene->cr);
    cairo_restore(scene->cr);
}

// Thread stands on the cloth: a soft shadow below it.
static void draw_shadow(const struct scene *scene)
{
    static const struct step {
        double offset, spread, alpha;
    } steps[] = {
        {2.6, 5.0, 0.05},
        {2.1, 3.4, 0.07},
        {1.6, 1.8, 0.10},
        {1.1, 0.6, 0.14},
    };

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        text_path(scene, steps[i].offset * 0.4 * scene->unit, steps[i].offset * scene->unit);
        cairo_set_line_width(scene->cr, steps[i].spread * scene->unit);
        cairo_set_line_join(scene->cr, CAIRO_LINE_JOIN_ROUND);
        proof_set_rgb(scene->cr, 0, steps[i].alpha);
        cairo_stroke_preserve(scene->cr);
        cairo_fill(scene->cr);
    }
}

// The sheen of thread, once a line: lightest above the middle of the letters.
static void draw_sheen(const struct scene *scene)
{
    double pitch = scene->request->cap_um * PROOF_LINE_PERCENT / 100.0 * scene->scale;
    double top = scene->text_y - pitch * 0.8;
    cairo_pattern_t *light = cairo_pattern_create_linear(0, top, 0, top + pitch);

    cairo_pattern_add_color_stop_rgba(light, 0.00, 1, 1, 1, 0.02);
    cairo_pattern_add_color_stop_rgba(light, 0.28, 1, 1, 1, 0.20);
    cairo_pattern_add_color_stop_rgba(light, 0.60, 1, 1, 1, 0.02);
    cairo_pattern_add_color_stop_rgba(light, 0.82, 0, 0, 0, 0.10);
    cairo_pattern_add_color_stop_rgba(light, 1.00, 1, 1, 1, 0.02);
    cairo_pattern_set_extend(light, CAIRO_EXTEND_REPEAT);
    cairo_set_source(scene->cr, light);
    cairo_pattern_destroy(light);
}

// The edge that lies away from `dx`, `dy`: what the letters cover and the same letters moved there
// do not. Letters of a script that run into each other have one edge, not two.
static void draw_edge(const struct scene *scene, cairo_pattern_t *letters, double dx, double dy,
                      double grey, double alpha)
{
    cairo_t *cr = scene->cr;

    cairo_push_group(cr);
    cairo_set_source_rgba(cr, grey, grey, grey, alpha);
    cairo_mask(cr, letters);
    cairo_translate(cr, dx * scene->unit, dy * scene->unit);
    cairo_set_operator(cr, CAIRO_OPERATOR_DEST_OUT);
    cairo_set_source_rgba(cr, 0, 0, 0, 1);
    cairo_mask(cr, letters);
    cairo_pop_group_to_source(cr);
    cairo_paint(cr);
}

static void draw_words(const struct scene *scene)
{
    cairo_t *cr = scene->cr;
    double dark = proof_lightness(scene->request->thread_rgb) > 0.3 ? 0.34 : 0.45;
    cairo_pattern_t *letters;

    draw_shadow(scene);
    cairo_push_group_with_content(cr, CAIRO_CONTENT_ALPHA);
    text_path(scene, 0, 0);
    cairo_set_source_rgba(cr, 0, 0, 0, 1);
    cairo_fill(cr);
    letters = cairo_pop_group(cr);
    proof_set_rgb(cr, scene->request->thread_rgb, 1);
    cairo_mask(cr, letters);
    draw_sheen(scene);
    cairo_mask(cr, letters);
    // Round like a thread, and readable as white on white and black on black.
    draw_edge(scene, letters, -0.9, -1.7, 0, dark);
    if (fabs(proof_lightness(scene->request->thread_rgb) -
             proof_lightness(scene->request->fabric_rgb)) < 0.15)
        draw_edge(scene, letters, 0.7, 1.2, 0, 0.20);
    else
        draw_edge(scene, letters, 0.8, 1.5, 1, 0.30);
    cairo_pattern_destroy(letters);
}

static void line(cairo_t *cr, double x1, double y1, double x2, double y2)
{
    cairo_move_to(cr, x1, y1);
    cairo_line_to(cr, x2, y2);
}

static void draw_width(const struct scene *scene, double left, double right, double y)
{
    double tick = 5 * scene->unit;
    char face[64], words[32];
    struct proof_label label = {.text = words, .font = face, .x = (left + right) / 2};

    cairo_set_line_width(scene->cr, 1.2 * scene->unit);
    line(scene->cr, left, y, right, y);
    line(scene->cr, left, y - tick, left, y + tick);
    line(scene->cr, right, y - tick, right, y + tick);
    set_chalk(scene, 0.55);
    cairo_stroke(scene->cr);
    font(scene, "Liberation Sans", 19, face, sizeof face);
    proof_mm(ink_width(scene->text), scene->request->decimal_mark, words, sizeof words);
    label.y = y + 19 * scene->unit;
    set_chalk(scene, 0.75);
    proof_label(scene->cr, &label);
}

static void draw_height(const struct scene *scene, double top, double bottom, double x)
{
    double tick = 5 * scene->unit;
    char face[64], words[32];
    struct proof_label label = {.text = words, .font = face, .align = -1};

    cairo_set_line_width(scene->cr, 1.2 * scene->unit);
    line(scene->cr, x, top, x, bottom);
    line(scene->cr, x - tick, top, x + tick, top);
    line(scene->cr, x - tick, bottom, x + tick, bottom);
    set_chalk(scene, 0.55);
    cairo_stroke(scene->cr);
    font(scene, "Liberation Sans", 19, face, sizeof face);
    proof_mm(ink_height(scene->text), scene->request->decimal_mark, words, sizeof words);
    label.x = x + 10 * scene->unit;
    label.y = (top + bottom) / 2;
    set_chalk(scene, 0.75);
    proof_label(scene->cr, &label);
}

// Measures stand beside the words, or beyond the field's border where they would lie on it.
static void draw_measures(const struct scene *scene)
{
    const struct proof_box *ink = &scene->text->ink;
    double left = scene->text_x + ink->left * scene->scale;
    double right = scene->text_x + ink->right * scene->scale;
    double top = scene->text_y + ink->top * scene->scale;
    double bottom = scene->text_y + ink->bottom * scene->scale;
    double gap = 24 * scene->unit;
    double x = right + gap;
    double y = bottom + gap;

    if (scene->request->field_um && x + 100 * scene->unit > scene->field_x + scene->field_w)
        x = scene->field_x + scene->field_w + gap;
    if (scene->request->field_um && y + 40 * scene->unit > scene->field_y + scene->field_h)
        y = scene->field_y + scene->field_h + gap;
    cairo_set_line_cap(scene->cr, CAIRO_LINE_CAP_BUTT);
    draw_width(scene, left, right, round(y) + 0.5);
    draw_height(scene, top, bottom, round(x) + 0.5);
}

// The field's own measures, above its upper edge.
static void draw_field_words(const struct scene *scene)
{
    char face[64], wide[32], high[32], words[80];
    struct proof_label label = {.text = words, .font = face, .align = 1};

    if (!scene->request->field_um || !scene->request->field_high_um)
        return;
    font(scene, "Liberation Sans", 17, face, sizeof face);
    proof_mm(scene->request->field_um, scene->request->decimal_mark, wide, sizeof wide);
    proof_mm(scene->request->field_high_um, scene->request->decimal_mark, high, sizeof high);
    wide[strlen(wide) - 3] = 0; // the unit stands once
    snprintf(words, sizeof words, "%s \u00d7 %s", wide, high);
    label.x = scene->field_x + scene->field_w - 8 * scene->unit;
    label.y = scene->field_y - 17 * scene->unit;
    set_chalk(scene, 0.5);
    proof_label(scene->cr, &label);
}

static void draw_swatch(const struct scene *scene, double x, double y)
{
    cairo_t *cr = scene->cr;
    double radius = 13 * scene->unit;

    cairo_new_path(cr);
    cairo_arc(cr, x, y, radius, 0, 2 * G_PI);
    proof_set_rgb(cr, scene->request->thread_rgb, 1);
    cairo_fill_preserve(cr);
    cairo_set_line_width(cr, 1.2 * scene->unit);
    proof_set_rgb(cr, INK, 0.25);
    cairo_stroke(cr);
}

static void join(char *out, size_t size, const char *a, const char *b)
{
    snprintf(out, size, "%s%s%s", a, *a && *b ? "  \u00b7  " : "", b);
}

// Left: what it is and where; right: the thread; below: the mark.
static void draw_card(const struct scene *scene)
{
    char face[64], words[256];
    double pad = 44 * scene->unit;
    double first = scene->cloth + 52 * scene->unit;
    double second = scene->cloth + 98 * scene->unit;
    struct proof_label label = {.font = face, .x = pad, .align = -1};

    label.y = first;
    label.text = scene->request->product;
    label.max_width = scene->width * 0.52;
    font(scene, "Liberation Serif", 33, face, sizeof face);
    proof_set_rgb(scene->cr, INK, 1);
    proof_label(scene->cr, &label);

    label.y = second;
    join(words, sizeof words, scene->request->place, scene->text->font.family);
    label.text = words;
    font(scene, "Liberation Sans", 19, face, sizeof face);
    proof_set_rgb(scene->cr, PALE_INK, 1);
    proof_label(scene->cr, &label);

    label.x = scene->width - pad;
    label.align = 1;
    label.text = scene->request->mark;
    label.spacing = 1.2 * scene->unit;
    label.max_width = scene->width * 0.4;
    proof_label(scene->cr, &label);

    label.y = first;
    label.text = scene->request->thread;
    label.spacing = 0;
    label.max_width = scene->width * 0.32;
    font(scene, "Liberation Sans", 21, face, sizeof face);
    proof_set_rgb(scene->cr, INK, 0.85);
    if (*scene->request->thread)
        draw_swatch(scene, label.x - proof_label(scene->cr, &label) - 26 * scene->unit, first);
}

static void draw_paper(const struct scene *scene)
{
    cairo_t *cr = scene->cr;

    cairo_rectangle(cr, 0, scene->cloth, scene->width, scene->height - scene->cloth);
    proof_set_rgb(cr, PAPER, 1);
    cairo_fill(cr);
    cairo_rectangle(cr, 0, scene->cloth, scene->width, fmax(1, scene->unit));
    proof_set_rgb(cr, HAIRLINE, 1);
    cairo_fill(cr);
}

static atl_code take(cairo_surface_t *surface, struct atl_picture *picture, struct atl_error *err)
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

atl_code proof_draw(const struct atl_proof_request *request, const struct proof_text *text,
                    struct atl_picture *picture, struct atl_error *err)
{
    struct scene scene = scene_of(request, text);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)scene.width, (int)scene.height);
    atl_code rc;

    if (cairo_surface_status(surface)) {
        cairo_surface_destroy(surface);
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a proof of %.0f x %.0f pixels",
                        scene.width, scene.height);
    }
    proof_fabric(surface, (int)scene.width, (int)scene.cloth, request->fabric_rgb);
    scene.cr = cairo_create(surface);
    draw_border(&scene);
    draw_field_words(&scene);
    draw_words(&scene);
    draw_measures(&scene);
    draw_paper(&scene);
    draw_card(&scene);
    cairo_destroy(scene.cr);
    rc = take(surface, picture, err);
    cairo_surface_destroy(surface);
    return rc;
}
