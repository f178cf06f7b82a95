// SPDX-License-Identifier: Apache-2.0
// The guest's picture: cloth with the words on it, the field as a running stitch, measures like a
// tailor's, and a card below that says what it is.
#include "plugin/render/proof_parts.h"

#include <math.h>
#include <stdio.h>

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

static void font(const struct scene *scene, const char *name, double size, char *out, size_t cap)
{
    proof_font_name(name, fmax(size * scene->unit, 9), out, cap);
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
    proof_set_rgb(scene->cr, PROOF_INK, 1);
    proof_label(scene->cr, &label);

    label.y = second;
    join(words, sizeof words, scene->request->place, scene->text->font.family);
    label.text = words;
    font(scene, "Liberation Sans", 19, face, sizeof face);
    proof_set_rgb(scene->cr, PROOF_PALE_INK, 1);
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
    proof_set_rgb(scene->cr, PROOF_INK, 0.85);
    if (*scene->request->thread)
        proof_swatch(scene->cr, label.x - proof_label(scene->cr, &label) - 26 * scene->unit, first,
                     scene->unit, scene->request->thread_rgb);
}

static struct proof_box ink_box(const struct scene *scene)
{
    const struct proof_box *ink = &scene->text->ink;

    return (struct proof_box){
        scene->text_x + ink->left * scene->scale,
        scene->text_y + ink->top * scene->scale,
        scene->text_x + ink->right * scene->scale,
        scene->text_y + ink->bottom * scene->scale,
    };
}

static void draw_cloth(const struct scene *scene)
{
    const struct atl_proof_request *request = scene->request;
    const struct proof_box field = {scene->field_x, scene->field_y, scene->field_x + scene->field_w,
                                    scene->field_y + scene->field_h};
    const struct proof_box ink = ink_box(scene);
    const struct proof_marks marks = {
        .cr = scene->cr,
        .unit = scene->unit,
        .cloth_rgb = request->fabric_rgb,
        .decimal_mark = request->decimal_mark,
        .field = request->field_um ? &field : NULL,
    };

    if (request->field_um)
        proof_marks_border(&marks);
    if (request->field_um && request->field_high_um)
        proof_marks_field(&marks, request->field_um, request->field_high_um);
    draw_words(scene);
    proof_marks_measures(&marks, &ink, ink_width(scene->text), ink_height(scene->text));
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
    draw_cloth(&scene);
    proof_paper(scene.cr, scene.cloth, scene.width, scene.height);
    draw_card(&scene);
    cairo_destroy(scene.cr);
    rc = proof_take(surface, picture, err);
    cairo_surface_destroy(surface);
    return rc;
}
