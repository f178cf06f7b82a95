// SPDX-License-Identifier: Apache-2.0
// Melco and Bernina EXP: no header, pairs of signed bytes, y up, 80h begins a command; the file's
// end is the design's end. 80h is never a move: moves go to +-127.
#include "drivers/embroidery/parts.h"

enum { MOST = 127, ESCAPE = 0x80, COLOUR = 0x01, MOVE = 0x02, JUMP = 0x04, TRIM = 0x80 };

static void jump(struct stitch_out *out, int32_t dx, int32_t dy)
{
    int32_t parts = stitch_parts(dx, dy, MOST);

    for (int32_t i = 1; i <= parts; i++)
        stitch_out_command(out, JUMP, stitch_part(dx, i, parts), stitch_part(dy, i, parts));
}

static atl_code write(const struct atl_plan *plan, const struct atl_stitch_rules *rules,
                      const struct atl_stitch_label *label, struct atl_buf *out,
                      struct atl_error *err)
{
    struct stitch_out to = {.buf = out};
    struct atl_stitch was = {0};
    atl_code rc = stitch_check_plan(plan, err);

    (void)rules;
    (void)label; // there is no place for it
    for (size_t i = 0; !rc && i < plan->count; i++) {
        struct atl_stitch now = plan->acts[i];
        uint8_t *at;

        switch (now.act) {
        case ATL_ACT_STITCH:
            at = stitch_out_room(&to, 2);
            at[0] = (uint8_t)(now.x_dmm - was.x_dmm);
            at[1] = (uint8_t)(now.y_dmm - was.y_dmm);
            break;
        case ATL_ACT_JUMP:
            jump(&to, now.x_dmm - was.x_dmm, now.y_dmm - was.y_dmm);
            break;
        case ATL_ACT_TRIM:
            stitch_out_command(&to, TRIM, 7, 0);
            break;
        case ATL_ACT_COLOUR:
        case ATL_ACT_STOP: // the format has one word for both
            stitch_out_command(&to, COLOUR, 0, 0);
            break;
        case ATL_ACT_END:
            break;
        }
        was = now;
    }
    if (rc)
        return rc;
    stitch_out_flush(&to);
    return atl_buf_check(out, err);
}

static atl_code read_command(struct stitch_in *in, struct atl_plan *plan, struct atl_error *err)
{
    uint32_t what = stitch_get_u8(in);
    int32_t dx = stitch_get_s8(in);
    int32_t dy = stitch_get_s8(in);

    switch (what) {
    case TRIM: // its two bytes are no move
        atl_plan_trim(plan);
        return ATL_OK;
    case COLOUR:
        atl_plan_colour(plan);
        stitch_add(plan, ATL_ACT_JUMP, dx, dy);
        return ATL_OK;
    case JUMP:
        stitch_add(plan, ATL_ACT_JUMP, dx, dy);
        return ATL_OK;
    case MOVE: // seen in foreign files, sewn by peers
        stitch_add(plan, ATL_ACT_STITCH, dx, dy);
        return ATL_OK;
    default:
        return atl_fail(err, ATL_E_CORRUPT, "not an EXP file: it has a command %02Xh", what);
    }
}

static atl_code read(const uint8_t *bytes, size_t len, const struct atl_stitch_rules *rules,
                     struct atl_plan *plan, struct atl_stitch_info *info, struct atl_error *err)
{
    struct stitch_in in = {.bytes = bytes, .len = len};
    struct atl_stitch_info seen = {.version = "EXP"};
    struct atl_plan from;
    atl_code rc = len ? ATL_OK : atl_fail(err, ATL_E_CORRUPT, "the file is empty");

    (void)rules;
    atl_plan_init(&from);
    while (!rc && in.at < in.len && !from.why.code) {
        seen.records++;
        if (bytes[in.at] == ESCAPE) {
            in.at++;
            rc = read_command(&in, &from, err);
        } else {
            int32_t dx = stitch_get_s8(&in);

            stitch_add(&from, ATL_ACT_STITCH, dx, stitch_get_s8(&in));
        }
    }
    if (!rc && in.is_short)
        rc = atl_fail(err, ATL_E_CORRUPT, "the file is cut short");
    atl_plan_end(&from);
    stitch_made_up_threads(&from);
    seen.colour_records = atl_plan_counts(&from).colour_changes;
    return stitch_read_done(rc, &from, &seen, plan, info, err);
}

const struct atl_stitch_format atl_stitch_exp = {"exp", "EXP", "Melco/Bernina EXP", write, read};
