// SPDX-License-Identifier: Apache-2.0
#include "plugin/agent/proof_wire.h"

#include "plugin/core/hash.h"

#include <string.h>

enum { KIND_REQUEST = 1, KIND_RESULT = 2 };

static void begin(struct atl_frame *frame, uint16_t kind)
{
    const struct atl_frame_head head = {.version = ATL_FRAME_VERSION, .kind = kind};

    atl_frame_begin(frame, &head);
}

static atl_code begin_read(struct atl_frame *frame, uint16_t kind, struct atl_error *err)
{
    struct atl_frame_head head;

    atl_frame_begin_read(frame, &head);
    if (frame->is_bad || head.kind != kind)
        return atl_fail(err, ATL_E_INVALID, "a frame of kind %u came where %u belongs", head.kind,
                        kind);
    return ATL_OK;
}

void atl_proof_put_request(struct atl_frame *frame, int64_t number,
                           const struct atl_proof_wish *wish)
{
    const struct atl_proof_request *request = &wish->look;
    const struct atl_sewing *how = &wish->how;

    begin(frame, KIND_REQUEST);
    atl_frame_put_i64(frame, number);
    atl_frame_put_i32(frame, (int32_t)request->line_count);
    for (size_t i = 0; i < request->line_count; i++)
        atl_frame_put_text(frame, request->lines[i]);
    atl_frame_put_i32(frame, (int32_t)request->align);
    atl_frame_put_text(frame, request->font);
    atl_frame_put_i32(frame, request->cap_um);
    atl_frame_put_i32(frame, request->field_um);
    atl_frame_put_i32(frame, request->field_high_um);
    atl_frame_put_i32(frame, (int32_t)request->thread_rgb);
    atl_frame_put_i32(frame, (int32_t)request->fabric_rgb);
    atl_frame_put_text(frame, request->thread);
    atl_frame_put_text(frame, request->product);
    atl_frame_put_text(frame, request->place);
    atl_frame_put_text(frame, request->mark);
    atl_frame_put_i32(frame, request->decimal_mark);
    atl_frame_put_i32(frame, (int32_t)request->width_px);
    atl_frame_put_text(frame, how->fabric);
    atl_frame_put_i32(frame, (int32_t)how->arrangement);
    atl_frame_put_i32(frame, (int32_t)how->border);
    atl_frame_put_i32(frame, how->arc_um);
    atl_frame_put_i32(frame, how->is_centre_out);
    atl_frame_put_i32(frame, how->hoop_um);
    atl_frame_put_i32(frame, how->hoop_high_um);
    atl_frame_put_text(frame, how->chart);
    atl_frame_put_text(frame, how->number);
    atl_frame_put_i32(frame, how->stitches_per_minute);
    atl_frame_put_i32(frame, how->trim_s);
    atl_frame_put_text(frame, how->language);
}

static const char *get_text(struct atl_frame *frame, struct atl_proof_texts *texts)
{
    char *text = texts->bytes + texts->used;

    texts->used += atl_frame_get_text(frame, text, sizeof texts->bytes - texts->used) + 1;
    if (texts->used >= sizeof texts->bytes) {
        frame->is_bad = 1;
        texts->used = 0;
    }
    return text;
}

static void get_look(struct atl_frame *frame, struct atl_proof_texts *texts,
                     struct atl_proof_request *out)
{
    for (size_t i = 0; i < out->line_count; i++)
        out->lines[i] = get_text(frame, texts);
    out->align = (enum atl_align)atl_frame_get_i32(frame);
    out->font = get_text(frame, texts);
    out->cap_um = atl_frame_get_i32(frame);
    out->field_um = atl_frame_get_i32(frame);
    out->field_high_um = atl_frame_get_i32(frame);
    out->thread_rgb = (uint32_t)atl_frame_get_i32(frame);
    out->fabric_rgb = (uint32_t)atl_frame_get_i32(frame);
    out->thread = get_text(frame, texts);
    out->product = get_text(frame, texts);
    out->place = get_text(frame, texts);
    out->mark = get_text(frame, texts);
    out->decimal_mark = (char)atl_frame_get_i32(frame);
    out->width_px = (uint32_t)atl_frame_get_i32(frame);
}

static void get_how(struct atl_frame *frame, struct atl_proof_texts *texts, struct atl_sewing *out)
{
    out->fabric = get_text(frame, texts);
    out->arrangement = (enum atl_arrangement)atl_frame_get_i32(frame);
    out->border = (enum atl_border)atl_frame_get_i32(frame);
    out->arc_um = atl_frame_get_i32(frame);
    out->is_centre_out = atl_frame_get_i32(frame) != 0;
    out->hoop_um = atl_frame_get_i32(frame);
    out->hoop_high_um = atl_frame_get_i32(frame);
    out->chart = get_text(frame, texts);
    out->number = get_text(frame, texts);
    out->stitches_per_minute = atl_frame_get_i32(frame);
    out->trim_s = atl_frame_get_i32(frame);
    out->language = get_text(frame, texts);
}

