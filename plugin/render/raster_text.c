// SPDX-License-Identifier: Apache-2.0
// A row of text: one Pango layout a cell, wrapped inside the cell's columns, first lines on one
// baseline. Lines are placed here and not by Pango, so that left is left on a ticket of any script.
#include "plugin/render/bitmap.h"
#include "plugin/render/raster_parts.h"

#include <math.h>
#include <string.h>

enum {
    CELL_TEXT_MAX = 4096,
    AIR_DOTS = 2,
    INVERT_AIR_DOTS = 4,
    SHRINK_STEPS = 6,
    BALANCE_STEPS = 7,
    DASH_LEN = 3
};

// A word of a box that shrinks becomes smaller than the rest of its box down to this.
static const double LEAST_OF_WORD = 0.6;

struct cell_box {
    PangoLayout *layout;
    const struct atl_cell *cell;
    uint32_t x;          // of the cell on the paper
    uint32_t width_dots; // of the cell
    double stretch;      // horizontal, of everything in it
    int ascent;          // of the first line, dots
    int height;          // dots
    int top;             // where the cell's first line begins in the row
};

static int dots_up(int pango_units)
{
    return (pango_units + PANGO_SCALE - 1) / PANGO_SCALE;
}

static unsigned scale_of(uint8_t scale)
{
    return scale < 1 ? 1 : scale > 8 ? 8 : scale;
}

// Sets the context to the page's font and language, which seldom change.
static void use_fonts_of(struct atl_raster *raster, const struct atl_page *page)
{
    const char *family = page->font ? page->font : "sans";
    const char *language = page->language ? page->language : "en";
    PangoFontDescription *desc;

    if (strcmp(raster->family, family) == 0 && strcmp(raster->language, language) == 0)
        return;
    desc = pango_font_description_from_string(family);
    pango_font_description_unset_fields(desc, PANGO_FONT_MASK_SIZE);
    pango_context_set_font_description(raster->context, desc);
    pango_font_description_free(desc);
    pango_context_set_language(raster->context, pango_language_from_string(language));
    g_strlcpy(raster->family, family, sizeof raster->family);
    g_strlcpy(raster->language, language, sizeof raster->language);
}

static void style(PangoAttrList *list, PangoAttribute *attr, guint from, guint until)
{
    attr->start_index = from;
    attr->end_index = until;
    pango_attr_list_insert(list, attr);
}

static void style_span(PangoAttrList *list, const struct atl_span *span, guint from, guint until,
                       double em_dots)
{
    double size = em_dots * scale_of(span->scale_y) * PANGO_SCALE;

    style(list, pango_attr_size_new_absolute((int)lround(size)), from, until);
    if (span->is_bold)
        style(list, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, until);
    if (span->is_underlined)
        style(list, pango_attr_underline_new(PANGO_UNDERLINE_SINGLE), from, until);
}

static atl_code check_text(const struct atl_cell *cell, struct atl_error *err)
{
    size_t len = 0;

    for (size_t i = 0; i < cell->span_count; i++) {
        len += strlen(cell->spans[i].text);
        if (!g_utf8_validate(cell->spans[i].text, -1, NULL))
            return atl_fail(err, ATL_E_INVALID, "text that is not UTF-8");
    }
    if (len > CELL_TEXT_MAX)
        return atl_fail(err, ATL_E_INVALID, "a cell of %zu bytes of text: at most %d", len,
                        CELL_TEXT_MAX);
    return ATL_OK;
}

// Whether a dash as it stands in a span of time, also in Japanese, begins here, between two digits.
static bool is_span_dash(const char *text, size_t len, size_t at)
{
    static const char dashes[][DASH_LEN + 1] = {"\u2013", "\uff5e", "\u301c"};
    bool is_dash = false;

    if (!at || at + DASH_LEN >= len || !g_ascii_isdigit(text[at - 1]) ||
        !g_ascii_isdigit(text[at + DASH_LEN]))
        return false;
    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
        is_dash |= memcmp(text + at, dashes[i], DASH_LEN) == 0;
    return is_dash;
}

