// SPDX-License-Identifier: Apache-2.0
#include "plugin/stitch/letter.h"

#include "plugin/stitch/counter.h"

#include <string.h>

#define SAMPLE      0.008 // of the height, between samples of the outline
#define STEP        0.006 // of the height, between points of an axis
#define DOUBT       0.04  // of a part's area; from here on one block is tried, too
#define COMPACT     6.0   // radii; strokes that are longer in all are no block
#define SMALL_MM    4.0   // capitals so high are small text,
#define LARGE_MM    8.0   // and so high no more
#define SMALL_SHARE 0.8   // of the narrowest column and of the run
#define NARROWEST   0.8   // mm; a narrower column draws the thread into the cloth
#define GATE_MM2    0.6   // … but never for less than a speck
#define GATE        0.10  // of a part's area, missed or overrun: then it is filled

// What is being digitised.
struct work {
    double height_mm;
    const struct atl_fabric *fabric;
    const struct atl_shape *shape;
    struct atl_arena *arena;
};

// A dot: no axis is left of it, or one no longer than it is wide.
static bool is_stub(const struct atl_strokes *strokes)
{
    double r = 0;

    if (strokes->count == 0)
        return true;
    if (strokes->count > 1 || strokes->v[0].is_closed)
        return false;
    for (size_t i = 0; i < strokes->v[0].line.n; i++)
        r = fmax(r, strokes->v[0].line.r[i]);
    return 1.2 * r > atl_line_length(&strokes->v[0].line);
}

// Dots, commas and quotes are: level rungs over anything longer are a ragged block.
static bool is_compact(const struct atl_strokes *strokes)
{
    double length = 0, r = 0;

    for (size_t i = 0; i < strokes->count; i++) {
        length += atl_line_length(&strokes->v[i].line);
        for (size_t k = 0; k < strokes->v[i].line.n; k++)
            r = fmax(r, strokes->v[i].line.r[k]);
    }
    return length <= COMPACT * r;
}

// The share of the part that is open or overrun.
static double miss_of(const struct atl_cover *cover)
{
    struct atl_cover_areas areas = atl_cover_areas(cover);

    return fmax(areas.missed, areas.over) / fmax(areas.inside, 1e-6);
}

static bool make_block(struct work *w, const struct atl_part *part, struct atl_cover *cover,
                       struct atl_columns *columns)
{
    atl_cover_clear(cover);
    return atl_column_block(part, STEP * w->height_mm, w->arena, columns) &&
           atl_columns_claim(columns, cover, w->arena);
}

// Columns along the strokes, or one of level rungs where that covers better: dots, commas.
static bool make_columns(struct work *w, const struct atl_part *part, struct atl_columns *columns,
                         double *miss)
{
    struct atl_axis axis;
    struct atl_strokes strokes;
    struct atl_cover cover;
    struct atl_columns block;

    *miss = 1;
    if (!atl_cover_make(part, w->arena, &cover) ||
        !atl_axis_make(part, SAMPLE * w->height_mm, w->arena, &axis) ||
        !atl_strokes_make(&axis, STEP * w->height_mm, w->arena, &strokes))
        return false;
    if (!is_stub(&strokes)) {
        if (!atl_columns_make(&strokes, part, w->arena, columns) ||
            !atl_columns_claim(columns, &cover, w->arena))
            return false;
        *miss = miss_of(&cover);
    }
    if (*miss > DOUBT && part->count == 1 && is_compact(&strokes)) {
        if (!make_block(w, part, &cover, &block))
            return false;
        if (miss_of(&cover) < *miss) {
            *columns = block;
            *miss = miss_of(&cover);
        }
    }
    return true;
}

static bool make_rows(struct work *w, const struct atl_part *part, struct atl_letter_piece *piece)
{
    struct atl_blocks blocks = {0};
    bool is_good = atl_fill(part, w->fabric, w->arena, &blocks);

    if (is_good && blocks.count) {
        piece->rows = atl_arena_get(w->arena, blocks.points.n, sizeof *piece->rows);
        piece->row_starts = atl_arena_get(w->arena, blocks.count + 1, sizeof *piece->row_starts);
        is_good = piece->rows && piece->row_starts;
    }
    if (is_good && blocks.count) {
        memcpy(piece->rows, blocks.points.p, blocks.points.n * sizeof *piece->rows);
        memcpy(piece->row_starts, blocks.starts, blocks.count * sizeof *piece->row_starts);
        piece->row_starts[blocks.count] = blocks.points.n;
        piece->row_count = blocks.count;
    }
    atl_contours_free(&blocks);
    return is_good;
}

