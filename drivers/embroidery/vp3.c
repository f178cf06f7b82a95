// SPDX-License-Identifier: Apache-2.0
// Husqvarna Viking and Pfaff VP3: nested blocks, big-endian, each with its length behind its tag.
// Places in the blocks' heads are um and y up; stitches are pairs of signed bytes, y DOWN. There
// is no jump: a long move (80 01) is a change of place, and a block begins where it says.
#include "drivers/embroidery/parts.h"

#include <string.h>

enum {
    MOST = 127,
    MOVE_MOST = 32767,
    ESCAPE = 0x80,
    LONG = 0x01,
    LONG_END = 0x02,
    TRIM = 0x03,
    BLOCKS_MAX = 2 * ATL_PLAN_THREADS_MAX,
    UM = 100, // in a dmm
};

static const char maker[] = "Produced by     Software Ltd"; // peers write it, machines know it

static void text16(struct atl_buf *out, const char *ascii)
{
    size_t len = strlen(ascii);

    stitch_put_be16(out, (int32_t)(2 * len));
    for (size_t i = 0; i < len; i++)
        stitch_put_be16(out, (unsigned char)ascii[i]);
}

static void text8(struct atl_buf *out, const char *text)
{
    size_t len = strlen(text);

    stitch_put_be16(out, (int32_t)len);
    atl_buf_add(out, text, len);
}

// Opens a block: tag and room for its length. Returns where the length stands.
static size_t open_block(struct atl_buf *out, uint8_t tag)
{
    const uint8_t bytes[3] = {0, tag, 0};
    size_t at;

    atl_buf_add(out, bytes, 3);
    at = out->len;
    stitch_put_be32(out, 0);
    return at;
}

static void close_block(struct atl_buf *out, size_t at)
{
    stitch_patch_be32(out, at, (uint32_t)(out->len - at - 4));
}

static void put_thread(struct atl_buf *out, const struct atl_thread *thread)
{
    ATL_BUF_LIT(out, "\x01\x00"); // one colour, no transition
    stitch_put_u8(out, thread->rgb >> 16 & 0xff);
    stitch_put_be16(out, (int32_t)(thread->rgb & 0xffff));
    ATL_BUF_LIT(out, "\x00\x00\x00\x05\x28"); // no parts, no length, rayon, weight 40
    text8(out, thread->number);
    text8(out, thread->name);
    text8(out, thread->chart);
}

// The acts of one block of colour: from..to, without the change that ends it.
struct block {
    const struct atl_stitch *acts;
    size_t count;
    struct atl_stitch start; // where the machine goes before it sews
    bool is_last;
};

static void put_stitches(struct atl_buf *out, const struct block *block)
{
    struct stitch_out to = {.buf = out};
    struct atl_stitch was = block->start;
    size_t at = open_block(out, 1);

    ATL_BUF_LIT(out, "\x0a\xf6\x00");
    for (size_t i = 0; i < block->count; i++) {
        struct atl_stitch now = block->acts[i];
        int32_t dx = now.x_dmm - was.x_dmm;
        int32_t dy = -(now.y_dmm - was.y_dmm);
        uint8_t *room;

        if (now.act == ATL_ACT_STITCH) {
            room = stitch_out_room(&to, 2);
            room[0] = (uint8_t)dx;
            room[1] = (uint8_t)dy;
        } else if (now.act == ATL_ACT_TRIM) {
            room = stitch_out_room(&to, 2);
            room[0] = ESCAPE;
            room[1] = TRIM;
        } else if (dx || dy) { // a jump, but not the first one, which is the block's start
            const uint8_t move[8] = {ESCAPE,
                                     LONG,
                                     (uint8_t)((uint32_t)dx >> 8),
                                     (uint8_t)dx,
                                     (uint8_t)((uint32_t)dy >> 8),
                                     (uint8_t)dy,
                                     ESCAPE,
                                     LONG_END};

            memcpy(stitch_out_room(&to, sizeof move), move, sizeof move);
        }
        was = now;
    }
    stitch_out_flush(&to);
    if (block->is_last)
        ATL_BUF_LIT(out, "\x80\x03");
    close_block(out, at);
}