atl_code atl_proof_get_request(struct atl_frame *frame, int64_t *number, struct atl_proof_wish *out,
                               struct atl_proof_texts *texts, struct atl_error *err)
{
    const atl_code rc = begin_read(frame, KIND_REQUEST, err);
    int32_t lines;

    if (rc)
        return rc;
    *out = (struct atl_proof_wish){0};
    texts->used = 0;
    *number = atl_frame_get_i64(frame);
    lines = atl_frame_get_i32(frame);
    if (lines < 0 || lines > ATL_PROOF_LINES_MAX)
        return atl_fail(err, ATL_E_INVALID, "a proof of %d lines", (int)lines);
    out->look.line_count = (size_t)lines;
    get_look(frame, texts, &out->look);
    get_how(frame, texts, &out->how);
    return atl_frame_check(frame, err);
}

void atl_proof_put_result(struct atl_frame *frame, int64_t number, atl_code code,
                          const struct atl_proof_made *made)
{
    const struct atl_proof_result *result = &made->result;

    begin(frame, KIND_RESULT);
    atl_frame_put_i64(frame, number);
    atl_frame_put_i32(frame, code);
    atl_frame_put_i32(frame, (int32_t)result->verdict);
    atl_frame_put_i32(frame, (int32_t)result->letter);
    atl_frame_put_i32(frame, result->width_um);
    atl_frame_put_i32(frame, result->height_um);
    atl_frame_put_bytes(frame, result->digest, sizeof result->digest);
    atl_frame_put_i32(frame, (int32_t)made->sewn.stitches);
    atl_frame_put_i32(frame, (int32_t)made->sewn.trims);
    atl_frame_put_i32(frame, (int32_t)made->sewn.colours);
    atl_frame_put_i32(frame, (int32_t)made->sewn.run_s);
    atl_frame_put_i32(frame, (int32_t)made->png_bytes);
}

atl_code atl_proof_get_result(struct atl_frame *frame, int64_t *number, atl_code *code,
                              struct atl_proof_made *out, struct atl_error *err)
{
    const atl_code rc = begin_read(frame, KIND_RESULT, err);

    if (rc)
        return rc;
    *out = (struct atl_proof_made){0};
    *number = atl_frame_get_i64(frame);
    *code = atl_frame_get_i32(frame);
    out->result.verdict = (enum atl_proof_verdict)atl_frame_get_i32(frame);
    out->result.letter = (uint32_t)atl_frame_get_i32(frame);
    out->result.width_um = atl_frame_get_i32(frame);
    out->result.height_um = atl_frame_get_i32(frame);
    if (atl_frame_get_bytes(frame, out->result.digest, sizeof out->result.digest) !=
        sizeof out->result.digest)
        frame->is_bad = 1;
    out->sewn.stitches = (uint32_t)atl_frame_get_i32(frame);
    out->sewn.trims = (uint32_t)atl_frame_get_i32(frame);
    out->sewn.colours = (uint32_t)atl_frame_get_i32(frame);
    out->sewn.run_s = (uint32_t)atl_frame_get_i32(frame);
    out->png_bytes = (uint32_t)atl_frame_get_i32(frame);
    return atl_frame_check(frame, err);
}

int64_t atl_proof_number(const struct atl_proof_wish *wish)
{
    const struct atl_proof_request *look = &wish->look;
    const struct atl_sewing *how = &wish->how;
    const char *const texts[] = {look->font,  look->thread, look->product, look->place,  look->mark,
                                 how->fabric, how->chart,   how->number,   how->language};
    const int64_t numbers[] = {look->align,
                               look->cap_um,
                               look->field_um,
                               look->field_high_um,
                               look->thread_rgb,
                               look->fabric_rgb,
                               how->arrangement,
                               how->border,
                               how->arc_um,
                               how->is_centre_out,
                               how->hoop_um,
                               how->hoop_high_um,
                               how->stitches_per_minute,
                               how->trim_s};
    struct atl_hash hash;
    uint8_t sum[ATL_HASH_BYTES];
    uint64_t number = 0;

    atl_hash_init(&hash);
    atl_hash_add_text(&hash, "atelier proof: stitches, 1");
    for (size_t i = 0; i < look->line_count; i++)
        atl_hash_add_text(&hash, look->lines[i]);
    atl_hash_add_number(&hash, (int64_t)look->line_count);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        atl_hash_add_text(&hash, texts[i]);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        atl_hash_add_number(&hash, numbers[i]);
    atl_hash_end(&hash, sum);
    for (size_t i = 0; i < 7; i++)
        number = number << 8 | sum[i];
    number &= (UINT64_C(1) << 53) - 1; // exact in any other system's floating point, too
    return number ? (int64_t)number : 1;
}
