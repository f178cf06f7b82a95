// SPDX-License-Identifier: Apache-2.0
// The same picture as an SVG file: each piece of thread a dark stroke, the thread on it, and its
// shine. Coordinates are tenths of a pixel, so the file says the same on every machine.
#include "plugin/render/stitch_picture_parts.h"

#include <math.h>
#include <stdlib.h>

enum { TONES = 6 }; // of a thread, by direction

#define SANS  "Liberation Sans,Arial,Helvetica,sans-serif"
#define SERIF "Liberation Serif,Times New Roman,serif"

static void add_text(struct atl_buf *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<':
            ATL_BUF_LIT(out, "&lt;");
            break;
        case '>':
            ATL_BUF_LIT(out, "&gt;");
            break;
        case '&':
            ATL_BUF_LIT(out, "&amp;");
            break;
        case '"':
            ATL_BUF_LIT(out, "&quot;");
            break;
        default:
            if ((unsigned char)*text >= ' ')
                atl_buf_add(out, text, 1);
            else
                ATL_BUF_LIT(out, " ");
        }
    }
}

static int tenth(double px)
{
    return (int)lround(px * 10);
}

static void add_path(struct atl_buf *out, const struct stitch_piece *piece, double from, double to)
{
    double dx = piece->x2 - piece->x1, dy = piece->y2 - piece->y1;

    atl_buf_addf(out, "d=\"M%d %dL%d %d\"/>", tenth(piece->x1 + from * dx),
                 tenth(piece->y1 + from * dy), tenth(piece->x1 + to * dx),
                 tenth(piece->y1 + to * dy));
}

static void add_piece(struct atl_buf *out, const struct stitch_piece *piece)
{
    double along;
    double shine = stitch_thread_shine(piece, &along);
    int tone = (int)(shine * (TONES - 1) + 0.5);

    atl_buf_addf(out, "<path class=\"e%zu\" ", piece->block);
    add_path(out, piece, 0, 1);
    atl_buf_addf(out, "<path class=\"t%zu-%d\" ", piece->block, tone);
    add_path(out, piece, 0, 1);
    atl_buf_addf(out, "<path class=\"h%zu\" ", piece->block);
    add_path(out, piece, fmax(0.08, along - 0.2), fmin(0.92, along + 0.2));
    ATL_BUF_LIT(out, "\n");
}

static void add_style(struct atl_buf *out, const struct stitch_scene *scene, size_t blocks)
{
    double wide = STITCH_THREAD_MM * scene->px_per_mm * 10;

    atl_buf_addf(out, "<style>path{fill:none;stroke-linecap:round}\n");
    for (size_t i = 0; i < blocks; i++) {
        uint32_t rgb = scene->threads[i].rgb;

        atl_buf_addf(out, ".e%zu{stroke:#%06x;stroke-width:%.1f}", i,
                     (unsigned)stitch_thread_lit(rgb, 0.45), wide);
        atl_buf_addf(out, ".h%zu{stroke:#%06x;stroke-width:%.1f;stroke-opacity:.7}", i,
                     (unsigned)stitch_thread_lit(rgb, 1.5), wide * 0.3);
        for (int tone = 0; tone < TONES; tone++)
            atl_buf_addf(out, ".t%zu-%d{stroke:#%06x;stroke-width:%.1f}", i, tone,
                         (unsigned)stitch_thread_lit(rgb, 0.82 + 0.3 * tone / (TONES - 1)),
                         wide * 0.74);
        ATL_BUF_LIT(out, "\n");
    }
    ATL_BUF_LIT(out, "</style>\n");
}

