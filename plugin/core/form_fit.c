// SPDX-License-Identifier: Apache-2.0
// Whether what was answered can be made: every letter is in the font, and the line fits the field.
#include "plugin/core/form_judge.h"

#include "plugin/core/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_CAP = 16 };

// What the texts are made with, as answered.
struct fit {
    const struct atl_field *field; // of the text
    const char *text;
    const struct atl_choice *font;
    const struct atl_choice *height;
    int32_t room_um;   // width
    int32_t height_um; // of the field
};

static const struct atl_choice *chosen(const struct atl_judge *judge, enum atl_role role)
{
    return atl_product_chosen(judge->product, role, judge->answers, judge->answer_count);
}

// A finding about an answer that passed by itself: it is taken out again.
static void refuse(struct atl_judge *judge, const struct atl_fault *fault)
{
    size_t kept = 0;

    if (!atl_judge_find(judge, fault))
        return;
    for (size_t i = 0; i < judge->answer_count; i++) {
        if (strcmp(judge->answers[i].name, fault->field->name) != 0)
            judge->answers[kept++] = judge->answers[i];
    }
    judge->answer_count = kept;
}

// ---- Letters ----

// Another font of the product that has all of the text.
static const struct atl_choice *other_font(const struct atl_judge *judge, const char *text)
{
    const struct atl_field *field = atl_product_role(judge->product, ATL_ROLE_FONT);

    for (size_t i = 0; i < field->choice_count; i++) {
        if (field->choices[i].font && !atl_font_lacks(field->choices[i].font, text))
            return &field->choices[i];
    }
    return NULL;
}

// Without its accents, when the font has all of that and it is a different text.
static const char *propose_plain(const struct atl_judge *judge, const struct fit *fit)
{
    const char *copy = NULL;
    struct atl_buf plain;

    atl_buf_init(&plain, ATL_TEXT_CAP);
    atl_text_unaccent(&plain, fit->text, strlen(fit->text));
    if (!plain.failed && plain.len && strcmp((const char *)plain.data, fit->text) != 0 &&
        !atl_font_lacks(fit->font->font, (const char *)plain.data))
        copy = atl_arena_bytes(judge->arena, plain.data, plain.len);
    atl_buf_free(&plain);
    return copy;
}

static bool check_glyphs(struct atl_judge *judge, const struct fit *fit)
{
    uint32_t lacks = atl_font_lacks(fit->font->font, fit->text);
    char letter[5] = {0};
    struct atl_words_value value = {"letter", letter};
    const struct atl_choice *other;

    if (!lacks)
        return true;
    letter[atl_text_encode(lacks, letter)] = 0;
    other = other_font(judge, fit->text);
    refuse(judge, &(struct atl_fault){.field = fit->field,
                                      .code = "no_glyph",
                                      .words = other ? "no_glyph+other" : NULL,
                                      .proposal = propose_plain(judge, fit),
                                      .values = &value,
                                      .value_count = 1,
                                      .font = fit->font,
                                      .other_font = other});
    return false;
}

// ---- Thread ----

// The outer letters of a monogram are smaller than the one in the middle.
static int32_t smallest_um(const struct atl_judge *judge, int32_t height_um)
{
    bool is_monogram = atl_product_arrangement(judge->product, judge->answers,
                                               judge->answer_count) == ATL_ARRANGEMENT_MONOGRAM;

    return is_monogram ? height_um / 3 * 2 : height_um;
}

static uint32_t sewn_lacks(const struct atl_judge *judge, const struct atl_choice *font,
                           const struct fit *fit, int32_t height_um)
{
    uint32_t lacks = atl_font_sewn_lacks(font->font->sewn, fit->text, height_um);

    return lacks ? lacks
                 : atl_font_sewn_lacks(font->font->sewn, fit->text, smallest_um(judge, height_um));
}

static bool may_be_wide(const struct fit *fit, const struct atl_choice *height)
{
    return !fit->room_um ||
           atl_font_width_um(fit->font->font, fit->text, height->height_um) <= fit->room_um;
}

