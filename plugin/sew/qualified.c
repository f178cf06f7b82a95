// SPDX-License-Identifier: Apache-2.0
#include "plugin/sew/qualified.h"

#include "plugin/core/font_sewn.h"
#include "plugin/render/font_file.h"
#include "plugin/sew/files.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { FILE_BYTES = 4 << 20, ARENA_BYTES = 8 << 20 };

static atl_code load(const struct sew_options *options, const char *name, struct atl_arena *arena,
                     struct atl_font_sewn *out, struct atl_error *err)
{
    char path[PATH_MAX];
    struct atl_buf text;
    atl_code rc;

    snprintf(path, sizeof path, "%s/fonts/%s.qualified", options->catalogue, name);
    rc = sew_file_read(path, FILE_BYTES, &text, err);
    if (!rc)
        rc = atl_font_sewn_parse(path, text.len ? (const char *)text.data : "", text.len, arena,
                                 out, err);
    atl_buf_free(&text);
    return rc;
}

static uint32_t lacks(const struct atl_font_sewn *sewn, const char *text, double mm)
{
    return atl_font_sewn_lacks(sewn, text, (int32_t)lround(mm * 1000));
}

// The nearest of the judged heights at which the whole text is good; 0: none.
static double nearest(const struct atl_font_sewn *sewn, const char *text, double mm)
{
    double best = 0;

    for (size_t i = 0; i < sewn->height_count; i++) {
        double height = sewn->heights_um[i] / 1000.0;

        if (!lacks(sewn, text, height) && (best == 0 || fabs(height - mm) < fabs(best - mm)))
            best = height;
    }
    return best;
}

static atl_code judge(const struct atl_font_sewn *sewn, const struct sew_judged *judged,
                      struct atl_error *err)
{
    double mm = judged->height_mm;
    uint32_t letter = lacks(sewn, judged->text, mm);
    double other;
    char word[5] = "";

    if (!letter)
        return ATL_OK;
    other = nearest(sewn, judged->text, mm) / judged->share;
    word[atl_text_encode(letter, word)] = 0;
    if (other > 0 && other <= ATL_LETTERING_HIGH_MM)
        return atl_fail(err, ATL_E_UNSUPPORTED,
                        "\"%s\" does not come out well %.3g mm high in %s: take %s%.3g mm, or say "
                        "--unqualified to sew it all the same",
                        word, mm, sewn->family, judged->share < 1 ? "a monogram of " : "", other);
    return atl_fail(err, ATL_E_UNSUPPORTED,
                    "\"%s\" does not come out well %.3g mm high in %s, nor does this text at any "
                    "judged height: take another font, or say --unqualified",
                    word, mm, sewn->family);
}

atl_code sew_qualified_check(const struct sew_options *options, struct sew_design *design,
                             const struct sew_judged *judged, struct atl_error *err)
{
    static struct sew_list list;
    atl_code rc = ATL_OK;

    if (!options->font || options->is_unqualified ||
        sew_file_list(options->catalogue, "fonts", ".qualified", &list, NULL))
        return ATL_OK;
    for (size_t i = 0; i < list.count && !rc; i++) {
        struct atl_font_sewn sewn = {0};
        struct atl_arena arena;

        atl_arena_init(&arena, ARENA_BYTES);
        rc = load(options, list.names[i], &arena, &sewn, err);
        if (!rc && strcasecmp(sewn.family, options->font) == 0) {
            design->is_judged = true;
            rc = judge(&sewn, judged, err);
        }
        atl_arena_free(&arena);
    }
    return rc;
}

static void print_font(const struct atl_font_sewn *sewn)
{
    struct atl_font_file file;
    bool is_installed = atl_font_file_find(sewn->family, &file, NULL) == ATL_OK;

    printf("%-24s %-14s", sewn->family, is_installed ? "" : "not installed");
    for (size_t i = 0; i < sewn->height_count; i++) {
        size_t good = 0;

        for (size_t k = 0; k < sewn->glyph_count; k++)
            good += sewn->glyphs[k].good >> i & 1;
        printf("  %g mm: %zu of %zu", sewn->heights_um[i] / 1000.0, good, sewn->glyph_count);
    }
    printf(" letters good\n");
}

atl_code sew_qualified_list(const struct sew_options *options, struct atl_error *err)
{
    static struct sew_list list;
    atl_code rc = sew_file_list(options->catalogue, "fonts", ".qualified", &list, err);

    for (size_t i = 0; i < list.count && !rc; i++) {
        struct atl_font_sewn sewn = {0};
        struct atl_arena arena;

        atl_arena_init(&arena, ARENA_BYTES);
        rc = load(options, list.names[i], &arena, &sewn, err);
        if (!rc)
            print_font(&sewn);
        atl_arena_free(&arena);
    }
    if (!rc)
        printf("Any other installed font (fc-list) is sewn as well, but nobody has judged its "
               "letters.\n");
    return rc;
}
