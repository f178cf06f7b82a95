// SPDX-License-Identifier: Apache-2.0
// Writing and reading events; chain.c verifies them.
#include "plugin/store/events.h"

#include "plugin/store/columns.h"
#include "plugin/store/db.h"

#include <string.h>

const char *const atl_event_columns = ATL_EVENT_COLUMNS;

// Everything but the sequence's neighbours: the hash of the one before comes first. The words of
// a person are in it as text_mac only.
void atl_event_hash(const struct atl_event *event, uint8_t out[ATL_HASH_BYTES])
{
    struct atl_hash hash;

    atl_hash_init(&hash);
    atl_hash_add_bytes(&hash, event->previous, sizeof event->previous);
    atl_hash_add_number(&hash, event->sequence);
    atl_hash_add_text(&hash, event->id);
    atl_hash_add_text(&hash, event->order_id);
    atl_hash_add_text(&hash, event->piece_id);
    atl_hash_add_number(&hash, event->kind);
    atl_hash_add_number(&hash, event->act);
    atl_hash_add_number(&hash, event->from);
    atl_hash_add_number(&hash, event->from_back);
    atl_hash_add_number(&hash, event->to);
    atl_hash_add_number(&hash, event->attempt);
    atl_hash_add_number(&hash, event->version);
    atl_hash_add_number(&hash, event->undoes);
    atl_hash_add_number(&hash, event->origin);
    atl_hash_add_text(&hash, event->employee_ref);
    atl_hash_add_text(&hash, event->station);
    atl_hash_add_text(&hash, event->device);
    atl_hash_add_text(&hash, event->why);
    atl_hash_add_number(&hash, event->at_ms);
    atl_hash_add_number(&hash, event->offset_min);
    atl_hash_add_number(&hash, event->has_text_mac);
    atl_hash_add_bytes(&hash, event->text_mac, sizeof event->text_mac);
    atl_hash_end(&hash, out);
}

void atl_event_fields(struct atl_sql *sql, struct atl_event *event)
{
    event->sequence = atl_sql_number(sql, event->sequence);
    ATL_SQL_TEXT(sql, event->id);
    ATL_SQL_TEXT(sql, event->order_id);
    ATL_SQL_TEXT(sql, event->piece_id);
    event->kind = (enum atl_event_kind)atl_sql_number(sql, event->kind);
    event->act = (enum atl_act)atl_sql_number(sql, event->act);
    event->from = (enum atl_stage)atl_sql_number(sql, event->from);
    event->from_back = (enum atl_stage)atl_sql_number(sql, event->from_back);
    event->to = (enum atl_stage)atl_sql_number(sql, event->to);
    ATL_SQL_INT(sql, event->attempt);
    ATL_SQL_INT(sql, event->version);
    event->undoes = atl_sql_number(sql, event->undoes);
    event->origin = (enum atl_origin)atl_sql_number(sql, event->origin);
    ATL_SQL_TEXT(sql, event->employee_ref);
    ATL_SQL_TEXT(sql, event->station);
    ATL_SQL_TEXT(sql, event->device);
    ATL_SQL_TEXT(sql, event->why);
    event->at_ms = atl_sql_number(sql, event->at_ms);
    ATL_SQL_INT(sql, event->offset_min);
    ATL_SQL_BOOL(sql, event->has_text_mac);
    atl_sql_bytes(sql, event->text_mac, sizeof event->text_mac);
    atl_sql_bytes(sql, event->previous, sizeof event->previous);
    atl_sql_bytes(sql, event->hash, sizeof event->hash);
}

// The next sequence is the highest ever given and one, so that an event lost at the end is missed.
static atl_code follow(struct atl_store *store, struct atl_event *event, struct atl_error *err)
{
    static const char last[] =
        "SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name='event'),0),"
        "ifnull((SELECT hash FROM event ORDER BY sequence DESC LIMIT 1),zeroblob(32))";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, last, &sql, err);
    if (rc)
        return rc;
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        event->sequence = atl_sql_number(&sql, 0) + 1;
        atl_sql_bytes(&sql, event->previous, sizeof event->previous);
        rc = atl_sql_check(&sql, "event", "last", err);
    }
    atl_sql_end(&sql);
    return rc;
}

static atl_code take_by(struct atl_event *event, const struct atl_by *by, struct atl_error *err)
{
    atl_code rc;

    event->origin = by->origin;
    event->at_ms = by->at_ms;
    event->offset_min = by->offset_min;
    rc = atl_db_copy(event->employee_ref, sizeof event->employee_ref, by->employee_ref, "employee",
                     err);
    if (!rc)
        rc = atl_db_copy(event->station, sizeof event->station, by->station, "station", err);
    if (!rc)
        rc = atl_db_copy(event->device, sizeof event->device, by->device, "device", err);
    if (!rc)
        rc = atl_store_new_id(by->at_ms, event->id, err);
    return rc;
}

static atl_code insert(struct atl_store *store, struct atl_event *event, struct atl_error *err)
{
    static const char put[] =
        "INSERT INTO event(" ATL_EVENT_COLUMNS ") VALUES(" ATL_EVENT_MARKS ")";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, put, &sql, err);
    if (rc)
        return rc;
    atl_event_fields(&sql, event);
    return atl_sql_run(&sql, NULL, err);
}

static atl_code insert_note(struct atl_store *store, const struct atl_event *event,
                            struct atl_error *err)
{
    static const char put[] = "INSERT INTO event_note(n,order_id,note) VALUES(?,?,?)";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_write(store, put, &sql, err);
    if (rc)
        return rc;
    atl_sql_number(&sql, event->sequence);
    atl_sql_put_text(&sql, event->order_id);
    atl_sql_put_text(&sql, event->note);
    return atl_sql_run(&sql, NULL, err);
}

