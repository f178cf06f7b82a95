// SPDX-License-Identifier: Apache-2.0
// Judges what is asked for, says where everything is, and puts the picture together.
#include "plugin/render/stitch_picture.h"

#include "plugin/render/stitch_picture_parts.h"

#include <math.h>
#include <stdlib.h>

enum { FIELD_MAX_UM = 2000000, PX_PER_MM_MAX = 200 };
#define VIEW_LOW_MM 24.0 // a tiny text is not blown up beyond what an eye at the counter sees
#define MARGIN      0.12 // of the width: cloth around the stitches, at each side
// A field that leaves the stitches small is not shown: so many times as wide, as high, or so flat.
#define FIELD_WIDE 1.65
#define FIELD_HIGH 2.2
#define FIELD_FLAT 0.45

static atl_code check_product(const struct atl_stitch_product *product, struct atl_error *err)
{
    if (!product)
        return ATL_OK;
    if (!product->picture || !product->picture->pixels || !product->picture->width_px ||
        !product->picture->height_px)
        return atl_fail(err, ATL_E_INVALID, "the product's picture is empty");
    if (!(product->px_per_mm >= 0.05 && product->px_per_mm <= 200))
        return atl_fail(err, ATL_E_INVALID,
                        "the product's picture has %g pixels a mm: 0.05 to 200 are possible",
                        product->px_per_mm);
    if (!(product->x_px >= 0 && product->x_px <= product->picture->width_px && product->y_px >= 0 &&
          product->y_px <= product->picture->height_px))
        return atl_fail(err, ATL_E_INVALID,
                        "the design's place %g, %g is outside the product's picture of %u x %u",
                        product->x_px, product->y_px, product->picture->width_px,
                        product->picture->height_px);
    return ATL_OK;
}

static atl_code check_look(const struct atl_plan *plan, const struct atl_stitch_picture *look,
                           struct atl_error *err)
{
    size_t threads = look->threads ? look->thread_count : plan->thread_count;
    struct atl_plan_counts counts = atl_plan_counts(plan);

    if (!counts.stitches)
        return atl_fail(err, ATL_E_INVALID, "the plan sews nothing: there is nothing to draw");
    if (threads < (size_t)counts.colour_changes + 1)
        return atl_fail(err, ATL_E_INVALID, "%zu threads for %u blocks of colour: name one each",
                        threads, counts.colour_changes + 1);
    if (look->width_px &&
        (look->width_px < ATL_STITCH_PICTURE_MIN_PX || look->width_px > ATL_STITCH_PICTURE_MAX_PX))
        return atl_fail(err, ATL_E_INVALID, "a picture %u pixels wide: %d to %d are possible",
                        look->width_px, ATL_STITCH_PICTURE_MIN_PX, ATL_STITCH_PICTURE_MAX_PX);
    if (look->field_um < 0 || look->field_um > FIELD_MAX_UM || look->field_high_um < 0 ||
        look->field_high_um > FIELD_MAX_UM)
        return atl_fail(err, ATL_E_INVALID, "a field of %d x %d um: at most 2 m", look->field_um,
                        look->field_high_um);
    if ((unsigned)look->cloth > ATL_STITCH_CLOTH_SMOOTH)
        return atl_fail(err, ATL_E_INVALID, "cloth %d is not known", (int)look->cloth);
    if (look->fact_count > ATL_STITCH_FACTS_MAX)
        return atl_fail(err, ATL_E_INVALID, "%zu facts below the picture: at most %d",
                        look->fact_count, ATL_STITCH_FACTS_MAX);
    return check_product(look->product, err);
}

