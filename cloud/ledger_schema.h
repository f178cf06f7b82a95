// SPDX-License-Identifier: Apache-2.0
// The tables of the SQLite ledger. Within what PostgreSQL-wire engines take, but for STRICT and
// WITHOUT ROWID: no rowid is used as a cursor, every counter is a column under its row's lock.
//
// Times are milliseconds since the epoch, UTC. "change" is the ledger's one counter at the moment
// of the last change of the row: other processes ask "what changed since".
#ifndef ATL_CLOUD_LEDGER_SCHEMA_H
#define ATL_CLOUD_LEDGER_SCHEMA_H

#define ATL_LEDGER_APPLICATION_ID 0x41744c67 // "AtLg"
#define ATL_LEDGER_VERSION        1

static const char *const atl_ledger_schema =
    "CREATE TABLE meta("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " epoch TEXT NOT NULL," // of the feed's cursors; a new file has another
    " change INTEGER NOT NULL) STRICT;"

    // One shop: retailer/store.
    "CREATE TABLE store("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE,"
    " last_news INTEGER NOT NULL," // when its last event was taken
    " change INTEGER NOT NULL,"
    " feed_seq INTEGER NOT NULL,"   // the last request put into its feed
    " feed_acked INTEGER NOT NULL," // the shop has saved all up to here
    " feed_floor INTEGER NOT NULL," // requests up to here were dropped
    " feed_change INTEGER NOT NULL,"
    " profile_source INTEGER NOT NULL,"
    " profile_sequence INTEGER NOT NULL,"
    " title TEXT NOT NULL, phone TEXT NOT NULL, address TEXT NOT NULL,"
    " zone TEXT NOT NULL, map_url TEXT NOT NULL, languages TEXT NOT NULL) STRICT;"
    "CREATE INDEX store_feed_change ON store(feed_change);"

    // Opening hours in the shop's own time; minutes since midnight; day 1 is Monday.
    "CREATE TABLE hours("
    " store INTEGER NOT NULL REFERENCES store(id),"
    " day INTEGER NOT NULL, from_min INTEGER NOT NULL, until_min INTEGER NOT NULL,"
    " PRIMARY KEY (store, day, from_min)) STRICT, WITHOUT ROWID;"

    // One file of a shop's agent. What was taken of it: all up to `high` but for the gaps.
    "CREATE TABLE source("
    " id INTEGER PRIMARY KEY,"
    " store INTEGER NOT NULL REFERENCES store(id),"
    " name TEXT NOT NULL UNIQUE,"
    " high INTEGER NOT NULL) STRICT;"
    "CREATE TABLE gap("
    " source INTEGER NOT NULL REFERENCES source(id),"
    " first INTEGER NOT NULL, last INTEGER NOT NULL,"
    " PRIMARY KEY (source, first)) STRICT, WITHOUT ROWID;"

    // Append-only; only erasing an order deletes its rows.
    "CREATE TABLE timeline("
    " source INTEGER NOT NULL REFERENCES source(id),"
    " sequence INTEGER NOT NULL,"
    " event TEXT NOT NULL," // the event's ULID
    " type TEXT NOT NULL,"
    " orders TEXT NOT NULL, piece TEXT NOT NULL," // ULIDs, '' when it is not about one
    " attempt INTEGER NOT NULL, version INTEGER NOT NULL,"
    " at INTEGER NOT NULL," // the shop's clock: never used to order
    " taken INTEGER NOT NULL,"
    " data TEXT NOT NULL,"
    " PRIMARY KEY (source, sequence)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX timeline_orders ON timeline(orders) WHERE orders <> '';"

    // An order may be known by its pieces before its opening arrived: then code is ''.
    "CREATE TABLE orders("
    " id INTEGER PRIMARY KEY,"
    " store INTEGER NOT NULL REFERENCES store(id),"
    " ulid TEXT NOT NULL,"
    " code TEXT NOT NULL,"
    " language TEXT NOT NULL,"
    " is_training INTEGER NOT NULL,"
    " is_erased INTEGER NOT NULL,"
    " created INTEGER NOT NULL,"
    " opened_source INTEGER NOT NULL, opened_sequence INTEGER NOT NULL," // who said it last
    " links_source INTEGER NOT NULL, links_sequence INTEGER NOT NULL,"
    " change INTEGER NOT NULL,"
    " UNIQUE (store, ulid)) STRICT;"
    "CREATE INDEX orders_change ON orders(change);"

    "CREATE TABLE link("
    " sha256 BLOB PRIMARY KEY,"
    " orders INTEGER NOT NULL REFERENCES orders(id),"
    " is_gift INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX link_orders ON link(orders);"

    // attempt 0: it was named by the order, and has said nothing yet.
    "CREATE TABLE piece("
    " orders INTEGER NOT NULL REFERENCES orders(id),"
    " ulid TEXT NOT NULL,"
    " number INTEGER NOT NULL,"
    " kind TEXT NOT NULL,"
    " what_en TEXT NOT NULL, what_fr TEXT NOT NULL, what_ja TEXT NOT NULL,"
    " source INTEGER NOT NULL," // who said its stage last
    " attempt INTEGER NOT NULL, version INTEGER NOT NULL,"
    " stage TEXT NOT NULL, back TEXT NOT NULL,"
    " promise_from INTEGER NOT NULL, promise_until INTEGER NOT NULL,"
    " said_from INTEGER NOT NULL, said_until INTEGER NOT NULL,"
    " is_late INTEGER NOT NULL, is_remake INTEGER NOT NULL,"
    " moved INTEGER NOT NULL," // when the cloud learned of this stage
    " PRIMARY KEY (orders, ulid)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE request("
    " store INTEGER NOT NULL REFERENCES store(id),"
    " seq INTEGER NOT NULL,"
    " id TEXT NOT NULL,"
    " item TEXT NOT NULL," // JSON, as the feed carries it
    " made INTEGER NOT NULL,"
    " answer TEXT NOT NULL," // '', 'accepted' or 'refused'
    " reason TEXT NOT NULL,"
    " PRIMARY KEY (store, seq), UNIQUE (store, id)) STRICT, WITHOUT ROWID;"

    "INSERT INTO meta VALUES (1, lower(hex(randomblob(4))), 0);";

#endif
