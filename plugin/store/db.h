// SPDX-License-Identifier: Apache-2.0
// Inside the store only: the connection, statements, rows with their checksum.
//
// A statement is written once, as a constant, and prepared once a connection. Its parameters are
// bound, and its columns read, one after the other by the same calls, so that one function a
// noun ("fields") serves INSERT, UPDATE and SELECT, and the checksum at the end covers exactly
// what went by.
#ifndef ATL_STORE_DB_H
#define ATL_STORE_DB_H

#include "plugin/core/hash.h"
#include "plugin/store/store.h"

#include <sqlite3.h>
#include <sys/types.h>

enum {
    ATL_DB_MAX_STATEMENTS = 160,
    ATL_DB_PATH_SIZE = 512,
    ATL_DB_APPLICATION_ID = 0x41544c52, // "ATLR"
};

struct atl_statement {
    const char *sql; // the constant itself is the key
    sqlite3_stmt *stmt;
};

struct atl_store {
    sqlite3 *db;
    enum atl_store_mode mode;
    int64_t busy_since_ms; // serve waits for the writers' lock since then
    bool in_transaction;
    atl_code spent; // why the open transaction can only be rolled back; ATL_OK: it can go on
    dev_t device;   // of the file when it was opened
    ino_t inode;
    char path[ATL_DB_PATH_SIZE];
    char epoch[ATL_STORE_EPOCH_SIZE];
    uint8_t tag_key[ATL_HASH_BYTES];
    size_t statement_count;
    struct atl_statement statements[ATL_DB_MAX_STATEMENTS];
};

// A statement in use, between start and end.
struct atl_sql {
    struct atl_store *store;
    sqlite3_stmt *stmt;
    int at;          // parameters bound, or columns read
    int rc;          // first failure of binding
    bool is_reading; // a row is there
    bool is_bad;     // the row is not what was written
    struct atl_hash hash;
};

// Takes the statement from the cache. [end it on every path] The second refuses outside of a
// transaction; the first is for SELECT.
ATL_MUST_USE atl_code atl_sql_read(struct atl_store *store, const char *sql, struct atl_sql *out,
                                   struct atl_error *err);
ATL_MUST_USE atl_code atl_sql_write(struct atl_store *store, const char *sql, struct atl_sql *out,
                                    struct atl_error *err);
void atl_sql_end(struct atl_sql *sql); // zeroed is fine

// Both ways: bind the value given, or put the column's value there. Numbers come back.
int64_t atl_sql_number(struct atl_sql *sql, int64_t value);
void atl_sql_text(struct atl_sql *sql, char *text, size_t size);
void atl_sql_bytes(struct atl_sql *sql, void *bytes, size_t len);              // exactly len
void atl_sql_block(struct atl_sql *sql, void *bytes, size_t cap, size_t *len); // at most cap
void atl_sql_sum(struct atl_sql *sql);                                         // the last one
#define ATL_SQL_INT(sql, field)  ((field) = (int32_t)atl_sql_number((sql), (field)))
#define ATL_SQL_BOOL(sql, field) ((field) = atl_sql_number((sql), (field)) != 0)
#define ATL_SQL_TEXT(sql, field) atl_sql_text((sql), (field), sizeof(field))

// Only binding. NULL is "".
void atl_sql_put_text(struct atl_sql *sql, const char *text);
void atl_sql_put_bytes(struct atl_sql *sql, const void *bytes, size_t len);

// The next row: ATL_OK, or ATL_E_NOT_FOUND when there is none (without a sentence).
ATL_MUST_USE atl_code atl_sql_row(struct atl_sql *sql, struct atl_error *err);

// After the columns of a row were read: ATL_E_CORRUPT naming it when its checksum is wrong.
ATL_MUST_USE atl_code atl_sql_check(struct atl_sql *sql, const char *table, const char *id,
                                    struct atl_error *err);

// Runs to the end and ends it. *changes, which may be NULL: rows changed.
ATL_MUST_USE atl_code atl_sql_run(struct atl_sql *sql, int *changes, struct atl_error *err);

// SELECT of one number with at most one text parameter (NULL: none); `none` when no row.
ATL_MUST_USE atl_code atl_sql_one(struct atl_store *store, const char *query, const char *text,
                                  int64_t none, int64_t *out, struct atl_error *err);

// The code and sentence of an SQLite result. Gives up the ballast on a full disk, and marks an
// open transaction as spent where it is.
atl_code atl_db_fail(struct atl_store *store, int rc, const char *what, struct atl_error *err);

// One or more statements without parameters: pragmas, schema.
ATL_MUST_USE atl_code atl_db_exec(struct atl_store *store, const char *sql, struct atl_error *err);

// "[own transaction]": begins one unless one is open. end() commits or rolls back what begin()
// began, and returns the code that counts.
ATL_MUST_USE atl_code atl_own_begin(struct atl_store *store, bool *is_mine, struct atl_error *err);
ATL_MUST_USE atl_code atl_own_end(struct atl_store *store, bool is_mine, atl_code rc,
                                  struct atl_error *err);

// PATH with a suffix. ATL_E_INVALID when it is too long.
ATL_MUST_USE atl_code atl_db_path(char out[ATL_DB_PATH_SIZE], const char *path, const char *suffix,
                                  struct atl_error *err);

// Copies a text of the caller; ATL_E_INVALID naming it when it does not fit. NULL is "".
ATL_MUST_USE atl_code atl_db_copy(char *out, size_t size, const char *text, const char *name,
                                  struct atl_error *err);

