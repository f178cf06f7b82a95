// SPDX-License-Identifier: Apache-2.0
// The picture of a stitch plan that a guest signs: each stitch a short cylinder of thread, lit
// along its direction as rayon is, in the order of sewing, on cloth or on a picture of the product,
// at true proportions. The caller draws the plan that it read back from the written file, so that
// what is signed is what will be sewn.
//
// No words of its own: what is written below the cloth comes from the caller, in the guest's
// language. The same plan and look give the same picture. [one-thread]
#ifndef ATL_RENDER_STITCH_PICTURE_H
#define ATL_RENDER_STITCH_PICTURE_H

#include "plugin/core/buf.h"
#include "plugin/render/bitmap.h"
#include "plugin/stitch/plan.h"

enum {
    ATL_STITCH_PICTURE_MIN_PX = 240,
    ATL_STITCH_PICTURE_MAX_PX = 4096,
    ATL_STITCH_PICTURE_PX = 900, // a good width for a till's or a phone's screen
    ATL_STITCH_FACTS_MAX = 6,
};

// A thread as the picture shows it. DST and EXP name no threads, so the caller says them.
struct atl_stitch_thread {
    uint32_t rgb;
    const char *words; // "Madeira 1147, Christmas Red"; "" or NULL leaves it out of the card
};

enum atl_stitch_cloth {
    ATL_STITCH_CLOTH_WEAVE,  // canvas, cotton
    ATL_STITCH_CLOTH_KNIT,   // jersey
    ATL_STITCH_CLOTH_SMOOTH, // leather, fleece: hardly any structure
};

// A photograph or drawing of the product, and where the design lies on it.
struct atl_stitch_product {
    const struct atl_picture *picture; // borrowed
    double x_px, y_px;                 // of the plan's 0,0, in the picture's own pixels
    double px_per_mm;                  // of the picture; > 0
};

// Colours are 0xRRGGBB, texts UTF-8. A text that is NULL or "" is left out; without any text there
// is no card below the cloth. All 0 but fabric_rgb is a good look.
struct atl_stitch_picture {
    uint32_t width_px;                        // the height follows; 0: ATL_STITCH_PICTURE_PX
    uint32_t fabric_rgb;                      // of the cloth; where there is no product's picture
    enum atl_stitch_cloth cloth;              // its structure
    const struct atl_stitch_product *product; // NULL: plain cloth
    int32_t field_um, field_high_um;          // outline of what can be sewn, around 0,0; 0: none
    const struct atl_stitch_thread *threads;  // one a block of colour; NULL: those of the plan
    size_t thread_count;
    bool has_measures;                       // width and height in mm beside the stitches
    char decimal_mark;                       // '.' or ','; 0: '.'
    const char *title;                       // "Tote bag"
    const char *place;                       // "front, centre"
    const char *facts[ATL_STITCH_FACTS_MAX]; // "62.4 × 15.1 mm", "2,310 stitches", "4 min"
    size_t fact_count;
    const char *mark; // "Sewn from the file you sign"
};

// *out is the caller's to free, and unchanged on failure. ATL_E_INVALID: the plan sews nothing, has
// more blocks of colour than threads, or the look makes no sense.
ATL_MUST_USE atl_code atl_stitch_picture_draw(const struct atl_plan *plan,
                                              const struct atl_stitch_picture *look,
                                              struct atl_picture *out, struct atl_error *err);

// For the work tag: black and white, width_dots wide, the design, the field's border and the
// measures; no texts, no colours.
ATL_MUST_USE atl_code atl_stitch_picture_draw_tag(const struct atl_plan *plan,
                                                  const struct atl_stitch_picture *look,
                                                  uint32_t width_dots, struct atl_bitmap *out,
                                                  struct atl_error *err);

// Appends an SVG file of the same geometry, in which texts are texts; it refers to nothing outside
// itself (so the product's picture is not in it, its average colour is).
ATL_MUST_USE atl_code atl_stitch_picture_svg(const struct atl_plan *plan,
                                             const struct atl_stitch_picture *look,
                                             struct atl_buf *out, struct atl_error *err);

#endif
