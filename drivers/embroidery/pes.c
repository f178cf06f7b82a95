// SPDX-License-Identifier: Apache-2.0
// Brother PES: what PE-Design edits (CEmbOne, CSewSeg), and behind it the PEC part that machines
// sew. Version 1 is what every machine shows; version 6 adds strings, the hoop and RGB threads.
#include "drivers/embroidery/pec.h"

#include <string.h>

enum { SECTION_MOST = 32000, STITCHES = 0, JUMP = 1, SECTION_END = 0x8003 };

static void put_float(struct atl_buf *out, float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    stitch_put_le32(out, (int32_t)bits);
}

static void put_string8(struct atl_buf *out, const char *text)
{
    size_t len = strlen(text);

    if (len > 255)
        len = 255;
    stitch_put_u8(out, (uint32_t)len);
    atl_buf_add(out, text, len);
}

static void put_name16(struct atl_buf *out, const char *name)
{
    stitch_put_le16(out, (int32_t)strlen(name));
    atl_buf_add(out, name, strlen(name));
}

static void put_head_1(const struct atl_stitch_rules *rules, struct atl_buf *out)
{
    stitch_put_le16(out, 1); // scale to fit
    stitch_put_le16(out, rules->hoop_width_dmm <= 1000 && rules->hoop_height_dmm <= 1000 ? 0 : 1);
    stitch_put_le16(out, 1); // objects
}

static void put_thread(struct atl_buf *out, const struct atl_thread *thread)
{
    put_string8(out, thread->number);
    stitch_put_u8(out, thread->rgb >> 16 & 0xff);
    stitch_put_u8(out, thread->rgb >> 8 & 0xff);
    stitch_put_u8(out, thread->rgb & 0xff);
    stitch_put_u8(out, 0);
    stitch_put_le32(out, 0x0a); // a colour of the user's
    put_string8(out, thread->name);
    put_string8(out, thread->chart);
    put_string8(out, "");
}

static void put_head_6(const struct atl_plan *plan, const struct atl_stitch_rules *rules,
                       const struct pec_blocks *blocks, const struct atl_stitch_label *label,
                       struct atl_buf *out)
{
    // Hoop in mm twice, page, background, grid …: as PE-Design writes them for a new page.
    const int32_t page[18] = {0,
                              0,
                              rules->hoop_width_dmm / 10,
                              rules->hoop_height_dmm / 10,
                              0,
                              200,
                              200,
                              100,
                              100,
                              100,
                              7,
                              19,
                              1,
                              1,
                              0,
                              100,
                              1,
                              0};
    char name[17];

    stitch_label(label, 16, name);
    stitch_put_le16(out, 1);
    ATL_BUF_LIT(out, "02");
    put_string8(out, name);
    for (int i = 0; i < 4; i++) // category, author, keywords, comments
        put_string8(out, "");
    for (size_t i = 0; i < 18; i++)
        stitch_put_le16(out, page[i]);
    put_string8(out, ""); // the picture it was made from
    for (int i = 0; i < 6; i++)
        put_float(out, i == 0 || i == 3 ? 1.0F : 0.0F);
    for (int i = 0; i < 3; i++) // fills, motifs, feathers
        stitch_put_le16(out, 0);
    stitch_put_le16(out, (int32_t)blocks->count);
    for (uint32_t i = 0; i < blocks->count; i++)
        put_thread(out, &plan->threads[blocks->threads[i]]);
    stitch_put_le16(out, 1); // objects
}

static void put_emb_one(const struct atl_plan_bounds *box, struct atl_buf *out)
{
    const int32_t width = box->right_dmm - box->left_dmm;
    const int32_t height = box->top_dmm - box->bottom_dmm;

    put_name16(out, "CEmbOne");
    stitch_put_fill(out, 0, 16); // bounds, twice; zeros are taken
    put_float(out, 1);
    put_float(out, 0);
    put_float(out, 0);
    put_float(out, 1);
    put_float(out, 350 + 1300 / 2.0F - (float)width / 2);
    put_float(out, 100 + (float)height + 1800 / 2.0F - (float)height / 2);
    stitch_put_le16(out, 1);
    stitch_put_le16(out, 0);
    stitch_put_le16(out, 0);
    stitch_put_le16(out, width);
    stitch_put_le16(out, height);
    stitch_put_fill(out, 0, 8);
}

struct sections {
    struct stitch_out out;
    struct atl_plan_bounds box;
    uint32_t count;
    uint32_t block;
    uint16_t changed_at[PEC_BLOCKS_MAX]; // section in which each block begins
};

static void put16(struct stitch_out *out, int32_t value)
{
    uint8_t *at = stitch_out_room(out, 2);

    at[0] = (uint8_t)value;
    at[1] = (uint8_t)((uint32_t)value >> 8);
}

// Relative to the lower left corner of the design, y down: never above 0.
static void put_point(struct sections *to, struct atl_stitch at)
{
    put16(&to->out, at.x_dmm - to->box.left_dmm);
    put16(&to->out, -(at.y_dmm - to->box.bottom_dmm));
}

