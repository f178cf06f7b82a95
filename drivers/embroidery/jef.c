// SPDX-License-Identifier: Apache-2.0
// Janome JEF: little-endian header with hoop and colours, then pairs of signed bytes, y up, 80h
// begins a command. Three jumps in a row are a trim, also when they go nowhere.
#include "drivers/embroidery/parts.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST = 127,
    ESCAPE = 0x80,
    COLOUR = 0x01,
    JUMP = 0x02,
    END = 0x10,
    TRIM_JUMPS = 3,
    HEADER = 0x74,
    BLOCKS_MAX = 2 * ATL_PLAN_THREADS_MAX,
};

// In the order of size; the code is what the file says.
static const struct hoop {
    int32_t code, width_dmm, height_dmm;
} hoops[] = {
    {1, 500,  500 },
    {0, 1100, 1100},
    {3, 1260, 1100},
    {2, 1400, 2000},
    {4, 2000, 2000},
};
enum { HOOP_COUNT = sizeof hoops / sizeof hoops[0] };

// The hoop of the machine if the format has a number for it, else the smallest that holds the
// design, else the largest.
static const struct hoop *choose(const struct atl_stitch_rules *rules, int32_t width,
                                 int32_t height)
{
    for (size_t i = 0; i < HOOP_COUNT; i++) {
        if (hoops[i].width_dmm == rules->hoop_width_dmm &&
            hoops[i].height_dmm == rules->hoop_height_dmm)
            return &hoops[i];
    }
    for (size_t i = 0; i < HOOP_COUNT; i++) {
        if (width <= hoops[i].width_dmm && height <= hoops[i].height_dmm)
            return &hoops[i];
    }
    return &hoops[HOOP_COUNT - 1];
}

static void margins(struct atl_buf *out, int32_t hoop_width, int32_t hoop_height, int32_t half_x,
                    int32_t half_y)
{
    int32_t x = hoop_width / 2 - half_x;
    int32_t y = hoop_height / 2 - half_y;
    bool fits = x >= 0 && y >= 0;

    for (int i = 0; i < 2; i++) {
        stitch_put_le32(out, fits ? x : -1);
        stitch_put_le32(out, fits ? y : -1);
    }
}

static bool is_stamp(const char *stamp)
{
    return stamp && strlen(stamp) == 14 && strspn(stamp, "0123456789") == 14;
}

// Points as the format counts them: a trim is three jumps, a jump or change two points.
static int32_t points(const struct atl_plan *plan)
{
    int32_t count = 1; // the end
    struct atl_stitch was = {0};

    for (size_t i = 0; i < plan->count; i++) {
        struct atl_stitch now = plan->acts[i];

        if (now.act == ATL_ACT_STITCH)
            count++;
        else if (now.act == ATL_ACT_TRIM)
            count += 2 * TRIM_JUMPS;
        else if (now.act == ATL_ACT_JUMP)
            count += 2 * stitch_parts(now.x_dmm - was.x_dmm, now.y_dmm - was.y_dmm, MOST);
        else if (now.act != ATL_ACT_END)
            count += 2;
        was = now;
    }
    return count;
}

static void colours(const struct atl_plan *plan, int32_t blocks, struct atl_buf *out)
{
    uint8_t rows[ATL_PLAN_THREADS_MAX];
    size_t thread = 0;

    stitch_palette_match(&stitch_palette_jef, plan, rows);
    stitch_put_le32(out, rows[0]);
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->acts[i].act == ATL_ACT_COLOUR)
            stitch_put_le32(out, rows[++thread]);
        else if (plan->acts[i].act == ATL_ACT_STOP) // the same colour again
            stitch_put_le32(out, rows[thread]);
    }
    for (int32_t i = 0; i < blocks; i++)
        stitch_put_le32(out, 0x0d);
}

