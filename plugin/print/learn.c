// SPDX-License-Identifier: Apache-2.0
#include "plugin/print/learn.h"

#include "plugin/print/learn_parts.h"
#include "plugin/render/bitmap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RULER_DOTS = 24, END_DOTS = 6, LETTERS_MAX = 10 };

// ---- asking ----

static atl_code read_line(char *out, size_t size, struct atl_error *err)
{
    if (!fgets(out, (int)size, stdin))
        return atl_fail(err, ATL_E_INVALID,
                        "nobody answers: --test-page asks at the terminal what came out of the "
                        "printer");
    out[strcspn(out, "\r\n")] = '\0';
    return ATL_OK;
}

static atl_code ask_yes(const char *question, bool *yes, struct atl_error *err)
{
    char line[80];
    atl_code rc;

    for (;;) {
        fprintf(stderr, "%s [y/n] ", question);
        rc = read_line(line, sizeof line, err);
        if (rc)
            return rc;
        if (strchr("yYnN", line[0]) && line[0]) {
            *yes = line[0] == 'y' || line[0] == 'Y';
            return ATL_OK;
        }
        fprintf(stderr, "Please answer y or n.\n");
    }
}

// Numbers 1..most, as bits; at least `least` of them. "0" is none.
static atl_code ask_numbers(const char *question, size_t least, size_t most, uint32_t *bits,
                            struct atl_error *err)
{
    char line[160];
    atl_code rc;

    for (;;) {
        char *at = line, *end;
        uint32_t got = 0;
        bool is_good = true;

        fprintf(stderr, "%s ", question);
        rc = read_line(line, sizeof line, err);
        if (rc)
            return rc;
        for (at += strspn(at, " ,"); *at && is_good; at = end + strspn(end, " ,")) {
            const unsigned long number = strtoul(at, &end, 10);

            is_good = end != at && number <= most;
            got |= is_good && number ? 1u << (number - 1) : 0;
        }
        if (is_good && (got || !least)) {
            *bits = got;
            return ATL_OK;
        }
        fprintf(stderr, "Please answer with numbers of 1 to %zu%s.\n", most,
                least ? "" : ", or 0 for none");
    }
}

// ---- printing ----

static atl_code print_rows(struct lesson *lesson, const struct atl_model *model,
                           const struct atl_row *rows, size_t count, struct atl_error *err)
{
    const struct atl_page page = {
        .width_um = (uint32_t)model->width_dots * 25400 / model->dpi + 8000,
        .rows = rows,
        .row_count = count,
    };
    const struct print_device device = {.driver = lesson->device.driver, .model = *model};
    struct print_device silent = device;
    char fate[200];

    silent.model.quirks |= ATL_QUIRK_NO_STATUS; // whether it answers is asked apart
    return print_send(&silent, lesson->link, &page, fate, sizeof fate, err);
}

static atl_code print_text(struct lesson *lesson, const struct atl_model *model, const char *text,
                           struct atl_error *err)
{
    const struct atl_span span = {.text = text, .scale_x = 1, .scale_y = 1};
    const struct atl_cell cell = {.spans = &span, .span_count = 1, .align = ATL_ALIGN_LEFT};
    const struct atl_row row = {.kind = ATL_ROW_TEXT, .cells = &cell, .cell_count = 1};

    return print_rows(lesson, model, &row, 1, err);
}

// ---- width ----

// A line with a thick end on both sides.
static atl_code print_ruler(struct lesson *lesson, const struct atl_model *model,
                            uint32_t width_dots, struct atl_error *err)
{
    struct atl_bitmap ruler = {0};
    const struct atl_row row = {.kind = ATL_ROW_IMAGE, .image = &ruler};
    atl_code rc = atl_bitmap_init(&ruler, width_dots, RULER_DOTS, err);

    if (rc)
        return rc;
    atl_bitmap_fill(&ruler, 0, RULER_DOTS / 2, width_dots, 2);
    atl_bitmap_fill(&ruler, 0, 0, END_DOTS, RULER_DOTS);
    atl_bitmap_fill(&ruler, width_dots - END_DOTS, 0, END_DOTS, RULER_DOTS);
    rc = print_rows(lesson, model, &row, 1, err);
    atl_bitmap_free(&ruler);
    return rc;
}

