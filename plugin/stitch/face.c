// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/face.h"

#include <hb.h>
#include <stdlib.h>
#include <string.h>

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_TRUETYPE_TABLES_H

#define TOLERANCE  0.01 // mm between a curve and its chords
#define APOSTROPHE 0x2019

struct atl_face {
    FT_Library library;
    FT_Face ft;
    hb_font_t *hb;
    double cap_height;
};

static double cap_height(FT_Face ft)
{
    const TT_OS2 *os2 = FT_Get_Sfnt_Table(ft, FT_SFNT_OS2);
    FT_BBox box;

    if (os2 && os2->version >= 2 && os2->version != 0xFFFF && os2->sCapHeight > 0)
        return os2->sCapHeight;
    if (!FT_Load_Char(ft, 'H', FT_LOAD_NO_SCALE) && ft->glyph->format == FT_GLYPH_FORMAT_OUTLINE) {
        FT_Outline_Get_CBox(&ft->glyph->outline, &box);
        if (box.yMax > 0)
            return (double)box.yMax;
    }
    return 0.7 * (ft->units_per_EM ? ft->units_per_EM : 1000);
}

static hb_font_t *open_hb(const char *path, uint32_t index)
{
    hb_blob_t *blob = hb_blob_create_from_file_or_fail(path);
    hb_face_t *face;
    hb_font_t *font = NULL;

    if (!blob)
        return NULL;
    face = hb_face_create(blob, index);
    font = hb_font_create(face); // in the face's units
    hb_face_destroy(face);
    hb_blob_destroy(blob);
    return font;
}

atl_code atl_face_open(const char *path, uint32_t index, struct atl_face **out,
                       struct atl_error *err)
{
    struct atl_face *face = calloc(1, sizeof *face);
    atl_code rc = ATL_OK;

    if (!face)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a font");
    if (FT_Init_FreeType(&face->library))
        rc = atl_fail(err, ATL_E_NOMEM, "FreeType does not start");
    else if (FT_New_Face(face->library, path, (FT_Long)index, &face->ft))
        rc = atl_fail(err, ATL_E_IO, "font %s cannot be read: is it a font, and whole?", path);
    else if (!FT_IS_SCALABLE(face->ft))
        rc = atl_fail(err, ATL_E_UNSUPPORTED, "font %s has no outlines", path);
    else if (!(face->hb = open_hb(path, index)))
        rc = atl_fail(err, ATL_E_IO, "font %s cannot be read by HarfBuzz", path);
    if (rc) {
        atl_face_close(face);
        return rc;
    }
    face->cap_height = cap_height(face->ft);
    *out = face;
    return ATL_OK;
}

void atl_face_close(struct atl_face *face)
{
    if (!face)
        return;
    if (face->hb)
        hb_font_destroy(face->hb);
    if (face->ft)
        (void)FT_Done_Face(face->ft);
    if (face->library)
        (void)FT_Done_FreeType(face->library);
    free(face);
}

double atl_face_cap_height(const struct atl_face *face)
{
    return face->cap_height;
}

static void add_text(const struct atl_face *face, hb_buffer_t *buffer, const char *text)
{
    unsigned count;
    hb_glyph_info_t *info;
    hb_codepoint_t glyph;

    hb_buffer_add_utf8(buffer, text, -1, 0, -1);
    info = hb_buffer_get_glyph_infos(buffer, &count); // still code points
    for (unsigned i = 0; i < count; i++) {
        if (info[i].codepoint == APOSTROPHE &&
            !hb_font_get_nominal_glyph(face->hb, APOSTROPHE, &glyph))
            info[i].codepoint = '\'';
    }
    hb_buffer_guess_segment_properties(buffer);
}

static atl_code missing(const char *text, uint32_t cluster, struct atl_error *err)
{
    size_t len = 1;

    while ((text[cluster + len] & 0xC0) == 0x80)
        len++;
    return atl_fail(err, ATL_E_INVALID,
                    "the font has no letter \"%.*s\": take another font, or write it otherwise",
                    (int)len, text + cluster);
}

atl_code atl_face_shape(struct atl_face *face, const char *text, struct atl_arena *arena,
                        struct atl_run *out, struct atl_error *err)
{
    hb_buffer_t *buffer = hb_buffer_create();
    const hb_glyph_info_t *info;
    const hb_glyph_position_t *pos;
    struct atl_run run = {0};
    unsigned count;
    int32_t y = 0;
    atl_code rc = ATL_OK;