// A plain weave as a pattern of two crossings, and the shadow of the thread.
static void add_cloth(struct atl_buf *out, const struct stitch_scene *scene)
{
    double pitch = fmax(4, round(0.48 * scene->px_per_mm));
    double inset = pitch * 0.12, long_side = pitch * 0.92, short_side = pitch * 0.76;

    atl_buf_addf(out,
                 "<defs><pattern id=\"weave\" width=\"%.2f\" height=\"%.2f\" "
                 "patternUnits=\"userSpaceOnUse\"><path d=\"M0 0h%.2fv%.2fh-%.2f\" "
                 "style=\"fill:#000;fill-opacity:.06\"/><g fill=\"#fff\" fill-opacity=\".09\">",
                 2 * pitch, 2 * pitch, 2 * pitch, 2 * pitch, 2 * pitch);
    for (int i = 0; i < 4; i++) {
        bool is_warp = i == 0 || i == 3;

        atl_buf_addf(
            out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" rx=\"%.2f\"/>",
            (i % 2) * pitch + (is_warp ? inset : 0), (i / 2) * pitch + (is_warp ? 0 : inset),
            is_warp ? short_side : long_side, is_warp ? long_side : short_side, pitch * 0.3);
    }
    ATL_BUF_LIT(out, "</g></pattern>");
    // Not feDropShadow: printers' and mail programs' viewers know the older elements only.
    atl_buf_addf(out,
                 "<filter id=\"shadow\" x=\"-5%%\" y=\"-20%%\" width=\"110%%\" "
                 "height=\"150%%\"><feGaussianBlur in=\"SourceAlpha\" stdDeviation=\"%.2f\"/>"
                 "<feOffset dx=\"%.2f\" dy=\"%.2f\"/><feComponentTransfer><feFuncA "
                 "type=\"linear\" slope=\".45\"/></feComponentTransfer><feMerge><feMergeNode/>"
                 "<feMergeNode in=\"SourceGraphic\"/></feMerge></filter></defs>\n",
                 0.22 * scene->px_per_mm, 0.12 * scene->px_per_mm, 0.2 * scene->px_per_mm);
    atl_buf_addf(out,
                 "<rect width=\"%.0f\" height=\"%.0f\" fill=\"#%06x\"/>"
                 "<rect width=\"%.0f\" height=\"%.0f\" fill=\"url(#weave)\"/>\n",
                 scene->width, scene->cloth, (unsigned)(scene->cloth_rgb & 0xffffff), scene->width,
                 scene->cloth);
}

struct words {
    const char *text;
    const char *family;
    const char *anchor;
    double x, y, size;
    uint32_t rgb;
};

static void add_words(struct atl_buf *out, const struct words *words)
{
    atl_buf_addf(out,
                 "<text x=\"%.1f\" y=\"%.1f\" font-family=\"%s\" font-size=\"%.1f\" "
                 "text-anchor=\"%s\" fill=\"#%06x\" xml:space=\"preserve\">",
                 words->x, words->y + words->size * 0.35, words->family, words->size, words->anchor,
                 (unsigned)words->rgb);
    add_text(out, words->text);
    ATL_BUF_LIT(out, "</text>\n");
}

static void add_marks(struct atl_buf *out, const struct stitch_scene *scene)
{
    const struct proof_box *ink = &scene->ink, *field = &scene->field;
    uint32_t chalk = proof_lightness(scene->cloth_rgb) > 0.45 ? 0x1e1a16 : 0xffffff;
    double unit = scene->unit, gap = 24 * unit;
    // On a product's picture the design may stand at its right edge: then on the other side.
    bool is_left = ink->right + gap + 36 * unit > scene->width;
    double x = is_left ? ink->left - gap : ink->right + gap;
    char mm[32];
    struct words words = {.text = mm, .family = SANS, .size = 19 * unit, .rgb = chalk};

    if (scene->shows_field)
        atl_buf_addf(out,
                     "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%.1f\" "
                     "fill=\"none\" stroke=\"#%06x\" stroke-opacity=\".35\" stroke-width=\"%.1f\" "
                     "stroke-dasharray=\"%.1f %.1f\"/>\n",
                     field->left, field->top, field->right - field->left,
                     field->bottom - field->top, 14 * unit, (unsigned)chalk, 2.4 * unit, 11 * unit,
                     8 * unit);
    if (!scene->look->has_measures)
        return;
    atl_buf_addf(out,
                 "<path d=\"M%.1f %.1fH%.1fM%.1f %.1fV%.1f\" stroke=\"#%06x\" "
                 "stroke-opacity=\".55\" stroke-width=\"%.1f\"/>\n",
                 ink->left, ink->bottom + gap, ink->right, x, ink->top, ink->bottom,
                 (unsigned)chalk, 1.2 * unit);
    proof_mm(scene->ink_wide_um, scene->look->decimal_mark, mm, sizeof mm);
    words.anchor = "middle";
    words.x = (ink->left + ink->right) / 2;
    words.y = ink->bottom + gap + 19 * unit;
    add_words(out, &words);
    proof_mm(scene->ink_high_um, scene->look->decimal_mark, mm, sizeof mm);
    words.anchor = is_left ? "end" : "start";
    words.x = is_left ? x - 10 * unit : x + 10 * unit;
    words.y = (ink->top + ink->bottom) / 2;
    add_words(out, &words);
}

