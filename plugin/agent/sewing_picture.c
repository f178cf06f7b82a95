// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/sewing_picture.h"

#include "plugin/core/words.h"
#include "plugin/render/stitch_picture.h"

#include <stdio.h>

enum { FACT_BYTES = 48, S_IN_MINUTE = 60 };

static struct atl_stitch_picture base_look(const struct atl_proof_request *look)
{
    return (struct atl_stitch_picture){
        .fabric_rgb = look->fabric_rgb,
        .field_um = look->field_um,
        .field_high_um = look->field_high_um,
        .decimal_mark = look->decimal_mark,
        .has_measures = true,
    };
}

// "2,310": parted as the language does it.
static void say_count(uint32_t count, enum atl_lang lang, char *out, size_t size)
{
    const char *part = lang == ATL_LANG_FR ? "\u202f" : ",";

    if (count < 1000)
        (void)snprintf(out, size, "%u", count);
    else if (count < 1000000)
        (void)snprintf(out, size, "%u%s%03u", count / 1000, part, count % 1000);
    else
        (void)snprintf(out, size, "%u%s%03u%s%03u", count / 1000000, part, count / 1000 % 1000,
                       part, count % 1000);
}

static void say_stitches(const struct atl_sewn *sewn, enum atl_lang lang, char out[FACT_BYTES])
{
    static const char *const words[ATL_LANG_COUNT] = {
        [ATL_LANG_EN] = " stitches",
        [ATL_LANG_FR] = " points",
        [ATL_LANG_JA] = "針",
    };
    char count[24];

    say_count(sewn->stitches, lang, count, sizeof count);
    (void)snprintf(out, FACT_BYTES, "%s%s", count, words[lang]);
}

static void say_minutes(const struct atl_sewn *sewn, enum atl_lang lang, char out[FACT_BYTES])
{
    const uint32_t minutes = (sewn->run_s + S_IN_MINUTE - 1) / S_IN_MINUTE;

    if (!sewn->run_s)
        out[0] = '\0';
    else if (lang == ATL_LANG_JA)
        (void)snprintf(out, FACT_BYTES, "約%u分", minutes);
    else
        (void)snprintf(out, FACT_BYTES, "%u min", minutes);
}

atl_code atl_sewing_picture(const struct atl_plan *plan, const struct atl_proof_request *look,
                            const struct atl_sewing *how, const struct atl_sewn *sewn,
                            struct atl_picture *picture, struct atl_error *err)
{
    const struct atl_stitch_thread thread = {look->thread_rgb, look->thread};
    const enum atl_lang lang = atl_lang_of(how->language);
    struct atl_stitch_picture shown = base_look(look);
    char stitches[FACT_BYTES];
    char minutes[FACT_BYTES];

    say_stitches(sewn, lang, stitches);
    say_minutes(sewn, lang, minutes);
    shown.width_px = look->width_px;
    shown.threads = &thread;
    shown.thread_count = 1;
    shown.title = look->product;
    shown.place = look->place;
    shown.facts[0] = stitches;
    shown.facts[1] = minutes;
    shown.fact_count = 2;
    shown.mark = look->mark;
    return atl_stitch_picture_draw(plan, &shown, picture, err);
}

atl_code atl_sewing_tag_picture(const struct atl_plan *plan, const struct atl_proof_request *look,
                                uint32_t width_dots, struct atl_bitmap *bitmap,
                                struct atl_error *err)
{
    const struct atl_stitch_picture shown = base_look(look);

    return atl_stitch_picture_draw_tag(plan, &shown, width_dots, bitmap, err);
}
