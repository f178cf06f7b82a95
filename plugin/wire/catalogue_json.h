// SPDX-License-Identifier: Apache-2.0
// The shop's catalogue from its folder: catalogue.json, and the fonts' facts and word lists that
// it names. catalogue/README.md tells those who edit it what each key means.
//
// Reading files is left to a function of the caller's, so that a test or a sandboxed process may
// hand in anything. Every fault names file, path and cause.
#ifndef ATL_WIRE_CATALOGUE_JSON_H
#define ATL_WIRE_CATALOGUE_JSON_H

#include "plugin/core/buf.h"
#include "plugin/core/catalogue.h"

// Appends the file's bytes to out, whose limit is set. `path` is relative to the catalogue's
// folder, and was found harmless: no "..", no leading "/".
typedef atl_code atl_catalogue_file_fn(void *ctx, const char *path, struct atl_buf *out,
                                       struct atl_error *err);

struct atl_catalogue_source {
    atl_catalogue_file_fn *read;
    void *ctx;
    // Whether a picture is there; NULL: not asked. Its content is not looked at.
    bool (*has)(void *ctx, const char *path);
};

// Loads "catalogue.json" and what it names. `report`, which may be NULL, takes every fault, a
// line each; err has the first. On failure *out is unchanged. On success it is the caller's:
// atl_catalogue_free().
ATL_MUST_USE atl_code atl_catalogue_load(const struct atl_catalogue_source *source,
                                         struct atl_catalogue *out, struct atl_buf *report,
                                         struct atl_error *err);

// The same from a folder of this machine.
ATL_MUST_USE atl_code atl_catalogue_load_folder(const char *folder, struct atl_catalogue *out,
                                                struct atl_buf *report, struct atl_error *err);

#endif
