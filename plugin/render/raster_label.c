// SPDX-License-Identifier: Apache-2.0
// A label: boxes in their places. Each box is drawn like a paper of its own width; what does not
// fit is made smaller, left out or refused, as the box says.
#include "plugin/render/bitmap.h"
#include "plugin/render/raster_parts.h"

enum {
    LETTER_UM_MIN = 1700, // 4.8 points: smaller ones are not read on thermal paper
    SHRINK_PERCENT = 92,
};

// Rows of one box below each other.
struct stack {
    struct atl_bitmap bitmap; // as large as the box
    uint32_t used_dots;
    bool is_over; // something had no room
};

static struct raster_grid grid_of_box(const struct atl_page *page, const struct atl_box *box,
                                      uint32_t dpi, enum atl_fit fit, double size)
{
    struct raster_grid grid = raster_grid_of(page, raster_dots(box->width_um, dpi), dpi);

    grid.em_dots *= size;
    grid.column_dots = (uint32_t)(grid.column_dots * size);
    grid.column_dots = grid.column_dots ? grid.column_dots : 1;
    grid.columns = grid.width_dots / grid.column_dots;
    grid.columns = grid.columns ? grid.columns : 1;
    grid.fit = fit;
    grid.is_alone = box->row_count == 1;
    return grid;
}

static bool is_cuttable(const struct atl_row *row)
{
    return row->kind == ATL_ROW_TEXT || row->kind == ATL_ROW_RULE || row->kind == ATL_ROW_FEED;
}

static atl_code add_row(struct atl_raster *raster, const struct atl_page *page,
                        const struct atl_row *row, struct raster_grid *grid, struct stack *stack,
                        struct atl_error *err)
{
    const uint32_t left = stack->bitmap.height_dots - stack->used_dots;
    struct atl_bitmap drawn = {0};
    atl_code rc;

    grid->height_dots = left ? left : 1;
    rc = raster_draw(raster, page, row, grid, &drawn, err);
    if (rc)
        return rc;
    if (drawn.height_dots > left) {
        stack->is_over = true;
        if (grid->fit == ATL_FIT_CLIP && !is_cuttable(row))
            rc = atl_fail(err, ATL_E_INVALID, "a code or picture has no room in it");
        else if (grid->fit == ATL_FIT_CLIP && !stack->used_dots)
            rc = atl_fail(err, ATL_E_INVALID, "it is lower than one line of its text");
    } else {
        atl_bitmap_blit(&stack->bitmap, 0, stack->used_dots, &drawn);
        stack->used_dots += drawn.height_dots;
    }
    atl_bitmap_free(&drawn);
    return rc;
}

// *stack is made anew; the caller frees its bitmap, on failure too.
static atl_code stack_rows(struct atl_raster *raster, const struct atl_page *page,
                           const struct atl_box *box, uint32_t dpi, enum atl_fit fit, double size,
                           struct stack *stack, struct atl_error *err)
{
    struct raster_grid grid = grid_of_box(page, box, dpi, fit, size);
    atl_code rc;

    *stack = (struct stack){.used_dots = 0};
    if (!grid.width_dots)
        return atl_fail(err, ATL_E_INVALID, "it has no width");
    rc = atl_bitmap_init(&stack->bitmap, grid.width_dots, raster_dots(box->height_um, dpi), err);
    for (size_t i = 0; !rc && i < box->row_count && !stack->is_over; i++)
        rc = add_row(raster, page, &box->rows[i], &grid, stack, err);
    return rc;
}

// How many times the ordinary letter the smallest letters of a row are; 8 when it has none.
static unsigned least_scale(const struct atl_row *row)
{
    unsigned least = 8;

    for (size_t i = 0; i < row->cell_count; i++) {
        for (size_t k = 0; k < row->cells[i].span_count; k++) {
            const uint8_t scale = row->cells[i].spans[k].scale_y;

            least = scale && scale < least ? scale : least;
        }
    }
    return least;
}

// How much smaller the box's letters may become: its smallest ones have to be read.
static double smallest(const struct atl_page *page, const struct atl_box *box)
{
    double own = page->font_um ? page->font_um : RASTER_FONT_UM;
    unsigned least = 8;

    for (size_t i = 0; i < box->row_count; i++) {
        const unsigned scale = least_scale(&box->rows[i]);

        least = scale < least ? scale : least;
    }
    own *= least;
    return own > LETTER_UM_MIN ? LETTER_UM_MIN / own : 1;
}

