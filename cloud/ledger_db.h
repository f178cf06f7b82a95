// SPDX-License-Identifier: Apache-2.0
// The seam between what the ledger does (ledger_take, _view, _feed) and the engine that does it
// (ledger_sqlite): prepared statements by name, values in, rows out. Private to the ledger.
#ifndef ATL_CLOUD_LEDGER_DB_H
#define ATL_CLOUD_LEDGER_DB_H

#include "cloud/ledger.h"

enum atl_sql {
    SQL_BEGIN,
    SQL_BEGIN_READ,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_DATA_VERSION,
    SQL_CHANGE_NEXT,
    SQL_CHANGE_GET,
    SQL_CHANGES,
    SQL_COUNT_ROWS,
    SQL_STORE_FIND,
    SQL_STORE_ADD,
    SQL_STORE_HEARD,
    SQL_SOURCE_FIND,
    SQL_SOURCE_ADD,
    SQL_SOURCE_HIGH,
    SQL_GAP_FIND,
    SQL_GAP_ADD,
    SQL_GAP_DELETE,
    SQL_TIMELINE_ADD,
    SQL_PROFILE_PUT,
    SQL_HOURS_DELETE,
    SQL_HOURS_ADD,
    SQL_HOURS_GET,
    SQL_ORDER_FIND,
    SQL_ORDER_ADD,
    SQL_ORDER_OPEN,
    SQL_ORDER_TOUCH,
    SQL_LINKS_SAID,
    SQL_LINKS_DELETE,
    SQL_LINK_ADD,
    SQL_PIECE_NAME,
    SQL_PIECE_MOVE,
    SQL_PIECES_GET,
    SQL_ERASE_ORDER,
    SQL_ERASE_PIECES,
    SQL_ERASE_TIMELINE,
    SQL_VIEW,
    SQL_VIEW_VERSION,
    SQL_FEED_STATE,
    SQL_FEED_NEXT,
    SQL_FEED_ACK,
    SQL_FEED_ITEMS,
    SQL_REQUEST_FIND,
    SQL_REQUEST_ADD,
    SQL_REQUEST_ANSWER,
    SQL_REQUEST_PRUNE,
    SQL_REQUEST_FLOOR,
    SQL_COUNT
};

struct atl_value {
    enum { ATL_VALUE_NUMBER, ATL_VALUE_TEXT, ATL_VALUE_HASH } type;
    int64_t number;
    const char *text;    // NULL is stored as ""
    const uint8_t *hash; // ATL_HASH_BYTES of them
};
#define ATL_N(n) ((struct atl_value){ATL_VALUE_NUMBER, (int64_t)(n), NULL, NULL})
#define ATL_T(t) ((struct atl_value){ATL_VALUE_TEXT, 0, (t), NULL})
#define ATL_H(h) ((struct atl_value){ATL_VALUE_HASH, 0, NULL, (h)})
// The two arguments "values, count" of the functions below.
#define ATL_VALUES(...)                                                                            \
    (const struct atl_value[]){__VA_ARGS__},                                                       \
        sizeof((const struct atl_value[]){__VA_ARGS__}) / sizeof(struct atl_value)
#define ATL_NO_VALUES NULL, 0

// Values are borrowed until the statement is done.
ATL_MUST_USE atl_code atl_db_run(struct atl_ledger *ledger, enum atl_sql id,
                                 const struct atl_value *values, size_t count,
                                 struct atl_error *err);
// Rows that the statement before this one has written.
int64_t atl_db_written(const struct atl_ledger *ledger);
int64_t atl_db_last_id(const struct atl_ledger *ledger);

// The first row; the caller reads it and ends with atl_db_done(). ATL_E_NOT_FOUND: there is none,
// and *row and err are untouched.
struct atl_row;
ATL_MUST_USE atl_code atl_db_find(struct atl_ledger *ledger, enum atl_sql id,
                                  const struct atl_value *values, size_t count,
                                  struct atl_row **row, struct atl_error *err);
ATL_MUST_USE bool atl_db_next(struct atl_row *row); // false: no further row
int64_t atl_db_number(struct atl_row *row, int column);
const char *atl_db_text(struct atl_row *row, int column); // until the next row; never NULL
void atl_db_copy(struct atl_row *row, int column, char *out, size_t cap);
void atl_db_done(struct atl_row *row);
// The first column of the first row.
ATL_MUST_USE atl_code atl_db_find_number(struct atl_ledger *ledger, enum atl_sql id,
                                         const struct atl_value *values, size_t count, int64_t *out,
                                         struct atl_error *err);

// A transaction that only reads, so that several statements see one state.
ATL_MUST_USE atl_code atl_db_begin_read(struct atl_ledger *ledger, struct atl_error *err);
void atl_db_end_read(struct atl_ledger *ledger);

int64_t atl_db_change(const struct atl_ledger *ledger); // of the open transaction
const char *atl_db_epoch(const struct atl_ledger *ledger);

#endif
