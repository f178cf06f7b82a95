// SPDX-License-Identifier: Apache-2.0
// Pieces: one at a time. Lists of them are in boards.c, changes of stage in acts.c.
#include "plugin/store/pieces.h"

#include "plugin/core/signoff.h"
#include "plugin/store/columns.h"
#include "plugin/store/db.h"

#include <string.h>

static void sign_fields(struct atl_sql *sql, struct atl_piece *piece)
{
    piece->proof.number = atl_sql_number(sql, piece->proof.number);
    piece->proof.state = (enum atl_proof_state)atl_sql_number(sql, piece->proof.state);
    ATL_SQL_INT(sql, piece->proof.kind);
    atl_sql_bytes(sql, piece->proof.digest, sizeof piece->proof.digest);
    ATL_SQL_INT(sql, piece->proof.stitch_count);
    piece->signature.how = (enum atl_sign_how)atl_sql_number(sql, piece->signature.how);
    ATL_SQL_TEXT(sql, piece->signature.employee_ref);
    piece->signature.at_ms = atl_sql_number(sql, piece->signature.at_ms);
    atl_sql_bytes(sql, piece->signature.hash, sizeof piece->signature.hash);
}

static void range_fields(struct atl_sql *sql, struct atl_range *range)
{
    range->from_ms = atl_sql_number(sql, range->from_ms);
    range->until_ms = atl_sql_number(sql, range->until_ms);
}

static void stage_fields(struct atl_sql *sql, struct atl_piece *piece)
{
    piece->progress.stage = (enum atl_stage)atl_sql_number(sql, piece->progress.stage);
    piece->progress.back = (enum atl_stage)atl_sql_number(sql, piece->progress.back);
    piece->progress.attempt = (int)atl_sql_number(sql, piece->progress.attempt);
    ATL_SQL_INT(sql, piece->version);
    ATL_SQL_INT(sql, piece->tag_revision);
    ATL_SQL_TEXT(sql, piece->place);
}

void atl_piece_fields(struct atl_sql *sql, struct atl_piece *piece)
{
    ATL_SQL_TEXT(sql, piece->id);
    ATL_SQL_TEXT(sql, piece->order_id);
    ATL_SQL_TEXT(sql, piece->code);
    ATL_SQL_INT(sql, piece->number);
    ATL_SQL_TEXT(sql, piece->line_ref);
    piece->unit_index = (uint32_t)atl_sql_number(sql, piece->unit_index);
    piece->kind = (enum atl_kind)atl_sql_number(sql, piece->kind);
    stage_fields(sql, piece);
    ATL_SQL_TEXT(sql, piece->sku);
    ATL_SQL_TEXT(sql, piece->variant);
    piece->price_minor = atl_sql_number(sql, piece->price_minor);
    ATL_SQL_INT(sql, piece->work_s);
    range_fields(sql, &piece->promise);
    range_fields(sql, &piece->said);
    sign_fields(sql, piece);
    ATL_SQL_TEXT(sql, piece->scarce);
    ATL_SQL_TEXT(sql, piece->bound_tag);
    ATL_SQL_BOOL(sql, piece->is_late);
    piece->told_ms = atl_sql_number(sql, piece->told_ms);
    piece->stage_ms = atl_sql_number(sql, piece->stage_ms);
    piece->started_ms = atl_sql_number(sql, piece->started_ms);
    piece->made_ms = atl_sql_number(sql, piece->made_ms);
    piece->created_ms = atl_sql_number(sql, piece->created_ms);
    atl_sql_sum(sql);
}

static atl_code write_row(struct atl_store *store, const char *put, struct atl_piece *piece,
                          struct atl_error *err)
{
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, put, &sql, err);
    if (rc)
        return rc;
    atl_piece_fields(&sql, piece);
    return atl_sql_run(&sql, NULL, err);
}

// The order and the number of a piece never change, so that no foreign key is looked up again.
atl_code atl_pieces_write(struct atl_store *store, struct atl_piece *piece, struct atl_error *err)
{
    static const char put[] =
        "UPDATE piece SET (" ATL_PIECE_COLUMNS ",sum)=(" ATL_PIECE_MARKS ",?) WHERE id=?1";

    return write_row(store, put, piece, err);
}

