// SPDX-License-Identifier: Apache-2.0
// Small text and colours of the proofs' pictures.
#include "plugin/render/proof_parts.h"

#include <math.h>
#include <stdio.h>

void proof_mm(double um, char decimal_mark, char *out, size_t size)
{
    long tenths = lround(um / 100);

    if (tenths % 10 == 0)
        snprintf(out, size, "%ld mm", tenths / 10);
    else
        snprintf(out, size, "%ld%c%ld mm", tenths / 10, decimal_mark == ',' ? ',' : '.',
                 tenths % 10);
}

void proof_set_rgb(cairo_t *cr, uint32_t rgb, double alpha)
{
    cairo_set_source_rgba(cr, (rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0,
                          (rgb & 0xff) / 255.0, alpha);
}

double proof_lightness(uint32_t rgb)
{
    return ((rgb >> 16 & 0xff) * 0.299 + (rgb >> 8 & 0xff) * 0.587 + (rgb & 0xff) * 0.114) / 255.0;
}

// The words as they will be drawn; *logical: their box.
static PangoLayout *set_label(cairo_t *cr, const struct proof_label *label, PangoRectangle *logical)
{
    PangoLayout *layout = pango_cairo_create_layout(cr);
    PangoFontDescription *desc = pango_font_description_from_string(label->font);
    PangoAttrList *list = pango_attr_list_new();

    pango_attr_list_insert(
        list, pango_attr_letter_spacing_new((int)lround(label->spacing * PANGO_SCALE)));
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    pango_layout_set_font_description(layout, desc);
    pango_font_description_free(desc);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    if (label->max_width > 0) {
        pango_layout_set_width(layout, (int)lround(label->max_width * PANGO_SCALE));
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    }
    pango_layout_set_text(layout, label->text, -1);
    pango_layout_get_pixel_extents(layout, NULL, logical);
    return layout;
}

double proof_label_width(cairo_t *cr, const struct proof_label *label)
{
    PangoRectangle logical;

    g_object_unref(set_label(cr, label, &logical));
    return logical.width;
}

double proof_label(cairo_t *cr, const struct proof_label *label)
{
    PangoRectangle logical;
    PangoLayout *layout = set_label(cr, label, &logical);

    cairo_move_to(cr, round(label->x - logical.x - logical.width * (label->align + 1) / 2.0),
                  round(label->y - logical.height / 2.0));
    pango_cairo_show_layout(cr, layout);
    g_object_unref(layout);
    return logical.width;
}
