// SPDX-License-Identifier: Apache-2.0
// The card below the cloth: what it is, where and how much on the left; threads and mark on the
// right.
#include "plugin/render/stitch_picture_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FIRST = 52, PITCH = 44, LAST = 40, PAD = 44 }; // thousandths of the width

static bool says(const char *text)
{
    return text && *text;
}

static void add_left(struct stitch_card *card, struct stitch_card_row row)
{
    if (says(row.text))
        card->left[card->left_count++] = row;
}

static void add_right(struct stitch_card *card, struct stitch_card_row row)
{
    if (says(row.text) && card->right_count < STITCH_CARD_ROWS_MAX)
        card->right[card->right_count++] = row;
}

static void join_facts(const struct atl_stitch_picture *look, struct stitch_card *card)
{
    size_t used = 0;

    card->joined[0] = 0;
    for (size_t i = 0; i < look->fact_count; i++) {
        int len;

        if (!says(look->facts[i]))
            continue;
        len = snprintf(card->joined + used, sizeof card->joined - used, "%s%s",
                       used ? "  \u00b7  " : "", look->facts[i]);
        if (len < 0 || (size_t)len >= sizeof card->joined - used) {
            card->joined[used] = 0; // a fact that has no room is left out, whole
            return;
        }
        used += (size_t)len;
    }
}

void stitch_card_fill(const struct stitch_scene *scene, struct stitch_card *card)
{
    const struct atl_stitch_picture *look = scene->look;
    size_t count = look->threads ? look->thread_count : 0;

    card->left_count = card->right_count = 0;
    join_facts(look, card);
    add_left(card, (struct stitch_card_row){.text = look->title, .is_title = true});
    add_left(card, (struct stitch_card_row){.text = look->place, .is_pale = true});
    add_left(card, (struct stitch_card_row){.text = card->joined, .is_pale = true});
    for (size_t i = 0; i < count && card->right_count + 1 < STITCH_CARD_ROWS_MAX; i++)
        add_right(card, (struct stitch_card_row){
                            .text = look->threads[i].words,
                            .rgb = look->threads[i].rgb,
                            .has_swatch = true,
                        });
    add_right(card, (struct stitch_card_row){.text = look->mark, .is_pale = true});
}

static size_t rows_of(const struct stitch_card *card)
{
    return card->left_count > card->right_count ? card->left_count : card->right_count;
}

double stitch_card_height(const struct stitch_card *card, double unit)
{
    size_t rows = rows_of(card);

    return rows ? round(unit * (double)(FIRST + PITCH * (rows - 1) + LAST)) : 0;
}

double stitch_card_row_y(const struct stitch_scene *scene, size_t row)
{
    return scene->cloth + scene->unit * (double)(FIRST + PITCH * row);
}

static void draw_row(const struct stitch_scene *scene, const struct stitch_card_row *row,
                     struct proof_label *label, cairo_t *cr)
{
    char face[64];
    double wide;

    proof_font_name(row->is_title ? "Liberation Serif" : "Liberation Sans",
                    fmax(9, (row->is_title  ? 33
                             : row->is_pale ? 19
                                            : 21) *
                                scene->unit),
                    face, sizeof face);
    label->text = row->text;
    label->font = face;
    proof_set_rgb(cr, row->is_pale ? PROOF_PALE_INK : PROOF_INK, row->has_swatch ? 0.85 : 1);
    wide = proof_label(cr, label);
    if (row->has_swatch)
        proof_swatch(cr, label->x - wide - 26 * scene->unit, label->y, scene->unit, row->rgb);
}

void stitch_card_draw(const struct stitch_scene *scene, const struct stitch_card *card, cairo_t *cr)
{
    double pad = PAD * scene->unit;
    size_t rows = rows_of(card);

    for (size_t i = 0; i < card->left_count; i++) {
        struct proof_label label = {
            .x = pad,
            .y = stitch_card_row_y(scene, i),
            .align = -1,
            .max_width = scene->width * (i < card->right_count ? 0.48 : 0.9),
        };

        draw_row(scene, &card->left[i], &label, cr);
    }
    // The mark stands in the last row, however few threads there are.
    for (size_t i = 0; i < card->right_count; i++) {
        bool is_mark = !card->right[i].has_swatch;
        struct proof_label label = {
            .x = scene->width - pad,
            .y = stitch_card_row_y(scene, is_mark ? rows - 1 : i),
            .align = 1,
            .max_width = scene->width * 0.42,
            .spacing = is_mark ? 0.8 * scene->unit : 0,
        };

        draw_row(scene, &card->right[i], &label, cr);
    }
}
