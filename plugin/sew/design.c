// SPDX-License-Identifier: Apache-2.0
#include "plugin/sew/design.h"

#include "plugin/render/font_file.h"
#include "plugin/sew/qualified.h"
#include "plugin/sew/thread.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEIGHT_MM 15.0

static const char *const ALIGNS[] = {"centre", "left", "right", NULL};
static const char *const MONOGRAMS[] = {"traditional", "block", NULL};
static const char *const FRAMES[] = {"none", "circle", "oval", "diamond", "square", NULL};

// What is wrong with a line, and what helps.
static const struct {
    const char *code, *words;
} FAULTS[] = {
    {"empty",          "is empty: say a letter, or leave the line out"         },
    {"too_long",       "is longer than 64 letters: make lines of it, with \\n" },
    {"not_utf8",       "is not UTF-8: type it anew"                            },
    {"control",        "has a control sign in it, a tab perhaps: leave it out" },
    {"bidi",           "has a sign that turns the direction: leave it out"     },
    {"invisible",      "has a sign that nobody sees: type it anew"             },
    {"unassigned",     "has a sign that is no letter of Unicode: leave it out" },
    {"too_many_marks", "has a letter with too many accents: write it otherwise"},
};

static const char *fault_words(const char *code)
{
    for (size_t i = 0; i < sizeof FAULTS / sizeof *FAULTS; i++) {
        if (strcmp(FAULTS[i].code, code) == 0)
            return FAULTS[i].words;
    }
    return code;
}

static atl_code add_line(struct sew_design *design, const char *text, size_t len,
                         struct atl_error *err)
{
    struct atl_text_fault fault = {0};

    if (design->line_count == SEW_TEXTS_MAX)
        return atl_fail(err, ATL_E_INVALID, "a design has at most %d lines", SEW_TEXTS_MAX);
    if (atl_text_clean(text, len, design->lines[design->line_count], ATL_TEXT_CAP, NULL, &fault))
        return atl_fail(err, ATL_E_INVALID, "line %zu %s", design->line_count + 1,
                        fault_words(fault.code));
    design->line_count++;
    return ATL_OK;
}

// A line ends at a line feed, and at \n as a shell hands it on.
static atl_code split(const struct sew_options *options, struct sew_design *design,
                      struct atl_error *err)
{
    for (size_t i = 0; i < options->text_count; i++) {
        const char *from = options->texts[i];
        const char *at = from;

        for (; *at; at++) {
            size_t end = *at == '\n' ? 1 : at[0] == '\\' && at[1] == 'n' ? 2 : 0;

            if (!end)
                continue;
            if (add_line(design, from, (size_t)(at - from), err))
                return ATL_E_INVALID;
            from = at + end;
            at = from - 1;
        }
        if (add_line(design, from, strlen(from), err))
            return ATL_E_INVALID;
    }
    return ATL_OK;
}

static atl_code open_font(const struct sew_options *options, struct sew_design *design,
                          struct atl_face **face, struct atl_error *err)
{
    struct atl_font_file file = {0};
    const char *colon = options->font_file ? strrchr(options->font_file, ':') : NULL;
    double index = 0;
    atl_code rc;

    if (options->font) {
        rc = atl_font_file_find(options->font, &file, err);
        snprintf(design->font, sizeof design->font, "%s", options->font);
        return rc ? rc : atl_face_open(file.path, file.index, face, err);
    }
    if (colon && colon[1] && strspn(colon + 1, "0123456789") == strlen(colon + 1)) {
        rc = sew_number("font-file", colon + 1, 0, 255, &index, err);
        if (rc)
            return rc;
    } else {
        colon = options->font_file + strlen(options->font_file);
    }
    if ((size_t)(colon - options->font_file) >= sizeof file.path)
        return atl_fail(err, ATL_E_INVALID, "--font-file %.40s…: the path is too long",
                        options->font_file);
    snprintf(file.path, sizeof file.path, "%.*s", (int)(colon - options->font_file),
             options->font_file);
    colon = strrchr(file.path, '/');
    snprintf(design->font, sizeof design->font, "%.90s", colon ? colon + 1 : file.path);
    return atl_face_open(file.path, (uint32_t)index, face, err);
}

static atl_code read_layout(const struct sew_options *options, struct sew_design *design,
                            struct atl_layout *wish, struct atl_error *err)
{
    int align = 0, monogram = 0, frame = 0;
    atl_code rc = sew_number("height", options->height, ATL_LETTERING_LOW_MM, ATL_LETTERING_HIGH_MM,
                             &design->height_mm, err);

