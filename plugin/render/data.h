// SPDX-License-Identifier: Apache-2.0
// What a paper says, before anybody knows how it looks: a tree of named fields, handed to a
// template. template_fields.h is the list of the names that exist.
//
//     struct atl_data data;
//     atl_data_init(&data);
//     atl_data_text(data.root, "order_code", "K7F-2A1");
//     struct atl_data_group *piece = atl_data_item(data.root, "pieces");
//     atl_data_text(piece, "text", "L'été d'Élodie");
//     rc = atl_data_check(&data, err);
//     …
//     atl_data_free(&data);
//
// Texts are copied and may hold anything at all: a value is data and never becomes syntax. A
// failure is sticky, like that of a buffer: a group that could not be made is NULL, setting fields
// of NULL does nothing, and atl_data_check() says so once, at the end. [one-thread]
#ifndef ATL_RENDER_DATA_H
#define ATL_RENDER_DATA_H

#include "plugin/core/arena.h"
#include "plugin/render/page.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    ATL_DATA_LIMIT_BYTES = 1024 * 1024, // the whole tree; a ticket of 60 pieces takes 120 KiB
    ATL_DATA_TEXT_MAX_BYTES = 4096,     // one value; a longer one fails the tree, never cut short
    ATL_DATA_ITEMS_MAX = 500,           // elements of one list
};

enum atl_data_type {
    ATL_DATA_TEXT = 1,
    ATL_DATA_FLAG,
    ATL_DATA_IMAGE,
    ATL_DATA_GROUP, // named fields inside: {{shop.name}}
    ATL_DATA_LIST,  // any number of groups: {{#pieces}}…{{/pieces}}
};

struct atl_data_group;

struct atl_data_field {
    const char *name;
    enum atl_data_type type;
    const char *text;               // TEXT, never NULL
    bool flag;                      // FLAG
    const struct atl_bitmap *image; // IMAGE; NULL: there is none
    struct atl_data_group *first;   // GROUP: the group; LIST: the first element or NULL
    struct atl_data_group *last;    // LIST
    size_t count;                   // LIST
    struct atl_data_field *next;    // in the same group
};

// The whole tree, a group in it, or one element of a list.
struct atl_data_group {
    struct atl_data *data;
    struct atl_data_field *fields; // in the order in which they were set
    struct atl_data_field *last_field;
    struct atl_data_group *next; // the next element of the same list
};

// Do not move it in memory after init.
struct atl_data {
    struct atl_arena arena; // owns all of it, but for the images
    struct atl_data_group *root;
    char fault[128]; // "" or the first misuse, for atl_data_check()
};

void atl_data_init(struct atl_data *data);
void atl_data_free(struct atl_data *data); // safe on a freed or zeroed one

// Setting a name again replaces it; with another type it is a fault. `value` NULL is "".
void atl_data_text(struct atl_data_group *group, const char *name, const char *value);
void atl_data_textf(struct atl_data_group *group, const char *name, const char *fmt, ...)
    ATL_PRINTF(3, 4);
void atl_data_flag(struct atl_data_group *group, const char *name, bool value);

// The image is borrowed until atl_data_free(); pages made from it hold a copy. NULL: no image.
void atl_data_image(struct atl_data_group *group, const char *name, const struct atl_bitmap *image);

// The group of that name, made when it is not there. NULL after a failure.
struct atl_data_group *atl_data_group(struct atl_data_group *group, const char *name);

// A new element at the end of the list of that name. NULL after a failure.
struct atl_data_group *atl_data_item(struct atl_data_group *group, const char *name);

// ATL_OK; ATL_E_INVALID: a name was used for two types, a value or list was too long; ATL_E_NOMEM.
ATL_MUST_USE atl_code atl_data_check(const struct atl_data *data, struct atl_error *err);

// The field of that name, or NULL. `name` need not end with a NUL.
const struct atl_data_field *atl_data_find(const struct atl_data_group *group, const char *name,
                                           size_t len);

// What {{#field}} asks: a text that is not empty, a flag that is set, an image that is there, a
// group, a list that is not empty. false for NULL.
bool atl_data_is_true(const struct atl_data_field *field);

#endif