static bool make_piece(struct work *w, const struct atl_part *part, struct atl_letter_piece *piece)
{
    struct atl_columns columns = {0};

    *piece = (struct atl_letter_piece){.low = part->low, .high = part->high};
    if (!make_columns(w, part, &columns, &piece->miss))
        return false;
    if (!columns.count || piece->miss > fmax(GATE, GATE_MM2 / part->area))
        return make_rows(w, part, piece);
    if (!atl_columns_spare(&columns, w->shape, part, w->fabric, w->arena))
        return false;
    atl_columns_push(&columns, w->fabric->push_mm);
    piece->columns = columns;
    return true;
}

struct atl_fabric atl_letter_fabric(const struct atl_fabric *fabric, double height_mm)
{
    struct atl_fabric out = *fabric;
    double share = clamp((height_mm - SMALL_MM) / (LARGE_MM - SMALL_MM), 0, 1);

    // Thin columns stay thin, or the counters close; what is under them is as short.
    out.narrowest_mm =
        fmax(NARROWEST, out.narrowest_mm * (SMALL_SHARE + (1 - SMALL_SHARE) * share));
    out.run_mm *= SMALL_SHARE + (1 - SMALL_SHARE) * share;
    return out;
}

atl_code atl_letter_make(const struct atl_contours *contours, double height_mm,
                         const struct atl_fabric *fabric, struct atl_arena *arena,
                         struct atl_letter *out, struct atl_error *err)
{
    struct atl_shape shape = {0};
    struct work w = {height_mm, fabric, &shape, arena};
    struct atl_letter letter = {0};
    atl_code rc = atl_shape_make(contours, arena, &shape, err);

    if (rc)
        return rc;
    letter.pieces = atl_arena_get(arena, shape.count + 1, sizeof *letter.pieces);
    if (!letter.pieces)
        return atl_fail(err, ATL_E_NOMEM, "out of memory for a letter");
    for (; letter.count < shape.count; letter.count++) {
        if (!make_piece(&w, &shape.parts[letter.count], &letter.pieces[letter.count]))
            return atl_fail(err, ATL_E_NOMEM, "out of memory for the columns of a letter");
    }
    *out = letter;
    return ATL_OK;
}

struct atl_vec atl_stand_out(const struct atl_stand *stand, struct atl_vec p)
{
    return vec_along(vec_along(stand->at, stand->way, p.x), vec_left(stand->way), p.y);
}

struct atl_vec atl_stand_in(const struct atl_stand *stand, struct atl_vec p)
{
    struct atl_vec d = vec_sub(p, stand->at);

    return (struct atl_vec){vec_dot(d, stand->way), vec_cross(stand->way, d)};
}

static void add_block(struct atl_thread_path *path, const struct atl_stand *stand,
                      struct atl_vec *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = atl_stand_out(stand, p[i]);
    atl_thread_path_add(path, p, n);
}

// A piece is left where it was entered: near its neighbour, so that the way there is short.
static bool sew_piece(struct atl_letter_piece *piece, const struct atl_letter_piece *next,
                      const struct atl_stand *stand, struct atl_arena *arena,
                      struct atl_thread_path *path)
{
    struct atl_blocks blocks = {0};
    struct atl_vec from =
        next ? vec_mix(next->low, next->high, 0.5) : atl_stand_in(stand, path->last);
    bool is_good = atl_route(&piece->columns, path->fabric, from, arena, &blocks);

    for (size_t i = 0; is_good && i < blocks.count; i++)
        add_block(path, stand, blocks.points.p + blocks.starts[i],
                  atl_contours_end(&blocks, i) - blocks.starts[i]);
    for (size_t i = 0; is_good && i < piece->row_count; i++)
        add_block(path, stand, piece->rows + piece->row_starts[i],
                  piece->row_starts[i + 1] - piece->row_starts[i]);
    atl_contours_free(&blocks);
    return is_good;
}

atl_code atl_letter_sew(struct atl_letter *letter, const struct atl_stand *stand,
                        struct atl_arena *arena, struct atl_thread_path *path,
                        struct atl_lettering_report *report, struct atl_error *err)
{
    for (size_t i = 0; i < letter->count && !path->plan->why.code; i++) {
        struct atl_letter_piece *piece = &letter->pieces[i];

        report->worst_miss = fmax(report->worst_miss, piece->miss);
        report->parts++;
        report->columns += (uint32_t)piece->columns.count;
        report->fills += piece->columns.count == 0;
        if (!sew_piece(piece, i + 1 < letter->count ? piece + 1 : NULL, stand, arena, path))
            return atl_fail(err, ATL_E_NOMEM, "out of memory for the stitches of a letter");
    }
    return ATL_OK;
}