    if (!rc)
        rc = sew_number("pitch", options->pitch, 1, 1000, &wish->pitch_mm, err);
    if (!rc)
        rc = sew_number("arc", options->arc, -2000, 2000, &wish->arc_radius_mm, err);
    if (!rc)
        rc = sew_word("align", options->align, ALIGNS, &align, err);
    if (!rc)
        rc = sew_word("monogram", options->monogram, MONOGRAMS, &monogram, err);
    if (!rc)
        rc = sew_word("frame", options->frame, FRAMES, &frame, err);
    if (rc)
        return rc;
    wish->fabric = atl_fabric_find(options->fabric ? options->fabric : "canvas");
    if (!wish->fabric)
        return atl_fail(err, ATL_E_INVALID,
                        "--fabric %.30s is not known: it is one of canvas, jersey, fleece, leather",
                        options->fabric);
    wish->kind = options->arc        ? ATL_LAYOUT_ARC
                 : options->monogram ? ATL_LAYOUT_MONOGRAM
                                     : ATL_LAYOUT_LINES;
    wish->align = (enum atl_layout_align)align;
    wish->monogram = (enum atl_monogram)monogram;
    wish->frame = (enum atl_monogram_frame)frame;
    wish->centre_out = options->is_centre_out;
    wish->height_mm = design->height_mm;
    for (size_t i = 0; i < design->line_count; i++)
        wish->lines[wish->line_count++] = design->lines[i];
    return ATL_OK;
}

// Which letter comes out worst: each is sewn alone, which costs a millisecond or two.
static void find_worst(const struct sew_design *design, struct atl_face *face,
                       const struct atl_layout *wish, char worst[16], double *miss)
{
    for (size_t i = 0; i < design->line_count; i++) {
        const char *at = design->lines[i];
        size_t len;

        for (; (len = atl_text_grapheme_len(at, strlen(at))) > 0; at += len) {
            struct atl_layout alone = {.height_mm = wish->height_mm, .fabric = wish->fabric};
            struct atl_layout_report report = {0};
            struct atl_plan plan;
            char letter[16];

            if (len >= sizeof letter)
                continue;
            snprintf(letter, sizeof letter, "%.*s", (int)len, at);
            alone.lines[alone.line_count++] = letter;
            atl_plan_init(&plan);
            if (strcmp(letter, " ") && !atl_layout_sew(face, &alone, &plan, &report, NULL) &&
                report.sewn.worst_miss > *miss) {
                *miss = report.sewn.worst_miss;
                snprintf(worst, 16, "%s", letter);
            }
            atl_plan_free(&plan);
        }
    }
}

static atl_code judge_lines(const struct sew_options *options, struct sew_design *design,
                            struct atl_error *err)
{
    atl_code rc = ATL_OK;

    // The middle letter of three is the monogram's; the others are judged when their height is
    // known.
    for (size_t i = 0; i < design->line_count && !rc && !options->monogram; i++)
        rc = sew_qualified_check(options, design,
                                 &(struct sew_judged){design->lines[i], design->height_mm, 1}, err);
    return rc;
}

static atl_code judge_monogram(const struct sew_options *options, struct sew_design *design,
                               struct atl_error *err)
{
    const char *text = design->lines[0];
    double low = design->report.smallest_mm, high = design->height_mm;
    atl_code rc = ATL_OK;
    size_t len;

    for (size_t i = 0; !rc && (len = atl_text_grapheme_len(text, strlen(text))) > 0; i++) {
        char letter[64];
        double mm = i == 1 ? high : low;

        snprintf(letter, sizeof letter, "%.*s", (int)len, text);
        rc = sew_qualified_check(options, design, &(struct sew_judged){letter, mm, mm / high}, err);
        text += len;
    }
    return rc;
}

static atl_code sew(const struct sew_options *options, struct sew_design *design,
                    struct atl_face *face, struct atl_error *err)
{
    struct atl_layout wish = {0};
    atl_code rc = read_layout(options, design, &wish, err);

    if (!rc)
        rc = judge_lines(options, design, err);
    if (!rc)
        rc = atl_layout_sew(face, &wish, &design->plan, &design->report, err);
    if (!rc && options->monogram)
        rc = judge_monogram(options, design, err);
    if (!rc && options->is_metrics)
        find_worst(design, face, &wish, design->worst, &design->worst_miss);
    return rc;
}

atl_code sew_design_make(const struct sew_options *options, struct sew_design *out,
                         struct atl_error *err)
{
    struct atl_face *face = NULL;
    atl_code rc;

    *out = (struct sew_design){.height_mm = HEIGHT_MM};
    atl_plan_init(&out->plan);
    rc = split(options, out, err);
    if (!rc)
        rc = sew_thread_find(options, &out->thread, err);
    if (!rc)
        rc = open_font(options, out, &face, err);
    if (!rc)
        rc = sew(options, out, face, err);
    atl_face_close(face);
    if (rc)
        return rc;
    atl_plan_thread(&out->plan, &out->thread);
    return atl_plan_check(&out->plan, err);
}

void sew_design_free(struct sew_design *design)
{
    atl_plan_free(&design->plan);
}
