// SPDX-License-Identifier: Apache-2.0
// Files: read whole, written beside their place and put there when all is well, listed by their
// end.
#ifndef ATL_SEW_FILES_H
#define ATL_SEW_FILES_H

#include "plugin/core/buf.h"

#include <limits.h>

// `out` is initialised here, with the limit; the caller frees it in any case.
ATL_MUST_USE atl_code sew_file_read(const char *path, size_t most, struct atl_buf *out,
                                    struct atl_error *err);

// A file that is written but not yet in its place.
struct sew_staged {
    char path[PATH_MAX];
    char beside[PATH_MAX]; // "" when nothing is there
    bool may_replace;
};

// ATL_E_CONFLICT: the file exists and may not be replaced.
ATL_MUST_USE atl_code sew_file_free(const char *path, bool may_replace, struct atl_error *err);

// Written and on the disk. *out is ended with sew_file_put() or sew_file_drop().
ATL_MUST_USE atl_code sew_file_stage(const char *path, bool may_replace,
                                     const struct atl_buf *bytes, struct sew_staged *out,
                                     struct atl_error *err);
// In its place in one step. ATL_E_CONFLICT: somebody was faster.
ATL_MUST_USE atl_code sew_file_put(struct sew_staged *staged, struct atl_error *err);
void sew_file_drop(struct sew_staged *staged); // zeroed or put: nothing happens

// What stands behind the last '/'.
const char *sew_file_name(const char *path);
// Whether the name ends so; case does not matter.
bool sew_file_ends(const char *path, const char *end);
// Letters, digits, - and _ only: a name that cannot leave its folder.
bool sew_is_plain(const char *name);

enum { SEW_LIST_MAX = 64 };
struct sew_list {
    char names[SEW_LIST_MAX][64]; // without the end, sorted
    size_t count;
};
// Files of data/folder that end so.
ATL_MUST_USE atl_code sew_file_list(const char *data, const char *folder, const char *end,
                                    struct sew_list *out, struct atl_error *err);
// The names, divided by commas, as far as there is room.
void sew_list_say(const struct sew_list *list, char *out, size_t size);

#endif