static int compare_widths(const void *a, const void *b)
{
    const uint16_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

static void list_widths(struct lesson *lesson)
{
    const struct atl_driver *driver = lesson->device.driver;

    for (size_t i = 0; i < driver->model_count; i++) {
        bool is_known = false;

        for (size_t k = 0; k < lesson->width_count; k++)
            is_known |= lesson->widths[k] == driver->models[i].width_dots;
        if (!is_known && lesson->width_count < LESSON_WIDTHS_MAX)
            lesson->widths[lesson->width_count++] = driver->models[i].width_dots;
    }
    qsort(lesson->widths, lesson->width_count, sizeof lesson->widths[0], compare_widths);
}

static atl_code learn_width(struct lesson *lesson, struct atl_error *err)
{
    uint32_t bits = 0;
    atl_code rc = ATL_OK;

    list_widths(lesson);
    for (size_t i = 0; !rc && i < lesson->width_count; i++) {
        struct atl_model model = lesson->device.model;
        char name[24];

        model.width_dots = lesson->widths[i];
        (void)snprintf(name, sizeof name, "%zu", i + 1);
        rc = print_text(lesson, &model, name, err);
        if (!rc)
            rc = print_ruler(lesson, &model, lesson->widths[i], err);
    }
    if (!rc)
        rc = ask_numbers("Numbered lines were printed. Which is the longest that has a thick end "
                         "on both sides?",
                         1, lesson->width_count, &bits, err);
    for (size_t i = 0; !rc && i < lesson->width_count; i++) {
        if (bits & 1u << i)
            lesson->width_dots = lesson->widths[i];
    }
    return rc;
}

// ---- letters ----

// Letters of that table, as far as the driver writes them with it and does not draw them.
static void letters_of(struct lesson *lesson, const struct atl_model *model, char *out, size_t size)
{
    static const char *const LETTERS[] = {"é", "è", "ç", "ü", "ö", "ñ", "ß", "ø", "å", "€", "£",
                                          "ł", "ž", "ő", "Ж", "д", "я", "Ω", "δ", "ã", "þ"};
    size_t found = 0;

    out[0] = '\0';
    for (size_t i = 0; i < sizeof LETTERS / sizeof *LETTERS && found < LETTERS_MAX; i++) {
        const struct atl_span span = {.text = LETTERS[i], .scale_x = 1, .scale_y = 1};
        const struct atl_cell cell = {.spans = &span, .span_count = 1};
        const struct atl_row row = {.kind = ATL_ROW_TEXT, .cells = &cell, .cell_count = 1};
        const struct atl_page page = {.width_um = 80000, .rows = &row, .row_count = 1};
        struct atl_buf bytes;
        const size_t used = strlen(out);

        atl_buf_init(&bytes, 4096);
        if (!lesson->device.driver->encode(&page, model, NULL, &bytes, NULL)) {
            (void)snprintf(out + used, size - used, " %s", LETTERS[i]);
            found++;
        }
        atl_buf_free(&bytes);
    }
}

static void list_tables(struct lesson *lesson)
{
    const struct atl_driver *driver = lesson->device.driver;

    for (size_t i = 0; i < driver->model_count; i++) {
        for (size_t k = 0; k < driver->models[i].code_page_count; k++) {
            const struct atl_code_page *page = &driver->models[i].code_pages[k];
            bool is_known = false;

            for (size_t t = 0; t < lesson->table_count; t++)
                is_known |= lesson->tables[t].slot == page->slot &&
                            strcmp(lesson->tables[t].name, page->name) == 0;
            if (!is_known && lesson->table_count < LESSON_TABLES_MAX)
                lesson->tables[lesson->table_count++] = *page;
        }
    }
}

static atl_code learn_letters(struct lesson *lesson, struct atl_error *err)
{
    atl_code rc = ATL_OK;

    list_tables(lesson);
    if (!lesson->table_count || !lesson->device.model.columns) // it draws all letters
        return ATL_OK;
    fprintf(stderr, "\nThese lines are printed now:\n");
    for (size_t i = 0; !rc && i < lesson->table_count; i++) {
        struct atl_model model = lesson->device.model;
        char letters[80], line[128];

        model.code_pages = &lesson->tables[i];
        model.code_page_count = 1;
        letters_of(lesson, &model, letters, sizeof letters);
        (void)snprintf(line, sizeof line, "%2zu %s", i + 1, letters);
        fprintf(stderr, "  %s\n", line);
        rc = print_text(lesson, &model, line, err);
    }
    return rc ? rc
              : ask_numbers(
                    "Which of them are on the paper just as they are here? (numbers, 0: none)", 0,
                    lesson->table_count, &lesson->right_tables, err);
}

// ---- cut, answers ----

static atl_code learn_cut(struct lesson *lesson, struct atl_error *err)
{
    const struct atl_row rows[] = {
        {.kind = ATL_ROW_FEED, .height_um = 8000     },
        {.kind = ATL_ROW_CUT,  .cut = ATL_CUT_PARTIAL}
    };
    struct atl_model model = lesson->device.model;
    atl_code rc;

    model.quirks &= ~(uint32_t)ATL_QUIRK_NO_CUTTER;
    rc = print_rows(lesson, &model, rows, 2, err);
    return rc ? rc : ask_yes("Was the paper cut?", &lesson->has_cutter, err);
}

static atl_code ask_status(struct lesson *lesson, uint32_t *trouble, bool *answers)
{
    struct atl_error why = {0};
    atl_code rc = ATL_E_UNSUPPORTED;

    if (lesson->device.driver->status && lesson->link->carries == ATL_LINK_CARRIES_ANSWERS)
        rc = lesson->device.driver->status(lesson->link, &lesson->device.model, trouble, &why);
    *answers = rc == ATL_OK;
    return rc;
}

static atl_code learn_answers(struct lesson *lesson, struct atl_error *err)
{
    uint32_t trouble = 0;
    char line[80], words[400];
    bool answers = false;
    atl_code rc;

    lesson->could_answer = lesson->link->carries == ATL_LINK_CARRIES_ANSWERS;
    (void)ask_status(lesson, &trouble, &lesson->answers);
    if (!lesson->answers) {
        fprintf(stderr, "The printer does not answer over this link; that can be so.\n");
        return ATL_OK;
    }
    atl_trouble_words(trouble, words, sizeof words);
    fprintf(stderr, "The printer answers: %s.\nOpen its cover, then press Enter. ",
            words[0] ? words : "it is ready");
    rc = read_line(line, sizeof line, err);
    if (rc)
        return rc;
    (void)ask_status(lesson, &trouble, &answers);
    lesson->says_cover = answers && trouble & ATL_TROUBLE_COVER_OPEN;
    fprintf(stderr, "%s\nClose it, then press Enter. ",
            lesson->says_cover ? "It said so." : "It did not say so.");
    return read_line(line, sizeof line, err);
}

// ---- all of it ----

static atl_code teach(struct lesson *lesson, struct atl_error *err)
{
    atl_code rc = learn_answers(lesson, err);

    if (!rc && lesson->device.driver->duty == ATL_DUTY_TICKET)
        rc = learn_width(lesson, err);
    if (!rc)
        rc = learn_letters(lesson, err);
    if (!rc)
        rc = learn_cut(lesson, err);
    return rc;
}

atl_code print_learn(const struct print_options *options, struct atl_error *err)
{
    struct lesson *lesson = calloc(1, sizeof *lesson);
    atl_code rc;

    if (!lesson)
        return atl_fail(err, ATL_E_NOMEM, "out of memory");
    rc = print_device_find(options, 0, &lesson->device, err);
    if (!rc)
        rc = print_link_open(options, &lesson->link, err);
    if (!rc)
        rc = teach(lesson, err);
    if (!rc)
        rc = print_lesson_write(lesson, options, err);
    if (lesson->link)
        lesson->link->ops->close(lesson->link);
    free(lesson);
    return rc;
}
