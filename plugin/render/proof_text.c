// SPDX-License-Identifier: Apache-2.0
// The words in their font at true size: shaped and kerned by Pango, without hinting, without any
// other font stepping in.
#include "plugin/render/proof_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES_MAX = 1024 };

// Letters that draw nothing and need no glyph.
static bool is_blank(gunichar c)
{
    return c == ' ' || c == 0xa0;
}

// U+2019 becomes ' where the font has only that, as core/font.h says. Copies the line into out;
// returns the first letter that the font lacks, or 0.
static uint32_t take_line(const struct proof_font *font, const char *line, GString *out)
{
    for (const char *at = line; *at; at += g_utf8_skip[(guchar)*at]) {
        gunichar c = g_utf8_get_char(at);

        if (c == 0x2019 && !proof_font_has(font, c) && proof_font_has(font, '\''))
            c = '\'';
        if (!is_blank(c) && !proof_font_has(font, c))
            return c;
        g_string_append_unichar(out, c);
    }
    return 0;
}

static void start(struct proof_text *text, const struct atl_proof_request *request)
{
    cairo_font_options_t *options = cairo_font_options_create();
    PangoFontDescription *desc = pango_font_description_from_string(text->font.family);
    double em_um = (double)request->cap_um * text->font.units / text->font.cap_units;

    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    text->fonts = pango_cairo_font_map_new();
    text->context = pango_font_map_create_context(text->fonts);
    pango_cairo_context_set_font_options(text->context, options);
    pango_context_set_round_glyph_positions(text->context, FALSE);
    pango_font_description_set_absolute_size(desc, em_um / PROOF_UM * PANGO_SCALE);
    pango_context_set_font_description(text->context, desc);
    pango_font_description_free(desc);
    cairo_font_options_destroy(options);
}

// ATL_E_CORRUPT when Pango after all found no glyph: the two ways to look must agree.
static atl_code set_line(struct proof_text *text, const char *line, struct atl_error *err)
{
    PangoLayout *layout = pango_layout_new(text->context);
    PangoAttrList *list = pango_attr_list_new();

    pango_attr_list_insert(list, pango_attr_fallback_new(FALSE));
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_layout_set_text(layout, line, -1);
    text->lines[text->count++] = layout;
    if (pango_layout_get_unknown_glyphs_count(layout))
        return atl_fail(err, ATL_E_CORRUPT, "the font %s lost a letter while it was set",
                        text->font.family);
    return ATL_OK;
}

static atl_code set_lines(const struct atl_proof_request *request, struct proof_text *text,
                          uint32_t *letter, struct atl_error *err)
{
    GString *line = g_string_new(NULL);
    atl_code rc = ATL_OK;

    for (size_t i = 0; i < request->line_count && !rc; i++) {
        g_string_truncate(line, 0);
        *letter = take_line(&text->font, request->lines[i], line);
        if (*letter)
            break;
        if (strspn(line->str, " ") != line->len)
            rc = set_line(text, line->str, err);
    }
    g_string_free(line, TRUE);
    return rc;
}

static double um(int pango_units)
{
    return (double)pango_units / PANGO_SCALE * PROOF_UM;
}

// Ink of line i relative to its own origin on the baseline.
static struct proof_box ink_of(const struct proof_text *text, size_t i)
{
    PangoRectangle ink;

    pango_layout_line_get_extents(pango_layout_get_line_readonly(text->lines[i], 0), &ink, NULL);
    return (struct proof_box){um(ink.x), um(ink.y), um(ink.x + ink.width), um(ink.y + ink.height)};
}

// Lines are aligned by what is seen of them, not by their advance.
static void place(struct proof_text *text, const struct atl_proof_request *request)
{
    double pitch = (double)request->cap_um * PROOF_LINE_PERCENT / 100;

    for (size_t i = 0; i < text->count; i++) {
        struct proof_box ink = ink_of(text, i);
        double part = request->align == ATL_ALIGN_LEFT    ? 0
                      : request->align == ATL_ALIGN_RIGHT ? 1
                                                          : 0.5;
        struct proof_box *all = &text->ink;

        double x_um = -ink.left - (ink.right - ink.left) * part;
        double y_um = pitch * (double)i;

        ink = (struct proof_box){ink.left + x_um, ink.top + y_um, ink.right + x_um,
                                 ink.bottom + y_um};
        all->left = i ? fmin(all->left, ink.left) : ink.left;
        all->top = i ? fmin(all->top, ink.top) : ink.top;
        all->right = i ? fmax(all->right, ink.right) : ink.right;
        all->bottom = i ? fmax(all->bottom, ink.bottom) : ink.bottom;
    }
}

atl_code proof_text_set(const struct atl_proof_request *request, struct proof_text *text,
                        enum atl_proof_verdict *verdict, uint32_t *letter, struct atl_error *err)
{
    atl_code rc;

    *text = (struct proof_text){0};
    for (size_t i = 0; i < request->line_count; i++) {
        if (strlen(request->lines[i]) > LINE_BYTES_MAX ||
            !g_utf8_validate(request->lines[i], -1, NULL))
            return atl_fail(err, ATL_E_INVALID, "line %zu is too long or not UTF-8", i + 1);
    }
    rc = proof_font_open(request->font, &text->font, err);
    if (rc)
        return rc;
    start(text, request);
    *letter = 0;
    rc = set_lines(request, text, letter, err);
    if (rc)
        return rc;
    place(text, request);
    *verdict = *letter       ? ATL_PROOF_VERDICT_NO_GLYPH
               : text->count ? ATL_PROOF_VERDICT_READY
                             : ATL_PROOF_VERDICT_EMPTY;
    return ATL_OK;
}

void proof_text_free(struct proof_text *text)
{
    for (size_t i = 0; i < ATL_PROOF_LINES_MAX; i++)
        g_clear_object(&text->lines[i]);
    g_clear_object(&text->context);
    g_clear_object(&text->fonts);
    proof_font_close(&text->font);
}