// Copies text; "10:15–10:30" is one word to who reads it, so the dash between two digits gets word
// joiners around it, which have no width. Less than three times as long.
static size_t copy_joined(char *out, const char *text, size_t len)
{
    static const char joiner[] = "\u2060";
    const size_t joiner_len = sizeof joiner - 1;
    size_t used = 0;

    for (size_t i = 0; i < len; i++) {
        const bool is_begin = is_span_dash(text, len, i);
        const bool is_end = i + 1 > DASH_LEN && is_span_dash(text, len, i + 1 - DASH_LEN);

        if (is_begin)
            memcpy(out + used, joiner, joiner_len), used += joiner_len;
        out[used++] = text[i];
        if (is_end)
            memcpy(out + used, joiner, joiner_len), used += joiner_len;
    }
    return used;
}

// Text and styles of the cell, its ordinary letter em_dots high.
static void fill(PangoLayout *layout, const struct atl_cell *cell, double em_dots)
{
    PangoAttrList *list = pango_attr_list_new();
    char text[CELL_TEXT_MAX * 3];
    guint used = 0;

    for (size_t i = 0; i < cell->span_count; i++) {
        size_t len = copy_joined(text + used, cell->spans[i].text, strlen(cell->spans[i].text));

        style_span(list, &cell->spans[i], used, used + (guint)len, em_dots);
        used += (guint)len;
    }
    if (!used) { // an empty line is as high as a full one
        const struct atl_span plain = {.text = "", .scale_x = 1, .scale_y = 1};

        style_span(list, cell->span_count ? &cell->spans[0] : &plain, 0, G_MAXUINT, em_dots);
    }
    style(list, pango_attr_insert_hyphens_new(FALSE), 0, G_MAXUINT); // nobody asked for a hyphen
    pango_layout_set_text(layout, text, (int)used);
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
}

// Ordinary letters that the cell's text would take on a device that has letters of one width.
static uint32_t letters_of(const struct atl_cell *cell)
{
    uint32_t letters = 0;

    for (size_t i = 0; i < cell->span_count; i++) {
        const struct atl_span *span = &cell->spans[i];

        for (const char *at = span->text; *at; at += g_utf8_skip[(guchar)*at]) {
            gunichar c = g_utf8_get_char(at);
            uint32_t width = g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;

            letters += width * scale_of(span->scale_x);
        }
    }
    return letters;
}

static int widest_line(PangoLayout *layout)
{
    int widest = 0;

    for (int i = 0; i < pango_layout_get_line_count(layout); i++) {
        PangoRectangle logical;

        pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, i), NULL, &logical);
        if (logical.width > widest)
            widest = logical.width;
    }
    return widest;
}

// What stands in the middle and wraps has lines of about one length: no word is left alone below.
static void balance(PangoLayout *layout, int room)
{
    const int lines = pango_layout_get_line_count(layout);
    int low = room / lines, high = room;

    for (int step = 0; step < BALANCE_STEPS; step++) {
        const int middle = (low + high) / 2;

        pango_layout_set_width(layout, middle);
        if (pango_layout_get_line_count(layout) == lines && widest_line(layout) <= middle)
            high = middle;
        else
            low = middle;
    }
    pango_layout_set_width(layout, high);
}

// Pango leaves out whole lines, down to one.
static int clip_height(const struct raster_grid *grid)
{
    const uint32_t air = 2 * AIR_DOTS;

    return (int)((grid->height_dots > air ? grid->height_dots - air : 1) * PANGO_SCALE);
}