static void put_block(struct atl_buf *out, const struct block *block,
                      const struct atl_thread *thread, int32_t centre_x, int32_t centre_y)
{
    struct atl_stitch end = block->acts[block->count - 1];
    size_t at = open_block(out, 5);

    stitch_put_be32(out, (block->start.x_dmm - centre_x) * UM);
    stitch_put_be32(out, (block->start.y_dmm - centre_y) * UM);
    put_thread(out, thread);
    stitch_put_be32(out, (end.x_dmm - block->start.x_dmm) * UM);
    stitch_put_be32(out, (end.y_dmm - block->start.y_dmm) * UM);
    put_stitches(out, block);
    stitch_put_u8(out, 0);
    close_block(out, at);
}

static void put_blocks(const struct atl_plan *plan, struct atl_buf *out, int32_t centre_x,
                       int32_t centre_y)
{
    struct atl_stitch here = {0};
    size_t thread = 0;
    size_t from = 0;

    for (size_t i = 0; i < plan->count; i++) {
        enum atl_needle act = plan->acts[i].act;
        struct block block = {.acts = plan->acts + from, .count = i - from, .start = here};

        if (act != ATL_ACT_COLOUR && act != ATL_ACT_STOP && act != ATL_ACT_END)
            continue;
        if (plan->acts[from].act == ATL_ACT_JUMP)
            block.start = plan->acts[from];
        block.is_last = act == ATL_ACT_END;
        put_block(out, &block, &plan->threads[thread], centre_x, centre_y);
        here = plan->acts[i];
        from = i + 1;
        thread += act == ATL_ACT_COLOUR;
    }
}

static void put_design(const struct atl_plan *plan, struct atl_buf *out, uint32_t blocks)
{
    struct atl_plan_bounds box = atl_plan_bounds(plan);
    int32_t width = box.right_dmm - box.left_dmm;
    int32_t height = box.top_dmm - box.bottom_dmm;
    int32_t centre_x = box.left_dmm + width / 2;
    int32_t centre_y = box.bottom_dmm + height / 2;
    size_t at = open_block(out, 3);

    stitch_put_be32(out, centre_x * UM);
    stitch_put_be32(out, centre_y * UM);
    stitch_put_fill(out, 0, 3);
    stitch_put_be32(out, -(width * UM / 2));
    stitch_put_be32(out, width * UM / 2);
    stitch_put_be32(out, -(height * UM / 2));
    stitch_put_be32(out, height * UM / 2);
    stitch_put_be32(out, width * UM);
    stitch_put_be32(out, height * UM);
    text16(out, "");
    ATL_BUF_LIT(out, "dd");
    stitch_put_be32(out, 4096);
    stitch_put_be32(out, 0);
    stitch_put_be32(out, 0);
    stitch_put_be32(out, 4096);
    ATL_BUF_LIT(out, "xxPP\x01\x00");
    text16(out, maker);
    stitch_put_be16(out, (int32_t)blocks);
    put_blocks(plan, out, centre_x, centre_y);
    close_block(out, at);
}

static atl_code write(const struct atl_plan *plan, const struct atl_stitch_rules *rules,
                      const struct atl_stitch_label *label, struct atl_buf *out,
                      struct atl_error *err)
{
    struct atl_plan_bounds box = atl_plan_bounds(plan);
    struct atl_plan_counts counts = atl_plan_counts(plan);
    uint32_t blocks = counts.colour_changes + counts.stops + 1;
    atl_code rc = stitch_check_plan(plan, err);
    char name[17];
    size_t at;

    (void)rules;
    if (rc)
        return rc;
    if (blocks > BLOCKS_MAX)
        return atl_fail(err, ATL_E_UNSUPPORTED, "VP3 holds %d changes of colour and stops at most",
                        BLOCKS_MAX - 1);
    stitch_label(label, 16, name);
    ATL_BUF_LIT(out, "%vsm%\x00");
    text16(out, maker);
    at = open_block(out, 2);
    text16(out, name); // the note that people read
    stitch_put_be32(out, box.right_dmm * UM);
    stitch_put_be32(out, box.top_dmm * UM);
    stitch_put_be32(out, box.left_dmm * UM);
    stitch_put_be32(out, box.bottom_dmm * UM);
    stitch_put_be32(out, (int32_t)(plan->count - 1)); // all but the end
    stitch_put_u8(out, 0);
    stitch_put_u8(out, blocks);
    stitch_put_u8(out, 12);
    stitch_put_u8(out, 0);
    stitch_put_u8(out, 1); // designs
    put_design(plan, out, blocks);
    close_block(out, at);
    return atl_buf_check(out, err);
}

