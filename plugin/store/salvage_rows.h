// SPDX-License-Identifier: Apache-2.0
// Inside the store only: salvage of one table.
#ifndef ATL_STORE_SALVAGE_ROWS_H
#define ATL_STORE_SALVAGE_ROWS_H

#include "plugin/store/db.h"
#include "plugin/store/salvage.h"

// Copies what is whole into the open transaction of `to`. Damage is counted and is no error.
ATL_MUST_USE atl_code atl_salvage_table(sqlite3 *from, struct atl_store *to,
                                        const struct atl_table *table,
                                        struct atl_salvage_count *count, struct atl_error *err);

#endif
