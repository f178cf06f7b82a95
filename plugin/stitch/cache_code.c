// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/cache_code.h"

#include <string.h>

#define FAR_MM 4000.0 // no coordinate of a letter is further out

enum {
    PIECES_MAX = 4096,
    COLUMNS_MAX = 4096,
    RUNGS_MAX = 1 << 20,
    ROWS_MAX = 1 << 20,
    IS_ON = 1, // flags of a rung
    CUT_LEFT = 2,
    CUT_RIGHT = 4,
    IS_CLOSED = 1, // flags of a column
    IS_UPRIGHT = 2,
};

// ---- Out ----

static void put_number(struct atl_buf *out, uint32_t number)
{
    atl_buf_add(out, &number, sizeof number);
}

static void put_double(struct atl_buf *out, double v)
{
    atl_buf_add(out, &v, sizeof v);
}

static void put_vec(struct atl_buf *out, struct atl_vec v)
{
    put_double(out, v.x);
    put_double(out, v.y);
}

static void put_column(struct atl_buf *out, const struct atl_column *c)
{
    put_number(out, (c->is_closed ? IS_CLOSED : 0u) | (c->is_upright ? IS_UPRIGHT : 0u));
    put_double(out, c->step);
    put_double(out, c->r);
    put_double(out, c->width);
    for (int i = 0; i < 2; i++) {
        put_number(out, (uint32_t)c->ends[i].kind);
        put_number(out, (uint32_t)c->ends[i].joint);
        put_vec(out, c->ends[i].at);
    }
    put_number(out, (uint32_t)c->over_count);
    for (size_t i = 0; i < c->over_count; i++)
        put_number(out, (uint32_t)c->over[i]);
    put_number(out, (uint32_t)c->axis.n);
    for (size_t i = 0; i < c->axis.n; i++) {
        const struct atl_rung *rung = &c->rungs[i];

        put_number(out, (rung->is_on ? IS_ON : 0u) | (rung->cut_left ? CUT_LEFT : 0u) |
                            (rung->cut_right ? CUT_RIGHT : 0u));
        put_vec(out, c->axis.p[i]);
        put_double(out, c->axis.r[i]);
        put_vec(out, rung->way);
        put_double(out, rung->left);
        put_double(out, rung->right);
    }
}

void atl_cache_encode(const struct atl_letter *letter, struct atl_buf *out)
{
    put_number(out, (uint32_t)letter->count);
    for (size_t i = 0; i < letter->count; i++) {
        const struct atl_letter_piece *piece = &letter->pieces[i];

        put_vec(out, piece->low);
        put_vec(out, piece->high);
        put_double(out, piece->miss);
        put_number(out, (uint32_t)piece->columns.count);
        for (size_t k = 0; k < piece->columns.count; k++)
            put_column(out, &piece->columns.v[k]);
        put_number(out, (uint32_t)piece->row_count);
        for (size_t k = 0; k < piece->row_count; k++) {
            size_t n = piece->row_starts[k + 1] - piece->row_starts[k];

            put_number(out, (uint32_t)n);
            for (size_t q = 0; q < n; q++)
                put_vec(out, piece->rows[piece->row_starts[k] + q]);
        }
    }
}

// ---- In: a reader that fails stickily ----

struct reader {
    const uint8_t *at;
    size_t left;
    struct atl_arena *arena;
    bool failed;
};

static void take(struct reader *in, void *out, size_t len)
{
    if (in->failed || in->left < len) {
        in->failed = true;
        memset(out, 0, len);
        return;
    }
    memcpy(out, in->at, len);
    in->at += len;
    in->left -= len;
}

// At most `most`; and no more things than bytes are left for, each of `size`.
static uint32_t take_number(struct reader *in, uint32_t most, size_t size)
{
    uint32_t number;

    take(in, &number, sizeof number);
    if (number > most || (size && number > in->left / size)) {
        in->failed = true;
        return 0;
    }
    return number;
}

static double take_double(struct reader *in, double low, double high)
{
    double v;

    take(in, &v, sizeof v);
    if (!(v >= low && v <= high)) {
        in->failed = true;
        return low;
    }
    return v;
}

static struct atl_vec take_vec(struct reader *in)
{
    double x = take_double(in, -FAR_MM, FAR_MM);