static void add_row(struct atl_buf *out, const struct stitch_scene *scene,
                    const struct stitch_card_row *row, size_t number, bool is_right)
{
    struct words words = {
        .text = row->text,
        .family = row->is_title ? SERIF : SANS,
        .anchor = is_right ? "end" : "start",
        .x = is_right ? scene->width - 44 * scene->unit : 44 * scene->unit,
        .y = stitch_card_row_y(scene, number),
        .size = (row->is_title  ? 33
                 : row->is_pale ? 19
                                : 21) *
                scene->unit,
        .rgb = row->is_pale ? PROOF_PALE_INK : PROOF_INK,
    };

    if (row->has_swatch) {
        // How wide the text becomes is the viewer's matter, so the swatch stands behind it.
        words.x -= 40 * scene->unit;
        atl_buf_addf(out,
                     "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"#%06x\" "
                     "stroke=\"#000\" stroke-opacity=\".2\"/>",
                     words.x + 27 * scene->unit, words.y, 13 * scene->unit,
                     (unsigned)(row->rgb & 0xffffff));
    }
    add_words(out, &words);
}

static void add_card(struct atl_buf *out, const struct stitch_scene *scene,
                     const struct stitch_card *card)
{
    size_t rows = card->left_count > card->right_count ? card->left_count : card->right_count;

    atl_buf_addf(out, "<rect y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" fill=\"#%06x\"/>\n",
                 scene->cloth, scene->width, scene->height - scene->cloth, (unsigned)PROOF_PAPER);
    for (size_t i = 0; i < card->left_count; i++)
        add_row(out, scene, &card->left[i], i, false);
    for (size_t i = 0; i < card->right_count; i++)
        add_row(out, scene, &card->right[i], card->right[i].has_swatch ? i : rows - 1, true);
}

static void add_all(struct atl_buf *out, const struct stitch_scene *scene,
                    const struct stitch_card *card)
{
    struct stitch_pieces pieces = stitch_pieces(scene);
    struct stitch_piece piece;

    atl_buf_addf(out,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
                 "viewBox=\"0 0 %.0f %.0f\">\n",
                 scene->width, scene->height, scene->width, scene->height);
    add_style(out, scene, (size_t)atl_plan_counts(scene->plan).colour_changes + 1);
    add_cloth(out, scene);
    add_marks(out, scene);
    ATL_BUF_LIT(out, "<g filter=\"url(#shadow)\"><g transform=\"scale(.1)\">\n");
    while (stitch_pieces_next(&pieces, &piece))
        add_piece(out, &piece);
    ATL_BUF_LIT(out, "</g></g>\n");
    if (scene->height > scene->cloth)
        add_card(out, scene, card);
    ATL_BUF_LIT(out, "</svg>\n");
}

atl_code atl_stitch_picture_svg(const struct atl_plan *plan, const struct atl_stitch_picture *look,
                                struct atl_buf *out, struct atl_error *err)
{
    struct atl_stitch_thread *threads = NULL;
    struct stitch_scene scene;
    struct stitch_card card;
    atl_code rc = stitch_scene_of(plan, look, &scene, err);

    if (!rc)
        rc = stitch_scene_threads(&scene, &threads, err);
    if (rc)
        return rc;
    stitch_card_fill(&scene, &card);
    scene.height += stitch_card_height(&card, scene.unit);
    add_all(out, &scene, &card);
    free(threads);
    return atl_buf_check(out, err);
}