static void put_section(struct sections *to, int32_t kind, int32_t row, int32_t points)
{
    if (to->count)
        put16(&to->out, SECTION_END);
    put16(&to->out, kind);
    put16(&to->out, row);
    put16(&to->out, points);
    to->count++;
}

// The run of stitches that begins at act i; returns the first act behind it.
static size_t put_run(const struct atl_plan *plan, size_t i, int32_t row, struct sections *to)
{
    size_t end = i;

    while (end < plan->count && plan->acts[end].act == ATL_ACT_STITCH && end - i < SECTION_MOST)
        end++;
    put_section(to, STITCHES, row, (int32_t)(end - i));
    for (; i < end; i++)
        put_point(to, plan->acts[i]);
    return end;
}

static void put_sew_seg(const struct atl_plan *plan, const struct pec_blocks *blocks,
                        struct sections *to)
{
    struct atl_stitch was = {0};

    for (size_t i = 0; i < plan->count;) {
        int32_t row = blocks->rows[to->block];

        switch (plan->acts[i].act) {
        case ATL_ACT_STITCH:
            i = put_run(plan, i, row, to);
            was = plan->acts[i - 1];
            continue;
        case ATL_ACT_JUMP:
            put_section(to, JUMP, row, 2);
            put_point(to, was);
            put_point(to, plan->acts[i]);
            break;
        case ATL_ACT_COLOUR:
        case ATL_ACT_STOP:
            to->block++;
            to->changed_at[to->block] = (uint16_t)to->count;
            break;
        case ATL_ACT_TRIM:
        case ATL_ACT_END:
            break;
        }
        was = plan->acts[i++];
    }
    put16(&to->out, (int32_t)to->block + 1);
    for (uint32_t i = 0; i <= to->block; i++) {
        put16(&to->out, to->changed_at[i]);
        put16(&to->out, blocks->rows[i]);
    }
}

// What stands between head and PEC; returns how many sections CSewSeg has.
static uint32_t put_objects(const struct atl_plan *plan, const struct pec_blocks *blocks,
                            struct atl_buf *out)
{
    struct sections to = {.out = {.buf = out}, .box = atl_plan_bounds(plan)};
    size_t count_at;

    ATL_BUF_LIT(out, "\xff\xff\x00\x00"); // an object follows
    put_emb_one(&to.box, out);
    count_at = out->len;
    stitch_put_le16(out, 0);
    ATL_BUF_LIT(out, "\xff\xff\x00\x00");
    put_name16(out, "CSewSeg");
    put_sew_seg(plan, blocks, &to);
    stitch_out_flush(&to.out);
    if (!out->failed) {
        out->data[count_at] = (uint8_t)to.count;
        out->data[count_at + 1] = (uint8_t)(to.count >> 8);
    }
    stitch_put_fill(out, 0, 4); // no more objects
    return to.count;
}

// Behind PEC, version 6 says its colours once more, with empty pictures.
static void put_tail_6(const struct atl_plan *plan, const struct pec_blocks *blocks,
                       struct atl_buf *out)
{
    stitch_put_u8(out, blocks->count - 1);
    atl_buf_add(out, blocks->rows, blocks->count);
    stitch_put_fill(out, ' ', 128 - 1 - blocks->count);
    stitch_put_fill(out, 0, 0x90 * (size_t)blocks->count);
    for (uint32_t i = 0; i < blocks->count; i++) {
        uint32_t rgb = plan->threads[blocks->threads[i]].rgb;

        stitch_put_le16(out, (int32_t)(rgb & 0xffff));
        stitch_put_u8(out, rgb >> 16);
    }
    stitch_put_le16(out, 0);
}

static bool has_too_many_sections(const struct atl_plan *plan)
{
    struct atl_plan_counts counts = atl_plan_counts(plan);
    uint32_t moves = counts.jumps + counts.trims + counts.colour_changes + counts.stops;

    return moves > 30000;
}

static atl_code write(const struct atl_plan *plan, const struct atl_stitch_rules *rules,
                      const struct atl_stitch_label *label, struct atl_buf *out,
                      struct atl_error *err)
{
    const bool is_6 = rules->pes_version == 6;
    const size_t start = out->len;
    struct pec_blocks blocks;
    uint32_t sections;
    atl_code rc = stitch_check_plan(plan, err);

