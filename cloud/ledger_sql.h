// SPDX-License-Identifier: Apache-2.0
// The ledger's statements. Only the engine includes this; others name them (ledger_db.h).
#ifndef ATL_CLOUD_LEDGER_SQL_H
#define ATL_CLOUD_LEDGER_SQL_H

#include "cloud/ledger_db.h"

// clang-format off
static const char *const sql_text[SQL_COUNT] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_BEGIN_READ] = "BEGIN",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_DATA_VERSION] = "PRAGMA data_version",
    [SQL_CHANGE_NEXT] = "UPDATE meta SET change = change + 1 RETURNING change",
    [SQL_CHANGE_GET] = "SELECT change, epoch FROM meta",
    [SQL_CHANGES] = "SELECT 0, id FROM orders WHERE change > ?1"
                    " UNION ALL SELECT 1, id FROM store WHERE feed_change > ?1",
    [SQL_COUNT_ROWS] = "SELECT (SELECT count(*) FROM store), (SELECT count(*) FROM orders)",
    [SQL_STORE_FIND] = "SELECT id FROM store WHERE name = ?",
    [SQL_STORE_ADD] = "INSERT INTO store(name, last_news, change, feed_seq, feed_acked, feed_floor,"
                      " feed_change, profile_source, profile_sequence, title, phone, address, zone,"
                      " map_url, languages) VALUES (?, 0, 0, 0, 0, 0, 0, 0, 0, '', '', '', '', '',"
                      " '')",
    [SQL_STORE_HEARD] = "UPDATE store SET last_news = ?2, change = ?3 WHERE id = ?1",
    [SQL_SOURCE_FIND] = "SELECT id, high FROM source WHERE name = ? AND store = ?",
    [SQL_SOURCE_ADD] = "INSERT INTO source(name, store, high) VALUES (?, ?, 0)",
    [SQL_SOURCE_HIGH] = "UPDATE source SET high = ?2 WHERE id = ?1",
    [SQL_GAP_FIND] = "SELECT first, last FROM gap WHERE source = ?1 AND first <= ?2"
                     " AND last >= ?2",
    [SQL_GAP_ADD] = "INSERT INTO gap(source, first, last) VALUES (?, ?, ?)",
    [SQL_GAP_DELETE] = "DELETE FROM gap WHERE source = ? AND first = ?",
    [SQL_TIMELINE_ADD] = "INSERT INTO timeline(source, sequence, event, type, orders, piece,"
                         " attempt, version, at, taken, data)"
                         " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [SQL_PROFILE_PUT] = "UPDATE store SET profile_source = ?2, profile_sequence = ?3, title = ?4,"
                        " phone = ?5, address = ?6, zone = ?7, map_url = ?8, languages = ?9"
                        " WHERE id = ?1 AND (profile_source, profile_sequence) < (?2, ?3)",
    [SQL_HOURS_DELETE] = "DELETE FROM hours WHERE store = ?",
    [SQL_HOURS_ADD] = "INSERT OR IGNORE INTO hours(store, day, from_min, until_min)"
                      " VALUES (?, ?, ?, ?)",
    [SQL_HOURS_GET] = "SELECT day, from_min, until_min FROM hours WHERE store = ?"
                      " ORDER BY day, from_min",
    [SQL_ORDER_FIND] = "SELECT id, is_erased FROM orders WHERE store = ? AND ulid = ?",
    [SQL_ORDER_ADD] = "INSERT INTO orders(store, ulid, code, language, is_training, is_erased,"
                      " created, opened_source, opened_sequence, links_source, links_sequence,"
                      " change) VALUES (?, ?, '', '', 0, 0, 0, 0, 0, 0, 0, ?)",
    [SQL_ORDER_OPEN] = "UPDATE orders SET opened_source = ?2, opened_sequence = ?3, code = ?4,"
                       " language = ?5, is_training = ?6, created = ?7"
                       " WHERE id = ?1 AND (opened_source, opened_sequence) < (?2, ?3)",
    [SQL_ORDER_TOUCH] = "UPDATE orders SET change = ?2 WHERE id = ?1",
    [SQL_LINKS_SAID] = "UPDATE orders SET links_source = ?2, links_sequence = ?3"
                       " WHERE id = ?1 AND (links_source, links_sequence) < (?2, ?3)",
    [SQL_LINKS_DELETE] = "DELETE FROM link WHERE orders = ?",
    [SQL_LINK_ADD] = "INSERT OR IGNORE INTO link(sha256, orders, is_gift) VALUES (?, ?, ?)",
    [SQL_PIECE_NAME] = "INSERT INTO piece(orders, ulid, number, kind, what_en, what_fr, what_ja,"
                       " source, attempt, version, stage, back, promise_from, promise_until, said_from,"
                       " said_until, is_late, is_remake, moved)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, '', '', 0, 0, 0, 0, 0, 0, ?)"
                       " ON CONFLICT (orders, ulid) DO UPDATE SET number = excluded.number,"
                       " kind = excluded.kind, what_en = excluded.what_en,"
                       " what_fr = excluded.what_fr, what_ja = excluded.what_ja",
    [SQL_PIECE_MOVE] = "INSERT INTO piece(orders, ulid, number, kind, what_en, what_fr, what_ja,"
                       " source, attempt, version, stage, back, promise_from, promise_until, said_from,"
                       " said_until, is_late, is_remake, moved)"
                       " VALUES (?, ?, 0, '', '', '', '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                       " ON CONFLICT (orders, ulid) DO UPDATE SET source = excluded.source,"
                       " attempt = excluded.attempt,"
                       " version = excluded.version, stage = excluded.stage, back = excluded.back,"
                       " promise_from = excluded.promise_from,"
                       " promise_until = excluded.promise_until, said_from = excluded.said_from,"
                       " said_until = excluded.said_until, is_late = excluded.is_late,"
                       " is_remake = excluded.is_remake, moved = excluded.moved"
                       " WHERE (source, attempt, version)"
                       " < (excluded.source, excluded.attempt, excluded.version)",
    [SQL_PIECES_GET] = "SELECT number, kind, stage, back, attempt, what_en, what_fr, what_ja,"
                       " promise_from, promise_until, said_from, said_until, is_late, is_remake,"
                       " moved FROM piece WHERE orders = ? AND number > 0 ORDER BY number LIMIT ?",
    [SQL_ERASE_ORDER] = "UPDATE orders SET is_erased = 1, code = '', language = '', created = 0,"
                        " is_training = 0 WHERE id = ?",
    [SQL_ERASE_PIECES] = "DELETE FROM piece WHERE orders = ?",
    [SQL_ERASE_TIMELINE] = "DELETE FROM timeline WHERE orders = ? AND source IN"
                           " (SELECT id FROM source WHERE store = ?)",
    [SQL_VIEW] = "SELECT o.id, o.change, s.change, o.code, o.language, l.is_gift, o.is_training,"
                 " o.is_erased, s.id, s.title, s.phone, s.address, s.zone, s.map_url, s.last_news"
                 " FROM link l JOIN orders o ON o.id = l.orders JOIN store s ON s.id = o.store"
                 " WHERE l.sha256 = ?",
    [SQL_VIEW_VERSION] = "SELECT o.change, s.change FROM link l JOIN orders o ON o.id = l.orders"
                         " JOIN store s ON s.id = o.store WHERE l.sha256 = ?",
    [SQL_FEED_STATE] = "SELECT feed_seq, feed_acked, feed_floor FROM store WHERE id = ?",
    [SQL_FEED_NEXT] = "UPDATE store SET feed_seq = feed_seq + 1, feed_change = ?2 WHERE id = ?1"
                      " RETURNING feed_seq",
    [SQL_FEED_ACK] = "UPDATE store SET feed_acked = ?2 WHERE id = ?1 AND feed_acked < ?2",
    [SQL_FEED_ITEMS] = "SELECT seq, item FROM request WHERE store = ? AND seq > ? AND answer = ''"
                       " ORDER BY seq LIMIT ?",
    [SQL_REQUEST_FIND] = "SELECT seq FROM request WHERE store = ? AND id = ?",
    [SQL_REQUEST_ADD] = "INSERT INTO request(store, seq, id, item, made, answer, reason)"
                        " VALUES (?, ?, ?, ?, ?, '', '')",
    [SQL_REQUEST_ANSWER] = "UPDATE request SET answer = ?3, reason = ?4 WHERE store = ?1"
                           " AND id = ?2",
    [SQL_REQUEST_PRUNE] = "DELETE FROM request WHERE store = ? AND seq <= ? AND made < ?",
    [SQL_REQUEST_FLOOR] = "UPDATE store SET feed_floor = coalesce((SELECT min(seq) - 1 FROM request"
                          " WHERE store = ?1), feed_acked) WHERE id = ?1",
};
// clang-format on

#endif
