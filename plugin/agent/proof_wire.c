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
                           const struct atl_proof_request *request)
{
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

atl_code atl_proof_get_request(struct atl_frame *frame, int64_t *number,
                               struct atl_proof_request *out, struct atl_proof_texts *texts,
                               struct atl_error *err)
{
    const atl_code rc = begin_read(frame, KIND_REQUEST, err);
    int32_t lines;

    if (rc)
        return rc;
    *out = (struct atl_proof_request){0};
    texts->used = 0;
    *number = atl_frame_get_i64(frame);
    lines = atl_frame_get_i32(frame);
    if (lines < 0 || lines > ATL_PROOF_LINES_MAX)
        return atl_fail(err, ATL_E_INVALID, "a proof of %d lines", (int)lines);
    out->line_count = (size_t)lines;
    for (int32_t i = 0; i < lines; i++)
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
    return atl_frame_check(frame, err);
}

void atl_proof_put_result(struct atl_frame *frame, int64_t number, atl_code code,
                          const struct atl_proof_result *result)
{
    begin(frame, KIND_RESULT);
    atl_frame_put_i64(frame, number);
    atl_frame_put_i32(frame, code);
    atl_frame_put_i32(frame, (int32_t)result->verdict);
    atl_frame_put_i32(frame, (int32_t)result->letter);
    atl_frame_put_i32(frame, result->width_um);
    atl_frame_put_i32(frame, result->height_um);
    atl_frame_put_bytes(frame, result->digest, sizeof result->digest);
}

atl_code atl_proof_get_result(struct atl_frame *frame, int64_t *number, atl_code *code,
                              struct atl_proof_result *out, struct atl_error *err)
{
    const atl_code rc = begin_read(frame, KIND_RESULT, err);

    if (rc)
        return rc;
    *out = (struct atl_proof_result){0};
    *number = atl_frame_get_i64(frame);
    *code = atl_frame_get_i32(frame);
    out->verdict = (enum atl_proof_verdict)atl_frame_get_i32(frame);
    out->letter = (uint32_t)atl_frame_get_i32(frame);
    out->width_um = atl_frame_get_i32(frame);
    out->height_um = atl_frame_get_i32(frame);
    if (atl_frame_get_bytes(frame, out->digest, sizeof out->digest) != sizeof out->digest)
        frame->is_bad = 1;
    return atl_frame_check(frame, err);
}

int64_t atl_proof_number(const struct atl_proof_request *request)
{
    struct atl_hash hash;
    uint8_t sum[ATL_HASH_BYTES];
    uint64_t number = 0;

    atl_hash_init(&hash);
    for (size_t i = 0; i < request->line_count; i++)
        atl_hash_add_text(&hash, request->lines[i]);
    atl_hash_add_number(&hash, (int64_t)request->line_count);
    atl_hash_add_number(&hash, request->align);
    atl_hash_add_text(&hash, request->font);
    atl_hash_add_number(&hash, request->cap_um);
    atl_hash_add_number(&hash, request->field_um);
    atl_hash_add_number(&hash, request->field_high_um);
    atl_hash_add_number(&hash, request->thread_rgb);
    atl_hash_add_number(&hash, request->fabric_rgb);
    atl_hash_add_text(&hash, request->thread);
    atl_hash_add_text(&hash, request->product);
    atl_hash_add_text(&hash, request->place);
    atl_hash_add_text(&hash, request->mark);
    atl_hash_end(&hash, sum);
    for (size_t i = 0; i < 7; i++)
        number = number << 8 | sum[i];
    number &= (UINT64_C(1) << 53) - 1; // exact in any other system's floating point, too
    return number ? (int64_t)number : 1;
}
