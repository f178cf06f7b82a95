// SPDX-License-Identifier: Apache-2.0
#include "plugin/store/runs.h"

#include "plugin/store/columns.h"
#include "plugin/store/db.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fields(struct atl_sql *sql, struct atl_run *run)
{
    run->id = atl_sql_number(sql, run->id);
    run->state = (enum atl_run_state)atl_sql_number(sql, run->state);
    ATL_SQL_TEXT(sql, run->machine);
    ATL_SQL_TEXT(sql, run->sku);
    ATL_SQL_TEXT(sql, run->thread);
    ATL_SQL_TEXT(sql, run->hoop);
    ATL_SQL_TEXT(sql, run->employee_ref);
    run->created_ms = atl_sql_number(sql, run->created_ms);
    atl_sql_sum(sql);
}

struct member {
    int64_t run;
    int64_t position; // from 1 on
    char piece_id[ATL_ORDER_ID_SIZE];
};

static void member_fields(struct atl_sql *sql, struct member *member)
{
    member->run = atl_sql_number(sql, member->run);
    member->position = atl_sql_number(sql, member->position);
    ATL_SQL_TEXT(sql, member->piece_id);
    atl_sql_sum(sql);
}

static void name_it(struct atl_run *run)
{
    (void)snprintf(run->code, sizeof run->code, "R%" PRId64, run->id);
}

// One row, and the end of the statement.
static atl_code take(struct atl_sql *sql, struct atl_run *out, struct atl_error *err)
{
    struct atl_run run = {0};
    atl_code rc = atl_sql_row(sql, err);

    if (!rc) {
        fields(sql, &run);
        name_it(&run);
        rc = atl_sql_check(sql, "run", run.code, err);
    }
    atl_sql_end(sql);
    if (!rc)
        *out = run;
    return rc;
}

static atl_code put(struct atl_store *store, const char *query, struct atl_run *run,
                    struct atl_error *err)
{
    struct atl_sql sql;
    const atl_code rc = atl_sql_write(store, query, &sql, err);

    if (rc)
        return rc;
    fields(&sql, run);
    return atl_sql_run(&sql, NULL, err);
}

static atl_code put_member(struct atl_store *store, struct member *member, struct atl_error *err)
{
    static const char query[] =
        "INSERT INTO run_piece(" ATL_RUN_PIECE_COLUMNS ",sum) VALUES(?,?,?,?)";
    struct atl_sql sql;
    const atl_code rc = atl_sql_write(store, query, &sql, err);

    if (rc)
        return rc;
    member_fields(&sql, member);
    return atl_sql_run(&sql, NULL, err);
}

static atl_code add_member(struct atl_store *store, const struct atl_run *run, size_t position,
                           const char *piece_id, struct atl_error *err)
{
    struct member member = {.run = run->id, .position = (int64_t)position};
    struct atl_run other;
    atl_code rc = atl_runs_of_piece(store, piece_id, &other, NULL);

    if (!rc)
        return atl_fail(err, ATL_E_CONFLICT, "piece %zu is in run %s already", position,
                        other.code);
    if (rc != ATL_E_NOT_FOUND)
        return atl_fail(err, rc, "the runs of a piece cannot be read");
    rc = atl_db_copy(member.piece_id, sizeof member.piece_id, piece_id, "piece", err);
    return rc ? rc : put_member(store, &member, err);
}

atl_code atl_runs_add(struct atl_store *store, struct atl_run *run, const char *const *piece_ids,
                      size_t count, struct atl_error *err)
{
    static const char next[] = "SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name='run'),0)"
                               "+1";
    static const char query[] =
        "INSERT INTO run(" ATL_RUN_COLUMNS ",sum) VALUES(" ATL_RUN_MARKS ",?)";
    atl_code rc;

    if (!count || count > ATL_RUN_PIECES_MAX)
        return atl_fail(err, ATL_E_INVALID, "a run has 1 to %d pieces, not %zu", ATL_RUN_PIECES_MAX,
                        count);
    run->state = ATL_RUN_OPEN;
    rc = atl_sql_one(store, next, NULL, 1, &run->id, err);
    if (!rc)
        rc = put(store, query, run, err);
    name_it(run);
    for (size_t i = 0; !rc && i < count; i++)
        rc = add_member(store, run, i + 1, piece_ids[i], err);
    return rc;
}

