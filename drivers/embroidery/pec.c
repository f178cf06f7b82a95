// SPDX-License-Identifier: Apache-2.0
#include "drivers/embroidery/pec.h"

#include <stdio.h>
#include <string.h>

enum {
    SHORT_LOW = -63, // of a move in one byte, as peers use it
    SHORT_HIGH = 62,
    LONG_MOST = 2047,
    IS_LONG = 0x80,
    IS_JUMP = 0x10,
    IS_TRIM = 0x20,
    CHANGE = 0xfe,
    CHANGE_2 = 0xb0,
    END = 0xff,
    HEADER = 512, // from "LA:"
    NAME_MOST = 8,
};

atl_code pec_blocks(const struct atl_plan *plan, struct pec_blocks *out, struct atl_error *err)
{
    struct atl_plan_counts counts = atl_plan_counts(plan);
    uint8_t rows[ATL_PLAN_THREADS_MAX];
    uint8_t thread = 0;

    if (counts.colour_changes + counts.stops >= PEC_BLOCKS_MAX)
        return atl_fail(err, ATL_E_UNSUPPORTED, "PES holds %d changes of colour and stops at most",
                        PEC_BLOCKS_MAX - 1);
    stitch_palette_match(&stitch_palette_pec, plan, rows);
    *out = (struct pec_blocks){.rows = {rows[0]}, .count = 1};
    for (size_t i = 0; i < plan->count; i++) {
        enum atl_needle act = plan->acts[i].act;

        if (act != ATL_ACT_COLOUR && act != ATL_ACT_STOP)
            continue;
        thread = (uint8_t)(thread + (act == ATL_ACT_COLOUR));
        out->threads[out->count] = thread;
        out->rows[out->count++] = rows[thread];
    }
    return ATL_OK;
}

static void put_head(const struct pec_blocks *blocks, const struct atl_stitch_label *label,
                     struct atl_buf *out)
{
    char name[17];

    stitch_label(label, NAME_MOST, name);
    atl_buf_addf(out, "LA:%-16s\r", name);
    stitch_put_fill(out, ' ', 12);
    ATL_BUF_LIT(out, "\xff\x00");
    stitch_put_u8(out, PEC_ICON_WIDTH / 8);
    stitch_put_u8(out, PEC_ICON_HEIGHT);
    stitch_put_fill(out, ' ', 12);
    stitch_put_u8(out, blocks->count - 1);
    atl_buf_add(out, blocks->rows, blocks->count);
    stitch_put_fill(out, ' ', HEADER - 49 - blocks->count);
}

static uint8_t *put_axis(uint8_t *at, int32_t way, uint32_t flags)
{
    uint32_t bits = (uint32_t)way;

    if (!flags && way >= SHORT_LOW && way <= SHORT_HIGH) {
        *at++ = bits & 0x7f;
        return at;
    }
    *at++ = (uint8_t)(IS_LONG | flags | (bits >> 8 & 0x0f));
    *at++ = (uint8_t)bits;
    return at;
}

static void put_move(struct stitch_out *out, int32_t dx, int32_t dy, uint32_t flags)
{
    uint8_t *from = stitch_out_room(out, 4);
    uint8_t *at = put_axis(put_axis(from, dx, flags), dy, flags);

    out->len -= (size_t)(4 - (at - from));
}

static void put_jump(struct stitch_out *out, int32_t dx, int32_t dy, bool is_trim)
{
    int32_t parts = stitch_parts(dx, dy, LONG_MOST);

    for (int32_t i = 1; i <= parts; i++)
        put_move(out, stitch_part(dx, i, parts), stitch_part(dy, i, parts),
                 is_trim && i == 1 ? IS_TRIM : IS_JUMP);
}

static void put_change(struct stitch_out *out, uint32_t number)
{
    uint8_t *at = stitch_out_room(out, 3);

    at[0] = CHANGE;
    at[1] = CHANGE_2;
    at[2] = number % 2 ? 2 : 1; // 2, 1, 2, …
}

static void put_stitches(const struct atl_plan *plan, struct stitch_out *out)
{
    struct atl_stitch was = {0};
    uint32_t changes = 0;
    bool is_trim = false;

    if (plan->acts[0].act != ATL_ACT_JUMP) // the first move of a file is a jump
        put_move(out, 0, 0, IS_JUMP);
    for (size_t i = 0; i < plan->count; i++) {
        struct atl_stitch now = plan->acts[i];
        int32_t dx = now.x_dmm - was.x_dmm;
        int32_t dy = -(now.y_dmm - was.y_dmm);

        switch (now.act) {
        case ATL_ACT_STITCH:
            if (is_trim) // nothing to move, but the flag needs a move
                put_move(out, 0, 0, IS_TRIM);
            put_move(out, dx, dy, 0);
            break;
        case ATL_ACT_JUMP:
            put_jump(out, dx, dy, is_trim);
            break;
        case ATL_ACT_TRIM:
            break;
        case ATL_ACT_COLOUR:
        case ATL_ACT_STOP:
            put_change(out, ++changes);
            break;
        case ATL_ACT_END:
            *stitch_out_room(out, 1) = END;
            break;
        }
        is_trim = now.act == ATL_ACT_TRIM;
        was = now;
    }
}

