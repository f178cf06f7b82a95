// SPDX-License-Identifier: Apache-2.0
// Changes of a piece: by the table of arrows, back again, and what is independent of the stage.
#include "plugin/store/columns.h"
#include "plugin/store/db.h"
#include "plugin/store/pieces.h"

#include <stdio.h>
#include <string.h>

// Acts of a person that the same or another person may take back. Money and other systems rely
// on all the rest.
static const enum atl_act can_be_undone[] = {
    ATL_ACT_START,  ATL_ACT_DONE, ATL_ACT_PASS,   ATL_ACT_HAND_OVER,     ATL_ACT_DISPOSE,
    ATL_ACT_REMAKE, ATL_ACT_HOLD, ATL_ACT_RESUME, ATL_ACT_CANCEL_REFUSE, ATL_ACT_CHECK_IN,
    ATL_ACT_ATTEND, ATL_ACT_MISS, ATL_ACT_MOVE,   ATL_ACT_REBOOK,
};

atl_code atl_pieces_expect(struct atl_store *store, const char *piece_id, int32_t version,
                           struct atl_piece *out, struct atl_error *err)
{
    atl_code rc;

    if (!store->in_transaction)
        return atl_fail(err, ATL_E_INVALID, "store: nothing is written outside of a transaction");
    rc = atl_pieces_find(store, piece_id, out, err);
    if (!rc && version && version != out->version)
        rc = atl_fail(err, ATL_E_CONFLICT, "piece %s was changed meanwhile: look at it again",
                      out->code);
    return rc;
}

// What a new stage means for the times of this attempt.
static void keep_times(struct atl_piece *piece, enum atl_act act, int64_t at_ms)
{
    const enum atl_stage stage = piece->progress.stage;

    piece->stage_ms = at_ms;
    if (act == ATL_ACT_REMAKE) {
        piece->started_ms = 0;
        piece->made_ms = 0;
    }
    if (stage == ATL_STAGE_IN_PRODUCTION && !piece->started_ms)
        piece->started_ms = at_ms;
    if (act == ATL_ACT_DONE || (stage == ATL_STAGE_READY && !piece->made_ms))
        piece->made_ms = at_ms;
    if (stage == ATL_STAGE_READY)
        piece->is_late = false;
}

static atl_code finish(struct atl_store *store, struct atl_piece *row, struct atl_event *event,
                       const struct atl_by *by, struct atl_piece *after, struct atl_error *err)
{
    atl_code rc;

    row->version++;
    rc = atl_pieces_write(store, row, err);
    if (!rc)
        rc = atl_events_add_piece(store, row, event, by, err);
    if (!rc && after)
        *after = *row;
    return rc;
}

atl_code atl_pieces_act(struct atl_store *store, const struct atl_piece_act *what,
                        const struct atl_by *by, struct atl_piece *after, struct atl_error *err)
{
    struct atl_event event = {.kind = ATL_EVENT_ACT, .act = what->act};
    struct atl_progress next;
    struct atl_piece row = {0};
    atl_code rc;

    rc = atl_pieces_expect(store, what->piece_id, what->version, &row, err);
    if (rc)
        return rc;
    next = atl_stage_next(row.kind, row.progress, what->act);
    if (next.stage == ATL_STAGE_NONE)
        return atl_fail(err, ATL_E_CONFLICT, "piece %s is %s: %s is not possible now", row.code,
                        atl_stage_name(row.progress.stage), atl_act_name(what->act));
    event.from = row.progress.stage;
    event.from_back = row.progress.back;
    rc = atl_db_copy(event.why, sizeof event.why, what->why, "reason", err);
    if (!rc)
        rc = atl_db_copy(event.note, sizeof event.note, what->note, "note", err);
    if (rc)
        return rc;
    row.progress = next;
    keep_times(&row, what->act, by->at_ms);
    return finish(store, &row, &event, by, after, err);
}

// The last act that was not taken back yet.
static atl_code find_last_act(struct atl_store *store, const struct atl_piece *piece,
                              struct atl_event *out, struct atl_error *err)
{
    static const char find[] =
        "SELECT " ATL_EVENT_COLUMNS " FROM event WHERE order_id=?1 AND piece_id=?2 AND kind=2"
        " AND sequence NOT IN (SELECT undoes FROM event WHERE order_id=?1 AND kind=3)"
        " ORDER BY sequence DESC LIMIT 1";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, find, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, piece->order_id);
    atl_sql_put_text(&sql, piece->id);
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        atl_event_fields(&sql, out);
        rc = atl_sql_check(&sql, "event", out->id, err);
    } else if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, ATL_E_CONFLICT, "piece %s: nothing is left to take back", piece->code);
    atl_sql_end(&sql);
    return rc;
}

static atl_code check_undo(const struct atl_piece *piece, const struct atl_event *last,
                           struct atl_error *err)
{
    bool may = last->origin == ATL_ORIGIN_POS || last->origin == ATL_ORIGIN_STAFF;
    bool is_listed = false;