static atl_code find_id(struct atl_store *store, int64_t id, struct atl_run *out,
                        struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_RUN_COLUMNS ",sum FROM run WHERE n=?";
    struct atl_sql sql;
    const atl_code rc = atl_sql_read(store, query, &sql, err);

    if (rc)
        return rc;
    atl_sql_number(&sql, id);
    return take(&sql, out, err);
}

atl_code atl_runs_undo(struct atl_store *store, int64_t id, struct atl_error *err)
{
    static const char query[] =
        "UPDATE run SET (" ATL_RUN_COLUMNS ",sum)=(" ATL_RUN_MARKS ",?) WHERE n=?1";
    struct atl_run run;
    atl_code rc = find_id(store, id, &run, err);

    if (!rc && run.state != ATL_RUN_OPEN)
        rc = atl_fail(err, ATL_E_CONFLICT, "run %s is undone already", run.code);
    if (rc)
        return rc;
    run.state = ATL_RUN_UNDONE;
    return put(store, query, &run, err);
}

atl_code atl_runs_leave(struct atl_store *store, const char *piece_id, struct atl_error *err)
{
    static const char query[] =
        "DELETE FROM run_piece WHERE piece_id=? AND run IN (SELECT n FROM run WHERE state=1)";
    struct atl_sql sql;
    const atl_code rc = atl_sql_write(store, query, &sql, err);

    if (rc)
        return rc;
    atl_sql_put_text(&sql, piece_id);
    return atl_sql_run(&sql, NULL, err);
}

atl_code atl_runs_find(struct atl_store *store, const char *code, struct atl_run *out,
                       struct atl_error *err)
{
    const bool is_code = (code[0] == 'R' || code[0] == 'r') && code[1] >= '1' && code[1] <= '9' &&
                         strspn(code + 1, "0123456789") == strlen(code + 1) && strlen(code) < 16;
    atl_code rc = ATL_E_NOT_FOUND;

    if (is_code)
        rc = find_id(store, strtoll(code + 1, NULL, 10), out, err);
    return rc == ATL_E_NOT_FOUND ? atl_fail(err, rc, "there is no run %.20s", code) : rc;
}

atl_code atl_runs_of_piece(struct atl_store *store, const char *piece_id, struct atl_run *out,
                           struct atl_error *err)
{
    static const char query[] =
        "SELECT " ATL_RUN_COLUMNS ",sum FROM run WHERE state=1 AND n IN"
        " (SELECT run FROM run_piece WHERE piece_id=?) ORDER BY n DESC LIMIT 1";
    struct atl_sql sql;
    const atl_code rc = atl_sql_read(store, query, &sql, err);

    if (rc)
        return rc;
    atl_sql_put_text(&sql, piece_id);
    return take(&sql, out, err);
}

atl_code atl_runs_list(struct atl_store *store, enum atl_run_state state, struct atl_run *out,
                       size_t max, size_t *count, struct atl_error *err)
{
    static const char query[] =
        "SELECT " ATL_RUN_COLUMNS ",sum FROM run WHERE state=? ORDER BY n DESC";
    size_t found = 0;
    struct atl_sql sql;
    atl_code rc = atl_sql_read(store, query, &sql, err);

    if (rc)
        return rc;
    atl_sql_number(&sql, state);
    while (!(rc = atl_sql_row(&sql, err))) {
        struct atl_run run = {0};

        fields(&sql, &run);
        name_it(&run);
        rc = atl_sql_check(&sql, "run", run.code, err);
        if (rc)
            break;
        if (found < max)
            out[found] = run;
        found++;
    }
    atl_sql_end(&sql);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    *count = found;
    return ATL_OK;
}

atl_code atl_runs_pieces(struct atl_store *store, int64_t id,
                         char out[ATL_RUN_PIECES_MAX][ATL_ORDER_ID_SIZE], size_t *count,
                         struct atl_error *err)
{
    static const char query[] =
        "SELECT " ATL_RUN_PIECE_COLUMNS ",sum FROM run_piece WHERE run=? ORDER BY position";
    size_t found = 0;
    struct atl_sql sql;
    atl_code rc = atl_sql_read(store, query, &sql, err);

    if (rc)
        return rc;
    atl_sql_number(&sql, id);
    while (!(rc = atl_sql_row(&sql, err))) {
        struct member member = {0};

        member_fields(&sql, &member);
        rc = atl_sql_check(&sql, "run_piece", member.piece_id, err);
        if (rc)
            break;
        if (found < ATL_RUN_PIECES_MAX)
            memcpy(out[found++], member.piece_id, sizeof out[0]);
    }
    atl_sql_end(&sql);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    *count = found;
    return ATL_OK;
}
