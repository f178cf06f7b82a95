// SPDX-License-Identifier: Apache-2.0
// One line of ReceiptLine becomes rows: columns divided by '|', aligned by the spaces around their
// text; " bold, _ underlined, ` inverted, ^ larger; a line of - is a rule, one of = cuts.
// Grammar: OFSC ReceiptLine. Where it drops what it cannot read, we refuse it, when loading.
#include "plugin/core/text.h"
#include "plugin/render/template_inner.h"

#include <string.h>

static const char TEXT_ESCAPES[] = "\\|{}-=~_\"`^";

struct column {
    const char *text; // without the spaces around it
    size_t len;
    enum atl_align align;
};

struct columns {
    struct column at[ATL_TEMPLATE_COLUMNS_MAX];
    size_t count;
};

void atl_template_layout_init(struct atl_template_layout *layout, const struct atl_template *tmpl,
                              struct atl_arena *arena)
{
    *layout = (struct atl_template_layout){
        .tmpl = tmpl,
        .arena = arena,
        .is_width_auto = true,
        .align = ATL_ALIGN_CENTRE,
        .loose = ATL_ALIGN_CENTRE,
        .border = 1,
        .columns = tmpl->columns,
        .width_um = tmpl->columns * ATL_TEMPLATE_COLUMN_UM,
        .code = {.qr_level = 'L'},
    };
    atl_buf_init(&layout->rows, ATL_TEMPLATE_ROWS_MAX * sizeof(struct atl_row));
}

void atl_template_layout_free(struct atl_template_layout *layout)
{
    atl_buf_free(&layout->rows);
}

atl_code atl_template_row(struct atl_template_layout *layout, const struct atl_row *row,
                          struct atl_error *err)
{
    if (layout->tmpl->height_um && !layout->box_count)
        return atl_template_fail(err, layout->tmpl, layout->line,
                                 "on a label everything stands in a box, as in "
                                 "{box: 3, 3, 40, 12}");
    if (layout->box_count && (row->kind == ATL_ROW_CUT || row->kind == ATL_ROW_DRAWER))
        return atl_template_fail(err, layout->tmpl, layout->line,
                                 "a label has no cut and no drawer: it ends where it ends");
    atl_buf_add(&layout->rows, row, sizeof *row);
    if (layout->rows.failed)
        return atl_fail(err, ATL_E_NOMEM, "%s: the paper would have more than %d rows",
                        layout->tmpl->name, ATL_TEMPLATE_ROWS_MAX);
    layout->row_count++;
    if (layout->box_count)
        layout->boxes[layout->box_count - 1].row_count++;
    return ATL_OK;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

// The next unescaped '|', or the end.
static const char *find_bar(const char *at, const char *end)
{
    for (; at < end && *at != '|'; at++) {
        if (*at == '\\' && at + 1 < end)
            at++;
    }
    return at;
}

// Spaces on one side push the text to the other; on both sides or none, into the middle.
static struct column make_column(const char *text, const char *end, bool is_led, bool is_trailed)
{
    struct column column = {.align = ATL_ALIGN_CENTRE};

    is_led |= text < end && is_space(*text);
    is_trailed |= text < end && is_space(end[-1]);
    if (is_led != is_trailed)
        column.align = is_led ? ATL_ALIGN_RIGHT : ATL_ALIGN_LEFT;
    while (text < end && is_space(*text))
        text++;
    while (text < end && is_space(end[-1]))
        end--;
    column.text = text;
    column.len = (size_t)(end - text);
    return column;
}

// Bars at the very left and right may be left out; that side then counts as a space, unless the
// text already has its space on the other side.
static atl_code split(const struct atl_template_layout *layout, const char *text, const char *end,
                      struct columns *out, struct atl_error *err)
{
    const char *bar = find_bar(text, end), *next;
    bool is_open = bar == text; // begins with a bar
    bool has_bar = bar < end;