// On cloth the design is in the middle; a field that is much larger than it would make it tiny, and
// is not shown then.
static void place_on_cloth(struct stitch_scene *scene, const struct atl_plan_bounds *box)
{
    const struct atl_stitch_picture *look = scene->look;
    double wide = scene->ink_wide_um / 1000;
    double high = scene->ink_high_um / 1000;
    double view_w = fmax(fmax(wide, high * 0.8), VIEW_LOW_MM);
    double view_h = high;
    double middle_x = (box->left_dmm + box->right_dmm) / 20.0;
    double middle_y = (box->bottom_dmm + box->top_dmm) / 20.0;
    double field_w = look->field_um / 1000.0;
    double field_h = look->field_high_um / 1000.0;

    scene->shows_field = field_w >= wide && field_h >= high && field_w > 0 && field_h > 0 &&
                         field_w <= FIELD_WIDE * view_w &&
                         field_h <= fmax(FIELD_HIGH * high, FIELD_FLAT * field_w);
    if (scene->shows_field) {
        view_w = field_w;
        view_h = field_h;
        middle_x = middle_y = 0;
    }
    scene->px_per_mm =
        scene->width * (1 - 2 * (scene->shows_field ? MARGIN + 0.01 : MARGIN)) / view_w;
    scene->cloth =
        round(fmax(view_h * scene->px_per_mm + 2 * MARGIN * scene->width, scene->width * 0.36));
    scene->x = round(scene->width / 2) - middle_x * scene->px_per_mm;
    scene->y = round(scene->cloth / 2) + middle_y * scene->px_per_mm;
    scene->cloth_rgb = look->fabric_rgb;
}

static void place_on_product(struct stitch_scene *scene)
{
    const struct atl_stitch_product *product = scene->look->product;
    double scale = scene->width / product->picture->width_px;

    scene->px_per_mm = product->px_per_mm * scale;
    scene->cloth = fmax(1, round(product->picture->height_px * scale));
    scene->x = product->x_px * scale;
    scene->y = product->y_px * scale;
    scene->cloth_rgb = stitch_cloth_mean(product->picture);
    scene->shows_field = scene->look->field_um > 0 && scene->look->field_high_um > 0;
}

static struct proof_box around(const struct stitch_scene *scene, double left_mm, double bottom_mm,
                               double right_mm, double top_mm)
{
    return (struct proof_box){
        scene->x + left_mm * scene->px_per_mm,
        scene->y - top_mm * scene->px_per_mm,
        scene->x + right_mm * scene->px_per_mm,
        scene->y - bottom_mm * scene->px_per_mm,
    };
}

atl_code stitch_scene_of(const struct atl_plan *plan, const struct atl_stitch_picture *look,
                         struct stitch_scene *scene, struct atl_error *err)
{
    struct atl_plan_bounds box = atl_plan_bounds(plan);
    double field_w = look->field_um / 2000.0;
    double field_h = look->field_high_um / 2000.0;
    atl_code rc = check_look(plan, look, err);

    if (rc)
        return rc;
    *scene = (struct stitch_scene){
        .plan = plan,
        .look = look,
        .threads = look->threads,
        .width = look->width_px ? look->width_px : ATL_STITCH_PICTURE_PX,
        .ink_wide_um = (box.right_dmm - box.left_dmm) * 100.0,
        .ink_high_um = (box.top_dmm - box.bottom_dmm) * 100.0,
    };
    scene->unit = scene->width / 1000;
    if (look->product)
        place_on_product(scene);
    else
        place_on_cloth(scene, &box);
    scene->height = scene->cloth;
    scene->ink = around(scene, box.left_dmm / 10.0, box.bottom_dmm / 10.0, box.right_dmm / 10.0,
                        box.top_dmm / 10.0);
    scene->field = around(scene, -field_w, -field_h, field_w, field_h);
    if (scene->px_per_mm > PX_PER_MM_MAX)
        return atl_fail(
            err, ATL_E_INVALID,
            "the picture would have %.0f pixels a mm: make it narrower than %.0f pixels",
            scene->px_per_mm, scene->width * PX_PER_MM_MAX / scene->px_per_mm);
    if (scene->cloth > ATL_PICTURE_SIDE_MAX - 600)
        return atl_fail(err, ATL_E_INVALID,
                        "the picture would be %.0f pixels high: make it narrower", scene->cloth);
    return ATL_OK;
}

struct stitch_pieces stitch_pieces(const struct stitch_scene *scene)
{
    return (struct stitch_pieces){.scene = scene};
}

