// SPDX-License-Identifier: Apache-2.0
// Fields of a paper, out of JSON: texts, yes or no, lists, groups; a picture is the name of a PNG
// beside the file. A list of lines may be a list of texts.
#ifndef ATL_PRINT_FIELDS_H
#define ATL_PRINT_FIELDS_H

#include "plugin/render/data.h"
#include "plugin/render/template_fields.h"

enum { PRINT_IMAGES_MAX = 8 };

struct print_fields {
    struct atl_data data;
    struct atl_bitmap images[PRINT_IMAGES_MAX]; // what the data point to
    size_t image_count;
    char language[16]; // as the data say; "" when they do not
};

// `path` is the JSON, "-" for standard input; fields are those of the kind, and every fault names
// file and place. *out is the caller's: print_fields_free(), on success only. Do not move it.
ATL_MUST_USE atl_code print_fields_read(const char *path, enum atl_template_kind kind,
                                        struct print_fields *out, struct atl_error *err);
void print_fields_free(struct print_fields *fields);

#endif
