// SPDX-License-Identifier: Apache-2.0
// The shipped catalogue for tests: as it is, or with a change in one of its files.
#ifndef ATL_TESTS_SUPPORT_CATALOGUE_OPEN_H
#define ATL_TESTS_SUPPORT_CATALOGUE_OPEN_H

#include "plugin/wire/catalogue_json.h"

// A change: in that file, the first `find` becomes `replace`. file NULL: no change.
struct catalogue_change {
    const char *file;
    const char *find;
    const char *replace;
};

// Loads ATL_SOURCE_DIR/catalogue with the change. Fails the test when `find` is not in the file.
atl_code catalogue_open_changed(const struct catalogue_change *change, struct atl_catalogue *out,
                                struct atl_buf *report, struct atl_error *err);

// All products sellable, no change; fails the test when it does not load.
void catalogue_open(struct atl_catalogue *out);

#endif
