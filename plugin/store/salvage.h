// SPDX-License-Identifier: Apache-2.0
// Salvage: what can still be read of a damaged store becomes a new one. Debian's SQLite has no
// .recover, so rows are read upwards, then downwards, then one by one, and each is kept only when
// its checksum is right.
#ifndef ATL_STORE_SALVAGE_H
#define ATL_STORE_SALVAGE_H

#include "plugin/core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ATL_SALVAGE_MAX_TABLES = 24 };

struct atl_salvage_count {
    char table[24];
    int64_t saved;
    int64_t damaged; // seen, and its checksum was wrong
    int64_t missing; // at least so many were there and could not be read; -1: cannot be told
};

struct atl_salvage_report {
    struct atl_salvage_count tables[ATL_SALVAGE_MAX_TABLES];
    size_t table_count;
    int64_t jobs_unknown; // were `sending`
    int64_t jobs_held;    // were queued: a person looks first whether they came out
    int64_t chain_gaps;   // places where events are missing
    int64_t orders_bare;  // pieces whose order was lost: it is there again, but knows only its code
    int64_t orders_short; // orders of which pieces were lost
    bool has_keys;        // false: the key of tag codes was lost; old tags are opened by hand
};

// damaged_path is only read, and should be a copy; nobody may have it open. new_path must not
// exist. The new store has a new epoch, and events in its chain say what happened; the setting
// ATL_STORE_TELL_ANEW asks sync to tell the cloud of all orders again. A file whose
// first page or schema is gone cannot be salvaged: ATL_E_CORRUPT, restore a backup.
ATL_MUST_USE atl_code atl_store_salvage(const char *damaged_path, const char *new_path,
                                        int64_t now_ms, struct atl_salvage_report *report,
                                        struct atl_error *err);

#endif