    add_text(face, buffer, text);
    hb_shape(face->hb, buffer, NULL, 0);
    info = hb_buffer_get_glyph_infos(buffer, &count);
    pos = hb_buffer_get_glyph_positions(buffer, &count);
    run.glyphs = atl_arena_get(arena, count + 1, sizeof *run.glyphs);
    if (!run.glyphs || !hb_buffer_allocation_successful(buffer))
        rc = atl_fail(err, ATL_E_NOMEM, "out of memory for a line of text");
    for (unsigned i = 0; !rc && i < count; i++) {
        if (!info[i].codepoint) {
            rc = missing(text, info[i].cluster, err);
            break;
        }
        run.glyphs[run.count++] =
            (struct atl_placed){info[i].codepoint,   info[i].cluster, run.width + pos[i].x_offset,
                                y + pos[i].y_offset, run.width,       pos[i].x_advance};
        run.width += pos[i].x_advance;
        y += pos[i].y_advance;
    }
    hb_buffer_destroy(buffer);
    if (!rc)
        *out = run;
    return rc;
}

struct pen {
    struct atl_contours *out;
    double scale;
    struct atl_vec at;
    struct atl_vec last;
};

static struct atl_vec place(const struct pen *pen, const FT_Vector *v)
{
    return (struct atl_vec){pen->at.x + (double)v->x * pen->scale,
                            pen->at.y + (double)v->y * pen->scale};
}

static int move_to(const FT_Vector *to, void *user)
{
    struct pen *pen = user;

    atl_contours_begin(pen->out);
    pen->last = place(pen, to);
    atl_contours_add(pen->out, pen->last);
    return 0;
}

static int line_to(const FT_Vector *to, void *user)
{
    struct pen *pen = user;

    pen->last = place(pen, to);
    atl_contours_add(pen->out, pen->last);
    return 0;
}

static int cubic(struct pen *pen, struct atl_vec b, struct atl_vec c, struct atl_vec d)
{
    struct atl_vec a = pen->last;
    double bend = fmax(vec_len(vec_sub(vec_add(a, c), vec_mul(b, 2))),
                       vec_len(vec_sub(vec_add(b, d), vec_mul(c, 2))));
    int n = (int)clamp(ceil(sqrt(0.75 * bend / TOLERANCE)), 1, 64);

    for (int i = 1; i <= n; i++) {
        double t = (double)i / n;
        double u = 1 - t;
        struct atl_vec p = vec_mul(a, u * u * u);

        p = vec_along(p, b, 3 * u * u * t);
        p = vec_along(p, c, 3 * u * t * t);
        atl_contours_add(pen->out, vec_along(p, d, t * t * t));
    }
    pen->last = d;
    return 0;
}

static int cubic_to(const FT_Vector *b, const FT_Vector *c, const FT_Vector *d, void *user)
{
    struct pen *pen = user;

    return cubic(pen, place(pen, b), place(pen, c), place(pen, d));
}

static int conic_to(const FT_Vector *control, const FT_Vector *to, void *user)
{
    struct pen *pen = user;
    struct atl_vec b = place(pen, control);
    struct atl_vec d = place(pen, to);

    return cubic(pen, vec_mix(pen->last, b, 2.0 / 3), vec_mix(d, b, 2.0 / 3), d);
}

atl_code atl_face_outline(struct atl_face *face, uint32_t glyph, double scale, struct atl_vec at,
                          struct atl_contours *out, struct atl_error *err)
{
    static const FT_Outline_Funcs funcs = {move_to, line_to, conic_to, cubic_to, 0, 0};
    struct pen pen = {out, scale, at, at};

    if (FT_Load_Glyph(face->ft, glyph, FT_LOAD_NO_SCALE | FT_LOAD_NO_HINTING) ||
        face->ft->glyph->format != FT_GLYPH_FORMAT_OUTLINE)
        return atl_fail(err, ATL_E_UNSUPPORTED, "glyph %u of the font has no outline",
                        (unsigned)glyph);
    if (FT_Outline_Decompose(&face->ft->glyph->outline, &funcs, &pen) || out->points.failed ||
        out->failed)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a letter");
    return ATL_OK;
}