static atl_code put_answers(struct atl_store *store, const char *piece_id,
                            const struct atl_answer_set *answers, struct atl_find_text find,
                            struct atl_error *err)
{
    static const char put[] = "INSERT INTO answers(" ATL_ANSWER_COLUMNS ",sum) VALUES(" ATL_MARKS_5
                              ") ON CONFLICT(piece_id) DO UPDATE"
                              " SET bytes=excluded.bytes,words=excluded.words,"
                              " initials=excluded.initials,sum=excluded.sum";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, put, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, piece_id);
    atl_sql_put_bytes(&sql, answers->bytes, answers->len);
    atl_sql_put_text(&sql, find.words);
    atl_sql_put_text(&sql, find.initials);
    atl_sql_sum(&sql);
    return atl_sql_run(&sql, NULL, err);
}

// The answers, and the event that covers them by their HMAC.
static atl_code put_wish(struct atl_store *store, const struct atl_piece *piece,
                         const struct atl_answer_set *answers, struct atl_find_text find,
                         struct atl_event *event, struct atl_error *err)
{
    struct atl_answer list[ATL_ANSWERS_MAX];
    uint8_t salt[ATL_DIGEST_BYTES];
    atl_code rc;

    rc = atl_db_find_salt(store, piece->order_id, salt, err);
    if (!rc)
        rc = atl_signoff_text_mac(salt, sizeof salt, list, atl_answer_set_list(answers, list),
                                  event->text_mac, err);
    atl_hash_wipe(salt, sizeof salt);
    if (rc)
        return rc;
    event->has_text_mac = true;
    return put_answers(store, piece->id, answers, find, err);
}

static atl_code find_by(struct atl_sql *sql, const char *name, struct atl_piece *out,
                        struct atl_error *err)
{
    struct atl_piece piece = {0};
    atl_code rc;

    rc = atl_sql_row(sql, err);
    if (!rc) {
        atl_piece_fields(sql, &piece);
        rc = atl_sql_check(sql, "piece", piece.id, err);
    } else if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, rc, "there is no piece %s", name);
    atl_sql_end(sql);
    if (!rc)
        *out = piece;
    return rc;
}

static atl_code find_text(struct atl_store *store, const char *query, const char *text,
                          struct atl_piece *out, struct atl_error *err)
{
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, text);
    return find_by(&sql, text, out, err);
}

atl_code atl_pieces_find(struct atl_store *store, const char *id, struct atl_piece *out,
                         struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_PIECE_COLUMNS ",sum FROM piece WHERE id=?";

    return find_text(store, query, id, out, err);
}

atl_code atl_pieces_find_tag(struct atl_store *store, const char *tag, struct atl_piece *out,
                             struct atl_error *err)
{
    static const char query[] =
        "SELECT " ATL_PIECE_COLUMNS ",sum FROM piece WHERE bound_tag=? AND bound_tag<>''";

    return find_text(store, query, tag, out, err);
}

atl_code atl_pieces_find_number(struct atl_store *store, const char *order_code, int number,
                                struct atl_piece *out, struct atl_error *err)
{
    static const char query[] =
        "SELECT " ATL_PIECE_COLUMNS
        ",sum FROM piece WHERE order_id=(SELECT id FROM orders WHERE code=?) AND number=?";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, order_code);
    atl_sql_number(&sql, number);
    return find_by(&sql, order_code, out, err);
}

atl_code atl_pieces_find_unit(struct atl_store *store, const char *transaction_uuid,
                              const char *line_ref, uint32_t unit_index, struct atl_piece *out,
                              struct atl_error *err)
{
    static const char query[] =
        "SELECT " ATL_PIECE_COLUMNS ",sum FROM piece WHERE order_id=(SELECT id FROM orders"
        " WHERE uuid=?) AND line_ref=? AND unit_index=?";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, transaction_uuid);
    atl_sql_put_text(&sql, line_ref);
    atl_sql_number(&sql, unit_index);
    return find_by(&sql, line_ref, out, err);
}

atl_code atl_pieces_answers(struct atl_store *store, const char *id, struct atl_answer_set *out,
                            struct atl_error *err)
{
    static const char query[] = "SELECT " ATL_ANSWER_COLUMNS ",sum FROM answers WHERE piece_id=?";
    char piece_id[ATL_ORDER_ID_SIZE];
    char words[ATL_ANSWER_SET_BYTES];
    char initials[ATL_ANSWER_SET_BYTES];
    struct atl_answer_set found = {0};
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, query, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, id);
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        ATL_SQL_TEXT(&sql, piece_id);
        atl_sql_block(&sql, found.bytes, sizeof found.bytes, &found.len);
        ATL_SQL_TEXT(&sql, words);
        ATL_SQL_TEXT(&sql, initials);
        atl_sql_sum(&sql);
        rc = atl_sql_check(&sql, "answers", id, err);
    } else if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, rc, "piece %s has no answers, or they were erased", id);
    atl_sql_end(&sql);
    if (!rc)
        rc = atl_answer_set_parse(out, found.bytes, found.len, err);
    return rc;
}

