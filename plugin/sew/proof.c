// SPDX-License-Identifier: Apache-2.0
#include "plugin/sew/proof.h"

#include "plugin/core/words.h"
#include "plugin/render/png.h"
#include "plugin/render/stitch_picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FACT_BYTES = 64, PICTURE_BYTES = 64 << 20, NATURAL = 0xe8dfcc, NAVY = 0x1c2a4a };

// In the guest's language; %s is a number.
static const struct {
    const char *stitches, *minutes, *mark;
    const char *thousands;
    char decimal;
} WORDS[ATL_LANG_COUNT] = {
    [ATL_LANG_EN] = {"%s stitches", "%s min",   "Drawn from the stitch file",     ",",      '.'},
    [ATL_LANG_FR] = {"%s points",   "%s min",   "Dessiné d’après le fichier", "\u202f", ','},
    [ATL_LANG_JA] = {"%s針",       "約%s分", "刺繍データから描画",    ",",      '.'},
};

struct place {
    double x, y, px_per_mm;
};

// "120,340,6.5"
static atl_code read_place(const char *text, struct place *out, struct atl_error *err)
{
    double number[3] = {0};
    const char *at = text;

    for (int i = 0; i < 3; i++) {
        char *end = NULL;

        number[i] = strtod(at, &end);
        if (end == at || *end != (i < 2 ? ',' : '\0'))
            return atl_fail(err, ATL_E_INVALID,
                            "--place %.30s: say X,Y,N, the design's middle in pixels of the "
                            "picture and its pixels a mm, as in 640,420,6.5",
                            text);
        at = end + 1;
    }
    *out = (struct place){number[0], number[1], number[2]};
    return ATL_OK;
}

static bool is_svg(const struct sew_options *options)
{
    return sew_file_ends(options->proof, ".svg");
}

atl_code sew_proof_check(const struct sew_options *options, struct atl_error *err)
{
    double width = 0;
    uint32_t cloth = 0;
    enum atl_lang lang;
    struct place place;
    atl_code rc;

    if (!options->proof)
        return ATL_OK;
    if (!is_svg(options) && !sew_file_ends(options->proof, ".png"))
        return atl_fail(err, ATL_E_INVALID, "--proof %.60s: let it end in .png or .svg",
                        options->proof);
    if (options->language && !atl_lang_find(options->language, &lang))
        return atl_fail(err, ATL_E_INVALID, "--language %.20s is not spoken here: en, fr, ja are",
                        options->language);
    rc = sew_number("width", options->width, ATL_STITCH_PICTURE_MIN_PX, ATL_STITCH_PICTURE_MAX_PX,
                    &width, err);
    if (!rc)
        rc = sew_rgb("cloth", options->cloth, &cloth, err);
    if (!rc && options->place)
        rc = read_place(options->place, &place, err);
    return rc ? rc : sew_file_free(options->proof, options->is_forced, err);
}

static void say_count(uint32_t count, const char *thousands, char *out, size_t size)
{
    if (count < 1000)
        snprintf(out, size, "%u", (unsigned)count);
    else
        snprintf(out, size, "%u%s%03u", (unsigned)(count / 1000), thousands,
                 (unsigned)(count % 1000));
}

// The words of WORDS are ours: a %s and nothing else.
static void say(const char *words, const char *number, char out[FACT_BYTES])
{
    const char *at = strstr(words, "%s");

    snprintf(out, FACT_BYTES, "%.*s%s%s", (int)(at - words), words, number, at + 2);
}

static void say_size(const struct atl_plan *plan, char decimal, char out[FACT_BYTES])
{
    struct atl_plan_bounds box = atl_plan_bounds(plan);
    int wide = box.right_dmm - box.left_dmm, high = box.top_dmm - box.bottom_dmm;

    snprintf(out, FACT_BYTES, "%d%c%d × %d%c%d mm", wide / 10, decimal, wide % 10, high / 10,
             decimal, high % 10);
}

struct facts {
    char size[FACT_BYTES], stitches[FACT_BYTES], minutes[FACT_BYTES];
};

static void fill_facts(const struct sew_proof *proof, enum atl_lang lang, struct facts *facts)
{
    char number[24];

    say_size(proof->plan, WORDS[lang].decimal, facts->size);
    say_count(atl_plan_counts(proof->plan).stitches, WORDS[lang].thousands, number, sizeof number);
    say(WORDS[lang].stitches, number, facts->stitches);
    say_count((proof->run_s + 59) / 60, WORDS[lang].thousands, number, sizeof number);
    say(WORDS[lang].minutes, number, facts->minutes);
    if (!proof->run_s)
        facts->minutes[0] = 0;
}