// The nearest height at which all of it can be sewn, one that fits rather than one that does not;
// NULL: none.
static const struct atl_choice *height_that_sews(const struct atl_judge *judge,
                                                 const struct fit *fit)
{
    const struct atl_field *field = atl_product_role(judge->product, ATL_ROLE_HEIGHT);
    const struct atl_choice *best = NULL;

    for (size_t i = 0; i < field->choice_count; i++) {
        const struct atl_choice *choice = &field->choices[i];
        bool fits = may_be_wide(fit, choice), best_fits = best && may_be_wide(fit, best);

        if (sewn_lacks(judge, fit->font, fit, choice->height_um))
            continue;
        if (!best || (fits && !best_fits) ||
            (fits == best_fits && abs(choice->height_um - fit->height->height_um) <
                                      abs(best->height_um - fit->height->height_um)))
            best = choice;
    }
    return best;
}

static const struct atl_choice *font_that_sews(const struct atl_judge *judge, const struct fit *fit)
{
    const struct atl_field *field = atl_product_role(judge->product, ATL_ROLE_FONT);

    for (size_t i = 0; i < field->choice_count; i++) {
        const struct atl_choice *choice = &field->choices[i];

        if (choice->font && !atl_font_lacks(choice->font, fit->text) &&
            !sewn_lacks(judge, choice, fit, fit->height->height_um))
            return choice;
    }
    return NULL;
}

// Whether thread can make these letters so small.
static bool check_sewn(struct atl_judge *judge, const struct fit *fit)
{
    uint32_t lacks = sewn_lacks(judge, fit->font, fit, fit->height->height_um);
    const struct atl_choice *height, *other;
    char letter[5] = {0};
    struct atl_words_value value = {"letter", letter};

    if (!lacks)
        return true;
    letter[atl_text_encode(lacks, letter)] = 0;
    height = height_that_sews(judge, fit);
    other = height ? NULL : font_that_sews(judge, fit);
    refuse(judge,
           &(struct atl_fault){
               .field = height  ? atl_product_role(judge->product, ATL_ROLE_HEIGHT)
                        : other ? atl_product_role(judge->product, ATL_ROLE_FONT)
                                : fit->field,
               .code = "unsewable",
               .words = height  ? NULL
                        : other ? "unsewable+other"
                                : "unsewable+none",
               .proposal = height  ? height->value
                           : other ? other->value
                                   : NULL,
               .values = &value,
               .value_count = 1,
               .lengths = {{"height", smallest_um(judge, fit->height->height_um), false},
                           {"fit", height ? smallest_um(judge, height->height_um) : 0, false}},
               .font = fit->font,
               .other_font = other
    });
    return false;
}

// ---- Width ----

static int32_t width_at(const struct fit *fit, const struct atl_choice *height)
{
    return atl_font_width_um(fit->font->font, fit->text, height->height_um);
}

// The greatest smaller height at which it fits; NULL: none.
static const struct atl_choice *height_that_fits(const struct atl_judge *judge,
                                                 const struct fit *fit)
{
    const struct atl_field *field = atl_product_role(judge->product, ATL_ROLE_HEIGHT);
    const struct atl_choice *best = NULL;

    for (size_t i = 0; i < field->choice_count; i++) {
        const struct atl_choice *choice = &field->choices[i];

        if (choice->height_um < fit->height->height_um && width_at(fit, choice) <= fit->room_um &&
            (!best || choice->height_um > best->height_um))
            best = choice;
    }
    return best;
}

static const struct atl_choice *smallest_height(const struct atl_judge *judge)
{
    const struct atl_field *field = atl_product_role(judge->product, ATL_ROLE_HEIGHT);
    const struct atl_choice *best = &field->choices[0];

    for (size_t i = 1; i < field->choice_count; i++) {
        if (field->choices[i].height_um < best->height_um)
            best = &field->choices[i];
    }
    return best;
}

// How many of its letters fit at the smallest height, for "about so many".
static unsigned letters_that_fit(const struct atl_judge *judge, const struct fit *fit)
{
    const int32_t cap_um = smallest_height(judge)->height_um;
    char part[ATL_TEXT_CAP] = {0};
    unsigned count = 0;
    size_t len = 0;

    while (fit->text[len]) {
        len += atl_text_grapheme_len(fit->text + len, strlen(fit->text + len));
        if (len >= sizeof(part))
            break;
        memcpy(part, fit->text, len);
        if (atl_font_width_um(fit->font->font, part, cap_um) > fit->room_um)
            break;
        count++;
    }
    return count;
}