    return (struct atl_vec){x, take_double(in, -FAR_MM, FAR_MM)};
}

static void *take_room(struct reader *in, size_t count, size_t size)
{
    void *room = in->failed ? NULL : atl_arena_get(in->arena, count + 1, size);

    in->failed = in->failed || !room;
    return room;
}

static void take_rungs(struct reader *in, struct atl_column *c)
{
    size_t n = take_number(in, RUNGS_MAX, sizeof(uint32_t) + 7 * sizeof(double));

    in->failed = in->failed || n < 2 || !atl_line_get(&c->axis, n, in->arena);
    c->rungs = take_room(in, n, sizeof *c->rungs);
    for (size_t i = 0; i < n && !in->failed; i++) {
        struct atl_rung *rung = &c->rungs[i];
        uint32_t flags = take_number(in, IS_ON | CUT_LEFT | CUT_RIGHT, 0);

        rung->is_on = flags & IS_ON;
        rung->cut_left = flags & CUT_LEFT;
        rung->cut_right = flags & CUT_RIGHT;
        c->axis.p[i] = take_vec(in);
        c->axis.r[i] = take_double(in, 0, FAR_MM);
        rung->way = take_vec(in);
        rung->left = take_double(in, -FAR_MM, FAR_MM);
        rung->right = take_double(in, -FAR_MM, FAR_MM);
    }
}

static void take_column(struct reader *in, struct atl_column *c)
{
    uint32_t flags = take_number(in, IS_CLOSED | IS_UPRIGHT, 0);

    c->is_closed = flags & IS_CLOSED;
    c->is_upright = flags & IS_UPRIGHT;
    c->step = take_double(in, 1e-6, FAR_MM);
    c->r = take_double(in, 0, FAR_MM);
    c->width = take_double(in, -FAR_MM, FAR_MM);
    for (int i = 0; i < 2; i++) {
        c->ends[i].kind = (enum atl_end_kind)take_number(in, ATL_END_NONE, 0);
        c->ends[i].joint = (int32_t)take_number(in, UINT32_MAX, 0);
        c->ends[i].at = take_vec(in);
    }
    c->over_count = take_number(in, ATL_STROKE_PASSES, 0);
    for (size_t i = 0; i < c->over_count; i++)
        c->over[i] = (int32_t)take_number(in, UINT32_MAX, 0);
    take_rungs(in, c);
}

static void take_rows(struct reader *in, struct atl_letter_piece *piece)
{
    size_t most, n = 0;

    piece->row_count = take_number(in, ROWS_MAX, sizeof(uint32_t));
    if (!piece->row_count)
        return;
    most = in->left / sizeof(struct atl_vec);
    piece->rows = take_room(in, most, sizeof *piece->rows);
    piece->row_starts = take_room(in, piece->row_count, sizeof *piece->row_starts);
    for (size_t k = 0; k < piece->row_count && !in->failed; k++) {
        size_t count = take_number(in, ROWS_MAX, sizeof(struct atl_vec));

        for (size_t q = 0; q < count && !in->failed; q++)
            piece->rows[n++] = take_vec(in);
        piece->row_starts[k + 1] = n;
    }
}

static void take_piece(struct reader *in, struct atl_letter_piece *piece)
{
    piece->low = take_vec(in);
    piece->high = take_vec(in);
    piece->miss = take_double(in, 0, 1e9);
    piece->columns.count = take_number(in, COLUMNS_MAX, sizeof(uint32_t));
    piece->columns.v = take_room(in, piece->columns.count, sizeof *piece->columns.v);
    for (size_t k = 0; k < piece->columns.count && !in->failed; k++)
        take_column(in, &piece->columns.v[k]);
    take_rows(in, piece);
}

bool atl_cache_decode(const uint8_t *bytes, size_t len, struct atl_arena *arena,
                      struct atl_letter *out)
{
    struct reader in = {bytes, len, arena, false};
    struct atl_letter letter = {0};

    letter.count = take_number(&in, PIECES_MAX, 5 * sizeof(double));
    letter.pieces = take_room(&in, letter.count, sizeof *letter.pieces);
    for (size_t i = 0; i < letter.count && !in.failed; i++)
        take_piece(&in, &letter.pieces[i]);
    if (in.failed || in.left)
        return false;
    *out = letter;
    return true;
}
