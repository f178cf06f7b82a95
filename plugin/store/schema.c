// SPDX-License-Identifier: Apache-2.0
// The tables. A migration that was released is never changed, only followed by another.
#include "plugin/store/columns.h"
#include "plugin/store/db.h"

// Every table has an INTEGER PRIMARY KEY, by which salvage finds rows one by one. Absent texts
// are '', absent numbers 0: no column is ever NULL. `sum` is the row's checksum.
static const char *const first_version[] = {
    "CREATE TABLE meta(n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, value BLOB NOT NULL,"
    " sum INTEGER NOT NULL) STRICT;"
    "CREATE TABLE number(n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " last INTEGER NOT NULL) STRICT;",

    "CREATE TABLE sale(n INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, store TEXT NOT NULL,"
    " workstation TEXT NOT NULL, business_day TEXT NOT NULL, currency TEXT NOT NULL,"
    " sequence INTEGER NOT NULL, is_training INTEGER NOT NULL, language TEXT NOT NULL,"
    " is_gift INTEGER NOT NULL, is_buyer_only INTEGER NOT NULL, needed_by_ms INTEGER NOT NULL,"
    " hand_over TEXT NOT NULL, contact TEXT NOT NULL, has_wish INTEGER NOT NULL,"
    " is_suspended INTEGER NOT NULL, changed_ms INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT;"
    "CREATE INDEX sale_changed ON sale(changed_ms);",

    "CREATE TABLE draft(n INTEGER PRIMARY KEY, uuid TEXT NOT NULL, line_ref TEXT NOT NULL,"
    " unit_index INTEGER NOT NULL CHECK(unit_index > 0), kind INTEGER NOT NULL,"
    " sku TEXT NOT NULL, variant TEXT NOT NULL, answers BLOB NOT NULL,"
    " price_minor INTEGER NOT NULL, work_s INTEGER NOT NULL, promise_from_ms INTEGER NOT NULL,"
    " promise_until_ms INTEGER NOT NULL, proof_number INTEGER NOT NULL,"
    " proof_state INTEGER NOT NULL, proof_kind INTEGER NOT NULL, proof_digest BLOB NOT NULL, "
    "stitch_count INTEGER NOT NULL,"
    " sign_how INTEGER NOT NULL, sign_employee TEXT NOT NULL, sign_ms INTEGER NOT NULL,"
    " sign_hash BLOB NOT NULL, overruled TEXT NOT NULL, overruled_by TEXT NOT NULL,"
    " slip_code TEXT NOT NULL, scarce TEXT NOT NULL, held_until_ms INTEGER NOT NULL,"
    " follows INTEGER NOT NULL, is_dropped INTEGER NOT NULL, changed_ms INTEGER NOT NULL,"
    " expires_ms INTEGER NOT NULL, sum INTEGER NOT NULL, UNIQUE(uuid, line_ref, unit_index))"
    " STRICT;"
    "CREATE UNIQUE INDEX draft_slip ON draft(slip_code) WHERE slip_code <> '';"
    "CREATE INDEX draft_scarce ON draft(scarce) WHERE scarce <> '';"
    "CREATE INDEX draft_expires ON draft(expires_ms) WHERE expires_ms > 0 AND is_dropped = 0;",

    "CREATE TABLE orders(n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " code TEXT NOT NULL UNIQUE, uuid TEXT NOT NULL UNIQUE, store TEXT NOT NULL,"
    " workstation TEXT NOT NULL, business_day TEXT NOT NULL, currency TEXT NOT NULL,"
    " sequence INTEGER NOT NULL, is_training INTEGER NOT NULL, language TEXT NOT NULL,"
    " is_gift INTEGER NOT NULL, is_buyer_only INTEGER NOT NULL, needed_by_ms INTEGER NOT NULL,"
    " hand_over TEXT NOT NULL, contact TEXT NOT NULL, token TEXT NOT NULL,"
    " gift_token TEXT NOT NULL, pin TEXT NOT NULL, salt BLOB NOT NULL, employee TEXT NOT NULL,"
    " total_minor INTEGER NOT NULL, piece_count INTEGER NOT NULL, issue INTEGER NOT NULL,"
    " created_ms INTEGER NOT NULL, created_offset_min INTEGER NOT NULL,"
    " consent_ms INTEGER NOT NULL, erased_ms INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT;"
    "CREATE INDEX orders_day ON orders(business_day);"
    "CREATE INDEX orders_kept ON orders(created_ms) WHERE erased_ms = 0;",

    "CREATE TABLE link(n INTEGER PRIMARY KEY, order_id TEXT NOT NULL REFERENCES orders(id),"
    " sha256 BLOB NOT NULL UNIQUE, scope INTEGER NOT NULL, is_revoked INTEGER NOT NULL,"
    " sum INTEGER NOT NULL) STRICT;"
    "CREATE INDEX link_order ON link(order_id);",

    "CREATE TABLE pin_try(n INTEGER PRIMARY KEY, order_id TEXT NOT NULL, at_ms INTEGER NOT NULL)"
    " STRICT;"
    "CREATE INDEX pin_try_order ON pin_try(order_id, at_ms);",

    "CREATE TABLE piece(n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " order_id TEXT NOT NULL REFERENCES orders(id), code TEXT NOT NULL,"
    " number INTEGER NOT NULL CHECK(number > 0), line_ref TEXT NOT NULL,"
    " unit_index INTEGER NOT NULL CHECK(unit_index > 0), kind INTEGER NOT NULL,"
    " stage INTEGER NOT NULL CHECK(stage > 0), back INTEGER NOT NULL,"
    " attempt INTEGER NOT NULL CHECK(attempt > 0), version INTEGER NOT NULL CHECK(version > 0),"
    " tag_revision INTEGER NOT NULL, place TEXT NOT NULL, sku TEXT NOT NULL,"
    " variant TEXT NOT NULL, price_minor INTEGER NOT NULL, work_s INTEGER NOT NULL,"
    " promise_from_ms INTEGER NOT NULL, promise_until_ms INTEGER NOT NULL,"
    " said_from_ms INTEGER NOT NULL, said_until_ms INTEGER NOT NULL,"
    " proof_number INTEGER NOT NULL, proof_state INTEGER NOT NULL, proof_kind INTEGER NOT NULL,"
    " proof_digest BLOB NOT NULL, stitch_count INTEGER NOT NULL, sign_how INTEGER NOT NULL, "
    "sign_employee TEXT NOT NULL,"
    " sign_ms INTEGER NOT NULL, sign_hash BLOB NOT NULL, scarce TEXT NOT NULL,"
    " bound_tag TEXT NOT NULL, is_late INTEGER NOT NULL, told_ms INTEGER NOT NULL,"
    " stage_ms INTEGER NOT NULL, started_ms INTEGER NOT NULL, made_ms INTEGER NOT NULL,"
    " created_ms INTEGER NOT NULL, sum INTEGER NOT NULL, UNIQUE(order_id, number)) STRICT;"
    "CREATE INDEX piece_stage ON piece(stage, promise_until_ms, work_s);"
    "CREATE INDEX piece_made ON piece(made_ms) WHERE made_ms > 0;"
    "CREATE UNIQUE INDEX piece_tag ON piece(bound_tag) WHERE bound_tag <> '';"
    "CREATE INDEX piece_scarce ON piece(scarce) WHERE scarce <> '';",

    "CREATE TABLE answers(n INTEGER PRIMARY KEY,"
    " piece_id TEXT NOT NULL UNIQUE REFERENCES piece(id), bytes BLOB NOT NULL,"
    " words TEXT NOT NULL, initials TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;",

    "CREATE TABLE event(sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL,"
    " order_id TEXT NOT NULL, piece_id TEXT NOT NULL, kind INTEGER NOT NULL,"
    " act INTEGER NOT NULL, from_stage INTEGER NOT NULL, from_back INTEGER NOT NULL,"
    " to_stage INTEGER NOT NULL, attempt INTEGER NOT NULL, version INTEGER NOT NULL,"
    " undoes INTEGER NOT NULL, origin INTEGER NOT NULL, employee TEXT NOT NULL,"
    " station TEXT NOT NULL, device TEXT NOT NULL, why TEXT NOT NULL, at_ms INTEGER NOT NULL,"
    " offset_min INTEGER NOT NULL, has_text_mac INTEGER NOT NULL, text_mac BLOB NOT NULL,"
    " previous BLOB NOT NULL, hash BLOB NOT NULL) STRICT;"
    "CREATE INDEX event_order ON event(order_id, sequence);"
    "CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN"
    " SELECT RAISE(ABORT, 'events are never changed'); END;"
    "CREATE TRIGGER event_is_kept BEFORE DELETE ON event BEGIN"
    " SELECT RAISE(ABORT, 'events are never deleted'); END;",

    "CREATE TABLE event_note(n INTEGER PRIMARY KEY, order_id TEXT NOT NULL, note TEXT NOT NULL)"
    " STRICT;" // n is the event's sequence
    "CREATE INDEX event_note_order ON event_note(order_id);"
    "CREATE TABLE event_gap(n INTEGER PRIMARY KEY) STRICT;", // events after n are lost

    "CREATE TABLE job(n INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL,"
    " state INTEGER NOT NULL CHECK(state BETWEEN 1 AND 9), device TEXT NOT NULL,"
    " order_id TEXT NOT NULL, piece_id TEXT NOT NULL, code TEXT NOT NULL,"
    " revision INTEGER NOT NULL, attempt INTEGER NOT NULL, copy INTEGER NOT NULL,"
    " copy_of INTEGER NOT NULL, created_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL,"
    " expires_ms INTEGER NOT NULL, lease_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL,"
    " why TEXT NOT NULL, evidence TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;"
    "CREATE INDEX job_state ON job(state, device);"
    "CREATE INDEX job_ended ON job(ended_ms) WHERE state IN (5,6,8);"
    "CREATE INDEX job_order ON job(order_id);"
    "CREATE INDEX job_piece ON job(piece_id, document) WHERE piece_id <> '';",

    // n is the job's. What a sheet says; gone with the job's end, for it may name guests.
    "CREATE TABLE sheet(n INTEGER PRIMARY KEY, json BLOB NOT NULL, sum INTEGER NOT NULL) STRICT;",

    "CREATE TABLE outbox(sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL,"
    " type TEXT NOT NULL, subject TEXT NOT NULL, attempt INTEGER NOT NULL,"
    " version INTEGER NOT NULL, at_ms INTEGER NOT NULL, data TEXT NOT NULL,"
    " quarantine TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;"
    "CREATE INDEX outbox_line ON outbox(quarantine);",

    "CREATE TABLE request(sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
    " type TEXT NOT NULL, data TEXT NOT NULL, received_ms INTEGER NOT NULL,"
    " state INTEGER NOT NULL, reason TEXT NOT NULL, answered_ms INTEGER NOT NULL,"
    " sum INTEGER NOT NULL) STRICT;"
    "CREATE INDEX request_waiting ON request(sequence) WHERE state = 1;",

    "CREATE TABLE idem(n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, call TEXT NOT NULL,"
    " request BLOB NOT NULL, order_id TEXT NOT NULL, at_ms INTEGER NOT NULL,"
    " answer BLOB NOT NULL, sum INTEGER NOT NULL) STRICT;"
    "CREATE INDEX idem_order ON idem(order_id, at_ms);",

    "CREATE TABLE device(n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " bits INTEGER NOT NULL, trouble TEXT NOT NULL, since_ms INTEGER NOT NULL,"
    " seen_ms INTEGER NOT NULL,"
    " sum INTEGER NOT NULL) STRICT;",

    "CREATE TABLE run(n INTEGER PRIMARY KEY AUTOINCREMENT,"
    " state INTEGER NOT NULL CHECK(state IN (1,2)), machine TEXT NOT NULL, sku TEXT NOT NULL,"
    " yarn TEXT NOT NULL, hoop TEXT NOT NULL, employee TEXT NOT NULL,"
    " created_ms INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT;"
    "CREATE INDEX run_state ON run(state);"
    "CREATE TABLE run_piece(n INTEGER PRIMARY KEY, run INTEGER NOT NULL, position INTEGER NOT NULL,"
    " piece_id TEXT NOT NULL, sum INTEGER NOT NULL, UNIQUE(run, position)) STRICT;"
    "CREATE INDEX run_piece_piece ON run_piece(piece_id);",
    NULL,
};

