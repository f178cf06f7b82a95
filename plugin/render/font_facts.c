// SPDX-License-Identifier: Apache-2.0
#include "plugin/render/font_facts.h"

#include "plugin/render/proof_font.h"

atl_code atl_font_installed(const char *family, struct atl_error *err)
{
    struct proof_font font = {0};
    atl_code rc = proof_font_open(family, &font, err);

    proof_font_close(&font);
    return rc;
}

// FreeType gives code points ascending, as the format wants them.
static void add_glyphs(const struct proof_font *font, struct atl_buf *out)
{
    FT_UInt glyph = 0;
    FT_ULong code_point = FT_Get_First_Char(font->face, &glyph);

    for (; glyph; code_point = FT_Get_Next_Char(font->face, code_point, &glyph)) {
        if (code_point < 0x20 || FT_Load_Glyph(font->face, glyph, FT_LOAD_NO_SCALE))
            continue;
        atl_buf_addf(out, "glyph %lX %ld\n", code_point,
                     (long)font->face->glyph->metrics.horiAdvance);
    }
}

atl_code atl_font_facts_write(const char *family, struct atl_buf *out, struct atl_error *err)
{
    struct proof_font font = {0};
    atl_code rc = proof_font_open(family, &font, err);

    if (rc)
        return rc;
    atl_buf_addf(out,
                 "# atelier font facts 1\n# from %s, revision %ld.%03ld\nfamily %s\nunits %d\n"
                 "cap_height %d\n",
                 font.file, (long)(font.revision >> 16),
                 (long)((font.revision & 0xffff) * 1000 / 65536), font.family, font.units,
                 font.cap_units);
    add_glyphs(&font, out);
    proof_font_close(&font);
    return atl_buf_check(out, err);
}
