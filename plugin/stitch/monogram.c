// SPDX-License-Identifier: Apache-2.0
// One to three letters beside each other, by their ink. The order is the one that is given: who
// wants the family name in the middle of a traditional monogram writes it there.
#include "plugin/stitch/layout_seats.h"

#include "plugin/core/text.h"

#include <string.h>

#define GAP_SHARE 0.13      // of the height, between the ink of two letters
#define GAP_MM    1.0       // … but never less
#define OUTER     (2.0 / 3) // of the middle letter's height

struct letters {
    const char *text[ATL_LAYOUT_MONOGRAM_MAX];
    size_t len[ATL_LAYOUT_MONOGRAM_MAX];
    size_t count;
};

// Letters as a person counts them; spaces between them are not sewn.
static atl_code split(const char *text, struct letters *out, struct atl_error *err)
{
    size_t left = strlen(text), count = 0, len;
    uint32_t code_point;

    for (; (len = atl_text_grapheme_len(text, left)) > 0; text += len, left -= len) {
        (void)atl_text_next(text, left, &code_point);
        if (atl_text_is_space(code_point))
            continue;
        if (count < ATL_LAYOUT_MONOGRAM_MAX) {
            out->text[count] = text;
            out->len[count] = len;
        }
        count++;
    }
    if (count < 1 || count > ATL_LAYOUT_MONOGRAM_MAX)
        return atl_fail(err, ATL_E_INVALID, "a monogram has 1 to %d letters, not %zu; shorten it",
                        (int)ATL_LAYOUT_MONOGRAM_MAX, count);
    out->count = count;
    return ATL_OK;
}

// The ink of a shaped letter, from left to right.
static atl_code ink_of(struct atl_face *face, const struct atl_run *run, double scale, double *from,
                       double *to, struct atl_error *err)
{
    atl_code rc = ATL_OK;

    *from = INFINITY;
    *to = -INFINITY;
    for (size_t i = 0; i < run->count && !rc; i++) {
        struct atl_contours contours = {0};
        struct atl_vec at = {run->glyphs[i].x * scale, run->glyphs[i].y * scale};

        rc = atl_face_outline(face, run->glyphs[i].glyph, scale, at, &contours, err);
        for (size_t k = 0; k < contours.points.n; k++) {
            *from = fmin(*from, contours.points.p[k].x);
            *to = fmax(*to, contours.points.p[k].x);
        }
        atl_contours_free(&contours);
    }
    if (!rc && !(*from <= *to))
        *from = *to = 0;
    return rc;
}

static atl_code add_letter(struct atl_face *face, const char *letter, double height_mm, double *pen,
                           struct atl_arena *arena, struct atl_seats *out, struct atl_error *err)
{
    double scale = height_mm / atl_face_cap_height(face), from, to;
    struct atl_run run = {0};
    atl_code rc;

    if (!letter)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a monogram");
    rc = atl_face_shape(face, letter, arena, &run, err);
    if (!rc)
        rc = ink_of(face, &run, scale, &from, &to, err);
    if (rc)
        return rc;
    if (out->count + run.count > ATL_SEATS_MONOGRAM_MAX)
        return atl_fail(err, ATL_E_INVALID, "a letter of this monogram has too many marks");
    for (size_t i = 0; i < run.count; i++) {
        out->v[out->count++] = (struct atl_seat){
            .glyph = run.glyphs[i].glyph,
            .along = *pen + (to - from) / 2,
            .height_mm = height_mm,
            .stand = {{*pen - from + run.glyphs[i].x * scale,
                       run.glyphs[i].y * scale - height_mm / 2},
                      {1, 0}},
        };
    }
    *pen += to - from;
    return ATL_OK;
}

atl_code atl_seats_monogram(struct atl_face *face, const struct atl_layout *wish,
                            struct atl_arena *arena, struct atl_seats *out, struct atl_error *err)
{
    struct letters letters = {0};
    struct atl_seats seats = {0};
    double pen = 0, outer = OUTER * wish->height_mm;
    atl_code rc = split(wish->lines[0], &letters, err);
    bool is_block = wish->monogram == ATL_MONOGRAM_BLOCK || letters.count < 3;

    if (!rc && !is_block && outer < ATL_LETTERING_LOW_MM)
        rc = atl_fail(err, ATL_E_INVALID,
                      "the outer letters would be %.1f mm high; take a monogram of %g mm or more",
                      outer, ATL_LETTERING_LOW_MM / OUTER);
    if (rc)
        return rc;
    seats.v = atl_arena_get(arena, ATL_SEATS_MONOGRAM_MAX, sizeof *seats.v);
    if (!seats.v)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a monogram");
    for (size_t i = 0; i < letters.count && !rc; i++) {
        if (i)
            pen += fmax(GAP_MM, GAP_SHARE * wish->height_mm);
        rc = add_letter(face, atl_arena_bytes(arena, letters.text[i], letters.len[i]),
                        is_block || i == 1 ? wish->height_mm : outer, &pen, arena, &seats, err);
    }
    for (size_t i = 0; i < seats.count; i++)
        seats.v[i].along -= pen / 2;
    if (!rc)
        *out = seats;
    return rc;
}
