// SPDX-License-Identifier: Apache-2.0
// What the files of the proof and of the picture of stitches share; nobody else includes it.
#ifndef ATL_RENDER_PROOF_PARTS_H
#define ATL_RENDER_PROOF_PARTS_H

#include "plugin/render/proof.h"
#include "plugin/render/proof_font.h"

#include <cairo.h>
#include <pango/pangocairo.h>

enum {
    PROOF_UM = 10,            // one unit of the layout
    PROOF_LINE_PERCENT = 170, // baseline to baseline, of the capital's height
};

// A rectangle in micrometres, y downwards; 0, 0 is the left end of the first baseline.
struct proof_box {
    double left, top, right, bottom;
};

// The words set in their font, measured, not yet on any picture.
struct proof_text {
    struct proof_font font;
    PangoFontMap *fonts;
    PangoContext *context;
    PangoLayout *lines[ATL_PROOF_LINES_MAX]; // empty ones are left out
    size_t count;
    struct proof_box ink;
};

// Sets and measures. verdict is READY, NO_GLYPH (with *letter) or EMPTY; only then the text is
// complete. Ended with proof_text_free() in any case.
ATL_MUST_USE atl_code proof_text_set(const struct atl_proof_request *request,
                                     struct proof_text *text, enum atl_proof_verdict *verdict,
                                     uint32_t *letter, struct atl_error *err);
void proof_text_free(struct proof_text *text);

// "84.2 mm", in the reader's decimals.
void proof_mm(double um, char decimal_mark, char *out, size_t size);

void proof_set_rgb(cairo_t *cr, uint32_t rgb, double alpha);
double proof_lightness(uint32_t rgb); // 0..1

// A line of small text of the picture itself. Draws it at x (left, centre or right of it by
// align -1, 0, 1) with its middle on y, at most max_width wide; returns the width.
struct proof_label {
    const char *text;
    const char *font; // with its size in pixels
    double x, y;
    int align;
    double max_width;
    double spacing; // between letters, pixels
};
double proof_label(cairo_t *cr, const struct proof_label *label);
double proof_label_width(cairo_t *cr, const struct proof_label *label); // draws nothing
void proof_font_name(const char *family, double px, char *out,
                     size_t cap); // "Liberation Sans 19px"

// What is written on the cloth beside the words, in pixels; `unit` is a thousandth of the width.
struct proof_marks {
    cairo_t *cr;
    double unit;
    double width, height; // of the cloth: nothing is written beyond it
    uint32_t cloth_rgb; // the marks are dark on light cloth and light on dark
    char decimal_mark;
    const struct proof_box *field; // NULL: none is drawn
};
// The field as a running stitch.
void proof_marks_border(const struct proof_marks *marks);
// Its measures, above its upper edge.
void proof_marks_field(const struct proof_marks *marks, double wide_um, double high_um);
// Width and height of the ink, like a tailor's: beside it, or beyond the field where they would lie
// on its border. Where the height has no room beside its line it is written along it.
void proof_marks_measures(const struct proof_marks *marks, const struct proof_box *ink,
                          double wide_um, double high_um);

// The card below the cloth, from `top` on, and the colours of what is written on it.
enum { PROOF_PAPER = 0xfbfaf7, PROOF_INK = 0x2b2723, PROOF_PALE_INK = 0x8b857d };
enum { PROOF_HAIRLINE = 0xded9d0 };
void proof_paper(cairo_t *cr, double top, double width, double height);
void proof_swatch(cairo_t *cr, double x, double y, double unit, uint32_t rgb);

// A finished surface as a picture, which is the caller's to free.
ATL_MUST_USE atl_code proof_take(cairo_surface_t *surface, struct atl_picture *picture,
                                 struct atl_error *err);

#endif