// Reading ----------------------------------------------------------------------------------------

struct reader {
    struct stitch_in in;
    struct atl_plan plan;
    int32_t centre_x, centre_y;
    struct atl_thread thread; // of the block before
    uint32_t points;
};

static void get_text8(struct stitch_in *in, char *out, size_t size)
{
    size_t len = stitch_get_be16(in);

    if (stitch_has(in, len))
        stitch_text(in->bytes + in->at, len, out, size);
    stitch_skip(in, len);
}

static void get_text16(struct stitch_in *in, char *out, size_t size)
{
    size_t len = stitch_get_be16(in);
    uint8_t low[32];
    size_t used = 0;

    for (size_t i = 1; i < len && used < sizeof low && stitch_has(in, len); i += 2)
        low[used++] = in->bytes[in->at + i - 1] ? '?' : in->bytes[in->at + i];
    stitch_text(low, used, out, size);
    stitch_skip(in, len);
}

static struct atl_thread get_thread(struct stitch_in *in)
{
    struct atl_thread thread = {0};
    uint32_t colours = stitch_get_u8(in);

    stitch_get_u8(in); // transition
    for (uint32_t i = 0; i < colours && !in->is_short; i++) {
        thread.rgb = stitch_get_u8(in) << 16;
        thread.rgb |= stitch_get_be16(in);
        stitch_skip(in, 3); // parts, length
    }
    stitch_skip(in, 2); // kind, weight
    get_text8(in, thread.number, sizeof thread.number);
    get_text8(in, thread.name, sizeof thread.name);
    get_text8(in, thread.chart, sizeof thread.chart);
    return thread;
}

// um to dmm, so that a stranger's 40 um round to the nearest.
static int32_t get_dmm(struct stitch_in *in)
{
    int64_t um = (int32_t)stitch_get_be32(in);

    return (int32_t)((um < 0 ? um - UM / 2 : um + UM / 2) / UM);
}

static int32_t get_s16(struct stitch_in *in)
{
    return (int16_t)(uint16_t)stitch_get_be16(in);
}

static atl_code read_stitches(struct reader *from, size_t end, struct atl_error *err)
{
    struct stitch_in *in = &from->in;

    while (in->at + 2 <= end && !from->plan.why.code) {
        bool is_command = in->bytes[in->at] == ESCAPE;
        int32_t dx = stitch_get_s8(in);
        int32_t dy = stitch_get_s8(in);

        from->points++;
        if (!is_command) {
            stitch_add(&from->plan, ATL_ACT_STITCH, dx, -dy);
        } else if (dy == LONG && in->at + 4 <= end) {
            dx = get_s16(in);
            stitch_add(&from->plan, ATL_ACT_JUMP, dx, -get_s16(in));
        } else if (dy == TRIM) {
            atl_plan_trim(&from->plan);
        } else if (dy != LONG_END) {
            return atl_fail(err, ATL_E_CORRUPT, "not a VP3 file: it has a command %02Xh",
                            (unsigned)dy & 0xff);
        }
    }
    in->at = end;
    return ATL_OK;
}

static bool has_tag(struct stitch_in *in, uint8_t tag)
{
    uint32_t zero = stitch_get_u8(in);
    uint32_t is = stitch_get_u8(in);

    return !zero && is == tag && !stitch_get_u8(in) && !in->is_short;
}

// The end of a block whose length stands here; false when it lies behind the file.
static bool get_end(struct stitch_in *in, size_t *end)
{
    size_t len = stitch_get_be32(in);

    if (in->is_short || !stitch_has(in, len))
        return false;
    *end = in->at + len;
    return true;
}

