// SPDX-License-Identifier: Apache-2.0
// What the formats share.
#ifndef ATL_DRIVERS_EMBROIDERY_PARTS_H
#define ATL_DRIVERS_EMBROIDERY_PARTS_H

#include "drivers/stitch.h"

extern const struct atl_stitch_format atl_stitch_dst;
extern const struct atl_stitch_format atl_stitch_pes;
extern const struct atl_stitch_format atl_stitch_exp;
extern const struct atl_stitch_format atl_stitch_jef;
extern const struct atl_stitch_format atl_stitch_vp3;

// Bytes out ------------------------------------------------------------------------------------

// The records of a stitch are two to four bytes; they are gathered here and not handed to the
// buffer one by one.
struct stitch_out {
    struct atl_buf *buf;
    size_t len;
    uint8_t bytes[2048];
};
void stitch_out_flush(struct stitch_out *out);
// Room for `need` <= 16 more bytes; they are written at out->bytes + out->len.
static inline uint8_t *stitch_out_room(struct stitch_out *out, size_t need)
{
    uint8_t *at;

    if (out->len + need > sizeof out->bytes)
        stitch_out_flush(out);
    at = out->bytes + out->len;
    out->len += need;
    return at;
}
// A command of EXP and JEF: 80h, what it is, and the two bytes that each of them has.
void stitch_out_command(struct stitch_out *out, uint8_t what, int32_t a, int32_t b);

void stitch_put_u8(struct atl_buf *out, uint32_t value);
void stitch_put_le16(struct atl_buf *out, int32_t value);
void stitch_put_le32(struct atl_buf *out, int32_t value);
void stitch_put_be16(struct atl_buf *out, int32_t value);
void stitch_put_be32(struct atl_buf *out, int32_t value);
void stitch_put_fill(struct atl_buf *out, uint8_t byte, size_t count);
// Four bytes at `at` of what was appended, when they are really there.
void stitch_patch_be32(struct atl_buf *out, size_t at, uint32_t value);

// The label's code as letters of A-Z 0-9 - _, at most most <= 16, ended by NUL.
void stitch_label(const struct atl_stitch_label *label, size_t most, char out[17]);

// The plan passes atl_plan_check() and is centred.
ATL_MUST_USE atl_code stitch_check_plan(const struct atl_plan *plan, struct atl_error *err);

// Steps of a long move: part i (1..count) of `way`, so that the parts add up to it exactly.
static inline int32_t stitch_part(int32_t way, int32_t i, int32_t count)
{
    return way * i / count - way * (i - 1) / count;
}
int32_t stitch_parts(int32_t dx, int32_t dy, int32_t most); // how many parts, at least 1

// Bytes in -------------------------------------------------------------------------------------

// A reader of a file's bytes. Past the end it reads zeros and remembers that it did.
struct stitch_in {
    const uint8_t *bytes;
    size_t len;
    size_t at;
    bool is_short;
};
uint32_t stitch_get_u8(struct stitch_in *in);
uint32_t stitch_get_le16(struct stitch_in *in);
uint32_t stitch_get_le32(struct stitch_in *in);
uint32_t stitch_get_be16(struct stitch_in *in);
uint32_t stitch_get_be32(struct stitch_in *in);
int32_t stitch_get_s8(struct stitch_in *in);
void stitch_skip(struct stitch_in *in, size_t count);
bool stitch_has(const struct stitch_in *in, size_t count);

// Printable ASCII of a field, without spaces at its end, cut to the size; other bytes become '?'.
void stitch_text(const uint8_t *bytes, size_t len, char *out, size_t size);

// Adds to dx,dy of where the needle is.
void stitch_add(struct atl_plan *plan, enum atl_needle act, int32_t dx, int32_t dy);

// Threads for a file that names none: black, one a block.
void stitch_made_up_threads(struct atl_plan *plan);

// The end of every reader: hands over plan and info when all went well, else frees the plan.
ATL_MUST_USE atl_code stitch_read_done(atl_code rc, struct atl_plan *from,
                                       const struct atl_stitch_info *seen, struct atl_plan *plan,
                                       struct atl_stitch_info *info, struct atl_error *err);

// Palettes of machines ----------------------------------------------------------------------------

struct stitch_palette_row {
    uint32_t rgb;
    const char *name;
    const char *number;
};
struct stitch_palette {
    const char *chart;
    const struct stitch_palette_row *rows; // index 0 is no colour of anybody
    uint8_t count;
    uint8_t last_chosen; // rows behind it are read, never chosen
};
extern const struct stitch_palette stitch_palette_pec;
extern const struct stitch_palette stitch_palette_jef;

// The row of each thread: the nearest in CIE Lab, but never the same for two blocks in a row,
// because the same again means "stop" to the machine.
void stitch_palette_match(const struct stitch_palette *palette, const struct atl_plan *plan,
                          uint8_t rows[ATL_PLAN_THREADS_MAX]);
struct atl_thread stitch_palette_thread(const struct stitch_palette *palette, uint32_t row);

#endif
