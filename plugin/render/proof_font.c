// SPDX-License-Identifier: Apache-2.0
// fontconfig always finds something; here it must find what was asked for.
#include "plugin/render/proof_font.h"

#include <fontconfig/fontconfig.h>
#include <math.h>
#include <pango/pango.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include FT_TRUETYPE_TABLES_H

enum { WEIGHT_TOLERANCE = 50 };

static int slant_of(const PangoFontDescription *desc)
{
    switch (pango_font_description_get_style(desc)) {
    case PANGO_STYLE_ITALIC:
        return FC_SLANT_ITALIC;
    case PANGO_STYLE_OBLIQUE:
        return FC_SLANT_OBLIQUE;
    case PANGO_STYLE_NORMAL:
        break;
    }
    return FC_SLANT_ROMAN;
}

static FcPattern *match_of(const PangoFontDescription *desc)
{
    FcPattern *asked = FcPatternCreate();
    FcPattern *found;
    FcResult result;

    FcPatternAddString(asked, FC_FAMILY, (const FcChar8 *)pango_font_description_get_family(desc));
    FcPatternAddInteger(asked, FC_WEIGHT,
                        FcWeightFromOpenType((int)pango_font_description_get_weight(desc)));
    FcPatternAddInteger(asked, FC_SLANT, slant_of(desc));
    FcConfigSubstitute(NULL, asked, FcMatchPattern);
    FcDefaultSubstitute(asked);
    found = FcFontMatch(NULL, asked, &result);
    FcPatternDestroy(asked);
    return found;
}

static const char *text_of(FcPattern *pattern, const char *object, int n)
{
    FcChar8 *text = NULL;

    return FcPatternGetString(pattern, object, n, &text) == FcResultMatch ? (const char *)text
                                                                          : NULL;
}

static bool has_family(FcPattern *found, const char *family)
{
    const char *name;

    for (int n = 0; (name = text_of(found, FC_FAMILY, n)); n++) {
        if (strcasecmp(name, family) == 0)
            return true;
    }
    return false;
}

static bool has_weight(FcPattern *found, int weight)
{
    FcRange *range = NULL;
    double low, high;
    int value = 0;

    if (FcPatternGetRange(found, FC_WEIGHT, 0, &range) == FcResultMatch &&
        FcRangeGetDouble(range, &low, &high))
        return FcWeightToOpenType((int)low) <= weight + WEIGHT_TOLERANCE &&
               FcWeightToOpenType((int)high) >= weight - WEIGHT_TOLERANCE;
    if (FcPatternGetInteger(found, FC_WEIGHT, 0, &value) != FcResultMatch)
        return false;
    value = FcWeightToOpenType(value) - weight;
    return value <= WEIGHT_TOLERANCE && value >= -WEIGHT_TOLERANCE;
}

static bool has_slant(FcPattern *found, int slant)
{
    int value = 0;

    FcPatternGetInteger(found, FC_SLANT, 0, &value);
    return (value == FC_SLANT_ROMAN) == (slant == FC_SLANT_ROMAN);
}

// fontconfig makes a bold or an italic out of a font that has none, by fattening or slanting it,
// and then says that it is one.
static bool is_made_up(FcPattern *found)
{
    FcBool is_fattened = FcFalse;
    FcMatrix *slanted = NULL;

    FcPatternGetBool(found, FC_EMBOLDEN, 0, &is_fattened);
    return is_fattened || FcPatternGetMatrix(found, FC_MATRIX, 0, &slanted) == FcResultMatch;
}

static atl_code check(FcPattern *found, const PangoFontDescription *desc, const char *family,
                      struct atl_error *err)
{
    const char *instead = text_of(found, FC_FAMILY, 0);
    const char *style = text_of(found, FC_STYLE, 0);

    if (has_family(found, pango_font_description_get_family(desc)) &&
        has_weight(found, (int)pango_font_description_get_weight(desc)) &&
        has_slant(found, slant_of(desc)) && !is_made_up(found))
        return ATL_OK;
    return atl_fail(err, ATL_E_NOT_FOUND,
                    "the font %s is not installed (%s %s would be taken): install its package",
                    family, instead ? instead : "nothing", style ? style : "");
}