    for (size_t i = 0; i < sizeof can_be_undone / sizeof can_be_undone[0]; i++)
        is_listed |= can_be_undone[i] == last->act;
    if (!may || !is_listed)
        return atl_fail(err, ATL_E_CONFLICT, "piece %s: %s cannot be taken back, others rely on it",
                        piece->code, atl_act_name(last->act));
    if (last->to != piece->progress.stage)
        return atl_fail(err, ATL_E_CORRUPT, "piece %s is not where its last event says",
                        piece->code);
    return ATL_OK;
}

atl_code atl_pieces_undo(struct atl_store *store, const char *piece_id, int32_t version,
                         const struct atl_by *by, struct atl_piece *after, struct atl_error *err)
{
    struct atl_event event = {.kind = ATL_EVENT_UNDO};
    struct atl_event last = {0};
    struct atl_piece row = {0};
    atl_code rc;

    rc = atl_pieces_expect(store, piece_id, version, &row, err);
    if (!rc)
        rc = find_last_act(store, &row, &last, err);
    if (!rc)
        rc = check_undo(&row, &last, err);
    if (rc)
        return rc;
    event.act = last.act;
    event.undoes = last.sequence;
    event.from = row.progress.stage;
    event.from_back = row.progress.back;
    row.progress.stage = last.from;
    row.progress.back = last.from_back;
    row.stage_ms = by->at_ms;
    if (last.act == ATL_ACT_START)
        row.started_ms = 0;
    if (last.from == ATL_STAGE_CONFIRMED || last.from == ATL_STAGE_IN_PRODUCTION)
        row.made_ms = 0;
    return finish(store, &row, &event, by, after, err);
}

atl_code atl_pieces_place(struct atl_store *store, const char *piece_id, const char *place,
                          const struct atl_by *by, struct atl_piece *after, struct atl_error *err)
{
    struct atl_event event = {.kind = ATL_EVENT_PLACED};
    struct atl_piece row = {0};
    atl_code rc;

    rc = atl_pieces_expect(store, piece_id, 0, &row, err);
    if (!rc)
        rc = atl_db_copy(row.place, sizeof row.place, place, "place", err);
    if (rc)
        return rc;
    memcpy(event.why, row.place, sizeof row.place);
    event.from = row.progress.stage;
    return finish(store, &row, &event, by, after, err);
}

atl_code atl_pieces_promise(struct atl_store *store, const char *piece_id, struct atl_range promise,
                            bool is_late, const struct atl_by *by, struct atl_piece *after,
                            struct atl_error *err)
{
    struct atl_event event = {.kind = ATL_EVENT_PROMISED};
    struct atl_piece row = {0};
    atl_code rc;

    if (promise.from_ms > promise.until_ms)
        return atl_fail(err, ATL_E_INVALID, "promise ends before it begins");
    rc = atl_pieces_expect(store, piece_id, 0, &row, err);
    if (rc)
        return rc;
    row.promise = promise;
    row.is_late = is_late;
    row.told_ms = 0;
    event.from = row.progress.stage;
    memcpy(event.why, is_late ? "late" : "", is_late ? sizeof "late" : 1);
    return finish(store, &row, &event, by, after, err);
}

atl_code atl_pieces_told(struct atl_store *store, const char *piece_id, const struct atl_by *by,
                         struct atl_piece *after, struct atl_error *err)
{
    struct atl_event event = {.kind = ATL_EVENT_TOLD};
    struct atl_piece row = {0};
    atl_code rc;

    rc = atl_pieces_expect(store, piece_id, 0, &row, err);
    if (rc)
        return rc;
    row.told_ms = by->at_ms;
    event.from = row.progress.stage;
    return finish(store, &row, &event, by, after, err);
}

atl_code atl_pieces_bind_tag(struct atl_store *store, const char *piece_id, const char *tag,
                             const struct atl_by *by, struct atl_piece *after,
                             struct atl_error *err)
{
    struct atl_event event = {.kind = ATL_EVENT_TAG_BOUND};
    struct atl_piece other;
    struct atl_piece row = {0};
    atl_code rc;

    rc = atl_pieces_expect(store, piece_id, 0, &row, err);
    if (rc)
        return rc;
    rc = atl_pieces_find_tag(store, tag, &other, NULL);
    if (!rc && strcmp(other.id, row.id) != 0)
        return atl_fail(err, ATL_E_CONFLICT, "the tag hangs on piece %s already", other.code);
    if (rc && rc != ATL_E_NOT_FOUND)
        return atl_fail(err, rc, "the piece that has this tag cannot be read");
    snprintf(event.why, sizeof event.why, "%s", row.bound_tag); // the one before: it is no more
    rc = atl_db_copy(row.bound_tag, sizeof row.bound_tag, tag, "tag", err);
    if (!rc && !row.bound_tag[0])
        rc = atl_fail(err, ATL_E_INVALID, "tag has no code");
    if (rc)
        return rc;
    event.from = row.progress.stage;
    return finish(store, &row, &event, by, after, err);
}