const struct atl_migration atl_migrations[] = {
    {first_version},
};
const int atl_migration_count = sizeof atl_migrations / sizeof atl_migrations[0];

// In the order in which salvage copies them: what is referred to comes first.
const struct atl_table atl_tables[] = {
    {"meta",       "n",        ATL_META_COLUMNS ",sum",      true },
    {"number",     "n",        "name,last",                  false},
    {"sale",       "n",        ATL_SALE_COLUMNS ",sum",      true },
    {"draft",      "n",        ATL_DRAFT_COLUMNS ",sum",     true },
    {"orders",     "n",        ATL_ORDER_COLUMNS ",sum",     true },
    {"link",       "n",        ATL_LINK_COLUMNS ",sum",      true },
    {"piece",      "n",        ATL_PIECE_COLUMNS ",sum",     true },
    {"answers",    "n",        ATL_ANSWER_COLUMNS ",sum",    true },
    {"event",      "sequence", ATL_EVENT_COLUMNS,            false},
    {"event_note", "n",        "n,order_id,note",            false},
    {"event_gap",  "n",        "n",                          false},
    {"job",        "n",        ATL_JOB_COLUMNS ",sum",       true },
    {"sheet",      "n",        ATL_SHEET_COLUMNS ",sum",     true },
    {"outbox",     "sequence", ATL_OUTBOX_COLUMNS ",sum",    true },
    {"request",    "sequence", ATL_REQUEST_COLUMNS ",sum",   true },
    {"idem",       "n",        ATL_IDEM_COLUMNS ",sum",      true },
    {"device",     "n",        ATL_DEVICE_COLUMNS ",sum",    true },
    {"run",        "n",        ATL_RUN_COLUMNS ",sum",       true },
    {"run_piece",  "n",        ATL_RUN_PIECE_COLUMNS ",sum", true },
};
const size_t atl_table_count = sizeof atl_tables / sizeof atl_tables[0];