// Capital height by the font's own word, else measured on an H.
static int32_t cap_units_of(FT_Face face)
{
    const TT_OS2 *os2 = FT_Get_Sfnt_Table(face, FT_SFNT_OS2);

    if (os2 && os2->version != 0xffff && os2->version >= 2 && os2->sCapHeight > 0)
        return os2->sCapHeight;
    if (FT_Load_Char(face, 'H', FT_LOAD_NO_SCALE) == 0)
        return (int32_t)face->glyph->metrics.horiBearingY;
    return 0;
}

static int64_t revision_of(FT_Face face)
{
    const TT_Header *head = FT_Get_Sfnt_Table(face, FT_SFNT_HEAD);

    return head ? head->Font_Revision : 0;
}

static atl_code load(FcPattern *found, struct proof_font *font, struct atl_error *err)
{
    const char *file = text_of(found, FC_FILE, 0);
    const char *slash = file ? strrchr(file, '/') : NULL;
    int index = 0;

    FcPatternGetInteger(found, FC_INDEX, 0, &index);
    if (!file || FT_Init_FreeType(&font->library))
        return atl_fail(err, ATL_E_NOMEM, "the font %s cannot be opened", font->family);
    if (index < 0 || strlen(file) >= sizeof font->path)
        return atl_fail(err, ATL_E_UNSUPPORTED, "the font file %s has too long a path", file);
    font->index = (uint32_t)index;
    memcpy(font->path, file, strlen(file) + 1);
    if (FT_New_Face(font->library, file, index, &font->face))
        return atl_fail(err, ATL_E_CORRUPT, "the font file %s cannot be read: install it again",
                        file);
    snprintf(font->file, sizeof font->file, "%s", slash ? slash + 1 : file);
    font->units = font->face->units_per_EM;
    font->cap_units = cap_units_of(font->face);
    font->revision = revision_of(font->face);
    if (font->units < 16 || font->cap_units < 1 ||
        FT_Select_Charmap(font->face, FT_ENCODING_UNICODE))
        return atl_fail(err, ATL_E_UNSUPPORTED,
                        "the font %s has no outlines, no capitals or no Unicode: take another",
                        font->family);
    return ATL_OK;
}

static void name(PangoFontDescription *desc, char *out, size_t size)
{
    char *text;

    pango_font_description_unset_fields(desc, PANGO_FONT_MASK_SIZE);
    text = pango_font_description_to_string(desc);
    snprintf(out, size, "%s", text);
    g_free(text);
}

atl_code proof_font_open(const char *family, struct proof_font *out, struct atl_error *err)
{
    struct proof_font font = {0};
    PangoFontDescription *desc = pango_font_description_from_string(family);
    FcPattern *found = NULL;
    atl_code rc;

    if (!pango_font_description_get_family(desc) || strlen(family) >= sizeof font.family) {
        rc = atl_fail(err, ATL_E_INVALID, "\"%.40s\" names no font", family);
        goto out;
    }
    found = match_of(desc);
    if (!found) {
        rc = atl_fail(err, ATL_E_NOT_FOUND,
                      "no font is installed at all: install fonts-dejavu-core");
        goto out;
    }
    name(desc, font.family, sizeof font.family);
    rc = check(found, desc, font.family, err);
    if (!rc)
        rc = load(found, &font, err);
    if (!rc) {
        *out = font;
        font = (struct proof_font){0}; // now owned by the caller
    }
out:
    proof_font_close(&font);
    if (found)
        FcPatternDestroy(found);
    pango_font_description_free(desc);
    return rc;
}

void proof_font_close(struct proof_font *font)
{
    if (font->face)
        FT_Done_Face(font->face);
    if (font->library)
        FT_Done_FreeType(font->library);
    *font = (struct proof_font){0};
}

bool proof_font_has(const struct proof_font *font, uint32_t code_point)
{
    return FT_Get_Char_Index(font->face, code_point) != 0;
}
