// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/sewing.h"

#include "drivers/stitch.h"
#include "plugin/agent/sewing_picture.h"
#include "plugin/render/font_file.h"
#include "plugin/stitch/cache.h"
#include "plugin/stitch/layout.h"

#include <stdio.h>
#include <string.h>

enum { UM_IN_DMM = 100, DST_MAX_BYTES = 2 << 20 };

// ---- sew ----

struct atl_cache *atl_sewing_letters_open(void)
{
    struct atl_cache *letters = NULL;
    struct atl_error err = {0};

    return atl_cache_open(NULL, NULL, &letters, &err) ? NULL : letters;
}

void atl_sewing_letters_close(struct atl_cache *letters)
{
    atl_cache_close(letters);
}

static const enum atl_layout_kind kinds[ATL_ARRANGEMENT_COUNT] = {
    [ATL_ARRANGEMENT_LINES] = ATL_LAYOUT_LINES,
    [ATL_ARRANGEMENT_ARC] = ATL_LAYOUT_ARC,
    [ATL_ARRANGEMENT_MONOGRAM] = ATL_LAYOUT_MONOGRAM,
};
static const enum atl_monogram_frame frames[ATL_BORDER_COUNT] = {
    [ATL_BORDER_NONE] = ATL_FRAME_NONE,
    [ATL_BORDER_CIRCLE] = ATL_FRAME_CIRCLE,
    [ATL_BORDER_DIAMOND] = ATL_FRAME_DIAMOND,
    [ATL_BORDER_SQUARE] = ATL_FRAME_SQUARE,
};
static const enum atl_layout_align aligns[] = {
    [ATL_ALIGN_LEFT] = ATL_LAYOUT_LEFT,
    [ATL_ALIGN_CENTRE] = ATL_LAYOUT_CENTRE,
    [ATL_ALIGN_RIGHT] = ATL_LAYOUT_RIGHT,
};

static atl_code layout_of(const struct atl_proof_request *look, const struct atl_sewing *how,
                          struct atl_layout *out, struct atl_error *err)
{
    if ((unsigned)how->arrangement >= ATL_ARRANGEMENT_COUNT ||
        (unsigned)how->border >= ATL_BORDER_COUNT ||
        (unsigned)look->align >= sizeof aligns / sizeof aligns[0] ||
        look->line_count > ATL_LAYOUT_LINES_MAX)
        return atl_fail(err, ATL_E_INVALID, "a layout that nobody knows");
    *out = (struct atl_layout){
        .kind = kinds[how->arrangement],
        .line_count = look->line_count,
        .align = aligns[look->align],
        .height_mm = look->cap_um / 1000.0,
        .arc_radius_mm = how->arc_um / 1000.0,
        .frame = frames[how->border],
        .centre_out = how->is_centre_out,
        .fabric = atl_fabric_find(how->fabric),
        .cache = how->letters,
    };
    for (size_t i = 0; i < look->line_count; i++)
        out->lines[i] = look->lines[i];
    if (!out->fabric)
        return atl_fail(err, ATL_E_INVALID,
                        "no fabric is called %s: canvas, jersey, fleece or leather; correct the "
                        "catalogue",
                        how->fabric);
    return ATL_OK;
}

// A wish that no needle can follow is a verdict, not a failure.
static atl_code sew(const struct atl_proof_request *look, const struct atl_sewing *how,
                    struct atl_plan *plan, enum atl_proof_verdict *verdict, struct atl_error *err)
{
    struct atl_thread thread = {.rgb = look->thread_rgb};
    struct atl_font_file file;
    struct atl_face *face = NULL;
    struct atl_layout wish;
    atl_code rc;

    rc = layout_of(look, how, &wish, err);
    if (!rc)
        rc = atl_font_file_find(look->font, &file, err);
    if (!rc)
        rc = atl_face_open(file.path, file.index, &face, err);
    if (rc)
        return rc;
    rc = atl_layout_sew(face, &wish, plan, NULL, err);
    atl_face_close(face);
    (void)snprintf(thread.chart, sizeof thread.chart, "%s", how->chart);
    (void)snprintf(thread.number, sizeof thread.number, "%s", how->number);
    atl_plan_thread(plan, &thread);
    if (!rc)
        rc = atl_plan_check(plan, err);
    if (rc == ATL_E_INVALID || rc == ATL_E_UNSUPPORTED) {
        *verdict = ATL_PROOF_VERDICT_UNSEWN;
        rc = ATL_OK;
    }
    return rc;
}

// ---- write and read back ----