static void header(const struct atl_plan *plan, const struct atl_stitch_rules *rules,
                   const struct atl_stitch_label *label, struct atl_buf *out)
{
    struct atl_plan_bounds box = atl_plan_bounds(plan);
    struct atl_plan_counts counts = atl_plan_counts(plan);
    int32_t blocks = (int32_t)(counts.colour_changes + counts.stops + 1);
    int32_t width = box.right_dmm - box.left_dmm;
    int32_t height = box.top_dmm - box.bottom_dmm;
    int32_t half_x = (width + 1) / 2;
    int32_t half_y = (height + 1) / 2;
    const struct hoop *hoop = choose(rules, width, height);
    bool has_stamp = label && is_stamp(label->stamp);

    stitch_put_le32(out, HEADER + 8 * blocks);
    stitch_put_le32(out, 0x14);
    atl_buf_add(out, has_stamp ? label->stamp : "20000101000000", 14);
    stitch_put_le16(out, 0);
    stitch_put_le32(out, blocks);
    stitch_put_le32(out, points(plan));
    stitch_put_le32(out, hoop->code);
    for (int i = 0; i < 2; i++) {
        stitch_put_le32(out, half_x);
        stitch_put_le32(out, half_y);
    }
    margins(out, 1100, 1100, half_x, half_y);
    margins(out, 500, 500, half_x, half_y);
    margins(out, 1400, 2000, half_x, half_y);
    margins(out, hoop->width_dmm, hoop->height_dmm, half_x, half_y);
    colours(plan, blocks, out);
}

static void put_act(struct stitch_out *out, struct atl_stitch was, struct atl_stitch now)
{
    int32_t dx = now.x_dmm - was.x_dmm;
    int32_t dy = now.y_dmm - was.y_dmm;
    int32_t parts;
    uint8_t *at;

    switch (now.act) {
    case ATL_ACT_STITCH:
        at = stitch_out_room(out, 2);
        at[0] = (uint8_t)dx;
        at[1] = (uint8_t)dy;
        break;
    case ATL_ACT_JUMP:
        parts = stitch_parts(dx, dy, MOST);
        for (int32_t i = 1; i <= parts; i++)
            stitch_out_command(out, JUMP, stitch_part(dx, i, parts), stitch_part(dy, i, parts));
        break;
    case ATL_ACT_TRIM:
        for (int i = 0; i < TRIM_JUMPS; i++)
            stitch_out_command(out, JUMP, 0, 0);
        break;
    case ATL_ACT_COLOUR:
    case ATL_ACT_STOP:
        stitch_out_command(out, COLOUR, 0, 0);
        break;
    case ATL_ACT_END:
        at = stitch_out_room(out, 2);
        at[0] = ESCAPE;
        at[1] = END;
        break;
    }
}

static atl_code write(const struct atl_plan *plan, const struct atl_stitch_rules *rules,
                      const struct atl_stitch_label *label, struct atl_buf *out,
                      struct atl_error *err)
{
    struct stitch_out to = {.buf = out};
    struct atl_stitch was = {0};
    struct atl_plan_counts counts = atl_plan_counts(plan);
    atl_code rc = stitch_check_plan(plan, err);

    if (rc)
        return rc;
    if (counts.colour_changes + counts.stops >= BLOCKS_MAX)
        return atl_fail(err, ATL_E_UNSUPPORTED, "JEF holds %d changes of colour and stops at most",
                        BLOCKS_MAX - 1);
    header(plan, rules, label, out);
    for (size_t i = 0; i < plan->count; i++) {
        put_act(&to, was, plan->acts[i]);
        was = plan->acts[i];
    }
    stitch_out_flush(&to);
    return atl_buf_check(out, err);
}

// Reading ----------------------------------------------------------------------------------------

struct reader {
    struct stitch_in in;
    struct atl_plan plan;
    unsigned jumps; // in a row, not yet in the plan
    int32_t dx, dy; // of them together
    uint32_t rows[BLOCKS_MAX];
    uint32_t row_count;
    uint32_t block;
    uint32_t points;
};

