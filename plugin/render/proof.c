// SPDX-License-Identifier: Apache-2.0
// Sets the words, measures and judges them, and hashes what they are. stitch_picture.h draws.
#include "plugin/render/proof.h"

#include "plugin/render/proof_parts.h"

#include <math.h>
#include <stdio.h>

enum { CAP_MIN_UM = 1000, CAP_MAX_UM = 500000, FIELD_MAX_UM = 2000000 };

const char *atl_proof_verdict_name(enum atl_proof_verdict verdict)
{
    switch (verdict) {
    case ATL_PROOF_VERDICT_READY:
        return "ready";
    case ATL_PROOF_VERDICT_NO_GLYPH:
        return "no_glyph";
    case ATL_PROOF_VERDICT_TOO_WIDE:
        return "too_wide";
    case ATL_PROOF_VERDICT_TOO_HIGH:
        return "too_high";
    case ATL_PROOF_VERDICT_EMPTY:
        return "empty";
    case ATL_PROOF_VERDICT_UNSEWN:
        return "unsewn";
    }
    return "unknown";
}

static atl_code check_request(const struct atl_proof_request *request, struct atl_error *err)
{
    if (request->line_count > ATL_PROOF_LINES_MAX)
        return atl_fail(err, ATL_E_INVALID, "%zu lines: at most %d", request->line_count,
                        ATL_PROOF_LINES_MAX);
    if (request->cap_um < CAP_MIN_UM || request->cap_um > CAP_MAX_UM)
        return atl_fail(err, ATL_E_INVALID, "capitals of %d um: 1 to 500 mm", request->cap_um);
    if (request->width_px &&
        (request->width_px < ATL_PROOF_WIDTH_MIN_PX || request->width_px > ATL_PROOF_WIDTH_MAX_PX))
        return atl_fail(err, ATL_E_INVALID, "a proof %u pixels wide: %d to %d", request->width_px,
                        ATL_PROOF_WIDTH_MIN_PX, ATL_PROOF_WIDTH_MAX_PX);
    if (request->field_um < 0 || request->field_um > FIELD_MAX_UM || request->field_high_um < 0 ||
        request->field_high_um > FIELD_MAX_UM)
        return atl_fail(err, ATL_E_INVALID, "a field of %d x %d um: at most 2 m", request->field_um,
                        request->field_high_um);
    return ATL_OK;
}

static void hash(const struct atl_proof_request *request, const struct proof_text *text,
                 uint8_t digest[ATL_HASH_BYTES])
{
    struct atl_hash hash;

    atl_hash_init(&hash);
    atl_hash_add_text(&hash, "atelier proof: layout, 1");
    atl_hash_add_number(&hash, (int64_t)text->count);
    for (size_t i = 0; i < text->count; i++)
        atl_hash_add_text(&hash, pango_layout_get_text(text->lines[i]));
    atl_hash_add_number(&hash, request->align);
    atl_hash_add_text(&hash, text->font.family);
    atl_hash_add_text(&hash, text->font.file);
    atl_hash_add_number(&hash, text->font.revision);
    atl_hash_add_number(&hash, request->cap_um);
    atl_hash_add_number(&hash, request->field_um);
    atl_hash_add_number(&hash, request->field_high_um);
    atl_hash_add_number(&hash, request->thread_rgb);
    atl_hash_add_number(&hash, request->fabric_rgb);
    atl_hash_add_bytes(&hash, request->background, request->background_len);
    atl_hash_end(&hash, digest);
}

static enum atl_proof_verdict fits(const struct atl_proof_request *request, int32_t width_um,
                                   int32_t height_um)
{
    if (request->field_um && width_um > request->field_um)
        return ATL_PROOF_VERDICT_TOO_WIDE;
    if (request->field_high_um && height_um > request->field_high_um)
        return ATL_PROOF_VERDICT_TOO_HIGH;
    return ATL_PROOF_VERDICT_READY;
}

// Sets, measures and judges. The text is freed by the caller in any case.
static atl_code judge(const struct atl_proof_request *request, struct proof_text *text,
                      struct atl_proof_result *result, struct atl_error *err)
{
    struct atl_proof_result made = {0};
    atl_code rc = check_request(request, err);

    *text = (struct proof_text){0};
    if (!rc)
        rc = proof_text_set(request, text, &made.verdict, &made.letter, err);
    if (rc)
        return rc;
    if (made.verdict == ATL_PROOF_VERDICT_READY) {
        made.width_um = (int32_t)lround(text->ink.right - text->ink.left);
        made.height_um = (int32_t)lround(text->ink.bottom - text->ink.top);
        made.verdict = made.width_um < 1 ? ATL_PROOF_VERDICT_EMPTY
                                         : fits(request, made.width_um, made.height_um);
    }
    hash(request, text, made.digest);
    *result = made;
    return ATL_OK;
}

atl_code atl_proof_measure(const struct atl_proof_request *request, struct atl_proof_result *out,
                           struct atl_error *err)
{
    struct proof_text text;
    atl_code rc = judge(request, &text, out, err);

    proof_text_free(&text);
    return rc;
}
