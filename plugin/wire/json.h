// SPDX-License-Identifier: Apache-2.0
// JSON, strictly: read into plain structs by tables of rows, written by calls in order.
//
// Reading is stricter than JSON asks for, because a person's typing error or a stranger's trick
// is better met at the door: at most 16 levels, a limit of bytes, no key twice in an object, no
// text after the end, no invalid UTF-8, no \u0000, no lone surrogate. Numbers are whole.
//
// A reader collects faults instead of stopping at the first, so that whoever edits a file sees
// all of them. Getters give 0, NULL or false after a fault and go on; ask atl_json_check() once,
// at the end. Each fault says file, path, and what would be right:
//     catalogue.json: products[2].fields[0].max: must be a whole number 1..64
//
// [one-thread] a document or reader; nothing here is shared.
#ifndef ATL_WIRE_JSON_H
#define ATL_WIRE_JSON_H

#include "plugin/core/arena.h"
#include "plugin/core/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ATL_JSON_DEPTH_MAX = 16,
    ATL_JSON_KEYS_MAX = 256,           // in one object
    ATL_JSON_LIMIT_BYTES = 256 * 1024, // the usual limit of a document
    ATL_JSON_PATH_MAX_BYTES = 128,
};

struct atl_json;       // a document
struct atl_json_value; // something in it; lives as long as the document

// Parses len bytes; more than limit are refused unread. name (a file, "POST /v1/events") stands
// in errors, which say line and column. *out is the caller's: atl_json_free().
ATL_MUST_USE atl_code atl_json_parse(const char *name, const void *bytes, size_t len, size_t limit,
                                     struct atl_json **out, struct atl_error *err);
void atl_json_free(struct atl_json *json); // NULL is allowed

// The grammar alone, without building anything: what atl_json_parse() does first.
ATL_MUST_USE atl_code atl_json_scan(const char *name, const void *bytes, size_t len,
                                    struct atl_error *err);

// ---- Reading ----

struct atl_json_reader {
    const char *name;        // borrowed
    struct atl_arena *arena; // texts are copied into it; NULL: they are the document's
    bool is_tolerant;        // keys that no row names are let pass
    struct atl_buf *report;  // every fault, a line each; NULL: only the first is kept
    struct atl_error first;
    unsigned fault_count;
};

// A place in a document. It knows its way up, so it must not outlive the place it was found in.
struct atl_json_at {
    const struct atl_json_at *up;       // NULL at the root
    const struct atl_json_value *value; // NULL: there is nothing at this place
    const char *key;                    // its name in an object; NULL: it is an element
    size_t index;                       // of an element
};

enum atl_json_type {
    ATL_JSON_TEXT,  // const char *; min..max bytes
    ATL_JSON_INT32, // int32_t; min..max
    ATL_JSON_INT64, // int64_t; min..max, at most 2^53 either way
    ATL_JSON_BOOL,  // bool
    ATL_JSON_NAME,  // int (or an enum): the index of the text in names
    ATL_JSON_RGB,   // uint32_t: "#1B2A49"
    ATL_JSON_TIME,  // int64_t ms: RFC 3339 with offset or Z
    ATL_JSON_ITEM,  // const struct atl_json_value *: an object or a list, read afterwards
    ATL_JSON_NONE,  // nothing is written: the key is known, and is read by atl_json_find()
};

// One key of an object and where its value goes. What is absent, or null and not required, leaves
// the target as it was: put presets there before reading.
struct atl_json_row {
    const char *key;
    enum atl_json_type type;
    bool is_required;
    int64_t min;
    int64_t max;
    size_t offset;            // of the target in the struct
    const char *const *names; // ATL_JSON_NAME: ends with NULL; a NULL-free index is the value
};

// Rows of a table, one a line. The key is the member's name; _AS gives it another. ATL_JSON_KEY is
// a key that is read by other means.
#define ATL_JSON_ROW(key, need, type, member, kind, min, max, names)                               \
    {                                                                                              \
        key, ATL_JSON_##kind, need, min, max, offsetof(type, member), names                        \
    }
