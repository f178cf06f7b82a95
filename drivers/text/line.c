// SPDX-License-Identifier: Apache-2.0
// Rows of text in the printer's own letters: every letter is one column wide, times its scale.
#include "drivers/text/letters.h"
#include "drivers/text/receipt.h"

#include <assert.h>
#include <string.h>

static const struct atl_receipt_style plain = {.scale_x = 1, .scale_y = 1};

// The code point at *at, which is moved behind it; 0 at the end or where it is not UTF-8.
static uint32_t next_letter(const char **at)
{
    static const uint32_t least[] = {1, 0x80, 0x800, 0x10000};
    const uint8_t *p = (const uint8_t *)*at;
    unsigned more = p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : p[0] >= 0xc0 ? 1 : 0;
    uint32_t c = more == 3 ? p[0] & 0x07u : more == 2 ? p[0] & 0x0fu : more ? p[0] & 0x1fu : p[0];

    if (p[0] >= 0x80 && p[0] < 0xc0)
        return 0;
    for (unsigned i = 1; i <= more; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3fu);
    }
    if (c < least[more]) // a longer spelling of another letter
        return 0;
    *at += 1 + more;
    return c;
}

// Spaces that only differ in width or in where lines break are spaces on paper.
static uint32_t folded(uint32_t c)
{
    switch (c) {
    case 0x00a0:
    case 0x2007:
    case 0x2009:
    case 0x202f:
        return ' ';
    case 0x2011: // a hyphen that does not break
        return '-';
    default:
        return c;
    }
}

static uint32_t pages_with(const struct atl_model *model, uint32_t c)
{
    uint32_t pages = 0;

    if (atl_letters_byte(NULL, c))
        return UINT32_MAX;
    for (size_t i = 0; i < model->code_page_count && i < 32; i++) {
        if (atl_letters_byte(atl_letters_find(model->code_pages[i].name), c))
            pages |= 1u << i;
    }
    return pages;
}

static uint32_t pages_of(const struct atl_model *model, const char *text)
{
    uint32_t pages = UINT32_MAX;

    while (*text && pages) {
        uint32_t c = next_letter(&text);

        pages &= c ? pages_with(model, folded(c)) : 0;
    }
    return pages;
}

uint32_t atl_receipt_row_pages(const struct atl_model *model, const struct atl_row *row)
{
    uint32_t pages = model->columns ? UINT32_MAX : 0;

    for (size_t i = 0; i < row->cell_count; i++) {
        for (size_t k = 0; k < row->cells[i].span_count; k++)
            pages &= pages_of(model, row->cells[i].spans[k].text);
    }
    return pages;
}

// One cell as the printer's bytes, and how far it is written.
struct cell {
    const struct atl_cell *source;
    uint32_t columns;
    size_t len;
    size_t at;
    uint8_t bytes[ATL_RECEIPT_LETTERS_MAX];
    uint8_t spans[ATL_RECEIPT_LETTERS_MAX]; // whose letter it is
};

static unsigned scale(uint8_t given)
{
    return given < 1 ? 1 : given > 8 ? 8 : given;
}

static unsigned width_at(const struct cell *cell, size_t i)
{
    return scale(cell->source->spans[cell->spans[i]].scale_x);
}

static bool is_too_large(const struct atl_receipt *receipt, const struct atl_span *span)
{
    return scale(span->scale_x) > receipt->language->scale_max ||
           scale(span->scale_y) > receipt->language->scale_max;
}

static bool load(const struct atl_receipt *receipt, const struct atl_cell *source, uint32_t columns,
                 struct cell *cell)
{
    cell->source = source;
    cell->columns = columns;
    cell->len = 0;
    cell->at = 0;
    if (source->span_count > UINT8_MAX)
        return false;
    for (size_t k = 0; k < source->span_count; k++) {
        const struct atl_span *span = &source->spans[k];
        const char *text = span->text;

        if (*text && (scale(span->scale_x) > columns || is_too_large(receipt, span)))
            return false;
        while (*text) {
            uint8_t byte = atl_letters_byte(receipt->letters, folded(next_letter(&text)));

            if (!byte || cell->len == ATL_RECEIPT_LETTERS_MAX)
                return false;
            cell->bytes[cell->len] = byte;
            cell->spans[cell->len++] = (uint8_t)k;
        }
    }
    return true;
}