static bool is_same_thread(const struct atl_thread *a, const struct atl_thread *b)
{
    return a->rgb == b->rgb && !strcmp(a->number, b->number) && !strcmp(a->name, b->name) &&
           !strcmp(a->chart, b->chart);
}

static void begin_block(struct reader *from, const struct atl_thread *thread, bool is_first)
{
    if (!is_first && is_same_thread(thread, &from->thread)) {
        atl_plan_stop(&from->plan);
        return;
    }
    if (!is_first)
        atl_plan_colour(&from->plan);
    atl_plan_thread(&from->plan, thread);
    from->thread = *thread;
}

static atl_code read_block(struct reader *from, bool is_first, struct atl_error *err)
{
    struct stitch_in *in = &from->in;
    struct atl_thread thread;
    size_t block_end;
    size_t end;
    int32_t x, y;
    atl_code rc;

    if (!has_tag(in, 5) || !get_end(in, &block_end))
        return atl_fail(err, ATL_E_CORRUPT, "a block of colour is missing or cut short");
    x = get_dmm(in) + from->centre_x;
    y = get_dmm(in) + from->centre_y;
    thread = get_thread(in);
    stitch_skip(in, 8); // where it ends
    if (!has_tag(in, 1) || !get_end(in, &end) || end > block_end || end - in->at < 3)
        return atl_fail(err, ATL_E_CORRUPT, "a block of stitches is missing or cut short");
    stitch_skip(in, 3); // 0A F6 00
    begin_block(from, &thread, is_first);
    atl_plan_jump(&from->plan, x, y);
    rc = read_stitches(from, end, err);
    in->at = block_end;
    return rc;
}

static bool is_far(int32_t dmm)
{
    return dmm < -ATL_PLAN_REACH_DMM || dmm > ATL_PLAN_REACH_DMM;
}

static atl_code read_head(struct reader *from, struct atl_stitch_info *seen, uint32_t *blocks,
                          struct atl_error *err)
{
    struct stitch_in *in = &from->in;
    char unused[2];

    stitch_skip(in, 6);
    get_text16(in, unused, sizeof unused);
    stitch_skip(in, 7);
    get_text16(in, seen->label, sizeof seen->label);
    stitch_skip(in, 16 + 4 + 4 + 1 + 7); // extents, count, blocks, designs; tag, length
    from->centre_x = get_dmm(in);
    from->centre_y = get_dmm(in);
    stitch_skip(in, 3 + 24);
    get_text16(in, unused, sizeof unused);
    stitch_skip(in, 24);
    get_text16(in, unused, sizeof unused);
    *blocks = stitch_get_be16(in);
    if (in->is_short || !*blocks || is_far(from->centre_x) || is_far(from->centre_y))
        return atl_fail(err, ATL_E_CORRUPT, "not a VP3 file: its head is cut short or nonsense");
    return ATL_OK;
}

static atl_code read(const uint8_t *bytes, size_t len, const struct atl_stitch_rules *rules,
                     struct atl_plan *plan, struct atl_stitch_info *info, struct atl_error *err)
{
    struct reader from = {
        .in = {.bytes = bytes, .len = len}
    };
    struct atl_stitch_info seen = {.version = "VP3", .has_threads = true};
    uint32_t blocks = 0;
    atl_code rc;

    (void)rules;
    if (len < 6 || memcmp(bytes, "%vsm%", 6) != 0)
        return atl_fail(err, ATL_E_CORRUPT, "not a VP3 file: it does not begin with %%vsm%%");
    atl_plan_init(&from.plan);
    rc = read_head(&from, &seen, &blocks, err);
    for (uint32_t i = 0; !rc && i < blocks && !from.plan.why.code; i++)
        rc = read_block(&from, i == 0, err);
    atl_plan_end(&from.plan);
    seen.records = from.points;
    seen.colour_records = blocks ? blocks - 1 : 0;
    return stitch_read_done(rc, &from.plan, &seen, plan, info, err);
}

const struct atl_stitch_format atl_stitch_vp3 = {"vp3", "VP3", "Husqvarna/Pfaff VP3", write, read};
