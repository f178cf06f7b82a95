// SPDX-License-Identifier: Apache-2.0
// Files that are read and written whole.
#ifndef ATL_PRINT_FILES_H
#define ATL_PRINT_FILES_H

#include "plugin/core/buf.h"

// "-" is standard input. `out` is initialised with the limit.
ATL_MUST_USE atl_code print_file_read(const char *path, struct atl_buf *out, struct atl_error *err);

// Written beside and put in place at the end, so that there is never half a file. "-" is standard
// output.
ATL_MUST_USE atl_code print_file_write(const char *path, const struct atl_buf *bytes,
                                       struct atl_error *err);

#endif
