// SPDX-License-Identifier: Apache-2.0
// The store: one SQLite file, the only durable state of a shop. Several single-threaded processes
// open it at once (serve, lanes, sync, commands); each has one connection, made after any fork.
//
// Transactions. Functions that write say "[in a transaction]": they belong between
// atl_store_begin() and atl_store_commit(), so that a use-case puts several together and all of
// it happens or none; outside one they return ATL_E_INVALID. Where it says "[own transaction]"
// the function makes one for itself, and joins one that is open. Reading needs none. When
// commit returns ATL_OK, a power cut cannot take it back.
//
// After a failed write the transaction is spent: call atl_store_rollback(). ATL_E_BUSY comes from
// begin only, before the first row was written. ATL_E_FULL: nothing was done, and the ballast
// was given up, so that one repetition may work. ATL_E_CORRUPT names the row.
//
// Rows of orders, pieces, answers and jobs carry a checksum, which every read checks.
#ifndef ATL_STORE_STORE_H
#define ATL_STORE_STORE_H

#include "plugin/core/error.h"
#include "plugin/core/order.h"

#include <stdbool.h>
#include <stddef.h>

struct atl_store;

enum atl_store_mode {
    ATL_STORE_SERVE = 1,  // waits at most 150 ms for the lock
    ATL_STORE_WORKER = 2, // all others: waits at most 5 s; <= 2 ms and 50 rows a transaction
    ATL_STORE_READER = 3, // cannot write; commands that only look
};

enum {
    ATL_STORE_BALLAST_BYTES = 32 << 20,
    ATL_STORE_EPOCH_SIZE = 17, // 16 hex digits and NUL
};
#define ATL_STORE_WARN_BYTES (500ll * 1000 * 1000) // less free: people are told
#define ATL_STORE_STOP_BYTES (200ll * 1000 * 1000) // less free: only orders are written

// Makes a new store, its epoch, its keys and its ballast; mode 0600. ATL_E_CONFLICT when there is
// one, or when there was one before: PATH.epoch remains when a file is lost, so that an empty
// second store never takes its place. Then restore a backup, or salvage.
ATL_MUST_USE atl_code atl_store_create(const char *path, struct atl_error *err);

// Opens an existing store; *out is the caller's to close. ATL_E_NOT_FOUND: there is none.
// ATL_E_UNSUPPORTED: written by a newer version, or older: then migrate first.
ATL_MUST_USE atl_code atl_store_open(const char *path, enum atl_store_mode mode,
                                     struct atl_store **out, struct atl_error *err);

// An open transaction is rolled back. NULL is fine.
void atl_store_close(struct atl_store *store);

// Brings an older store to this version: a backup to backup_path first, then one transaction a
// step. ATL_E_CONFLICT while a job is `sending`. *steps, which may be NULL: how many were needed;
// with 0 no backup was made. Nobody else may have the store open.
ATL_MUST_USE atl_code atl_store_migrate(const char *path, const char *backup_path, int *steps,
                                        struct atl_error *err);

// BEGIN IMMEDIATE. ATL_E_BUSY: somebody else writes; nothing was done. ATL_E_CORRUPT: the file
// was taken away or replaced under us. Transactions do not nest: ATL_E_INVALID.
ATL_MUST_USE atl_code atl_store_begin(struct atl_store *store, struct atl_error *err);

// Durable on ATL_OK. On failure everything was rolled back.
ATL_MUST_USE atl_code atl_store_commit(struct atl_store *store, struct atl_error *err);

// Without an open transaction it does nothing, so it may stand at `out:`.
void atl_store_rollback(struct atl_store *store);

bool atl_store_in_transaction(const struct atl_store *store);

// 16 hex digits, made with the file and anew by salvage; lives as long as the store. It is part
// of the shop's name in the cloud.
const char *atl_store_epoch(const struct atl_store *store);

// Secrets made with the file; live as long as the store.
const uint8_t *atl_store_tag_key(const struct atl_store *store); // 32 bytes, MAC of tag codes

// Settings that processes share: the workshop's lever, the last profile sent. name <= 64 bytes,
// value < 8 KiB. [in a transaction]
ATL_MUST_USE atl_code atl_store_setting_put(struct atl_store *store, const char *name,
                                            const char *value, struct atl_error *err);

// ATL_E_NOT_FOUND when it was never put; ATL_E_NOMEM when it does not fit into size.
ATL_MUST_USE atl_code atl_store_setting_get(struct atl_store *store, const char *name, char *value,
                                            size_t size, struct atl_error *err);

// Where telling the cloud anew has come to, after a salvage: "0" is the beginning, "" the end.
#define ATL_STORE_TELL_ANEW "tell anew"

// A new number of a named sequence, 1, 2, …: proofs, slips. [in a transaction]
ATL_MUST_USE atl_code atl_store_next_number(struct atl_store *store, const char *name,
                                            int64_t *number, struct atl_error *err);

// A new ULID of that time.
ATL_MUST_USE atl_code atl_store_new_id(int64_t now_ms, char id[ATL_ORDER_ID_SIZE],
                                       struct atl_error *err);

// Random bytes of the kernel, for tokens, codes, PINs and salts.
ATL_MUST_USE atl_code atl_store_random(void *bytes, size_t len, struct atl_error *err);

struct atl_store_space {
    int64_t free_bytes;
    int64_t wal_bytes;
    bool has_ballast;
    bool is_low;     // below ATL_STORE_WARN_BYTES: tell people
    bool is_stopped; // below ATL_STORE_STOP_BYTES: write nothing but orders
};

ATL_MUST_USE atl_code atl_store_space(struct atl_store *store, struct atl_store_space *out,
                                      struct atl_error *err);

// Makes the ballast again when it was given up and there is room for it. Upkeep of sync.
ATL_MUST_USE atl_code atl_store_ballast_keep(struct atl_store *store, struct atl_error *err);

// Only sync calls this, and who has just erased something. truncate false: PASSIVE, disturbs nobody; true: TRUNCATE, when idle; it
// is no error when others are in the way. *wal_bytes, which may be NULL: what is left.
ATL_MUST_USE atl_code atl_store_checkpoint(struct atl_store *store, bool truncate,
                                           int64_t *wal_bytes, struct atl_error *err);

// A whole copy, made without stopping anybody and verified (structure, checksums, chain). An
// existing file is not overwritten: ATL_E_CONFLICT. A half-made copy is removed.
ATL_MUST_USE atl_code atl_store_backup(struct atl_store *store, const char *path,
                                       struct atl_error *err);

// Looks at the structure of the file, at most for about budget_ms (0: to the end). ATL_E_CORRUPT
// with SQLite's first complaint; ATL_E_TIMEOUT when the time was not enough and nothing was found.
ATL_MUST_USE atl_code atl_store_quick_check(struct atl_store *store, int64_t budget_ms,
                                            struct atl_error *err);

// Reads every order, piece, answer and job and checks its row. *bad counts the damaged rows; the
// first one is named in err, and the code is then ATL_E_CORRUPT.
ATL_MUST_USE atl_code atl_store_verify_rows(struct atl_store *store, int64_t *bad,
                                            struct atl_error *err);

#endif
