// SPDX-License-Identifier: Apache-2.0
// A catalogue being loaded, shared by catalogue_*.c and by nobody else.
#ifndef ATL_WIRE_CATALOGUE_LOAD_H
#define ATL_WIRE_CATALOGUE_LOAD_H

#include "plugin/core/catalogue.h"
#include "plugin/wire/catalogue_json.h"
#include "plugin/wire/json.h"

// One reader for all files: its name is the file that is read now. Everything kept belongs to the
// catalogue's arena.
struct atl_loading {
    const struct atl_catalogue_source *source;
    struct atl_catalogue *catalogue;
    struct atl_json_reader reader;
};

// {"en": …, "fr": …}: each language of the catalogue must be there, and none other.
void atl_load_local(struct atl_loading *loading, const struct atl_json_at *at, const char *key,
                    bool is_required, struct atl_local *out);

// A stable name: letters, digits, . _ - and at most 40 of them. A fault otherwise.
void atl_load_check_name(struct atl_loading *loading, const struct atl_json_at *at,
                         const char *name);

// A picture that is named must be there. path NULL is fine.
void atl_load_check_image(struct atl_loading *loading, const struct atl_json_at *at,
                          const char *path);

// The fields of a product: its "form".
void atl_load_fields(struct atl_loading *loading, const struct atl_json_at *list,
                     struct atl_product *product);

// One product from the root of its file, with its cross checks.
void atl_load_product(struct atl_loading *loading, const struct atl_json_at *at,
                      struct atl_product *product);

#endif