bool stitch_pieces_next(struct stitch_pieces *pieces, struct stitch_piece *piece)
{
    const struct stitch_scene *scene = pieces->scene;

    while (pieces->at < scene->plan->count) {
        const struct atl_stitch *act = &scene->plan->acts[pieces->at++];
        double x = scene->x + act->x_dmm / 10.0 * scene->px_per_mm;
        double y = scene->y - act->y_dmm / 10.0 * scene->px_per_mm;
        bool has_thread = pieces->holds_thread;

        if (act->act == ATL_ACT_JUMP)
            continue;
        pieces->holds_thread = act->act == ATL_ACT_STITCH;
        pieces->block += act->act == ATL_ACT_COLOUR;
        if (act->act != ATL_ACT_STITCH)
            continue;
        *piece = (struct stitch_piece){pieces->x, pieces->y, x, y, pieces->block};
        pieces->x = x;
        pieces->y = y;
        if (has_thread)
            return true;
    }
    return false;
}

static void draw_marks(const struct stitch_scene *scene, cairo_t *cr)
{
    const struct proof_marks marks = {
        .cr = cr,
        .unit = scene->unit,
        .width = scene->width,
        .height = scene->cloth,
        .cloth_rgb = scene->cloth_rgb,
        .decimal_mark = scene->look->decimal_mark,
        .field = scene->shows_field ? &scene->field : NULL,
    };

    if (scene->shows_field)
        proof_marks_border(&marks);
    if (scene->shows_field && scene->look->has_measures)
        proof_marks_field(&marks, scene->look->field_um, scene->look->field_high_um);
    if (scene->look->has_measures)
        proof_marks_measures(&marks, &scene->ink, scene->ink_wide_um, scene->ink_high_um);
}

static atl_code draw_all(const struct stitch_scene *scene, const struct stitch_card *card,
                         cairo_surface_t *surface, struct atl_error *err)
{
    struct stitch_layer thread = {0};
    cairo_t *cr;
    atl_code rc = stitch_thread_draw(scene, &thread, err);

    if (rc)
        return rc;
    stitch_cloth_draw(scene, surface);
    cr = cairo_create(surface);
    draw_marks(scene, cr);
    if (scene->height > scene->cloth) {
        proof_paper(cr, scene->cloth, scene->width, scene->height);
        stitch_card_draw(scene, card, cr);
    }
    cairo_destroy(cr);
    rc = stitch_cloth_lay(&thread, scene->px_per_mm, surface, err);
    free(thread.pixels);
    return rc;
}

atl_code stitch_scene_threads(struct stitch_scene *scene, struct atl_stitch_thread **made,
                              struct atl_error *err)
{
    const struct atl_plan *plan = scene->plan;

    *made = NULL;
    if (scene->threads)
        return ATL_OK;
    *made = calloc(plan->thread_count, sizeof **made);
    if (!*made)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for the threads of a picture");
    for (size_t i = 0; i < plan->thread_count; i++)
        (*made)[i].rgb = plan->threads[i].rgb;
    scene->threads = *made;
    return ATL_OK;
}

atl_code atl_stitch_picture_draw(const struct atl_plan *plan, const struct atl_stitch_picture *look,
                                 struct atl_picture *out, struct atl_error *err)
{
    struct atl_stitch_thread *threads = NULL;
    struct stitch_scene scene;
    struct stitch_card card;
    cairo_surface_t *surface;
    atl_code rc = stitch_scene_of(plan, look, &scene, err);

    if (!rc)
        rc = stitch_scene_threads(&scene, &threads, err);
    if (rc)
        return rc;
    stitch_card_fill(&scene, &card);
    scene.height += stitch_card_height(&card, scene.unit);
    surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)scene.width, (int)scene.height);
    if (cairo_surface_status(surface))
        rc = atl_fail(err, ATL_E_NOMEM, "out of memory for a picture of %.0f x %.0f pixels",
                      scene.width, scene.height);
    if (!rc)
        rc = draw_all(&scene, &card, surface, err);
    if (!rc)
        rc = proof_take(surface, out, err);
    cairo_surface_destroy(surface);
    free(threads);
    return rc;
}
