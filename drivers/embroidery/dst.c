// SPDX-License-Identifier: Apache-2.0
// Tajima DST: 512 bytes of header, then records of three bytes in balanced ternary, y up. The
// header is written last in time and first in the file, from what the records really are.
#include "drivers/embroidery/parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST = 121,
    HEADER = 512,
    JUMP = 0x80,
    COLOUR = 0xc0,
    END = 0xf0,
    ALWAYS = 3,
    EOF_1A = 0x1a
};

// Weight of a bit of a record, and its place as the bit's number in byte 0, 1, 2 in a row.
static const struct bit {
    int8_t weight;
    uint8_t x_plus, x_minus, y_plus, y_minus;
} bits[] = {
    {81, 18, 19, 21, 20},
    {27, 10, 11, 13, 12},
    {9,  2,  3,  5,  4 },
    {3,  8,  9,  15, 14},
    {1,  0,  1,  7,  6 },
};
enum { BIT_COUNT = sizeof bits / sizeof bits[0] };

// Every move of one axis as its bits, so that a record is two look-ups.
struct tables {
    uint32_t x[2 * MOST + 1];
    uint32_t y[2 * MOST + 1];
};

static void make_tables(struct tables *tables)
{
    for (int move = -MOST; move <= MOST; move++) {
        int left = move;
        int rest = MOST;

        tables->x[move + MOST] = tables->y[move + MOST] = 0;
        for (int i = 0; i < BIT_COUNT; i++) {
            rest -= bits[i].weight; // what the smaller ones can still make up
            if (left > rest) {
                tables->x[move + MOST] |= 1u << bits[i].x_plus;
                tables->y[move + MOST] |= 1u << bits[i].y_plus;
                left -= bits[i].weight;
            } else if (left < -rest) {
                tables->x[move + MOST] |= 1u << bits[i].x_minus;
                tables->y[move + MOST] |= 1u << bits[i].y_minus;
                left += bits[i].weight;
            }
        }
    }
}

// What the header says about the records.
struct sum {
    uint32_t records;
    uint32_t colours;                 // records, two for a stop
    int32_t left, right, bottom, top; // over needle points and the start
};

struct writer {
    struct tables tables;
    struct stitch_out out;
    struct sum sum;
    int32_t x, y;
};

static void record(struct writer *to, int32_t dx, int32_t dy, uint32_t flags)
{
    uint32_t all = to->tables.x[dx + MOST] | to->tables.y[dy + MOST] | (flags | ALWAYS) << 16;
    uint8_t *at = stitch_out_room(&to->out, 3);

    at[0] = (uint8_t)all;
    at[1] = (uint8_t)(all >> 8);
    at[2] = (uint8_t)(all >> 16);
    to->sum.records++;
}

static void jump(struct writer *to, int32_t dx, int32_t dy)
{
    int32_t parts = stitch_parts(dx, dy, MOST);

    for (int32_t i = 1; i <= parts; i++)
        record(to, stitch_part(dx, i, parts), stitch_part(dy, i, parts), JUMP);
}

// So many jumps in a row, which come back to where they began: +2 -4 +2, and pairs of +2 -2.
static void trim(struct writer *to, unsigned jumps)
{
    if (jumps % 2) {
        record(to, 2, 2, JUMP);
        record(to, -4, -4, JUMP);
        record(to, 2, 2, JUMP);
        jumps -= 3;
    }
    for (; jumps; jumps -= 2) {
        record(to, 2, 2, JUMP);
        record(to, -2, -2, JUMP);
    }
}

static void needle(struct sum *sum, int32_t x, int32_t y)
{
    sum->left = x < sum->left ? x : sum->left;
    sum->right = x > sum->right ? x : sum->right;
    sum->bottom = y < sum->bottom ? y : sum->bottom;
    sum->top = y > sum->top ? y : sum->top;
}

