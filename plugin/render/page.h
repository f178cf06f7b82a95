// A page: what stands on one paper, from top to bottom, before any device or font is known.
// template.h makes it; the raster (raster.h) and the drivers draw it. Everything a page points
// to belongs to the page, which template.h frees at once.
#ifndef ATL_RENDER_PAGE_H
#define ATL_RENDER_PAGE_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// One bit a dot, 1 is black; rows of row_bytes, the leftmost dot is the highest bit.
struct atl_bitmap {
    uint32_t width_dots;
    uint32_t height_dots;
    uint32_t row_bytes;
    uint8_t *bits; // owned by whoever holds the struct; free()
};

// A photograph, before anybody knows how many dots it gets: one byte a dot, 0 is black. It is
// dithered at the width that it is printed with.
struct atl_grey {
    uint32_t width_px;
    uint32_t height_px;
    const uint8_t *pixels;
    uint8_t key[32]; // hash of the pixels, so that a cache need not read them again
};

enum { ATL_ROW_CELLS_MAX = 16, ATL_BOXES_MAX = 24 };

enum atl_align {
    ATL_ALIGN_LEFT,
    ATL_ALIGN_CENTRE,
    ATL_ALIGN_RIGHT,
};

// Text of one style. One scale is the height and width of the ordinary letter.
struct atl_span {
    const char *text; // UTF-8, no controls, never NULL
    uint8_t scale_x;  // 1..8
    uint8_t scale_y;  // 1..8
    bool is_bold;
    bool is_underlined;
    bool is_inverted;
};

// One column of a row of text.
struct atl_cell {
    const struct atl_span *spans;
    size_t span_count;
    enum atl_align align;
    uint16_t columns; // ordinary letters wide; 0: shares what the others leave
};

enum atl_row_kind {
    ATL_ROW_TEXT,   // cells side by side; each wraps inside its own columns
    ATL_ROW_RULE,   // a line across the paper
    ATL_ROW_IMAGE,  // a picture, already black and white
    ATL_ROW_QR,     // a QR symbol on whole dots, with its quiet zone of 4 modules
    ATL_ROW_FEED,   // empty paper
    ATL_ROW_CUT,    // the cutter, where there is one
    ATL_ROW_DRAWER, // the cash drawer
    ATL_ROW_BARS,   // a bar code on whole dots, with its quiet zones
    ATL_ROW_BOXES,  // a label: boxes in their places on an area as wide as the page's paper
};

enum atl_bars {
    ATL_BARS_CODE128,
    ATL_BARS_EAN13,
};

// What a box does with more text than it holds. Codes and pictures are never cut: a code that does
// not fit is an error.
enum atl_fit {
    ATL_FIT_WRAP,        // an error that says both sizes
    ATL_FIT_SHRINK,      // smaller letters, down to where they can still be read; then an error
    ATL_FIT_CLIP,        // what has no room is left out
    ATL_FIT_SHRINK_CLIP, // smaller letters first, and then what has no room is left out
};

enum atl_valign {
    ATL_VALIGN_TOP,
    ATL_VALIGN_MIDDLE,
    ATL_VALIGN_BOTTOM,
};

struct atl_row;

// A place on a label, in micrometres from the upper left corner of the paper.
struct atl_box {
    uint32_t x_um;
    uint32_t y_um;
    uint32_t width_um;
    uint32_t height_um;
    enum atl_fit fit;
    enum atl_valign valign;
    const struct atl_row *rows; // TEXT, RULE, IMAGE, QR, BARS, FEED; as wide as the box
    size_t row_count;
};

enum atl_cut {
    ATL_CUT_NONE,
    ATL_CUT_PARTIAL,
    ATL_CUT_FULL,
};

struct atl_row {
    enum atl_row_kind kind;
    enum atl_align align; // IMAGE, QR

    const struct atl_cell *cells; // TEXT
    size_t cell_count;

    const struct atl_bitmap *image; // IMAGE
    const struct atl_grey *photo;   // IMAGE instead of `image`; NULL: there is none
    uint32_t image_width_um;        // IMAGE; 0: one dot of it is one dot of the paper

    const char *qr_text;   // QR; upper case and digits take the smaller alphanumeric mode
    char qr_level;         // QR: 'L' 'M' 'Q' 'H'
    uint32_t qr_module_um; // QR: no module may be smaller

    const char *bars_text;   // BARS: what a reader says; EAN-13 with its check digit
    enum atl_bars bars;      // BARS
    uint32_t bars_module_um; // BARS: no bar may be narrower
    bool has_bars_words;     // BARS: what it says stands below

    const struct atl_box *boxes; // BOXES
    size_t box_count;

    uint32_t height_um; // FEED; BARS: of the bars; BOXES: of the label
    enum atl_cut cut;   // CUT
    int drawer_pin;     // DRAWER: 2 or 5
};

struct atl_page {
    uint32_t width_um;    // of the paper: 80000, 58000; of the label: 62000
    uint32_t height_um;   // 0: a roll, and as long as its rows; else of one label
    uint32_t font_um;     // height of the ordinary letter for the raster; 0: the raster's default
    const char *font;     // family for the raster: "sans"; NULL: the raster's default
    const char *language; // BCP 47 of the words on it, for shaping; NULL: unknown
    const struct atl_row *rows;
    size_t row_count;
};

// The widths of a row's cells on a paper of `total` ordinary letters: cells without a width share
// what the others leave. Where they ask for more than there is, all give way in proportion, so that
// every cell keeps at least one column; more cells than columns are refused (ATL_E_INVALID).
// widths has cell_count elements. Native text and raster both use it. [any-thread]
ATL_MUST_USE atl_code atl_row_columns(const struct atl_row *row, uint32_t total, uint32_t *widths,
                                      struct atl_error *err);

// Draws one row for a device that cannot write it in its own letters. Drivers are handed this, so
// that they need no font library.
struct atl_rasteriser {
    void *ctx;
    // *out is the caller's to free; as wide as the paper can be printed. [one-thread]
    atl_code (*draw)(void *ctx, const struct atl_page *page, const struct atl_row *row,
                     uint32_t width_dots, uint32_t dpi, struct atl_bitmap *out,
                     struct atl_error *err);
    // Draws the whole page, for a device that prints one picture. height_dots 0: as high as it
    // gets; else the bitmap has just that height, and a page that is higher is ATL_E_INVALID.
    // NULL: rows only. *out as above. [one-thread]
    //
    // A label's boxes are measured from the edges of its paper, and a printer prints less than
    // that: what is missing is missing on both sides alike. Where a dot would be lost, the label is
    // refused (ATL_E_INVALID).
    atl_code (*draw_page)(void *ctx, const struct atl_page *page, uint32_t width_dots,
                          uint32_t height_dots, uint32_t dpi, struct atl_bitmap *out,
                          struct atl_error *err);
};

#endif