// --- schema.c ---

struct atl_migration {
    const char *const *statements; // ends with NULL
};
extern const struct atl_migration atl_migrations[];
extern const int atl_migration_count; // user_version of a finished store

// One table that salvage copies and verify reads. `columns` end with the checksum; where
// has_sum is false there is none.
struct atl_table {
    const char *name;
    const char *key; // INTEGER PRIMARY KEY
    const char *columns;
    bool has_sum;
};
extern const struct atl_table atl_tables[];
extern const size_t atl_table_count;

// --- create.c ---

// Opens the file with all settings, whatever its schema is.
ATL_MUST_USE atl_code atl_db_open(const char *path, enum atl_store_mode mode, int flags,
                                  struct atl_store **out, struct atl_error *err);
ATL_MUST_USE atl_code atl_db_load_keys(struct atl_store *store, struct atl_error *err);
ATL_MUST_USE atl_code atl_db_make_keys(struct atl_store *store, bool only_epoch,
                                       struct atl_error *err);
ATL_MUST_USE atl_code atl_db_number(struct atl_store *store, const char *pragma, int64_t *out,
                                    struct atl_error *err);
// The version of a store of ours. ATL_E_UNSUPPORTED: it is newer than `newest`.
ATL_MUST_USE atl_code atl_db_version(struct atl_store *store, int newest, int64_t *version,
                                     struct atl_error *err);
void atl_db_ballast_give_up(const char *path);
// An empty store at a path where nothing is, without ballast and without PATH.epoch.
ATL_MUST_USE atl_code atl_db_create_file(const char *path, struct atl_error *err);
// Writes PATH.epoch when it is not there.
ATL_MUST_USE atl_code atl_db_mark_place(const char *path, struct atl_error *err);
// The rest of create: takes it to its place, PATH.epoch, ballast.
ATL_MUST_USE atl_code atl_db_install(const char *made, const char *path, struct atl_error *err);
// As atl_store_migrate, with a list of steps of the caller's.
ATL_MUST_USE atl_code atl_db_migrate(struct atl_store *store, const struct atl_migration *steps,
                                     int count, const char *backup_path, int *done,
                                     struct atl_error *err);

// An empty file of mode 0600 where nothing was; a folder written out.
ATL_MUST_USE atl_code atl_db_make_empty(const char *path, struct atl_error *err);
ATL_MUST_USE atl_code atl_db_sync_folder(const char *path, struct atl_error *err);

// --- check.c ---

// Whether the checksum in sum_column covers the columns from first on.
bool atl_db_row_is_whole(sqlite3_stmt *stmt, int first, int sum_column);
// A copy is made beside its place, verified, and then takes it.
ATL_MUST_USE atl_code atl_db_copy_verified(struct atl_store *store, const char *path,
                                           struct atl_error *err);
// Structure, rows and chain of a store that nobody has open.
ATL_MUST_USE atl_code atl_db_verify_all(const char *path, struct atl_error *err);

// --- events.c ---

void atl_event_hash(const struct atl_event *event, uint8_t out[ATL_HASH_BYTES]);
void atl_event_fields(struct atl_sql *sql, struct atl_event *event);
extern const char *const atl_event_columns;

ATL_MUST_USE atl_code atl_db_find_salt(struct atl_store *store, const char *order_id,
                                       uint8_t salt[ATL_DIGEST_BYTES], struct atl_error *err);

// The event of a change of a piece.
ATL_MUST_USE atl_code atl_events_add_piece(struct atl_store *store, const struct atl_piece *piece,
                                           struct atl_event *event, const struct atl_by *by,
                                           struct atl_error *err);

// --- orders.c, pieces.c, jobs.c ---

void atl_order_fields(struct atl_sql *sql, struct atl_order *order);
// What a sale and the order of it share: from uuid to contact.
void atl_sale_fields(struct atl_sql *sql, struct atl_transaction *txn, struct atl_order_wish *wish);
ATL_MUST_USE atl_code atl_orders_write(struct atl_store *store, struct atl_order *order,
                                       struct atl_error *err);
ATL_MUST_USE atl_code atl_orders_revoke_links(struct atl_store *store,
                                              const struct atl_order *order, struct atl_error *err);
void atl_piece_fields(struct atl_sql *sql, struct atl_piece *piece);
ATL_MUST_USE atl_code atl_pieces_write(struct atl_store *store, struct atl_piece *piece,
                                       struct atl_error *err);
// Finds it inside a transaction. ATL_E_CONFLICT when it is another version (0: any).
ATL_MUST_USE atl_code atl_pieces_expect(struct atl_store *store, const char *piece_id,
                                        int32_t version, struct atl_piece *out,
                                        struct atl_error *err);
void atl_job_fields(struct atl_sql *sql, struct atl_job *job);
// The one row of a statement that reads jobs; ends the statement.
ATL_MUST_USE atl_code atl_job_row(struct atl_sql *sql, struct atl_job *out, struct atl_error *err);
ATL_MUST_USE atl_code atl_jobs_write(struct atl_store *store, struct atl_job *job,
                                     struct atl_error *err);

// Finds it inside a transaction.
ATL_MUST_USE atl_code atl_jobs_expect(struct atl_store *store, int64_t id, struct atl_job *out,
                                      struct atl_error *err);
// Words for `why` and `evidence`, cut where they are too long.
void atl_job_say(char out[ATL_NOTE_SIZE], const char *words);

#endif
