// SPDX-License-Identifier: Apache-2.0
// What the formats share: bytes out and in, labels, the end of a reader.
#include "drivers/embroidery/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct atl_stitch_rules atl_stitch_rules_default = {
    .dst_trim_jumps = 3,
    .dst_co = ATL_DST_CO_AT_LEAST_ONE,
    .pes_version = 1,
    .hoop_width_dmm = 1300,
    .hoop_height_dmm = 1800,
};

void stitch_out_flush(struct stitch_out *out)
{
    atl_buf_add(out->buf, out->bytes, out->len);
    out->len = 0;
}

void stitch_out_command(struct stitch_out *out, uint8_t what, int32_t a, int32_t b)
{
    uint8_t *at = stitch_out_room(out, 4);

    at[0] = 0x80;
    at[1] = what;
    at[2] = (uint8_t)a;
    at[3] = (uint8_t)b;
}

void stitch_put_u8(struct atl_buf *out, uint32_t value)
{
    uint8_t byte = (uint8_t)value;

    atl_buf_add(out, &byte, 1);
}

void stitch_put_le16(struct atl_buf *out, int32_t value)
{
    uint32_t bits = (uint32_t)value;
    const uint8_t bytes[2] = {(uint8_t)bits, (uint8_t)(bits >> 8)};

    atl_buf_add(out, bytes, 2);
}

void stitch_put_le32(struct atl_buf *out, int32_t value)
{
    uint32_t bits = (uint32_t)value;
    const uint8_t bytes[4] = {(uint8_t)bits, (uint8_t)(bits >> 8), (uint8_t)(bits >> 16),
                              (uint8_t)(bits >> 24)};

    atl_buf_add(out, bytes, 4);
}

void stitch_put_be16(struct atl_buf *out, int32_t value)
{
    uint32_t bits = (uint32_t)value;
    const uint8_t bytes[2] = {(uint8_t)(bits >> 8), (uint8_t)bits};

    atl_buf_add(out, bytes, 2);
}

void stitch_put_be32(struct atl_buf *out, int32_t value)
{
    uint32_t bits = (uint32_t)value;
    const uint8_t bytes[4] = {(uint8_t)(bits >> 24), (uint8_t)(bits >> 16), (uint8_t)(bits >> 8),
                              (uint8_t)bits};

    atl_buf_add(out, bytes, 4);
}

void stitch_put_fill(struct atl_buf *out, uint8_t byte, size_t count)
{
    uint8_t bytes[64];

    memset(bytes, byte, sizeof bytes);
    for (; count > sizeof bytes; count -= sizeof bytes)
        atl_buf_add(out, bytes, sizeof bytes);
    atl_buf_add(out, bytes, count);
}

void stitch_patch_be32(struct atl_buf *out, size_t at, uint32_t value)
{
    if (out->failed || at + 4 > out->len)
        return;
    for (unsigned i = 0; i < 4; i++)
        out->data[at + i] = (uint8_t)(value >> (24 - 8 * i));
}

static bool may_stand(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

void stitch_label(const struct atl_stitch_label *label, size_t most, char out[17])
{
    const char *code = label && label->code ? label->code : "ATELIER";
    size_t len = 0;

    for (; code[len] && len < most && len < 16; len++) {
        char c = code[len];

        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        out[len] = may_stand(c) ? c : '_';
    }
    out[len] = 0;
}

atl_code stitch_check_plan(const struct atl_plan *plan, struct atl_error *err)
{
    atl_code rc = atl_plan_check(plan, err);

    if (!rc && !atl_plan_is_centred(plan))
        rc = atl_fail(err, ATL_E_INVALID,
                      "the design is not centred: machines refuse it or sew "
                      "beside the middle of the hoop");
    return rc;
}

int32_t stitch_parts(int32_t dx, int32_t dy, int32_t most)
{
    int32_t way = abs(dx) > abs(dy) ? abs(dx) : abs(dy);

    return way ? (way + most - 1) / most : 1;
}

// Reading ----------------------------------------------------------------------------------------

bool stitch_has(const struct stitch_in *in, size_t count)
{
    return count <= in->len - in->at;
}

static const uint8_t *take(struct stitch_in *in, size_t count)
{
    static const uint8_t zeros[4];
    const uint8_t *at = in->bytes + in->at;

    if (!stitch_has(in, count)) {
        in->is_short = true;
        in->at = in->len;
        return zeros;
    }
    in->at += count;
    return at;
}

uint32_t stitch_get_u8(struct stitch_in *in)
{
    return *take(in, 1);
}

int32_t stitch_get_s8(struct stitch_in *in)
{
    int32_t value = *take(in, 1);

    return value < 128 ? value : value - 256;
}

uint32_t stitch_get_le16(struct stitch_in *in)
{
    const uint8_t *at = take(in, 2);

    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

uint32_t stitch_get_be16(struct stitch_in *in)
{
    const uint8_t *at = take(in, 2);

    return (uint32_t)at[1] | (uint32_t)at[0] << 8;
}

uint32_t stitch_get_le32(struct stitch_in *in)
{
    uint32_t low = stitch_get_le16(in);

    return low | stitch_get_le16(in) << 16;
}

uint32_t stitch_get_be32(struct stitch_in *in)
{
    uint32_t high = stitch_get_be16(in);

    return high << 16 | stitch_get_be16(in);
}

void stitch_skip(struct stitch_in *in, size_t count)
{
    if (!stitch_has(in, count)) {
        in->is_short = true;
        in->at = in->len;
        return;
    }
    in->at += count;
}

void stitch_text(const uint8_t *bytes, size_t len, char *out, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < len && used + 1 < size && bytes[i]; i++)
        out[used++] = bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char)bytes[i] : '?';
    while (used && out[used - 1] == ' ')
        used--;
    out[used] = 0;
}

void stitch_add(struct atl_plan *plan, enum atl_needle act, int32_t dx, int32_t dy)
{
    struct atl_stitch here = atl_plan_last(plan);

    if (act == ATL_ACT_STITCH)
        atl_plan_stitch(plan, here.x_dmm + dx, here.y_dmm + dy);
    else
        atl_plan_jump(plan, here.x_dmm + dx, here.y_dmm + dy);
}

void stitch_made_up_threads(struct atl_plan *plan)
{
    struct atl_plan_counts counts = atl_plan_counts(plan);

    for (uint32_t i = 0; i <= counts.colour_changes && !plan->why.code; i++) {
        struct atl_thread thread = {0};

        snprintf(thread.number, sizeof thread.number, "%u", i + 1);
        snprintf(thread.name, sizeof thread.name, "not in the file");
        atl_plan_thread(plan, &thread);
    }
}

atl_code stitch_read_done(atl_code rc, struct atl_plan *from, const struct atl_stitch_info *seen,
                          struct atl_plan *plan, struct atl_stitch_info *info,
                          struct atl_error *err)
{
    if (!rc)
        rc = atl_plan_built(from, err);
    if (rc) {
        atl_plan_free(from);
        return rc;
    }
    *plan = *from; // now owned by the caller
    if (info)
        *info = *seen;
    return ATL_OK;
}