atl_code atl_db_find_salt(struct atl_store *store, const char *order_id,
                          uint8_t salt[ATL_DIGEST_BYTES], struct atl_error *err)
{
    static const char find[] = "SELECT salt FROM orders WHERE id=?";
    struct atl_sql sql;
    atl_code rc;

    rc = atl_sql_read(store, find, &sql, err);
    if (rc)
        return rc;
    atl_sql_put_text(&sql, order_id);
    rc = atl_sql_row(&sql, err);
    if (!rc) {
        atl_sql_bytes(&sql, salt, ATL_DIGEST_BYTES);
        rc = atl_sql_check(&sql, "orders", order_id, err);
    } else if (rc == ATL_E_NOT_FOUND)
        rc = atl_fail(err, rc, "order %s is not there", order_id);
    atl_sql_end(&sql);
    return rc;
}

static atl_code cover_note(struct atl_store *store, struct atl_event *event, struct atl_error *err)
{
    uint8_t salt[ATL_DIGEST_BYTES];
    atl_code rc;

    if (!event->note[0])
        return ATL_OK;
    if (event->has_text_mac)
        return atl_fail(err, ATL_E_INVALID, "an event has answers or a note, not both");
    rc = atl_db_find_salt(store, event->order_id, salt, err);
    if (rc)
        return rc;
    atl_hash_hmac(salt, sizeof salt, event->note, strlen(event->note), event->text_mac);
    atl_hash_wipe(salt, sizeof salt);
    event->has_text_mac = true;
    return ATL_OK;
}

atl_code atl_events_add(struct atl_store *store, const struct atl_event *event,
                        const struct atl_by *by, struct atl_event *out, struct atl_error *err)
{
    struct atl_event row = *event;
    atl_code rc;

    rc = take_by(&row, by, err);
    if (!rc)
        rc = cover_note(store, &row, err);
    memset(row.previous, 0, sizeof row.previous);
    if (!rc)
        rc = follow(store, &row, err);
    if (rc)
        return rc;
    atl_event_hash(&row, row.hash);
    rc = insert(store, &row, err);
    if (!rc && row.note[0])
        rc = insert_note(store, &row, err);
    if (!rc && out)
        *out = row;
    return rc;
}

atl_code atl_events_add_piece(struct atl_store *store, const struct atl_piece *piece,
                              struct atl_event *event, const struct atl_by *by,
                              struct atl_error *err)
{
    memcpy(event->order_id, piece->order_id, sizeof event->order_id);
    memcpy(event->piece_id, piece->id, sizeof event->piece_id);
    event->attempt = piece->progress.attempt;
    event->version = piece->version;
    event->to = piece->progress.stage;
    return atl_events_add(store, event, by, event, err);
}

// Reads an event and its note, and checks its own hash.
static atl_code read_event(struct atl_sql *sql, struct atl_event *event, struct atl_error *err)
{
    uint8_t hash[ATL_HASH_BYTES];

    *event = (struct atl_event){0};
    atl_event_fields(sql, event);
    ATL_SQL_TEXT(sql, event->note);
    atl_event_hash(event, hash);
    if (!atl_hash_equal(hash, event->hash, sizeof hash))
        sql->is_bad = true;
    return atl_sql_check(sql, "event", event->id, err);
}

// Rows of a query that is bound already; ends it.
static atl_code read_events(struct atl_sql *sql, struct atl_event *out, size_t *count,
                            struct atl_error *err)
{
    size_t found = 0;
    atl_code rc;

    while (!(rc = atl_sql_row(sql, err))) {
        rc = read_event(sql, &out[found], err);
        if (rc)
            break;
        found++;
    }
    atl_sql_end(sql);
    if (rc != ATL_E_NOT_FOUND)
        return rc;
    *count = found;
    return ATL_OK;
}

atl_code atl_events_list(struct atl_store *store, const char *order_id, const char *piece_id,
                         int64_t after, struct atl_event *out, size_t max, size_t *count,
                         struct atl_error *err)
{
    static const char list[] =
        "SELECT " ATL_EVENT_COLUMNS ",ifnull((SELECT note FROM event_note WHERE n=sequence),'')"
        " FROM event WHERE order_id=?1 AND (?2='' OR piece_id=?2) AND sequence>?3"
        " ORDER BY sequence LIMIT ?4";
    struct atl_sql sql;
    const atl_code rc = atl_sql_read(store, list, &sql, err);

    if (rc)
        return rc;
    atl_sql_put_text(&sql, order_id);
    atl_sql_put_text(&sql, piece_id);
    atl_sql_number(&sql, after);
    atl_sql_number(&sql, (int64_t)max);
    return read_events(&sql, out, count, err);
}

atl_code atl_events_since(struct atl_store *store, int64_t after, struct atl_event *out, size_t max,
                          size_t *count, struct atl_error *err)
{
    static const char list[] =
        "SELECT " ATL_EVENT_COLUMNS ",ifnull((SELECT note FROM event_note WHERE n=sequence),'')"
        " FROM event WHERE sequence>?1 ORDER BY sequence LIMIT ?2";
    struct atl_sql sql;
    const atl_code rc = atl_sql_read(store, list, &sql, err);

    if (rc)
        return rc;
    atl_sql_number(&sql, after);
    atl_sql_number(&sql, (int64_t)max);
    return read_events(&sql, out, count, err);
}

atl_code atl_events_last(struct atl_store *store, int64_t *sequence, struct atl_error *err)
{
    return atl_sql_one(store, "SELECT ifnull(max(sequence),0) FROM event", NULL, 0, sequence, err);
}