// Wraps the cell's text. What fits on one line in letters of one width stays on one line here, a
// little smaller if need be, or prices would break on paper and not on another printer. A single
// letter that is wider than its columns becomes smaller, too; so does a word, in a box that
// shrinks.
static void wrap(struct cell_box *box, uint32_t columns, const struct raster_grid *grid)
{
    int room = (int)(box->width_dots * PANGO_SCALE / box->stretch);
    bool is_one_line = letters_of(box->cell) <= columns;
    bool is_clipped = grid->fit == ATL_FIT_CLIP && grid->height_dots;
    double em_dots = grid->em_dots;

    pango_layout_set_width(box->layout, is_one_line && !is_clipped ? -1 : room);
    pango_layout_set_wrap(box->layout,
                          grid->fit == ATL_FIT_SHRINK ? PANGO_WRAP_WORD : PANGO_WRAP_WORD_CHAR);
    pango_layout_set_height(box->layout, is_clipped ? clip_height(grid) : -1);
    pango_layout_set_ellipsize(box->layout,
                               is_clipped ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
    for (int step = 0; step < SHRINK_STEPS; step++) {
        int widest;

        if (grid->fit == ATL_FIT_SHRINK &&
            em_dots < grid->em_dots * LEAST_OF_WORD) { // the word is far too long: it breaks
            pango_layout_set_wrap(box->layout, PANGO_WRAP_WORD_CHAR);
            em_dots = grid->em_dots;
        }
        fill(box->layout, box->cell, em_dots);
        widest = widest_line(box->layout);
        if (widest <= room)
            break;
        em_dots *= (double)room / widest * 0.99;
    }
    if (box->cell->align == ATL_ALIGN_CENTRE && !is_clipped &&
        pango_layout_get_line_count(box->layout) > 1)
        balance(box->layout, room);
}

static PangoLayout *layout_at(struct atl_raster *raster, size_t i)
{
    if (!raster->layouts[i]) {
        raster->layouts[i] = pango_layout_new(raster->context);
        pango_layout_set_auto_dir(raster->layouts[i], TRUE);
    }
    return raster->layouts[i];
}

// Height of the cell and of its first line above the baseline.
static void measure(struct cell_box *box)
{
    PangoRectangle logical;

    pango_layout_get_extents(box->layout, NULL, &logical);
    box->height = dots_up(logical.height);
    box->ascent = dots_up(pango_layout_get_baseline(box->layout));
}

static atl_code lay_out(struct atl_raster *raster, const struct atl_row *row,
                        const struct raster_grid *grid, struct cell_box *boxes,
                        struct atl_error *err)
{
    uint32_t widths[ATL_ROW_CELLS_MAX];
    uint32_t column = 0;
    atl_code rc = atl_row_columns(row, grid->columns, widths, err);

    if (rc)
        return rc;
    for (size_t i = 0; i < row->cell_count; i++) {
        const struct atl_cell *cell = &row->cells[i];
        const struct atl_span *first = cell->span_count ? &cell->spans[0] : NULL;
        struct cell_box *box = &boxes[i];

        rc = check_text(cell, err);
        if (rc)
            return rc;
        *box = (struct cell_box){.layout = layout_at(raster, i), .cell = cell};
        box->x = column * grid->column_dots;
        box->width_dots = widths[i] * grid->column_dots;
        box->stretch = first ? (double)scale_of(first->scale_x) / scale_of(first->scale_y) : 1;
        column += widths[i];
        // The last column has the dots that are not a whole one, too.
        if (column == grid->columns)
            box->width_dots = grid->width_dots - box->x;
        wrap(box, widths[i], grid);
        measure(box);
    }
    return ATL_OK;
}

// First lines stand on one baseline. Returns the height of the row.
static int align_baselines(struct cell_box *boxes, size_t count)
{
    int ascent = 0;
    int height = 0;

    for (size_t i = 0; i < count; i++)
        ascent = boxes[i].ascent > ascent ? boxes[i].ascent : ascent;
    for (size_t i = 0; i < count; i++) {
        boxes[i].top = AIR_DOTS + ascent - boxes[i].ascent;
        if (boxes[i].top + boxes[i].height > height)
            height = boxes[i].top + boxes[i].height;
    }
    return height + AIR_DOTS;
}

static int x_of(const struct cell_box *box, int line_width)
{
    int width = (int)lround(dots_up(line_width) * box->stretch);
    int free_dots = (int)box->width_dots - width;

    if (free_dots < 0 || box->cell->align == ATL_ALIGN_LEFT)
        free_dots = 0;
    if (box->cell->align == ATL_ALIGN_CENTRE)
        free_dots /= 2;
    return (int)box->x + free_dots;
}

// Turns the parts of the line that are inverted; the rest of the row is drawn already.
static void invert_line(const struct cell_box *box, PangoLayoutLine *line, int x, int y, int height,
                        struct atl_bitmap *to)
{
    int used = 0;

    for (size_t i = 0; i < box->cell->span_count; i++) {
        const struct atl_span *span = &box->cell->spans[i];
        int from = used;
        int *ranges = NULL;
        int count = 0;

        used += (int)strlen(span->text);
        if (!span->is_inverted || from >= line->start_index + line->length ||
            used <= line->start_index)
            continue;
        pango_layout_line_get_x_ranges(line, from, used, &ranges, &count);
        for (int r = 0; r < count; r++) {
            int left = x + (int)(ranges[2 * r] * box->stretch) / PANGO_SCALE - INVERT_AIR_DOTS;
            int right = x + (int)(ranges[2 * r + 1] * box->stretch) / PANGO_SCALE + INVERT_AIR_DOTS;

            left = left < (int)box->x ? (int)box->x : left;
            atl_bitmap_invert(to, (uint32_t)left, (uint32_t)y, (uint32_t)(right - left),
                              (uint32_t)height);
        }
        g_free(ranges);
    }
}

// A line and its place on the row.
struct line_at {
    PangoLayoutLine *line;
    int x;
    int top;
    int baseline;
    int height;
};

static struct line_at line_of(const struct cell_box *box, PangoLayoutIter *iter)
{
    PangoRectangle logical;
    struct line_at at = {.line = pango_layout_iter_get_line_readonly(iter)};

    pango_layout_line_get_extents(at.line, NULL, &logical);
    at.x = x_of(box, logical.width);
    at.baseline = box->top + dots_up(pango_layout_iter_get_baseline(iter));
    pango_layout_iter_get_line_extents(iter, NULL, &logical);
    at.top = box->top + logical.y / PANGO_SCALE;
    at.height = dots_up(logical.height);
    return at;
}

static void draw_cell(cairo_t *cr, const struct cell_box *box)
{
    PangoLayoutIter *iter = pango_layout_get_iter(box->layout);

    do {
        struct line_at at = line_of(box, iter);

        cairo_save(cr);
        cairo_translate(cr, at.x, at.baseline);
        cairo_scale(cr, box->stretch, 1);
        cairo_move_to(cr, 0, 0);
        pango_cairo_show_layout_line(cr, at.line);
        cairo_restore(cr);
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
}

static void invert_cell(const struct cell_box *box, struct atl_bitmap *to)
{
    PangoLayoutIter *iter;
    bool is_inverted = false;

    for (size_t i = 0; i < box->cell->span_count; i++)
        is_inverted |= box->cell->spans[i].is_inverted;
    if (!is_inverted)
        return;
    iter = pango_layout_get_iter(box->layout);
    do {
        struct line_at at = line_of(box, iter);

        invert_line(box, at.line, at.x, at.top, at.height, to);
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
}

// cairo's A1 has the leftmost dot in the lowest bit where the machine is little-endian.
static uint8_t reversed(uint8_t byte)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    byte = (uint8_t)((byte & 0xf0) >> 4 | (byte & 0x0f) << 4);
    byte = (uint8_t)((byte & 0xcc) >> 2 | (byte & 0x33) << 2);
    byte = (uint8_t)((byte & 0xaa) >> 1 | (byte & 0x55) << 1);
#endif
    return byte;
}

void raster_take(cairo_surface_t *surface, struct atl_bitmap *to)
{
    const uint8_t *from;
    size_t stride;

    cairo_surface_flush(surface);
    from = cairo_image_surface_get_data(surface);
    stride = (size_t)cairo_image_surface_get_stride(surface);
    for (uint32_t y = 0; y < to->height_dots; y++) {
        uint8_t *row = to->bits + (size_t)y * to->row_bytes;

        for (uint32_t i = 0; i < to->row_bytes; i++)
            row[i] = reversed(from[y * stride + i]);
    }
}

static atl_code draw(const struct cell_box *boxes, size_t count, uint32_t width, uint32_t height,
                     struct atl_bitmap *out, struct atl_error *err)
{
    cairo_surface_t *surface;
    cairo_t *cr;
    atl_code rc = ATL_OK;

    surface = cairo_image_surface_create(CAIRO_FORMAT_A1, (int)width, (int)height);
    cr = cairo_create(surface);
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
    for (size_t i = 0; i < count; i++)
        draw_cell(cr, &boxes[i]);
    if (cairo_status(cr))
        rc = atl_fail(err, ATL_E_NOMEM, "drawing text: %s",
                      cairo_status_to_string(cairo_status(cr)));
    if (!rc)
        rc = atl_bitmap_init(out, width, height, err);
    if (!rc) {
        raster_take(surface, out);
        for (size_t i = 0; i < count; i++)
            invert_cell(&boxes[i], out);
    }
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return rc;
}

atl_code raster_text(struct atl_raster *raster, const struct atl_page *page,
                     const struct atl_row *row, const struct raster_grid *grid,
                     struct atl_bitmap *out, struct atl_error *err)
{
    struct cell_box boxes[ATL_ROW_CELLS_MAX];
    int height;
    atl_code rc;

    use_fonts_of(raster, page);
    rc = lay_out(raster, row, grid, boxes, err);
    if (rc)
        return rc;
    height = align_baselines(boxes, row->cell_count);
    return draw(boxes, row->cell_count, grid->width_dots, (uint32_t)height, out, err);
}
