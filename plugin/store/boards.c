// SPDX-License-Identifier: Apache-2.0
// Lists of pieces, and numbers about them.
#include "plugin/store/columns.h"
#include "plugin/store/db.h"
#include "plugin/store/pieces.h"

#include <inttypes.h>
#include <stdio.h>

// Stages by number, as SQL needs them: awaiting_details 2, confirmed 3, in_production 4,
// quality_check 5, ready 6, on_hold 9.
#define STILL_TO_BE_MADE "stage IN (2,3,4,5,9)"

static atl_code read_list(struct atl_sql *sql, struct atl_piece *out, size_t max, size_t *count,
                          struct atl_error *err)
{
    size_t found = 0;
    atl_code rc;

    while (!(rc = atl_sql_row(sql, err))) {
        struct atl_piece piece = {0};
        atl_piece_fields(sql, &piece);
        rc = atl_sql_check(sql, "piece", piece.id, err);
        if (rc)
            break;
        if (found < max)
            out[found] = piece;
        found++;
    }
    atl_sql_end(sql);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    *count = found;
    return ATL_OK;
}

static atl_code check_count(struct atl_store *store, const char *order_id, size_t count,
                            struct atl_error *err)
{
    static const char query[] = "SELECT piece_count FROM orders WHERE id=?";
    int64_t said = 0;
    atl_code rc;

    rc = atl_sql_one(store, query, order_id, -1, &said, err);
    if (!rc && said != (int64_t)count)
        rc = atl_fail(err, said < 0 ? ATL_E_NOT_FOUND : ATL_E_CORRUPT,
                      "order %s has %zu pieces and says %" PRId64, order_id, count, said);
    return rc;
}

atl_code atl_pieces_of_order(struct atl_store *store, const char *order_id, struct atl_piece *out,
                             size_t max, size_t *count, struct atl_error *err)
{
    static const char list[] =
        "SELECT " ATL_PIECE_COLUMNS ",sum FROM piece WHERE order_id=? ORDER BY number";
    struct atl_sql sql;
    size_t found = 0;
    atl_code rc;

    rc = atl_sql_read(store, list, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, order_id);
    rc = read_list(&sql, out, max, &found, err);
    if (!rc)
        rc = check_count(store, order_id, found, err);
    if (!rc)
        *count = found;
    return rc;
}

atl_code atl_pieces_board(struct atl_store *store, enum atl_stage stage, size_t offset,
                          struct atl_piece *out, size_t max, size_t *count, struct atl_error *err)
{
    static const char list[] =
        "SELECT " ATL_PIECE_COLUMNS ",sum FROM piece WHERE stage=? ORDER BY promise_until_ms, n"
        " LIMIT ? OFFSET ?";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, list, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, stage);
    atl_sql_number(&sql, (int64_t)max);
    atl_sql_number(&sql, (int64_t)offset);
    return read_list(&sql, out, max, count, err);
}

atl_code atl_pieces_count(struct atl_store *store, int64_t counts[ATL_STAGE_COUNT],
                          struct atl_error *err)
{
    static const char query[] = "SELECT stage,count(*) FROM piece GROUP BY stage";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    for (int i = 0; i < ATL_STAGE_COUNT; i++)
        counts[i] = 0;
    while (!(rc = atl_sql_row(&sql, err))) {
        const int64_t stage = atl_sql_number(&sql, 0);
        const int64_t count = atl_sql_number(&sql, 0);
        if (stage >= 0 && stage < ATL_STAGE_COUNT)
            counts[stage] = count;
    }
    atl_sql_end(&sql);
    return rc == ATL_E_NOT_FOUND ? ATL_OK : rc;
}

// A list that asks one time and a limit.
static atl_code list_before(struct atl_store *store, const char *list, int64_t before_ms,
                            struct atl_piece *out, size_t max, size_t *count, struct atl_error *err)
{
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, list, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, before_ms);
    atl_sql_number(&sql, (int64_t)max);
    return read_list(&sql, out, max, count, err);
}

atl_code atl_pieces_late(struct atl_store *store, int64_t before_ms, struct atl_piece *out,
                         size_t max, size_t *count, struct atl_error *err)
{
    static const char list[] = "SELECT " ATL_PIECE_COLUMNS ",sum FROM piece WHERE " STILL_TO_BE_MADE
                               " AND promise_until_ms>0 AND promise_until_ms<? AND told_ms=0"
                               " ORDER BY promise_until_ms, n LIMIT ?";

    return list_before(store, list, before_ms, out, max, count, err);
}

atl_code atl_pieces_uncollected(struct atl_store *store, int64_t before_ms, struct atl_piece *out,
                                size_t max, size_t *count, struct atl_error *err)
{
    static const char list[] =
        "SELECT " ATL_PIECE_COLUMNS ",sum FROM piece WHERE stage=6 AND stage_ms<?"
        " ORDER BY stage_ms, n LIMIT ?";

    return list_before(store, list, before_ms, out, max, count, err);
}

atl_code atl_pieces_without_tag(struct atl_store *store, struct atl_piece *out, size_t max,
                                size_t *count, struct atl_error *err)
{
    // Kind 3 is a seat. Document 3 is a tag; 3 and 4 are sent and confirmed.
    static const char list[] =
        "SELECT " ATL_PIECE_COLUMNS ",sum FROM piece WHERE stage IN (3,4,5,9) AND kind<>3"
        " AND bound_tag='' AND NOT EXISTS (SELECT 1 FROM job"
        " WHERE job.piece_id=piece.id AND piece_id<>'' AND document=3 AND state IN (3,4)"
        " AND revision=tag_revision) ORDER BY promise_until_ms, n LIMIT ?";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, list, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, (int64_t)max);
    return read_list(&sql, out, max, count, err);
}

atl_code atl_pieces_queue_s(struct atl_store *store, int64_t *seconds, struct atl_error *err)
{
    static const char query[] = "SELECT ifnull(sum(work_s),0) FROM piece WHERE stage IN (2,3,4)";

    return atl_sql_one(store, query, NULL, 0, seconds, err);
}

atl_code atl_pieces_pace(struct atl_store *store, int64_t since_ms, int32_t *permille, size_t max,
                         size_t *count, struct atl_error *err)
{
    static const char query[] =
        "SELECT max(1,min((made_ms-started_ms)/work_s,1000000)) FROM piece WHERE made_ms>=?"
        " AND made_ms>0 AND started_ms>0 AND made_ms>started_ms AND work_s>0"
        " ORDER BY made_ms DESC LIMIT ?";
    struct atl_sql sql;
    size_t found = 0;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, since_ms);
    atl_sql_number(&sql, (int64_t)max);
    while (!(rc = atl_sql_row(&sql, err)))
        permille[found++] = (int32_t)atl_sql_number(&sql, 0);
    atl_sql_end(&sql);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    *count = found;
    return ATL_OK;
}