static void act(struct writer *to, const struct atl_stitch *stitch, unsigned trim_jumps)
{
    int32_t dx = stitch->x_dmm - to->x;
    int32_t dy = stitch->y_dmm - to->y;

    switch (stitch->act) {
    case ATL_ACT_STITCH:
        record(to, dx, dy, 0);
        needle(&to->sum, stitch->x_dmm, stitch->y_dmm);
        break;
    case ATL_ACT_JUMP:
        jump(to, dx, dy);
        break;
    case ATL_ACT_TRIM:
        trim(to, trim_jumps);
        break;
    case ATL_ACT_STOP: // two changes in a row
        record(to, 0, 0, COLOUR);
        to->sum.colours++;
        // fall through
    case ATL_ACT_COLOUR:
        record(to, 0, 0, COLOUR);
        to->sum.colours++;
        break;
    case ATL_ACT_END:
        record(to, 0, 0, END);
        break;
    }
    to->x = stitch->x_dmm;
    to->y = stitch->y_dmm;
}

static uint32_t co_field(enum atl_dst_co rule, uint32_t colours)
{
    switch (rule) {
    case ATL_DST_CO_AT_LEAST_ONE:
        return colours ? colours : 1;
    case ATL_DST_CO_CHANGES:
        return colours;
    case ATL_DST_CO_COLOURS:
        return colours + 1;
    }
    return colours;
}

static char sign(int32_t value)
{
    return value < 0 ? '-' : '+';
}

static void header(char out[HEADER], const struct writer *from, enum atl_dst_co rule,
                   const struct atl_stitch_label *label)
{
    const struct sum *sum = &from->sum;
    char name[17];
    char text[HEADER];
    int len;

    stitch_label(label, 16, name);
    len = snprintf(text, sizeof text,
                   "LA:%-16s\rST:%7u\rCO:%3u\r+X:%5d\r-X:%5d\r+Y:%5d\r-Y:%5d\r"
                   "AX:%c%5d\rAY:%c%5d\rMX:+%5d\rMY:+%5d\rPD:******\r",
                   name, (unsigned)sum->records, (unsigned)co_field(rule, sum->colours),
                   (int)sum->right, (int)-sum->left, (int)sum->top, (int)-sum->bottom,
                   sign(from->x), abs(from->x), sign(from->y), abs(from->y), 0, 0);
    memset(out, ' ', HEADER);
    memcpy(out, text, (size_t)len);
    out[len] = EOF_1A;
}

static atl_code write(const struct atl_plan *plan, const struct atl_stitch_rules *rules,
                      const struct atl_stitch_label *label, struct atl_buf *out,
                      struct atl_error *err)
{
    struct writer to = {.out = {.buf = out}};
    unsigned trim_jumps = rules->dst_trim_jumps;
    size_t start = out->len;
    char head[HEADER];
    atl_code rc = stitch_check_plan(plan, err);

    if (rc)
        return rc;
    if (trim_jumps < 2 || trim_jumps > 8)
        return atl_fail(err, ATL_E_INVALID, "a trim of %u jumps: 2 to 8 are possible", trim_jumps);
    make_tables(&to.tables);
    memset(head, ' ', sizeof head);
    atl_buf_add(out, head, sizeof head);
    for (size_t i = 0; i < plan->count; i++)
        act(&to, &plan->acts[i], trim_jumps);
    stitch_out_flush(&to.out);
    if (rules->dst_ends_1a)
        stitch_put_u8(out, EOF_1A);
    header(head, &to, rules->dst_co, label);
    if (!out->failed)
        memcpy(out->data + start, head, sizeof head);
    return atl_buf_check(out, err);
}

// Reading ----------------------------------------------------------------------------------------

// The number of a field such as "+X:  618"; INT64_MIN when it is not there or no number.
static int64_t field(const uint8_t *head, const char *name)
{
    const char *text = (const char *)head;
    char number[12];
    size_t len = 0;
    char *end;
    long value;

    for (size_t i = 0; i + 3 < HEADER && head[i] != EOF_1A; i++) {
        if ((i && head[i - 1] != '\r') || strncmp(text + i, name, 2) != 0 || text[i + 2] != ':')
            continue;
        for (i += 3; i < HEADER && text[i] != '\r' && len + 1 < sizeof number; i++) {
            if (text[i] != ' ')
                number[len++] = text[i];
        }
        number[len] = 0;
        value = strtol(number, &end, 10);
        return len && !*end ? value : INT64_MIN;
    }
    return INT64_MIN;
}