static atl_code fail_over(const struct atl_box *box, struct atl_error *err)
{
    const char *cure = box->fit == ATL_FIT_SHRINK
                           ? "even in the smallest letters that can be read: a larger box, or "
                             "{…; fit: shrink clip}"
                           : "a larger box, smaller letters, or {…; fit: shrink}";

    return atl_fail(err, ATL_E_INVALID, "its text does not fit into %u.%u x %u.%u mm, %s",
                    box->width_um / 1000, box->width_um % 1000 / 100, box->height_um / 1000,
                    box->height_um % 1000 / 100, cure);
}

static atl_code fill_box(struct atl_raster *raster, const struct atl_page *page,
                         const struct atl_box *box, uint32_t dpi, struct stack *stack,
                         struct atl_error *err)
{
    const bool is_shrinking = box->fit == ATL_FIT_SHRINK || box->fit == ATL_FIT_SHRINK_CLIP;
    const enum atl_fit fit = is_shrinking ? ATL_FIT_SHRINK : box->fit;
    const double least = smallest(page, box);
    double size = 1;
    atl_code rc = stack_rows(raster, page, box, dpi, fit, size, stack, err);

    while (!rc && stack->is_over && is_shrinking && size > least) {
        size = size * SHRINK_PERCENT / 100;
        size = size < least ? least : size;
        atl_bitmap_free(&stack->bitmap);
        rc = stack_rows(raster, page, box, dpi, fit, size, stack, err);
    }
    if (!rc && stack->is_over && box->fit == ATL_FIT_SHRINK_CLIP) {
        atl_bitmap_free(&stack->bitmap);
        return stack_rows(raster, page, box, dpi, ATL_FIT_CLIP, size, stack, err);
    }
    if (!rc && stack->is_over && box->fit != ATL_FIT_CLIP)
        rc = fail_over(box, err);
    return rc;
}

static uint32_t valign_of(const struct atl_box *box, const struct stack *stack)
{
    const uint32_t left = stack->bitmap.height_dots - stack->used_dots;

    switch (box->valign) {
    case ATL_VALIGN_TOP:
        return 0;
    case ATL_VALIGN_MIDDLE:
        return left / 2;
    case ATL_VALIGN_BOTTOM:
        return left;
    }
    return 0;
}

static atl_code draw_boxes(struct atl_raster *raster, const struct atl_page *page,
                           const struct atl_row *row, uint32_t dpi, struct atl_bitmap *label,
                           struct atl_error *err)
{
    for (size_t i = 0; i < row->box_count; i++) {
        const struct atl_box *box = &row->boxes[i];
        struct stack stack;
        atl_code rc = fill_box(raster, page, box, dpi, &stack, err);

        if (!rc)
            atl_bitmap_blit(label, raster_dots(box->x_um, dpi),
                            raster_dots(box->y_um, dpi) + valign_of(box, &stack), &stack.bitmap);
        atl_bitmap_free(&stack.bitmap);
        if (rc)
            return atl_wrap(err, rc, "box %zu at %u.%u, %u.%u mm", i + 1, box->x_um / 1000,
                            box->x_um % 1000 / 100, box->y_um / 1000, box->y_um % 1000 / 100);
    }
    return ATL_OK;
}

// The label in the middle of what the printer prints, which may be wider or narrower.
static atl_code centre(const struct atl_bitmap *label, uint32_t width_dots, uint32_t dpi,
                       struct atl_bitmap *out, struct atl_error *err)
{
    const int32_t x = ((int32_t)label->width_dots - (int32_t)width_dots) / 2;
    struct atl_bitmap made = {0};
    atl_code rc = atl_bitmap_init(&made, width_dots, label->height_dots, err);

    if (rc)
        return rc;
    if (!atl_bitmap_window(label, x, 0, &made)) {
        atl_bitmap_free(&made);
        return atl_fail(err, ATL_E_INVALID,
                        "the label is %u mm wide, and this printer prints %u mm: its boxes reach "
                        "beyond that; load larger labels, or take a template of that width",
                        label->width_dots * 254 / dpi / 10, width_dots * 254 / dpi / 10);
    }
    *out = made;
    return ATL_OK;
}

atl_code raster_boxes(struct atl_raster *raster, const struct atl_page *page,
                      const struct atl_row *row, const struct raster_grid *grid,
                      struct atl_bitmap *out, struct atl_error *err)
{
    struct atl_bitmap label = {0};
    atl_code rc = atl_bitmap_init(&label, raster_dots(page->width_um, grid->dpi),
                                  raster_dots(row->height_um, grid->dpi), err);

    if (!rc)
        rc = draw_boxes(raster, page, row, grid->dpi, &label, err);
    if (!rc)
        rc = centre(&label, grid->width_dots, grid->dpi, out, err);
    atl_bitmap_free(&label);
    return rc;
}
