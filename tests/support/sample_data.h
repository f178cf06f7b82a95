// SPDX-License-Identifier: Apache-2.0
// Fields of papers as a shop would fill them, for tests of templates, layout and drivers.
#ifndef ATL_TESTS_SUPPORT_SAMPLE_DATA_H
#define ATL_TESTS_SUPPORT_SAMPLE_DATA_H

#include "plugin/render/data.h"
#include "plugin/render/template_fields.h"

enum sample_data_case {
    SAMPLE_PLAIN, // one piece, nothing special
    SAMPLE_FULL,  // three pieces; every field is set, every flag is on
};

// Initialises *data, which is the caller's to free. language: "en", "fr", "ja".
void sample_data(struct atl_data *data, enum atl_template_kind kind, const char *language,
                 enum sample_data_case which);

// Every text of the table is `value`, every list has `items` elements, every flag is on.
void sample_data_all(struct atl_data *data, enum atl_template_kind kind, const char *value,
                     size_t items);

// A small picture: a frame with a cross, static.
const struct atl_bitmap *sample_bitmap(void);

#endif
