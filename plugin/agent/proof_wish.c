// SPDX-License-Identifier: Apache-2.0
// What a product with its answers looks like, and how it is sewn.
#include "plugin/agent/proofs.h"
#include "plugin/core/words.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_CAP_UM = 15000 };

_Static_assert((int)ATL_TEXT_LINES_MAX <= (int)ATL_PROOF_LINES_MAX, "a proof shows all lines");

static const char *mark_in(const char *language)
{
    static const char *const marks[ATL_LANG_COUNT] = {
        [ATL_LANG_EN] = "As it will be sewn",
        [ATL_LANG_FR] = "Tel que nous le broderons",
        [ATL_LANG_JA] = "このとおりに刺繍いたします",
    };

    return marks[atl_lang_of(language)];
}

static const char *thread_text(const struct atl_catalogue *catalogue,
                               const struct atl_choice *thread, const char *language,
                               struct atl_arena *arena)
{
    const char *label = thread ? atl_local_in(catalogue, &thread->label, language) : NULL;
    const char *text;

    if (!thread || !thread->thread)
        return label ? label : "";
    text = atl_arena_textf(arena, "%s · %s", label ? label : "", thread->thread);
    return text ? text : "";
}

// "130x180": millimetres; a name that says no size says no limit.
static void hoop_size(const char *name, struct atl_sewing *how)
{
    char *end;
    const long width_mm = name ? strtol(name, &end, 10) : 0;
    const long height_mm = name && *end == 'x' ? strtol(end + 1, &end, 10) : 0;

    if (width_mm < 1 || width_mm > 2000 || height_mm < 1 || height_mm > 2000 || *end)
        return;
    how->hoop_um = (int32_t)width_mm * 1000;
    how->hoop_high_um = (int32_t)height_mm * 1000;
}

static struct atl_sewing sewing_of(const struct atl_product *product,
                                   const struct atl_choice *layout, const struct atl_choice *thread,
                                   const char *language)
{
    struct atl_sewing how = {
        .fabric = product->cloth.fabric ? product->cloth.fabric : "canvas",
        .is_centre_out = product->cloth.is_centre_out,
        .chart = thread && thread->chart ? thread->chart : "",
        .number = thread && thread->thread ? thread->thread : "",
        .stitches_per_minute = product->work.units_per_minute,
        .trim_s = product->cloth.trim_s,
        .language = language ? language : "en",
    };

    if (layout) {
        how.arrangement = layout->arrangement;
        how.border = layout->border;
        how.arc_um = layout->arc_um;
    }
    hoop_size(product->hoop, &how);
    return how;
}

void atl_proofs_request(const struct atl_catalogue *catalogue, const struct atl_product *product,
                        const char *variant, const struct atl_answer *answers, size_t count,
                        const char *language, struct atl_arena *arena, struct atl_proof_wish *out,
                        bool *has_picture)
{
    const struct atl_choice *font = atl_product_chosen(product, ATL_ROLE_FONT, answers, count);
    const struct atl_choice *height = atl_product_chosen(product, ATL_ROLE_HEIGHT, answers, count);
    const struct atl_choice *thread = atl_product_chosen(product, ATL_ROLE_THREAD, answers, count);
    const struct atl_choice *place = atl_product_chosen(product, ATL_ROLE_PLACE, answers, count);
    struct atl_proof_request *look = &out->look;

    *out = (struct atl_proof_wish){0};
    look->line_count = atl_product_lines(product, answers, count, look->lines);
    *has_picture = product->kind == ATL_KIND_EMBROIDERY && look->line_count && font && font->font;
    if (!*has_picture)
        return;
    look->align = ATL_ALIGN_CENTRE;
    look->font = font->font->family;
    look->cap_um = height && height->height_um ? height->height_um : DEFAULT_CAP_UM;
    atl_product_area(product, answers, count, &look->field_um, &look->field_high_um);
    look->thread_rgb = thread && thread->has_rgb ? thread->rgb : 0x202020;
    look->fabric_rgb = atl_product_rgb(product, variant);
    look->thread = thread_text(catalogue, thread, language, arena);
    look->product = atl_local_in(catalogue, &product->name, language);
    look->place = place ? atl_local_in(catalogue, &place->label, language) : "";
    look->mark = mark_in(language);
    look->decimal_mark = atl_lang_of(language) == ATL_LANG_FR ? ',' : '.';
    look->width_px = ATL_PROOF_PX;
    out->how = sewing_of(product, atl_product_chosen(product, ATL_ROLE_LAYOUT, answers, count),
                         thread, language);
}