static void settle(struct reader *from)
{
    if (from->jumps >= TRIM_JUMPS)
        atl_plan_trim(&from->plan);
    if (from->jumps)
        stitch_add(&from->plan, ATL_ACT_JUMP, from->dx, from->dy);
    from->jumps = 0;
    from->dx = from->dy = 0;
}

static void change(struct reader *from)
{
    const uint32_t *rows = from->rows;
    struct atl_thread thread;

    from->block++;
    if (from->block < from->row_count && rows[from->block] == rows[from->block - 1]) {
        atl_plan_stop(&from->plan);
        return;
    }
    atl_plan_colour(&from->plan);
    thread = stitch_palette_thread(&stitch_palette_jef,
                                   from->block < from->row_count ? rows[from->block] : 0);
    atl_plan_thread(&from->plan, &thread);
}

// False at the end.
static bool read_point(struct reader *from, atl_code *rc, struct atl_error *err)
{
    bool is_command = from->in.bytes[from->in.at] == ESCAPE;
    int32_t dx = stitch_get_s8(&from->in);
    int32_t dy = stitch_get_s8(&from->in);
    uint32_t what = (uint32_t)dy & 0xff;

    from->points += is_command && what != END ? 2 : 1;
    if (!is_command || what != JUMP)
        settle(from);
    if (is_command && what == END)
        return false;
    if (!is_command) {
        stitch_add(&from->plan, ATL_ACT_STITCH, dx, dy);
        return true;
    }
    dx = stitch_get_s8(&from->in);
    dy = stitch_get_s8(&from->in);
    if (what == COLOUR)
        change(from);
    else if (what != JUMP)
        *rc = atl_fail(err, ATL_E_CORRUPT, "not a JEF file: it has a command %02Xh", what);
    if (what == JUMP || dx || dy) {
        from->jumps++;
        from->dx += dx;
        from->dy += dy;
    }
    return true;
}

static atl_code read_header(struct reader *from, struct atl_error *err)
{
    uint32_t offset = stitch_get_le32(&from->in);
    struct atl_thread thread;

    from->in.at = from->in.len < 24 ? from->in.len : 24;
    from->row_count = stitch_get_le32(&from->in);
    if (from->in.is_short || from->row_count < 1 || from->row_count > BLOCKS_MAX ||
        offset != HEADER + 8 * from->row_count || offset > from->in.len)
        return atl_fail(err, ATL_E_CORRUPT, "not a JEF file: its header does not fit its colours");
    from->in.at = HEADER;
    for (uint32_t i = 0; i < from->row_count; i++)
        from->rows[i] = stitch_get_le32(&from->in);
    from->in.at = offset;
    thread = stitch_palette_thread(&stitch_palette_jef, from->rows[0]);
    atl_plan_thread(&from->plan, &thread);
    return ATL_OK;
}

static atl_code read(const uint8_t *bytes, size_t len, const struct atl_stitch_rules *rules,
                     struct atl_plan *plan, struct atl_stitch_info *info, struct atl_error *err)
{
    struct reader from = {
        .in = {.bytes = bytes, .len = len}
    };
    struct atl_stitch_info seen = {.version = "JEF", .has_threads = true};
    bool is_open = true;
    atl_code rc;

    (void)rules;
    atl_plan_init(&from.plan);
    rc = read_header(&from, err);
    while (!rc && is_open && from.in.at < from.in.len && !from.plan.why.code)
        is_open = read_point(&from, &rc, err);
    if (!rc && !from.plan.why.code && (is_open || from.in.is_short))
        rc = atl_fail(err, ATL_E_CORRUPT, "the file is cut short: it has no end");
    atl_plan_end(&from.plan);
    seen.records = from.points;
    seen.colour_records = from.block;
    return stitch_read_done(rc, &from.plan, &seen, plan, info, err);
}

const struct atl_stitch_format atl_stitch_jef = {"jef", "JEF", "Janome JEF", write, read};