void pec_write(const struct atl_plan *plan, const struct pec_blocks *blocks,
               const struct atl_stitch_label *label, struct atl_buf *out)
{
    struct atl_plan_bounds box = atl_plan_bounds(plan);
    struct stitch_out to = {.buf = out};
    size_t start;
    size_t len;

    put_head(blocks, label, out);
    start = out->len;
    stitch_put_fill(out, 0, 5); // and the block's length, when it is known
    ATL_BUF_LIT(out, "\x31\xff\xf0");
    stitch_put_le16(out, box.right_dmm - box.left_dmm);
    stitch_put_le16(out, box.top_dmm - box.bottom_dmm);
    stitch_put_le16(out, 0x1e0);
    stitch_put_le16(out, 0x1b0);
    put_stitches(plan, &to);
    stitch_out_flush(&to);
    len = out->len - start;
    for (unsigned i = 0; i < 3 && !out->failed; i++)
        out->data[start + 2 + i] = (uint8_t)(len >> (8 * i));
    pec_write_icons(plan, blocks->count, out);
}

// Reading ----------------------------------------------------------------------------------------

struct pec_reader {
    struct stitch_in *in;
    struct atl_plan *plan;
    const struct atl_thread *named;
    uint32_t named_count;
    uint8_t rows[256];
    uint32_t row_count;
    uint32_t block;
};

static void add_thread(struct pec_reader *from)
{
    struct atl_thread thread =
        from->block < from->named_count
            ? from->named[from->block]
            : stitch_palette_thread(&stitch_palette_pec,
                                    from->block < from->row_count ? from->rows[from->block] : 0);

    atl_plan_thread(from->plan, &thread);
}

static void change(struct pec_reader *from)
{
    from->block++;
    if (from->block < from->row_count && from->rows[from->block] == from->rows[from->block - 1]) {
        atl_plan_stop(from->plan);
        return;
    }
    atl_plan_colour(from->plan);
    add_thread(from);
}

static int32_t get_axis(struct stitch_in *in, uint32_t first, uint32_t *flags)
{
    int32_t way;

    if (!(first & IS_LONG)) {
        way = (int32_t)(first & 0x7f);
        return way < 64 ? way : way - 128;
    }
    *flags |= first & (IS_JUMP | IS_TRIM);
    way = (int32_t)((first & 0x0f) << 8 | stitch_get_u8(in));
    return way < 2048 ? way : way - 4096;
}

// False at the end.
static bool read_move(struct pec_reader *from)
{
    struct stitch_in *in = from->in;
    uint32_t first = stitch_get_u8(in);
    uint32_t flags = 0;
    int32_t dx, dy;

    if (first == END)
        return false;
    if (first == CHANGE && stitch_has(in, 2) && in->bytes[in->at] == CHANGE_2) {
        stitch_skip(in, 2);
        change(from);
        return true;
    }
    dx = get_axis(in, first, &flags);
    dy = -get_axis(in, stitch_get_u8(in), &flags);
    if (flags & IS_TRIM)
        atl_plan_trim(from->plan);
    stitch_add(from->plan, flags ? ATL_ACT_JUMP : ATL_ACT_STITCH, dx, dy);
    return true;
}

static atl_code read_head(struct pec_reader *from, struct atl_stitch_info *seen, size_t *stride,
                          struct atl_error *err)
{
    struct stitch_in *in = from->in;
    size_t start = in->at;
    size_t rows;

    if (!stitch_has(in, HEADER + 16) || memcmp(in->bytes + start, "LA:", 3) != 0)
        return atl_fail(err, ATL_E_CORRUPT, "its PEC part is missing or cut short");
    stitch_text(in->bytes + start + 3, 16, seen->label, sizeof seen->label);
    *stride = (size_t)in->bytes[start + 34] * in->bytes[start + 35];
    rows = (uint8_t)(in->bytes[start + 48] + 1); // FF: no colour at all
    memcpy(from->rows, in->bytes + start + 49, rows);
    from->row_count = (uint32_t)rows;
    in->at = start + HEADER;
    return ATL_OK;
}

atl_code pec_read(struct stitch_in *in, const struct atl_thread *named, uint32_t named_count,
                  struct atl_plan *plan, struct atl_stitch_info *seen, struct atl_error *err)
{
    struct pec_reader from = {.in = in, .plan = plan, .named = named, .named_count = named_count};
    size_t stride = 0;
    size_t block;
    bool is_open = true;
    size_t start;
    atl_code rc = read_head(&from, seen, &stride, err);

    if (rc)
        return rc;
    start = in->at;
    block = (size_t)in->bytes[start + 2] | (size_t)in->bytes[start + 3] << 8 |
            (size_t)in->bytes[start + 4] << 16;
    in->at = start + 16;
    add_thread(&from);
    while (is_open && !in->is_short && !plan->why.code) {
        seen->records++;
        is_open = read_move(&from);
    }
    if (in->is_short)
        return atl_fail(err, ATL_E_CORRUPT, "the file is cut short: its stitches have no end");
    seen->colour_records = from.block;
    if (stride && block <= in->len - start)
        seen->thumbnails = (uint32_t)((in->len - start - block) / stride);
    if (seen->thumbnails > from.block + 2)
        seen->thumbnails = from.block + 2;
    return ATL_OK;
}