static void check_width(struct atl_judge *judge, const struct fit *fit)
{
    int32_t width_um = width_at(fit, fit->height);
    const struct atl_choice *best;
    char count[NUMBER_CAP];
    struct atl_words_value value = {"count", count};

    if (!fit->room_um || width_um <= fit->room_um)
        return;
    best = height_that_fits(judge, fit);
    snprintf(count, sizeof(count), "%u", letters_that_fit(judge, fit));
    atl_judge_find(
        judge, &(struct atl_fault){
                   .field = best ? atl_product_role(judge->product, ATL_ROLE_HEIGHT) : fit->field,
                   .code = "too_wide",
                   .words = best ? NULL : "too_wide+short",
                   .proposal = best ? best->value : NULL,
                   .values = &value,
                   .value_count = 1,
                   .lengths = {{"width", width_um, true},
                               {"height", fit->height->height_um, false},
                               {"room", fit->room_um, false},
                               {"fit", best ? best->height_um : 0, false}}
    });
}

static void check_height(struct atl_judge *judge, const struct fit *fit)
{
    if (!fit->height_um || fit->height->height_um <= fit->height_um)
        return;
    refuse(judge, &(struct atl_fault){
                      .field = atl_product_role(judge->product, ATL_ROLE_HEIGHT),
                      .code = "too_high",
                      .lengths = {{"height", fit->height->height_um, false},
                                  {"room", fit->height_um, false}}
    });
}

// ---- Layout ----

static void check_monogram(struct atl_judge *judge, const struct fit *fit)
{
    if (atl_text_graphemes(fit->text, strlen(fit->text)) > ATL_MONOGRAM_LETTERS_MAX)
        refuse(judge, &(struct atl_fault){.field = fit->field, .code = "monogram"});
}

// All lines together, as far apart as they are sewn.
static void check_lines(struct atl_judge *judge, const struct fit *fit)
{
    const char *lines[ATL_TEXT_LINES_MAX];
    const int32_t count =
        (int32_t)atl_product_lines(judge->product, judge->answers, judge->answer_count, lines);
    const int32_t all_um =
        fit->height->height_um + (count - 1) * (fit->height->height_um / 20 * 29);

    if (count < 2 || !fit->height_um || all_um <= fit->height_um)
        return;
    refuse(judge, &(struct atl_fault){
                      .field = atl_product_role(judge->product, ATL_ROLE_HEIGHT),
                      .code = "too_high",
                      .words = "too_high+lines",
                      .lengths = {{"height", all_um, true}, {"room", fit->height_um, false}}
    });
}

// On an arc and in a monogram only the stitches know how wide it is: the proof says it.
static void check_room(struct atl_judge *judge, const struct fit *fit, enum atl_role role)
{
    switch (atl_product_arrangement(judge->product, judge->answers, judge->answer_count)) {
    case ATL_ARRANGEMENT_MONOGRAM:
        check_monogram(judge, fit);
        return;
    case ATL_ARRANGEMENT_ARC:
    case ATL_ARRANGEMENT_COUNT:
        return;
    case ATL_ARRANGEMENT_LINES:
        break;
    }
    if (role == ATL_ROLE_TEXT) {
        check_height(judge, fit);
        check_lines(judge, fit);
    }
    check_width(judge, fit);
}

static void check_role(struct atl_judge *judge, enum atl_role role)
{
    struct fit fit = {.field = atl_product_role(judge->product, role),
                      .font = chosen(judge, ATL_ROLE_FONT),
                      .height = chosen(judge, ATL_ROLE_HEIGHT)};

    fit.text =
        fit.field ? atl_answers_find(judge->answers, judge->answer_count, fit.field->name) : NULL;
    if (!fit.text || !fit.font || !fit.font->font)
        return;
    if (!check_glyphs(judge, &fit) || role == ATL_ROLE_NUMBER || !fit.height)
        return;
    atl_product_area(judge->product, judge->answers, judge->answer_count, &fit.room_um,
                     &fit.height_um);
    if (judge->product->kind == ATL_KIND_EMBROIDERY && !check_sewn(judge, &fit))
        return;
    check_room(judge, &fit, role);
}

void atl_judge_fit(struct atl_judge *judge)
{
    if (judge->rc)
        return;
    check_role(judge, ATL_ROLE_TEXT);
    check_role(judge, ATL_ROLE_TEXT2);
    check_role(judge, ATL_ROLE_TEXT3);
    check_role(judge, ATL_ROLE_NUMBER);
}