    if (is_open && has_bar)
        text++;
    for (out->count = 0;; text = next + 1) {
        bool is_first = out->count == 0, is_last;
        bool led = false, trailed = false;

        next = find_bar(text, end);
        is_last = next == end;
        if (is_last && text == end && !is_first)
            return ATL_OK; // ended with a bar
        if (out->count == ATL_TEMPLATE_COLUMNS_MAX)
            return atl_template_fail(err, layout->tmpl, layout->line,
                                     "more than %d columns; for the sign itself write \\|",
                                     ATL_TEMPLATE_COLUMNS_MAX);
        if (has_bar && is_first && !is_open)
            led = next > text && !is_space(next[-1]);
        if (has_bar && is_last)
            trailed = text < end && !is_space(*text);
        out->at[out->count++] = make_column(text, next, led, trailed);
        if (is_last)
            return ATL_OK;
    }
}

static bool is_all(const struct column *column, char c)
{
    for (size_t i = 0; i < column->len; i++) {
        if (column->text[i] != c)
            return false;
    }
    return column->len > 0;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// \xHH is a code point, not a byte. Returns the characters taken, 0 when it is wrong.
static size_t unescape_hex(const char *text, size_t len, struct atl_buf *out)
{
    char utf8[4];
    int high = len > 2 ? hex(text[2]) : -1, low = len > 3 ? hex(text[3]) : -1;
    uint32_t c = high < 0 || low < 0 ? 0 : (uint32_t)(high * 16 + low);

    if (c < 0x20 || (c >= 0x7F && c < 0xA0))
        return 0;
    atl_buf_add(out, utf8, atl_text_encode(c, utf8));
    return 4;
}

atl_code atl_template_unescape(const struct atl_template_layout *layout, const char *text,
                               size_t len, const char *literal, struct atl_buf *out,
                               struct atl_error *err)
{
    for (size_t i = 0, taken; i < len; i += taken) {
        taken = 1;
        if (text[i] == ATL_MARK_VALUE)
            continue;
        if (text[i] == ATL_MARK_IMAGE)
            return atl_template_fail(err, layout->tmpl, layout->line,
                                     "an image stands alone: {image: {{logo}}; width: 40mm}");
        if (text[i] != '\\') {
            atl_buf_add(out, text + i, 1);
            continue;
        }
        if (i + 1 < len && text[i + 1] == 'x') {
            taken = unescape_hex(text + i, len - i, out);
        } else if (i + 1 < len && text[i + 1] && strchr(literal, text[i + 1])) {
            atl_buf_add(out, text + i + 1, 1);
            taken = 2;
        } else {
            taken = 0;
        }
        if (!taken)
            return atl_template_fail(err, layout->tmpl, layout->line,
                                     "a \\ that escapes nothing; for the sign itself write \\\\");
    }
    return ATL_OK;
}

// Spans of one column while they are made.
struct writer {
    struct atl_template_layout *layout;
    struct atl_buf text;  // unescaped, of the span at hand
    struct atl_buf spans; // struct atl_span
    struct atl_span style;
    size_t size; // of the ^ that is on: 0..7
    bool is_visible;
};

static void flush(struct writer *writer)
{
    struct atl_span span = writer->style;

    if (!writer->text.len)
        return;
    span.text = atl_arena_bytes(writer->layout->arena, writer->text.data, writer->text.len);
    writer->text.len = 0;
    if (!span.text)
        return; // the arena remembers
    writer->is_visible |= span.text[strspn(span.text, " ")] != '\0';
    atl_buf_add(&writer->spans, &span, sizeof span);
}

// ^ wide, ^^ high, ^^^ both, then three to six times. The same run again switches it off.
static atl_code set_size(struct writer *writer, size_t run, struct atl_error *err)
{
    static const uint8_t SCALES[][2] = {
        {1, 1},
        {2, 1},
        {1, 2},
        {2, 2},
        {3, 3},
        {4, 4},
        {5, 5},
        {6, 6}
    };

    if (run >= sizeof SCALES / sizeof *SCALES)
        return atl_template_fail(err, writer->layout->tmpl, writer->layout->line,
                                 "at most seven ^; for the sign itself write \\^");
    writer->size = writer->size == run ? 0 : run;
    writer->style.scale_x = SCALES[writer->size][0];
    writer->style.scale_y = SCALES[writer->size][1];
    return ATL_OK;
}

// A sign of style at text[at]; returns how many characters it takes, 0 when it is none.
static size_t set_style(struct writer *writer, const char *text, size_t len, atl_code *rc,
                        struct atl_error *err)
{
    size_t run = 1;

    if (!strchr("_\"`^", *text) || !*text)
        return 0;
    flush(writer);
    if (*text == '_')
        writer->style.is_underlined ^= true;
    else if (*text == '"')
        writer->style.is_bold ^= true;
    else if (*text == '`')
        writer->style.is_inverted ^= true;
    else {
        while (run < len && text[run] == '^')
            run++;
        *rc = set_size(writer, run, err);
    }
    return run;
}

// Spaces that an empty field left at an end are not the template's.
static void trim_marks(struct column *column)
{
    while (column->len && strchr(" \t\2", *column->text))
        column->text++, column->len--;
    while (column->len && strchr(" \t\2", column->text[column->len - 1]))
        column->len--;
}

static atl_code write_spans(struct writer *writer, struct column column, struct atl_error *err)
{
    const char *text;
    atl_code rc = ATL_OK;

    trim_marks(&column);
    text = column.text;
    for (size_t at = 0, taken; !rc && at < column.len; at += taken) {
        size_t left = column.len - at;

        taken = set_style(writer, text + at, left, &rc, err);
        if (taken)
            continue;
        if (text[at] == '{' || text[at] == '}')
            return atl_template_fail(err, writer->layout->tmpl, writer->layout->line,
                                     "{…} stands alone on its line; for the sign itself write \\%c",
                                     text[at]);
        if (text[at] == '~') {
            ATL_BUF_LIT(&writer->text, " ");
            taken = 1;
            continue;
        }
        taken = text[at] != '\\' || left < 2 ? 1 : text[at + 1] == 'x' && left >= 4 ? 4 : 2;
        rc = atl_template_unescape(writer->layout, text + at, taken, TEXT_ESCAPES, &writer->text,
                                   err);
    }
    if (!rc)
        flush(writer);
    return rc;
}

// Sets spans of *cell; *is_visible when there is something to see.
static atl_code make_cell(struct atl_template_layout *layout, const struct column *column,
                          struct atl_cell *cell, struct atl_span **spans, bool *is_visible,
                          struct atl_error *err)
{
    struct writer writer = {
        .layout = layout, .style = {.scale_x = 1, .scale_y = 1}
    };
    atl_code rc;

    atl_buf_init(&writer.text, ATL_TEMPLATE_LINE_MAX_BYTES);
    atl_buf_init(&writer.spans, ATL_TEMPLATE_LINE_MAX_BYTES);
    rc = write_spans(&writer, *column, err);
    if (!rc)
        rc = atl_buf_check(&writer.text, err);
    if (!rc)
        rc = atl_buf_check(&writer.spans, err);
    if (!rc) {
        cell->span_count = writer.spans.len / sizeof(struct atl_span);
        *spans = cell->span_count
                     ? (void *)atl_arena_bytes(layout->arena, writer.spans.data, writer.spans.len)
                     : NULL;
        cell->spans = *spans;
        cell->align = column->align == ATL_ALIGN_CENTRE ? layout->loose : column->align;
        *is_visible |= writer.is_visible;
        rc = atl_arena_check(layout->arena, err);
    }
    atl_buf_free(&writer.text);
    atl_buf_free(&writer.spans);
    return rc;
}

// The cells of a row, with room for the empty ones between them and at both sides.
enum { CELLS_MAX = 2 * ATL_TEMPLATE_COLUMNS_MAX + 3 };

struct cells {
    struct atl_cell at[CELLS_MAX];
    struct atl_span *spans[CELLS_MAX];
    size_t count;
};

static void add_empty(struct cells *cells, uint16_t columns)
{
    cells->spans[cells->count] = NULL;
    cells->at[cells->count++] = (struct atl_cell){.columns = columns};
}

// A line of fixed columns may be narrower than the paper: {align} says where it stands.
static bool is_narrow(const struct atl_template_layout *layout)
{
    uint32_t sum = 0, count = 0;

    for (size_t i = 0; i < layout->width_count; i++) {
        if (!layout->is_dropped[i] && !layout->widths[i])
            return false;
        sum += layout->widths[i] + (layout->is_dropped[i] ? 0u : layout->border);
        count += !layout->is_dropped[i];
    }
    return !layout->is_width_auto && count && sum - layout->border < layout->columns;
}

static atl_code make_cells(struct atl_template_layout *layout, const struct columns *columns,
                           struct cells *cells, bool *is_visible, struct atl_error *err)
{
    bool is_auto = layout->is_width_auto, narrow = is_narrow(layout);
    size_t count = is_auto ? columns->count : layout->width_count;
    bool is_first = true;
    atl_code rc = ATL_OK;

    if (!is_auto && columns->count > layout->width_count)
        return atl_template_fail(err, layout->tmpl, layout->line,
                                 "%zu columns, but {width} names %zu", columns->count,
                                 layout->width_count);
    if (narrow && layout->align != ATL_ALIGN_LEFT)
        add_empty(cells, 0);
    for (size_t i = 0; !rc && i < count; i++) {
        if (!is_auto && layout->is_dropped[i])
            continue;
        if (!is_first && layout->border)
            add_empty(cells, layout->border);
        is_first = false;
        add_empty(cells, is_auto ? 0 : layout->widths[i]);
        if (i < columns->count)
            rc = make_cell(layout, &columns->at[i], &cells->at[cells->count - 1],
                           &cells->spans[cells->count - 1], is_visible, err);
    }
    if (narrow && layout->align != ATL_ALIGN_RIGHT)
        add_empty(cells, 0);
    return rc;
}

static atl_code text_row(struct atl_template_layout *layout, const struct columns *columns,
                         struct atl_error *err)
{
    struct cells cells = {.count = 0};
    struct atl_row row = {.kind = ATL_ROW_TEXT};
    bool is_visible = false;
    atl_code rc = make_cells(layout, columns, &cells, &is_visible, err);

    if (rc || (!is_visible && layout->has_tag))
        return rc; // its fields are all empty: no row
    if (!is_visible) {
        row.kind = ATL_ROW_FEED;
        row.height_um = layout->tmpl->font_um * 4 / 3;
        return atl_template_row(layout, &row, err);
    }
    if ((layout->fit_least || layout->is_clipped) &&
        (rc = atl_template_fit(layout, cells.spans, cells.at, cells.count, err)))
        return rc;
    row.cell_count = cells.count;
    row.cells = (void *)atl_arena_bytes(layout->arena, cells.at, cells.count * sizeof *cells.at);
    rc = atl_arena_check(layout->arena, err);
    return rc ? rc : atl_template_row(layout, &row, err);
}

static bool is_property(const struct column *column)
{
    const char *text = column->text;

    if (column->len < 2 || text[0] != '{' || text[column->len - 1] != '}')
        return false;
    for (size_t i = 1; i < column->len - 1; i++) {
        if (text[i] == '{' || text[i] == '}')
            return false;
        i += text[i] == '\\';
    }
    return text[column->len - 2] != '\\';
}

atl_code atl_template_line(struct atl_template_layout *layout, const char *text, size_t len,
                           struct atl_error *err)
{
    const char *end = text + len;
    struct columns columns;
    atl_code rc;

    while (text < end && is_space(*text))
        text++;
    while (text < end && is_space(end[-1]))
        end--;
    rc = split(layout, text, end, &columns, err);
    if (rc)
        return rc;
    if (columns.count == 1) {
        const struct column *only = &columns.at[0];

        if (is_property(only))
            return atl_template_property(
                layout, only->text + 1, only->len - 2,
                only->align == ATL_ALIGN_CENTRE ? layout->loose : only->align, err);
        if (is_all(only, '-'))
            return atl_template_row(layout, &(struct atl_row){.kind = ATL_ROW_RULE}, err);
        if (is_all(only, '='))
            return atl_template_row(
                layout, &(struct atl_row){.kind = ATL_ROW_CUT, .cut = ATL_CUT_PARTIAL}, err);
    }
    return text_row(layout, &columns, err);
}
