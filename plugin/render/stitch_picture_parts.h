// SPDX-License-Identifier: Apache-2.0
// What the files of the picture of stitches share; nobody else includes it.
#ifndef ATL_RENDER_STITCH_PICTURE_PARTS_H
#define ATL_RENDER_STITCH_PICTURE_PARTS_H

#include "plugin/render/proof_parts.h"
#include "plugin/render/stitch_picture.h"

// Where everything is, in pixels, y downwards.
struct stitch_scene {
    const struct atl_plan *plan;
    const struct atl_stitch_picture *look;
    const struct atl_stitch_thread *threads; // one a block of colour
    double px_per_mm;
    double x, y; // of the plan's 0,0
    double width, cloth, height;
    double unit;          // a thousandth of the width
    struct proof_box ink; // of the needle points
    struct proof_box field;
    bool shows_field;
    double ink_wide_um, ink_high_um;
    uint32_t cloth_rgb;
};

// A piece of thread that lies on the cloth: from needle point to needle point, also where the frame
// moved between them and the thread was not cut.
struct stitch_piece {
    double x1, y1, x2, y2; // pixels
    size_t block;
};
struct stitch_pieces {
    const struct stitch_scene *scene;
    size_t at;
    size_t block;
    bool holds_thread;
    double x, y;
};
struct stitch_pieces stitch_pieces(const struct stitch_scene *scene);
bool stitch_pieces_next(struct stitch_pieces *pieces, struct stitch_piece *piece);

#define STITCH_THREAD_MM 0.40 // of the usual thread, No. 40, as it lies on cloth

// A picture with transparency, ARGB premultiplied, of a part of the scene.
struct stitch_layer {
    int left, top, width, height;
    uint32_t *pixels; // owned
};
// The thread alone. *out is freed with free(out->pixels).
ATL_MUST_USE atl_code stitch_thread_draw(const struct stitch_scene *scene, struct stitch_layer *out,
                                         struct atl_error *err);
// How light a piece of thread is by its direction, 0 (dull) to 1 (the light runs along it), and
// where along it (0..1) it shines most.
double stitch_thread_shine(const struct stitch_piece *piece, double *along);
// The thread's colour under so much light; 1 is the colour of the chart.
uint32_t stitch_thread_lit(uint32_t rgb, double light);

// The cloth, or the product's picture.
void stitch_cloth_draw(const struct stitch_scene *scene, cairo_surface_t *surface);
uint32_t stitch_cloth_mean(const struct atl_picture *picture);
// Lays the thread on it, with the shadow that it throws.
ATL_MUST_USE atl_code stitch_cloth_lay(const struct stitch_layer *thread, double px_per_mm,
                                       cairo_surface_t *surface, struct atl_error *err);

// The card: rows of text, left and right.
struct stitch_card_row {
    const char *text;
    uint32_t rgb;    // of a thread's swatch
    bool has_swatch; // only on the right
    bool is_title;
    bool is_pale;
};
enum { STITCH_CARD_ROWS_MAX = ATL_STITCH_FACTS_MAX + 4 };
struct stitch_card {
    struct stitch_card_row left[STITCH_CARD_ROWS_MAX], right[STITCH_CARD_ROWS_MAX];
    size_t left_count, right_count;
    char joined[512]; // the facts, in one row
};
void stitch_card_fill(const struct stitch_scene *scene, struct stitch_card *card);
double stitch_card_height(const struct stitch_card *card, double unit); // 0: nothing is on it
double stitch_card_row_y(const struct stitch_scene *scene, size_t row);
void stitch_card_draw(const struct stitch_scene *scene, const struct stitch_card *card,
                      cairo_t *cr);

// Judges plan and look and says where everything is. The card's height is added by the caller.
ATL_MUST_USE atl_code stitch_scene_of(const struct atl_plan *plan,
                                      const struct atl_stitch_picture *look,
                                      struct stitch_scene *scene, struct atl_error *err);
// The plan's own threads where the look names none: *made is freed with free().
ATL_MUST_USE atl_code stitch_scene_threads(struct stitch_scene *scene,
                                           struct atl_stitch_thread **made, struct atl_error *err);

#endif
