// SPDX-License-Identifier: Apache-2.0
// The fields that exist: what a template may name, and what the maker of the data has to give.
// One table, in template_fields.c; printer-templates/README.md says the same for people.
#ifndef ATL_RENDER_TEMPLATE_FIELDS_H
#define ATL_RENDER_TEMPLATE_FIELDS_H

#include "plugin/render/data.h"

#include <stdint.h>

// What a paper is. Stored and configured by name, so the numbers may change.
enum atl_template_kind {
    ATL_TEMPLATE_CLAIM, // the guest's ticket
    ATL_TEMPLATE_GIFT,  // the receiver's: no price, no text, no PIN
    ATL_TEMPLATE_TAG,   // travels with the piece in the workshop
    ATL_TEMPLATE_BAG,   // on the finished bag; blind for a gift
    ATL_TEMPLATE_CODES, // on the wall: what stations, acts and places are scanned by
    ATL_TEMPLATE_ROLL,  // tags printed before there is a piece, to be bound to one by a scan
    ATL_TEMPLATE_SEATS, // who comes to a session
    ATL_TEMPLATE_RUN,   // pieces that are sewn one after the other
    ATL_TEMPLATE_KIND_COUNT,
};

struct atl_template_field {
    uint16_t kinds;   // bits: 1 << enum atl_template_kind
    bool is_required; // atl_template_page() refuses data without it, or with an empty text
    enum atl_data_type type;
    const char *path; // "pieces.text": a field of the elements of `pieces`
    const char *help; // what it says, for people
};

const char *atl_template_kind_name(enum atl_template_kind kind);            // "claim"; never NULL
bool atl_template_kind_find(const char *name, enum atl_template_kind *out); // unchanged when false

// All rows, for those who document them.
const struct atl_template_field *atl_template_fields(size_t *count);

// The field `name` inside `parent` ("" is the top; "pieces"), or NULL. Lengths in bytes.
const struct atl_template_field *atl_template_field_find(enum atl_template_kind kind,
                                                         const char *parent, size_t parent_len,
                                                         const char *name, size_t name_len);

// The name inside `parent` that is most like the given one, for "did you mean"; NULL: none is.
const char *atl_template_field_near(enum atl_template_kind kind, const char *parent,
                                    size_t parent_len, const char *name, size_t name_len);

// Every field that was set exists with that type, and every required one is there.
// ATL_E_INVALID: "claim: the field pieces.txt does not exist; did you mean text?"
ATL_MUST_USE atl_code atl_template_fields_check(enum atl_template_kind kind,
                                                const struct atl_data *data, struct atl_error *err);

#endif