#define ATL_JSON_NEED(type, member, kind, min, max)                                                \
    ATL_JSON_ROW(#member, true, type, member, kind, min, max, NULL)
#define ATL_JSON_MAY(type, member, kind, min, max)                                                 \
    ATL_JSON_ROW(#member, false, type, member, kind, min, max, NULL)
#define ATL_JSON_NEED_AS(key, type, member, kind, min, max)                                        \
    ATL_JSON_ROW(key, true, type, member, kind, min, max, NULL)
#define ATL_JSON_MAY_AS(key, type, member, kind, min, max)                                         \
    ATL_JSON_ROW(key, false, type, member, kind, min, max, NULL)
#define ATL_JSON_NEED_NAME(type, member, names)                                                    \
    ATL_JSON_ROW(#member, true, type, member, NAME, 0, 0, names)
#define ATL_JSON_MAY_NAME(type, member, names)                                                     \
    ATL_JSON_ROW(#member, false, type, member, NAME, 0, 0, names)
#define ATL_JSON_KEY(key, need)                                                                    \
    {                                                                                              \
        key, ATL_JSON_NONE, need, 0, 0, 0, NULL                                                    \
    }

// A table and its length, for atl_json_read().
#define ATL_ROWS(rows) (rows), sizeof(rows) / sizeof(rows)[0]

struct atl_json_at atl_json_root(const struct atl_json *json);

// Reads an object by its rows into the struct at `out`. Keys of no row are faults, with the
// nearest key that is one, unless the reader is tolerant.
void atl_json_read(struct atl_json_reader *reader, const struct atl_json_at *at,
                   const struct atl_json_row *rows, size_t row_count, void *out);

// The place of a key in the object; its value is NULL when it is absent or null.
struct atl_json_at atl_json_find(const struct atl_json_at *at, const char *key);

// Steps through a list, or through the members of an object: *item begins zeroed with
// item->up = the list. False after the last, and at once when `list` has no value.
bool atl_json_next(const struct atl_json_at *list, struct atl_json_at *item);

// How many elements; a fault when it is no list, or not min..max long. Absent counts as 0.
size_t atl_json_count(struct atl_json_reader *reader, const struct atl_json_at *list, size_t min,
                      size_t max);

bool atl_json_is_object(const struct atl_json_at *at);
bool atl_json_is_list(const struct atl_json_at *at);
bool atl_json_is_text(const struct atl_json_at *at);

// The value at this place; a fault and NULL, 0 or false when it is of another type or out of range.
const char *atl_json_text(struct atl_json_reader *reader, const struct atl_json_at *at, size_t min,
                          size_t max);
int64_t atl_json_int(struct atl_json_reader *reader, const struct atl_json_at *at, int64_t min,
                     int64_t max);

bool atl_json_bool(struct atl_json_reader *reader, const struct atl_json_at *at);

// "products[2].fields[0].max"; cut in front when longer than size.
void atl_json_path(const struct atl_json_at *at, char *out, size_t size);

// Notes a fault at this place: what must be, and what would be right.
void atl_json_fault(struct atl_json_reader *reader, const struct atl_json_at *at, const char *fmt,
                    ...) ATL_PRINTF(3, 4);

// ATL_OK, or ATL_E_INVALID with the first fault (and how many more there are).
ATL_MUST_USE atl_code atl_json_check(const struct atl_json_reader *reader, struct atl_error *err);

// The value as compact JSON again, to hand it on. Cannot fail but by the buffer.
void atl_json_print(const struct atl_json_value *value, struct atl_buf *out);

// ---- Writing ----
//
// Appends to a buffer; commas by itself, keys in the order of the calls, no spaces. It is total:
// bytes that are not UTF-8 become U+FFFD. Misuse (a value without key in an object) asserts.

struct atl_json_writer {
    struct atl_buf *out;
    unsigned depth;
    uint32_t has_items; // bit n: something stands already at depth n
    bool after_key;
};

void atl_json_writer_init(struct atl_json_writer *writer, struct atl_buf *out);
void atl_json_open(struct atl_json_writer *writer, char bracket); // '{' or '['
void atl_json_shut(struct atl_json_writer *writer, char bracket); // '}' or ']'
void atl_json_key(struct atl_json_writer *writer, const char *key);
void atl_json_put_text(struct atl_json_writer *writer, const char *text); // NULL: null
void atl_json_put_int(struct atl_json_writer *writer, int64_t number);
void atl_json_put_bool(struct atl_json_writer *writer, bool value);
void atl_json_put_null(struct atl_json_writer *writer);
void atl_json_put_time(struct atl_json_writer *writer, int64_t ms); // RFC 3339, UTC, with ms
// Text that is JSON already; it must be valid, and is not looked at.
void atl_json_put_raw(struct atl_json_writer *writer, const char *json, size_t len);

// key and value in one call.
void atl_json_text_of(struct atl_json_writer *writer, const char *key, const char *text);
void atl_json_int_of(struct atl_json_writer *writer, const char *key, int64_t number);
void atl_json_bool_of(struct atl_json_writer *writer, const char *key, bool value);
void atl_json_time_of(struct atl_json_writer *writer, const char *key, int64_t ms);

#endif