// What a machine will read, not what we meant to write. The threads are the plan's: DST has none.
static atl_code read_back(const struct atl_plan *plan, struct atl_plan *out, struct atl_error *err)
{
    const struct atl_stitch_format *dst = atl_stitch_format_find("dst");
    const struct atl_stitch_label label = {0};
    struct atl_plan read = {0};
    struct atl_buf bytes;
    atl_code rc;

    atl_buf_init(&bytes, DST_MAX_BYTES);
    rc = dst->write(plan, &atl_stitch_rules_default, &label, &bytes, err);
    if (!rc)
        rc = dst->read(bytes.data, bytes.len, &atl_stitch_rules_default, &read, NULL, err);
    atl_buf_free(&bytes);
    if (rc)
        return rc;
    if (!atl_plan_sews_same(plan, &read)) {
        atl_plan_free(&read);
        return atl_fail(err, ATL_E_CORRUPT, "the stitches read back are not those written");
    }
    for (size_t i = 0; i < plan->thread_count && i < read.thread_count; i++)
        read.threads[i] = plan->threads[i];
    *out = read; // now owned by the caller
    return ATL_OK;
}

// ---- judge ----

static bool is_over(int32_t um, int32_t limit_um, int32_t other_limit_um)
{
    return (limit_um && um > limit_um) || (other_limit_um && um > other_limit_um);
}

static void measure(const struct atl_plan *plan, const struct atl_proof_request *look,
                    const struct atl_sewing *how, struct atl_proof_result *result,
                    struct atl_sewn *sewn)
{
    const struct atl_plan_bounds box = atl_plan_bounds(plan);
    const struct atl_plan_counts counts = atl_plan_counts(plan);

    result->width_um = (box.right_dmm - box.left_dmm) * UM_IN_DMM;
    result->height_um = (box.top_dmm - box.bottom_dmm) * UM_IN_DMM;
    if (is_over(result->width_um, look->field_um, how->hoop_um))
        result->verdict = ATL_PROOF_VERDICT_TOO_WIDE;
    else if (is_over(result->height_um, look->field_high_um, how->hoop_high_um))
        result->verdict = ATL_PROOF_VERDICT_TOO_HIGH;
    sewn->stitches = counts.stitches;
    sewn->trims = counts.trims;
    sewn->colours = counts.colour_changes + 1;
    sewn->run_s = atl_sewing_run_s(how, counts.stitches, counts.trims);
}

uint32_t atl_sewing_run_s(const struct atl_sewing *how, uint32_t stitches, uint32_t trims)
{
    const uint64_t sewing_s = how->stitches_per_minute > 0
                                  ? (uint64_t)stitches * 60 / (uint32_t)how->stitches_per_minute
                                  : 0;
    const uint64_t all_s =
        sewing_s + (uint64_t)trims * (uint32_t)(how->trim_s > 0 ? how->trim_s : 0);

    return all_s > UINT32_MAX ? UINT32_MAX : (uint32_t)all_s;
}

static atl_code keep(const struct atl_plan *plan, const struct atl_proof_request *look,
                     const struct atl_sewing *how, struct atl_buf *file, uint8_t *digest,
                     struct atl_error *err)
{
    struct atl_kept_plan kept = {.plan = *plan, .cloth_rgb = look->fabric_rgb};
    const size_t before = file->len;
    atl_code rc;

    (void)snprintf(kept.fabric, sizeof kept.fabric, "%s", how->fabric);
    rc = atl_kept_plan_write(&kept, file, err); // borrows the plan
    if (!rc)
        atl_hash_sha256(file->data + before, file->len - before, digest);
    return rc;
}

// The letters are judged as those of a plain layout are; the width is not.
static atl_code check_letters(const struct atl_proof_request *look, struct atl_proof_result *result,
                              struct atl_error *err)
{
    const atl_code rc = atl_proof_measure(look, result, err);

    if (rc)
        return rc;
    if (result->verdict != ATL_PROOF_VERDICT_NO_GLYPH && result->verdict != ATL_PROOF_VERDICT_EMPTY)
        result->verdict = ATL_PROOF_VERDICT_READY;
    memset(result->digest, 0, sizeof result->digest);
    return ATL_OK;
}

atl_code atl_sewing_proof(const struct atl_proof_request *look, const struct atl_sewing *how,
                          struct atl_proof_result *result, struct atl_sewn *sewn,
                          struct atl_buf *file, struct atl_picture *picture, struct atl_error *err)
{
    struct atl_proof_result made = {0};
    struct atl_sewn counted = {0};
    struct atl_plan sewed = {0};
    struct atl_plan read = {0};
    atl_code rc;

    atl_plan_init(&sewed);
    rc = check_letters(look, &made, err);
    if (!rc && made.verdict == ATL_PROOF_VERDICT_READY)
        rc = sew(look, how, &sewed, &made.verdict, err);
    if (!rc && made.verdict == ATL_PROOF_VERDICT_READY)
        rc = read_back(&sewed, &read, err);
    if (!rc && made.verdict == ATL_PROOF_VERDICT_READY)
        measure(&read, look, how, &made, &counted);
    if (!rc && made.verdict == ATL_PROOF_VERDICT_READY)
        rc = keep(&read, look, how, file, made.digest, err);
    if (!rc && made.verdict == ATL_PROOF_VERDICT_READY)
        rc = atl_sewing_picture(&read, look, how, &counted, picture, err);
    if (!rc) {
        *result = made;
        *sewn = counted;
    }
    atl_plan_free(&sewed);
    atl_plan_free(&read);
    return rc;
}