// A line of a cell: letters [from, until), so many columns wide.
struct line {
    size_t from, until;
    uint32_t columns;
};

// Takes the next line off the cell: at a space where there is one, or else at a letter.
static struct line take_line(struct cell *cell)
{
    struct line line = {.from = cell->at, .until = cell->at};
    struct line at_space = line;
    bool has_space = false;

    while (line.until < cell->len) {
        unsigned width = width_at(cell, line.until);

        if (cell->bytes[line.until] == ' ' && line.until > line.from) {
            at_space = line;
            has_space = true;
        }
        if (line.columns + width > cell->columns)
            break;
        line.columns += width;
        line.until++;
    }
    if (line.until < cell->len && has_space)
        line = at_space;
    cell->at = line.until;
    while (cell->at < cell->len && cell->bytes[cell->at] == ' ' && line.until < cell->len)
        cell->at++;
    return line;
}

static void set_style(struct atl_receipt *receipt, struct atl_receipt_style to)
{
    receipt->language->style(receipt->out, &receipt->style, &to);
    receipt->style = to;
}

// The last step of all text: what is no letter of the page that was chosen cannot leave.
static void put_byte(struct atl_receipt *receipt, uint8_t byte)
{
    assert(atl_letters_may_leave(receipt->letters, byte));
    if (!atl_letters_may_leave(receipt->letters, byte))
        byte = '?';
    atl_buf_add(receipt->out, &byte, 1);
}

static void put_spaces(struct atl_receipt *receipt, uint32_t *count)
{
    if (*count)
        set_style(receipt, plain);
    for (; *count; --*count)
        put_byte(receipt, ' ');
}

static struct atl_receipt_style style_of(const struct atl_span *span)
{
    return (struct atl_receipt_style){
        .scale_x = (uint8_t)scale(span->scale_x),
        .scale_y = (uint8_t)scale(span->scale_y),
        .is_bold = span->is_bold,
        .is_underlined = span->is_underlined,
        .is_inverted = span->is_inverted,
    };
}

// Spaces are owed until a letter follows them, so that lines end with their last letter.
static void put_line(struct atl_receipt *receipt, struct cell *cell, uint32_t *owed)
{
    struct line line = take_line(cell);
    uint32_t free_columns = cell->columns - line.columns;
    uint32_t before = cell->source->align == ATL_ALIGN_RIGHT    ? free_columns
                      : cell->source->align == ATL_ALIGN_CENTRE ? free_columns / 2
                                                                : 0;

    *owed += before;
    if (line.from < line.until)
        put_spaces(receipt, owed);
    for (size_t i = line.from; i < line.until; i++) {
        set_style(receipt, style_of(&cell->source->spans[cell->spans[i]]));
        put_byte(receipt, cell->bytes[i]);
    }
    *owed += free_columns - before;
}

static bool is_left(const struct cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (cells[i].at < cells[i].len)
            return true;
    }
    return false;
}

atl_code atl_receipt_text(struct atl_receipt *receipt, const struct atl_row *row,
                          struct atl_error *err)
{
    struct cell cells[ATL_ROW_CELLS_MAX];
    uint32_t widths[ATL_ROW_CELLS_MAX];
    atl_code rc = atl_row_columns(row, receipt->model->columns, widths, err);

    if (rc)
        return rc;
    for (size_t i = 0; i < row->cell_count; i++) {
        if (!load(receipt, &row->cells[i], widths[i], &cells[i]))
            return atl_fail(err, ATL_E_UNSUPPORTED, "column %zu does not fit natively", i + 1);
    }
    do {
        uint32_t owed = 0;

        for (size_t i = 0; i < row->cell_count; i++)
            put_line(receipt, &cells[i], &owed);
        set_style(receipt, plain);
        ATL_BUF_LIT(receipt->out, "\n");
    } while (is_left(cells, row->cell_count));
    return ATL_OK;
}