static void read_header(const uint8_t *head, struct atl_stitch_info *info)
{
    info->has_header = true;
    stitch_text(head + 3, 16, info->label, sizeof info->label);
    info->header_st = field(head, "ST");
    info->header_co = field(head, "CO");
    info->header_right = field(head, "+X");
    info->header_left = field(head, "-X");
    info->header_top = field(head, "+Y");
    info->header_bottom = field(head, "-Y");
}

struct reader {
    struct atl_plan plan;
    int32_t x, y;
    unsigned trim_jumps;
    unsigned jumps;   // in a row, not yet in the plan
    unsigned colours; // in a row, not yet in the plan
    struct sum sum;
};

// What stood before this record becomes acts, now that it is known how much of it there was.
static void settle(struct reader *from)
{
    for (; from->colours >= 2; from->colours -= 2)
        atl_plan_stop(&from->plan);
    if (from->colours)
        atl_plan_colour(&from->plan);
    if (from->jumps >= from->trim_jumps)
        atl_plan_trim(&from->plan);
    if (from->jumps)
        atl_plan_jump(&from->plan, from->x, from->y);
    from->colours = from->jumps = 0;
}

static int32_t axis(uint32_t all, bool is_y)
{
    int32_t sum = 0;

    for (int i = 0; i < BIT_COUNT; i++) {
        uint8_t plus = is_y ? bits[i].y_plus : bits[i].x_plus;
        uint8_t minus = is_y ? bits[i].y_minus : bits[i].x_minus;

        sum += bits[i].weight * ((int32_t)(all >> plus & 1) - (int32_t)(all >> minus & 1));
    }
    return sum;
}

// False at the end record.
static bool read_record(struct reader *from, const uint8_t *bytes)
{
    uint32_t all = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16;
    bool is_end = (bytes[2] & 0xf3) == 0xf3;
    bool is_colour = (bytes[2] & COLOUR) == COLOUR;
    bool is_jump = !is_colour && (bytes[2] & JUMP);

    from->sum.records++;
    if (is_end || (!is_jump && !is_colour) || (is_colour && from->jumps) ||
        (is_jump && from->colours))
        settle(from);
    if (is_end)
        return false;
    from->x += axis(all, false);
    from->y += axis(all, true);
    if (is_colour) {
        from->colours++;
        from->sum.colours++;
        if (axis(all, false) || axis(all, true)) { // not seen yet, but possible
            settle(from);
            atl_plan_jump(&from->plan, from->x, from->y);
        }
    } else if (is_jump) {
        from->jumps++;
    } else if ((bytes[2] & 0x40) == 0) { // 40: sequins, which are not sewn
        atl_plan_stitch(&from->plan, from->x, from->y);
        needle(&from->sum, from->x, from->y);
    }
    return !from->plan.why.code;
}

static atl_code read(const uint8_t *bytes, size_t len, const struct atl_stitch_rules *rules,
                     struct atl_plan *plan, struct atl_stitch_info *info, struct atl_error *err)
{
    struct reader from = {.trim_jumps = rules->dst_trim_jumps};
    struct atl_stitch_info seen = {.version = "DST"};
    const struct sum *sum = &from.sum;
    atl_code rc = ATL_OK;
    bool is_open = true;
    size_t at = HEADER;

    if (len < HEADER + 3 || memcmp(bytes, "LA:", 3) != 0)
        return atl_fail(err, ATL_E_CORRUPT, "not a DST file: it does not begin with LA:");
    read_header(bytes, &seen);
    atl_plan_init(&from.plan);
    for (; is_open && at + 3 <= len; at += 3)
        is_open = read_record(&from, bytes + at);
    if (is_open)
        rc = atl_fail(err, ATL_E_CORRUPT, "the file is cut short: it has no end record");
    atl_plan_end(&from.plan);
    stitch_made_up_threads(&from.plan);
    seen.records = sum->records;
    seen.colour_records = sum->colours;
    seen.header_agrees = seen.header_st == sum->records && seen.header_right == sum->right &&
                         seen.header_left == -sum->left && seen.header_top == sum->top &&
                         seen.header_bottom == -sum->bottom;
    return stitch_read_done(rc, &from.plan, &seen, plan, info, err);
}

const struct atl_stitch_format atl_stitch_dst = {"dst", "DST", "Tajima DST", write, read};