// What is seen well: dark thread on natural canvas, light thread on navy.
static uint32_t cloth_for(const struct atl_thread *thread)
{
    uint32_t rgb = thread->rgb;
    unsigned light =
        ((rgb >> 16 & 0xff) * 299 + (rgb >> 8 & 0xff) * 587 + (rgb & 0xff) * 114) / 1000;

    return light < 150 ? NATURAL : NAVY;
}

static enum atl_stitch_cloth structure_of(const char *fabric)
{
    if (!fabric || strcmp(fabric, "canvas") == 0)
        return ATL_STITCH_CLOTH_WEAVE;
    return strcmp(fabric, "jersey") == 0 ? ATL_STITCH_CLOTH_KNIT : ATL_STITCH_CLOTH_SMOOTH;
}

static atl_code read_product(const struct sew_options *options, struct atl_picture *picture,
                             struct atl_stitch_product *product, struct atl_error *err)
{
    struct place place = {0};
    struct atl_buf bytes;
    atl_code rc = read_place(options->place, &place, err);

    if (rc)
        return rc;
    rc = sew_file_read(options->product, ATL_PNG_BYTES_MAX, &bytes, err);
    if (!rc)
        rc = atl_png_read(options->product, bytes.len ? (const void *)bytes.data : "", bytes.len,
                          picture, err);
    atl_buf_free(&bytes);
    *product = (struct atl_stitch_product){picture, place.x, place.y, place.px_per_mm};
    return rc;
}

static atl_code draw(const struct sew_options *options, const struct sew_proof *proof,
                     const struct atl_stitch_picture *look, struct atl_buf *out,
                     struct atl_error *err)
{
    struct atl_picture picture = {0};
    atl_code rc;

    if (is_svg(options))
        return atl_stitch_picture_svg(proof->plan, look, out, err);
    rc = atl_stitch_picture_draw(proof->plan, look, &picture, err);
    if (!rc)
        rc = atl_png_write_picture(&picture, out, err);
    atl_picture_free(&picture);
    return rc;
}

static atl_code draw_look(const struct sew_options *options, const struct sew_proof *proof,
                          const struct atl_stitch_thread *threads, struct atl_buf *out,
                          struct atl_error *err)
{
    enum atl_lang lang = atl_lang_of(options->language);
    struct atl_stitch_product product;
    struct atl_picture picture = {0};
    struct facts facts;
    double width = 0;
    struct atl_stitch_picture look = {
        .fabric_rgb = cloth_for(&proof->threads[0]),
        .cloth = structure_of(options->fabric),
        .threads = threads,
        .thread_count = proof->thread_count,
        .has_measures = true,
        .decimal_mark = WORDS[lang].decimal,
        .title = options->title,
        .place = proof->subtitle,
        .facts = {facts.size, facts.stitches, facts.minutes},
        .fact_count = 3,
        .field_um = proof->field_um,
        .field_high_um = proof->field_high_um,
        .mark = WORDS[lang].mark,
    };
    atl_code rc = sew_rgb("cloth", options->cloth, &look.fabric_rgb, err);

    fill_facts(proof, lang, &facts);
    if (!rc)
        rc = sew_number("width", options->width, ATL_STITCH_PICTURE_MIN_PX,
                        ATL_STITCH_PICTURE_MAX_PX, &width, err);
    look.width_px = (uint32_t)width;
    if (!rc && options->product) {
        rc = read_product(options, &picture, &product, err);
        look.product = &product;
        look.has_measures = false;
        look.field_um = 0;
    }
    if (!rc)
        rc = draw(options, proof, &look, out, err);
    atl_picture_free(&picture);
    return rc;
}

atl_code sew_proof_stage(const struct sew_options *options, const struct sew_proof *proof,
                         struct sew_staged *out, struct atl_error *err)
{
    struct atl_stitch_thread *threads = calloc(proof->thread_count, sizeof *threads);
    char(*words)[80] = calloc(proof->thread_count, sizeof *words);
    struct atl_buf bytes;
    atl_code rc;

    atl_buf_init(&bytes, PICTURE_BYTES);
    rc = threads && words ? ATL_OK : atl_fail(err, ATL_E_NOMEM, "out of memory for a proof");
    for (size_t i = 0; !rc && i < proof->thread_count; i++) {
        const struct atl_thread *thread = &proof->threads[i];

        snprintf(words[i], sizeof words[i], "%s%s%s%s%s", thread->chart, *thread->chart ? " " : "",
                 thread->number, *thread->name && *thread->number ? ", " : "", thread->name);
        threads[i] = (struct atl_stitch_thread){thread->rgb, words[i]};
    }
    if (!rc)
        rc = draw_look(options, proof, threads, &bytes, err);
    if (!rc)
        rc = sew_file_stage(options->proof, options->is_forced, &bytes, out, err);
    atl_buf_free(&bytes);
    free(words);
    free(threads);
    return rc;
}