static atl_code check_birth(const struct atl_piece *piece, const struct atl_piece_birth *birth,
                            struct atl_progress next, struct atl_error *err)
{
    if (birth->act != ATL_ACT_TENDER && birth->act != ATL_ACT_TENDER_LATER &&
        birth->act != ATL_ACT_TENDER_UNSIGNED)
        return atl_fail(err, ATL_E_INVALID, "piece %s: no piece begins by that act", piece->code);
    if (next.stage == ATL_STAGE_NONE)
        return atl_fail(err, ATL_E_CONFLICT, "piece %s: %s cannot happen to this kind", piece->code,
                        atl_act_name(birth->act));
    if (!piece->id[0] || !piece->order_id[0] || piece->number < 1 || piece->unit_index < 1)
        return atl_fail(err, ATL_E_INVALID, "piece %s has no id, order, number or unit",
                        piece->code);
    if (strlen(birth->find.words ? birth->find.words : "") >= ATL_ANSWER_SET_BYTES)
        return atl_fail(err, ATL_E_NOMEM, "piece %s: too many words to find it by", piece->code);
    return ATL_OK;
}

static void begin_life(struct atl_piece *row, struct atl_progress next, int64_t at_ms)
{
    row->progress = next;
    row->version = 1;
    row->tag_revision = 1;
    row->said = row->promise;
    row->is_late = false;
    row->told_ms = 0;
    row->stage_ms = at_ms;
    row->started_ms = 0;
    row->made_ms = 0;
    row->created_ms = at_ms;
}

atl_code atl_pieces_add(struct atl_store *store, struct atl_piece *piece,
                        const struct atl_piece_birth *birth, const struct atl_by *by,
                        struct atl_error *err)
{
    static const char put[] =
        "INSERT INTO piece(" ATL_PIECE_COLUMNS ",sum) VALUES(" ATL_PIECE_MARKS ",?)";
    const struct atl_progress at = {
        .stage = birth->is_dropped ? ATL_STAGE_DROPPED : ATL_STAGE_DRAFT, .attempt = 1};
    struct atl_event event = {.kind = ATL_EVENT_ACT, .act = birth->act, .from = at.stage};
    struct atl_piece row = *piece;
    atl_code rc;

    begin_life(&row, atl_stage_next(row.kind, at, birth->act), by->at_ms);
    rc = check_birth(&row, birth, row.progress, err);
    if (!rc)
        rc = atl_db_copy(event.why, sizeof event.why, birth->why, "reason", err);
    if (!rc)
        rc = write_row(store, put, &row, err);
    if (!rc)
        rc = put_wish(store, &row, birth->answers, birth->find, &event, err);
    if (!rc)
        rc = atl_events_add_piece(store, &row, &event, by, err);
    if (!rc)
        *piece = row;
    return rc;
}

atl_code atl_pieces_amend(struct atl_store *store, const char *piece_id, int32_t version,
                          const struct atl_amendment *amendment, const struct atl_by *by,
                          struct atl_piece *after, struct atl_error *err)
{
    struct atl_event event = {.kind = ATL_EVENT_AMENDED};
    struct atl_piece row = {0};
    atl_code rc;

    rc = atl_pieces_expect(store, piece_id, version, &row, err);
    if (rc)
        return rc;
    if (!atl_piece_may_be_amended(&row))
        return atl_fail(err, ATL_E_CONFLICT, "piece %s is %s: it can no longer be changed",
                        row.code, atl_stage_name(row.progress.stage));
    event.from = row.progress.stage;
    event.from_back = row.progress.back;
    row.version++;
    row.tag_revision++;
    row.proof = amendment->proof;
    row.signature = amendment->signature;
    row.price_minor = amendment->price_minor;
    row.work_s = amendment->work_s;
    rc = atl_pieces_write(store, &row, err);
    if (!rc)
        rc = put_wish(store, &row, amendment->answers, amendment->find, &event, err);
    if (!rc)
        rc = atl_events_add_piece(store, &row, &event, by, err);
    if (!rc && after)
        *after = row;
    return rc;
}