    if (!rc && !is_6 && rules->pes_version != 1)
        rc = atl_fail(err, ATL_E_INVALID, "PES version %u: 1 and 6 are possible",
                      rules->pes_version);
    if (!rc && has_too_many_sections(plan))
        rc = atl_fail(err, ATL_E_UNSUPPORTED, "PES holds 30000 jumps and trims at most");
    if (!rc)
        rc = pec_blocks(plan, &blocks, err);
    if (rc)
        return rc;
    atl_buf_addf(out, "#PES00%s", is_6 ? "60" : "01");
    stitch_put_le32(out, 0); // where PEC begins, when that is known
    if (is_6)
        put_head_6(plan, rules, &blocks, label, out);
    else
        put_head_1(rules, out);
    sections = put_objects(plan, &blocks, out);
    if (is_6) { // an order of objects, as peers write it
        (void)sections;
        stitch_put_fill(out, 0, 8);
        for (uint32_t i = 0; i < blocks.count; i++) {
            stitch_put_le32(out, (int32_t)i);
            stitch_put_le32(out, 0);
        }
    }
    for (unsigned i = 0; i < 4 && !out->failed; i++)
        out->data[start + 8 + i] = (uint8_t)((out->len - start) >> (8 * i));
    pec_write(plan, &blocks, label, out);
    if (is_6)
        put_tail_6(plan, &blocks, out);
    return atl_buf_check(out, err);
}

// Reading ----------------------------------------------------------------------------------------

static void get_string8(struct stitch_in *in, char *out, size_t size)
{
    size_t len = stitch_get_u8(in);

    if (stitch_has(in, len) && size)
        stitch_text(in->bytes + in->at, len, out, size);
    stitch_skip(in, len);
}

static struct atl_thread get_thread(struct stitch_in *in)
{
    struct atl_thread thread = {0};

    get_string8(in, thread.number, sizeof thread.number);
    thread.rgb = stitch_get_u8(in) << 16;
    thread.rgb |= stitch_get_u8(in) << 8;
    thread.rgb |= stitch_get_u8(in);
    stitch_skip(in, 5);
    get_string8(in, thread.name, sizeof thread.name);
    get_string8(in, thread.chart, sizeof thread.chart);
    get_string8(in, NULL, 0);
    return thread;
}

// The threads that the head of version 6 names. Anything unusual there: none, and PEC's palette
// is taken, because PEC is what is sewn.
static uint32_t read_threads_6(struct stitch_in in, struct atl_thread out[PEC_BLOCKS_MAX])
{
    uint32_t count;

    stitch_skip(&in, 4);
    for (int i = 0; i < 5; i++)
        get_string8(&in, NULL, 0);
    stitch_skip(&in, 36);
    get_string8(&in, NULL, 0);
    stitch_skip(&in, 24);
    for (int i = 0; i < 3; i++) {
        if (stitch_get_le16(&in))
            return 0;
    }
    count = stitch_get_le16(&in);
    if (count > PEC_BLOCKS_MAX)
        return 0;
    for (uint32_t i = 0; i < count && !in.is_short; i++)
        out[i] = get_thread(&in);
    return in.is_short ? 0 : count;
}

static const struct version {
    const char *magic;
    const char *name;
} versions[] = {
    {"#PES0001", "PES 1"  },
    {"#PES0020", "PES 2"  },
    {"#PES0022", "PES 2.2"},
    {"#PES0030", "PES 3"  },
    {"#PES0040", "PES 4"  },
    {"#PES0050", "PES 5"  },
    {"#PES0055", "PES 5.5"},
    {"#PES0056", "PES 5.6"},
    {"#PES0060", "PES 6"  },
    {"#PES0070", "PES 7"  },
    {"#PES0080", "PES 8"  },
    {"#PES0090", "PES 9"  },
    {"#PES0100", "PES 10" },
};

static const struct version *find_version(const uint8_t *bytes)
{
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        if (memcmp(bytes, versions[i].magic, 8) == 0)
            return &versions[i];
    }
    return NULL;
}

static atl_code read(const uint8_t *bytes, size_t len, const struct atl_stitch_rules *rules,
                     struct atl_plan *plan, struct atl_stitch_info *info, struct atl_error *err)
{
    struct stitch_in in = {.bytes = bytes, .len = len};
    struct atl_thread threads[PEC_BLOCKS_MAX];
    struct atl_stitch_info seen = {.has_threads = true};
    const struct version *version = len >= 12 ? find_version(bytes) : NULL;
    uint32_t thread_count = 0;
    struct atl_plan from;
    uint32_t pec_at;
    atl_code rc;

    (void)rules;
    if (!version)
        return atl_fail(err, ATL_E_CORRUPT, "not a PES file, or a version that nobody knows");
    memcpy(seen.version, version->name, strlen(version->name));
    in.at = 8;
    pec_at = stitch_get_le32(&in);
    if (pec_at < 12 || pec_at > len)
        return atl_fail(err, ATL_E_CORRUPT, "its PEC part is missing or cut short");
    if (strcmp(version->name, "PES 6") == 0)
        thread_count = read_threads_6(in, threads);
    in.at = pec_at;
    atl_plan_init(&from);
    rc = pec_read(&in, threads, thread_count, &from, &seen, err);
    atl_plan_end(&from);
    return stitch_read_done(rc, &from, &seen, plan, info, err);
}

const struct atl_stitch_format atl_stitch_pes = {"pes", "PES", "Brother PES", write, read};
