// SPDX-License-Identifier: Apache-2.0
// paper-lines FOLDER TEMPLATE LANGUAGE plain|full: what a template says after its fields are in,
// line by line, and what came of each: for programs that judge the reading of the syntax.
//
//     L claim | text            a line of the template, values escaped as the parser gets them
//     P 48                      a paper begins, of so many ordinary letters
//     K rule | cut | other      what it became, a row each; or
//     K text 1                  a row of text; 1: its letters may have been made smaller
//     C 0 26 < 2 Total          a cell: first letter, letters, alignment, widest scale, text
//     B 1b40…                   the row for a receipt printer, in its own letters; "B -": drawn
//
// Text ends at the line's end. Written with the linker's --wrap around the parser of one line.
#include "drivers/driver.h"
#include "plugin/render/template_inner.h"
#include "tests/support/sample_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// NOLINTNEXTLINE: the linker's names
atl_code __real_atl_template_line(struct atl_template_layout *layout, const char *text, size_t len,
                                  struct atl_error *err);
atl_code __wrap_atl_template_line(struct atl_template_layout *layout, const char *text, size_t len,
                                  struct atl_error *err);

static void insist(atl_code rc, const struct atl_error *err)
{
    if (rc) {
        fprintf(stderr, "paper-lines: %s\n", err->text);
        exit(1);
    }
}

static void print_text(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] != ATL_MARK_VALUE && text[i] != ATL_MARK_IMAGE)
            putchar(text[i]);
    }
}

static void print_cell(const struct atl_cell *cell, uint32_t start, uint32_t width)
{
    static const char signs[] = {'<', '=', '>'};
    unsigned scale = 1;

    for (size_t i = 0; i < cell->span_count; i++)
        scale = cell->spans[i].scale_x > scale ? cell->spans[i].scale_x : scale;
    printf("C %u %u %c %u ", start, width, signs[cell->align], scale);
    for (size_t i = 0; i < cell->span_count; i++)
        print_text(cell->spans[i].text, strlen(cell->spans[i].text));
    putchar('\n');
}

// Every letter of the paper's width, as a printer with many tables has them.
static void print_bytes(const struct atl_row *row, uint32_t columns, uint32_t paper_um)
{
    struct atl_model model = *atl_model_find(atl_driver_find("escpos"), "tm-t20");
    const struct atl_page page = {.width_um = paper_um, .rows = row, .row_count = 1};
    struct atl_buf out;

    model.columns = (uint16_t)columns;
    model.width_dots = (uint16_t)(columns * 12);
    atl_buf_init(&out, 1 << 20);
    if (atl_driver_find("escpos")->encode(&page, &model, NULL, &out, NULL))
        out.len = 0; // no rasteriser: what would be drawn fails
    fputs(out.len ? "B " : "B -", stdout);
    for (size_t i = 0; i < out.len; i++)
        printf("%02x", out.data[i]);
    putchar('\n');
    atl_buf_free(&out);
}

static void print_row(const struct atl_template_layout *layout, const struct atl_row *row)
{
    uint32_t widths[ATL_ROW_CELLS_MAX] = {0};
    struct atl_error err = {0};
    uint32_t start = 0;

    if (row->kind != ATL_ROW_TEXT) {
        printf("K %s\n", row->kind == ATL_ROW_RULE  ? "rule"
                         : row->kind == ATL_ROW_CUT ? "cut"
                                                    : "other");
        return;
    }
    printf("K text %d\n", layout->fit_least || layout->is_clipped);
    insist(atl_row_columns(row, layout->columns, widths, &err), &err);
    for (size_t i = 0; i < row->cell_count; i++) {
        if (row->cells[i].span_count)
            print_cell(&row->cells[i], start, widths[i]);
        start += widths[i];
    }
    print_bytes(row, layout->columns, layout->tmpl->paper_um);
}

atl_code __wrap_atl_template_line(struct atl_template_layout *layout, const char *text, size_t len,
                                  struct atl_error *err)
{
    const size_t before = layout->row_count;
    const bool is_quiet = layout->loading != NULL;
    atl_code rc;

    if (!is_quiet) {
        fputs("L ", stdout);
        print_text(text, len);
        putchar('\n');
    }
    rc = __real_atl_template_line(layout, text, len, err);
    for (size_t i = before; !rc && !is_quiet && i < layout->row_count; i++)
        print_row(layout, (const struct atl_row *)(const void *)layout->rows.data + i);
    return rc;
}

static void print_paper(const char *folder, const char *name, const char *language,
                        enum sample_data_case which)
{
    const struct atl_template_folders folders = {NULL, folder};
    struct atl_template *tmpl = NULL;
    struct atl_page *page = NULL;
    struct atl_words_file words;
    struct atl_error err = {0};
    struct atl_data data;

    insist(atl_template_load_file(&folders, name, &tmpl, &err), &err);
    insist(atl_words_file_load(NULL, folder, language, &words, &err), &err);
    sample_data(&data, atl_template_kind(tmpl), language, which);
    printf("P %u\n", tmpl->columns);
    insist(atl_template_page(tmpl, &data, &words, &page, &err), &err);
    atl_page_free(page);
    atl_data_free(&data);
    atl_words_file_free(&words);
    atl_template_close(tmpl);
}

int main(int argc, char **argv)
{
    if (argc < 5 || (argc - 2) % 3) {
        fprintf(stderr, "usage: paper-lines FOLDER (TEMPLATE LANGUAGE plain|full)...\n");
        return 2;
    }
    for (int i = 2; i < argc; i += 3)
        print_paper(argv[1], argv[i], argv[i + 1],
                    strcmp(argv[i + 2], "full") == 0 ? SAMPLE_FULL : SAMPLE_PLAIN);
    return 0;
}
